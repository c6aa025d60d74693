"""Planning: how many units, how long, and what cannot be found with this traffic. Every answer names its formula.

Formulas of a size: `pooled`, z of alpha on the pooled variance, z of power on each arm's (R's power.prop.test);
`miller`, z of alpha on two control variances, z of power on control's plus treatment's (Evan Miller's calculator);
`cohen-h`, the arcsine difference h of Cohen 1988 (R's pwr.2p.test); `t`, noncentral t, two samples of equal size (R's
power.t.test).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.looks.always_valid import critical as always_critical
from fanops_utils.experiments.looks.spending import Spending, bounds, crossing
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.text import say

Formula = Literal["miller", "pooled", "cohen-h"]
Used = Literal["miller", "pooled", "cohen-h", "t"]
MOST = 1e12


@dataclass(frozen=True)
class Baseline:
    """What history says of a metric: mean and standard deviation of one unit, and how units hang together.

    `sd` is that of a unit; for a ratio that of the linearised value, for a covariate-adjusted metric what is left.
    `icc` and `cluster_size` say how alike the units of a cluster are and how many it has.
    """

    kind: str
    mean: float
    sd: float
    n: int
    icc: float = 0.0
    cluster_size: float = 1.0

    @property
    def design_effect(self) -> float:
        """How many times the units of a clustered test count for less: 1 + (m - 1) · icc."""
        return 1 + (self.cluster_size - 1) * self.icc


@dataclass(frozen=True)
class Design:
    """The test as planned: arms with the control, two-sided alpha, power, looks and how they spend alpha.

    `comparisons` against the control share alpha by Bonferroni, the safe bound on Holm.
    """

    arms: int = 2
    alpha: float = 0.05
    power: float = 0.8
    looks: int = 1
    spending: Spending | Literal["always-valid"] = "obrien-fleming"

    @property
    def level(self) -> float:
        """Alpha of one comparison with the control."""
        return self.alpha / (self.arms - 1)

    @property
    def inflation(self) -> float:
        """Units needed with these looks over units needed with one."""
        return inflation(self.looks, alpha=self.level, power=self.power, spending=self.spending)


@dataclass(frozen=True)
class Sized:
    """A planned size: units per arm and in all, clusters per arm where assigned, for `effect`, and by which formula.

    `design` says how many looks and arms it is for, `baseline` how large clusters are and what they cost.
    """

    effect: float
    per_arm: int
    total: int
    clusters_per_arm: int | None
    formula: Used
    design: Design
    baseline: Baseline


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


def inflation(
    looks: int, *, alpha: float = 0.05, power: float = 0.8, spending: Spending | Literal["always-valid"]
) -> float:
    """Return how many times the units of a one-look test a plan of equally spaced *looks* needs at most."""
    if looks == 1 and spending != "always-valid":
        return 1.0
    fractions = [(look + 1) / looks for look in range(looks)]
    if spending == "always-valid":
        limits = tuple(float(always_critical(one, alpha=alpha)) for one in fractions)
    else:
        limits = bounds(fractions, alpha=alpha, spending=spending)
    drift = optimize.brentq(lambda one: sum(crossing(limits, fractions, drift=one)) - power, 0.5, 8.0, xtol=1e-6)
    return float((drift / (normal_critical(alpha) + special.ndtri(power))) ** 2)


def size(baseline: Baseline, effect: float, *, design: Design | None = None, formula: Formula = "pooled") -> Sized:
    """Return the size of a test that finds *effect* (absolute) on *baseline* with the power of *design*.

    Clustered units are multiplied by the design effect, several looks by their inflation, several treatments share
    alpha. `per_arm` is 0 where no size would do.
    """
    plan = design or Design()
    if baseline.kind in ("conversion", "retention"):
        used: Used = formula
        plain = share_units(baseline.mean, effect, alpha=plan.level, power=plan.power, formula=formula)
    else:
        used = "t"
        plain = mean_units(baseline.sd, effect, alpha=plan.level, power=plan.power)
    needed = plain * baseline.design_effect * plan.inflation
    clusters = None
    if baseline.icc > 0 or baseline.cluster_size > 1:
        needed, clusters = _clustered(baseline, effect, plan, needed)
    per_arm = 0 if not np.isfinite(needed) or needed > MOST else int(np.ceil(needed))
    return Sized(effect, per_arm, per_arm * plan.arms, clusters, used, plan, baseline)


def detectable(baseline: Baseline, n: float, *, design: Design | None = None) -> float:
    """Return the smallest effect that *n* units per arm find with the power of *design*; NaN where none would do."""
    plan = design or Design()
    counted = n / baseline.design_effect / plan.inflation
    if counted < 2:
        return float("nan")
    if baseline.kind in ("conversion", "retention"):
        most = 1 - baseline.mean

        def found(effect: float) -> float:
            needed = share_units(baseline.mean, effect, alpha=plan.level, power=plan.power, formula="pooled")
            return needed - counted

        if found(most * (1 - 1e-9)) > 0:
            return float("nan")
        return float(optimize.brentq(found, 1e-9, most * (1 - 1e-9), xtol=1e-10))
    df = None if baseline.cluster_size <= 1 else 2 * n / baseline.cluster_size - 2
    if df is not None and df <= 0:
        return float("nan")

    def gap(effect: float) -> float:
        return mean_power(counted, baseline.sd, effect, alpha=plan.level, df=df) - plan.power

    high = baseline.sd
    while gap(high) < 0 and high < baseline.sd * 1e4:
        high *= 2
    return float(optimize.brentq(gap, 1e-12 * baseline.sd, high))


def chance(baseline: Baseline, n: float, effect: float, *, design: Design | None = None) -> float:
    """Return the power of *n* units per arm for *effect*, with clusters and looks accounted for."""
    plan = design or Design()
    counted = n / baseline.design_effect / plan.inflation
    if baseline.kind in ("conversion", "retention"):
        return share_power(counted, baseline.mean, effect, alpha=plan.level)
    df = None if baseline.cluster_size <= 1 else 2 * n / baseline.cluster_size - 2
    return mean_power(counted, baseline.sd, effect, alpha=plan.level, df=df)


def power_curve(
    baseline: Baseline, *, effects: Sequence[float], units: Sequence[float], design: Design | None = None
) -> pd.DataFrame:
    """Return the power at each effect and number of units per arm: effect, units, power."""
    rows = [(effect, n, chance(baseline, n, effect, design=design)) for effect in effects for n in units]
    return pd.DataFrame(rows, columns=["effect", "units", "power"])


def variants(baseline: Baseline, effect: float, *, most: int = 5, design: Design | None = None) -> pd.DataFrame:
    """Return what more variants cost: arms, per_arm, total, times (total over that of two arms)."""
    plan = design or Design()
    sized = [size(baseline, effect, design=replace(plan, arms=arms)) for arms in range(2, most + 1)]
    rows = [(one.design.arms, one.per_arm, one.total, one.total / max(sized[0].total, 1)) for one in sized]
    return pd.DataFrame(rows, columns=["arms", "per_arm", "total", "times"])


def _clustered(baseline: Baseline, effect: float, plan: Design, needed: float) -> tuple[float, int]:
    """Return units per arm in whole clusters, with t(G-2) where they are few."""
    if not np.isfinite(needed):
        return needed, 0
    clusters = int(np.ceil(needed / baseline.cluster_size))
    spread = baseline.sd * np.sqrt(baseline.design_effect / baseline.cluster_size * plan.inflation)
    while clusters < 60 and mean_power(clusters, spread, effect, alpha=plan.level) < plan.power:
        clusters += 1
    return clusters * baseline.cluster_size, clusters


def _root(found: Callable[[float], Any], *, low: float) -> float:
    high = low * 2
    while found(high) < 0:
        high *= 2
        if high > MOST:
            return float("inf")
    return low if found(low) >= 0 else float(optimize.brentq(found, low, high, xtol=1e-9, rtol=1e-12))
