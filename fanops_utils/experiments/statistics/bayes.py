"""Bayesian readings: how likely the treatment is better, and what choosing it would cost if it is not.

A reading, never a stopping rule: stopped at the first P > 95 % in twenty looks, it ends four null tests in ten with a
winner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats


@dataclass(frozen=True)
class Reading:
    """Posterior of treatment less control: mean, 95 % (or *level*) interval, P(treatment is better).

    `loss_if_chosen` is the expected loss of choosing the treatment, `loss_if_kept` that of keeping the control, both
    in the outcome's unit; `scale` says whether that is a difference or a relative lift.
    """

    estimate: float
    ci_lower: float
    ci_upper: float
    better: float
    loss_if_chosen: float
    loss_if_kept: float
    scale: str = "difference"


def shares(
    hits: int, n: int, base_hits: int, base_n: int, *, prior: tuple[float, float] = (1.0, 1.0), level: float = 0.95
) -> Reading:
    """Return the reading of two shares with a Beta *prior*, by numerical integration: the same at every run.

    >>> round(shares(60, 100, 40, 100).better, 3)
    0.998
    """
    treated = stats.beta(hits + prior[0], n - hits + prior[1])
    base = stats.beta(base_hits + prior[0], base_n - base_hits + prior[1])
    places, weights = np.polynomial.legendre.leggauss(400)
    low, high = treated.mean() - 9 * treated.std(), treated.mean() + 9 * treated.std()
    low, high = max(low, 0.0), min(high, 1.0)
    x = (low + high) / 2 + (high - low) / 2 * places
    mass = treated.pdf(x) * weights * (high - low) / 2
    better = float(np.sum(mass * base.cdf(x)))
    # E[max(x - b, 0)] = x F(x) - E[b; b < x], a Beta with one more hit
    shifted = stats.beta(base_hits + prior[0] + 1, base_n - base_hits + prior[1])
    gain = float(np.sum(mass * (x * base.cdf(x) - base.mean() * shifted.cdf(x))))
    gap = float(treated.mean() - base.mean())
    lower, upper = _bounds(x, mass, base, gap, level)
    return Reading(gap, lower, upper, better, max(gain - gap, 0.0), gain)


def normal(
    estimate: float, error: float, *, prior_mean: float = 0.0, prior_sd: float = np.inf, level: float = 0.95,
    scale: str = "difference",
) -> Reading:  # fmt: skip
    """Return the reading of an *estimate* with standard *error* and a normal prior; flat by default.

    >>> round(normal(0.04082, 0.14725).better, 3)
    0.609
    """
    weight = 0.0 if np.isinf(prior_sd) else error**2 / (error**2 + prior_sd**2)
    mean = (1 - weight) * estimate + weight * prior_mean
    spread = error * np.sqrt(1 - weight)
    half = float(stats.norm.ppf(0.5 + level / 2)) * spread
    z = mean / spread
    better = float(special.ndtr(z))
    gain = float(spread * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) + mean * better)
    return Reading(mean, mean - half, mean + half, better, gain - mean, gain, scale)


def relative_shares(hits: int, n: int, base_hits: int, base_n: int, *, level: float = 0.95) -> Reading:
    """Return the reading of the relative lift of two shares, flat prior, delta method; NaN without a control's hit."""
    if not base_hits:
        return normal(np.nan, np.nan, scale="relative lift")
    share, base = hits / n, base_hits / base_n
    error = share * (1 - share) / n / base**2 + (share / base) ** 2 * base * (1 - base) / base_n / base**2
    return normal(share / base - 1, float(np.sqrt(error)), level=level, scale="relative lift")


def _bounds(
    x: np.ndarray, mass: np.ndarray, base: stats.rv_continuous, gap: float, level: float
) -> tuple[float, float]:
    """Return the quantiles of treatment less control, by bisection on its distribution."""
    found = []
    for tail in (0.5 - level / 2, 0.5 + level / 2):
        low, high = gap - 1.0, gap + 1.0
        for _ in range(50):
            middle = (low + high) / 2
            below = float(np.sum(mass * base.sf(x - middle)))
            low, high = (middle, high) if below < tail else (low, middle)
        found.append((low + high) / 2)
    return found[0], found[1]
