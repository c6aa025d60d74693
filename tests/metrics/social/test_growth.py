from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.metrics import growth_rate


def _daily(log_steps: np.ndarray, start: float = 10_000) -> pd.DataFrame:
    total = start * np.exp(np.concatenate([[0.0], np.cumsum(log_steps)]))
    day = pd.date_range("2026-01-01", periods=total.size)
    return pd.DataFrame({"date_day": day, "followers_total": pd.array(total, dtype="Float64")})


def test_constant_growth_is_recovered_over_gaps() -> None:
    daily = _daily(np.full(60, 0.001))
    holes = daily.drop(index=[10, 11, 12, 40])
    found = growth_rate(holes)
    assert found.estimate == pytest.approx(0.028, abs=1e-9)
    assert (found.n_days, found.n_missing) == (57, 4)
    assert found.percent[0] == pytest.approx(np.expm1(0.028))


def test_null_days_are_gaps_not_zeros() -> None:
    daily = _daily(np.full(30, 0.002))
    daily.loc[5, "followers_total"] = pd.NA
    assert growth_rate(daily).n_missing == 1


def test_interval_covers_under_autocorrelated_noise() -> None:
    rng, covered = np.random.default_rng(11), 0
    for _ in range(150):
        noise = rng.normal(0, 0.002, 180)
        for day in range(1, 180):
            noise[day] += 0.4 * noise[day - 1]
        found = growth_rate(_daily(0.001 + noise))
        covered += found.ci_lower <= 0.028 <= found.ci_upper
    assert covered >= 0.87 * 150


def test_short_histories_have_no_interval() -> None:
    assert np.isnan(growth_rate(_daily(np.full(10, 0.001))).ci_lower)


def test_counts_that_cannot_grow_are_refused() -> None:
    daily = _daily(np.full(20, 0.001))
    daily.loc[3, "followers_total"] = 0
    with pytest.raises(DataError, match="2026-01-04"):
        growth_rate(daily)
    with pytest.raises(DataError, match="twice"):
        growth_rate(pd.concat([_daily(np.full(20, 0.001))] * 2))
    with pytest.raises(DataError, match="two days"):
        growth_rate(daily.head(1))
