"""Whether the register is frozen, and what is fixed by it."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount
from fanops_utils.text import (
    Level,
    Listed,
    Message,
    Percent,
    Period,
    Sayable,
    Sentences,
    Written,
    in_words,
    say,
    say_n,
    term,
)
from fanops_utils.workspace import Experiment, Metric
from fanops_utils.workspace.frozen import fingerprint


def freezing(experiment: Experiment, *, units: int) -> Section:
    """Return whether the register is frozen, and as what; *units* are in already."""
    return Section.of(_state(experiment, units), _content(experiment))


def _state(experiment: Experiment, units: int) -> Finding:
    mark = Written(fingerprint(experiment, without=("frozen",)))
    if experiment.is_changed:
        text = say("It was frozen as {frozen} and now is {mark}: the read-out will show the change.",
                   frozen=experiment.frozen or "", mark=mark)  # fmt: skip
        title = say("The plan was changed after it was frozen")
        return Finding(id="frozen", title=title, text=text, severity="watch", code="changed")
    if experiment.frozen:
        title, text = (
            say("The plan is frozen"),
            say("It says what it said when it was frozen; its fingerprint is {mark}.", mark=mark),
        )
        return Finding(id="frozen", title=title, text=text, severity="good", code="frozen")
    said = Sentences.of(
        say("Its fingerprint is {mark}.", mark=mark),
        say("Units are in already: frozen now, it comes after the data.") if units else None,
    )
    title = say("This plan was never frozen") if units else say("The plan is not frozen yet")
    return Finding(id="frozen", title=title, text=said, severity="watch", code="late" if units else "open")


def _content(experiment: Experiment) -> charts.Table:
    """Return what is fixed once the register is frozen, item by item."""
    period = experiment.period
    rows: list[tuple[Message, Sayable | None]] = [
        (term("Hypothesis", "frozen plan"), Written(experiment.hypothesis)),
        (term("Unit", "frozen plan"), Written(experiment.unit)),
        (term("Arms", "frozen plan"), _arms(experiment)),
        *((ROLES[metric.role], _metric(metric)) for metric in experiment.metrics),
        (term("Looks", "frozen plan"), _looks(experiment)),
        (term("Error rate and power", "frozen plan"),
         say("{alpha} and {power}", alpha=Level(experiment.alpha), power=Level(experiment.power))),
        (term("Period", "frozen plan"), Period.of(period.start, period.end) if period else None),
        (term("Follow-up", "frozen plan"),
         say("on {day}", day=experiment.follow_up) if experiment.follow_up else None),
    ]  # fmt: skip
    kept = [row for row in rows if row[1] is not None and row[1] != Written("")]
    columns = {"item": term("What is fixed", "column"), "value": term("As registered", "column")}
    caption = say("The register's plan; every other line of it is fixed too")
    return charts.table(pd.DataFrame(kept, columns=list(columns)), columns=columns, caption=caption)


ROLES: dict[str, Message] = {
    "decision": term("Decision metric", "frozen plan"),
    "guardrail": term("Guardrail", "frozen plan"),
    "exploratory": term("Looked at, decides nothing", "frozen plan"),
}


def _arms(experiment: Experiment) -> Sayable:
    shares = (
        say("{arm} {share}", arm=in_words(arm), share=Percent(share)) for arm, share in experiment.allocation.items()
    )
    return say("{arms}; control: {control}", arms=Listed.of(shares), control=in_words(experiment.control))


def _metric(metric: Metric) -> Sayable:
    sign = 1 if metric.direction == "increase" else -1
    if metric.smallest_effect:
        return say(
            "{metric}: {effect} matters", metric=metric.label, effect=amount(sign * metric.smallest_effect, metric)
        )
    if metric.margin:
        return say(
            "{metric}: up to {harm} is tolerated", metric=metric.label, harm=amount(-sign * metric.margin, metric)
        )
    return Written(metric.label)


def _looks(experiment: Experiment) -> Sayable:
    if experiment.method == "always-valid":
        return say("at any time, by an always-valid method")
    return say_n("{n} planned look", "{n} planned looks", n=experiment.looks or 1)
