"""The planted truths of markets, accounts, posts, campaigns and the site: parameters, and nothing but parameters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from fanops_utils.data.sample.trials.truths import TRIALS
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

FIRST_DAY, LAST_DAY = date(2024, 11, 1), date(2026, 10, 31)
EXPORTED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class MarketTruth:
    """One market: daily levels at the start, log growth per month, loadings on the two common factors, shares."""

    engagements: float
    reach: float
    activity_growth: float
    loadings: tuple[float, float]
    instagram_followers: int
    instagram_growth: float
    tiktok_followers: int
    tiktok_growth: float
    shop_share: float
    community_share: float
    mention_share: float
    share_of_voice: float


MARKETS: dict[str, MarketTruth] = {
    "US": MarketTruth(4200, 88_000, 0.006, (1.0, 0.9), 310_000, 0.012, 420_000, 0.028, 0.34, 0.30, 0.20, 0.24),
    "MX": MarketTruth(1300, 30_000, 0.008, (0.8, 1.3), 84_000, 0.018, 130_000, 0.040, 0.11, 0.13, 0.10, 0.21),
    "BR": MarketTruth(1900, 42_000, 0.009, (1.1, 1.1), 120_000, 0.022, 190_000, 0.045, 0.13, 0.17, 0.13, 0.31),
    "DE": MarketTruth(1500, 33_000, 0.004, (1.2, 0.7), 96_000, 0.008, 88_000, 0.020, 0.17, 0.14, 0.30, 0.35),
    "FR": MarketTruth(800, 19_000, 0.003, (0.7, 1.0), 31_000, 0.005, 45_000, 0.018, 0.10, 0.10, 0.09, 0.18),
    "JP": MarketTruth(2600, 55_000, 0.007, (1.3, 0.8), 180_000, 0.015, 240_000, 0.030, 0.15, 0.16, 0.18, 0.28),
}


@dataclass(frozen=True)
class DailyTruth:
    """How log daily activity moves besides its growth; the weekly season runs Monday to Sunday."""

    factor_sd: float = 0.02
    factor_persistence: float = 0.98
    noise_sd: float = 0.06
    noise_persistence: float = 0.5
    week: tuple[float, ...] = (-0.03, -0.05, -0.03, 0.0, 0.02, 0.06, 0.03)


CAMPAIGN_LIFTS: dict[str, dict[str, float]] = {  # factors on the treated market's Instagram days; others are 1
    "summer_giveaway_mx": {"engagements": 0.82, "reach": 1.0},
    "matcha_launch_jp": {"engagements": 1.12, "reach": 1.08},
    "spring_blend_br": {"engagements": 1.22, "reach": 1.15},
    "autumn_push_de": {"engagements": 1.0, "reach": 1.0},
    "winter_warmup_fr": {"engagements": 1.0, "reach": 1.0},  # still running on the last day
}
CAMPAIGN_RAMP_DAYS = 2


@dataclass(frozen=True)
class PostTruth:
    """Instagram posts: what format, hour and topic do; hours are local, factors multiply."""

    per_week: float = 4.0
    engagement_rate: float = 0.045
    reel_reach: float = 2.1
    reel_engagement_rate: float = 1.5
    best_hour: float = 12.5
    hour_amplitude: float = 0.25
    reach_noise_sd: float = 0.35
    rate_noise_sd: float = 0.10
    topic_engagement_rate: tuple[tuple[str, float], ...] = (
        ("product", 0.92), ("recipe", 1.0), ("behindthescenes", 1.04), ("fans", 1.15),
    )  # fmt: skip
    renamed: str = "2025-04-11"
    impressions_per_reach: float = 1.6
    views_over_impressions: float = 1.25
    maturing_hours: float = 24.0


@dataclass(frozen=True)
class PromotionTruth:
    """What a campaign pays for or gives away; none of it adds an order, so whatever is tracked is not its effect."""

    ads_per_day: tuple[tuple[str, float], ...] = (  # by campaign, in its currency
        ("spring_blend_br", 55.0), ("autumn_push_de", 38.0), ("winter_warmup_fr", 105.0),
    )  # fmt: skip
    thousand_shown: float = 6.5
    click_rate: float = 0.011
    order_rate: float = 0.03  # orders credited per click
    seen_only: float = 0.00001  # orders credited per time shown, without a click
    engaged_rate: float = 0.034  # interactions per time shown, clicks among them
    order_value: float = 31.0
    creatives: tuple[tuple[str, float], ...] = (("Recipe reel", 1.25), ("Product still", 0.75))  # clicks, factor
    code_share: float = 0.8  # of the orders with a discount code, under a code of the campaign
    deliveries: int = 4  # per partner
    partner_rates: tuple[tuple[str, float, float], ...] = (  # tier, followers, interactions per reach
        ("micro", 38_000, 0.062), ("mid", 160_000, 0.041), ("nano", 7_500, 0.081),
    )  # fmt: skip


@dataclass(frozen=True)
class ListeningTruth:
    """Mentions: usual negative share, and one week in one market when negatives about us multiply."""

    mentions: int = 60_000
    negative_share: float = 0.08
    crisis_market: str = "DE"
    crisis_start: str = "2026-03-09"
    crisis_daily_factors: tuple[float, ...] = (14.0, 30.0, 26.0, 17.0, 10.0, 6.0, 3.0)
    crisis_topic: str = "packaging"


@dataclass(frozen=True)
class WebTruth:
    """Visits of the web site: their level, what a campaign does to them, and how many pass by its links."""

    first_day: str = "2025-09-01"  # explorations reach back fourteen months
    visits_per_reach: float = 0.02
    engaged_share: float = 0.58
    campaign_lifts: tuple[tuple[str, float], ...] = (("spring_blend_br", 1.24),)  # on all live days; others are 1
    linked_share: float = 0.14  # of the visits of the live days, through a campaign's links


@dataclass(frozen=True)
class VoiceTruth:
    """Posts about a campaign: the share that users and the press make of all posts about it, and who else is listed."""

    user_shares: tuple[tuple[str, float], ...] = (("spring_blend_br", 0.45),)
    press_share: float = 0.06
    repeated_share: float = 0.12  # of the tagged mentions: the brand's and its partners' own posts, listed once more


@dataclass(frozen=True)
class SurveyTruth:
    """The question after an order: who answers, and the share that names a campaign while it runs in the market."""

    first_day: str = "2026-03-01"
    answer_share: float = 0.45
    named: tuple[tuple[str, str, float], ...] = (  # campaign, answer, share
        ("spring_blend_br", "The spring blend launch", 0.20), ("autumn_push_de", "The autumn push", 0.15),
    )  # fmt: skip


DAILY, POSTS, LISTENING = DailyTruth(), PostTruth(), ListeningTruth()
PROMOTION = PromotionTruth()
WEB, VOICES, SURVEY = WebTruth(), VoiceTruth(), SurveyTruth()


def market_truth(code: str) -> MarketTruth:
    """Return the parameters of market *code*; raise WorkspaceError where the simulated brand has no such market."""
    if code not in MARKETS:
        raise WorkspaceError("the simulated brand has no such market", file="brand.yml", value=code, choices=MARKETS)
    return MARKETS[code]


def planted(workspace: Workspace) -> dict[str, Any]:
    """Return every planted parameter as plain data, with the days on which each campaign and trial ran."""
    live = {name: campaign.live.model_dump(mode="json") for name, campaign in workspace.campaigns.items()}
    return {
        "period": {"start": FIRST_DAY.isoformat(), "end": LAST_DAY.isoformat()},
        "markets": {code: asdict(market_truth(code)) for code in workspace.markets},
        "daily": asdict(DAILY),
        "campaigns": {name: {"live": live.get(name), **lifts} for name, lifts in CAMPAIGN_LIFTS.items()},
        "campaign_ramp_days": CAMPAIGN_RAMP_DAYS,
        "promotion": asdict(PROMOTION),
        "posts": asdict(POSTS),
        "listening": asdict(LISTENING),
        "experiments": {name: asdict(trial) for name, trial in TRIALS.items()},
        "web": asdict(WEB),
        "voices": asdict(VOICES),
        "survey": asdict(SURVEY),
    }
