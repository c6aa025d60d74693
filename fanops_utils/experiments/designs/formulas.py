"""How many units one plain test of two arms needs for an effect, and how likely so many find it.

Formulas of a size: `pooled`, z of alpha on the pooled variance, z of power on each arm's (R's power.prop.test);
`miller`, z of alpha on two control variances, z of power on control's plus treatment's (Evan Miller's calculator);
`cohen-h`, the arcsine difference h of Cohen 1988 (R's pwr.2p.test); `t`, noncentral t, two samples of equal size (R's
power.t.test).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from scipy import optimize, special, stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.text import say

Formula = Literal["miller", "pooled", "cohen-h"]
Used = Literal["miller", "pooled", "cohen-h", "t"]
MOST = 1e12


def share_units(
    base: float, effect: float, *, alpha: float = 0.05, power: float = 0.8, formula: Formula = "miller"
) -> float:
    """Return the units per arm (a fraction) to find *effect* on a share *base*; infinite where it cannot exist.

    Raises DataError for a base that is no share. The module says where the formulas are from.

    >>> round(share_units(0.20, 0.05), 1), round(share_units(0.20, 0.05, formula="cohen-h"), 1)
    (1030.2, 1091.9)
    """
    if not 0 < base < 1:
        raise DataError(say("a base rate lies between 0 and 1"), value=base)
    other = base + effect
    if effect == 0 or not 0 <= other <= 1:
        return float("inf")
    z, z_power = float(normal_critical(alpha)), float(special.ndtri(power))
    if formula == "cohen-h":
        h = 2 * (np.arcsin(np.sqrt(other)) - np.arcsin(np.sqrt(base)))
        return float(2 * ((z + z_power) / h) ** 2)
    both = base * (1 - base) + other * (1 - other)
    middle = (base + other) / 2
    null = 2 * base * (1 - base) if formula == "miller" else 2 * middle * (1 - middle)
    return float(((z * np.sqrt(null) + z_power * np.sqrt(both)) / effect) ** 2)


def share_power(n: float, base: float, effect: float, *, alpha: float = 0.05) -> float:
    """Return the chance that *n* units per arm find *effect* on a share *base* (R's power.prop.test).

    >>> round(share_power(50, 0.5, 0.25), 3)
    0.74
    """
    other = base + effect
    middle = (base + other) / 2
    spread = np.sqrt(base * (1 - base) + other * (1 - other))
    z = (np.sqrt(n) * abs(effect) - normal_critical(alpha) * np.sqrt(2 * middle * (1 - middle))) / spread
    return float(special.ndtr(z))


def mean_power(n: float, sd: float, effect: float, *, alpha: float = 0.05, df: float | None = None) -> float:
    """Return the chance that *n* units per arm find *effect* on a mean with standard deviation *sd*.

    *df* are the degrees of freedom where they are not 2n - 2: clusters, say.

    >>> round(mean_power(20, 1, 1), 3)
    0.869
    """
    freedom = 2 * n - 2 if df is None else df
    if freedom <= 0 or sd <= 0:
        return float("nan")
    shift = abs(effect) / sd * np.sqrt(n / 2)
    limit = stats.t.isf(alpha / 2, freedom)
    if freedom > 1e4 or shift > 30:
        return float(special.ndtr(shift - limit))
    other_tail = stats.nct.cdf(-limit, freedom, shift) if shift < 3 else 0.0  # below 1e-7 from there on
    return float(stats.nct.sf(limit, freedom, shift) + other_tail)


def mean_units(sd: float, effect: float, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the units per arm (a fraction) to find *effect* on a mean with standard deviation *sd*.

    >>> round(mean_units(1, 1, power=0.9), 4)
    22.0211
    """
    if effect == 0:
        return float("inf")
    # Own root: that of statsmodels' `TTestIndPower` stops up to a millionth away; the power itself is the same.
    return _root(lambda n: mean_power(n, sd, effect, alpha=alpha) - power, low=2.0)


def _root(found: Callable[[float], Any], *, low: float) -> float:
    high = low * 2
    while found(high) < 0:
        high *= 2
        if high > MOST:
            return float("inf")
    return low if found(low) >= 0 else float(optimize.brentq(found, low, high, xtol=1e-9, rtol=1e-12))
