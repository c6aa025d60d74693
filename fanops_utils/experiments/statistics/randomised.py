"""Tests by drawing the assignment again: of a studentised difference, for few clusters and for skewed values in unequal arms.

The statistic is the difference of two ratios of sums over its own standard error: of means where every denominator is 1. Drawn
again it keeps its level where Welch's t does not: few values carry the mean, and one arm is much smaller. Sources: Janssen
1997; Chung and Romano 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from fanops_utils.experiments.statistics.tails import t_critical

DRAWS = 9_999
ALL = 10_000  # allocations of clusters, up to which each is taken once
TIES = 1e-7
WORK = 2e8  # values summed for one test: fewer draws of very large arms, of which 9,999 say no more
LEAST_DRAWS = 1_999
STEPS = 40


@dataclass(frozen=True)
class Drawn:
    """A two-sided p-value with the interval of the difference that agrees with it; `draws` allocations were compared."""

    p_value: float
    lower: float
    upper: float
    draws: int


def features(values: np.ndarray, base: np.ndarray | None = None) -> np.ndarray:
    """Return the columns whose sums give a difference of ratios and its error: y, x, y², xy, x² (x = 1 where no *base*)."""
    x = np.ones_like(values) if base is None else base
    return np.stack([values, x, values * values, x * values, x * x], axis=-1)


def studentised(sums: np.ndarray, n: int, others: np.ndarray, others_n: int) -> np.ndarray:
    """Return the difference of two ratios over its standard error, from sums of `features` in their last axis."""
    ratio, error = ratio_error(sums, n)
    base, base_error = ratio_error(others, others_n)
    gap, spread = ratio - base, np.sqrt(error + base_error)
    still = np.where(gap == 0, 0.0, np.sign(gap) * np.inf)
    return np.divide(gap, spread, out=still, where=spread > 0)


def shuffled_units(
    values: np.ndarray, treated: np.ndarray, *, rng: np.random.Generator, base: np.ndarray | None = None,
    draws: int = DRAWS,
) -> np.ndarray:  # fmt: skip
    """Return the studentised difference of *treated* (bool) against the rest, with the arms drawn again *draws* times.

    Values are sorted first, so the order of rows does not matter. Where most values are 0 only the others are drawn.
    """
    small_is_treated = treated.sum() * 2 <= treated.size
    small, size = int(min(treated.sum(), treated.size - treated.sum())), treated.size
    order = np.lexsort((values,) if base is None else (base, values))
    ordered = values[order]
    sparse = base is None and np.count_nonzero(ordered) * 2 < size
    centre = 0.0 if sparse else ordered.sum() / (size if base is None else base.sum())
    x = np.ones(size) if base is None else base[order]
    scale = np.sqrt(np.mean((ordered - centre * x) ** 2)) or 1.0
    table = features((ordered - centre * x) / scale, x / x.mean())
    if sparse:
        table = table[ordered != 0]
    draws = int(np.clip(WORK / max(small * len(table) / size, 1), min(LEAST_DRAWS, draws), draws))
    taken = rng.hypergeometric(len(table), size - len(table), small, draws) if sparse else np.full(draws, small)
    sums = np.empty((draws, table.shape[1]))
    for number, count in enumerate(taken):
        sums[number] = table[rng.choice(len(table), count, replace=False, shuffle=False)].sum(axis=0)
    total = table.sum(axis=0)
    if sparse:  # a zero adds to the denominators alone
        ones = (sums[:, [1]] * 0 + 1) * np.array([0, 1, 0, 0, 1])
        sums, total = sums + ones * (small - taken[:, None]), total + ones[0] * (size - len(table))
    found = studentised(sums, small, total - sums, size - small)
    return np.sort(found if small_is_treated else -found)


def drawn_interval(estimate: float, error: float, null: np.ndarray, *, alpha: float) -> Drawn:
    """Return p-value and interval of an *estimate* with standard *error* from its sorted *null* of `shuffled_units`.

    Either side by itself, doubled. Where *alpha* asks for more than so many draws can tell, the interval is the wider of
    theirs and the normal's, and p stays above it.
    """
    draws, t = null.size, estimate / error
    slack = TIES * max(1.0, abs(t))
    above, below = np.sum(null >= t - slack), np.sum(null <= t + slack)
    p_value = min(2 * (1 + min(above, below)) / (draws + 1), 1.0)
    place = int(alpha / 2 * (draws + 1) + 1e-9)
    high, low = (null[-place], null[place - 1]) if place else (null[-1], null[0])
    if not place:
        limit = float(t_critical(alpha, np.inf))
        high, low = max(high, limit), min(low, -limit)
    return Drawn(float(p_value), float(estimate - high * error), float(estimate - low * error), draws)


def allocations(groups: int, treated: int, *, rng: np.random.Generator, draws: int = DRAWS) -> tuple[np.ndarray, bool]:
    """Return ways to put *treated* of *groups* clusters into the treatment, a row of 0 and 1 each, and whether they are all."""
    if comb(groups, treated) <= ALL:
        chosen = np.array(list(combinations(range(groups), treated)))
        whole = True
    else:
        chosen, whole = np.argsort(rng.random((draws, groups)), axis=1)[:, :treated], False
    rows = np.zeros((len(chosen), groups))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows, whole


def least_p(groups: int, treated: int) -> float:
    """Return the smallest p-value that clusters so divided can have: one of all allocations, two where arms are equal."""
    return (2 if groups == 2 * treated else 1) / comb(groups, treated)


def randomised_p(table: np.ndarray, treated: np.ndarray, rows: np.ndarray, *, whole: bool) -> np.ndarray:
    """Return two-sided p-values of clusters' `features` (last axes: cluster, feature) under the allocations *rows*."""
    many = int(rows[0].sum())
    total = table.sum(axis=-2)
    sums = np.einsum("bg,...gf->...bf", rows, table, optimize=True)
    null = np.abs(studentised(sums, many, total[..., None, :] - sums, rows.shape[1] - many))
    seen = table[..., treated, :].sum(axis=-2)
    t = np.abs(studentised(seen, many, total - seen, rows.shape[1] - many))[..., None]
    with np.errstate(invalid="ignore"):
        hits = np.sum(null >= t - TIES * np.maximum(1.0, np.where(np.isfinite(t), t, 1.0)), axis=-1)
    return hits / len(rows) if whole else (1 + hits) / (len(rows) + 1)


def randomised(
    values: np.ndarray, treated: np.ndarray, *, alpha: float, rng: np.random.Generator, base: np.ndarray | None = None
) -> Drawn:
    """Return the randomisation test of clusters, *treated* a bool each, with the interval that inverts it.

    *values* are the clusters' means or, with *base* (their sizes), their totals. Every allocation is taken once where there are
    10,000 or fewer, else 9,999 are drawn.
    """
    x = np.ones_like(values) if base is None else base
    centre = values.sum() / x.sum()
    rows, whole = allocations(values.size, int(treated.sum()), rng=rng)

    def p(shift: float) -> float:
        moved = values - centre * x - np.where(treated, shift, 0.0) * x
        return float(randomised_p(features(moved, x), treated, rows, whole=whole))

    ratios = [values[side].sum() / x[side].sum() for side in (treated, ~treated)]
    gap = ratios[0] - ratios[1]
    spread = float(np.sqrt(sum(ratio_error(features(values - centre * x, x)[side].sum(axis=0), int(side.sum()))[1]
                               for side in (treated, ~treated))))  # fmt: skip
    ends = [_end(p, gap, sign * spread, alpha) for sign in (-1, 1)] if spread > 0 else [gap, gap]
    return Drawn(p(0.0), ends[0], ends[1], len(rows))


def _end(p: Callable[[float], float], gap: float, step: float, alpha: float) -> float:
    """Return where p falls to *alpha*, going from *gap* by *step*; infinite where it does not within a thousand steps."""
    inside, reach = gap, 2.0
    while p(gap + reach * step) > alpha:
        inside, reach = gap + reach * step, reach * 2
        if reach > 1_000:
            return float(np.sign(step) * np.inf)
    outside = gap + reach * step
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(middle) > alpha else (inside, middle)
    return float(inside)


def ratio_error(sums: np.ndarray, n: int) -> tuple[Any, Any]:
    """Return ratios of sums and the variances of them, from sums of `features`."""
    y, x, yy, xy, xx = np.moveaxis(sums, -1, 0)
    ratio = y / x
    left = np.maximum(yy - 2 * ratio * xy + ratio**2 * xx, 0.0)
    left = np.where(left <= 1e-13 * np.maximum(yy, 0.0), 0.0, left)
    return ratio, n / (n - 1) * left / x**2
