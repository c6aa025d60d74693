"""Several markets as one number: never fewer than there were, never across a break, never in another currency."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engine_questions import METRICS as COMMON
from engine_questions import catching
from foreign_worlds import small_brand
from metric_worlds import BRAND, store

from fanops_utils import metrics
from fanops_utils.data.warehouse import Store
from fanops_utils.errors import DataError
from fanops_utils.metrics.catalogue import METRICS, compare, difference, series


def days_of(account: str, first: str, last: str, **columns: object) -> pd.DataFrame:
    days = pd.date_range(first, last)
    return pd.DataFrame({"platform": "instagram", "account_id": account, "date_day": days, **columns})


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a brand with one account on Instagram in each of two markets."""
    monkeypatch.setattr("metric_worlds.BRAND", BRAND.replace("tiktok, handle: ours.us", "instagram, handle: ours.us"))
    return tmp_path


def test_a_week_that_a_market_lacks_is_not_the_other_s_alone(two: Path) -> None:
    us = days_of("ours.us", "2025-01-06", "2025-02-02", followers_gained=10)
    us = us[~us["date_day"].between("2025-01-13", "2025-01-19")]
    made = store(two, account_daily=pd.concat([days_of("ours.de", "2025-01-06", "2025-02-09", followers_gained=5), us]))
    weeks = metrics.together(series(made, "followers_gained", platform="instagram", grain="week"))
    assert weeks is not None
    assert weeks["estimate"].fillna(-1).tolist() == [105, -1, 105, 105, 35], "one that has ended is not waited for"
    whole = metrics.whole_weeks(made, "followers_gained", last=date(2025, 2, 9), platform="instagram")
    assert whole.tolist() == [105, 105, 35]
    asked = {"platform": "instagram", "days": 7}
    assert metrics.measured(made, "followers_gained", last=date(2025, 1, 19), **asked) is None  # type: ignore[arg-type]
    told = metrics.measured(made, "followers_gained", last=date(2025, 1, 26), **asked)  # type: ignore[arg-type]
    assert told is not None and told.estimate == 105


def test_markets_together_end_at_a_break_too(two: Path) -> None:
    """Instagram counts impressions as views since 21 April 2025, a Monday."""
    rows = [days_of(name, "2025-03-03", "2025-05-25", impressions=7) for name in ("ours.de", "ours.us")]
    made = store(two, account_daily=pd.concat(rows))
    asked = {"last": date(2025, 5, 25), "platform": "instagram"}
    both = metrics.whole_weeks(made, "impressions", **asked)  # type: ignore[arg-type]
    alone = metrics.whole_weeks(made, "impressions", market="DE", **asked)  # type: ignore[arg-type]
    assert both.index.equals(alone.index) and both.index.min() == pd.Timestamp("2025-04-21")
    period = metrics.together(series(made, "impressions", platform="instagram", grain="period"))
    assert period is not None and period["estimate"].tolist() == [2 * 35 * 7]


def shop(folder: Path, currency: str) -> Store:
    when = pd.Series(pd.date_range("2025-03-03 12:00", periods=28, tz="UTC"))
    return store(folder, orders=pd.DataFrame({
        "order_id": [f"o{one}" for one in range(28)], "created_timestamp": when, "customer_key": "c", "country": "DE",
        "currency": currency, "subtotal": 1000.0,
    }))  # fmt: skip


def test_money_in_another_currency_reaches_no_target(tmp_path: Path) -> None:
    made = shop(tmp_path, "JPY")
    look = metrics.lookup(made)
    month = (date(2025, 3, 3), date(2025, 3, 30))
    yen = look("revenue", "DE", None, *month, None, "JPY")
    assert yen is not None and yen.estimate == 28_000
    assert look("revenue", "DE", None, *month, None, "EUR") is None
    orders = look("orders", "DE", None, *month, None, "EUR")
    assert orders is not None and orders.estimate == 28, "what is no money has no currency"
    weeks = {"last": date(2025, 3, 30), "market": "DE"}
    assert len(metrics.whole_weeks(made, "revenue", currency="JPY", **weeks)) == 4  # type: ignore[arg-type]
    assert metrics.whole_weeks(made, "revenue", currency="EUR", **weeks).empty  # type: ignore[arg-type]


def test_a_day_of_asking_after_the_files_end_makes_nobody_ripe(tmp_path: Path) -> None:
    joined = pd.to_datetime(["2025-05-01 12:00", "2025-05-20 12:00"] * 10, utc=True)
    keys = [f"m{one}" for one in range(20)]
    fans = pd.DataFrame({"platform": "discord", "member_key": keys, "market": "DE", "joined_at": joined})
    seen = pd.DataFrame({"platform": "discord", "member_key": keys[::2], "market": "DE", "events": 1,
                         "date_day": pd.Timestamp("2025-05-08")})  # fmt: skip
    end = seen.iloc[:1].assign(date_day=pd.Timestamp("2025-05-21"))
    made = store(tmp_path, fans=fans, fan_day=pd.concat([seen, end]))
    plain = series(made, "retention_d7").table
    assert plain["estimate"].tolist() == [1.0], "the second cohort's seventh day is in no file"
    for day in (date(2025, 5, 25), date(2025, 6, 30)):
        pd.testing.assert_frame_equal(series(made, "retention_d7", as_of=day).table, plain)


def test_markets_asked_at_once_are_told_what_each_is_told_alone(tmp_path: Path) -> None:
    made, numbers = small_brand(tmp_path, seed=8), 0
    late = (date(2026, 1, 20), 28)  # posts and orders were made before
    times = {"members": late, "retention": late}
    for name in COMMON:
        last, days = times.get(metrics.metric(name).subject, (date(2025, 11, 4), 5))
        for code in ("DE", "US"):
            asked: dict[str, Any] = {"market": code, "last": last, "days": days}
            alone = metrics.measured(made, name, **asked)
            once = metrics.measured(made, name, **asked, at_once=True)
            assert (alone is None) == (once is None), (name, code)
            if alone is not None and once is not None:
                assert np.allclose(astuple(alone), astuple(once), rtol=1e-12), (name, code)
                numbers += 1
    assert numbers > 15


def test_the_next_market_costs_no_question(tmp_path: Path) -> None:
    made, days = small_brand(tmp_path, seed=8), (date(2025, 11, 20), date(2025, 12, 17))
    look = metrics.lookup(made, at_once=["mau", "Revenue", "a metric of another house"])
    with catching() as found:
        assert look("mau", "DE", None, *days) and look("revenue", "DE", None, *days)
        asked = len(found.asked)
        assert look("mau", "US", None, *days) and look("revenue", "US", None, *days)
    assert len(found.asked) == asked > 2


@pytest.mark.parametrize("follows", [[-5, -10, -3, -8, -9, -7], [-9, 10, -8, 9, 4, -3]])
def test_a_net_number_may_lie_below_zero_with_its_interval(tmp_path: Path, follows: list[int]) -> None:
    when = pd.Series(pd.date_range("2025-05-01 10:00", periods=6, tz="UTC"))
    keys = {"platform": "instagram", "post_id": [f"p{one}" for one in range(6)]}
    listed = pd.DataFrame({**keys, "account_id": "ours.de", "created_timestamp": when, "created_precision": "minute"})
    read = pd.DataFrame({**keys, "metric_window": "lifetime", "snapshot_at": when + pd.Timedelta(days=20),
                         "follows": follows, "reach": 1000})  # fmt: skip
    made = store(tmp_path, posts=listed, post_metrics=read)
    (row,) = series(made, "follow_rate", grain="period").table.to_dict("records")
    mean, half = np.mean(follows) / 1000, 2.5706 * np.std(follows, ddof=1) / np.sqrt(6) / 1000
    assert (row["estimate"], row["ci_lower"], row["ci_upper"]) == pytest.approx(
        (mean, mean - half, mean + half), rel=1e-3
    )


def test_periods_of_different_length_are_not_compared_where_the_number_grows(tmp_path: Path) -> None:
    made = shop(tmp_path, "EUR")
    start = date(2025, 3, 3)
    for name, grows in (("orders", True), ("orders_per_customer", True), ("average_order_value", False)):
        week, month = (
            series(made, name, start=start, end=end, grain="period") for end in (date(2025, 3, 9), date(2025, 3, 30))
        )
        if grows:
            with pytest.raises(DataError, match="different length"):
                compare(week, month)
        assert len(compare(month, month)) == 2
        assert grows or len(compare(week, month)) == 2


def test_what_is_taken_off_tells_two_shares_apart() -> None:
    said = difference(METRICS["net_sentiment"], METRICS["positive_share"])
    assert said is not None and set(dict(said.values)) == {"net", "less", "plain"}
