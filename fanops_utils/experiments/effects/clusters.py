"""Units assigned together (communities, posts, hours): the cluster is what was assigned, so it is what is counted.

A test of units that ignores their clusters finds differences that are not there: with ten communities and no effect,
one time in five.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.effects.arms import Arm
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.means import student
from fanops_utils.experiments.statistics.tails import t_critical
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.text import say

LEAST = 10  # clusters in two arms
SlotTest = Literal["cluster_means_t", "slot_means_t", "block_differences_t"]
FEW = 40


@dataclass(frozen=True)
class ClusterTest:
    """A comparison of clusters: estimate in the outcome's unit, interval, p, and what it rests on.

    `clusters` are what is counted: clusters, slots or, within blocks, the blocks that hold both arms. `errors` are the
    variances of the treatment's mean and of the control's, and their covariance. `cannot_tell` says why there is no
    test; the numbers are NaN then.
    """

    estimate: float
    ci_lower: float
    ci_upper: float
    p_value: float
    clusters: int
    df: float
    test: SlotTest
    cannot_tell: Reason | None = None
    treatment_mean: float = np.nan
    control_mean: float = np.nan
    standard_error: float = np.nan
    errors: tuple[float, float, float] = (np.nan, np.nan, np.nan)


def cluster_df(base: Arm, other: Arm, *, covariates: int = 0) -> float:
    """Return the degrees of freedom of two clustered arms: clusters less two, less one per covariate."""
    return float(base.n + other.n - 2 - covariates)


def too_few(base: Arm, other: Arm, *, least: int = LEAST) -> Reason | None:
    """Return why two clustered arms give no test: fewer than *least* clusters, or fewer than two in an arm."""
    if base.n + other.n < least:
        return Reason("few_clusters", n=base.n + other.n, least=least)  # the error rate cannot be known
    if min(base.n, other.n) < 2:
        return Reason("lone_cluster")
    return None


def cr1_error(base: Arm, other: Arm) -> float:
    """Return the CR1 variance of the difference of two clustered arms, as a regression on the arm would give it.

    `Arm.error` scales each arm by G/(G-1), which keeps the error rate nearer its level with few clusters; CR1 scales
    both by G/(G-1) · (N-1)/(N-2) over all clusters G and units N. Source: Cameron and Miller 2015.
    """
    groups, units = base.n + other.n, base.units + other.units
    scale = groups / (groups - 1) * (units - 1) / (units - 2)
    return sum(arm.error * (arm.n - 1) / arm.n for arm in (base, other)) * scale


def cluster_means(
    units: pd.DataFrame, *, value: str, cluster: str, variant: str, control: str, treatment: str, alpha: float = 0.05
) -> ClusterTest:
    """Return the comparison of the means of clusters, each counting once, by t with clusters less two.

    The most careful test of few clusters; it weighs a small community as much as a large one. Raises DataError for an
    absent column, an unknown arm, or a cluster in both arms.
    """
    need(units, value, cluster, variant)
    known = units[units[value].notna() & units[variant].isin([control, treatment])]
    if (known.groupby(cluster)[variant].nunique() > 1).any():
        raise DataError(say("a cluster is in both arms"), column=cluster)
    means = known.groupby([variant, cluster])[value].mean()
    parts = []
    for name in (treatment, control):
        if name not in means.index.get_level_values(0):
            raise DataError(say("no such arm"), value=name, choices=[str(one) for one in units[variant].unique()])
        parts.append(means.loc[name].to_numpy(dtype=float))
    return _pooled_t(*parts, alpha=alpha, test="cluster_means_t")


def switchback(
    slots: pd.DataFrame,
    *,
    value: str,
    slot: str,
    variant: str,
    control: str,
    treatment: str,
    washout: int = 0,
    block: str | None = None,
    alpha: float = 0.05,
) -> ClusterTest:
    """Return the effect where one arm after the other was on for everybody, a slot of time at a time.

    One row per slot, or per unit within it: each slot counts once. The first *washout* slots after every change of
    arm are left out, as the arm before may still act in them (`settled`). With *block* (the day, say) arms are compared
    within it. Raises DataError for an absent column or a slot in two arms.
    """
    need(slots, value, slot, variant, *([block] if block else []))
    if (slots.groupby(slot)[variant].nunique() > 1).any():
        raise DataError(say("a slot is in two arms"), column=slot)
    keep = {"value": (value, "mean"), "variant": (variant, "first")} | ({"block": (block, "first")} if block else {})
    line = slots.groupby(slot, sort=True).agg(**keep)
    kept = settled(line["variant"], line["block"] if block else None, washout=washout)
    line = line[kept & line["value"].notna() & line["variant"].isin([control, treatment])]
    if block is None:
        arms = [numbers(line.loc[line["variant"] == name, "value"]) for name in (treatment, control)]
        return _pooled_t(*arms, alpha=alpha, test="slot_means_t")
    wide = line.pivot_table(index="block", columns="variant", values="value", aggfunc="mean")
    pairs = wide.reindex(columns=[treatment, control]).dropna()
    return _paired_t(*(pairs[name].to_numpy(dtype=float) for name in (treatment, control)), alpha=alpha)


def settled(variant: pd.Series, block: pd.Series | None = None, *, washout: int) -> pd.Series:
    """Return which slots, given in the order of time, count: not the first *washout* after every change of arm.

    With *block*, not the first of each block either, whatever its arm: left out after a change alone, a slot would be
    kept or not by the arm of the block before, which ties the differences of blocks to one another.
    """
    fresh = variant != variant.shift()
    if block is not None:
        fresh |= block != block.shift()
    run = fresh.cumsum()
    late = variant.groupby(run).cumcount() >= washout
    return late if block is not None else late | (run == 1)


def permutation(
    values: npt.ArrayLike,
    treated: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    blocks: npt.ArrayLike | None = None,
    draws: int = 5_000,
) -> float:
    """Return the p-value of a difference of means under re-assignment of *treated*, within *blocks* where given.

    For posts, push times and other assignments of a few dozen, where no distribution need be believed. The smallest
    p-value is 1 / (draws + 1). NaN values are left out.
    """
    outcome, arm = np.asarray(values, dtype=float), np.asarray(treated, dtype=bool)
    known = ~np.isnan(outcome)
    outcome, arm = outcome[known], arm[known]
    group = np.zeros(outcome.size, dtype=int) if blocks is None else pd.factorize(np.asarray(blocks)[known])[0]
    outcome = outcome - (np.bincount(group, weights=outcome) / np.maximum(np.bincount(group), 1))[group]
    shuffled = np.zeros((draws, outcome.size), dtype=bool)
    for number in np.unique(group):
        here = np.flatnonzero(group == number)
        order = np.argsort(rng.random((draws, here.size)), axis=1)
        shuffled[:, here] = arm[here][order]
    seen = abs(_gap(outcome, arm[None, :])[0])
    return float((1 + np.sum(np.abs(_gap(outcome, shuffled)) >= seen - 1e-12)) / (draws + 1))


def icc(values: npt.ArrayLike, clusters: npt.ArrayLike) -> float:
    """Return the intracluster correlation of *values*, from the analysis of variance; not below 0.

    Source: Donner 1986. NaN values are left out; NaN where no cluster has two units.
    """
    outcome = np.asarray(values, dtype=float)
    known = ~np.isnan(outcome)
    group, _ = pd.factorize(np.asarray(clusters)[known])
    outcome = outcome[known]
    size = np.bincount(group).astype(float)
    count, total = size.size, outcome.size
    if count < 2 or total <= count:
        return float("nan")
    mean = np.bincount(group, weights=outcome) / size
    between = np.sum(size * (mean - outcome.mean()) ** 2) / (count - 1)
    within = np.sum((outcome - mean[group]) ** 2) / (total - count)
    typical = (total - np.sum(size**2) / total) / (count - 1)
    spread = between + (typical - 1) * within
    return float(max((between - within) / spread, 0.0)) if spread > 0 else 0.0


def _gap(outcome: np.ndarray, treated: np.ndarray) -> np.ndarray:
    count = treated.sum(axis=1)
    upper = treated @ outcome
    return upper / np.maximum(count, 1) - (outcome.sum() - upper) / np.maximum(outcome.size - count, 1)


def _pooled_t(treated: np.ndarray, base: np.ndarray, *, alpha: float, test: SlotTest) -> ClusterTest:
    count = treated.size + base.size
    if count < LEAST or min(treated.size, base.size) < 2:
        why = Reason("few_slots", n=treated.size, other=base.size, least=LEAST)
        return ClusterTest(np.nan, np.nan, np.nan, np.nan, count, np.nan, test, why)
    df = count - 2.0
    pooled = (treated.var(ddof=1) * (treated.size - 1) + base.var(ddof=1) * (base.size - 1)) / df
    errors = float(pooled / treated.size), float(pooled / base.size), 0.0
    return _result(float(treated.mean()), float(base.mean()), errors, df, count, alpha, test)


def _paired_t(treated: np.ndarray, base: np.ndarray, *, alpha: float) -> ClusterTest:
    test: SlotTest = "block_differences_t"
    if treated.size < LEAST // 2:
        why = Reason("few_blocks", n=treated.size, least=LEAST // 2)
        return ClusterTest(np.nan, np.nan, np.nan, np.nan, treated.size, np.nan, test, why)
    error, both, _, other = (np.cov(treated, base, ddof=1) / treated.size).ravel().tolist()
    means = float(treated.mean()), float(base.mean())
    return _result(*means, (error, other, both), treated.size - 1.0, treated.size, alpha, test)


def _result(
    treated: float, base: float, errors: tuple[float, float, float], df: float, count: int, alpha: float, test: SlotTest
) -> ClusterTest:
    gap, spread = treated - base, float(np.sqrt(max(errors[0] + errors[1] - 2 * errors[2], 0.0)))
    half = float(t_critical(alpha, df)) * spread
    p_value = float(student(gap, spread, df))
    return ClusterTest(gap, gap - half, gap + half, p_value, count, df, test, None, treated, base, spread, errors)
