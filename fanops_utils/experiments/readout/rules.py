"""The rules of the verdict: what the intervals say of each treatment, and of the experiment as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.reasons import Reason
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

Verdict = Literal["ship", "do_not_ship", "run_on", "stop", "invalid"]
RuleCode = Literal[
    "not_over",  # the period runs `until`, the data reach `reached`, and one look was planned, at its end
    "small_cells",  # only totals with emptied cells were given
    "guardrail_harm", "harm", "ruled_out", "improves", "guardrail_open", "untold", "not_after_correction", "undecided",
    "one_unit",  # a clear interval is lost without one unit
    "frozen_late",  # it improves, but the rules were frozen after the first unit was assigned
]  # fmt: skip
Pairs = Sequence[tuple[Metric, Comparison]]


@dataclass(frozen=True)
class Rule:
    """The rule that gave a verdict on *treatment*, with the metric it rests on.

    `size` says of an improvement whether all of its interval matters or it may be too small ("" where no smallest effect
    is set); `guarded` that guardrails hold; `guardrail` which one is open, and `why` what cannot be told. `detectable`
    is the difference that so many units find four times in five.
    """

    code: RuleCode
    treatment: str = ""
    metric: str = ""
    size: Literal["", "matters", "may_be_small"] = ""
    guarded: bool = False
    guardrail: str = ""
    why: Reason | None = None
    detectable: float | None = None
    until: date | None = None
    reached: date | None = None


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one treatment."""

    treatment: str
    verdict: Literal["ship", "do_not_ship", "stop"]
    rule: Rule


def improvement(found: Comparison, metric: Metric) -> tuple[float, float, float]:
    """Return estimate, lower and upper of the improvement: the difference turned in the metric's direction."""
    if metric.direction == "increase":
        return found.estimate, found.ci_lower, found.ci_upper
    return -found.estimate, -found.ci_upper, -found.ci_lower


def guardrail_holds(metric: Metric, found: Comparison) -> bool:
    """Return whether the whole interval stays within the tolerated harm; without a margin, whether no harm is shown."""
    _, lower, upper = improvement(found, metric)
    return upper >= 0 if metric.margin is None else lower > -metric.margin


def judge(arm: str, experiment: Experiment, comparisons: Sequence[Comparison]) -> Judgement:
    """Return the judgement of one treatment by its decision metrics and guardrails."""
    named = {found.metric: found for found in comparisons if found.treatment == arm}
    decisions = [(metric, named[metric.name]) for metric in experiment.metrics if metric.role == "decision"]
    guardrails = [(metric, named[metric.name]) for metric in experiment.metrics if metric.role == "guardrail"]
    if against := _reason_against(arm, decisions, guardrails):
        return Judgement(arm, "do_not_ship", against)
    better = [pair for pair in decisions if _improves(*pair, experiment.alpha)]
    if not better:
        return Judgement(arm, "stop", _undecided(arm, decisions))
    first = better[0][0]
    for metric, found in guardrails:
        if not guardrail_holds(metric, found):
            open_rail = Rule("guardrail_open", arm, first.name, guardrail=metric.name, why=found.cannot_tell)
            return Judgement(arm, "stop", open_rail)
    return Judgement(arm, "ship", Rule("improves", arm, first.name, _size(*better[0]), guarded=bool(guardrails)))


def overall(
    judged: Iterable[Judgement], experiment: Experiment, comparisons: Sequence[Comparison], *, is_final: bool
) -> tuple[Verdict, tuple[Rule, ...], str | None]:
    """Return verdict, rules and winner of all treatments; where further looks are planned, an open one runs on."""
    judged = list(judged)
    shipping = [judgement for judgement in judged if judgement.verdict == "ship"]
    if shipping:
        first = experiment.first_decision
        gain = {found.treatment: improvement(found, first)[0] for found in comparisons if found.metric == first.name}
        best = max(shipping, key=lambda judgement: gain[judgement.treatment])
        return "ship", (best.rule, *(one.rule for one in judged if one is not best)), best.treatment
    if any(judgement.verdict == "stop" for judgement in judged):
        ordered = sorted(judged, key=lambda judgement: judgement.verdict != "stop")  # what is open first
        return ("stop" if is_final else "run_on"), tuple(judgement.rule for judgement in ordered), None
    return "do_not_ship", tuple(judgement.rule for judgement in judged), None


def _reason_against(arm: str, decisions: Pairs, guardrails: Pairs) -> Rule | None:
    for metric, found in guardrails:
        if improvement(found, metric)[2] < -(metric.margin or 0) and not found.doubt:
            return Rule("guardrail_harm", arm, metric.name)
    for metric, found in decisions:
        if improvement(found, metric)[2] < 0 and not found.doubt:
            return Rule("harm", arm, metric.name)
    if all(
        improvement(found, metric)[2] < (metric.smallest_effect or 0) and not found.doubt for metric, found in decisions
    ):
        return Rule("ruled_out", arm, decisions[0][0].name)
    return None


def _improves(metric: Metric, found: Comparison, alpha: float) -> bool:
    sure = found.p_adjusted is not None and found.p_adjusted < alpha and not found.doubt
    return sure and improvement(found, metric)[1] > 0


def _size(metric: Metric, found: Comparison) -> Literal["", "matters", "may_be_small"]:
    if metric.smallest_effect is None:
        return ""
    return "matters" if improvement(found, metric)[1] >= metric.smallest_effect else "may_be_small"


def _undecided(arm: str, decisions: Pairs) -> Rule:
    for metric, found in decisions:
        if found.cannot_tell:
            return Rule("untold", arm, metric.name, why=found.cannot_tell)
    for metric, found in decisions:
        if found.doubt:
            return Rule("one_unit", arm, metric.name, why=found.doubt)
    metric, found = next(
        (metric, found) for metric, found in decisions if improvement(found, metric)[2] >= (metric.smallest_effect or 0)
    )
    if improvement(found, metric)[1] > 0:
        return Rule("not_after_correction", arm, metric.name)
    return Rule("undecided", arm, metric.name, detectable=found.detectable)
