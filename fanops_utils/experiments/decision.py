"""The read-out of an experiment: gates first, then comparisons, then one verdict with the rule that gave it.

The rules, in order. invalid: a gate stops; nothing is compared and nobody wins. inconclusive, run on: the planned
period is not over; the test is planned for one look, so no result counts before. Then each treatment is judged, an
interval being that of its improvement (the difference in the direction the register wants):
- do not ship: every decision metric's interval ends below the smallest effect that matters (below zero where none is
  set), or one lies wholly below zero (harm), or a guardrail's lies wholly beyond its margin.
- ship: a decision metric improves (interval above zero, and p below alpha after Holm over all decision comparisons)
  and every guardrail holds: no worse than its margin anywhere in its interval (no margin: no harm shown).
- inconclusive, stop: anything else; the data planned for are in and do not decide.
One treatment to ship is enough to ship: the one with the largest improvement on the first decision metric wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from fanops_utils.experiments.gates import Gate, validity
from fanops_utils.experiments.inference import Comparison, adjust, compare, comparison_table
from fanops_utils.experiments.moments import from_frame
from fanops_utils.workspace.experiment import Experiment, Metric

Verdict = Literal["ship", "do not ship", "inconclusive: run on", "inconclusive: stop", "invalid"]


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one treatment."""

    treatment: str
    verdict: Literal["ship", "do not ship", "inconclusive: stop"]
    rule: str


@dataclass(frozen=True)
class ReadOut:
    """An experiment read: `winner` is a treatment only when the verdict is ship.

    `comparisons` (decision metrics first, in the register's order) are empty when the verdict is invalid.
    """

    experiment: str
    verdict: Verdict
    rule: str
    winner: str | None
    gates: tuple[Gate, ...]
    comparisons: tuple[Comparison, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The comparisons as a tidy frame."""
        return comparison_table(self.comparisons)


def read_out(units: pd.DataFrame, experiment: Experiment, *, as_of: date | None = None) -> ReadOut:
    """Return gates, comparisons and verdict of *experiment* from its *units*; the module gives the rules.

    Columns: unit_key, variant and one per metric; `experiment`, where present, selects the rows. *as_of* is the last
    day the outcomes cover, by default the last day in assigned_at; without either the period counts as over.
    Decision comparisons are adjusted by Holm, exploratory ones by Benjamini-Hochberg; guardrails must all hold, so
    they are not adjusted. Raises DataError for an absent column or no units.
    """
    if "experiment" in units.columns:
        units = units[units["experiment"] == experiment.id]
    gates = validity(units, experiment)
    if stopping := [gate for gate in gates if gate.stops]:
        rule = "; ".join(f"{gate.name}: {gate.finding}" for gate in stopping)
        return ReadOut(experiment.id, "invalid", f"No comparison is read. {rule}.", None, gates)
    comparisons = _comparisons(units, experiment)
    seen = as_of or _last_day(units)
    if experiment.period and seen and seen < experiment.period.end:
        rule = f"The period runs to {experiment.period.end}; the data reach {seen}. One look was planned, at its end."
        return ReadOut(experiment.id, "inconclusive: run on", rule, None, gates, comparisons)
    arms = [name for name in experiment.allocation if name != experiment.control]
    judged = tuple(_judge(arm, experiment, comparisons) for arm in arms)
    verdict, rule, winner = _overall(judged, experiment, comparisons)
    return ReadOut(experiment.id, verdict, rule, winner, gates, comparisons, judged)


def improvement(found: Comparison, metric: Metric) -> tuple[float, float, float]:
    """Return estimate, lower and upper of the improvement: the difference turned in the metric's direction."""
    if metric.direction == "increase":
        return found.estimate, found.ci_lower, found.ci_upper
    return -found.estimate, -found.ci_upper, -found.ci_lower


def _comparisons(units: pd.DataFrame, experiment: Experiment) -> tuple[Comparison, ...]:
    moments = from_frame(units, metrics={metric.name: metric.kind for metric in experiment.metrics})
    arms = [name for name in experiment.allocation if name != experiment.control]
    found: list[Comparison] = []
    for role in ("decision", "guardrail", "exploratory"):
        group = [
            compare(moments, metric.name, control=experiment.control, treatment=arm, alpha=experiment.alpha)
            for metric in experiment.metrics
            if metric.role == role
            for arm in arms
        ]
        if role == "guardrail":
            found.extend(group)
        else:
            found.extend(adjust(group, method="holm" if role == "decision" else "fdr_bh"))
    return tuple(found)


def _last_day(units: pd.DataFrame) -> date | None:
    if "assigned_at" not in units.columns:
        return None
    last = pd.to_datetime(units["assigned_at"]).max()
    return None if pd.isna(last) else last.date()


def _judge(arm: str, experiment: Experiment, comparisons: Sequence[Comparison]) -> Judgement:
    named = {found.metric: found for found in comparisons if found.treatment == arm}
    decisions = [(metric, named[metric.name]) for metric in experiment.metrics if metric.role == "decision"]
    guardrails = [(metric, named[metric.name]) for metric in experiment.metrics if metric.role == "guardrail"]
    if against := _reason_against(decisions, guardrails):
        return Judgement(arm, "do not ship", against)
    better = [pair for pair in decisions if _improves(*pair)]
    if not better:
        return Judgement(arm, "inconclusive: stop", _undecided(decisions))
    open_rails = [metric for metric, found in guardrails if not guardrail_holds(metric, found)]
    if open_rails:
        rule = f"{better[0][0].label} improves, but the guardrail {open_rails[0].label} may be worse than its margin."
        return Judgement(arm, "inconclusive: stop", rule)
    return Judgement(arm, "ship", _reason_for(*better[0], bool(guardrails)))


def _reason_against(
    decisions: Sequence[tuple[Metric, Comparison]], guardrails: Sequence[tuple[Metric, Comparison]]
) -> str | None:
    for metric, found in guardrails:
        if improvement(found, metric)[2] < -(metric.margin or 0):
            return f"The guardrail {metric.label} is worse than its margin: its whole interval lies beyond."
    for metric, found in decisions:
        if improvement(found, metric)[2] < 0:
            return f"{metric.label} gets worse: its whole interval lies on the wrong side of zero."
    if all(improvement(found, metric)[2] < (metric.smallest_effect or 0) for metric, found in decisions):
        metric = decisions[0][0]
        return f"{metric.label}: an improvement as large as the smallest that matters is ruled out by the interval."
    return None


def _improves(metric: Metric, found: Comparison) -> bool:
    assert found.p_adjusted is not None
    return improvement(found, metric)[1] > 0 and found.p_adjusted < found.alpha


def guardrail_holds(metric: Metric, found: Comparison) -> bool:
    """Return whether the whole interval stays within the tolerated harm; without a margin, whether no harm is shown."""
    _, lower, upper = improvement(found, metric)
    return upper >= 0 if metric.margin is None else lower > -metric.margin


def _reason_for(metric: Metric, found: Comparison, guarded: bool) -> str:
    size = ""
    if metric.smallest_effect is not None:
        sure = improvement(found, metric)[1] >= metric.smallest_effect
        size = ", all of it above the smallest effect that matters" if sure else (
            ", though it may be smaller than the smallest effect that matters"
        )  # fmt: skip
    rails = "; every guardrail holds" if guarded else ""
    return f"{metric.label} improves: its interval lies above zero{size}{rails}."


def _undecided(decisions: Sequence[tuple[Metric, Comparison]]) -> str:
    metric, found = next(
        (metric, found) for metric, found in decisions if improvement(found, metric)[2] >= (metric.smallest_effect or 0)
    )
    if improvement(found, metric)[1] > 0:
        return f"{metric.label}: the interval lies above zero, but not once the comparisons are counted (Holm)."
    return (
        f"{metric.label}: the interval includes no effect as well as one that matters. "
        f"So many units find a difference of {found.detectable:.3g} four times in five."
    )


def _overall(
    judged: Sequence[Judgement], experiment: Experiment, comparisons: Sequence[Comparison]
) -> tuple[Verdict, str, str | None]:
    shipping = [judgement for judgement in judged if judgement.verdict == "ship"]
    if shipping:
        first = next(metric for metric in experiment.metrics if metric.role == "decision")
        gain = {found.treatment: improvement(found, first)[0] for found in comparisons if found.metric == first.name}
        best = max(shipping, key=lambda judgement: gain[judgement.treatment])
        return "ship", f"{best.treatment}: {best.rule}", best.treatment
    undecided = [judgement for judgement in judged if judgement.verdict == "inconclusive: stop"]
    if undecided:
        return "inconclusive: stop", " ".join(f"{item.treatment}: {item.rule}" for item in undecided), None
    return "do not ship", " ".join(f"{item.treatment}: {item.rule}" for item in judged), None
