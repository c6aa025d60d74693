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
from fanops_utils.experiments.statistics.randomised import least_p
from fanops_utils.experiments.statistics.tails import t_critical
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment_parts import LEAST_IN_ARM

LEAST = 10  # slots in two arms, four in the smaller
EVEN = 2.0  # an arm of more than twice the other's clusters breaks Welch's t
SlotTest = Literal["slot_means_t", "block_differences_t", "slot_ratio_t", "block_ratio_t"]


@dataclass(frozen=True)
class ClusterTest:
    """A comparison of clusters: estimate in the outcome's unit, interval, p, and what it rests on.

    `clusters` are what is counted: slots or, within blocks, the blocks that hold both arms. `errors` are the
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


def too_few(base: Arm, other: Arm, *, alpha: float, least: int = 2 * LEAST_IN_ARM) -> Reason | None:
    """Return why two clustered arms give no test.

    Fewer than four clusters in the smaller arm, however many the other has; fewer than *least* in both; or so few that no
    assignment could reach *alpha*.
    """
    small, large = sorted((base.n, other.n))
    if small < LEAST_IN_ARM:
        return Reason("few_clusters", n=small, least=LEAST_IN_ARM)
    if small + large < least:
        return Reason("few_clusters_in_all", n=small + large, least=least)
    if least_p(small + large, small) > alpha:
        return Reason("few_allocations", n=small, other=large)
    return None


def are_uneven(base: Arm, other: Arm) -> bool:
    """Return whether one arm has more than twice the clusters of the other: Welch's t of their means is not kept then."""
    small, large = sorted((base.n, other.n))
    return large > EVEN * small


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


def ratio_of_sums(
    slots: pd.DataFrame,
    *,
    top: str,
    base: str,
    control: str,
    treatment: str,
    block: str | None = None,
    alpha: float = 0.05,
) -> ClusterTest:
    """Return the difference of two ratios, sum over sum of each arm's settled *slots*, by the delta method.

    The estimand is the ratio of all, not the mean of slots' or days' ratios. With *block* an arm's slots of one block are added
    up and blocks that hold both arms are compared; else slots are. Columns: variant, *top*, *base*, *block*.
    """
    rows = slots[slots["variant"].isin([control, treatment]) & (slots[base] > 0)]
    if block is None:
        sides = [rows[rows["variant"] == name] for name in (treatment, control)]
        small, count = min(map(len, sides)), sum(map(len, sides))
        if count < LEAST or small < LEAST_IN_ARM:
            why = Reason("few_slots", n=len(sides[0]), other=len(sides[1]), least=LEAST)
            return ClusterTest(np.nan, np.nan, np.nan, np.nan, count, np.nan, "slot_ratio_t", why)
        means, lefts = zip(*(_about_ratio(numbers(side[top]), numbers(side[base])) for side in sides), strict=True)
        df = count - 2.0
        pooled = sum(float(np.sum(left**2)) for left in lefts) / df
        errors = pooled / len(sides[0]), pooled / len(sides[1]), 0.0
        return _result(means[0], means[1], errors, df, count, alpha, "slot_ratio_t")
    wide = rows.pivot_table(index=block, columns="variant", values=[top, base], aggfunc="sum")
    wide = wide.reindex(columns=pd.MultiIndex.from_product([[top, base], [treatment, control]])).dropna()
    if len(wide) < LEAST // 2:
        why = Reason("few_blocks", n=len(wide), least=LEAST // 2)
        return ClusterTest(np.nan, np.nan, np.nan, np.nan, len(wide), np.nan, "block_ratio_t", why)
    means, lefts = zip(
        *(_about_ratio(numbers(wide[top, name]), numbers(wide[base, name])) for name in (treatment, control)),
        strict=True,
    )
    error, both, _, other = (np.cov(np.stack(lefts), ddof=1) / len(wide)).ravel().tolist()
    return _result(means[0], means[1], (error, other, both), len(wide) - 1.0, len(wide), alpha, "block_ratio_t")


def _about_ratio(top: np.ndarray, base: np.ndarray) -> tuple[float, np.ndarray]:
    """Return sum over sum, and what each pair adds to it (linearised)."""
    ratio = float(top.sum() / base.sum())
    return ratio, (top - ratio * base) / base.mean()


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
    if count < LEAST or min(treated.size, base.size) < LEAST_IN_ARM:
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
