from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.models import pacing
from fanops_utils.workspace.register import Period

APRIL = Period(start=date(2026, 4, 1), end=date(2026, 4, 30))


def spend(values: list[float] | np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"date_day": pd.date_range(APRIL.start, periods=len(values)), "spend": values})


def test_an_even_spend_is_carried_on_by_hand() -> None:
    found = pacing(spend([10.0] * 15), budget=600, period=APRIL, as_of=date(2026, 4, 15))
    assert (found.spent, found.planned, found.days_left) == (150.0, pytest.approx(300), 15)
    assert found.forecast.estimate == pytest.approx(300)
    assert (found.forecast.ci_lower, found.forecast.ci_upper) == (pytest.approx(300), pytest.approx(300))
    assert found.pace == "under"
    assert found.daily["forecast"].iloc[-1] == pytest.approx(300)
    assert found.daily["spent"].notna().sum() == 15


def test_over_on_pace_and_too_early() -> None:
    rng = np.random.default_rng(1)
    assert pacing(spend(rng.gamma(50, 0.6, 20)), budget=600, period=APRIL, as_of=date(2026, 4, 20)).pace == "over"
    assert pacing(spend(rng.gamma(50, 0.4, 20)), budget=600, period=APRIL, as_of=date(2026, 4, 20)).pace == "on_pace"
    early = pacing(spend([30.0] * 4), budget=600, period=APRIL, as_of=date(2026, 4, 4))
    assert early.pace == "cannot_tell"


def test_a_day_without_a_row_cost_nothing_and_rows_of_a_day_add_up() -> None:
    frame = pd.concat([spend([10.0] * 10), spend([5.0] * 10)])
    frame = frame[frame["date_day"] != pd.Timestamp("2026-04-03")]
    found = pacing(frame, budget=600, period=APRIL, as_of=date(2026, 4, 10))
    assert found.spent == pytest.approx(9 * 15)


def test_the_plan_s_shape_carries_the_forecast() -> None:
    calendar = pd.date_range(APRIL.start, APRIL.end)
    weight = np.where(calendar.day > 20, 4.0, 1.0)
    plan = pd.Series(weight / weight.sum(), index=calendar)
    found = pacing(spend([10.0] * 20), budget=600, period=APRIL, as_of=date(2026, 4, 20), plan=plan)
    assert found.planned == pytest.approx(200)
    assert found.forecast.estimate == pytest.approx(200 + 10 * 40)
    with pytest.raises(DataError, match="add up to 1"):
        pacing(spend([10.0]), budget=600, period=APRIL, as_of=date(2026, 4, 20), plan=plan * 2)


def test_the_interval_holds_what_comes_nine_times_in_ten() -> None:
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(400):
        shocks = rng.normal(0, 3, 30)
        for day in range(1, 30):
            shocks[day] += 0.4 * shocks[day - 1]
        days = np.maximum(20 + shocks, 0)
        found = pacing(spend(days[:15]), budget=600, period=APRIL, as_of=date(2026, 4, 15))
        inside += found.forecast.ci_lower <= days.sum() <= found.forecast.ci_upper
    assert 0.84 <= inside / 400 <= 0.96


def test_a_finished_period_is_no_longer_forecast() -> None:
    found = pacing(spend([20.0] * 30), budget=600, period=APRIL, as_of=date(2026, 5, 3))
    assert (found.days_left, found.forecast.estimate, found.pace) == (0, pytest.approx(600), "on_pace")
    assert found.forecast.ci_lower == found.forecast.ci_upper
    with pytest.raises(DataError, match="less than nothing"):
        pacing(spend([-1.0]), budget=600, period=APRIL, as_of=date(2026, 4, 2))
