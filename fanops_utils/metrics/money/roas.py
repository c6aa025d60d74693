"""Credited value per unit of spend, with its interval: few orders of unequal worth make it, and they come in bursts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.text import say


def roas(
    value: npt.ArrayLike,
    spend: npt.ArrayLike,
    *,
    conversions: npt.ArrayLike | None = None,
    days: Sequence[Hashable] | pd.Series | None = None,
    level: float = 0.95,
) -> Interval:
    """Return sum(*value*) / sum(*spend*) with its gamma interval (Fay and Feuer 1997); the spend counts as known.

    One entry per row of the file, *value* and *spend* in one currency; without *days* every row is a day, without
    *conversions* every row with a value one conversion. The value is a sum of a Poisson number of conversions, each
    with its worth. Its variance is what those worths give or, where larger, what the days scatter about the common
    ratio. `n` counts days. A row without a value was credited none, as long as some row has one: else all is NaN.
    Bounds are NaN where the value is zero (what a conversion would be worth is unknown) or some row is below zero.
    Raises DataError for lengths that differ.

    >>> found = roas([30.0, 0.0, 62.0], [20.0, 20.0, 20.0], conversions=[1, 0, 2])
    >>> round(found.estimate, 2), round(found.ci_lower, 2), round(found.ci_upper, 2)
    (1.53, 0.31, 4.52)
    """
    worth, cost = np.asarray(value, dtype=float), np.asarray(spend, dtype=float)
    counts = np.ones_like(worth) if conversions is None else np.asarray(conversions, dtype=float)
    group = np.arange(len(worth)) if days is None else pd.factorize(pd.Series(days), use_na_sentinel=False)[0]
    if not len(worth) == len(cost) == len(counts) == len(group):
        raise DataError(
            say("a ratio needs pairs: {values} values, {costs} amounts spent", values=len(worth), costs=len(cost))
        )
    if not np.isfinite(worth).any() or not np.nansum(cost) > 0:
        return NOTHING
    worth, cost = np.nan_to_num(worth), np.nan_to_num(cost)
    spent, size = float(cost.sum()), len(np.unique(group))
    ratio = float(worth.sum()) / spent
    if not worth.sum() > 0 or (worth < 0).any():
        return Interval(ratio, np.nan, np.nan, size)
    each = worth / np.maximum(np.nan_to_num(counts, nan=1.0), 1.0)
    unit = float(each.max())  # squares of tiny amounts would vanish: counted in the largest worth there is
    if not np.isfinite(spent / unit):
        return Interval(ratio, np.nan, np.nan, size)
    between = np.bincount(group, weights=(worth - ratio * cost) / unit)
    scatter = size / (size - 1) * float(np.sum(between**2)) if size > 1 else 0.0
    low, high = _gamma(float(worth.sum()) / unit, max(float(np.sum(worth / unit * (each / unit))), scatter), 1.0, level)
    return Interval(ratio, low * unit / spent, high * unit / spent, size)


def _gamma(total: float, variance: float, largest: float, level: float) -> tuple[float, float]:
    """Return the bounds of a weighted sum of Poisson counts; *largest* is the weight one more count could have."""
    low = variance / (2 * total) * stats.chi2.ppf(0.5 - level / 2, 2 * total**2 / variance)
    more, wider = total + largest, variance + largest**2
    high = wider / (2 * more) * stats.chi2.ppf(0.5 + level / 2, 2 * more**2 / wider)
    return float(low), float(high)
