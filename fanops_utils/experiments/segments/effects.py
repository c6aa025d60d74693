"""Segments: does the effect differ between markets, platforms, tiers? A test first, then estimates that borrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.errors import DataError
from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.effects.inference import compare_all
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.experiments.statistics.tails import normal_critical, normal_p
from fanops_utils.metrics.shrinkage import between_variance, scatter
from fanops_utils.text import say

COLUMNS = [
    "segment", "treatment", "control_mean", "treatment_mean", "estimate", "ci_lower", "ci_upper", "p_value",
    "standard_error", "n", "cannot_tell",
]  # fmt: skip


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's Q over segments with an estimate: `i2` is the share of its spread that is not chance.

    `tau2` is the variance of true effects between segments, `pooled` their weighted mean. NaN with fewer than two.
    """

    q: float
    df: int
    p_value: float
    i2: float
    tau2: float
    pooled: float
    segments: int


def heterogeneity(estimates: Sequence[float] | np.ndarray, errors: Sequence[float] | np.ndarray) -> Heterogeneity:
    """Return the test that *estimates* with standard *errors* share one value; those without an error are left out.

    Q is chi-square with one less than the segments; it equals the Wald test of the interaction in a linear model.
    tau2 is Paule and Mandel's (1982).
    """
    value, error = (np.asarray(one, dtype=float) for one in (estimates, errors))
    usable = np.isfinite(value) & np.isfinite(error) & (error > 0)
    value, error = value[usable], error[usable]
    if value.size < 2:
        nothing = float("nan")
        return Heterogeneity(
            nothing, 0, nothing, nothing, nothing, float(value[0]) if value.size else nothing, value.size
        )
    q = scatter(value, error**2)[0]
    df = value.size - 1
    tau2 = between_variance(value, error**2)
    pooled = scatter(value, error**2, between=tau2)[1]
    return Heterogeneity(
        q, df, float(special.chdtrc(df, q)), max(1 - df / q, 0.0) if q > 0 else 0.0, tau2, pooled, value.size
    )


def shrink(
    estimates: Sequence[float] | np.ndarray, errors: Sequence[float] | np.ndarray, *, alpha: float = 0.05
) -> pd.DataFrame:
    """Return estimates drawn towards their common mean: estimate, ci_lower, ci_upper, weight, one row each.

    Empirical Bayes with a normal distribution of true effects; weight 1 keeps the own estimate, 0 takes the mean. Rows
    without an error are NaN. Intervals allow for the mean and the spread being estimated (Morris 1983); two or three
    rows are too few for that.
    """
    value, error = (np.asarray(one, dtype=float) for one in (estimates, errors))
    usable = np.isfinite(value) & np.isfinite(error) & (error > 0)
    columns = ["estimate", "ci_lower", "ci_upper", "weight"]
    if usable.sum() < 2:
        return pd.DataFrame(np.nan, index=range(value.size), columns=columns)
    tau2 = between_variance(value[usable], error[usable] ** 2)
    mean = scatter(value[usable], error[usable] ** 2, between=tau2)[1]
    precision = float(np.sum(1 / (error[usable] ** 2 + tau2)))
    count = int(usable.sum())
    less = (count - 3) / (count - 1) if count > 3 else 1.0
    with np.errstate(invalid="ignore"):
        keep = np.where(usable, 1 - less * error**2 / (tau2 + error**2), np.nan)
        unsure = 2 / (count - 3) * ((1 - keep) * (value - mean)) ** 2 if count > 3 else 0.0
        spread = np.sqrt(keep * error**2 + (1 - keep) ** 2 / precision + unsure)
    middle, half = mean + keep * (value - mean), normal_critical(alpha) * spread
    return pd.DataFrame(dict(zip(columns, (middle, middle - half, middle + half, keep), strict=True)))


def by_segment(
    moments: pd.DataFrame,
    metric: str,
    *,
    segment: str,
    control: str,
    alpha: float = 0.05,
    covariates: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the effect in each cell of *segment* of moments grouped by it alone, and what it shrinks to.

    Columns: segment, treatment, control_mean, treatment_mean, estimate, ci_lower, ci_upper, p_value, standard_error,
    n, cannot_tell (why a cell has no test, None where it has), p_adjusted (Benjamini-Hochberg over all rows), shrunk, shrunk_lower,
    shrunk_upper, weight. Raises DataError where the moments have no such metric or segment.
    """
    if segment not in moments.columns:
        raise DataError(say("the moments are not grouped by this segment"), value=segment, choices=moments.columns)
    ours = moments[moments["metric"] == metric]
    if ours.empty:
        raise DataError(say("no such metric in the moments"), value=metric, choices=moments["metric"].unique())
    rows = []
    for cell, part in ours.groupby(segment, sort=True):
        rows.extend(_cell(str(cell), part, control, alpha, covariates))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["p_adjusted"] = adjusted_p(frame["p_value"].to_numpy(dtype=float), method="fdr_bh")
    parts = []
    for _, arm in frame.groupby("treatment", sort=False):
        drawn = shrink(arm["estimate"].to_numpy(), arm["standard_error"].to_numpy(), alpha=alpha)
        drawn.columns = pd.Index(["shrunk", "shrunk_lower", "shrunk_upper", "weight"])
        parts.append(drawn.set_index(arm.index))
    return frame.join(pd.concat(parts)) if parts else frame


def segment_tests(table: pd.DataFrame) -> pd.DataFrame:
    """Return the heterogeneity test of each treatment in *table* of `by_segment`: treatment, q, df, p_value, i2, …"""
    rows = [
        {"treatment": arm, **heterogeneity(part["estimate"].to_numpy(), part["standard_error"].to_numpy()).__dict__}
        for arm, part in table.groupby("treatment", sort=False)
    ]
    return pd.DataFrame(rows)


def differs_from_others(table: pd.DataFrame, *, alpha: float = 0.05) -> pd.Series:
    """Return which rows of *table* (of `by_segment`, one treatment) clearly differ from the other segments taken together.

    Each estimate is held against the inverse-variance mean of the others, as a difference, Holm over the rows. That one
    interval spans zero where others do not is no such difference: a small segment's always does.
    """
    weight = 1 / table["standard_error"].where(table["standard_error"] > 0) ** 2
    known = table["estimate"].where(weight.notna())
    other = weight.sum() - weight.fillna(0)
    rest = ((known * weight).sum() - (known * weight).fillna(0)) / other.where(other > 0)
    spread = np.sqrt((1 / weight + 1 / other.where(other > 0)).to_numpy(dtype=float))
    return pd.Series(
        adjusted_p(normal_p((known - rest).to_numpy(dtype=float) / spread), method="holm") < alpha, index=table.index
    )


def _cell(cell: str, part: pd.DataFrame, control: str, alpha: float, covariates: Sequence[str]) -> list[tuple]:
    if control not in set(part["variant"]):
        why = Reason("no_control", name=control)
        return [(cell, arm, *[np.nan] * 7, 0, why) for arm in part["variant"]]
    found: Sequence[Comparison] = compare_all(part, control=control, alpha=alpha, covariates=covariates)
    return [
        (
            cell, one.treatment, one.control_mean, one.treatment_mean, one.estimate, one.ci_lower, one.ci_upper,
            one.p_value, one.standard_error, one.n, one.cannot_tell,
        )
        for one in found
    ]  # fmt: skip
