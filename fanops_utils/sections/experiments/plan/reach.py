"""What the traffic there is can find, week by week, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.designs.controls import Past
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount
from fanops_utils.text import Level, Message, Percent, Sentences, Written, say, say_n, term
from fanops_utils.workspace import Experiment


def reach(table: pd.DataFrame, experiment: Experiment) -> Section:
    """Return what this traffic finds after each week, from *table* of `planning.reachable`."""
    metric, finding = experiment.first_decision, _weekly(table, experiment)
    words = Words(
        title=say("Smallest effect that would be found, week by week"),
        alt=finding.text,
        subtitle=say(
            "{metric}: smallest effect that {power} of such tests would find",
            metric=metric.label,
            power=Level(experiment.power),
        ),
        axis=term("percentage points", "axis") if metric.in_percent else Written(metric.label),
        caption=say("At the traffic of past experiments, unless another one is given"),
    )
    drawn = charts.reach_by_week(table, share=metric.in_percent, wanted=metric.smallest_effect, words=words)
    return Section.of(finding, drawn)


def _weekly(table: pd.DataFrame, experiment: Experiment) -> Finding:
    if table.empty or table["effect"].isna().all():
        return Finding.nothing("reach", say("history gives no traffic or no baseline"))
    metric, last = experiment.first_decision, table.dropna(subset=["effect"]).to_dict("records")[-1]
    weeks, sign, wanted = int(last["weeks"]), 1 if metric.direction == "increase" else -1, metric.smallest_effect
    seen = amount(sign * last["effect"], metric)
    known = {"weeks": _weeks(weeks), "units": say_n("{n} unit", "{n} units", n=int(last["per_arm"])), "effect": seen}
    text = say("After {weeks}, with {units} per arm, the smallest effect that would be found is {effect}.", **known)
    if pd.notna(last["lift"]):
        share = Percent(last["lift"])
        text = say(
            "After {weeks}, with {units} per arm, the smallest effect that would be found is {effect} ({share} of the baseline).",
            **known, share=share,
        )  # fmt: skip
    if wanted is None:
        title = say("It takes {weeks} to find {effect}", weeks=_weeks(weeks), effect=seen)
        return Finding(id="reach", title=title, text=text, code="no_target")
    matters, soon = amount(sign * wanted, metric), table[table["effect"] <= wanted]
    if soon.empty:
        title = say("It takes more than {weeks} to find {effect}", effect=matters, weeks=_weeks(weeks))
        return Finding(id="reach", title=title, text=text, severity="watch", code="out_of_reach")
    title = say("It takes {weeks} to find {effect}", effect=matters, weeks=_weeks(int(soon["weeks"].iloc[0])))
    return Finding(id="reach", title=title, text=text, severity="good", code="in_reach")


def untestable(table: pd.DataFrame, past: Mapping[str, Past], experiment: Experiment, *, weeks: int) -> Finding:
    """Return what cannot be tested with this traffic, said plainly; *table* of `planning.sizes`.

    The time it has is the register's period; without one, *weeks*.
    """
    if experiment.period is not None:
        weeks = max(experiment.period.days // 7, 1)
    reasons = [*_without_history(past), *_too_long(table, experiment, weeks), *_unnamed(experiment)]
    if not reasons:
        title = say("Everything named can be tested within {weeks}", weeks=_weeks(weeks))
        text = say("No metric is out of reach.")
        return Finding(id="untestable", title=title, text=text, severity="good", code="testable")
    title = say_n("{n} thing cannot be tested as planned", "{n} things cannot be tested as planned", n=len(reasons))
    return Finding(id="untestable", title=title, text=Sentences.of(*reasons), severity="watch", code="untestable")


def _without_history(past: Mapping[str, Past]) -> Iterator[Message]:
    for one in past.values():
        if one.baseline is None:
            yield say("“{metric}” has no history, so nothing can be promised.", metric=one.metric.label)


def _too_long(table: pd.DataFrame, experiment: Experiment, weeks: int) -> Iterator[Message]:
    for name, part in table.groupby("metric", sort=False):
        metric, first = experiment.metric(str(name)), part.to_dict("records")[0]
        if pd.isna(first["days"]):
            yield say("For “{metric}” no traffic is known.", metric=metric.label)
        elif first["days"] > weeks * 7:
            yield say(
                "“{metric}” needs {needed} to find {effect}; the plan gives {given}.", metric=metric.label,
                needed=_weeks(int(first["days"]) // 7), effect=amount(first["effect"], metric), given=_weeks(weeks),
            )  # fmt: skip


def _unnamed(experiment: Experiment) -> Iterator[Message]:
    for metric in experiment.metrics:
        if metric.role != "exploratory" and not (metric.smallest_effect or metric.margin):
            yield say(
                "For “{metric}” the register says neither what change would matter nor what loss is bearable: "
                "that it did no harm can never be shown.",
                metric=metric.label,
            )


def _weeks(number: int) -> Message:
    return say_n("{n} week", "{n} weeks", n=number)
