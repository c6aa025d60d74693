"""When members are there: an hour is named only where it clearly stands out, among all hours and over members."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from fanops_utils.metrics import busy_hours, hours_of


def hours(rng: np.random.Generator, *, evening: float = 0.0, members: int = 60, acts: int = 40) -> pd.DataFrame:
    """Return `hours_of` members who act at any hour alike, a part *evening* of their acts at 20 or 21 beside that."""
    number = np.repeat(np.arange(members), acts)
    hour = np.where(
        rng.random(number.size) < evening, rng.integers(20, 22, number.size), rng.integers(0, 24, number.size)
    )
    events = pd.DataFrame({"member_key": number.astype(str), "minute_of_day": hour * 60 + 5})
    known = pd.DataFrame({"member_key": np.arange(members).astype(str), "tier": "core"})
    return hours_of(ibis.memtable(events), known, "tier")


def test_members_who_come_at_any_hour_have_no_busy_one() -> None:
    rng = np.random.default_rng(2)
    assert sum(bool(busy_hours(hours(rng))) for _ in range(20)) <= 3


def test_the_hours_at_which_they_come_are_named_and_no_others() -> None:
    assert busy_hours(hours(np.random.default_rng(3), evening=0.2)) == (20, 21)
