"""Intervals: no number without its uncertainty. NaN bounds mean the data cannot give any."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from fanops_utils.errors import DataError
from fanops_utils.text import say


@dataclass(frozen=True)
class Interval:
    """An estimate, its interval and the number of units behind it."""

    estimate: float
    ci_lower: float
    ci_upper: float
    n: int


NOTHING = Interval(np.nan, np.nan, np.nan, 0)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Return the share of *successes* in *n* with its Wilson score interval; all NaN where n is 0.

    Fractions 0-1. Raises DataError where successes exceed n. Source: Wilson 1927, no continuity correction.

    >>> found = wilson(8, 10)
    >>> round(found.estimate, 2), round(found.ci_lower, 3), round(found.ci_upper, 3)
    (0.8, 0.49, 0.943)
    """
    if n == 0:
        return NOTHING
    if not 0 <= successes <= n:
        raise DataError(say("a share needs 0 to n successes, not {hits} of {n}", hits=str(successes), n=str(n)))
    low, high = _wilson(np.array([int(successes)]), np.array([int(n)]), level)
    return Interval(successes / n, float(low[0]), float(high[0]), int(n))


def wilson_frame(successes: pd.Series, n: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Return `wilson` row by row: estimate, ci_lower, ci_upper, n, on the index of *successes*."""
    pairs = np.array([(int(hit), int(size)) for hit, size in zip(successes, n, strict=True)], dtype="int64")
    hits, sizes = pairs.reshape(-1, 2).T
    wrong = (sizes != 0) & ((hits < 0) | (hits > sizes))
    if wrong.any():
        raise DataError(
            say("a share needs 0 to n successes, not {hits} of {n}", hits=str(hits[wrong][0]), n=str(sizes[wrong][0]))
        )
    share = np.divide(hits, sizes, out=np.full(len(hits), np.nan), where=sizes != 0)
    low, high = _wilson(hits, sizes, level)
    bounds = {"estimate": share, "ci_lower": low, "ci_upper": high, "n": sizes}
    return pd.DataFrame(bounds, index=successes.index)


def mean_t(values: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Return the mean of *values*, NaN left out, with its t interval; bounds are NaN below two values.

    >>> mean_t([1.0, 2.0, 3.0, float("nan")]).n
    3
    """
    seen = _seen(values)
    if seen.size == 0:
        return NOTHING
    return around(float(seen.mean()), _standard_error(seen), seen.size - 1, n=seen.size, level=level)


def median_bootstrap(
    values: npt.ArrayLike, *, rng: np.random.Generator, level: float = 0.95, draws: int = 2000
) -> Interval:
    """Return the median of *values*, NaN left out, with its percentile bootstrap interval.

    The same seed of *rng* gives the same bounds; they are NaN below ten values, where they mean nothing.
    """
    seen = _seen(values)
    if seen.size < 10:
        return Interval(float(np.median(seen)) if seen.size else np.nan, np.nan, np.nan, seen.size)
    sample = stats.bootstrap(
        (seen,), np.median, confidence_level=level, n_resamples=draws, method="percentile", batch=200, rng=rng
    )
    bounds = sample.confidence_interval
    return Interval(float(np.median(seen)), float(bounds.low), float(bounds.high), seen.size)


def ratio_of_sums(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    clusters: Sequence[Hashable] | pd.Series | None = None,
    level: float = 0.95,
) -> Interval:
    """Return sum(numerator) / sum(denominator) with its delta-method interval.

    One pair per unit; pairs with a NaN are left out. Units that move together (posts of one creator) share a
    cluster: the interval then rests on the clusters (t with clusters - 1 degrees of freedom), and `n` counts them.
    Raises DataError for lengths that differ. NaN where the denominator sums to zero or less.

    >>> round(ratio_of_sums([1, 2, 3], [10, 10, 40]).estimate, 2)
    0.1
    """
    top, base = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if top.shape != base.shape or (clusters is not None and len(clusters) != len(top)):
        raise DataError(say("a ratio needs pairs: {top} numerators, {base} denominators", top=len(top), base=len(base)))
    known = ~(np.isnan(top) | np.isnan(base))
    if not known.any() or base[known].sum() <= 0:
        return NOTHING
    top, base = top[known], base[known]
    ratio = float(top.sum() / base.sum())
    residual = top - ratio * base
    if clusters is not None:
        group, _ = pd.factorize(np.asarray(clusters, dtype=object)[known], use_na_sentinel=False)
        residual = np.bincount(group, weights=residual)
    count = residual.size
    spread = np.sqrt(count / (count - 1) * np.sum(residual**2)) / base.sum() if count > 1 else np.nan
    return around(ratio, float(spread), count - 1, n=count, level=level)


def p_text(p_value: float) -> str:
    """Return a p-value as it is read: two digits, and no more zeros than mean something.

    >>> p_text(0.0086), p_text(2.5e-8)
    ('p = 0.0086', 'p < 0.001')
    """
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def around(estimate: float, spread: float, df: float, *, n: int, level: float) -> Interval:
    """Return *estimate* with its t interval from the standard error *spread* and *df* degrees of freedom."""
    half = float(stats.t.ppf(0.5 + level / 2, df)) * spread if df > 0 else np.nan
    return Interval(estimate, estimate - half, estimate + half, n)


def difference_of(row: Mapping[Any, Any] | pd.Series, other: Mapping[Any, Any] | pd.Series) -> Interval:
    """Return the difference of two independent estimates (estimate, ci_lower, ci_upper), *row* less *other*.

    Two intervals may overlap where their difference is clear of zero: this tells. For Wilson intervals of shares it is
    Newcombe's. Source: Zou and Donner 2008 (MOVER), which keeps the level of the two intervals.

    >>> found = difference_of(vars(wilson(56, 70)), vars(wilson(48, 80)))
    >>> round(found.estimate, 2), round(found.ci_lower, 4), round(found.ci_upper, 4)
    (0.2, 0.0524, 0.3339)
    """
    gap = float(row["estimate"] - other["estimate"])
    low = np.hypot(row["estimate"] - row["ci_lower"], other["ci_upper"] - other["estimate"])
    high = np.hypot(row["ci_upper"] - row["estimate"], other["estimate"] - other["ci_lower"])
    return Interval(gap, gap - float(low), gap + float(high), int(row["n"]) + int(other["n"]))


def interval_frame(intervals: Sequence[Interval], *, index: pd.Index | None = None) -> pd.DataFrame:
    """Return *intervals* as a tidy frame: estimate, ci_lower, ci_upper, n."""
    rows = [(found.estimate, found.ci_lower, found.ci_upper, found.n) for found in intervals]
    frame = pd.DataFrame(rows, index=index, columns=["estimate", "ci_lower", "ci_upper", "n"])
    return frame.astype({"estimate": float, "ci_lower": float, "ci_upper": float, "n": "int64"})


def _wilson(hits: np.ndarray, sizes: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of Wilson's intervals: NaN where there is no unit, 0 and 1 exactly where they lie there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = proportion_confint(hits, sizes, alpha=1 - level, method="wilson")
    low, high = np.where(hits == 0, 0.0, low), np.where(hits == sizes, 1.0, high)
    return np.where(sizes > 0, low, np.nan), np.where(sizes > 0, high, np.nan)


def _seen(values: npt.ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[~np.isnan(array)]


def _standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else np.nan
