"""When members are there: an hour is named only where it clearly stands out; groups are told apart only where they differ."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from fanops_utils.metrics import busy_hours, hours_of, hours_together


def hours(
    rng: np.random.Generator, *, evening: float = 0.0, members: int = 60, acts: int = 40, groups: tuple[str, ...] = ("core",),
    only: str | None = None, own: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Return `hours_of` members who act at any hour alike, a part *evening* of their acts at 20 or 21 beside that (in the group
    *only*, or in all); each with favourite hours of their own where *own*."""
    tiers = np.resize(groups, members)
    number = np.repeat(np.arange(members), acts)
    late = rng.random(number.size) < evening * (np.isin(tiers, only)[number] if only else 1)
    hour = np.where(late, rng.integers(20, 22, number.size), rng.integers(0, 24, number.size))
    if own:
        favourite = rng.integers(0, 24, members)[number]
        hour = np.where(rng.random(number.size) < 0.5, (favourite + rng.integers(0, 3, number.size)) % 24, hour)
    events = pd.DataFrame({"member_key": number.astype(str), "minute_of_day": hour * 60 + 5})
    known = pd.DataFrame({"member_key": np.arange(members).astype(str), "tier": tiers})
    return hours_of(ibis.memtable(events), known, "tier")


def test_members_who_come_at_any_hour_have_no_busy_one() -> None:
    rng = np.random.default_rng(2)
    assert sum(bool(busy_hours(hours(rng))) for _ in range(20)) <= 3


def test_the_hours_at_which_they_come_are_named_and_no_others() -> None:
    assert busy_hours(hours(np.random.default_rng(3), evening=0.2)) == (20, 21)


def test_groups_with_the_same_hours_are_not_told_apart_and_drawn_together() -> None:
    rng, told, own, drawn = np.random.default_rng(4), 0, [], []
    for _ in range(20):
        table = hours(rng, members=90, acts=12, groups=("core", "active", "silent"), own=True)
        told += table["apart"].any()
        own.append(table.groupby("hour")["share"].std().mean())
        drawn.append(table.groupby("hour")["smooth"].std().mean())
    assert told <= 3, "one in twenty is chance"
    assert np.mean(drawn) < 0.5 * np.mean(own), "what only luck parts is drawn together"


def test_a_group_with_hours_of_its_own_is_told_apart_and_the_wave_shows_it() -> None:
    rng = np.random.default_rng(5)
    table = hours(rng, members=120, acts=30, groups=("core", "active", "silent"), evening=0.3, only="core", own=True)
    core = table[table["tier"] == "core"].reset_index(drop=True)
    assert core["apart"].all() and core["smooth"].idxmax() in (20, 21)
    assert busy_hours(core) == (20, 21)


def test_groups_together_are_their_members() -> None:
    table = hours(np.random.default_rng(6), members=60, groups=("core", "core", "active"))
    whole = hours_together(table)
    weighted = table.assign(part=table["share"] * table["n"]).groupby("hour")["part"].sum() / 60
    assert np.allclose(whole["share"], weighted) and (whole["n"] == 60).all()
    assert hours_together(table.iloc[:0]).empty
