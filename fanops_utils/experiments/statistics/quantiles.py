"""Quantiles and heavy tails: differences that a few large values do not decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.metrics.intervals import Interval

LEAST = 20  # values in an arm
BATCH = 4_000_000  # resampled values held at once


@dataclass(frozen=True)
class TailReading:
    """A difference of two arms with its interval; `cannot_tell` is why there is none."""

    difference: Interval
    cannot_tell: Reason | None = None


def quantile_difference(
    treatment: npt.ArrayLike,
    control: npt.ArrayLike,
    *,
    share: float,
    rng: np.random.Generator,
    alpha: float = 0.05,
    draws: int = 4_000,
) -> TailReading:
    """Return the difference of the quantile *share* of two arms with its bootstrap interval, NaN left out.

    The rank of a resampled quantile is binomial, so nothing need be resampled: 4,000 draws cost one sort. Source:
    Schultzberg and Ankargren 2022.
    """
    arms = [_known(values) for values in (treatment, control)]
    if why := _too_few(arms, least=max(LEAST, int(np.ceil(5 / min(share, 1 - share))))):
        return TailReading(Interval(np.nan, np.nan, np.nan, sum(arm.size for arm in arms)), why)
    sets = []
    for arm in arms:
        rank = rng.binomial(arm.size + 1, share, draws)
        sets.append(np.sort(arm)[np.clip(rank - 1, 0, arm.size - 1)])
    low, high = np.quantile(sets[0] - sets[1], [alpha / 2, 1 - alpha / 2])
    estimate = float(np.quantile(arms[0], share) - np.quantile(arms[1], share))
    return TailReading(Interval(estimate, float(low), float(high), sum(arm.size for arm in arms)))


def mean_bootstrap(
    treatment: npt.ArrayLike,
    control: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    alpha: float = 0.05,
    draws: int = 1_000,
) -> TailReading:
    """Return the difference of means with its bootstrap-t interval, for small samples with a heavy tail; NaN left out.

    Each resample is scaled by its own standard error, which follows the skew that Welch's interval ignores. Source:
    Efron and Tibshirani 1993, chapter 12.
    """
    arms = [_known(values) for values in (treatment, control)]
    if why := _too_few(arms, least=LEAST):
        return TailReading(Interval(np.nan, np.nan, np.nan, sum(arm.size for arm in arms)), why)
    gap = float(arms[0].mean() - arms[1].mean())
    spread = float(np.sqrt(sum(arm.var(ddof=1) / arm.size for arm in arms)))
    again = [_resampled(arm, draws, rng) for arm in arms]
    scale = np.sqrt(again[0][1] + again[1][1])
    t = np.divide(again[0][0] - again[1][0] - gap, scale, out=np.zeros(draws), where=scale > 0)
    low, high = np.quantile(t, [alpha / 2, 1 - alpha / 2])
    interval = Interval(gap, gap - float(high) * spread, gap - float(low) * spread, sum(arm.size for arm in arms))
    return TailReading(interval)


def rank_test(treatment: npt.ArrayLike, control: npt.ArrayLike) -> tuple[float, float]:
    """Return P(a treated unit is above a control unit), ties half, and Mann and Whitney's p; NaN for an empty arm.

    It tests the order of two units, not a difference of means: one can rise while the other falls.
    """
    arms = [_known(values) for values in (treatment, control)]
    if min(arm.size for arm in arms) == 0:
        return float("nan"), float("nan")
    found = stats.mannwhitneyu(arms[0], arms[1])
    return float(found.statistic / (arms[0].size * arms[1].size)), float(found.pvalue)


def better_off(treatment: npt.ArrayLike, control: npt.ArrayLike, *, alpha: float = 0.05) -> TailReading:
    """Return P(a treated unit is above a control unit), ties half, with its interval; 0.5 where neither has the edge.

    The variance is that of the placements of either arm among the other, which holds where the arms differ in spread.
    Sources: Brunner and Munzel 2000; DeLong 1988. NaN left out.
    """
    arms = [_known(values) for values in (treatment, control)]
    size = sum(arm.size for arm in arms)
    if why := _too_few(arms, least=LEAST):
        return TailReading(Interval(np.nan, np.nan, np.nan, size), why)
    ranks = stats.rankdata(np.concatenate(arms))
    own = [stats.rankdata(arm) for arm in arms]
    parts = ranks[: arms[0].size], ranks[arms[0].size :]
    above, below = ((whole - alone) / other.size for whole, alone, other in zip(parts, own, arms[::-1], strict=True))
    share = float(above.mean())
    spread = float(np.sqrt(above.var(ddof=1) / arms[0].size + below.var(ddof=1) / arms[1].size))
    half = float(normal_critical(alpha)) * spread
    return TailReading(Interval(share, max(share - half, 0.0), min(share + half, 1.0), size))


def _known(values: npt.ArrayLike) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[~np.isnan(array)]


def _too_few(arms: list[np.ndarray], *, least: int) -> Reason | None:
    small = min(arm.size for arm in arms)
    return Reason("few_values", n=small, least=least) if small < least else None


def _resampled(values: np.ndarray, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of *draws* resamples and the variances of those means."""
    means, errors = np.empty(draws), np.empty(draws)
    step = max(1, BATCH // values.size)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        sample = values[rng.integers(0, values.size, (size, values.size))]
        means[start : start + size] = sample.mean(axis=1)
        errors[start : start + size] = sample.var(axis=1, ddof=1) / values.size
    return means, errors
