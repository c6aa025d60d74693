"""The read-out of an experiment: gates first, then comparisons, then one verdict with the rule that gave it.

The rules, in order. invalid: a gate stops; nothing is compared and nobody wins. run_on: the planned
period is not over and no look was planned before its end. Then each treatment is judged, an interval being that of
its improvement (the difference in the direction the register wants), at the level of this look:
- do_not_ship: every decision metric's interval ends below the smallest effect that matters (below zero where none is
  set), or one lies wholly below zero (harm), or a guardrail's lies wholly beyond its margin.
- ship: a decision metric improves (interval above zero, and p below alpha after correction over all decision
  comparisons and all looks) and every guardrail holds: no worse than its margin anywhere in its interval (no margin:
  no harm shown).
- run_on, stop: anything else; run on while looks are planned, stop after the last.
One treatment to ship is enough to ship: the one with the largest improvement on the first decision metric wins.
Verdicts, rules, gates and reasons are codes with their numbers; `sections/experiments` has the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from fanops_utils.experiments.effects.blocks import compare_slots
from fanops_utils.experiments.effects.inference import Comparison, adjust, compare_all, comparison_table
from fanops_utils.experiments.gates.balance import balance, balance_gate
from fanops_utils.experiments.gates.gate import Gate
from fanops_utils.experiments.gates.validity import gates_of
from fanops_utils.experiments.intake.columns import named_frame, named_table
from fanops_utils.experiments.intake.counts import Intake, Outcomes
from fanops_utils.experiments.intake.frames import count_frame
from fanops_utils.experiments.intake.rows import SINGLE, Restricted, Units, moments_of, nothing_shown, plain, slots_of
from fanops_utils.experiments.intake.slots import slot_moments
from fanops_utils.experiments.intake.tables import count_table
from fanops_utils.experiments.looks.plan import Look, LookState, plan_look, sequential_p
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.experiments.readout.rules import Judgement, Rule, Verdict, judge, overall
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.workspace.experiment import Experiment


@dataclass(frozen=True)
class ReadOut:
    """An experiment read: `winner` is a treatment only when the verdict is ship.

    `rules` are those that gave it, one per treatment it speaks of; none when a gate stopped it. `comparisons` (decision
    metrics first, in the register's order) are empty when the verdict is invalid. `look` is
    the look this read-out is, `moments` what it was computed from, `last_day` the last day units were assigned.
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
    moments: pd.DataFrame | None = field(default=None, repr=False, compare=False)

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
    intake = _counted(units, experiment, as_of=as_of)
    gates = gates_of(intake, experiment)
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    slots = slots_of(units, experiment) if experiment.counts_slots else None
    if slots is not None:
        moments = slot_moments(slots, experiment)
    elif experiment.counts_slots and isinstance(units, Restricted):
        moments = nothing_shown(units, experiment, measures_of(experiment))
    else:
        moments = moments_of(units, experiment, measures_of(experiment))
    return _read(moments, experiment, gates, intake, as_of, looks, slots=slots)


def _counted(units: Units, experiment: Experiment, *, as_of: date | None) -> Intake:
    if isinstance(units, pd.DataFrame):
        return count_frame(named_frame(units, experiment), experiment, as_of=as_of)
    return count_table(named_table(plain(units), experiment), experiment, as_of=as_of)


def read_moments(
    moments: pd.DataFrame, experiment: Experiment, *, as_of: date | None = None, looks: Sequence[Look] = ()
) -> ReadOut:
    """Return the read-out of *experiment* from its *moments* alone, for those who may see no unit.

    The gates check what totals tell (arms, sample ratio, missing outcomes) and say that they cannot check the rest.
    Moments with suppressed cells give no comparison, and say so.
    """
    if moments["suppressed"].any():
        return ReadOut(experiment.id, "stop", (Rule("small_cells"),), None, (Gate("small_cells", "REVIEW"),))
    intake = _of_moments(moments, experiment)
    gates = (*gates_of(intake, experiment), Gate("units_unseen", "REVIEW"))
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    return _read(moments, experiment, gates, intake, as_of, looks)


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
    state = plan_look(experiment, looks, as_of=as_of or intake.last_day, units=intake.rows)
    return ReadOut(experiment.id, "invalid", (), None, gates, look=state, units=intake.rows, last_day=intake.last_day)


def _read(
    moments: pd.DataFrame, experiment: Experiment, gates: tuple[Gate, ...], intake: Intake, as_of: date | None,
    looks: Sequence[Look], *, slots: pd.DataFrame | None = None,
) -> ReadOut:  # fmt: skip
    seen = as_of or intake.last_day
    state = plan_look(experiment, looks, as_of=seen, units=intake.rows)
    gates = (*gates, *_balance(moments, experiment), *_look_gates(state, experiment))
    if any(gate.stops for gate in gates):
        return _invalid(experiment, gates, intake, as_of, looks)
    comparisons = _comparisons(moments, experiment, state, slots)
    said: dict = {"look": state, "units": intake.rows, "last_day": intake.last_day, "moments": moments}
    if experiment.method == "fixed" and not state.is_final and experiment.period:
        rule = Rule("not_over", until=experiment.period.end, reached=seen)
        return ReadOut(experiment.id, "run_on", (rule,), None, gates, comparisons, **said)
    judged = tuple(judge(arm, experiment, comparisons) for arm in experiment.treatments)
    verdict, rules, winner = overall(judged, experiment, comparisons, is_final=state.is_final)
    return ReadOut(experiment.id, verdict, rules, winner, gates, comparisons, judged, **said)


def _comparisons(
    moments: pd.DataFrame, experiment: Experiment, state: LookState, slots: pd.DataFrame | None
) -> tuple[Comparison, ...]:
    if slots is not None:
        listed = compare_slots(slots, experiment, alpha=state.level)
    else:
        listed = compare_all(
            moments[moments["variant"].isin(list(experiment.allocation))], control=experiment.control, alpha=state.level,
            covariates=tuple(one.column for one in experiment.covariates), least_clusters=experiment.least_clusters,
        )  # fmt: skip
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


def _decided(group: Sequence[Comparison], experiment: Experiment, state: LookState) -> list[Comparison]:
    """Return *group* with p-values corrected for the looks first, then for the comparisons."""
    over_looks = [sequential_p(one.p_value, state, experiment) for one in group]
    corrected = adjusted_p(over_looks, method=experiment.correction)
    return [replace(one, p_adjusted=float(p)) for one, p in zip(group, corrected, strict=True)]


def _balance(moments: pd.DataFrame, experiment: Experiment) -> tuple[Gate, ...]:
    if not experiment.covariates:
        return ()
    names = [one.column for one in experiment.covariates]
    return (balance_gate(balance(moments, control=experiment.control, covariates=names), gate=experiment.srm_gate),)


def _look_gates(state: LookState, experiment: Experiment) -> tuple[Gate, ...]:
    if state.number == 1 and experiment.method == "fixed":
        return ()
    return (Gate("looks", "REVIEW" if experiment.method == "fixed" or state.unplanned else "PASS"),)
