"""The daily world: what each market's Instagram, TikTok and YouTube accounts see per day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import autoregression, calendar
from fanops_utils.data.sample.period import DAYS_PER_MONTH

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting


def _lifts() -> dict[str, dict[str, float]]:
    return {
        "summer_giveaway_mx": {"engagements": 0.82, "reach": 1.0},
        "matcha_launch_jp": {"engagements": 1.12, "reach": 1.08},
        "spring_blend_br": {"engagements": 1.22, "reach": 1.15},
        "autumn_push_de": {"engagements": 1.0, "reach": 1.0},
        "winter_warmup_fr": {"engagements": 1.0, "reach": 1.0},  # still running on the last day
    }


@dataclass(frozen=True)
class DailyTruth:
    """How log daily activity moves besides its growth, the week running Monday to Sunday, and what campaigns add to it."""

    factor_sd: float = 0.02
    factor_persistence: float = 0.98
    noise_sd: float = 0.06
    noise_persistence: float = 0.5
    week: tuple[float, ...] = (-0.03, -0.05, -0.03, 0.0, 0.02, 0.06, 0.03)
    # factors on the treated market's Instagram days; others are 1
    campaign_lifts: dict[str, dict[str, float]] = field(default_factory=_lifts)
    campaign_ramp_days: int = 2


def common_factors(setting: Setting) -> np.ndarray:
    """Return the two slow factors all markets share, days x 2, in log points."""
    truth, rng = setting.truths.daily, setting.rng("factors")
    shocks = rng.normal(0, truth.factor_sd, (2, len(calendar())))
    return np.column_stack([autoregression(row, truth.factor_persistence) for row in shocks])


def log_activity(setting: Setting, market: str, name: str) -> np.ndarray:
    """Return log activity per day of what is called *name*, relative to the market's level: growth, factors, week, noise."""
    truth, days, rng = setting.truths.daily, calendar(), setting.rng(f"activity {name} {market}")
    shocks = rng.normal(0, truth.noise_sd * np.sqrt(1 - truth.noise_persistence**2), len(days))
    growth = setting.market(market).activity_growth * np.arange(len(days)) / DAYS_PER_MONTH
    week = np.array(truth.week)[days.day_of_week]
    moving = common_factors(setting) @ np.array(setting.market(market).loadings)
    return growth + moving + week + autoregression(shocks, truth.noise_persistence)


def campaign_lift(setting: Setting, market: str, metric: str) -> np.ndarray:
    """Return what the Instagram campaigns add to *metric* of *market* per day, in log points."""
    truth, days, lift = setting.truths.daily, calendar(), np.zeros(len(calendar()))
    for campaign in setting.workspace.campaigns.values():
        if campaign.platform != "instagram" or market not in campaign.treated:
            continue
        since = (days - pd.Timestamp(campaign.live.start)).days.to_numpy()
        ramp = np.clip((since + 1) / (truth.campaign_ramp_days + 1), 0, 1)
        live = (since >= 0) & (since < campaign.live.days)
        lift += np.log(truth.campaign_lifts.get(campaign.id, {}).get(metric, 1.0)) * ramp * live
    return lift


def new_followers(start: int, growth: float, *, burst: float, rng: np.random.Generator) -> np.ndarray:
    """Return followers won per day: they come in bursts, on average at log *growth* per month."""
    days = np.arange(len(calendar()))
    mean = start * np.exp(growth * days / DAYS_PER_MONTH) * growth / DAYS_PER_MONTH
    return rng.negative_binomial(burst, burst / (burst + mean))


def instagram_days(setting: Setting, market: str) -> pd.DataFrame:
    """Return one row per day of the market's Instagram account: counts, and followers at the end of the day."""
    truth, rng = setting.market(market), setting.rng(f"instagram days {market}")

    def per_day(metric: str, level: float) -> np.ndarray:
        activity = log_activity(setting, market, f"instagram {metric}")
        return rng.poisson(level * np.exp(activity + campaign_lift(setting, market, metric)))

    reach = per_day("reach", truth.reach)
    follows = new_followers(truth.instagram_followers, truth.instagram_growth, burst=2.0, rng=rng)
    return pd.DataFrame(
        {
            "date_day": calendar(),
            "reach": reach,
            "views": np.rint(reach * rng.lognormal(np.log(1.9), 0.04, len(reach))).astype("int64"),
            "engagements": per_day("engagements", truth.engagements),
            "follows": follows,
            "profile_visits": rng.poisson(reach * 0.012),
            "link_clicks": rng.poisson(reach * 0.00006 * rng.gamma(0.5, 2, len(reach))),
            "followers": truth.instagram_followers + np.cumsum(follows),
        }
    )


def tiktok_days(setting: Setting, market: str) -> pd.DataFrame:
    """Return one row per day of the market's TikTok account: counts, viewers and followers at the end of the day."""
    truth, rng = setting.market(market), setting.rng(f"tiktok days {market}")
    activity = np.exp(log_activity(setting, market, "tiktok"))
    viral = rng.lognormal(0, 0.25, len(activity))
    views = rng.poisson(truth.tiktok_followers * 0.12 * activity * viral)
    viewers = rng.binomial(views, 0.62)
    new = rng.binomial(viewers, 0.55)
    won = new_followers(truth.tiktok_followers, truth.tiktok_growth, burst=3.0, rng=rng)
    return pd.DataFrame(
        {
            "date_day": calendar(),
            "views": views,
            "profile_visits": rng.binomial(views, 0.011),
            "likes": rng.binomial(views, 0.061),
            "comments": rng.binomial(views, 0.004),
            "shares": rng.binomial(views, 0.006),
            "viewers": viewers,
            "new_viewers": new,
            "returning_viewers": viewers - new,
            "followers": truth.tiktok_followers + np.cumsum(won),
        }
    )


def youtube_days(setting: Setting, market: str) -> pd.DataFrame:
    """Return the views per day of the market's YouTube channel."""
    truth, rng = setting.market(market), setting.rng(f"youtube days {market}")
    activity = np.exp(log_activity(setting, market, "youtube"))
    return pd.DataFrame({"date_day": calendar(), "views": rng.poisson(truth.reach * 0.02 * activity)})
