"""The rules that gave a verdict, in words."""

from __future__ import annotations

from fanops_utils.experiments import Gate, ReadOut, Rule, SampleRatio
from fanops_utils.playbook import Finding
from fanops_utils.sections.experiments.amounts import amount, towards
from fanops_utils.sections.experiments.readout.gates.checks import words_of
from fanops_utils.sections.experiments.readout.reading import SEVERITY, no_units
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Listed, Message, Percent, Sayable, Sentences, Written, in_words, say
from fanops_utils.workspace import Experiment

VERDICTS: dict[str, Message] = {
    "ship": say("By the rules set beforehand: ship"),
    "do_not_ship": say("By the rules set beforehand: do not ship"),
    "run_on": say("By the rules set beforehand: inconclusive, run on"),
    "stop": say("By the rules set beforehand: inconclusive, stop"),
    "invalid": say("By the rules set beforehand: invalid"),
}


def ruling(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return the verdict in the words agreed before the data, and the rule that gave it."""
    if found is None:
        return Finding.nothing("ruling", no_units())
    text = Sentences.of(*ruled(found, experiment))
    if found.has_too_few:
        title = say("By the rules set beforehand: nothing to be told of so few outcomes")
        return Finding(id="ruling", title=title, text=text, method=_rules(), code="few", weight="row")
    if found.verdict == "invalid":
        text = Sentences.of(
            *ruled(found, experiment), say("First find out why, then run it again."), *_actions(found, experiment)
        )
    title, severity = VERDICTS[found.verdict], SEVERITY[found.verdict]
    return Finding(id="ruling", title=title, text=text, severity=severity, method=_rules(), code=found.verdict,
                   weight="row")  # fmt: skip


def ruled(found: ReadOut, experiment: Experiment) -> list[Sayable]:
    """Return the rules that gave the verdict, a sentence each."""
    if found.verdict == "invalid":
        return [
            say("No comparison is read."),
            *(stopped(gate, found, experiment) for gate in found.gates if gate.stops),
        ]
    return [_rule(rule, experiment) for rule in found.rules]


def stopped(gate: Gate, found: ReadOut, experiment: Experiment) -> Message:
    """Return what stopped the read-out at *gate*."""
    words = words_of(gate, found, experiment)
    return say("{gate}: {finding}.", gate=words.name, finding=words.finding)


def split(gate: Gate, experiment: Experiment) -> Message | None:
    """Return how many units each arm has against what was planned, where that is what stopped the read-out."""
    if gate.code != "sample_ratio" or not isinstance(gate.seen, SampleRatio):
        return None
    arms = Listed.of((say("“{arm}” {n}", arm=in_words(arm), n=n) for arm, n in gate.seen.observed.items()), how="and")
    shares = experiment.allocation.values()
    if len(set(shares)) == 1:
        return say("{arms}, where equal shares were planned.", arms=arms)
    return say("{arms}, where {shares} were planned.", arms=arms, shares=Listed.of(map(Percent, shares), how="and"))


def _actions(found: ReadOut, experiment: Experiment) -> list[Message]:
    said = (words_of(gate, found, experiment).action for gate in found.gates if gate.stops)
    return [say("{action}.", action=action) for action in dict.fromkeys(said) if action is not None]


def _rules() -> Message:
    return say(
        "Invalid: a gate stops. Do not ship: harm is shown, or an effect that matters is ruled out. Ship: the decision metric "
        "improves after correction and every guardrail holds. Otherwise inconclusive: run on while looks are planned, then stop."
    )


def _rule(rule: Rule, experiment: Experiment) -> Sayable:
    if rule.code == "small_cells":
        return say("It cannot be told: a group is too small to be shown.")
    return _not_over(rule) if rule.code == "not_over" else _judged(rule, experiment)


def _not_over(rule: Rule) -> Message:
    if rule.until is None or rule.reached is None:
        return say("The period is not over. One look was planned, at its end.")
    return say(
        "Units are complete on {until}; the data reach {reached}. One look was planned, at the end. If the data reach further, "
        "give their day as 'as_of'.",
        until=rule.until, reached=rule.reached,
    )  # fmt: skip


def _judged(rule: Rule, experiment: Experiment) -> Sayable:
    metric = experiment.metric(rule.metric)
    told = {"arm": in_words(rule.treatment), "metric": Written(metric.label)}
    match rule.code:
        case "guardrail_harm":
            return say("“{arm}”: the guardrail {metric} is worse than tolerated, in all of its interval.", **told)
        case "harm":
            return say("“{arm}”: {metric} gets worse, in all of its interval.", **told)
        case "ruled_out":
            return say("“{arm}”: {metric} does not improve by as much as matters, anywhere in its interval.", **told)
        case "improves":
            return _improves(rule, told)
        case "guardrail_open":
            return _open(rule, experiment, told)
        case "untold":
            assert rule.why is not None
            return say("“{arm}”: {metric} cannot be told: {why}.", why=because(rule.why), **told)
        case "not_after_correction":
            return say("“{arm}”: {metric} improves, but not once all comparisons are counted (Holm).", **told)
        case "one_unit":
            return say(
                "“{arm}”: {metric} changes, but without one unit that would be open: the result hangs on it.", **told
            )
        case "frozen_late":
            return say(
                "“{arm}”: {metric} improves by rules that were fixed after the first unit was assigned: no winner is named.",
                **told,
            )
    smallest = amount(rule.detectable or 0.0, metric)
    return Sentences.of(
        say("“{arm}”: {metric} may not have changed, and may have changed by as much as matters.", **told),
        say("So many units find a difference of {size} four times in five.", size=smallest),
    )


def too_small(experiment: Experiment) -> Message:
    """Return what to do where the effect that matters lies within the interval: it may be there."""
    metric, told = experiment.first_decision, {"control": in_words(experiment.control)}
    if metric.smallest_effect is None:
        return say("Stop and keep “{control}”; before it is repeated, agree what change would matter", **told)
    size = amount(towards(metric) * metric.smallest_effect, metric)
    if experiment.cluster is not None:
        return say(
            "Stop and keep “{control}”: the test was too small. The effect that matters ({size}) is neither shown nor ruled out; "
            "repeat it only with more groups ({column})", size=size, column=in_words(experiment.cluster), **told,
        )  # fmt: skip
    return say(
        "Stop and keep “{control}”: the test was too small. The effect that matters ({size}) is neither shown nor ruled out; "
        "repeat it only with more units", size=size, **told,
    )  # fmt: skip


def _improves(rule: Rule, told: dict[str, Written]) -> Sentences:
    first = {
        "": say("“{arm}”: {metric} improves.", **told),
        "matters": say("“{arm}”: {metric} improves, in all of its interval by as much as matters.", **told),
        "may_be_small": say("“{arm}”: {metric} improves, though maybe by less than matters.", **told),
    }
    return Sentences.of(first[rule.size], say("Every guardrail holds.") if rule.guarded else None)


def _open(rule: Rule, experiment: Experiment, told: dict[str, Written]) -> Message:
    guardrail = Written(experiment.metric(rule.guardrail).label)
    if rule.why is None:
        return say(
            "“{arm}”: {metric} improves, but the guardrail {guardrail} may be worse than tolerated.",
            guardrail=guardrail,
            **told,
        )
    return say(
        "“{arm}”: {metric} improves, but the guardrail {guardrail} cannot be told: {why}.", guardrail=guardrail,
        why=because(rule.why), **told,
    )  # fmt: skip
