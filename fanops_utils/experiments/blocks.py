"""Slots and blocks: where half a day, or one post of a pair, is what was drawn, that is what is compared, each once.

However many units a slot has, they share its hour, its weather and its arm: their number makes the slot's mean surer, not
the comparison. So n is the slots or, with blocks, the blocks that hold both arms.
"""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.clusters import ClusterTest, settled, switchback
from fanops_utils.experiments.inference import Comparison
from fanops_utils.experiments.intake import named_frame, named_table
from fanops_utils.experiments.measure import Measure
from fanops_utils.experiments.moments import from_frame
from fanops_utils.experiments.relative import fieller, why_undefined
from fanops_utils.experiments.tails import normal_critical, t_critical
from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.intervals import Interval
from fanops_utils.workspace.experiment import Experiment, Metric

UNITS, MISSING, EIGHTY = "units[{}]", "missing[{}]", 0.8416212335729143  # the normal's 80 % quantile


def slot_table(units: pd.DataFrame | ibis.Table, experiment: Experiment) -> pd.DataFrame:
    """Return one row per slot of *experiment*, in the order of time: slot (number), variant, block, day, and its metrics.

    A slot is a cluster of the register or, without one, a unit. Each metric has three columns: its value (mean of the
    units; of a ratio, sum over sum), units[metric] and missing[metric]. Of a table, only the slots leave the engine.
    Raises DataError for an absent column, or units without slot or block.
    """
    if isinstance(units, pd.DataFrame):
        frame = _summed(named_frame(units, experiment), experiment)
    else:
        frame = _summed_by_engine(named_table(units, experiment), experiment)
    for name in ("slot", *(["block"] if experiment.block else [])):
        if frame[name].isna().any():
            raise DataError(
                "units have no slot or block", column=experiment.cluster if name == "slot" else experiment.block
            )
    planned = frame[frame["variant"].isin(list(experiment.allocation))]
    order = ["starts", "slot"] if planned["starts"].notna().all() else ["slot"]
    found = planned.sort_values(order, ignore_index=True)
    values = {metric.name: found[f"top[{metric.name}]"] / found[f"base[{metric.name}]"].replace(0, np.nan)
              for metric in experiment.metrics}  # fmt: skip
    kept = [name for name in found.columns if name.startswith(("units[", "missing["))]
    day = pd.to_datetime(found["starts"], utc=True).dt.tz_localize(None).dt.normalize()
    listed = {"slot": np.arange(len(found)), "variant": found["variant"], "block": found["block"], "day": day}
    return pd.DataFrame({**listed, **values, **{name: found[name].astype("int64") for name in kept}})


def slot_moments(slots: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the moments of *slots* (of `slot_table`): as of units, each slot one, its value a mean."""
    measures = [Measure(metric.name, "mean", metric.name) for metric in experiment.metrics]
    return from_frame(slots, metrics=measures)


def compare_slots(
    slots: pd.DataFrame, experiment: Experiment, *, alpha: float, within: bool = True
) -> tuple[Comparison, ...]:
    """Return every treatment against the control on every metric of *slots* (of `slot_table`), slots counted once.

    Within blocks by Student's t of their differences, without blocks (or without *within*) by that of the slots' means;
    washout as the register says. `clusters` is the number of blocks, or slots.
    """
    return tuple(
        _compared(slots, metric, arm, experiment, alpha, within)
        for metric in experiment.metrics
        for arm in experiment.treatments
    )


def block_differences(slots: pd.DataFrame, experiment: Experiment, metric: str, treatment: str) -> pd.DataFrame:
    """Return treatment less control in every block that holds both, in order: block, day, estimate, and its spread.

    The interval of one block is that of the spread of all blocks: one difference has none of its own. Columns: day,
    estimate, ci_lower, ci_upper, standard_error, n (units), treatment. Empty without blocks.
    """
    columns = ["day", "estimate", "ci_lower", "ci_upper", "standard_error", "n", "treatment"]
    if experiment.block is None:
        return pd.DataFrame(columns=columns)
    settled = slots[settled_slots(slots, experiment) & slots[metric].notna()]
    wide = settled.pivot_table(index="block", columns="variant", values=metric, aggfunc="mean")
    gap = (wide.get(treatment, pd.Series(dtype=float)) - wide.get(experiment.control, pd.Series(dtype=float))).dropna()
    if len(gap) < 2:
        return pd.DataFrame(columns=columns)
    spread = float(gap.std(ddof=1))
    of = settled[settled["variant"].isin([treatment, experiment.control])].groupby("block")
    frame = pd.DataFrame({"day": of["day"].min(), "n": of[UNITS.format(metric)].sum()}).loc[gap.index]
    half = float(t_critical(experiment.alpha, len(gap) - 1)) * spread
    frame = frame.assign(estimate=gap, ci_lower=gap - half, ci_upper=gap + half, standard_error=spread)
    return frame.assign(treatment=treatment).sort_values("day", kind="stable", ignore_index=True)[columns]


def settled_slots(slots: pd.DataFrame, experiment: Experiment, *, within: bool = True) -> pd.Series:
    """Return which of *slots* count, by the register's `washout`."""
    block = slots["block"] if experiment.block and within else None
    return settled(slots["variant"], block, washout=experiment.washout)


def _summed(units: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    key = experiment.cluster or "unit_key"
    parts: dict[str, pd.Series] = {}
    for metric in experiment.metrics:
        top, base = (pd.Series(numbers(units[name]), units.index) for name in (metric.columns[0], metric.columns[-1]))
        base = base if metric.kind == "ratio" else top.notna().astype(float)
        known = top.notna() & base.notna()
        parts |= {f"top[{metric.name}]": top.where(known, 0.0), f"base[{metric.name}]": base.where(known, 0.0),
                  UNITS.format(metric.name): known.astype(int), MISSING.format(metric.name): (~known).astype(int)}  # fmt: skip
    whole = pd.DataFrame(parts).assign(slot=units[key], variant=units["variant"].astype(str))
    whole["block"] = units[experiment.block] if experiment.block else 0
    whole["starts"] = units["assigned_at"] if "assigned_at" in units.columns else pd.NaT
    grouped = whole.groupby(["slot", "variant"], sort=True, dropna=False)
    summed = grouped[list(parts)].sum()
    return summed.assign(block=grouped["block"].first(), starts=grouped["starts"].min()).reset_index()


def _summed_by_engine(units: ibis.Table, experiment: Experiment) -> pd.DataFrame:
    wanted: dict[str, ibis.Value] = {}
    for metric in experiment.metrics:
        top, base = (units[name].cast("float64") for name in (metric.columns[0], metric.columns[-1]))
        top, base = (one.isnan().ifelse(ibis.null("float64"), one) for one in (top, base))
        known = top.notnull() & base.notnull()
        base = base if metric.kind == "ratio" else ibis.literal(1.0)
        wanted |= {
            f"top[{metric.name}]": known.ifelse(top, 0.0).sum(), f"base[{metric.name}]": known.ifelse(base, 0.0).sum(),
            UNITS.format(metric.name): known.cast("int64").sum(), MISSING.format(metric.name): (~known).cast("int64").sum(),
        }  # fmt: skip
    wanted["block"] = units[experiment.block].min() if experiment.block else ibis.literal(0)
    wanted["starts"] = units.assigned_at.min() if "assigned_at" in units.columns else ibis.null("timestamp")
    key = units[experiment.cluster or "unit_key"]
    return units.group_by(slot=key, variant=units.variant.cast("string")).aggregate(**wanted).to_pandas()


def _compared(
    slots: pd.DataFrame, metric: Metric, arm: str, experiment: Experiment, alpha: float, within: bool
) -> Comparison:
    test = switchback(
        slots, value=metric.name, slot="slot", variant="variant", control=experiment.control, treatment=arm,
        washout=experiment.washout, block="block" if experiment.block and within else None, alpha=alpha,
    )  # fmt: skip
    used = slots[settled_slots(slots, experiment, within=within)]
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


def _variance(experiment: Experiment, within: bool) -> str:
    return "s²/n of the differences of blocks" if experiment.block and within else "pooled s²/n of the slots"


def _lift(test: ClusterTest, units: int, alpha: float) -> tuple[Interval | None, str]:
    if test.cannot_tell:
        return None, test.cannot_tell
    critical = float(t_critical(alpha, test.df))
    error, base, both = test.errors
    if why := why_undefined(test.control_mean, base, critical=critical):
        return None, why
    found = fieller(test.treatment_mean, error, test.control_mean, base, critical=critical, covariance=both)
    lift, lower, upper = (float(one) for one in found)
    return Interval(lift, lower, upper, units), ""
