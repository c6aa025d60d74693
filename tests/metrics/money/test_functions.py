"""Spending by whole week and by function, beside what came in meanwhile."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.metrics import Interval, booked_days, cost_by_function, spend_by_week

ON = date(2026, 4, 1)
LINES = pd.DataFrame({
    "category": ["content", "tools", "tools", "content"], "function": ["Social", "Shop", None, "Social"], "currency": "EUR",
    "period_start": pd.to_datetime(["2026-02-01", "2026-03-01", "2026-03-01", "2026-04-01"]),
    "period_end": pd.to_datetime(["2026-02-28", "2026-03-31", "2026-03-31", "2026-04-30"]), "spent": [60.0, 30.0, 10.0, 99.0],
})  # fmt: skip


def test_only_whole_weeks_count_and_a_day_without_a_row_cost_nothing() -> None:
    days = pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-08", "2026-03-10"])  # the 2nd is a Monday
    ads = pd.DataFrame(
        {"date_day": days, "platform": "x", "spend": [1.0, 2.0, 4.0, 8.0], "currency": "EUR", "breakdown": None}
    )
    split = ads.assign(breakdown="age")
    other = ads.head(1).assign(currency="USD", spend=500.0)
    told = spend_by_week(pd.concat([ads, split, other]))
    assert told["x"].to_dict() == {pd.Timestamp("2026-03-02"): 6.0}
    assert spend_by_week(ads.head(0)).empty


def test_what_a_function_spent_stands_beside_what_came_in() -> None:
    told = cost_by_function(LINES, {"orders": Interval(20.0, 20.0, 20.0, 1), "views": None}, on=ON).set_index(
        "function"
    )
    assert told["spent"].to_dict() == {"Social": 60.0, "Shop": 30.0, "tools": 10.0}, "what is not over yet is not in it"
    assert told.loc["Social", ["share", "orders"]].tolist() == [0.6, 3.0] and told["views"].isna().all()
    assert booked_days(LINES, on=ON) == (date(2026, 2, 1), date(2026, 3, 31))
    assert booked_days(LINES, on=date(2026, 2, 28)) is None
    assert cost_by_function(LINES, {}, on=date(2026, 2, 28)).empty
    with pytest.raises(DataError):
        cost_by_function(LINES.assign(currency=["EUR", "USD", "EUR", "EUR"]), {}, on=ON)
