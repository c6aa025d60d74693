"""A comparison of two arms: what it holds, read off arms drawn again, corrected among others, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.multiple import Correction, adjusted_p
from fanops_utils.experiments.statistics.randomised import Drawn
from fanops_utils.experiments.statistics.relative import fieller, why_undefined
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.metrics.intervals import Interval

EIGHTY = 0.8416212335729143  # the normal's 80 % quantile
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
