"""Change of a figure against its own past: quiet figures stay quiet, planted changes are seen, the past is needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics.change import Change, change, judged_together
from fanops_utils.metrics.multiple import holm


def daily(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"date_day": pd.date_range("2024-01-01", periods=len(values)), "value": values})


def world(rng: np.random.Generator, *, n_days: int, ar: float, shift: float = 0.0, spikes: bool = False) -> np.ndarray:
    """Return counts with a week, drifting as an AR(1) of *ar*, the last 28 days up by the log *shift*."""
    level = np.zeros(n_days)
    for place, shock in enumerate(rng.normal(0, 0.12, n_days)):
        level[place] = ar * level[place - 1] + shock if place else shock
    log = 5 + 0.2 * np.sin(np.arange(n_days) * 2 * np.pi / 7) + level
    log[-28:] += shift
    peaks = np.where(rng.random(n_days) < 0.02, 3.0, 1.0) if spikes else 1.0
    return rng.poisson(np.exp(log) * peaks).astype(float)


@pytest.mark.parametrize(
    ("n_days", "ar", "spikes"), [(140, 0.5, False), (365, 0.8, False), (365, 0.95, False), (365, 0.5, True)]
)
def test_a_quiet_figure_is_rarely_said_to_change(n_days: int, ar: float, spikes: bool) -> None:
    rng = np.random.default_rng([n_days, int(ar * 100)])
    told = [change(daily(world(rng, n_days=n_days, ar=ar, spikes=spikes)), value="value") for _ in range(150)]
    assert np.mean([one.judgment in ("up", "down") for one in told if one]) <= 0.17


def test_a_planted_change_is_seen_with_its_direction_and_size() -> None:
    rng = np.random.default_rng(4)
    up = [change(daily(world(rng, n_days=365, ar=0.5, shift=0.4)), value="value") for _ in range(60)]
    down = [change(daily(world(rng, n_days=365, ar=0.5, shift=-0.4)), value="value") for _ in range(60)]
    assert np.mean([one.judgment == "up" for one in up if one]) > 0.9
    assert np.mean([one.judgment == "down" for one in down if one]) > 0.9
    assert np.median([one.change for one in up if one]) == pytest.approx(np.expm1(0.4), abs=0.05)


def test_days_of_a_stock_count_once_and_its_newest_value_is_the_figure() -> None:
    stock = 1000 * np.exp(0.002 * np.arange(200))
    told = change(daily(stock), value="value", kind="last")
    assert told and told.value == stock[-1]
    assert told.change == pytest.approx(np.expm1(0.002 * 28))
    assert told.judgment == "unclear"  # it grew by as much in every 28 days before


def test_a_rate_divides_sums_and_days_without_either_are_left_out() -> None:
    frame = daily(np.full(200, 5.0)).assign(reach=100.0)
    frame.loc[190, "value"] = np.nan
    told = change(frame, value="value", kind="rate", over="reach")
    assert told and told.value == pytest.approx(0.05)
    assert told.change == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("n_days", "judgment"),
    [(40, "unjudged"), (70, "unjudged"), (100, "little_history"), (139, "little_history"), (140, "unclear")],
)
def test_a_short_past_gives_no_judgment(n_days: int, judgment: str) -> None:
    told = change(daily(100 + np.arange(n_days) % 7.0 + (np.arange(n_days) // 28) % 2), value="value")
    assert told and told.judgment == judgment
    assert np.isfinite(told.swing) == (judgment == "unclear")


def test_missing_days_are_not_zero_and_too_many_of_them_are_no_window() -> None:
    frame = daily(np.full(200, 10.0))
    told = change(frame.drop(index=[190, 192]), value="value")
    assert told and (told.value, told.change) == (pytest.approx(280), pytest.approx(0))
    assert change(frame.drop(index=range(180, 190)), value="value") is None
    assert change(frame.iloc[:0], value="value") is None
    gap = change(frame.drop(index=range(150, 160)), value="value")
    assert gap and np.isnan(gap.change) and gap.judgment == "unjudged"


def test_zeros_have_no_relative_change() -> None:
    told = change(daily(np.zeros(200)), value="value")
    assert told and told.value == 0
    assert np.isnan(told.change) and told.judgment == "unjudged"


def test_a_year_before_is_judged_only_after_two_years() -> None:
    rng = np.random.default_rng(8)
    one = change(daily(world(rng, n_days=400, ar=0.3)), value="value")
    two = change(daily(world(rng, n_days=800, ar=0.3)), value="value")
    assert one and np.isfinite(one.year) and one.year_judgment == "unjudged"
    assert two and two.year_judgment in ("up", "down", "unclear")
    seasonal = np.tile(100 + 50 * np.sin(np.arange(364) * 2 * np.pi / 364), 3)
    same = change(daily(seasonal), value="value")
    assert same and same.year == pytest.approx(0, abs=1e-9)


def test_the_past_ends_with_the_live_window() -> None:
    told = change(daily(np.repeat([10.0, 20.0, 30.0, 40.0], 28)), value="value")
    assert told and told.past == pytest.approx((280, 560, 840, 1120))


def test_a_figure_that_never_moved_is_never_said_to_move() -> None:
    flat = np.full(200, 10.0)
    flat[-28:] = 10.1
    told = change(daily(flat), value="value")
    assert told and (told.judgment, told.swing) == ("unclear", 0.0)


def test_changes_read_together_are_corrected_and_unknown_ones_do_not_count() -> None:
    quiet = Change(1, 0.1, 0.2, 0.04, "up", np.nan, "unjudged", ())
    told = judged_together(
        {"a": quiet, "b": replace(quiet, p_value=0.5), "c": replace(quiet, p_value=0.9, change=-0.1), "d": None}
    )
    assert {name: one.judgment for name, one in told.items()} == {"a": "unclear", "b": "unclear", "c": "unclear"}
    short = replace(quiet, p_value=np.nan, judgment="little_history")
    alone = judged_together({"a": quiet, "e": short})
    assert (alone["a"].judgment, alone["e"].judgment) == ("up", "little_history")


def test_holm_agrees_with_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(1).uniform(size=12)
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
