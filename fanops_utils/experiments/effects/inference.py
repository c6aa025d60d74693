"""Comparisons of two arms from their moments: difference, interval, p-value and relative lift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.effects.arms import Arm, Arms, Covariates, arms_of, covariates_of, pick
from fanops_utils.experiments.effects.clusters import are_uneven, too_few
from fanops_utils.experiments.effects.comparison import EIGHTY, Comparison, TestCode, VarianceCode
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.moments.measure import SHARES
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.means import student, welch_df
from fanops_utils.experiments.statistics.proportions import IntervalMethod, newcombe, pooled_z, score, wald
from fanops_utils.experiments.statistics.relative import fieller, why_undefined
from fanops_utils.experiments.statistics.tails import normal_critical, t_critical
from fanops_utils.metrics.intervals import Interval
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment_parts import LEAST_IN_ARM

SUPPRESSED = Reason("small_cell")


@dataclass(frozen=True)
class _Tested:
    p_value: float
    df: float
    lower: float
    upper: float
    test: TestCode
    variance: VarianceCode


def compare(
    moments: pd.DataFrame,
    metric: str,
    *,
    control: str,
    treatment: str,
    alpha: float = 0.05,
    method: IntervalMethod = "newcombe",
    covariates: Sequence[str] = (),
    least_clusters: int = 2 * LEAST_IN_ARM,
) -> Comparison:
    """Return the comparison of two arms of a moments table on *metric*, with intervals at 1 - *alpha*.

    Conversions and retention: z test with pooled variance, no continuity correction; Newcombe's interval (or Wald's,
    or the score interval). Means and counts: Welch's t. Ratios: delta method, Welch's t. Clusters: Welch's t
    of their means, each counting once; fewer than four in the smaller arm, or *least_clusters* in both, give no test, and one
    arm with more than twice the other's clusters none from moments alone. With *covariates* the arms are adjusted first
    (CUPED, coefficients pooled over all arms of the metric). Raises DataError for an arm or metric that is not in the
    table, or fewer than two units in an arm.
    """
    arms = arms_of(moments, covariates=covariates)
    base, other, cut = _pair(arms, metric, control, treatment, covariates)
    return _compared(metric, base, other, alpha, method, covariates, cut, least_clusters)


def compare_all(
    moments: pd.DataFrame,
    *,
    control: str,
    alpha: float = 0.05,
    covariates: Covariates = (),
    least_clusters: int = 2 * LEAST_IN_ARM,
) -> tuple[Comparison, ...]:
    """Return every treatment against *control* on every metric of *moments*, in the order they stand there.

    *covariates* adjust every metric or, as a mapping, some. What `compare` refuses for too few units is told as `cannot_tell`.
    """
    arms = arms_of(moments, covariates=covariates)
    pick(arms, next(iter(arms), ("", ""))[0], control)
    metrics = dict.fromkeys(metric for metric, _ in arms)
    found = []
    for metric in metrics:
        ours = {name: arm for (one, name), arm in arms.items() if one == metric}
        names = covariates_of(covariates, metric)
        adjusted = cuped(ours) if names else None
        cut = adjusted.variance_cut if adjusted else None
        shown = adjusted.arms if adjusted else ours
        for name in ours:
            if name != control:
                found.append(_soft(metric, shown[control], shown[name], alpha, names, cut, least_clusters))
    return tuple(found)


def _pair(
    arms: Arms, metric: str, control: str, treatment: str, covariates: Sequence[str]
) -> tuple[Arm, Arm, float | None]:
    base, other = pick(arms, metric, control), pick(arms, metric, treatment)
    for arm in (base, other):
        if arm.n < 2 and not (arm.clustered or arm.suppressed):
            raise DataError(
                say("arm {arm} has {n} units with an outcome: two are needed", arm=str(arm.variant), n=arm.n),
                column=metric,
            )
    if not covariates:
        return base, other, None
    adjusted = cuped({name: arm for (one, name), arm in arms.items() if one == metric})
    return adjusted.arms[control], adjusted.arms[treatment], adjusted.variance_cut


def _soft(
    metric: str, base: Arm, other: Arm, alpha: float, covariates: Sequence[str], cut: float | None, least: int
) -> Comparison:
    small = [arm for arm in (base, other) if arm.n < 2 and not arm.clustered]
    if small and not (base.suppressed or other.suppressed):
        why = Reason("few_units", n=small[0].n, name=small[0].variant)
        return _told(metric, base, other, alpha, why)
    return _compared(metric, base, other, alpha, "newcombe", covariates, cut, least)


def _compared(
    metric: str, base: Arm, other: Arm, alpha: float, method: IntervalMethod, covariates: Sequence[str],
    cut: float | None, least_clusters: int,
) -> Comparison:  # fmt: skip
    if base.suppressed or other.suppressed:
        return _told(metric, base, other, alpha, SUPPRESSED)
    if base.clustered and (why := too_few(base, other, alpha=alpha, least=least_clusters)):
        return _told(metric, base, other, alpha, why)
    if base.clustered and are_uneven(base, other):
        return _told(metric, base, other, alpha, Reason("uneven_clusters", n=base.n, other=other.n))
    if base.mean != base.mean or other.mean != other.mean:
        return _told(metric, base, other, alpha, Reason("zero_denominator"))
    plain = base.kind in SHARES and not base.clustered and not covariates
    spread = float(np.sqrt(base.error + other.error))
    tested = _shares(base, other, alpha, method) if plain else _means(base, other, alpha, spread, len(covariates))
    why = None if tested.p_value == tested.p_value else Reason("no_variation")
    critical = float(t_critical(alpha, tested.df)) if tested.df == tested.df else np.nan
    lift, lift_why = _lift(base, other, critical)
    scale = float(normal_critical(alpha)) + EIGHTY
    return Comparison(
        metric=metric, control=base.variant, treatment=other.variant, control_n=base.units, treatment_n=other.units,
        control_mean=base.mean, treatment_mean=other.mean, estimate=other.mean - base.mean, ci_lower=tested.lower,
        ci_upper=tested.upper, p_value=tested.p_value, lift=lift, detectable=scale * spread, alpha=alpha,
        test=tested.test, variance=tested.variance, df=tested.df, standard_error=spread,
        missing=base.missing + other.missing, clusters=base.n + other.n if base.clustered else None,
        covariates=tuple(covariates), variance_cut=cut, lift_why=lift_why, cannot_tell=why,
    )  # fmt: skip


def _shares(base: Arm, other: Arm, alpha: float, method: IntervalMethod) -> _Tested:
    counts = (round(other.hits), other.n, round(base.hits), base.n)
    _, p_value = pooled_z(*counts)
    interval = {"newcombe": newcombe, "wald": wald, "score": score}[method]
    lower, upper = interval(*counts, alpha=alpha)
    return _Tested(float(p_value), np.inf, float(lower), float(upper), "proportions_z", "pooled_share")


def _means(base: Arm, other: Arm, alpha: float, spread: float, covariates: int) -> _Tested:
    gap = other.mean - base.mean
    test: TestCode
    variance: VarianceCode
    df = float(welch_df(other.error, other.n, base.error, base.n))
    if base.clustered:
        df, test, variance = df - covariates, "cluster_means_t", "clusters"
    else:
        test, variance = ("delta_t", "linearised_arms") if base.kind == "ratio" else ("welch_t", "arms")
    half = float(t_critical(alpha, df)) * spread if df == df else (0.0 if gap == 0 else np.nan)
    return _Tested(float(student(gap, spread, df)), df, gap - half, gap + half, test, variance)


def _lift(base: Arm, other: Arm, critical: float) -> tuple[Interval | None, Reason | None]:
    if critical != critical:
        return None, Reason("nothing_varies")
    if why := why_undefined(base.mean, base.error, critical=critical):
        return None, why
    lift, lower, upper = fieller(other.mean, other.error, base.mean, base.error, critical=critical)
    return Interval(float(lift), float(lower), float(upper), base.units + other.units), None


def _told(metric: str, base: Arm, other: Arm, alpha: float, why: Reason) -> Comparison:
    hidden = why == SUPPRESSED
    means = [np.nan if hidden else arm.mean for arm in (base, other)]
    return Comparison(
        metric=metric, control=base.variant, treatment=other.variant, control_n=base.units, treatment_n=other.units,
        control_mean=means[0], treatment_mean=means[1], estimate=means[1] - means[0], ci_lower=np.nan, ci_upper=np.nan,
        p_value=np.nan, lift=None, detectable=np.nan, alpha=alpha, test="none", variance="", df=np.nan,
        missing=base.missing + other.missing, clusters=base.n + other.n if base.clustered else None,
        lift_why=why, cannot_tell=why,
    )  # fmt: skip
