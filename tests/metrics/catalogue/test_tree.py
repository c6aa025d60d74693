"""The tree: both parts of a change add up to it, and the bigger one leads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.metrics import Interval
from fanops_utils.metrics.catalogue.tree import reconciled

NUMBERS = st.floats(0.5, 1e7)


def exactly(**numbers: float) -> dict[str, Interval | None]:
    return {name: Interval(one, one, one, 1) for name, one in numbers.items()}


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_parts_add_up(total: float, base: float, before: float, base_before: float) -> None:
    row = reconciled(exactly(revenue=total, orders=base), exactly(revenue=before, orders=base_before)).iloc[0]
    assert row["by_base"] + row["by_rate"] == pytest.approx(total - before, abs=1e-6 * max(total, before))


def test_the_branch_that_moved_leads() -> None:
    before = exactly(revenue=1000, orders=100)
    assert reconciled(exactly(revenue=2000, orders=200), before).iloc[0][["leads", "by_rate"]].tolist() == ["base", 0.0]
    assert reconciled(exactly(revenue=2000, orders=100), before)["leads"].tolist() == ["rate"]
    same = reconciled(before, before).iloc[0]
    assert same["by_base"] == same["by_rate"] == 0.0


def test_what_is_not_known_is_left_out() -> None:
    known = exactly(revenue=1000, orders=100)
    assert reconciled(known, {"revenue": None}).empty
    assert reconciled({**known, "orders": Interval(np.nan, np.nan, np.nan, 0)}, known).empty
