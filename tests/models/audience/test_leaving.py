"""Who is about to leave: chances keep their word on later weeks, in easy and hard worlds, and on public data."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.metrics.folds import habits_per_member
from fanops_utils.models.audience.daylog import DayLog
from fanops_utils.models.audience.leaving import Leaving, TooFewLeavers, leaving

START, DAYS = date(2026, 1, 1), 300
AS_OF = START + timedelta(days=DAYS - 1)
SLOW = bool(os.environ.get("FANOPS_SLOW"))
SEEDS = range(1, 7) if SLOW else (1,)


def world(kind: str, seed: int, *, size: int = 2500, leaves: float = 0.004) -> pd.DataFrame:
    """Return active days of members who come at a rate of their own: evenly, in bursts, or in bursts and fading out."""
    rng, day = np.random.default_rng(seed), np.arange(DAYS)
    chance = rng.beta(1.2, 2.5, size).clip(0.02)
    joined = rng.integers(0, 150, size)
    gone = joined + rng.geometric(leaves, size)
    daily = np.repeat(chance[:, None], DAYS, axis=1)
    if kind != "even":
        busy, state = np.empty((size, DAYS), bool), np.ones(size, bool)
        for number in range(DAYS):
            state = state ^ (rng.random(size) < np.where(state, 0.08, 0.15))
            busy[:, number] = state
        daily = np.where(busy, np.minimum(1, daily * 1.6), daily * 0.3)
    if kind == "fading":
        daily = daily * np.clip((gone[:, None] - day) / 30, 0.15, 1)
    seen = (rng.random((size, DAYS)) < daily) & (day < gone[:, None]) & (day >= joined[:, None])
    seen[np.arange(size), joined] = True
    who, when = np.nonzero(seen)
    days = pd.Timestamp(START) + pd.to_timedelta(when, unit="D")
    return pd.DataFrame({"member_key": [f"m{number}" for number in who], "date_day": days})


@pytest.mark.parametrize("kind", ["even", "bursty", "fading"])
def test_chances_keep_their_word_on_later_weeks(kind: str, record_property: Callable[[str, object], None]) -> None:
    found = [leaving(world(kind, seed), as_of=AS_OF) for seed in SEEDS]
    models = [one for one in found if isinstance(one, Leaving)]
    assert len(models) == len(SEEDS)
    slopes = [one.slope.estimate for one in models]
    record_property("slope", float(np.mean(slopes)))
    assert 0.9 <= float(np.mean(slopes)) <= 1.1
    for one in models:
        assert one.lift.ci_lower > 3 and abs(one.expected - one.seen) < 0.25 * one.seen
        assert one.members["chance"].is_monotonic_decreasing and one.members["chance"].between(0, 1).all()
        assert (one.members["gap"] < 28).all(), "who is silent already is not about to leave"


def test_where_leaving_hangs_on_nothing_no_tenth_leaves_more() -> None:
    rng, size = np.random.default_rng(3), 1200
    gone = rng.geometric(0.008, size)
    who, when = np.nonzero(np.arange(DAYS) < gone[:, None])  # who is there is there every day
    days = pd.DataFrame(
        {"member_key": who.astype(str), "date_day": pd.Timestamp(START) + pd.to_timedelta(when, unit="D")}
    )
    every = leaving(days, as_of=AS_OF)
    assert isinstance(every, Leaving)
    still = every.members[every.members["gap"] == 0]
    assert still["chance"].max() < 4 * still["chance"].median(), "of those who are there today nobody stands out"


def test_too_few_leavers_are_not_learnt_from() -> None:
    few = leaving(world("even", 1, size=60), as_of=AS_OF)
    assert isinstance(few, TooFewLeavers) and few.leavers < few.least_leavers
    young = world("even", 1)
    young = young[young["date_day"] <= pd.Timestamp(START) + pd.Timedelta(days=50)]
    assert isinstance(leaving(young, as_of=START + timedelta(days=50)), TooFewLeavers)
    nobody = leaving(young.iloc[:0], as_of=AS_OF)
    assert isinstance(nobody, TooFewLeavers) and (nobody.snapshots, nobody.leavers) == (0, 0)


def test_who_has_left_is_not_asked() -> None:
    days = world("even", 2, size=1000)
    gone = pd.Series(pd.Timestamp(AS_OF), index=days["member_key"].unique()[:200])
    every, fewer = leaving(days, as_of=AS_OF), leaving(days, as_of=AS_OF, gone=gone)
    assert isinstance(every, Leaving) and isinstance(fewer, Leaving)
    assert not set(gone.index) & set(fewer.members["member_key"])
    assert len(fewer.members) < len(every.members)


def test_the_log_in_numbers_says_what_the_engine_says() -> None:
    days = pd.concat([world("bursty", 5, size=150)] * 2)  # what stands twice counts once
    log = DayLog.of(days)
    for day in (START, START + timedelta(days=40), AS_OF):
        mine, engine = log.habits(day), habits_per_member(days, as_of=day)
        pd.testing.assert_frame_equal(
            mine.sort_values("member_key", ignore_index=True)[list(engine)], engine, check_dtype=False, atol=1e-9
        )
    week = days[days["date_day"].between(pd.Timestamp(START), pd.Timestamp(START) + pd.Timedelta(days=6))]
    assert set(log.seen(START, START + timedelta(days=6))) == set(week["member_key"])


def test_cdnow_buyers_are_told_apart_out_of_time(record_property: Callable[[str, object], None]) -> None:
    raw = pd.read_csv(
        shared("cdnow") / "CDNOW_master.txt", sep=r"\s+", header=0, names=["who", "day", "cds", "total"], dtype=str
    )
    days = pd.DataFrame({"member_key": raw["who"], "date_day": pd.to_datetime(raw["day"], format="%Y%m%d")})
    found = leaving(days, as_of=date(1998, 6, 30), within=91)
    assert isinstance(found, Leaving)
    assert 0.9 <= found.slope.estimate <= 1.1 and found.lift.ci_lower > 1.2
    record_property("slope", float(found.slope.estimate))


def test_a_dying_network_is_recorded_as_it_is(record_property: Callable[[str, object], None]) -> None:
    raw = pd.read_csv(shared("college_msg") / "CollegeMsg.txt", sep=" ")
    days = pd.DataFrame(
        {"member_key": raw["src"].astype(str), "date_day": pd.to_datetime(raw["time"], unit="s").dt.floor("D")}
    )
    found = leaving(days, as_of=days["date_day"].max().date(), within=14)
    assert isinstance(found, Leaving)
    assert found.slope.ci_lower < found.slope.estimate < found.slope.ci_upper and found.lift.ci_lower > 1.1
    record_property("slope", float(found.slope.estimate))
