"""Cuts of an experiment whose slots or blocks are compared: the effect block by block, and what other counting would say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.experiments.effects.blocks import block_differences, compare_slots
from fanops_utils.experiments.effects.clusters import permutation
from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.effects.inference import compare_all
from fanops_utils.experiments.intake.rows import Restricted, Units, moments_of, slots_of
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

CHOICES = ["choice", "treatment", "registered", "estimate", "ci_lower", "ci_upper", "p_value", "n"]


def block_effects(units: Units, experiment: Experiment, metric: str) -> pd.DataFrame:
    """Return the difference of *metric* in every block, as `block_differences`, of all treatments.

    Of a restricted table without blocks of few units. Empty without blocks.
    """
    slots = slots_of(units, experiment)
    if slots is None or experiment.block is None:
        return pd.DataFrame()
    found = pd.concat(
        [block_differences(slots, experiment, metric, arm) for arm in experiment.treatments], ignore_index=True
    )
    least = units.least if isinstance(units, Restricted) else 1
    return found[found["n"] >= least].reset_index(drop=True)


def slot_choices(units: Units, experiment: Experiment, metric: Metric, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return *metric* as it would read if slots were counted otherwise: choice, treatment, registered, estimate, … p_value, n.

    As registered; without regard to the blocks; with the slots after a change; the arms of each block drawn again by
    lot (p alone); and every unit by itself, which takes units that share a slot for independent. Empty where the slots may
    not be seen.
    """
    slots = slots_of(units, experiment)
    if slots is None:
        return pd.DataFrame(columns=CHOICES)
    plans = [("as_registered", True, experiment, True)]
    if experiment.block is not None:
        plans.append(("blocks_ignored", False, experiment, False))
    if experiment.washout:
        plans.append(("washout_kept", False, experiment.model_copy(update={"washout": 0}), True))
    rows = []
    for name, registered, plan, within in plans:
        found = [
            one for one in compare_slots(slots, plan, alpha=plan.alpha, within=within) if one.metric == metric.name
        ]
        rows += [_row(name, one, registered) for one in found]
    if experiment.cluster:
        rows += [_row("every_unit", one, False) for one in _single(units, experiment, metric)]
    if experiment.block is not None:
        rows += _by_lot(slots, experiment, metric, rng)
    return pd.DataFrame(rows, columns=CHOICES)


def _row(name: str, one: Comparison, registered: bool) -> tuple:
    return name, one.treatment, registered, one.estimate, one.ci_lower, one.ci_upper, one.p_value, one.n


def _single(units: Units, experiment: Experiment, metric: Metric) -> list[Comparison]:
    alone = experiment.model_copy(update={"cluster": None})
    measures = [one for one in measures_of(experiment) if one.name == metric.name]
    return list(compare_all(moments_of(units, alone, measures), control=experiment.control, alpha=experiment.alpha))


def _by_lot(slots: pd.DataFrame, experiment: Experiment, metric: Metric, rng: np.random.Generator) -> list[tuple]:
    rows = []
    for arm in experiment.treatments:
        gaps = block_differences(slots, experiment, metric.name, arm)
        values = np.column_stack([gaps["estimate"] / 2, -gaps["estimate"] / 2]).ravel()
        blocks = np.repeat(np.arange(len(gaps)), 2)
        if len(gaps) > 1:
            p_value = permutation(values, np.tile([True, False], len(gaps)), rng=rng, blocks=blocks)
            rows.append(("by_lot", arm, False, np.nan, np.nan, np.nan, p_value, int(gaps["n"].sum())))
    return rows
