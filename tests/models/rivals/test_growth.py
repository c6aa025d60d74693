from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import account_growth, growth_of_brands, growth_shape


def _days(log: np.ndarray, *, start: float = 200_000, rounding: float = 1) -> pd.DataFrame:
    count = np.round(start * np.exp(log) / rounding) * rounding
    return pd.DataFrame({"date_day": pd.date_range("2025-01-01", periods=len(log)), "followers_total": count})


def _walk(rng: np.random.Generator, n: int, *, pace: float = 0.0008, noise: float = 0.0015) -> np.ndarray:
    step = np.empty(n)
    shock, before = rng.normal(0, noise, n), 0.0
    for day in range(n):
        before = 0.6 * before + shock[day]
        step[day] = before
    return np.cumsum(pace + step)


@pytest.mark.parametrize("n", [120, 400])
def test_intervals_hold_the_planted_pace(n: int) -> None:
    rng = np.random.default_rng(n)
    truth = float(np.expm1(28 * 0.0008))
    found = [account_growth(_days(_walk(rng, n))) for _ in range(150)]
    assert np.mean([one.ci_lower <= truth <= one.ci_upper for one in found]) >= 0.83
    assert np.mean([one.estimate for one in found]) == pytest.approx(truth, rel=0.1)


def test_an_account_that_stands_still_is_rarely_said_to_move() -> None:
    rng = np.random.default_rng(1)
    codes = [account_growth(_days(_walk(rng, 200, pace=0.0))).code for _ in range(150)]
    assert codes.count("growing") + codes.count("shrinking") <= 25


def test_a_giveaway_is_set_apart_and_told() -> None:
    rng = np.random.default_rng(2)
    log = _walk(rng, 200)
    log[90:] += 0.08
    found = account_growth(_days(log))
    assert found.jumps["date_day"].tolist() == [pd.Timestamp("2025-01-01") + pd.Timedelta(days=90)]
    assert found.jumps["change"].iloc[0] == pytest.approx(0.083, abs=0.01)
    assert found.estimate < found.with_jumps
    assert account_growth(_days(_walk(rng, 200))).jumps.empty


def test_what_the_platform_rounds_away_is_not_told() -> None:
    log = np.linspace(0, 0.04, 100)
    found = account_growth(_days(log, rounding=10_000))
    assert (found.code, found.rounding) == ("rounded", 10_000)
    assert account_growth(_days(log)).code == "growing"
    assert account_growth(_days(log[:40])).code == "few"
    assert account_growth(_days(log).head(0)).code == "few"


def test_steady_growth_has_no_break_and_no_ceiling() -> None:
    rng = np.random.default_rng(3)
    codes = [growth_shape(_days(_walk(rng, 500))).code for _ in range(80)]
    assert codes.count("steady") >= 76


def test_a_planted_break_is_dated() -> None:
    rng = np.random.default_rng(4)
    log = np.concatenate([np.linspace(0, 0.02, 300), 0.02 + np.linspace(0.002, 0.4, 200)]) + _walk(
        rng, 500, pace=0, noise=0.0005
    )
    found = growth_shape(_days(log))
    assert found.code == "break" and found.at is not None
    assert abs((found.at - pd.Timestamp("2025-10-28")).days) <= 14
    assert found.before < 0.01 < 0.04 < found.after


@pytest.mark.parametrize(("begins", "told"), [(0.25, "ceiling"), (0.02, None)])
def test_a_ceiling_is_told_only_where_it_is_near(begins: float, told: str | None) -> None:
    days, top = np.arange(600), 200_000
    count = top / (1 + (1 / begins - 1) * np.exp(-0.006 * days))
    if told is None:
        count = count[:150]  # still below a tenth of it
    frame = pd.DataFrame(
        {"date_day": pd.date_range("2025-01-01", periods=len(count)), "followers_total": np.rint(count)}
    )
    found = growth_shape(frame)
    if told:
        assert found.code == told and found.ceiling == pytest.approx(top, rel=0.1) and found.reached >= 0.3
    else:
        assert found.code != "ceiling"


def test_the_largest_account_of_each_brand_is_read() -> None:
    rng = np.random.default_rng(5)
    big = _days(_walk(rng, 100)).assign(brand="A", handle="a.big")
    small = _days(_walk(rng, 100), start=1_000).assign(brand="A", handle="a.small")
    table = growth_of_brands(pd.concat([small, big]), brands=["A", "B"])
    assert table["brand"].tolist() == ["A"] and table["handle"].iloc[0] == "a.big"
    assert growth_of_brands(big.head(0), brands=["A"]).empty
