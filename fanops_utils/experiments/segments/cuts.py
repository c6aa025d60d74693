"""Cuts of a valid read-out: by segment, by day of exposure, by the choices that could have been made otherwise.

Units are a frame or a table: of a table only totals leave the engine, and what needs its rows is left out.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.experiments.intake.columns import named_frame
from fanops_utils.experiments.intake.rows import Units, columns_in, moments_of
from fanops_utils.experiments.moments.frames import UNKNOWN
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.experiments.readout.comparing import compared
from fanops_utils.experiments.readout.decision import ReadOut
from fanops_utils.experiments.segments.effects import by_segment
from fanops_utils.experiments.segments.novelty import daily_effects
from fanops_utils.experiments.segments.sensitivity import sensitivity
from fanops_utils.experiments.segments.slot_cuts import CHOICES, block_effects, slot_choices
from fanops_utils.experiments.statistics import bayes
from fanops_utils.experiments.statistics.quantiles import mean_bootstrap
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric


def can_be_cut(found: ReadOut | None) -> bool:
    """Return whether there is a read-out, and it is valid: nothing is cut out of an invalid one."""
    return found is not None and bool(found.comparisons)


def segment_effects(units: Units, experiment: Experiment, found: ReadOut | None) -> pd.DataFrame:
    """Return the first decision metric's effect in every segment of the register: dimension, then as `by_segment`.

    Empty without segments in the register, or where *found* may not be cut.
    """
    metric = experiment.first_decision.name
    parts = []
    for name in experiment.segments if can_be_cut(found) else ():
        cells = by_segment(_moments(units, experiment, name), metric, segment=name, control=experiment.control)
        parts.append(cells[cells["treatment"].isin(experiment.treatments)].assign(dimension=name))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def day_effects(units: Units, experiment: Experiment, found: ReadOut | None) -> pd.DataFrame:
    """Return the first decision metric's effect by day of exposure, as `daily_effects`.

    Where blocks are compared, by block: each difference is a day of its own. Empty where exposure has no time, or *found*
    may not be cut.
    """
    if not can_be_cut(found) or experiment.exposure_column not in columns_in(units):
        return pd.DataFrame()
    metric = experiment.first_decision.name
    if experiment.counts_slots:
        return block_effects(units, experiment, metric)
    moments = _moments(units, experiment, "assigned_at")
    if (moments["assigned_at"] == UNKNOWN).all():
        return pd.DataFrame()
    found_days = daily_effects(moments, metric, day="assigned_at", control=experiment.control)
    return found_days[found_days["treatment"].isin(experiment.treatments)].reset_index(drop=True)


def choices(units: Units, experiment: Experiment, found: ReadOut | None, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the first decision metric as it would read with other choices: choice (a code), treatment, registered, estimate, …

    With and without covariates and winsorising, as far as the register has them; a mean also by bootstrap-t, where single
    units may be seen; clusters by the other average; slots and blocks counted otherwise. Only the registered choice
    decides. Empty where *found* may not
    be cut.
    """
    if not can_be_cut(found):
        return pd.DataFrame(columns=CHOICES)
    metric = experiment.first_decision
    if experiment.counts_slots:
        return slot_choices(units, experiment, metric, rng=rng)
    table = sensitivity(units, experiment)
    table = table[table["metric"] == metric.name]
    named = [_choice(metric, experiment, row) for row in table.to_dict("records")]
    rows = [table.assign(choice=named)[CHOICES]]
    if isinstance(units, pd.DataFrame) and metric.kind in ("mean", "count") and experiment.cluster is None:
        rows.append(_bootstrapped(named_frame(units, experiment), experiment, metric, rng))
    if experiment.cluster is not None:
        rows.append(_other_average(units, experiment, metric))
    return pd.concat(rows, ignore_index=True)


def _other_average(units: Units, experiment: Experiment, metric: Metric) -> pd.DataFrame:
    """Return *metric* with every unit counting, where the register counts every cluster once; or the other way round.

    The two differ where the effect depends on the size of a cluster.
    """
    other: Literal["unit", "cluster"] = "unit" if experiment.average == "cluster" else "cluster"
    measures = [one for one in measures_of(experiment) if one.name == metric.name]
    moments = moments_of(units, experiment, measures)
    plan = experiment.model_copy(update={"average": other})
    rows = [
        (f"every_{other}", one.treatment, False, one.estimate, one.ci_lower, one.ci_upper, one.p_value, one.n)
        for one in compared(moments, plan, alpha=experiment.alpha, units=units)
        if one.treatment in experiment.treatments
    ]
    return pd.DataFrame(rows, columns=CHOICES)


def belief(found: ReadOut | None, experiment: Experiment) -> bayes.Reading | None:
    """Return how likely the best treatment is better on the first decision metric, under a flat prior; a reading only."""
    metric = experiment.first_decision
    ours = [one for one in (found.comparisons if found else ()) if one.metric == metric.name and not one.cannot_tell]
    if not ours:
        return None
    sign = 1 if metric.direction == "increase" else -1
    best = max(ours, key=lambda one: sign * one.estimate)
    if best.draws or best.doubt or not best.standard_error > 0:  # the normal is what such values are not
        return None
    return bayes.normal(sign * best.estimate, best.standard_error)


def _moments(units: Units, experiment: Experiment, by: str) -> pd.DataFrame:
    metric = experiment.first_decision.name
    measures = [one for one in measures_of(experiment) if one.name == metric]
    return moments_of(units, experiment, measures, by=[by])


def _choice(metric: Metric, experiment: Experiment, row: dict) -> str:
    parts = []
    if experiment.covariates:
        parts.append("cuped" if row["covariates"] else "no_cuped")
    if metric.winsorise is not None:
        parts.append("winsorised" if row["winsorised"] else "not_winsorised")
    return "_".join(parts) or "as_registered"


def _bootstrapped(
    units: pd.DataFrame, experiment: Experiment, metric: Metric, rng: np.random.Generator
) -> pd.DataFrame:
    rows = []
    values = {name: units.loc[units["variant"] == name, metric.columns[0]].to_numpy(dtype=float, na_value=np.nan)
              for name in experiment.allocation}  # fmt: skip
    for arm in experiment.treatments:
        read = mean_bootstrap(values[arm], values[experiment.control], rng=rng, alpha=experiment.alpha, draws=400)
        gap = read.difference
        rows.append(("bootstrap_t", arm, False, gap.estimate, gap.ci_lower, gap.ci_upper, np.nan, gap.n))
    return pd.DataFrame(rows, columns=CHOICES)
