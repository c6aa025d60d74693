"""What a workspace's own history says before a test: baselines, traffic, duration, and a plan tried on real units."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

import ibis
import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.designs.design import Baseline, Design
from fanops_utils.experiments.designs.power import detectable
from fanops_utils.experiments.effects.arms import arms_of
from fanops_utils.experiments.effects.clusters import icc
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.moments.frames import cap, from_frame
from fanops_utils.experiments.moments.measure import SHARES, Measure
from fanops_utils.experiments.moments.tables import from_table
from fanops_utils.experiments.statistics.means import welch
from fanops_utils.experiments.statistics.proportions import pooled_z
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import Interval, wilson
from fanops_utils.text import say

BATCH = 8_000_000  # assignments held at once
ONE = "all"


@dataclass(frozen=True)
class Duration:
    """How long a size takes at the traffic there is: `days` in whole weeks; None where there is no traffic."""

    units: int
    units_per_day: float
    days: int | None


@dataclass(frozen=True)
class PlanCheck:
    """A plan tried on history: shares of simulated tests that found a difference, with Wilson's interval.

    `false_positive` with no effect (A/A), `power` with `effect` injected; `simulations` of `per_arm` units each.
    """

    false_positive: Interval
    power: Interval
    effect: float
    per_arm: int
    simulations: int
    test: Literal["two_proportions", "welch"]


def baseline(units: pd.DataFrame | ibis.Table, measure: Measure, *, cluster: str | None = None) -> Baseline:
    """Return mean and standard deviation of *measure* over all *units* of the past, one row per unit.

    With covariates of the measure, what CUPED leaves; for a ratio, of the linearised value. With *cluster* (frames
    only), the intracluster correlation and mean cluster size. Raises DataError for fewer than two outcomes.
    """
    if isinstance(units, pd.DataFrame):
        moments = from_frame(units.assign(**{ONE: ONE}), metrics=[measure], variant=ONE)
    else:
        moments = from_table(units.mutate(**{ONE: ibis.literal(ONE)}), metrics=[measure], variant=ONE)
    arm = arms_of(moments, covariates=measure.covariates)[measure.name, ONE]
    if arm.n < 2:
        raise DataError(say("history has {n} outcomes: two are needed", n=arm.n), column=measure.column)
    variance = cuped({ONE: arm}).arms[ONE].variance if measure.covariates else arm.variance
    found = Baseline(measure.kind, arm.mean, float(np.sqrt(variance)), arm.n)
    if cluster is None:
        return found
    if not isinstance(units, pd.DataFrame):
        raise DataError(say("the correlation within clusters is computed from a frame"), value=cluster)
    need(units, cluster)
    known = units[units[measure.column].notna()]
    values = _linear(known, measure, arm.mean)
    sizes = known[cluster].value_counts()
    return Baseline(found.kind, found.mean, found.sd, found.n, icc(values, known[cluster]), float(sizes.mean()))


def duration(units: int, *, units_per_day: float, share: float = 1.0) -> Duration:
    """Return the whole weeks that *units* take, *share* of the daily traffic taking part.

    Whole weeks, so that every weekday counts the same.

    >>> duration(10_000, units_per_day=500).days
    21
    """
    if units <= 0 or units_per_day * share <= 0:
        return Duration(units, units_per_day * share, None)
    return Duration(units, units_per_day * share, 7 * ceil(units / (units_per_day * share) / 7))


def reach(found: Baseline, *, units_per_day: float, weeks: int = 8, design: Design | None = None) -> pd.DataFrame:
    """Return the smallest effect this traffic finds after 1, 2, … *weeks*: weeks, per_arm, effect, lift.

    Effects are absolute, `lift` relative to the baseline's mean (NaN where that is not above zero); NaN effects cannot
    be found at all.
    """
    plan = design or Design()
    rows = []
    for week in range(1, weeks + 1):
        per_arm = units_per_day * 7 * week / plan.arms
        effect = detectable(found, per_arm, design=plan) if per_arm >= 2 else float("nan")
        rows.append((week, int(per_arm), effect, effect / found.mean if found.mean > 0 else float("nan")))
    return pd.DataFrame(rows, columns=["weeks", "per_arm", "effect", "lift"])


def try_plan(
    units: pd.DataFrame,
    measure: Measure,
    *,
    effect: float,
    per_arm: int,
    rng: np.random.Generator,
    alpha: float = 0.05,
    simulations: int = 2_000,
) -> PlanCheck:
    """Return how often the plan finds a difference on units of the past: none there, and *effect* injected.

    Units are drawn with replacement and assigned by chance; the effect turns zeros of a share into ones (or back) at
    random, and is added to other outcomes as the same factor for every unit. Raises DataError where history has fewer
    than ten outcomes or a mean the effect cannot be a factor of.
    """
    need(units, *measure.columns)
    values = numbers(units[measure.column])
    base = numbers(units[measure.denominator]) if measure.denominator else np.ones(values.size)
    known = ~(np.isnan(values) | np.isnan(base))
    values, base = values[known], base[known]
    if values.size < 10:
        raise DataError(say("history has {n} outcomes: ten are needed", n=values.size), column=measure.column)
    if measure.winsorise:
        values = cap(values, measure.winsorise)
    mean = float(values.sum() / base.sum())
    share = measure.kind in SHARES
    if not share and not mean > 0:
        raise DataError(say("an effect is injected as a factor: the past mean must be above zero"), value=mean)
    null, found = np.empty(simulations), np.empty(simulations)
    step = max(1, BATCH // (2 * per_arm))
    for start in range(0, simulations, step):
        size = min(step, simulations - start)
        arms = [_drawn(values, base, size, per_arm, rng) for _ in range(2)]
        here = slice(start, start + size)
        null[here] = _p(arms[0], arms[1], per_arm, share=share)
        moved = _moved_share(arms[1], effect, per_arm, rng) if share else _scaled(arms[1], 1 + effect / mean)
        found[here] = _p(arms[0], moved, per_arm, share=share)
    rates = [wilson(int((one < alpha).sum()), simulations) for one in (null, found)]
    return PlanCheck(rates[0], rates[1], effect, per_arm, simulations, "two_proportions" if share else "welch")


def _linear(units: pd.DataFrame, measure: Measure, ratio: float) -> np.ndarray:
    values = numbers(units[measure.column])
    return values - ratio * numbers(units[measure.denominator]) if measure.denominator else values


Sums = tuple[np.ndarray, ...]  # sums of y, d, y², d², yd per simulation


def _drawn(values: np.ndarray, base: np.ndarray, size: int, per_arm: int, rng: np.random.Generator) -> Sums:
    place = rng.integers(0, values.size, (size, per_arm))
    y, d = values[place], base[place]
    return y.sum(1), d.sum(1), (y * y).sum(1), (d * d).sum(1), (y * d).sum(1)


def _scaled(sums: Sums, factor: float) -> Sums:
    y, d, yy, dd, yd = sums
    return y * factor, d, yy * factor**2, dd, yd * factor


def _moved_share(sums: Sums, effect: float, per_arm: int, rng: np.random.Generator) -> Sums:
    hits = sums[0].astype(int)
    pool = per_arm - hits if effect > 0 else hits
    rate = np.divide(abs(effect) * per_arm, pool, out=np.ones(pool.size), where=pool > abs(effect) * per_arm)
    moved = rng.binomial(pool, rate) * (1 if effect > 0 else -1)
    return (hits + moved, *sums[1:])


def _p(base: Sums, other: Sums, per_arm: int, *, share: bool) -> np.ndarray:
    if share:
        return pooled_z(other[0], per_arm, base[0], per_arm)[1]
    means, errors = zip(*(_ratio(one, per_arm) for one in (base, other)), strict=True)
    return welch(means[1] - means[0], errors[1], per_arm, errors[0], per_arm)[0]


def _ratio(sums: Sums, n: int) -> tuple[np.ndarray, np.ndarray]:
    y, d, yy, dd, yd = sums
    ratio = y / d
    residual = yy - 2 * ratio * yd + ratio**2 * dd  # around the ratio the residuals sum to zero
    return ratio, np.maximum(residual, 0) / (n - 1) / n / (d / n) ** 2
