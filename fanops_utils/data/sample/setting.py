"""One making of the sample: workspace, seed, scale and truths; what several worlds need of it is made once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import stream
from fanops_utils.data.sample.people.buying import purchases
from fanops_utils.data.sample.people.population import People, population
from fanops_utils.data.sample.people.shop import CODES, Sales, sell
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.channels.markets import MarketTruth
from fanops_utils.data.sample.worlds.commerce.programme import partner_codes
from fanops_utils.data.sample.worlds.members import acts
from fanops_utils.workspace import Workspace


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

    def market(self, code: str) -> MarketTruth:
        """Return what is planted of market *code*; raise WorkspaceError where the simulated brand has no such market."""
        return self.truths.markets.of(code)

    @cached_property
    def people(self) -> People:
        """The members of all markets."""
        return population(self)

    @cached_property
    def sales(self) -> Sales:
        """Orders, lines and coupons of the shop."""
        sold = sell(self, purchases(self))
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
