"""Two shares: pooled z test and intervals of their difference, for numbers and arrays alike."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy import optimize

from fanops_utils.experiments.statistics.tails import normal_critical, normal_p

IntervalMethod = Literal["newcombe", "score", "wald"]


def pooled_z(hits: Any, n: Any, base_hits: Any, base_n: Any, *, correction: bool = False) -> tuple[Any, Any]:
    """Return z and two-sided p of the test that two shares are equal; variance pooled, 0 and 1 where nothing varies.

    *correction* subtracts Yates' half unit per arm, as R's `prop.test` does by default; z squared is its X-squared.

    >>> z, p = pooled_z(5, 83, 12, 99)
    >>> round(float(p), 3)
    0.159
    """
    share, base = np.asarray(hits) / n, np.asarray(base_hits) / base_n
    pooled = (np.asarray(hits) + base_hits) / (np.asarray(n) + base_n)
    error = np.sqrt(pooled * (1 - pooled) * (1 / np.asarray(n) + 1 / np.asarray(base_n)))
    gap = share - base
    if correction:
        gap = np.sign(gap) * np.maximum(np.abs(gap) - _half_units(n, base_n), 0)
    z = np.divide(gap, error, out=np.zeros_like(gap, dtype=float), where=error > 0)
    return z, normal_p(z)


def newcombe(hits: Any, n: Any, base_hits: Any, base_n: Any, *, alpha: float = 0.05) -> tuple[Any, Any]:
    """Return the interval of the difference of two shares from their Wilson intervals.

    Source: Newcombe 1998, method 10. It stays within -1 and 1 and holds for small samples.
    """
    # Own code: statsmodels' `confint_proportions_2indep` gives the same in many times the time, and breaks at an empty arm.
    z = normal_critical(alpha)
    share, base = np.asarray(hits) / n, np.asarray(base_hits) / base_n
    low, high = _wilson(share, n, z)
    base_low, base_high = _wilson(base, base_n, z)
    gap = share - base
    return gap - np.hypot(share - low, base_high - base), gap + np.hypot(high - share, base - base_low)


def wald(
    hits: Any, n: Any, base_hits: Any, base_n: Any, *, alpha: float = 0.05, correction: bool = False
) -> tuple[Any, Any]:
    """Return the interval gap ± z · sqrt(p(1-p)/n of each arm); *correction* widens it by Yates' half units."""
    share, base = np.asarray(hits) / n, np.asarray(base_hits) / base_n
    half = normal_critical(alpha) * np.sqrt(share * (1 - share) / n + base * (1 - base) / base_n)
    half = half + (_half_units(n, base_n) if correction else 0)
    return share - base - half, share - base + half


def score(hits: int, n: int, base_hits: int, base_n: int, *, alpha: float = 0.05) -> tuple[float, float]:
    """Return the interval of the difference that holds every difference a score test would not refuse.

    Source: Miettinen and Nurminen 1985. Numbers only: each end is found by iteration, at 0 and n hits too.
    """
    # Own code: statsmodels 0.15 (`confint_proportions_2indep`) has a count where a size belongs in the cubic below, so its
    # ends are some tenths of a point off, and it finds none for few hits. The tests hold this one to the likelihood itself.
    gap, limit = hits / n - base_hits / base_n, float(normal_critical(alpha))

    def excess(difference: float) -> float:
        spread = _restricted_spread(hits, n, base_hits, base_n, difference)
        return abs(gap - difference) - limit * spread

    edge = 1 - 1e-12
    low = optimize.brentq(excess, -edge, gap, xtol=1e-12) if gap > -edge and excess(-edge) > 0 else -1.0
    high = optimize.brentq(excess, gap, edge, xtol=1e-12) if gap < edge and excess(edge) > 0 else 1.0
    return float(low), float(high)


def race(treatment: int, control: int, planned: int) -> Literal["treatment", "no difference", "run on"]:
    """Return where a race of conversions in two equal arms stands, for traffic too thin to count units.

    The treatment wins when it leads by 2·sqrt(*planned*) conversions; when both together have *planned*, there is no
    difference. Five percent of races without a difference are won. Source: Evan Miller, simple sequential A/B testing.

    >>> race(70, 30, 400), race(60, 50, 110)
    ('treatment', 'no difference')
    """
    if treatment - control >= 2 * np.sqrt(planned):
        return "treatment"
    return "no difference" if treatment + control >= planned else "run on"


def _restricted_spread(hits: int, n: int, base_hits: int, base_n: int, difference: float) -> float:
    """Return the standard error of the difference with the shares most likely under *difference*."""
    total = n + base_n
    cubic = (
        base_hits * difference * (1 - difference),
        (base_n * difference - total - 2 * base_hits) * difference + hits + base_hits,
        (n + 2 * base_n) * difference - total - hits - base_hits,
        total,
    )
    third = cubic[2] / (3 * total)
    q = third**3 - cubic[1] * cubic[2] / (6 * total**2) + cubic[0] / (2 * total)
    p = np.copysign(np.sqrt(max(third**2 - cubic[1] / (3 * total), 0.0)), q)
    angle = (np.pi + np.arccos(np.clip(q / p**3, -1, 1))) / 3 if p else 0.0
    base = float(np.clip(2 * p * np.cos(angle) - third, max(0.0, -difference), min(1.0, 1 - difference)))
    share = base + difference
    return float(np.sqrt((share * (1 - share) / n + base * (1 - base) / base_n) * total / (total - 1)))


def _half_units(n: Any, base_n: Any) -> Any:
    return (1 / np.asarray(n) + 1 / np.asarray(base_n)) / 2


def _wilson(share: Any, n: Any, z: Any) -> tuple[Any, Any]:
    centre, scale = share + z**2 / (2 * np.asarray(n)), 1 + z**2 / np.asarray(n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * np.asarray(n, dtype=float) ** 2))
    return (centre - half) / scale, (centre + half) / scale
