"""Planning: how many units, how long, and what cannot be found with this traffic. Every answer names its formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import optimize

from fanops_utils.experiments.designs.design import Baseline, Design
from fanops_utils.experiments.designs.formulas import (
    MOST,
    Formula,
    Used,
    mean_power,
    mean_units,
    share_power,
    share_units,
)


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
