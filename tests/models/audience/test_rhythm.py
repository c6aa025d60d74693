"""Members' own rhythm: who has left is found, who is only slow is left in peace; groups are found where they are planted."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.audience.groups import find_groups
from fanops_utils.models.audience.moving import stage_moves
from fanops_utils.models.audience.rhythm import rhythm_of, stages

START, DAYS = date(2026, 1, 1), 300
STEP = 5 if os.environ.get("FANOPS_SLOW") else 15
SLOW = bool(os.environ.get("FANOPS_SLOW"))  # the whole grids: a hundred draws each
Record = Callable[[str, object], None]


def world(
    rng: np.random.Generator, size: int, *, leaves: float = 0.004, bursty: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return fans, their active days and when each leaves; every member has a daily chance of their own, *bursty* in spells."""
    chance = rng.beta(1.2, 2.5, size).clip(0.02)
    gone = np.minimum(rng.geometric(leaves, size), DAYS + 400)
    daily = np.repeat(chance[:, None], DAYS, axis=1)
    if bursty:
        busy = np.ones(size, bool)
        for day in range(DAYS):
            busy ^= rng.random(size) < np.where(busy, 0.1, 0.2)
            daily[:, day] *= np.where(busy, 1.3, 0.4)
    seen = (rng.random((size, DAYS)) < daily) & (np.arange(DAYS) < gone[:, None])
    seen[:, 0] = True
    who, day = np.nonzero(seen)
    fans = pd.DataFrame({"member_key": [f"m{n}" for n in range(size)], "joined_on": pd.Timestamp(START)})
    days = pd.DataFrame(
        {"member_key": [f"m{n}" for n in who], "date_day": pd.Timestamp(START) + pd.to_timedelta(day, unit="D")}
    )
    return fans, days, gone


@pytest.mark.parametrize("kind", ["even", "bursty"])
def test_few_present_members_are_accused_and_most_leavers_found_within_a_month(
    kind: str, record_property: Record
) -> None:
    rng, accused, months, found, left = np.random.default_rng(4), 0.0, 0.0, 0, 0
    fans, days, gone = world(rng, 1500 if SLOW else 700, bursty=kind == "bursty")
    before: np.ndarray | None = None
    for day in range(150, DAYS, STEP):
        as_of = START + timedelta(days=day)
        rows = stages(fans, days, as_of=as_of, rhythm=rhythm_of(days, as_of=as_of))
        flagged = rows["stage"].isin(["at-risk", "silent", "lapsed"]).to_numpy()
        there = gone > day
        accused += ((flagged & ~before if before is not None else flagged) & there).sum()
        months += there.sum() * STEP / 30
        late = (gone <= day - 30) & (gone > day - 30 - STEP)
        found, left = found + int((flagged & late).sum()), left + int(late.sum())
        before = flagged
    record_property("accused_per_member_month", float(accused / months))
    record_property("leavers_found", float(found / left))
    assert accused / months <= 0.25
    assert found / left >= 0.8


def test_each_member_is_measured_by_their_own_rhythm() -> None:
    rng = np.random.default_rng(5)
    fans, days, _ = world(rng, 300, leaves=1e-9)
    often = pd.DataFrame({"member_key": "often", "date_day": pd.date_range("2026-01-01", "2026-06-20")})
    seldom = pd.DataFrame({"member_key": "seldom", "date_day": pd.date_range("2026-01-01", "2026-06-20", freq="14D")})
    both = pd.concat([days, often, seldom])
    more = pd.DataFrame({"member_key": ["often", "seldom"], "joined_on": pd.Timestamp(START)})
    as_of = date(2026, 7, 1)
    rows = stages(pd.concat([fans, more]), both, as_of=as_of, rhythm=rhythm_of(both, as_of=as_of)).set_index(
        "member_key"
    )
    assert rows.loc["often", "stage"] in ("at-risk", "silent") and rows.loc["seldom", "stage"] == "active"
    assert rows.loc["seldom", "own_days"] > 5 * rows.loc["often", "own_days"]


def test_who_came_back_after_a_long_silence_is_won_back_and_who_is_gone_lapsed() -> None:
    fans = pd.DataFrame(
        {
            "member_key": ["back", "gone", "young"],
            "joined_on": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-06-20"]),
        }
    )
    days = pd.DataFrame({"member_key": ["back", "back", "back", "gone"],
                         "date_day": pd.to_datetime(["2026-01-01", "2026-01-03", "2026-06-28", "2026-02-01"])})  # fmt: skip
    as_of = date(2026, 7, 1)
    rows = stages(fans, days, as_of=as_of, rhythm=rhythm_of(days, as_of=as_of)).set_index("member_key")
    assert rows["stage"].to_dict() == {"back": "won-back", "gone": "lapsed", "young": rows.loc["young", "stage"]}
    moves = stage_moves(rows.reset_index(), rows.reset_index())
    assert (moves["origin"] == moves["target"]).all() and (moves["share"] == 1).all()


def empty_counts(rng: np.random.Generator, size: int, *, kind: str = "zeros") -> pd.DataFrame:
    """Return counts that hang together and hold no groups: with many *zeros*, *skewed*, or *even* without a level."""
    level = {"zeros": rng.gamma(1.0, 1.0, size), "skewed": rng.lognormal(0, 1, size), "even": np.ones(size)}[kind]
    acts = (("likes", 3.0), ("comments", 1.0), ("shares", 0.5), ("visits", 6.0))
    kept = 0.6 if kind == "zeros" else 1.0
    return pd.DataFrame({name: rng.poisson(level * rate) * (rng.random(size) < kept) for name, rate in acts})


@pytest.mark.parametrize("kind", ["zeros", "skewed", "even"])
def test_fans_without_groups_yield_none(kind: str, record_property: Record) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not here")
    draws, called = 100 if SLOW else {"zeros": 2, "skewed": 1, "even": 1}[kind], 0
    for seed in range(draws):
        rng = np.random.default_rng(8 + seed)
        counts = empty_counts(rng, 3000 if SLOW and seed % 10 == 0 else 500, kind=kind)
        called += find_groups(counts, ["likes", "comments", "shares", "visits"], rng=rng).status == "found"
    record_property("found_of_draws", (int(called), int(draws)))
    assert called <= 0.03 * draws


def four_groups(rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return counts of four groups, each three standard deviations above the others in two of six columns, and who is where."""
    group = rng.choice(4, size, p=[0.4, 0.3, 0.2, 0.1])
    logs = rng.normal(3, 0.4, (size, 6))
    for number, columns in enumerate(((0, 1), (2, 3), (4, 5), (0, 5))):
        for column in columns:
            logs[group == number, column] += 3 * 0.4
    return pd.DataFrame(np.rint(np.exp(logs)), columns=list("abcdef")), group


def test_planted_groups_are_found(record_property: Record) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not here")
    draws, found, alike = 100 if SLOW else 1, 0, []
    for seed in range(draws):
        rng = np.random.default_rng(9 + seed)
        counts, group = four_groups(rng, 3000)
        told = find_groups(counts, list("abcdef"), rng=rng)
        found += told.status == "found" and told.number == 4 and told.smallest >= 0.05
        if told.labels is not None:
            alike.append(metrics.adjusted_rand_score(group, told.labels))
    record_property("four_found_of_draws", (int(found), int(draws)))
    record_property("agreement_with_the_planted", float(np.mean(alike)))
    assert found >= 0.95 * draws and np.mean(alike) > 0.9


def test_too_few_members_hold_no_groups() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not here")
    rng = np.random.default_rng(1)
    assert find_groups(empty_counts(rng, 50), ["likes", "comments"], rng=rng).status == "few"
