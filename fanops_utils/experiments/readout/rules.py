"""The rules of the verdict: what the intervals say of each treatment, and of the experiment as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fanops_utils.experiments.effects.inference import Comparison
from fanops_utils.workspace.experiment import Experiment, Metric

Verdict = Literal["ship", "do not ship", "inconclusive: run on", "inconclusive: stop", "invalid"]
Pairs = Sequence[tuple[Metric, Comparison]]


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one treatment."""

    treatment: str
    verdict: Literal["ship", "do not ship", "inconclusive: stop"]
    rule: str


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
    if against := _reason_against(decisions, guardrails):
        return Judgement(arm, "do not ship", against)
    better = [pair for pair in decisions if _improves(*pair, experiment.alpha)]
    if not better:
        return Judgement(arm, "inconclusive: stop", _undecided(decisions))
    open_rails = [(metric, found) for metric, found in guardrails if not guardrail_holds(metric, found)]
    if open_rails:
        metric, found = open_rails[0]
        why = f"cannot be told: {found.cannot_tell}" if found.cannot_tell else "may be worse than its margin"
        return Judgement(
            arm, "inconclusive: stop", f"{better[0][0].label} improves, but the guardrail {metric.label} {why}."
        )
    return Judgement(arm, "ship", _reason_for(*better[0], bool(guardrails)))


def overall(
    judged: Iterable[Judgement], experiment: Experiment, comparisons: Sequence[Comparison], *, is_final: bool
) -> tuple[Verdict, str, str | None]:
    """Return verdict, rule and winner of all treatments; where further looks are planned, an open one runs on."""
    judged = list(judged)
    shipping = [judgement for judgement in judged if judgement.verdict == "ship"]
    if shipping:
        first = next(metric for metric in experiment.metrics if metric.role == "decision")
        gain = {found.treatment: improvement(found, first)[0] for found in comparisons if found.metric == first.name}
        best = max(shipping, key=lambda judgement: gain[judgement.treatment])
        return "ship", f"{best.treatment}: {best.rule}", best.treatment
    undecided = [judgement for judgement in judged if judgement.verdict == "inconclusive: stop"]
    if undecided:
        rule = " ".join(f"{item.treatment}: {item.rule}" for item in undecided)
        return ("inconclusive: stop" if is_final else "inconclusive: run on"), rule, None
    return "do not ship", " ".join(f"{item.treatment}: {item.rule}" for item in judged), None


def _reason_against(decisions: Pairs, guardrails: Pairs) -> str | None:
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


def _improves(metric: Metric, found: Comparison, alpha: float) -> bool:
    return improvement(found, metric)[1] > 0 and found.p_adjusted is not None and found.p_adjusted < alpha


def _reason_for(metric: Metric, found: Comparison, guarded: bool) -> str:
    size = ""
    if metric.smallest_effect is not None:
        sure = improvement(found, metric)[1] >= metric.smallest_effect
        beyond = "above" if metric.direction == "increase" else "beyond"
        size = f", all of it {beyond} the smallest effect that matters"
        size = size if sure else ", though it may be smaller than the smallest effect that matters"
    rails = "; every guardrail holds" if guarded else ""
    return f"{metric.label} improves: its interval lies {_side(metric)} zero{size}{rails}."


def _side(metric: Metric) -> str:
    return "above" if metric.direction == "increase" else "below"


def _undecided(decisions: Pairs) -> str:
    for metric, found in decisions:
        if found.cannot_tell:
            return f"{metric.label} cannot be told: {found.cannot_tell}."
    metric, found = next(
        (metric, found) for metric, found in decisions if improvement(found, metric)[2] >= (metric.smallest_effect or 0)
    )
    if improvement(found, metric)[1] > 0:
        return (
            f"{metric.label}: the interval lies {_side(metric)} zero, but not once the comparisons are counted (Holm)."
        )
    return (
        f"{metric.label}: the interval includes no effect as well as one that matters. "
        f"So many units find a difference of {found.detectable:.3g} four times in five."
    )
