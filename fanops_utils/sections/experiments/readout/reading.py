"""What is read of a read-out: which comparison, under which name, and what holds it back."""

from __future__ import annotations

from fanops_utils.experiments import Comparison, ReadOut, improvement
from fanops_utils.playbook import Finding, Severity
from fanops_utils.sections.experiments.amounts import amount, interval
from fanops_utils.text import Message, Sayable, Sentences, Span, Written, in_words, say, say_n, term
from fanops_utils.workspace import Experiment, Metric

SEVERITY: dict[str, Severity] = {
    "ship": "good", "do_not_ship": "watch", "run_on": "info", "stop": "info", "invalid": "alert",
}  # fmt: skip
ROLES: dict[str, Message] = {
    "decision": term("decision", "role of a metric"),
    "guardrail": term("guardrail", "role of a metric"),
    "exploratory": term("exploratory", "role of a metric"),
}
DIMENSIONS: dict[str, Message] = {
    "market": term("market", "segment by"), "platform": term("platform", "segment by"), "tier": term("tier", "segment by"),
    "language": term("language", "segment by"), "device": term("device", "segment by"), "source": term("source", "segment by"),
    "acquisition": term("how they came", "segment by"),
}  # fmt: skip


def no_units() -> Message:
    """Return why there is nothing to read; it goes on after "No data:"."""
    return say("no unit of this experiment was imported")


def too_few() -> Message:
    """Return why nothing is read of a test that has hardly begun; it goes on after "No data:"."""
    return say("an arm has fewer than two outcomes")


def held_back(name: str, title: Sayable, found: ReadOut | None) -> Finding | None:
    """Return the finding that nothing is read, without units or from an invalid experiment; None where it may be."""
    if found is None:
        return Finding.nothing(name, no_units())
    if found.has_too_few:
        return Finding.nothing(name, too_few())
    if found.verdict != "invalid":
        return None
    return Finding(id=name, title=title, text=Sentences.of(), code="invalid")


def best_of(found: ReadOut, metric: Metric) -> Comparison:
    """Return the comparison of *metric* that is read: the winner's, else the one that improves most; known ones first."""
    ours = [one for one in found.comparisons if one.metric == metric.name]
    winner = [one for one in ours if one.treatment == found.winner]
    known = [one for one in ours if not one.cannot_tell]
    return winner[0] if winner else max(known, key=lambda one: improvement(one, metric)[0]) if known else ours[0]


def difference(one: Comparison, metric: Metric) -> Sayable:
    """Return the difference of a comparison."""
    return amount(one.estimate, metric)


def span(one: Comparison, metric: Metric) -> Span:
    """Return the interval of a comparison with its level."""
    return interval(one.ci_lower, one.ci_upper, metric, alpha=one.alpha)


def named_arm(name: Sayable | str, arm: str, experiment: Experiment) -> Sayable:
    """Return *name* with the arm it is of, where there are several treatments."""
    if len(experiment.treatments) > 1:
        return say("{name} (“{arm}”)", name=name, arm=in_words(arm))
    return Written(name) if isinstance(name, str) else name


def dimension(name: str) -> Sayable:
    """Return what units are divided by, for the middle of a sentence."""
    return DIMENSIONS.get(name) or in_words(name)


def counted(number: int, experiment: Experiment) -> Sayable:
    """Return how many of what is compared where units are not: blocks, slots of time, or clusters."""
    if experiment.block is not None:
        return say_n("{n} block", "{n} blocks", n=number)
    if experiment.design == "switchback":
        return say_n("{n} slot", "{n} slots", n=number)
    return say_n("{n} cluster", "{n} clusters", n=number)


def units_read(found: ReadOut) -> int | None:
    """Return the units of the largest comparison; None without any."""
    return max((one.n for one in found.comparisons), default=None)
