"""Two means whose variances may differ: Welch's t, for numbers and arrays alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from fanops_utils.experiments.statistics.tails import t_critical, t_p


def welch_df(error: Any, n: Any, base_error: Any, base_n: Any) -> Any:
    """Return Welch's degrees of freedom from the variances of the two means; NaN where nothing varies."""
    total = np.asarray(error) + base_error
    below = np.asarray(error) ** 2 / (np.asarray(n) - 1) + np.asarray(base_error) ** 2 / (np.asarray(base_n) - 1)
    return np.divide(total**2, below, out=np.full_like(total, np.nan, dtype=float), where=below > 0)


def welch(
    gap: Any, error: Any, n: Any, base_error: Any, base_n: Any, *, alpha: float = 0.05
) -> tuple[Any, Any, Any, Any]:
    """Return p, df and the interval of the difference *gap* of two means with variances *error* and *base_error*.

    Where neither varies p is 1 for equal means and NaN, with the interval, for others.
    """
    df = welch_df(error, n, base_error, base_n)
    spread = np.sqrt(np.asarray(error) + base_error)
    p_value = student(gap, spread, df)
    half = t_critical(alpha, df) * spread
    return p_value, df, gap - half, gap + half


def student(gap: Any, spread: Any, df: Any) -> Any:
    """Return the two-sided p-value of *gap* over its standard error; 1 where both are 0, NaN where only the error is."""
    spread = np.asarray(spread, dtype=float)
    t = np.divide(gap, spread, out=np.zeros_like(spread + np.asarray(gap, dtype=float)), where=spread > 0)
    still = np.where(np.asarray(gap) == 0, 1.0, np.nan)
    return np.where(spread > 0, t_p(t, df), still)
