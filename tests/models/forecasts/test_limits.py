"""Signal or noise: a jump is a signal, growth and memory are not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.models.forecasts.limits import control_limits


def weeks(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=pd.date_range("2025-01-06", periods=len(values), freq="7D"))


def test_growth_and_memory_raise_few_alarms() -> None:
    rng, judged, alarms = np.random.default_rng(9), 0, 0
    for _ in range(150):
        values = 1000 * np.exp(np.cumsum(rng.normal(0.004, 0.02, 80)) + rng.normal(0, 0.05, 80))
        told = control_limits(weeks(values))
        judged, alarms = judged + int(told["centre"].notna().sum()), alarms + int(told["alarm"].sum())
    assert alarms / judged < 0.01


def test_a_jump_is_a_signal_and_does_not_widen_the_limits() -> None:
    rng = np.random.default_rng(2)
    values = 1000 + rng.normal(0, 30, 60)
    values[50] += 400
    told = control_limits(weeks(values))
    assert told["alarm"].iloc[50] and told["alarm"].sum() <= 3
    width = told["upper"] - told["lower"]
    assert width.iloc[56] < 2 * width.iloc[49]


def test_twelve_weeks_are_needed() -> None:
    told = control_limits(weeks(np.arange(13.0)))
    assert told["centre"].notna().tolist() == [False] * 12 + [True]
