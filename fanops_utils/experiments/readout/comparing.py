"""The comparisons of a read-out: from moments first, then as the clusters and the single units behind them allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import ibis
import numpy as np
import pandas as pd

from fanops_utils.experiments.effects.arms import arms_of
from fanops_utils.experiments.effects.blocks import compare_slots
from fanops_utils.experiments.effects.cluster_draws import draw_clusters
from fanops_utils.experiments.effects.comparison import Comparison, adjust
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.effects.inference import compare_all
from fanops_utils.experiments.effects.unit_draws import harden
from fanops_utils.experiments.intake.aggregates import Aggregates
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.rows import SINGLE, Restricted, Units, clusters_of, plain
from fanops_utils.experiments.looks.plan import LookState, sequential_p
from fanops_utils.experiments.moments.measure import SHARES, measures_of
from fanops_utils.experiments.moments.shapes import shapes_of_frame, shapes_of_table, values_of
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.workspace.registers.experiment import Experiment


def comparisons_of(
    moments: pd.DataFrame, experiment: Experiment, state: LookState, *, slots: pd.DataFrame | None = None,
    units: Units | None = None, shapes: pd.DataFrame | None = None,
) -> tuple[Comparison, ...]:  # fmt: skip
    """Return every treatment against the control on every metric, corrected by role: decisions, guardrails, exploratory.

    *units* let clusters and skewed values be drawn again; without them *shapes* (of `moments.shapes`) say what totals can.
    """
    if slots is not None:
        listed = compare_slots(slots, experiment, alpha=state.level)
    else:
        ours = moments[moments["variant"].isin(list(experiment.allocation))]
        listed = compared(ours, experiment, alpha=state.level, units=units, shapes=shapes)
        if experiment.counts_slots:
            listed = tuple(replace(one, cannot_tell=SINGLE, lift_why=SINGLE) for one in listed)
    named = {(one.metric, one.treatment): one for one in listed}
    found: list[Comparison] = []
    for role in ("decision", "guardrail", "exploratory"):
        metrics = [metric.name for metric in experiment.metrics if metric.role == role]
        group = [named[metric, arm] for metric in metrics for arm in experiment.treatments]
        if role == "decision":
            found.extend(_decided(group, experiment, state))
        else:
            found.extend(group if role == "guardrail" else adjust(group, method="fdr_bh"))
    return tuple(found)


def compared(
    moments: pd.DataFrame, experiment: Experiment, *, alpha: float, units: Units | None = None,
    shapes: pd.DataFrame | None = None, adjusted: bool = True, winsorised: bool = True,
) -> tuple[Comparison, ...]:  # fmt: skip
    """Return the comparisons of *moments* (one cell) at *alpha*, held to what their *units* or *shapes* show."""
    names = tuple(one.column for one in experiment.covariates) if adjusted else ()
    listed = compare_all(
        moments, control=experiment.control, alpha=alpha, covariates=names, least_clusters=experiment.clusters_needed
    )
    measures = [
        one if adjusted else replace(one, covariates=())
        for one in measures_of(experiment, winsorised=winsorised)
        if one.name in set(moments["metric"].astype(str))
    ]
    if experiment.cluster is not None:
        if units is None or isinstance(units, Aggregates) or experiment.counts_slots:
            return listed
        clusters = clusters_of(units, experiment, measures)
        return draw_clusters(listed, moments, clusters, experiment, covariates=names)
    if isinstance(units, Aggregates):
        shapes, units = units.shapes, None
    arms = list(experiment.allocation)
    hard = [one for one in measures if one.kind not in SHARES]
    if not hard or experiment.counts_slots:
        return listed
    if isinstance(units, pd.DataFrame):
        frame = named_frame(units, experiment)
        values = {one.name: values_of(frame, one, arms) for one in hard}
        return harden(listed, shapes_of_frame(frame, hard, arms), values, _theta(moments, names))
    if isinstance(units, ibis.Table | Restricted):
        shapes = shapes_of_table(named_table(plain(units), experiment), hard, moments, arms)
    return listed if shapes is None else harden(listed, shapes, {}, {})


def _theta(moments: pd.DataFrame, names: Sequence[str]) -> Mapping[str, np.ndarray]:
    if not names:
        return {}
    arms = arms_of(moments, covariates=names)
    metrics = dict.fromkeys(metric for metric, _ in arms)
    return {
        metric: cuped({name: arm for (one, name), arm in arms.items() if one == metric}).theta for metric in metrics
    }


def _decided(group: Sequence[Comparison], experiment: Experiment, state: LookState) -> list[Comparison]:
    """Return *group* with p-values corrected for the looks first, then for the comparisons."""
    over_looks = [sequential_p(one.p_value, state, experiment) for one in group]
    corrected = adjusted_p(over_looks, method=experiment.correction)
    return [replace(one, p_adjusted=float(p)) for one, p in zip(group, corrected, strict=True)]
