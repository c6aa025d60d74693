"""Budget lines: the planted line runs over, the others keep to their plan."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from sample_worlds import SEEDS, TRUTHS, table

from fanops_utils.errors import DataError
from fanops_utils.metrics import budget_course

ON = date(2026, 11, 2)
NAMES = {"From": "period_start", "To": "period_end"}


def lines(seed: int) -> pd.DataFrame:
    rows = table(seed, "budget/lines.csv").rename(columns=NAMES)
    rows = rows.rename(columns=str.lower)
    return rows.assign(**{name: pd.to_datetime(rows[name]) for name in NAMES.values()})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_course_is_recovered(seed: int) -> None:
    told = budget_course(lines(seed), on=ON).set_index("category")
    assert told["code"].to_dict() == {"content": "over", "people": "on_plan", "tools": "on_plan", "reserve": "under"}
    for category, factor in TRUTHS.budget.spent:
        assert told.loc[category, "pace"] == pytest.approx(factor, rel=0.06)
        planned = TRUTHS.budget.year * dict(TRUTHS.budget.shares)[category]
        assert told.loc[category, "planned"] == pytest.approx(planned, rel=0.01)
    assert set(told["planned_reading"]) == {"inside"}
    assert told["actual_reading"].to_dict() == {
        "content": "above",
        "people": "inside",
        "tools": "inside",
        "reserve": "below",
    }


def test_two_months_tell_nothing_and_currencies_are_not_mixed() -> None:
    rows = lines(SEEDS[0])
    assert set(budget_course(rows, on=date(2026, 3, 1))["code"]) == {"cannot_tell"}
    assert budget_course(rows, on=date(2026, 4, 1)).set_index("category").loc["content", "code"] == "over"
    with pytest.raises(DataError):
        budget_course(rows.assign(currency=["USD"] + ["EUR"] * (len(rows) - 1)), on=ON)
    assert budget_course(rows.iloc[:0], on=ON).empty
