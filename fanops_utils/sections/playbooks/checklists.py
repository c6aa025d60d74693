"""A checklist of `templates/` as a page and as tasks: what is done, by when, by whom."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.tasks import Task, tasks
from fanops_utils.sections.playbooks.shared import NOBODY, who
from fanops_utils.text import Listed, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.pattern import Line, Pattern
from fanops_utils.workspace.operations.team import Team

EVERY_LEVEL = (1, 2, 3)


def checklist(pattern: Pattern | None, *, team: Team, name: str) -> Section:
    """Return the steps of the checklist *pattern*, who does each and by when; *name*: its file, and the id of the section.

    None: there is no such file. A step whose role nobody fills is a gap.
    """
    if pattern is None or pattern.kind != "checklist":
        file = Written(f"templates/{name}.yml")
        return Section.of(Finding.nothing(name, say("there is no checklist {file}; fanops init writes one", file=file)))
    gaps = [step for step in pattern.steps if _person(team, step) is None]
    called = Written(pattern.name)
    title = (
        say_n("{list}: nobody is named for {n} step", "{list}: nobody is named for {n} steps", n=len(gaps), list=called)
        if gaps
        else say_n("{list}: {n} step, and somebody is named for it", "{list}: {n} steps, and somebody is named for each",
            n=len(pattern.steps), list=called)
    )  # fmt: skip
    default = say(
        "The words are the defaults of {file}: nobody has agreed on them.", file=Written(f"templates/{name}.yml")
    )
    missing = Listed.of(dict.fromkeys(who(team, step.role) for step in gaps), how="plain") if gaps else None
    finding = Finding(
        id=name, title=title,
        text=Sentences.of(
            default if pattern.defaults else None,
            say("Not filled: {roles}.", roles=missing) if missing else say("Each step has a role that somebody fills."),
        ),
        severity="watch" if gaps else "info" if pattern.defaults else "good", code="gaps" if gaps else "named", weight="chapter",
        estimate=float(len(gaps)), n=len(pattern.steps), unit=Unit("count", term("steps", "unit")),
    )  # fmt: skip
    shown = pd.DataFrame({
        "do": [Written(step.do) for step in pattern.steps], "by": [within(step.minutes) for step in pattern.steps],
        "level": [_levels(step) for step in pattern.steps], "role": [who(team, step.role) for step in pattern.steps],
        "person": [Written(person) if (person := _person(team, step)) else NOBODY for step in pattern.steps],
        "box": [Written("☐")] * len(pattern.steps),
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "do": term("What is done", "heading"), "by": term("Within", "heading"), "level": term("Level", "heading"),
        "role": term("Role", "heading"), "person": term("Who", "heading"), "box": term("Done", "heading"),
    }  # fmt: skip
    for column in ("by", "level"):
        if shown[column].isna().all():
            del columns[column]
    listed = [
        Task(row["do"], row["person"], status=None, note=row["by"], label=name) for row in shown.to_dict("records")
    ]
    return Section.of(
        finding, charts.table(shown, columns=columns, caption=called), handouts=(tasks(name, called, listed),)
    )


def within(minutes: int | None) -> Sayable | None:
    """Return a time allowed in the unit people use for it; None where none is set."""
    if minutes is None:
        return None
    if minutes == 0:
        return term("at once", "time allowed")
    if minutes < 120:
        return say_n("{n} minute", "{n} minutes", n=minutes)
    return (
        say_n("{n} hour", "{n} hours", n=minutes // 60)
        if minutes < 1440
        else say_n("{n} day", "{n} days", n=minutes // 1440)
    )


def _levels(step: Line) -> Sayable | None:
    if step.levels == EVERY_LEVEL:
        return None
    return Listed.of([Written(str(level)) for level in step.levels], how="plain")


def _person(team: Team, step: Line) -> str | None:
    role = team.role(step.role)
    return role.person if role else None
