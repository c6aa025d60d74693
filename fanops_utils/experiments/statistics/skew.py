"""Skewed values in unequal arms: how far Welch's t errs, and Hall's transformation where only totals are known.

To first order a one-sided error of .025 moves by .085 |index|; at an index of .10 by one point in a hundred. At equal arms the
index is 0 whatever the skewness. Sources: Hall 1992; Kohavi, Deng, Longbotham, Xu 2014 for one sample.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fanops_utils.experiments.statistics.tails import t_critical, t_p

MOST = 0.10  # index up to which Welch's t keeps its level
MOST_HALL = 0.30  # beyond, totals are not enough


def skew_index(skewness: Any, n: Any, base_n: Any) -> Any:
    """Return the skewness of the difference of two means: of an arm of *n* less one of *base_n* units of one *skewness*.

    >>> round(float(skew_index(20.2, 500, 4_500)), 2), float(skew_index(20.2, 500, 500))
    (0.76, 0.0)
    """
    n, base_n = np.asarray(n, dtype=float), np.asarray(base_n, dtype=float)
    return skewness * (base_n - n) / np.sqrt(n * base_n * (n + base_n))


def least_small_arm(skewness: float, n: int, base_n: int) -> int:
    """Return the units the smaller arm needs for Welch's t, the ratio of the arms kept: 100 γ² (n_L - n_S)² / (n_L N)."""
    small, large = sorted((n, base_n))
    return int(np.ceil(skewness**2 / MOST**2 * (large - small) ** 2 / (large * (small + large))))


def hall(estimate: float, error: float, index: float, df: float, *, alpha: float) -> tuple[float, float, float]:
    """Return p-value, lower and upper of a difference whose skewness is *index*, by Hall's transformation of its t."""
    critical = float(t_critical(alpha, df))
    ends = [_back(sign * critical, index) for sign in (1, -1)]
    return float(t_p(_forth(estimate / error, index), df)), estimate - ends[0] * error, estimate - ends[1] * error


def _forth(t: float, g: float) -> float:
    return t + g * t**2 / 3 + g**2 * t**3 / 27 + g / 6


def _back(value: float, g: float) -> float:
    return value if g == 0 else float(3 / g * (np.cbrt(1 + g * (value - g / 6)) - 1))
