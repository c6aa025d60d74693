"""The read-out of an experiment: gates first, then comparisons, then one verdict with the rule that gave it.

The rules, in order. invalid: a gate stops; nothing is compared and nobody wins. run_on: the planned
period is not over and no look was planned before its end. Then each treatment is judged, an interval being that of
its improvement (the difference in the direction the register wants), at the level of this look:
- do_not_ship: every decision metric's interval ends below the smallest effect that matters (below zero where none is
  set), or one lies wholly below zero (harm), or a guardrail's lies wholly beyond its margin.
- ship: a decision metric improves (interval above zero, and p below alpha after correction over all decision
  comparisons and all looks) and every guardrail holds: no worse than its margin anywhere in its interval (no margin:
  no harm shown).
- A clear interval that is lost without one unit decides nothing, and rules frozen after the first unit was assigned name no
  winner.
- run_on, stop: anything else; run on while looks are planned, stop after the last.
One treatment to ship is enough to ship: the one with the largest improvement on the first decision metric wins.
Verdicts, rules, gates and reasons are codes with their numbers; `sections/experiments` has the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from fanops_utils.experiments.effects.comparison import Comparison, comparison_table
from fanops_utils.experiments.gates.balance import balance, balance_gate
from fanops_utils.experiments.gates.gate import Gate
from fanops_utils.experiments.gates.influence import influence_gates, scale_gates
from fanops_utils.experiments.gates.validity import gate_level, gates_of
from fanops_utils.experiments.intake.aggregates import Aggregates, unknown_shapes
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.counts import Intake, Outcomes, matured
from fanops_utils.experiments.intake.frames import count_frame
from fanops_utils.experiments.intake.rows import Restricted, Units, mature, moments_of, nothing_shown, plain, slots_of
from fanops_utils.experiments.intake.slots import slot_moments
from fanops_utils.experiments.intake.tables import count_table
from fanops_utils.experiments.looks.plan import Look, LookState, plan_look
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.experiments.readout.comparing import comparisons_of
from fanops_utils.experiments.readout.rules import Judgement, Rule, Verdict, judge, overall
from fanops_utils.workspace.registers.experiment import Experiment


@dataclass(frozen=True)
class ReadOut:
    """An experiment read: `winner` is a treatment only when the verdict is ship.

    `rules` are those that gave it, one per treatment it speaks of; none when a gate stopped it. `comparisons` (decision
    metrics first, in the register's order) are empty when the verdict is invalid. `look` is
    the look this read-out is, `moments` what it was computed from, `last_day` the last day units were assigned, `seen` the
    last day the outcomes cover.
    """

    experiment: str
    verdict: Verdict
    rules: tuple[Rule, ...]
    winner: str | None
    gates: tuple[Gate, ...]
    comparisons: tuple[Comparison, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    look: LookState | None = None
    units: int = 0
    last_day: date | None = None
    seen: date | None = None
    moments: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def has_too_few(self) -> bool:
        """Whether nothing stops the read-out but that there are hardly any outcomes yet: no fault of the assignment."""
        stopping = {gate.code for gate in self.gates if gate.stops}
        return "outcomes" in stopping and stopping <= {"outcomes", "variation"}

    @property
    def table(self) -> pd.DataFrame:
        """The comparisons as a tidy frame."""
        return comparison_table(self.comparisons)


def read_out(
    units: Units,
    experiment: Experiment,
    *,
    as_of: date | None = None,
    looks: Sequence[Look] = (),
) -> ReadOut:
    """Return gates, comparisons and verdict of *experiment* from its *units*; the module gives the rules.

    One row per unit in a frame, or a table of any engine, from which only totals leave; of a restricted one without
    small cells. Columns: the register's unit,
    variant and exposure columns and those of its metrics; `experiment`, where present, selects the rows. *as_of* is
    the last day the outcomes cover, by default the last day of exposure; without either the period counts as over.
    *looks* are those taken before. Decision comparisons are adjusted as the register says, exploratory ones by
    Benjamini-Hochberg; guardrails must all hold, so they are not adjusted. Where the register compares slots or blocks,
    `moments` are those of the slots. Raises DataError for an absent column or
    no units.
    """
    if isinstance(units, Aggregates):
        return read_moments(units.moments, experiment, as_of=as_of or units.last_day, looks=looks, shapes=units.shapes)
    intake = _counted(units, experiment, as_of=as_of)
    gates = gates_of(intake, experiment)
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    units = mature(units, experiment, as_of=as_of or intake.last_day)
    slots = slots_of(units, experiment) if experiment.counts_slots else None
    if slots is not None:
        moments = slot_moments(slots, experiment)
    elif experiment.counts_slots and isinstance(units, Restricted):
        moments = nothing_shown(units, experiment, measures_of(experiment))
    else:
        moments = moments_of(units, experiment, measures_of(experiment))
    return _read(moments, experiment, gates, intake, as_of, looks, slots=slots, units=units)


def _counted(units: Units, experiment: Experiment, *, as_of: date | None) -> Intake:
    if isinstance(units, pd.DataFrame):
        return count_frame(named_frame(units, experiment), experiment, as_of=as_of)
    return count_table(named_table(plain(units), experiment), experiment, as_of=as_of)


def read_moments(
    moments: pd.DataFrame, experiment: Experiment, *, as_of: date | None = None, looks: Sequence[Look] = (),
    shapes: pd.DataFrame | None = None,
) -> ReadOut:  # fmt: skip
    """Return the read-out of *experiment* from its *moments* alone, for those who may see no unit.

    The gates check what totals tell (arms, sample ratio, missing outcomes) and say that they cannot check the rest.
    Moments with suppressed cells give no comparison, and say so. Without *shapes* (of `moments.shapes`) means in unequal arms
    cannot be told.
    """
    if moments["suppressed"].any():
        return ReadOut(experiment.id, "stop", (Rule("small_cells"),), None, (Gate("small_cells", "REVIEW"),))
    intake = _of_moments(moments, experiment)
    gates = (*gates_of(intake, experiment), Gate("units_unseen", "REVIEW"))
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    return _read(
        moments, experiment, gates, intake, as_of, looks, shapes=unknown_shapes(moments) if shapes is None else shapes
    )


def _of_moments(moments: pd.DataFrame, experiment: Experiment) -> Intake:
    outcomes = {}
    for metric in experiment.metrics:
        ours = moments[moments["metric"] == metric.name].set_index("variant")
        missing = {str(name): int(n) for name, n in ours["missing"].items()}
        known = {str(name): int(n) for name, n in ours["units"].items()}
        varies = bool((ours["var"].fillna(0) > 0).any()) or ours["mean"].nunique() > 1
        outcomes[metric.name] = Outcomes(missing, known, 0, 0.0, 1.0 if varies else 0.0)
    first = outcomes[experiment.metrics[0].name]
    arms = {name: first.known[name] + first.missing[name] for name in first.known}
    clusters = None
    if bool(moments["clustered"].any()):
        ours = moments[moments["metric"] == experiment.metrics[0].name].set_index("variant")
        clusters = {str(name): int(n) for name, n in ours["n"].items()}
    return Intake(sum(arms.values()), arms, 0, 0, 0, outcomes, clusters=clusters)


def _invalid(
    experiment: Experiment, gates: tuple[Gate, ...], intake: Intake, as_of: date | None, looks: Sequence[Look]
) -> ReadOut:
    state = _look(experiment, looks, intake, as_of or intake.last_day)
    return ReadOut(experiment.id, "invalid", (), None, gates, look=state, units=intake.rows, last_day=intake.last_day)


def _read(
    moments: pd.DataFrame, experiment: Experiment, gates: tuple[Gate, ...], intake: Intake, as_of: date | None,
    looks: Sequence[Look], *, slots: pd.DataFrame | None = None, units: Units | None = None,
    shapes: pd.DataFrame | None = None,
) -> ReadOut:  # fmt: skip
    seen = as_of or intake.last_day
    state = _look(experiment, looks, intake, seen)
    gates = (*gates, *_balance(moments, experiment, gate_level(gates, experiment)), *_look_gates(state, experiment))
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    comparisons = comparisons_of(moments, experiment, state, slots=slots, units=units, shapes=shapes)
    gates = (*gates, *influence_gates(comparisons), *scale_gates(comparisons, experiment))
    said: dict = {"look": state, "units": intake.rows, "last_day": intake.last_day, "seen": seen, "moments": moments}
    if experiment.method == "fixed" and not state.is_final and experiment.period:
        rule = Rule("not_over", until=_closes(experiment, intake), reached=seen)
        return ReadOut(experiment.id, "run_on", (rule,), None, gates, comparisons, **said)
    judged = tuple(judge(arm, experiment, comparisons) for arm in experiment.treatments)
    verdict, rules, winner = overall(judged, experiment, comparisons, is_final=state.is_final)
    if verdict == "ship" and any(gate.code == "register_frozen" and gate.status == "FAIL" for gate in gates):
        late = Rule("frozen_late", winner or "", rules[0].metric)
        verdict, rules, winner = "stop" if state.is_final else "run_on", (late, *rules), None
    return ReadOut(experiment.id, verdict, rules, winner, gates, comparisons, judged, **said)


def _balance(moments: pd.DataFrame, experiment: Experiment, level: float) -> tuple[Gate, ...]:
    if not experiment.covariates:
        return ()
    names = [one.column for one in experiment.covariates]
    return (balance_gate(balance(moments, control=experiment.control, covariates=names), gate=level),)


def _look(experiment: Experiment, looks: Sequence[Look], intake: Intake, seen: date | None) -> LookState:
    """Return the look at the units whose windows are over; while others wait that were planned, it is not the last.

    Who came after the period, as an assignment never switched off goes on giving, is not waited for.
    """
    decisions = [metric for metric in experiment.metrics if metric.role == "decision"]
    ready = matured(intake, [metric.name for metric in decisions])
    waiting = ready < intake.rows
    if waiting and seen is not None and experiment.period is not None:
        last = experiment.period.end + timedelta(days=max(metric.window_days or 0 for metric in decisions))
        waiting = seen < last
    return plan_look(experiment, looks, as_of=seen, units=ready, waiting=waiting)


def _closes(experiment: Experiment, intake: Intake) -> date | None:
    """Return the day on which the last planned unit's window of the decision metrics is over."""
    windows = [metric.window_days or 0 for metric in experiment.metrics if metric.role == "decision"]
    end = experiment.period.end if experiment.period else None
    came = min((day for day in (intake.last_day, end) if day is not None), default=None)
    last = came + timedelta(days=max(windows)) if came and intake.last_day and max(windows) else None
    return max((day for day in (end, last) if day is not None), default=None)


def _look_gates(state: LookState, experiment: Experiment) -> tuple[Gate, ...]:
    if state.number == 1 and experiment.method == "fixed":
        return ()
    return (Gate("looks", "REVIEW" if experiment.method == "fixed" or state.unplanned else "PASS"),)
