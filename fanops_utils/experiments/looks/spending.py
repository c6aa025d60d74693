"""Group-sequential bounds: how much a test may be looked at, and from where on a look may stop it.

The path of a test's z over its information (the share of the planned units) is a Brownian motion; the chance to cross
a set of bounds is an integral over it, taken look by look. Sources: Lan and DeMets 1983; Armitage, McPherson, Rowe
1969; Jennison and Turnbull 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy import optimize, special

from fanops_utils.errors import DataError
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.text import say

Spending = Literal["obrien-fleming", "pocock", "rho"]
RHO = 2.0
SIZES = (48, 96, 192, 384)  # nodes: the more, the smaller a step of the path is against its width
REACH = 8.5  # standard deviations: beyond, no look matters


def spent(spending: Spending, fraction: float, *, alpha: float = 0.05) -> float:
    """Return the two-sided error spent when *fraction* of the planned information is in; all of it from 1 on.

    O'Brien-Fleming's kind 4(1 - Φ(z / sqrt(t))) with z for alpha/4 on a side, Pocock's alpha · log(1 + (e - 1)t), or
    alpha · t².

    >>> round(spent("obrien-fleming", 0.5), 5)
    0.00305
    """
    t = min(max(fraction, 0.0), 1.0)
    if t == 0:
        return 0.0
    if spending == "obrien-fleming":
        return float(4 * special.ndtr(-normal_critical(alpha / 2) / np.sqrt(t)))
    if spending == "pocock":
        return float(alpha * np.log1p((np.e - 1) * t))
    return float(alpha * t**RHO)


def bounds(
    fractions: Sequence[float], *, alpha: float = 0.05, spending: Spending = "obrien-fleming",
    information: Sequence[float] | None = None,
) -> tuple[float, ...]:  # fmt: skip
    """Return the value |z| must reach at each look, looks taken at increasing *fractions* of the information.

    *fractions* say how much error is spent, *information* (units, in any scale) how the looks hang together, where it is not
    the same: error may be spent by the calendar, but what ties two looks is the units they share. Infinite at a look that
    has nothing left to spend. Raises DataError for fractions that do not increase.
    """
    spent_at, shared = (tuple(float(one) for one in part) for part in (fractions, information or fractions))
    return _bounds(spent_at, shared, alpha, spending)


def crossing(
    limits: Sequence[float], fractions: Sequence[float], *, drift: float = 0.0, one_sided: bool = False
) -> tuple[float, ...]:
    """Return the chance that |z| (z, if one-sided) first reaches its limit at each look.

    *drift* is the mean of z at fraction 1. The sum is the error of the rule for drift 0, its power otherwise.

    >>> round(sum(crossing([1.96] * 5, [0.2, 0.4, 0.6, 0.8, 1.0])), 3)
    0.142
    """
    _check(fractions)
    walk = _Walk(drift, one_sided)
    return tuple(walk.step(limit, fraction) for limit, fraction in zip(limits, fractions, strict=True))


def one_sided_bounds(fractions: Sequence[float], *, spending_levels: Sequence[float]) -> tuple[float, ...]:
    """Return the one-sided limits that spend *spending_levels* in all up to each look."""
    _check(fractions)
    return _solve(tuple(fractions), tuple(spending_levels), one_sided=True)


def classic_bounds(looks: int, *, alpha: float = 0.05, shape: Literal["pocock", "obrien-fleming"]) -> tuple[float, ...]:
    """Return Pocock's constant or O'Brien and Fleming's falling limits for equally spaced *looks*.

    >>> round(classic_bounds(5, shape="pocock")[0], 3)
    2.413
    """
    fractions = [(look + 1) / looks for look in range(looks)]
    form = np.ones(looks) if shape == "pocock" else np.sqrt(1 / np.array(fractions))
    scale = optimize.brentq(lambda c: sum(crossing(c * form, fractions)) - alpha, 1.0, 6.0, xtol=1e-7)
    return tuple(float(scale * one) for one in form)


def repeated_p(
    z: float,
    fractions: Sequence[float],
    *,
    spending: Spending = "obrien-fleming",
    information: Sequence[float] | None = None,
) -> float:
    """Return the smallest overall error at which *z*, seen at the last of *fractions*, would stop the test there.

    The p-value a sequential look may be corrected by Holm with: below alpha exactly where the bound at alpha is
    crossed. Source: Jennison and Turnbull 2000, repeated p-values.
    """
    if np.isnan(z):
        return float("nan")

    def over(level: float) -> float:
        return min(bounds(fractions, alpha=level, spending=spending, information=information)[-1], REACH) - abs(z)

    low, high = 1e-12, 0.999
    if over(high) > 0:
        return 1.0
    return float(optimize.brentq(over, low, high, xtol=1e-9)) if over(low) > 0 else low


class _Walk:
    """The density of the path that has not stopped yet, on Gauss-Legendre nodes of the region that goes on."""

    def __init__(self, drift: float, one_sided: bool) -> None:
        self.drift, self.one_sided = drift, one_sided
        self.nodes, self.weights, self.fraction = np.zeros(1), np.ones(1), 0.0

    def exceed(self, limit: float, fraction: float) -> float:
        """Return the chance to reach *limit* at *fraction*, not having stopped before."""
        spread = np.sqrt(fraction - self.fraction)
        centre = self.nodes + self.drift * (fraction - self.fraction)
        edge = min(limit, 2 * REACH) * np.sqrt(fraction)
        above = special.ndtr((centre - edge) / spread)
        below = 0.0 if self.one_sided else special.ndtr((-edge - centre) / spread)
        return float(np.sum(self.weights * (above + below)))

    def step(self, limit: float, fraction: float) -> float:
        """Move on to *fraction*, stopping what reaches *limit*; return the chance of that."""
        chance = self.exceed(limit, fraction)
        spread = np.sqrt(fraction - self.fraction)
        reach = (REACH + abs(self.drift)) * np.sqrt(fraction)
        high = min(limit * np.sqrt(fraction), reach)
        low = -reach if self.one_sided else -high
        points, weights = _legendre(next((size for size in SIZES if size >= 5 * (high - low) / spread), SIZES[-1]))
        nodes = (high + low) / 2 + (high - low) / 2 * points
        distance = (nodes[:, None] - self.nodes[None, :] - self.drift * (fraction - self.fraction)) / spread
        density = np.exp(-(distance**2) / 2) @ self.weights / (spread * np.sqrt(2 * np.pi))
        self.nodes, self.weights = nodes, density * weights * (high - low) / 2
        self.fraction = fraction
        return chance


@lru_cache(maxsize=64)
def _legendre(size: int) -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(size)


@lru_cache(maxsize=4096)
def _bounds(
    fractions: tuple[float, ...], information: tuple[float, ...], alpha: float, spending: Spending
) -> tuple[float, ...]:
    _check(fractions)
    _check(information)
    return _solve(information, tuple(spent(spending, one, alpha=alpha) for one in fractions), one_sided=False)


def _solve(fractions: tuple[float, ...], levels: tuple[float, ...], *, one_sided: bool) -> tuple[float, ...]:
    walk, found, before = _Walk(0.0, one_sided), [], 0.0
    for fraction, level in zip(fractions, levels, strict=True):
        limit = _limit(walk, fraction, level - before)
        walk.step(limit, fraction)
        found.append(limit)
        before = level
    return tuple(found)


def _limit(walk: _Walk, fraction: float, to_spend: float) -> float:
    if to_spend <= 0 or walk.exceed(REACH, fraction) >= to_spend:
        return float("inf")
    return float(optimize.brentq(lambda limit: walk.exceed(limit, fraction) - to_spend, 0.0, REACH, xtol=1e-9))


def _check(fractions: Sequence[float]) -> None:
    steps = np.diff([0.0, *fractions])
    if not len(fractions) or (steps <= 0).any():
        raise DataError(say("looks need increasing shares of the planned information"), value=list(fractions))
