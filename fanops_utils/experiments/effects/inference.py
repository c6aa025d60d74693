"""Comparisons of two arms from their moments: difference, interval, p-value and relative lift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.effects.arms import Arm, Arms, Covariates, arms_of, covariates_of, pick
from fanops_utils.experiments.effects.clusters import are_uneven, too_few
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.moments.measure import SHARES
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.means import student, welch_df
from fanops_utils.experiments.statistics.multiple import Correction, adjusted_p
from fanops_utils.experiments.statistics.proportions import IntervalMethod, newcombe, pooled_z, score, wald
from fanops_utils.experiments.statistics.randomised import Drawn
from fanops_utils.experiments.statistics.relative import fieller, why_undefined
from fanops_utils.experiments.statistics.tails import normal_critical, t_critical
from fanops_utils.metrics.intervals import Interval
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import LEAST_IN_ARM

EIGHTY = 0.8416212335729143  # the normal's 80 % quantile
SUPPRESSED = Reason("small_cell")
TestCode = Literal[
    "none", "proportions_z", "welch_t", "delta_t", "cluster_means_t", "cluster_means_drawn", "cluster_units_drawn",
    "units_drawn", "ratio_drawn", "hall_t", "slot_means_t", "slot_ratio_t", "block_differences_t", "block_ratio_t",
]  # fmt: skip
VarianceCode = Literal["", "pooled_share", "arms", "linearised_arms", "clusters", "block_differences", "pooled_slots"]


@dataclass(frozen=True)
class Comparison:
    """Treatment less control on one metric, in the metric's own unit (conversions: fractions).

    `lift` is the relative difference with Fieller's interval, None where it is undefined, and `lift_why` is why.
    `detectable` is the true difference that would be found four times in five. `p_adjusted` is the p-value corrected
    for the comparisons read together, None before `adjust`. `cannot_tell` is why there is no test, None where there is
    one; p-value and interval are NaN then. With `covariates`, test and variance are those after CUPED. `missing` units
    had no outcome and are in no n. `clusters` is set where they are counted, `variance_cut` where covariates took
    variance away. `skewness` (of units about their arm's mean) and `skew_index` (of the difference) say whether Welch's t
    could be trusted, `draws` how often the arms were drawn again where it could not. `influence` is how many standard errors
    the estimate moves without its largest unit, `gap` how much further from the median the
    largest value lies than the second; `nonzero` units of treatment and control have a value other than 0; `doubt` is why a
    clear interval is not to be acted on.
    """

    metric: str
    control: str
    treatment: str
    control_n: int
    treatment_n: int
    control_mean: float
    treatment_mean: float
    estimate: float
    ci_lower: float
    ci_upper: float
    p_value: float
    lift: Interval | None
    detectable: float
    alpha: float
    test: TestCode
    variance: VarianceCode
    df: float
    p_adjusted: float | None = None
    standard_error: float = np.nan
    missing: int = 0
    clusters: int | None = None
    covariates: tuple[str, ...] = ()
    variance_cut: float | None = None
    lift_why: Reason | None = None
    cannot_tell: Reason | None = None
    skewness: float | None = None
    skew_index: float | None = None
    draws: int | None = None
    influence: float | None = None
    gap: float | None = None
    nonzero: tuple[int, int] | None = None
    doubt: Reason | None = None

    @property
    def n(self) -> int:
        """Units in both arms."""
        return self.control_n + self.treatment_n

    @property
    def z(self) -> float:
        """The estimate in standard errors."""
        return self.estimate / self.standard_error if self.standard_error > 0 else np.nan


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


def drawn_again(
    one: Comparison, drawn: Drawn, *, test: TestCode, errors: tuple[float, float], variance: VarianceCode
) -> Comparison:
    """Return *one* with p-value and interval of *drawn*; *errors* are the variances of treatment's and control's mean."""
    spread, gap = float(np.sqrt(sum(errors))), one.treatment_mean - one.control_mean
    half = max(drawn.upper - gap, gap - drawn.lower)
    lift, lift_why = None, one.lift_why
    if spread > 0 and np.isfinite(half):
        critical = half / spread
        lift_why = why_undefined(one.control_mean, errors[1], critical=critical)
        if lift_why is None:
            ends = fieller(one.treatment_mean, errors[0], one.control_mean, errors[1], critical=critical)
            lift = Interval(float(ends[0]), float(ends[1]), float(ends[2]), one.n)
    scale = float(normal_critical(one.alpha)) + EIGHTY
    return replace(
        one, estimate=float(gap), ci_lower=drawn.lower, ci_upper=drawn.upper, p_value=drawn.p_value, lift=lift, lift_why=lift_why,
        detectable=scale * spread, test=test, variance=variance, df=np.nan, standard_error=spread, draws=drawn.draws,
        cannot_tell=None,
    )  # fmt: skip


def adjust(comparisons: Sequence[Comparison], *, method: Correction) -> tuple[Comparison, ...]:
    """Return *comparisons* with `p_adjusted`: Holm for those a decision rests on, Benjamini-Hochberg to explore."""
    adjusted = adjusted_p([found.p_value for found in comparisons], method=method)
    return tuple(replace(found, p_adjusted=float(p)) for found, p in zip(comparisons, adjusted, strict=True))


def comparison_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Return *comparisons* as a tidy frame; lift, lift_ci_lower and lift_ci_upper are NaN where undefined."""
    names = [name for name in Comparison.__dataclass_fields__ if name != "lift"]
    frame = pd.DataFrame([[getattr(found, name) for name in names] for found in comparisons], columns=names)
    for column, field in (("lift", "estimate"), ("lift_ci_lower", "ci_lower"), ("lift_ci_upper", "ci_upper")):
        frame[column] = [getattr(found.lift, field) if found.lift else np.nan for found in comparisons]
    return frame.assign(p_adjusted=frame["p_adjusted"].astype(float), n=[found.n for found in comparisons])


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
