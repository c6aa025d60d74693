"""Many comparisons read together: Holm's steps, which keep the chance of any false one, and a lead over all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from fanops_utils.metrics.intervals import Interval, difference_of


def holm(p_values: npt.ArrayLike | Sequence[float]) -> np.ndarray:
    """Return *p_values* corrected by Holm 1979 for being read together; none is NaN.

    Own steps: those of statsmodels run the garbage collector at every call, a tenth of a second each.

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)
    adjusted = np.empty(p.size)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    return np.minimum(adjusted, 1.0)


def side_of_all(row: Mapping[Any, Any] | pd.Series, others: pd.DataFrame) -> int:
    """Return 1 where the estimate of *row* is clearly above that of each of *others*, -1 clearly below each, else 0.

    Both have estimate, ci_lower, ci_upper and n, and are independent. Who leads all must lead each, so nothing is
    corrected; also where *row* was taken for being first (Gutmann and Maymin 1987). 0 where nobody else is there.

    >>> others = pd.DataFrame([(0.3, 0.25, 0.35, 90), (0.2, 0.1, 0.3, 50)], columns=["estimate", "ci_lower", "ci_upper", "n"])
    >>> side_of_all({"estimate": 0.39, "ci_lower": 0.34, "ci_upper": 0.44, "n": 90}, others)
    1
    """
    sides = {_side(row, other) for other in others.to_dict("records")}
    return sides.pop() if len(sides) == 1 else 0


def sides_of(row: Mapping[Any, Any] | pd.Series, others: pd.DataFrame, *, level: float) -> np.ndarray:
    """Return for each of *others* 1 where *row* is clearly above it, -1 clearly below, else 0, read together (Holm).

    Columns as in `side_of_all`; *level* is that of the intervals.
    """
    return sides_of_gaps([difference_of(row, other) for other in others.to_dict("records")], level=level)


def sides_of_gaps(gaps: Sequence[Interval], *, level: float) -> np.ndarray:
    """Return 1 for each of *gaps* (intervals *level* wide) clearly above zero, -1 clearly below, else 0, read together (Holm)."""
    clear = told_apart([chance_of(gap, level=level) for gap in gaps], level=level)
    return np.array([np.sign(gap.estimate) if sure else 0 for gap, sure in zip(gaps, clear, strict=True)], dtype=int)


def told_apart(p_values: npt.ArrayLike | Sequence[float], *, level: float) -> np.ndarray:
    """Return which of *p_values*, read together (Holm), are clear at *level*; NaN is none and no comparison either."""
    p = np.asarray(p_values, dtype=float)
    known, clear = np.isfinite(p), np.zeros(p.size, dtype=bool)
    clear[known] = holm(p[known]) < 1 - level
    return clear


def chance_of(gap: Interval, *, level: float) -> float:
    """Return the p-value of *gap*: that at which its interval, *level* wide, would just touch zero; NaN where it has none.

    >>> round(chance_of(Interval(1.96, 0.0, 3.92, 9), level=0.95), 3)
    0.05
    """
    near = gap.estimate - gap.ci_lower if gap.estimate > 0 else gap.ci_upper - gap.estimate
    if not near > 0:
        return np.nan if np.isnan(near) else float(gap.estimate == 0)
    return float(2 * stats.norm.sf(abs(gap.estimate) / near * stats.norm.ppf(0.5 + level / 2)))


def _side(row: Mapping[Any, Any] | pd.Series, other: Mapping[Any, Any]) -> int:
    gap = difference_of(row, other)
    return int(gap.ci_lower > 0) - int(gap.ci_upper < 0)
