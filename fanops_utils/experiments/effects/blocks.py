"""Slots and blocks: where half a day, or one post of a pair, is what was drawn, that is what is compared, each once.

However many units a slot has, they share its hour, its weather and its arm: their number makes the slot's mean surer, not
the comparison. So n is the slots or, with blocks, the blocks that hold both arms.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.experiments.effects.clusters import ClusterTest, ratio_of_sums, settled, switchback
from fanops_utils.experiments.effects.comparison import Comparison, VarianceCode
from fanops_utils.experiments.intake.slots import BASE, MISSING, TOP, UNITS
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.relative import fieller, why_undefined
from fanops_utils.experiments.statistics.tails import normal_critical, t_critical
from fanops_utils.metrics.intervals import Interval
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

EIGHTY = 0.8416212335729143  # the normal's 80 % quantile


def compare_slots(
    slots: pd.DataFrame, experiment: Experiment, *, alpha: float, within: bool = True
) -> tuple[Comparison, ...]:
    """Return every treatment against the control on every metric of *slots* (of `slot_table`), slots counted once.

    Ratios stay sum over sum (`ratio_of_sums`). Means: within blocks by Student's t of their differences, without blocks (or
    without *within*) by that of the slots' means;
    washout as the register says. `clusters` is the number of blocks, or slots.
    """
    return tuple(
        _compared(slots, metric, arm, experiment, alpha, within)
        for metric in experiment.metrics
        for arm in experiment.treatments
    )


def block_differences(slots: pd.DataFrame, experiment: Experiment, metric: str, treatment: str) -> pd.DataFrame:
    """Return treatment less control in every block that holds both, in order: block, day, estimate, and its spread.

    Within a block means are those of its slots, and ratios sum over sum, as in the comparison.
    The interval of one block is that of the spread of all blocks: one difference has none of its own. Columns: day,
    estimate, ci_lower, ci_upper, standard_error, n (units), treatment. Empty without blocks.
    """
    columns = ["day", "estimate", "ci_lower", "ci_upper", "standard_error", "n", "treatment"]
    if experiment.block is None:
        return pd.DataFrame(columns=columns)
    settled = slots[settled_slots(slots, experiment) & slots[metric].notna()]
    wide = _by_block(settled, metric)
    gap = (wide.get(treatment, pd.Series(dtype=float)) - wide.get(experiment.control, pd.Series(dtype=float))).dropna()
    if len(gap) < 2:
        return pd.DataFrame(columns=columns)
    spread = float(gap.std(ddof=1))
    of = settled[settled["variant"].isin([treatment, experiment.control])].groupby("block")
    frame = pd.DataFrame({"day": of["day"].min(), "n": of[UNITS.format(metric)].sum()}).loc[gap.index]
    half = float(t_critical(experiment.alpha, len(gap) - 1)) * spread
    frame = frame.assign(estimate=gap, ci_lower=gap - half, ci_upper=gap + half, standard_error=spread)
    return frame.assign(treatment=treatment).sort_values("day", kind="stable", ignore_index=True)[columns]


def _by_block(slots: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return block x variant: the mean of the slots' values or, of a ratio, all its sums over all its sums."""
    top, base = TOP.format(metric), BASE.format(metric)
    if top not in slots.columns:
        return slots.pivot_table(index="block", columns="variant", values=metric, aggfunc="mean")
    summed = slots.groupby(["block", "variant"])[[top, base]].sum()
    return (summed[top] / summed[base]).unstack("variant")


def settled_slots(slots: pd.DataFrame, experiment: Experiment, *, within: bool = True) -> pd.Series:
    """Return which of *slots* count, by the register's `washout`."""
    block = slots["block"] if experiment.block and within else None
    return settled(slots["variant"], block, washout=experiment.washout)


def _compared(
    slots: pd.DataFrame, metric: Metric, arm: str, experiment: Experiment, alpha: float, within: bool
) -> Comparison:
    used = slots[settled_slots(slots, experiment, within=within)]
    block = "block" if experiment.block and within else None
    if metric.kind == "ratio":
        test = ratio_of_sums(
            used, top=TOP.format(metric.name), base=BASE.format(metric.name), control=experiment.control, treatment=arm,
            block=block, alpha=alpha,
        )  # fmt: skip
    else:
        test = switchback(
            slots, value=metric.name, slot="slot", variant="variant", control=experiment.control, treatment=arm,
            washout=experiment.washout, block=block, alpha=alpha,
        )  # fmt: skip
    units = {
        name: int(used.loc[used["variant"] == name, UNITS.format(metric.name)].sum()) for name in experiment.allocation
    }
    gone = slots[slots["variant"].isin([arm, experiment.control])][MISSING.format(metric.name)].sum()
    lift, why = _lift(test, sum(units[name] for name in (arm, experiment.control)), alpha)
    return Comparison(
        metric=metric.name, control=experiment.control, treatment=arm, control_n=units[experiment.control],
        treatment_n=units[arm], control_mean=test.control_mean, treatment_mean=test.treatment_mean, estimate=test.estimate,
        ci_lower=test.ci_lower, ci_upper=test.ci_upper, p_value=test.p_value, lift=lift,
        detectable=(float(normal_critical(alpha)) + EIGHTY) * test.standard_error, alpha=alpha, test=test.test,
        variance=_variance(experiment, within), df=test.df, standard_error=test.standard_error, missing=int(gone),
        clusters=test.clusters, lift_why=why, cannot_tell=test.cannot_tell,
    )  # fmt: skip


def _variance(experiment: Experiment, within: bool) -> VarianceCode:
    return "block_differences" if experiment.block and within else "pooled_slots"


def _lift(test: ClusterTest, units: int, alpha: float) -> tuple[Interval | None, Reason | None]:
    if test.cannot_tell:
        return None, test.cannot_tell
    critical = float(t_critical(alpha, test.df))
    error, base, both = test.errors
    if why := why_undefined(test.control_mean, base, critical=critical):
        return None, why
    found = fieller(test.treatment_mean, error, test.control_mean, base, critical=critical, covariance=both)
    lift, lower, upper = (float(one) for one in found)
    return Interval(lift, lower, upper, units), None
