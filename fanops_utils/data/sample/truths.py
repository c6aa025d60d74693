"""All that is planted, by world, and how it is written down beside the files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fanops_utils.data.sample.people.buying import ShopTruth
from fanops_utils.data.sample.people.population import PeopleTruth
from fanops_utils.data.sample.period import FIRST_DAY, LAST_DAY
from fanops_utils.data.sample.trials.truths import TRIALS, Trial
from fanops_utils.data.sample.worlds.channels.daily import DailyTruth
from fanops_utils.data.sample.worlds.channels.followers import FollowersTruth
from fanops_utils.data.sample.worlds.channels.live import LiveTruth
from fanops_utils.data.sample.worlds.channels.markets import MarketsTruth
from fanops_utils.data.sample.worlds.channels.posts import ContentTruth, PostTruth
from fanops_utils.data.sample.worlds.channels.web import WebTruth
from fanops_utils.data.sample.worlds.commerce.budget import BudgetTruth
from fanops_utils.data.sample.worlds.commerce.loyalty import LoyaltyTruth
from fanops_utils.data.sample.worlds.commerce.programme import ProgrammeTruth
from fanops_utils.data.sample.worlds.commerce.promotion import PromotionTruth
from fanops_utils.data.sample.worlds.commerce.subscriptions import SubscriptionTruth
from fanops_utils.data.sample.worlds.commerce.survey import SurveyTruth
from fanops_utils.data.sample.worlds.members.advocates import AdvocateTruth
from fanops_utils.data.sample.worlds.members.club import ClubTruth
from fanops_utils.data.sample.worlds.members.satisfaction import SatisfactionTruth
from fanops_utils.data.sample.worlds.members.talk import TalkTruth
from fanops_utils.data.sample.worlds.outside.crisis import CrisisTruth
from fanops_utils.data.sample.worlds.outside.listening import ListeningTruth
from fanops_utils.data.sample.worlds.outside.rivals import RivalsTruth
from fanops_utils.data.sample.worlds.outside.voices import VoiceTruth
from fanops_utils.workspace import Workspace


@dataclass(frozen=True)
class Truths:
    """What is planted, by world; a test that wants another world hands in another one."""

    people: PeopleTruth = field(default_factory=PeopleTruth)
    shop: ShopTruth = field(default_factory=ShopTruth)
    club: ClubTruth = field(default_factory=ClubTruth)
    advocates: AdvocateTruth = field(default_factory=AdvocateTruth)
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
    markets: MarketsTruth = field(default_factory=MarketsTruth)
    daily: DailyTruth = field(default_factory=DailyTruth)
    posts: PostTruth = field(default_factory=PostTruth)
    promotion: PromotionTruth = field(default_factory=PromotionTruth)
    listening: ListeningTruth = field(default_factory=ListeningTruth)
    web: WebTruth = field(default_factory=WebTruth)
    voices: VoiceTruth = field(default_factory=VoiceTruth)
    survey: SurveyTruth = field(default_factory=SurveyTruth)
    trials: dict[str, Trial] = field(default_factory=lambda: dict(TRIALS))


def planted(workspace: Workspace, truths: Truths) -> dict[str, Any]:
    """Return all of *truths* as plain data, with the days on which each campaign ran.

    What describes the brand itself stands by name at the top, the further worlds under `worlds`.
    """
    live = {name: campaign.live.model_dump(mode="json") for name, campaign in workspace.campaigns.items()}
    every = asdict(truths)
    lifts = every["daily"]["campaign_lifts"]
    brand = {
        "period": {"start": FIRST_DAY.isoformat(), "end": LAST_DAY.isoformat()},
        "markets": {code: asdict(truths.markets.of(code)) for code in workspace.markets},
        "campaigns": {name: {"live": live.get(name), **lift} for name, lift in lifts.items()},
        "campaign_ramp_days": truths.daily.campaign_ramp_days,
        "experiments": every["trials"],
        **{name: every[name] for name in ("daily", "promotion", "posts", "listening", "web", "voices", "survey")},
    }
    return {**brand, "worlds": {name: one for name, one in every.items() if name not in {*brand, "trials"}}}
