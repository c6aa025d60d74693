"""Gates: what must hold before any comparison is read. A gate that stops makes the experiment invalid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import ibis
import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.gates.gate import CellRatios, Gate, GateCode, Status, Windows
from fanops_utils.experiments.gates.ratios import sample_ratio, sample_ratio_by
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.counts import Intake, Outcomes
from fanops_utils.experiments.intake.frames import count_frame
from fanops_utils.experiments.intake.tables import count_table
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.text import say
from fanops_utils.workspace.experiment import Experiment, Metric

MOST_OUTSIDE = 0.01


def validity(
    units: pd.DataFrame | ibis.Table, experiment: Experiment, *, as_of: date | None = None
) -> tuple[Gate, ...]:
    """Return the gates of *experiment* on its *units* (a frame or a table, one row per unit), in fixed order.

    FAIL: a unit without key or variant, twice, in two arms or in an arm not planned; a sample ratio beyond the
    register's `srm_gate`, as a whole or in a market or on a day (Holm); missing outcomes of a metric that refuses
    them, or more of them in one arm; a value its kind cannot have; an arm with fewer than two outcomes; a decision
    metric that never varies; a cluster in two arms; more than 1 % of units assigned outside the period. REVIEW, among
    others: outcomes counted before their window is over on *as_of* (by default the last day of exposure), and missing
    after it. Raises DataError for an absent column or an empty frame.
    """
    if isinstance(units, pd.DataFrame):
        return gates_of(count_frame(named_frame(units, experiment), experiment, as_of=as_of), experiment)
    return gates_of(count_table(named_table(units, experiment), experiment, as_of=as_of), experiment)


def gates_of(intake: Intake, experiment: Experiment) -> tuple[Gate, ...]:
    """Return the gates of *experiment* from what was counted of its units; `validity` says what stops."""
    if intake.rows == 0:
        raise DataError(say("no units of the experiment"), value=experiment.id)
    gates = [
        _counted("units_identified", intake.unidentified),
        _unknown_arms(intake, experiment),
        _counted("units_once", intake.repeated),
        _counted("one_arm", intake.crossed),
        _ratio_gate(intake, experiment),
        *_cell_gates(intake, experiment),
        *_design_gates(intake, experiment),
    ]
    for metric in experiment.metrics:
        gates.extend(_metric_gates(intake, metric, experiment))
    return tuple(gates)


def _counted(code: GateCode, count: int, subject: str = "", *, names: tuple[str, ...] = ()) -> Gate:
    return Gate(code, "FAIL" if count else "PASS", subject, n=count, names=names)


def _unknown_arms(intake: Intake, experiment: Experiment) -> Gate:
    strange = {name: count for name, count in intake.arms.items() if name not in experiment.allocation}
    return _counted("arms_planned", sum(strange.values()), names=tuple(sorted(strange)[:3]))


def _ratio_gate(intake: Intake, experiment: Experiment) -> Gate:
    """Return the gate on units per arm; without `seen` no unit is in a planned arm."""
    assigned = intake.arms if intake.clusters is None else intake.clusters  # what was assigned is what is counted
    counts = {name: assigned.get(name, 0) for name in experiment.allocation}
    if not any(counts.values()):
        return Gate("sample_ratio", "FAIL")
    found = sample_ratio(counts, experiment.allocation)
    status: Status = "PASS" if found.p_value >= experiment.srm_gate else "FAIL"
    return Gate("sample_ratio", status, p_value=found.p_value, seen=found)


def _cell_gates(intake: Intake, experiment: Experiment) -> Iterator[Gate]:
    if intake.clusters is not None:
        return  # units of a cluster come together: their number by market or day is no matter of chance
    tables = {name: sample_ratio_by(cells, experiment.allocation) for name, cells in intake.cells.items()}
    tables = {name: table.assign(family=name) for name, table in tables.items() if len(table) > 1}
    if not tables:
        return
    whole = pd.concat(tables.values(), ignore_index=True)
    whole["p_adjusted"] = adjusted_p(whole["p_value"].to_numpy(dtype=float), method="holm")
    for name, table in whole.groupby("family", sort=False):
        worst = table.iloc[int(table["p_adjusted"].to_numpy().argmin())]
        bad = table[table["p_adjusted"] < experiment.srm_gate].sort_values("p_value")
        seen = CellRatios(len(table), str(worst["cell"]), len(bad), tuple(map(str, bad["cell"].head(5))))
        status: Status = "PASS" if bad.empty else "FAIL"
        yield Gate("sample_ratio_by", status, str(name), p_value=float(worst["p_adjusted"]), seen=seen)


def _design_gates(intake: Intake, experiment: Experiment) -> Iterator[Gate]:
    if intake.outside is not None:
        few = 0 < intake.outside <= MOST_OUTSIDE * intake.rows
        gate = _counted("exposure_dates", intake.outside)
        yield replace(gate, status="REVIEW") if few else gate
    if intake.split_clusters is not None:
        yield _counted("one_arm_per_cluster", intake.split_clusters, str(experiment.cluster))
    for name, count in intake.covariates_missing.items():
        if count:
            yield Gate("covariate", "REVIEW", name, n=count, total=intake.rows)
    if experiment.frozen:
        yield Gate("register_frozen", "REVIEW" if experiment.is_changed else "PASS", names=(experiment.frozen,))


def _metric_gates(intake: Intake, metric: Metric, experiment: Experiment) -> Iterator[Gate]:
    found = intake.outcomes[metric.name]
    yield _missing(intake, metric, found, experiment.srm_gate)
    yield _counted("values", found.odd, metric.name)
    if found.early is not None and found.late is not None:
        in_time = not found.early and not found.late
        yield Gate("window", "PASS" if in_time else "REVIEW", metric.name, seen=Windows(found.early, found.late))
    if min(found.known.get(name, 0) for name in experiment.allocation) < 2:
        yield Gate("outcomes", "FAIL", metric.name)
    if not found.low < found.high:
        yield Gate("variation", "FAIL" if metric.role == "decision" else "REVIEW", metric.name)


def _missing(intake: Intake, metric: Metric, found: Outcomes, gate: float) -> Gate:
    count = sum(found.missing.values())
    if count == 0 or metric.missing == "refuse":
        return _counted("missing", count, metric.name)
    table = np.array([[found.missing[arm], found.known[arm]] for arm in found.missing])
    table = table[:, table.sum(axis=0) > 0]
    p_value = float(stats.chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0
    status: Status = "FAIL" if p_value < gate else "REVIEW"
    return Gate("missing", status, metric.name, n=count, total=intake.rows, p_value=p_value)
