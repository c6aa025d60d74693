"""Alarms: planted waves are found, quiet years stay quiet, and every rule is tried on both sides of its threshold."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.models.crisis.alarms import day_alarms, hour_alarms, plan_rules, warning_level

START = "2025-01-06"  # a Monday


def quiet(rng: np.random.Generator, rate: float, days: int) -> np.ndarray:
    """Return negatives a day of a brand without a crisis: a drifting level, weekends, scatter of its own."""
    level = rate * np.exp(np.cumsum(rng.normal(0, 0.01, days))) * np.where(np.arange(days) % 7 >= 5, 0.8, 1.0)
    k = rng.uniform(0.05, 0.4)
    return rng.poisson(level * rng.gamma(1 / k, k, days)).astype(float)


def dated(counts: np.ndarray) -> pd.Series:
    return pd.Series(counts, index=pd.date_range(START, periods=len(counts)))


@pytest.mark.parametrize("rate", [0.5, 5, 30])
def test_a_quiet_year_has_at_most_one_false_alarm(rate: float) -> None:
    rng, years = np.random.default_rng(17), 60
    false = sum(int(day_alarms(dated(quiet(rng, rate, 56 + 365)))["alarm"].iloc[56:].sum()) for _ in range(years))
    assert false / years <= 1


def test_a_wave_is_found_and_a_second_one_after_it() -> None:
    rng, once, twice, without = np.random.default_rng(3), 0, 0, 0
    for _ in range(60):
        counts = quiet(rng, 5, 150)
        counts[100:104] *= 6
        counts[114:117] = np.maximum(counts[114:117], 1) * 4
        told, kept = day_alarms(dated(counts)), day_alarms(dated(counts), forget=False)
        once += bool(told["alarm"].iloc[100:104].any())
        twice += bool(told["alarm"].iloc[114:117].any())
        without += bool(kept["alarm"].iloc[114:117].any())
    assert once >= 48
    assert twice > without


def test_the_floor_and_the_bound_are_both_asked_for() -> None:
    flat = np.tile([4.0, 5.0, 6.0, 5.0, 4.0, 5.0, 6.0], 10)
    upper = int(day_alarms(dated(np.append(flat, 5)))["upper"].iloc[-1])
    assert not day_alarms(dated(np.append(flat, upper)))["alarm"].iloc[-1]
    assert day_alarms(dated(np.append(flat, upper + 1)))["alarm"].iloc[-1]
    silent = np.append(np.zeros(70), 9)
    assert not day_alarms(dated(silent))["alarm"].iloc[-1]
    assert day_alarms(dated(np.append(np.zeros(70), 10)))["alarm"].iloc[-1]
    young = dated(np.append(np.full(27, 5.0), 90))
    assert not day_alarms(young)["alarm"].any()
    assert day_alarms(dated(np.append(np.full(28, 5.0), 90)))["alarm"].iloc[-1]


def test_one_hour_alone_is_no_alarm_two_running_are() -> None:
    rng, days = np.random.default_rng(5), pd.date_range(START, periods=60)
    counts = rng.poisson(1.0, (60, 24))
    counts[50, 10] = 40
    alone = hour_alarms(counts, days)
    assert not alone.loc[alone["date_day"] == days[50], "alarm"].any()
    counts[50, 11] = 40
    both = hour_alarms(counts, days).query("alarm")
    assert both[["date_day", "hour"]].to_numpy().tolist() == [[days[50], 11]]
    counts[50, 11] = 9  # below the floor
    assert not hour_alarms(counts, days)["alarm"].any()


def test_the_plans_rules_on_both_sides_of_their_thresholds() -> None:
    def last(negatives: float, labelled: float, **options: float) -> pd.Series:
        frame = pd.DataFrame({"date_day": pd.date_range(START, periods=71), "negatives": 3.0, "labelled": 60.0})
        frame.loc[70, ["negatives", "labelled"]] = negatives, labelled
        return plan_rules(frame, **options).iloc[-1]  # type: ignore[arg-type]

    assert last(12, 500)["risen"] and not last(11, 500)["risen"]  # 1 + 3 times the usual 3
    assert last(9, 500, rise=1.0)["risen"] == 0 and last(10, 500, rise=1.0)["risen"]  # the floor of ten
    assert last(30, 120)["share_high"] and not last(24, 120)["share_high"]  # 25 % and 20 %: lower bounds 18 and 14 %
    assert not last(9, 20)["share_high"]


def test_labels_that_err_are_held_against_their_own_past_only() -> None:
    def last(negatives: float) -> tuple[bool, bool]:
        frame = pd.DataFrame({"date_day": pd.date_range(START, periods=71), "negatives": 30.0, "labelled": 100.0})
        frame.loc[70, "negatives"] = negatives
        plain, own = (plan_rules(frame, plain=one).iloc[-1]["share_high"] for one in (True, False))
        return bool(plain), bool(own)

    assert last(30) == (True, False), "30 % is the scorer's usual share: its errors are in it"
    assert [last(negatives)[1] for negatives in (45, 46)] == [False, True]
    young = pd.DataFrame({"date_day": pd.date_range(START, periods=28), "negatives": 90.0, "labelled": 100.0})
    assert not plan_rules(young, plain=False)["share_high"].any(), "without a past nothing is said"


def test_levels() -> None:
    def level(**signs: bool) -> int | None:
        return warning_level(**{"statistic": False, "risen": False, "share_high": False, **signs})

    assert level() is None
    assert level(statistic=True) == level(risen=True) == level(share_high=True) == 3
    assert level(risen=True, share_high=True) == 3  # both plans' rules, and the count is usual
    assert level(statistic=True, risen=True) == level(statistic=True, share_high=True) == 2
    assert level(statistic=True, risen=True, share_high=True) == level(statistic=True, grave=True) == 1


def test_of_real_brands_more_windows_are_found_at_no_more_false_days() -> None:
    """Twitter volumes of five brands (Numenta Anomaly Benchmark, MIT): windows labelled by hand."""
    folder = shared("nab_tweet_volume")
    windows = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    hits, false = (
        dict.fromkeys(("day", "rise", "hours", "hour_rise"), 0),
        dict.fromkeys(("day", "rise", "hours", "hour_rise"), 0),
    )
    for name, spans in windows.items():
        rows = pd.read_csv(folder / name.split("/")[-1], parse_dates=["timestamp"]).set_index("timestamp")["value"]
        hours = rows.resample("h").sum()
        days = pd.date_range(hours.index[0].ceil("D"), hours.index[-1].floor("D") - pd.Timedelta(days=1))
        grid = (
            hours.reindex(pd.date_range(days[0], periods=24 * len(days), freq="h")).fillna(0).to_numpy().reshape(-1, 24)
        )
        daily = pd.Series(grid.sum(axis=1), index=days)
        mean = daily.shift(1).rolling(28, min_periods=7).mean()
        by_hour = pd.DataFrame(grid, index=days)
        usual = by_hour.shift(1).rolling(28, min_periods=7).mean()
        told = day_alarms(daily, alpha=0.003, forget=False)
        hourly = hour_alarms(grid, days, alpha=1e-3).query("alarm")
        fired = {
            "day": set(told.loc[told["alarm"], "date_day"]), "rise": set(days[daily > 4 * mean]),
            "hours": set(hourly["date_day"]), "hour_rise": set(days[(by_hour > 4 * usual).any(axis=1)]),
        }  # fmt: skip
        covered = [(pd.Timestamp(a).normalize(), pd.Timestamp(b).normalize()) for a, b in spans]
        for rule, at in fired.items():
            hits[rule] += sum(any(a <= day <= b for day in at) for a, b in covered)
            false[rule] += sum(not any(a <= day <= b for a, b in covered) for day in at)
    assert hits["day"] > hits["rise"]
    assert false["day"] <= false["rise"]
    assert false["hours"] < false["hour_rise"]
