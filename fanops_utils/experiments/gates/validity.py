"""Gates: what must hold before any comparison is read. A gate that stops makes the experiment invalid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import ibis
import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.gates.ratios import sample_ratio, sample_ratio_by
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.counts import Intake, Outcomes
from fanops_utils.experiments.intake.frames import count_frame
from fanops_utils.experiments.intake.tables import count_table
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.metrics.intervals import p_text
from fanops_utils.workspace.experiment import Experiment, Metric

MOST_OUTSIDE = 0.01
TRACE = (
    "Find which units were lost or added before reading any difference: compare assignment and logging by market, day, "
    "device and version, from the first day it shows"
)


@dataclass(frozen=True)
class Gate:
    """One gate: FAIL stops the read-out, REVIEW must be read with it, PASS needs nothing."""

    name: str
    status: Literal["PASS", "REVIEW", "FAIL"]
    finding: str
    action: str = ""
    p_value: float | None = None

    @property
    def stops(self) -> bool:
        """Whether the experiment is invalid because of this gate."""
        return self.status == "FAIL"


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
        raise DataError("no units of the experiment", value=experiment.id)
    repeated, crossed = (
        (intake.repeated, "rows repeat a unit of the same arm"),
        (intake.crossed, "units were in two arms"),
    )
    gates = [
        _gate("Units identified", intake.unidentified, "units without key or variant", "Repair the assignment log"),
        _unknown_arms(intake, experiment),
        _gate("Units once", *repeated, "Export one row per unit"),
        _gate("One arm per unit", *crossed, "Find why the assignment was not kept"),
        _ratio_gate(intake, experiment),
        *_cell_gates(intake, experiment),
        *_design_gates(intake, experiment),
    ]
    for metric in experiment.metrics:
        gates.extend(_metric_gates(intake, metric, experiment))
    return tuple(gates)


def _unknown_arms(intake: Intake, experiment: Experiment) -> Gate:
    strange = {name: count for name, count in intake.arms.items() if name not in experiment.allocation}
    named = ", ".join(sorted(strange)[:3])
    text = f"units in arms that were not planned ({named})" if named else "units in arms that were not planned"
    return _gate("Arms as planned", sum(strange.values()), text, "Correct the register or the export")


def _ratio_gate(intake: Intake, experiment: Experiment) -> Gate:
    assigned = intake.arms if intake.clusters is None else intake.clusters  # what was assigned is what is counted
    counts = {name: assigned.get(name, 0) for name in experiment.allocation}
    if not any(counts.values()):
        return Gate("Sample ratio", "FAIL", "no unit is in a planned arm", "Correct the register or the export")
    found = sample_ratio(counts, experiment.allocation)
    shown = ", ".join(f"{name} {n:,}" for name, n in found.observed.items())
    text = f"{shown}: chi2 {found.chi2:.3f}, {p_text(found.p_value)}"
    if found.p_value >= experiment.srm_gate:
        return Gate("Sample ratio", "PASS", f"{text}; the gate is {experiment.srm_gate:g}", p_value=found.p_value)
    how = "a severe mismatch" if found.is_severe else "a mismatch"
    return Gate("Sample ratio", "FAIL", f"{text}: {how}, below the gate {experiment.srm_gate:g}", TRACE, found.p_value)


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
        bad = table[table["p_adjusted"] < experiment.srm_gate]
        each = (
            f"{len(table)} {name}s checked, the worst {worst['cell']} ({p_text(float(worst['p_adjusted']))} after Holm)"
        )
        title, p_value = f"Sample ratio by {name}", float(worst["p_adjusted"])
        if bad.empty:
            yield Gate(title, "PASS", each, p_value=p_value)
        else:
            shown = ", ".join(bad.sort_values("p_value")["cell"].head(5))
            yield Gate(title, "FAIL", f"{each}; off in {len(bad)}: {shown}", TRACE, p_value)


def _design_gates(intake: Intake, experiment: Experiment) -> Iterator[Gate]:
    if intake.outside is not None:
        text = "units were assigned outside the period"
        gate = _gate("Exposure dates", intake.outside, text, "Correct the period or leave those units out")
        few = 0 < intake.outside <= MOST_OUTSIDE * intake.rows
        yield Gate(gate.name, "REVIEW", gate.finding, gate.action) if few else gate
    if intake.split_clusters is not None:
        text = f"values of {experiment.cluster} have units in two arms"
        yield _gate("One arm per cluster", intake.split_clusters, text, "Assign whole clusters, or drop the cluster")
    for name, count in intake.covariates_missing.items():
        if count:
            text = f"{count:,} of {intake.rows:,} units have no {name}: they count with its mean"
            yield Gate(f"Covariate {name}", "REVIEW", text, "Expected for new units; otherwise complete it")
    if experiment.is_changed:
        text = f"the register was changed after it was frozen as {experiment.frozen}"
        yield Gate("Register as frozen", "REVIEW", text, "Say what changed and why, or read it by the frozen register")
    elif experiment.frozen:
        yield Gate("Register as frozen", "PASS", f"unchanged since it was frozen as {experiment.frozen}")


def _metric_gates(intake: Intake, metric: Metric, experiment: Experiment) -> Iterator[Gate]:
    found = intake.outcomes[metric.name]
    yield _missing(intake, metric, found, experiment.srm_gate)
    text = {"conversion": "conversions are neither 0 nor 1", "retention": "values are neither 0 nor 1"}
    text |= {"count": "values are infinite or negative", "ratio": "pairs are infinite or have a negative denominator"}
    yield _gate(
        f"{metric.label}: values", found.odd, text.get(metric.kind, "values are infinite"), "Correct the export"
    )
    if found.early is not None and found.late is not None:
        yield _window(metric, found.early, found.late)
    if min(found.known.get(name, 0) for name in experiment.allocation) < 2:
        yield Gate(f"{metric.label}: units", "FAIL", "an arm has fewer than two outcomes", "Wait for more units")
    if not found.low < found.high:
        status: Literal["REVIEW", "FAIL"] = "FAIL" if metric.role == "decision" else "REVIEW"
        yield Gate(f"{metric.label}: variation", status, "every unit has the same value", "Check the measurement")


def _window(metric: Metric, early: int, late: int) -> Gate:
    name, window = f"{metric.label}: window", f"its window of {metric.window_days} days"
    if not early and not late:
        return Gate(name, "PASS", f"every unit has an outcome if, and only if, {window} is over")
    said = [f"{early:,} immature outcomes are counted: {window} is not over"] if early else []
    said += [f"{late:,} outcomes are missing though {window} is over"] if late else []
    action = "Export outcomes only for units whose window is over, and all of them; or say up to which day they reach"
    return Gate(name, "REVIEW", "; ".join(said), action)


def _missing(intake: Intake, metric: Metric, found: Outcomes, gate: float) -> Gate:
    name, count = f"{metric.label}: missing", sum(found.missing.values())
    if count == 0 or metric.missing == "refuse":
        return _gate(name, count, "outcomes are missing", "Complete them, or declare in the register how to treat them")
    table = np.array([[found.missing[arm], found.known[arm]] for arm in found.missing])
    table = table[:, table.sum(axis=0) > 0]
    p_value = float(stats.chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0
    text = f"{count:,} of {intake.rows:,} outcomes are missing and left out; equal between arms: {p_text(p_value)}"
    if p_value < gate:
        return Gate(name, "FAIL", text, "One arm loses more outcomes: the arms no longer compare", p_value)
    return Gate(name, "REVIEW", text, "Read the result as that of the units with an outcome", p_value)


def _gate(name: str, count: int, text: str, action: str) -> Gate:
    if count == 0:
        return Gate(name, "PASS", f"no {text}")
    return Gate(name, "FAIL", f"{count:,} {text}", action)
