"""Drills: a large crisis is found within a day, one of the plan's size may not be; a cadence misses what is over before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.crisis.drill import Drill, drill
from fanops_utils.models.crisis.watch import Episode, known_at, replay, seen_by_runs, watch

FIRST = date(2025, 1, 6)
SHAPE = np.array([1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 8, 8, 7, 5, 3, 2]) / 107
ALARM = Episode(FIRST, FIRST + timedelta(days=1), 1, FIRST, 40, 60, 50.0, 13, FIRST, 5)


def brand(rate: float, size: int = 130) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(int(10 * rate))
    level = rate * np.where(np.arange(size) % 7 >= 5, 0.8, 1.0)
    counts = rng.poisson(level * rng.gamma(5.0, 0.2, size))
    days = pd.DataFrame({"date_day": pd.date_range(FIRST, periods=size), "negatives": counts})
    days = days.assign(mentions=10 * counts + 9, labelled=10 * counts + 9, loud=0, grave=0)
    return days, np.array([rng.multinomial(one, SHAPE) for one in counts])


@pytest.mark.parametrize("rate", [0.5, 5, 30])
def test_a_crisis_of_ten_times_the_usual_is_known_by_the_next_daily_run(rate: float) -> None:
    days, hours = brand(rate)
    told = drill(days, hours, size=10.0, tries=6)
    assert (told.tries, told.found, told.within(24)) == (6, 6, 6)
    assert told.planted >= max(20, 8 * rate) and told.usual == pytest.approx(rate, rel=0.4)
    assert drill(days, hours, size=10.0, tries=6) == told, "no chance is in it"


def test_a_smaller_one_takes_longer_and_without_hours_a_day_must_be_over() -> None:
    days, hours = brand(30)
    large, small, blind = (
        drill(days, grid, size=size, tries=6) for grid, size in ((hours, 10.0), (hours, 2.0), (None, 10.0))
    )
    assert small.found < large.found
    assert blind.middle == 15.0, "from nine in the morning to midnight"
    assert large.middle is not None and large.middle < 15.0
    assert (Drill(2, (), 20.0, 1.0).middle, Drill(2, (), 20.0, 1.0).within(99)) == (None, 0)
    assert Drill(3, (24.0, 25.0), 20.0, 1.0).within(24) == 1


def test_nothing_is_planted_into_a_crisis_or_without_a_baseline() -> None:
    days, hours = brand(5)
    assert drill(days.head(58), hours[:58]).tries == 0 and drill(days.head(59), hours[:59]).tries == 1
    assert drill(days, hours, known=[(FIRST, date(2026, 1, 1))]).tries == 0


def test_what_is_over_before_the_next_run_is_never_told() -> None:
    def seen(every: int, *, after: int = 0, last: int = 1) -> bool:
        start = FIRST + timedelta(days=after)
        return seen_by_runs(replace(ALARM, start=start, end=start + timedelta(days=last)), first=FIRST, every=every)

    assert seen(1) and seen(24) and seen(7 * 24)
    assert seen(28 * 24, after=19, last=1) and not seen(28 * 24, after=18, last=1)  # told for a week after its last day
    counts = np.tile([4.0, 5.0, 6.0, 5.0, 4.0, 5.0, 6.0], 12)
    counts[70] = 60
    days = pd.DataFrame({"date_day": pd.date_range(FIRST, periods=84), "negatives": counts})
    told = watch(days.assign(mentions=60, labelled=60, loud=0, grave=0))
    daily, rare = (replay(told, [], cadence_hours=every) for every in (24, 55 * 24))
    assert (daily.alarms, daily.missed, rare.alarms, rare.missed) == (1, 0, 0, 1)


def test_an_alarm_is_known_when_its_hour_is_over_else_when_its_day_is() -> None:
    assert known_at(ALARM) == datetime(2025, 1, 6, 14)
    assert known_at(replace(ALARM, hour=None, hour_day=None)) == datetime(2025, 1, 7)
    assert known_at(replace(ALARM, hour_day=FIRST + timedelta(days=1))) == datetime(2025, 1, 7)
