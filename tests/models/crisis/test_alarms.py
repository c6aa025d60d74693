"""Alarms: planted waves are found, quiet years stay quiet, and every rule is tried on both sides of its threshold."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

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


YEARS = 1000 if os.environ.get("FANOPS_SLOW") else 60  # brand-years
SIZE, LENGTH = 10, 2  # a crisis: times the usual (at least forty a day), days


@pytest.mark.parametrize("rate", [0.5, 5, 30])
def test_a_quiet_year_has_at_most_one_false_alarm_and_a_crisis_is_known_by_the_next_run(
    rate: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs are daily: what broke out in the morning must be in the data when the day is over."""
    rng, false, found = np.random.default_rng(17), 0, 0
    for _ in range(YEARS):
        counts = quiet(rng, rate, 56 + 365)
        false += int(day_alarms(dated(counts))["alarm"].iloc[56:].sum())
        at = int(rng.integers(60, 56 + 365 - LENGTH))
        struck = counts[at - 56 : at + LENGTH].copy()
        struck[-LENGTH:] += rng.poisson(max((SIZE - 1) * rate, 40), LENGTH)
        found += bool(day_alarms(dated(struck))["alarm"].iloc[-LENGTH])
    with capsys.disabled():
        sys.stdout.write(
            f"\n{rate:g} negatives a day: {false / YEARS:.2f} false alarms a year, {found / YEARS:.3f} found by the next run"
        )
    assert false / YEARS <= 1
    assert found / YEARS >= 0.95


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
    assert not last(9, 20)["share_high"] and last(10, 20)["share_high"], "the floor of ten"
    assert [bool(last(30, size)["share_high"]) for size in (144, 145)] == [True, False], "its lower end against 15 %"
    assert [bool(last(30, 120, share=limit)["share_high"]) for limit in (0.181, 0.182)] == [True, False]
    assert [bool(last(8, 500, rise=1.0, floor=floor)["risen"]) for floor in (8, 9)] == [True, False]


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


HOURLY, DAILY = 0.003, 0.0007  # alphas; a week of history, because these series have eight


def test_of_real_brands_more_windows_are_found_at_fewer_false_days(capsys: pytest.CaptureFixture[str]) -> None:
    """Twitter volumes of five brands (Numenta Anomaly Benchmark, MIT): windows labelled by hand."""
    folder = shared("nab_tweet_volume")
    windows = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    rules: dict[str, list[tuple[Sequence[pd.Timestamp], list[tuple[pd.Timestamp, pd.Timestamp]]]]] = {}
    for name, spans in windows.items():
        rows = pd.read_csv(folder / name.split("/")[-1], parse_dates=["timestamp"]).set_index("timestamp")["value"]
        whole = rows.resample("h").sum()
        days = pd.date_range(whole.index[0].ceil("D"), whole.index[-1].floor("D") - pd.Timedelta(days=1))
        hours = whole.reindex(pd.date_range(days[0], periods=24 * len(days), freq="h")).fillna(0)
        daily, labelled = hours.resample("D").sum(), [(pd.Timestamp(a), pd.Timestamp(b)) for a, b in spans]
        by_day = [(a.normalize(), b.normalize()) for a, b in labelled]
        for rule, at, within in (
            ("day", days[day_alarms(daily, alpha=DAILY, forget=False, fewest=7)["alarm"].to_numpy()], by_day),
            ("+300 % a day", days[daily > 4 * daily.shift(1).rolling(28, min_periods=7).mean()], by_day),
            *((f"two hours {alpha:g}", hours.index[_two_hours(hours, days, alpha)], labelled) for alpha in (HOURLY, 1e-3, 1e-4)),
            ("+300 % an hour", hours.index[hours > 4 * hours.shift(1).rolling(28 * 24, min_periods=7 * 24).mean()], labelled),
        ):  # fmt: skip
            rules.setdefault(rule, []).append((list(at), within))
    told = {rule: _windows_and_false_days(found) for rule, found in rules.items()}
    with capsys.disabled():
        sys.stdout.writelines(
            f"\n{rule}: {hit} of {sum(map(len, windows.values()))} windows, {false} false days"
            for rule, (hit, false) in told.items()
        )
    for ours, plan in (("day", "+300 % a day"), (f"two hours {HOURLY:g}", "+300 % an hour")):
        assert told[ours][0] > told[plan][0], "more windows"
        assert told[ours][1] < told[plan][1], "fewer false days"
    assert told["two hours 0.0001"][1] <= 2


def _two_hours(hours: pd.Series, days: pd.DatetimeIndex, alpha: float) -> np.ndarray:
    return hour_alarms(hours.to_numpy().reshape(-1, 24), days, alpha=alpha, fewest=7)["alarm"].to_numpy()


def _windows_and_false_days(
    found: list[tuple[Sequence[pd.Timestamp], list[tuple[pd.Timestamp, pd.Timestamp]]]],
) -> tuple[int, int]:
    hit = sum(any(a <= at <= b for at in times) for times, spans in found for a, b in spans)
    false = sum(
        len({at.normalize() for at in times if not any(a <= at <= b for a, b in spans)}) for times, spans in found
    )
    return hit, false
