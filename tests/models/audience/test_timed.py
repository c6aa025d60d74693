"""Rewards for a time and rankings: weeks drawn by lot find what was planted, and nothing where nothing is."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.audience.growth import TimedRewards, timed_rewards, weeks_by_lot

START = pd.Timestamp("2026-01-05")
SLOW = bool(os.environ.get("FANOPS_SLOW"))
NONE = pd.DataFrame({"starts_on": pd.to_datetime([]), "ends_on": pd.to_datetime([])})


def world(
    seed: int,
    *,
    lift: float = 0.0,
    each: float = 12.0,
    weeks: int = 24,
    top: float = 0.0,
    trend: float = 0.0,
    run: bool = False,
) -> TimedRewards:
    """Return what is told of *weeks* drawn by lot (the last eight, where *run*) that bring *lift* more, *each* a week without.

    Counts scatter half as much again as chance has it; *top*: part of the brought in weeks with it that come through ten people;
    *trend*: growth over all weeks.
    """
    rng, size = np.random.default_rng(seed), 400
    members = [f"m{number}" for number in range(size)]
    fans = pd.DataFrame({"member_key": members, "joined_on": START - pd.Timedelta(days=400), "left_on": pd.NaT})
    drawn = weeks_by_lot(START.date(), weeks=weeks, rng=rng)
    on = np.arange(weeks) >= weeks - 8 if run else drawn["on"].to_numpy()
    rows = []
    for place, monday in enumerate(pd.to_datetime(drawn["date_day"])):
        mean = each * (1 + lift * on[place]) * (1 + trend * place / weeks)
        for _ in range(rng.negative_binomial(mean / 0.5, 1 / 1.5)):
            busy = on[place] and rng.random() < top
            rows.append(
                (
                    members[int(rng.integers(10 if busy else size))],
                    f"new{len(rows)}",
                    monday + pd.Timedelta(days=int(rng.integers(7))),
                )
            )
    invitations = pd.DataFrame(rows, columns=["inviter_key", "invited_key", "accepted_on"])
    first = pd.to_datetime(drawn["date_day"][on])
    periods = pd.DataFrame({"starts_on": first, "ends_on": first + pd.Timedelta(days=6)})
    return timed_rewards(fans, invitations, periods, as_of=START + pd.Timedelta(days=7 * weeks - 1))


def test_drawn_weeks_find_what_is_planted_and_nothing_where_nothing_is(
    record_property: Callable[[str, object], None],
) -> None:
    draws = 200 if SLOW else 12
    null = [world(seed).effect for seed in range(draws)]
    false = float(np.mean([not one.ci_lower < 0 < one.ci_upper for one in null]))
    planted = [world(seed, lift=1.0).effect for seed in range(draws // 2)]
    record_property("false_alarms", float(false))
    record_property("doubling_found", float(np.mean([one.ci_lower > 0 for one in planted])))
    assert false <= (0.1 if SLOW else 0.25)
    assert np.mean([one.ci_lower > 0 for one in planted]) >= 0.9
    assert np.mean([one.ci_lower < 1.0 < one.ci_upper for one in planted]) >= 0.8
    assert 0.75 < np.mean([one.estimate for one in planted]) < 1.3


def test_a_trend_is_not_taken_for_an_effect_of_one_stretch_at_the_end() -> None:
    found = [world(seed, trend=1.0, run=True, weeks=30) for seed in range(8)]
    assert {one.runs for one in found} == {1}
    assert sum(not one.effect.ci_lower < 0 < one.effect.ci_upper for one in found) <= 1


def test_a_ranking_that_leans_on_few_shows() -> None:
    found = world(1, lift=1.0, top=0.7)
    assert found.top_on > found.top_off + 0.2
    even = world(1, lift=1.0)
    assert abs(even.top_on - even.top_off) < 0.15


def test_what_it_would_take_is_sized_to_find_it() -> None:
    needed = world(3).needed
    assert needed is not None and 16 <= needed <= 60
    found = [world(seed, lift=0.5, weeks=needed).effect.ci_lower > 0 for seed in range(100 if SLOW else 12)]
    assert np.mean(found) >= (0.7 if SLOW else 0.5)


def test_nothing_tried_few_weeks_and_no_history_have_no_effect() -> None:
    fans = pd.DataFrame({"joined_on": [START], "left_on": [pd.NaT]})
    empty = pd.DataFrame({"inviter_key": [], "invited_key": [], "accepted_on": pd.to_datetime([])}, dtype="object")
    empty["accepted_on"] = pd.to_datetime(empty["accepted_on"])
    found = timed_rewards(fans, empty, NONE, as_of=START + pd.Timedelta(days=100))
    assert (found.on, found.needed) == (0, None) and np.isnan(found.effect.estimate)
    nobody = timed_rewards(fans.iloc[:0], empty, NONE, as_of=START)
    assert nobody.weeks.empty and nobody.needed is None


@pytest.mark.parametrize("first", [date(2026, 11, 2), date(2026, 11, 5)])
def test_of_each_pair_of_weeks_the_lot_names_one(first: date) -> None:
    drawn = weeks_by_lot(first, weeks=11, rng=np.random.default_rng(1))
    assert len(drawn) == 12 and all(day.weekday() == 0 and day >= first for day in drawn["date_day"])
    pairs = drawn["on"].to_numpy().reshape(-1, 2)
    assert (pairs.sum(axis=1) == 1).all() and 0 < pairs[:, 0].sum() < 6
