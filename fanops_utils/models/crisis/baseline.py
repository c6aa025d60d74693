"""What counts of a day or hour are to be expected, from the days before, past excess weighing less.

Negative-binomial counts with a weekday factor, after Farrington et al. 1996 and Noufaily et al. 2013: the baseline's own
error widens the bounds, and days far above it weigh (2.58 / z)^2 of an ordinary one, so that a second wave is still seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

EXCESS_Z = 2.58
USUAL_K, K_WORTH = 0.3, 10.0  # over-dispersion that brands show, and how many days of data it is worth
ROUNDS = 3


@dataclass(frozen=True)
class Baseline:
    """Per row: the count `expected`, its over-dispersion `k` with the baseline's own error in it (NaN: too little history)."""

    expected: np.ndarray
    k: np.ndarray

    def p_value(self, counts: np.ndarray) -> np.ndarray:
        """Return the chance of *counts* or more (NaN where nothing is expected yet)."""
        size = 1 / np.maximum(self.k, 1e-9)
        with np.errstate(invalid="ignore", divide="ignore"):
            return stats.nbinom.sf(counts - 1, size, size / (size + self.expected))

    def upper(self, alpha: float) -> np.ndarray:
        """Return the highest count that is still usual at *alpha*."""
        size = 1 / np.maximum(self.k, 1e-9)
        with np.errstate(invalid="ignore", divide="ignore"):
            return stats.nbinom.isf(alpha, size, size / (size + self.expected))


def baseline(past: np.ndarray, cells: np.ndarray, now: np.ndarray, *, worth: float, forget: bool = True) -> Baseline:
    """Return what is expected of the cells *now* (rows x some), from the counts *past* in their *cells* (rows x history).

    *cells* number the kinds of day or hour (weekday 0, weekend 1, …); the factor of each is drawn to 1 as if it had
    *worth* ordinary observations more. NaN in *past* is a day without data: it weighs nothing.
    """
    known = np.isfinite(past)
    counts, weight = np.where(known, past, 0.0), known.astype(float)
    kinds = int(max(cells.max(initial=0), now.max(initial=0))) + 1
    inside = [cells == kind for kind in range(kinds)]
    rows = np.arange(len(past))[:, None]
    for last in range(ROUNDS):
        mean = _over(weight * counts, weight)
        factors = np.stack([(_total(weight * counts * mine) + worth * mean) / ((_total(weight * mine) + worth) * _safe(mean))
                            for mine in inside], axis=1)  # fmt: skip
        usual = mean[:, None] * factors[rows, cells]
        spread = _over(weight * ((counts - usual) ** 2 - usual), weight) / _safe(_over(weight * usual**2, weight))
        seen = _total(weight)
        k = (seen * np.maximum(spread, 0.0) + K_WORTH * USUAL_K) / (seen + K_WORTH)
        if not forget or last == ROUNDS - 1:
            break
        z = (counts - usual) / np.sqrt(_safe(usual + k[:, None] * usual**2))
        weight = known * np.where(z > EXCESS_Z, (EXCESS_Z / np.maximum(z, EXCESS_Z)) ** 2, 1.0)
    expected = mean[:, None] * factors[rows, now]
    own = (1 / _safe(mean) + k) / np.maximum(_total(weight), 1.0)  # variance of the mean, relative to its square
    expected = np.where(known.any(axis=1)[:, None], np.maximum(expected, 1e-6), np.nan)
    return Baseline(expected, np.broadcast_to((k + own)[:, None], expected.shape))


def _total(values: np.ndarray) -> np.ndarray:
    return np.asarray(values.sum(axis=1))


def _over(top: np.ndarray, base: np.ndarray) -> np.ndarray:
    return _total(top) / np.maximum(_total(base), 1e-9)


def _safe(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 1e-9)
