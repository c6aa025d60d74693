"""One making of the sample: workspace, seed, scale and truths; what several worlds need of it is made once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from fanops_utils.data.sample.buying import ShopTruth, purchases
from fanops_utils.data.sample.draws import stream
from fanops_utils.data.sample.people import People, PeopleTruth, population
from fanops_utils.data.sample.posts import ContentTruth
from fanops_utils.data.sample.shop import CODES, Sales, sell
from fanops_utils.data.sample.worlds import acts
from fanops_utils.data.sample.worlds.budget import BudgetTruth
from fanops_utils.data.sample.worlds.club import ClubTruth
from fanops_utils.data.sample.worlds.crisis import CrisisTruth
from fanops_utils.data.sample.worlds.followers import FollowersTruth
from fanops_utils.data.sample.worlds.live import LiveTruth
from fanops_utils.data.sample.worlds.loyalty import LoyaltyTruth
from fanops_utils.data.sample.worlds.programme import ProgrammeTruth, partner_codes
from fanops_utils.data.sample.worlds.rivals import RivalsTruth
from fanops_utils.data.sample.worlds.satisfaction import SatisfactionTruth
from fanops_utils.data.sample.worlds.subscriptions import SubscriptionTruth
from fanops_utils.data.sample.worlds.talk import TalkTruth
from fanops_utils.workspace import Workspace


@dataclass(frozen=True)
class Truths:
    """What is planted, by world."""

    people: PeopleTruth = field(default_factory=PeopleTruth)
    shop: ShopTruth = field(default_factory=ShopTruth)
    club: ClubTruth = field(default_factory=ClubTruth)
    talk: TalkTruth = field(default_factory=TalkTruth)
    loyalty: LoyaltyTruth = field(default_factory=LoyaltyTruth)
    subscriptions: SubscriptionTruth = field(default_factory=SubscriptionTruth)
    satisfaction: SatisfactionTruth = field(default_factory=SatisfactionTruth)
    rivals: RivalsTruth = field(default_factory=RivalsTruth)
    content: ContentTruth = field(default_factory=ContentTruth)
    crisis: CrisisTruth = field(default_factory=CrisisTruth)
    budget: BudgetTruth = field(default_factory=BudgetTruth)
    followers: FollowersTruth = field(default_factory=FollowersTruth)
    live: LiveTruth = field(default_factory=LiveTruth)
    programme: ProgrammeTruth = field(default_factory=ProgrammeTruth)


@dataclass(frozen=True)
class Setting:
    """What every world is made from."""

    workspace: Workspace
    seed: int
    scale: float = 1.0
    truths: Truths = field(default_factory=Truths)

    def rng(self, name: str) -> np.random.Generator:
        """Return the generator of the part *name*."""
        return stream(self.seed, name)

    def zone(self, market: str) -> str:
        """Return the time zone of *market*."""
        return self.workspace.market(market).time_zone

    @cached_property
    def people(self) -> People:
        """The members of all markets."""
        return population(self.workspace, self.truths.people, seed=self.seed, scale=self.scale)

    @cached_property
    def sales(self) -> Sales:
        """Orders, lines and coupons of the shop."""
        both = (self.truths.people, self.truths.shop)
        bought = purchases(self.workspace, self.people, both, seed=self.seed, scale=self.scale)
        sold = sell(self.workspace, bought, seed=self.seed)
        orders = partner_codes(self.truths.programme, sold.orders, [code for code in CODES if code], seed=self.seed)
        return replace(sold, orders=orders)

    @cached_property
    def customer_of_person(self) -> pd.Series:
        """The number of the customer that a member is, by person."""
        orders = self.sales.orders
        return orders[orders["person"] >= 0].drop_duplicates("person").set_index("person")["customer"]

    @cached_property
    def events(self) -> pd.DataFrame:
        """What members did, by time."""
        return acts.events(self)
