"""Comparisons of two arms from their moments: difference, interval, p-value and relative lift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.intervals import Interval

Method = Literal["newcombe", "wald"]


@dataclass(frozen=True)
class Comparison:
    """Treatment less control on one metric, in the metric's own unit (conversions: fractions).

    `lift` is the relative difference with Fieller's interval, None where it is undefined: the control's mean is not
    above zero, or not clearly. `detectable` is the true difference that would be found four times in five.
    `p_adjusted` is the p-value corrected for the comparisons read together, None before `adjust`.
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
    test: str
    variance: str
    df: float
    p_adjusted: float | None = None

    @property
    def n(self) -> int:
        """Units in both arms."""
        return self.control_n + self.treatment_n


@dataclass(frozen=True)
class _Arm:
    n: int
    mean: float
    var: float
    kind: str

    @property
    def error(self) -> float:
        """Variance of the mean."""
        return (self.mean * (1 - self.mean) if self.kind == "conversion" else self.var) / self.n


def compare(
    moments: pd.DataFrame,
    metric: str,
    *,
    control: str,
    treatment: str,
    alpha: float = 0.05,
    method: Method = "newcombe",
) -> Comparison:
    """Return the comparison of two arms of a moments table on *metric*, with intervals at 1 - *alpha*.

    Conversions: z test with pooled variance, no continuity correction; Newcombe's interval of two Wilson scores
    (1998, method 10), or Wald's for reference. Means: Welch's t. p-values by survival function, so tiny ones do not
    turn into 0. Raises DataError for an arm or metric not in the table, or fewer than two units in an arm.
    """
    base, other = _arm(moments, metric, control), _arm(moments, metric, treatment)
    estimate = other.mean - base.mean
    if base.kind == "conversion":
        p_value, df = _pooled_z(base, other), np.inf
        lower, upper = _newcombe(base, other, alpha) if method == "newcombe" else _wald(base, other, alpha)
        test, variance = "two-proportion z", f"pooled p(1-p)/n; interval {method}"
    else:
        p_value, df = _welch(base, other)
        half = float(stats.t.isf(alpha / 2, df)) * float(np.sqrt(base.error + other.error)) if df > 0 else 0.0
        lower, upper = estimate - half, estimate + half
        test, variance = "Welch t", "s²/n of each arm"
    scale = float(stats.norm.isf(alpha / 2) + stats.norm.ppf(0.8))
    return Comparison(
        metric=metric, control=control, treatment=treatment, control_n=base.n, treatment_n=other.n,
        control_mean=base.mean, treatment_mean=other.mean, estimate=estimate, ci_lower=lower, ci_upper=upper,
        p_value=p_value, lift=_fieller(base, other, alpha, df),
        detectable=scale * float(np.sqrt(base.error + other.error)),
        alpha=alpha, test=test, variance=variance, df=df,
    )  # fmt: skip


def adjust(comparisons: Sequence[Comparison], *, method: Literal["holm", "fdr_bh"]) -> tuple[Comparison, ...]:
    """Return *comparisons* with `p_adjusted`: Holm for those a decision rests on, Benjamini-Hochberg to explore."""
    if not comparisons:
        return ()
    p_values = np.array([found.p_value for found in comparisons])
    adjusted = _holm(p_values) if method == "holm" else stats.false_discovery_control(p_values, method="bh")
    return tuple(replace(found, p_adjusted=float(p)) for found, p in zip(comparisons, adjusted, strict=True))


def comparison_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Return *comparisons* as a tidy frame; lift, lift_ci_lower and lift_ci_upper are NaN where undefined."""
    names = [name for name in Comparison.__dataclass_fields__ if name != "lift"]
    frame = pd.DataFrame([[getattr(found, name) for name in names] for found in comparisons], columns=names)
    for column, field in (("lift", "estimate"), ("lift_ci_lower", "ci_lower"), ("lift_ci_upper", "ci_upper")):
        frame[column] = [getattr(found.lift, field) if found.lift else np.nan for found in comparisons]
    return frame.assign(p_adjusted=frame["p_adjusted"].astype(float), n=[found.n for found in comparisons])


def _holm(p_values: np.ndarray) -> np.ndarray:
    order = np.argsort(p_values)
    stepped = p_values[order] * np.arange(p_values.size, 0, -1)
    adjusted = np.empty(p_values.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def _arm(moments: pd.DataFrame, metric: str, variant: str) -> _Arm:
    here = (moments["metric"] == metric).to_numpy()
    if not here.any():
        raise DataError("no such metric in the moments", value=metric, choices=moments["metric"].unique())
    found = moments[here & (moments["variant"] == variant).to_numpy()]
    if found.empty:
        raise DataError("no such arm in the moments", value=variant, choices=moments["variant"].unique())
    row = found.iloc[0]
    if row["n"] < 2:
        raise DataError(f"arm {variant} has {row['n']} units with an outcome: two are needed", column=metric)
    return _Arm(int(row["n"]), float(row["mean"]), float(row["var"]), str(row["kind"]))


def _pooled_z(base: _Arm, other: _Arm) -> float:
    pooled = (base.mean * base.n + other.mean * other.n) / (base.n + other.n)
    error = np.sqrt(pooled * (1 - pooled) * (1 / base.n + 1 / other.n))
    return float(2 * stats.norm.sf(abs(other.mean - base.mean) / error)) if error > 0 else 1.0


def _welch(base: _Arm, other: _Arm) -> tuple[float, float]:
    error = base.error + other.error
    if error == 0:
        return (1.0 if base.mean == other.mean else np.nan), np.nan
    df = error**2 / (base.error**2 / (base.n - 1) + other.error**2 / (other.n - 1))
    return float(2 * stats.t.sf(abs(other.mean - base.mean) / np.sqrt(error), df)), float(df)


def _newcombe(base: _Arm, other: _Arm, alpha: float) -> tuple[float, float]:
    from statsmodels.stats.proportion import confint_proportions_2indep

    hits = [round(arm.mean * arm.n) for arm in (other, base)]
    lower, upper = confint_proportions_2indep(
        hits[0], other.n, hits[1], base.n, method="newcomb", compare="diff", alpha=alpha, correction=False
    )
    return float(lower), float(upper)


def _wald(base: _Arm, other: _Arm, alpha: float) -> tuple[float, float]:
    half = float(stats.norm.isf(alpha / 2)) * float(np.sqrt(base.error + other.error))
    return other.mean - base.mean - half, other.mean - base.mean + half


def _fieller(base: _Arm, other: _Arm, alpha: float, df: float) -> Interval | None:
    """Return the relative lift with Fieller's interval; None unless the control's mean is clearly above zero."""
    if np.isnan(df) or base.mean <= 0:
        return None
    critical = float(stats.t.isf(alpha / 2, df)) if np.isfinite(df) else float(stats.norm.isf(alpha / 2))
    g = critical**2 * base.error / base.mean**2
    if g >= 1:
        return None
    ratio = other.mean / base.mean
    root = np.sqrt(other.error * (1 - g) + ratio**2 * base.error) * critical / base.mean
    return Interval(
        ratio - 1, float((ratio - root) / (1 - g)) - 1, float((ratio + root) / (1 - g)) - 1, base.n + other.n
    )
