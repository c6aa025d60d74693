"""The hard grid, as it is told: what broke, what was covered."""

from __future__ import annotations

import pandas as pd
from saying import sane

from fanops_utils.sections import methods


def _table(errors: float = 0.05, *, within: bool = True) -> pd.DataFrame:
    rows = [
        ("clusters", "uneven", 4, 36, "drawn", errors, 0.95, 0.6, 1.0, 2_000, 0.035, 0.066, within),
        ("units", "buyers", 400, 3_600, "drawn", 0.04, 0.95, 0.3, 0.96, 2_000, 0.035, 0.066, True),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "design", "shape", "treated", "control", "method", "errors", "coverage", "power", "told", "simulations", "band_lower",
        "band_upper", "within",
    ])  # fmt: skip


def test_a_cell_beyond_its_band_is_named_and_one_within_is_not() -> None:
    kept, broken = (sane(methods.hard(table).finding) for table in (_table(), _table(0.12, within=False)))
    assert [(one.code, one.severity) for one in (kept, broken)] == [("kept", "good"), ("broken", "watch")]


def test_what_was_covered_counts_the_cells() -> None:
    finding = sane(methods.covered(_table()).finding)
    assert (finding.code, finding.n) == ("covered", 2)
