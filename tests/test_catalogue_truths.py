"""The planted truths of the simulated brand, found again by `metrics.series`: a test per world whose truth a metric carries."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fanops_utils import metrics
from fanops_utils.data import warehouse
from fanops_utils.workspace import Workspace

HOUR = 60.0


@pytest.fixture(scope="module")
def store(demo: Workspace) -> warehouse.Store:
    return warehouse.Store(demo)


@pytest.fixture(scope="module")
def truth(demo: Workspace) -> dict[str, Any]:
    return json.loads((demo.path / "truth.json").read_text(encoding="utf-8"))


def told(store: warehouse.Store, name: str, **asked: Any) -> pd.DataFrame:
    """Return metric *name* over the whole period asked for, a row per market."""
    found = metrics.series(store, name, grain="period", **asked).table.set_index("market")
    assert found.index.is_unique and found["estimate"].notna().all()
    return found


def lies_in(row: Any, value: float, *, slack: float = 0.0) -> bool:
    return bool(row["ci_lower"] - slack <= value <= row["ci_upper"] + slack)


def test_members_stay_as_planted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    sources = [one for _, one in truth["worlds"]["people"]["sources"]]
    for name, key in (("retention_rolling_d30", "kept"), ("retention_d1", "d1")):
        planted = sum(one["share"] * one[key] for one in sources)
        found = told(store, name)
        whole = np.average(found["estimate"], weights=found["n"])
        assert whole == pytest.approx(planted, abs=0.02), name


def test_invitations_bring_twice_as_many_since_the_change(store: warehouse.Store, truth: dict[str, Any]) -> None:
    (_, first), (since, later) = truth["worlds"]["people"]["invites"]
    changed = date.fromisoformat(since)
    before = told(store, "k_factor", end=changed - pd.Timedelta(days=60))
    after = told(store, "k_factor", start=changed)
    ratio = np.average(after["estimate"], weights=after["n"]) / np.average(before["estimate"], weights=before["n"])
    assert ratio == pytest.approx(later / first, rel=0.25)


def test_people_wait_as_long_as_planted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    talk = truth["worlds"]["talk"]
    medians, found = dict(talk["wait_minutes"]), told(store, "answered_within_hour")

    def within(median: float) -> float:
        return float(stats.norm.cdf(np.log(HOUR / median) / talk["wait_sd"]))

    planted = {
        market: (1 - talk["unanswered"])
        * ((1 - talk["by_bot"]) * within(one) + talk["by_bot"] * within(one * talk["bot_wait"]))
        for market, one in medians.items()
    }
    assert found["estimate"].idxmin() == max(medians, key=lambda market: medians[market])
    assert found["estimate"].idxmax() == min(medians, key=lambda market: medians[market])
    others = {market: value for market, value in planted.items() if market != found["estimate"].idxmin()}
    assert found["estimate"].loc[list(others)].to_dict() == pytest.approx(others, abs=0.03)


def test_the_brand_s_share_of_voice_is_the_planted_one(store: warehouse.Store, truth: dict[str, Any]) -> None:
    for market, planted in truth["markets"].items():
        rows = metrics.together(metrics.series(store, "share_of_voice", market=market, grain="period"))
        assert rows is not None and lies_in(rows.iloc[0], planted["share_of_voice"], slack=0.01), market


def test_the_tone_is_as_planted_and_breaks_in_the_crisis_alone(store: warehouse.Store, truth: dict[str, Any]) -> None:
    planted = truth["listening"]
    start = date.fromisoformat(planted["crisis_start"])
    week = {"start": start, "end": start + pd.Timedelta(days=6)}
    for market in (planted["crisis_market"], "US", "JP"):
        quiet = metrics.together(
            metrics.series(store, "negative_share", market=market, end=start - pd.Timedelta(days=1), grain="period")
        )
        then = metrics.together(metrics.series(store, "negative_share", market=market, **week, grain="period"))
        assert quiet is not None and then is not None
        assert quiet.iloc[0]["estimate"] == pytest.approx(planted["negative_share"], abs=0.012), market
        broke = bool(then.iloc[0]["ci_lower"] > 2 * quiet.iloc[0]["ci_upper"])
        assert broke == (market == planted["crisis_market"]), market


def test_recommendation_falls_in_the_market_of_the_crisis_alone(store: warehouse.Store, truth: dict[str, Any]) -> None:
    planted, start = truth["worlds"]["satisfaction"], date.fromisoformat(truth["listening"]["crisis_start"])
    after = told(store, "nps", start=start, end=start + pd.Timedelta(days=60))
    before = told(store, "nps", end=start - pd.Timedelta(days=1))
    whole = np.average(before["estimate"], weights=before["n"])
    assert whole == pytest.approx(planted["promoters"] - planted["critics"], abs=0.06)
    fell = (before["estimate"] - after["estimate"]).dropna()
    assert fell.idxmax() == planted["market"] and fell[planted["market"]] == pytest.approx(planted["fall"], abs=0.2)


def test_visits_and_advertising_are_as_planted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    engaged = told(store, "site_engaged_share")
    assert engaged["estimate"].to_numpy() == pytest.approx(truth["web"]["engaged_share"], abs=0.005)
    promotion = truth["promotion"]
    for name, planted in (("ad_click_rate", promotion["click_rate"]), ("ad_cpm", promotion["thousand_shown"])):
        found = metrics.series(store, name, grain="period").table
        assert len(found) == len(promotion["ads_per_day"])
        assert found["estimate"].to_numpy() == pytest.approx(planted, rel=0.05), name


def test_followers_grow_and_posts_earn_as_planted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    months = metrics.series(store, "follower_growth_28d", platform="tiktok", grain="month").table
    planted = {market: one["tiktok_growth"] * 28 / 30.44 for market, one in truth["markets"].items()}
    assert months.groupby("market")["estimate"].mean().to_dict() == pytest.approx(planted, abs=0.003)
    rate = told(store, "engagement_rate_reach", platform="instagram")
    posts = truth["posts"]  # all interactions over all of the reach: the more a reel reaches, the more its rate weighs
    assert (
        rate["estimate"]
        .between(posts["engagement_rate"], posts["engagement_rate"] * posts["reel_engagement_rate"])
        .all()
    )
    assert rate["estimate"].max() - rate["estimate"].min() < 0.005, "no market is planted apart"


def test_orders_and_partners_are_as_planted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    orders = metrics.series(store, "orders", grain="month").table.groupby("market")["estimate"].sum()
    planted = {market: one["shop_share"] for market, one in truth["markets"].items()}
    assert (orders / orders.sum()).to_dict() == pytest.approx(planted, abs=0.02)
    faulty = {one["market"] for one in truth["worlds"]["programme"]["partners"] if one["fault"]}
    (rate,) = {one["rate"] for one in truth["worlds"]["programme"]["partners"] if one["market"] not in faulty}
    found = metrics.series(store, "partner_engagement_rate", grain="period").table.set_index("market")["estimate"]
    for market in (
        set(found.index) - faulty - {name.rsplit("_", 1)[1].upper() for name, _ in truth["promotion"]["ads_per_day"]}
    ):
        assert found[market] == pytest.approx(rate, rel=0.15), market
