"""Gates: what must hold before any comparison is read. A gate that stops makes the experiment invalid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.gates.gate import CellRatios, Frozen, Gate, GateCode, Nested, Status, Unagreed, Windows
from fanops_utils.experiments.gates.ratios import rounded_equal, sample_ratio, sample_ratio_by
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.counts import DATED, Intake, Outcomes
from fanops_utils.experiments.intake.frames import count_frame
from fanops_utils.experiments.intake.tables import count_table
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

MOST_OUTSIDE = 0.01


def validity(
    units: pd.DataFrame | ibis.Table, experiment: Experiment, *, as_of: date | None = None
) -> tuple[Gate, ...]:
    """Return the gates of *experiment* on its *units* (a frame or a table, one row per unit), in fixed order.

    FAIL: a unit without key or variant, twice, in two arms or in an arm not planned; a sample ratio beyond the
    register's `srm_gate`, as a whole or in a market or on a day (Holm; all gates with a p-value share that level); missing
    outcomes of a metric that refuses
    them, or more of them in one arm; a value its kind cannot have; an arm with fewer than two outcomes; a decision
    metric that never varies; a cluster in two arms; a column whose values repeat within one arm each, where no cluster is
    named; more than 1 % of units assigned outside the period. A register frozen after the first unit is FAIL and stops nothing
    but a winner. REVIEW, among others: a register never frozen, outcomes counted before their window is over on *as_of* (by
    default the last day of exposure), and missing
    after it. Raises DataError for an absent column or an empty frame.
    """
    if isinstance(units, pd.DataFrame):
        return gates_of(count_frame(named_frame(units, experiment), experiment, as_of=as_of), experiment)
    return gates_of(count_table(named_table(units, experiment), experiment, as_of=as_of), experiment)


def gates_of(intake: Intake, experiment: Experiment) -> tuple[Gate, ...]:
    """Return the gates of *experiment* from what was counted of its units; `validity` says what stops."""
    if intake.rows == 0:
        raise DataError(say("no units of the experiment"), value=experiment.id)
    tables = _cell_tables(intake, experiment)
    level = experiment.srm_gate / (1 + len(tables) + _count_missing(intake, experiment) + bool(experiment.covariates))
    gates = [
        _frozen(intake, experiment),
        _counted("units_identified", intake.unidentified),
        _unknown_arms(intake, experiment),
        _counted("units_once", intake.repeated),
        _counted("one_arm", intake.crossed),
        _ratio_gate(intake, experiment, level),
        *(_cell_gate(name, table, level) for name, table in tables.items()),
        *_design_gates(intake, experiment),
    ]
    for metric in experiment.metrics:
        gates.extend(_metric_gates(intake, metric, experiment, level))
    return tuple(gates)


def gate_level(gates: Sequence[Gate], experiment: Experiment) -> float:
    """Return the level at which each gate with a p-value stops: the register's, shared among all of them."""
    return next((gate.level for gate in gates if gate.level is not None), experiment.srm_gate)


def _count_missing(intake: Intake, experiment: Experiment) -> int:
    found = ((metric, sum(intake.outcomes[metric.name].missing.values())) for metric in experiment.metrics)
    return sum(metric.missing != "refuse" and count > 0 for metric, count in found)


def _frozen(intake: Intake, experiment: Experiment) -> Gate:
    """Return the gate on when the rules were fixed: never is REVIEW, after the first unit FAIL, changed since REVIEW."""
    if experiment.frozen is None:
        return Gate("register_frozen", "REVIEW")
    seen = Frozen(experiment.frozen_on, intake.first_day)
    late = seen.on is not None and seen.first_day is not None and seen.on > seen.first_day + DATED
    status: Status = "FAIL" if late else "REVIEW" if experiment.is_changed else "PASS"
    return Gate("register_frozen", status, names=(experiment.frozen,), seen=seen)


def _counted(code: GateCode, count: int, subject: str = "", *, names: tuple[str, ...] = ()) -> Gate:
    return Gate(code, "FAIL" if count else "PASS", subject, n=count, names=names)


def _unknown_arms(intake: Intake, experiment: Experiment) -> Gate:
    strange = {name: count for name, count in intake.arms.items() if name not in experiment.allocation}
    return _counted("arms_planned", sum(strange.values()), names=tuple(sorted(strange)[:3]))


def _ratio_gate(intake: Intake, experiment: Experiment, level: float) -> Gate:
    """Return the gate on units per arm; without `seen` no unit is in a planned arm.

    Where shares such as 0.33, 0.33, 0.34 stand for equal arms, and equal arms are what was assigned, it is REVIEW.
    """
    assigned = intake.arms if intake.clusters is None else intake.clusters  # what was assigned is what is counted
    counts = {name: assigned.get(name, 0) for name in experiment.allocation}
    if not any(counts.values()):
        return Gate("sample_ratio", "FAIL")
    found = sample_ratio(counts, experiment.allocation)
    status: Status = "PASS" if found.p_value >= level else "FAIL"
    if status == "FAIL" and (even := rounded_equal(experiment.allocation)) is not None:
        again = sample_ratio(counts, even)
        if again.p_value >= level:
            return Gate("sample_ratio", "REVIEW", "rounded", p_value=again.p_value, seen=again, level=level)
    return Gate("sample_ratio", status, p_value=found.p_value, seen=found, level=level)


def _cell_tables(intake: Intake, experiment: Experiment) -> dict[str, pd.DataFrame]:
    """Return the sample ratios of every family of cells of which there are several: by market, by day."""
    if intake.clusters is not None:
        return {}  # units of a cluster come together: their number by market or day is no matter of chance
    tables = {name: sample_ratio_by(cells, experiment.allocation) for name, cells in intake.cells.items()}
    return {name: table for name, table in tables.items() if len(table) > 1}


def _cell_gate(name: str, table: pd.DataFrame, level: float) -> Gate:
    worst = table.iloc[int(table["p_adjusted"].to_numpy().argmin())]
    bad = table[table["p_adjusted"] < level].sort_values("p_value")
    seen = CellRatios(len(table), str(worst["cell"]), len(bad), tuple(map(str, bad["cell"].head(5))))
    status: Status = "PASS" if bad.empty else "FAIL"
    return Gate("sample_ratio_by", status, name, p_value=float(worst["p_adjusted"]), seen=seen, level=level)


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
    for name, (values, rows) in intake.nested.items():
        yield Gate("nested", "FAIL", name, n=values, seen=Nested(values, rows))


def _metric_gates(intake: Intake, metric: Metric, experiment: Experiment, level: float) -> Iterator[Gate]:
    found = intake.outcomes[metric.name]
    yield _missing(intake, metric, found, level)
    yield _counted("values", found.odd, metric.name)
    if found.early is not None and found.late is not None:
        if found.immature:
            yield Gate("immature", "REVIEW", metric.name, n=sum(found.immature.values()), total=intake.rows)
        in_time = not found.early and not found.late
        yield Gate("window", "PASS" if in_time else "REVIEW", metric.name, seen=Windows(found.early, found.late))
    if metric.window_days is None and (days := metric.named_days) and (short := _had_fewer(intake, days)):
        yield Gate("unagreed_window", "REVIEW", metric.name, n=short, total=intake.rows, seen=Unagreed(days))
    least = min(found.known.get(name, 0) for name in experiment.allocation)
    if least < 2 <= min(found.known.get(name, 0) + found.immature.get(name, 0) for name in experiment.allocation):
        return  # they come when their windows are over: too early is not invalid
    if least < 2:
        yield Gate("outcomes", "FAIL", metric.name)
    if not found.low < found.high:
        yield Gate("variation", "FAIL" if metric.role == "decision" else "REVIEW", metric.name)


def _had_fewer(intake: Intake, days: int) -> int:
    """Return the units that have been in for fewer than *days* by the last day the outcomes cover, a day's grace given."""
    if intake.covered is None:
        return 0
    last = (intake.covered + DATED - timedelta(days=days)).isoformat()
    cells = {day: arms for day, arms in intake.cells.get("day", {}).items() if day[:1].isdigit()}
    return sum(sum(arms.values()) for day, arms in cells.items() if day > last)


def _missing(intake: Intake, metric: Metric, found: Outcomes, gate: float) -> Gate:
    count = sum(found.missing.values())
    if count == 0 or metric.missing == "refuse":
        return _counted("missing", count, metric.name)
    table = np.array([[found.missing[arm], found.known[arm]] for arm in found.missing])
    table = table[:, table.sum(axis=0) > 0]
    p_value = float(stats.chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0
    status: Status = "FAIL" if p_value < gate else "REVIEW"
    return Gate("missing", status, metric.name, n=count, total=intake.rows, p_value=p_value, level=gate)
