"""An entry in words: what the command line, the page and the documentation say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fanops_utils.metrics.catalogue.metric import Direction, Metric, Subject
from fanops_utils.metrics.catalogue.registry import METRICS
from fanops_utils.text import Listed, Message, Sayable, Sentences, Written, say, say_n, speak, term

SUBJECTS: dict[Subject, Message] = {
    "accounts": term("Accounts", "subject of metrics"),
    "posts": term("Posts", "subject of metrics"),
    "voice": term("What is said elsewhere", "subject of metrics"),
    "members": term("Community", "subject of metrics"),
    "retention": term("Retention", "subject of metrics"),
    "shop": term("Shop", "subject of metrics"),
    "site": term("Web site", "subject of metrics"),
    "advertising": term("Advertising", "subject of metrics"),
    "partners": term("Partners and invitations", "subject of metrics"),
    "surveys": term("Surveys", "subject of metrics"),
}
DIRECTIONS: dict[Direction, Message] = {
    "up": term("more is better", "direction of a metric"),
    "down": term("less is better", "direction of a metric"),
    "neither": term("neither more nor less is better", "direction of a metric"),
}
UNITS: dict[str, Message] = {
    "share": term("share", "unit of a metric"), "change": term("change", "unit of a metric"),
    "difference": term("difference in points", "unit of a metric"), "count": term("count", "unit of a metric"),
    "number": term("number", "unit of a metric"), "times": term("multiple", "unit of a metric"),
    "money": term("money", "unit of a metric"),
}  # fmt: skip
DIMENSIONS = {
    "market": term("market", "dimension"), "platform": term("platform", "dimension"),
    "acquisition": term("source", "dimension"), "currency": term("currency", "dimension"),
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """An entry, ready to be said: `facts` are label and value, in order."""

    id: str
    name: Message
    about: Message
    formula: Sayable
    facts: tuple[tuple[Message, Sayable], ...]


def described(metric: Metric) -> Described:
    """Return the entry in words."""
    unit: Sayable = UNITS[metric.unit.kind] if metric.unit.label is None else metric.unit.label
    facts: list[tuple[Message, Sayable]] = [
        (term("Unit", "of a metric"), unit),
        (term("Days it spans", "of a metric"), window(metric)),
        (term("Told apart by", "of a metric"), Listed.of(DIMENSIONS[name] for name in ("market", *metric.by))),
        (term("Reading", "of a metric"), DIRECTIONS[metric.direction]),
        (term("Interval", "of a metric"), interval(metric)),
        (term("Computed from", "of a metric"), Listed.of(Written(source) for source in metric.sources)),
    ]
    if metric.apart:
        facts.append(
            (term("Never compared across", "of a metric"), Listed.of(DIMENSIONS[name] for name in metric.apart))
        )
    return Described(metric.id, metric.name, metric.about, metric.formula, tuple(facts))


def window(metric: Metric) -> Message:
    """Return in words the days that one value looks back over."""
    if metric.window == 0:
        return term("from that day on, without an end", "window of a metric")
    if metric.window == 1:
        return term("the period itself", "window of a metric")
    return say_n("{n} day", "{n} days", n=metric.window)


def interval(metric: Metric) -> Sayable:
    """Return in words where the interval comes from, or that there is none and why."""
    if metric.estimator.interval:
        return Written(metric.estimator.interval)
    return say("none: a complete count, no sample")


def by_subject() -> list[tuple[Message, list[Described]]]:
    """Return all entries in words, by what they are about."""
    return [
        (word, [described(one) for one in METRICS.values() if one.subject == subject])
        for subject, word in SUBJECTS.items()
    ]


def as_json(metric: Metric, languages: tuple[str, ...] = ("en", "zh-Hans")) -> dict[str, Any]:
    """Return the entry as plain data, its texts in each of *languages*."""
    told = described(metric)

    def all_of(what: Sayable) -> dict[str, str]:
        return {language: speak(what, language) for language in languages}

    return {
        "id": metric.id, "subject": metric.subject, "name": all_of(told.name), "description": all_of(told.about),
        "formula": all_of(told.formula), "numerator": all_of(metric.counted),
        "denominator": all_of(metric.per) if metric.per else None, "unit": metric.unit.kind, "window_days": metric.window,
        "grain": metric.grain, "direction": metric.direction, "by": ["market", *metric.by], "sources": list(metric.sources),
        "interval": metric.estimator.interval or None, "aliases": list(metric.aliases),
    }  # fmt: skip


def reasons() -> Sayable:
    """Return the rules that hold for all of them, for the head of a page."""
    return Sentences.of(
        say("Each metric has one definition: what is counted, and what it is divided by."),
        say(
            "Two metrics of different definition are never compared; a series ends where a platform changed what it counts."
        ),
        say("A total that lacks days is not shown: missing is not zero."),
    )
