"""The daily world: what each market's Instagram, TikTok and YouTube accounts see per day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import autoregression, calendar, stream
from fanops_utils.data.sample.truth import (
    CAMPAIGN_LIFTS,
    CAMPAIGN_RAMP_DAYS,
    DAILY,
    DAYS_PER_MONTH,
    MarketTruth,
    market_truth,
)
from fanops_utils.workspace import Workspace


def common_factors(seed: int) -> np.ndarray:
    """Return the two slow factors all markets share, days x 2, in log points."""
    rng = stream(seed, "factors")
    shocks = rng.normal(0, DAILY.factor_sd, (2, len(calendar())))
    return np.column_stack([autoregression(row, DAILY.factor_persistence) for row in shocks])


def log_activity(truth: MarketTruth, *, seed: int, name: str) -> np.ndarray:
    """Return log activity per day relative to the market's level: growth, factors, week and noise."""
    days, rng = calendar(), stream(seed, f"activity {name}")
    shocks = rng.normal(0, DAILY.noise_sd * np.sqrt(1 - DAILY.noise_persistence**2), len(days))
    growth = truth.activity_growth * np.arange(len(days)) / DAYS_PER_MONTH
    week = np.array(DAILY.week)[days.day_of_week]
    moving = common_factors(seed) @ np.array(truth.loadings)
    return growth + moving + week + autoregression(shocks, DAILY.noise_persistence)


def campaign_lift(workspace: Workspace, market: str, metric: str) -> np.ndarray:
    """Return what the Instagram campaigns add to *metric* of *market* per day, in log points."""
    days, lift = calendar(), np.zeros(len(calendar()))
    for campaign in workspace.campaigns.values():
        if campaign.platform != "instagram" or market not in campaign.treated:
            continue
        since = (days - pd.Timestamp(campaign.live.start)).days.to_numpy()
        ramp = np.clip((since + 1) / (CAMPAIGN_RAMP_DAYS + 1), 0, 1)
        live = (since >= 0) & (since < campaign.live.days)
        lift += np.log(CAMPAIGN_LIFTS.get(campaign.id, {}).get(metric, 1.0)) * ramp * live
    return lift


def new_followers(start: int, growth: float, *, burst: float, rng: np.random.Generator) -> np.ndarray:
    """Return followers won per day: they come in bursts, on average at log *growth* per month."""
    days = np.arange(len(calendar()))
    mean = start * np.exp(growth * days / DAYS_PER_MONTH) * growth / DAYS_PER_MONTH
    return rng.negative_binomial(burst, burst / (burst + mean))


def instagram_days(workspace: Workspace, market: str, *, seed: int) -> pd.DataFrame:
    """Return one row per day of the market's Instagram account: counts, and followers at the end of the day."""
    truth, rng = market_truth(market), stream(seed, f"instagram days {market}")

    def per_day(metric: str, level: float) -> np.ndarray:
        activity = log_activity(truth, seed=seed, name=f"instagram {metric} {market}")
        return rng.poisson(level * np.exp(activity + campaign_lift(workspace, market, metric)))

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


def tiktok_days(market: str, *, seed: int) -> pd.DataFrame:
    """Return one row per day of the market's TikTok account: counts, viewers and followers at the end of the day."""
    truth, rng = market_truth(market), stream(seed, f"tiktok days {market}")
    activity = np.exp(log_activity(truth, seed=seed, name=f"tiktok {market}"))
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


def youtube_days(market: str, *, seed: int) -> pd.DataFrame:
    """Return the views per day of the market's YouTube channel."""
    truth, rng = market_truth(market), stream(seed, f"youtube days {market}")
    activity = np.exp(log_activity(truth, seed=seed, name=f"youtube {market}"))
    return pd.DataFrame({"date_day": calendar(), "views": rng.poisson(truth.reach * 0.02 * activity)})
