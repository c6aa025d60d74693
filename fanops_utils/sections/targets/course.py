"""Where in the plan are we, and which milestones are late?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Day, Listed, Message, Sentences, Unit, say, say_n, term, valued

STATES: dict[str, Message] = {
    "past": term("over", "state of a phase"),
    "now": term("running", "state of a phase"),
    "ahead": term("to come", "state of a phase"),
    "done": term("done in time", "state of a milestone"),
    "done_late": term("done late", "state of a milestone"),
    "late": term("late", "state of a milestone"),
}


def course(rows: pd.DataFrame, *, on: date) -> Section:
    """Return phases and milestones on a line of days (*rows*: `playbook.course.months_of_plan`)."""
    if rows.empty:
        return Section.of(Finding.nothing("course", say("targets.yml names no start of the plan")))
    finding = _finding(rows)
    named = rows.assign(name=cells(valued(name) for name in rows["name"]))
    chart = charts.timeline(
        named[["name", "start", "end"]].assign(own=rows["state"].isin(["now", "late"])),
        label="name",
        on=on,
        on_label=term("today", "line in a chart"),
        words=Words(
            title=say("The plan's phases and milestones"),
            alt=finding.text,
            axis=term("days of the plan", "axis"),
            caption=say("As targets.yml has them; blue: running; orange: late"),
        ),
    )
    owners: list[Any] = [term("no owner", "owner of a task") if pd.isna(one) else valued(one) for one in rows["owner"]]
    shown = named.assign(
        state=rows["state"].map(STATES), owner=owners, due=cells(Day.of(day, form="iso") for day in rows["end"])
    )[rows["kind"] == "milestone"]
    columns = {
        "name": term("Milestone", "column"),
        "due": term("Due", "column"),
        "state": term("State", "column"),
        "owner": term("Owner", "column"),
    }
    table = charts.table(shown, columns=columns, caption=say("Milestones of the plan"))
    return Section.of(finding, chart, table)


def _finding(rows: pd.DataFrame) -> Finding:
    running, late = rows[rows["state"] == "now"], rows[rows["state"] == "late"]
    title = (
        say_n("{n} milestone is late", "{n} milestones are late", n=len(late))
        if len(late)
        else say("No milestone is late")
    )
    phase = (
        say_n(
            "The plan is in the phase {phase}.",
            "Phases running side by side: {phase}.",
            n=len(running),
            phase=Listed.of(valued(name) for name in running["name"]),
        )
        if len(running)
        else say("No phase of the plan is running.")
    )
    named = (
        say("Late: {milestones}.", milestones=Listed.of(valued(name) for name in late["name"])) if len(late) else None
    )
    return Finding(
        id="course",
        label=term("Course of the plan", "label of a finding"),
        code="late" if len(late) else "in_time",
        about=Listed.of(valued(name) for name in late["name"]) if len(late) else None,
        title=title,
        text=Sentences.of(named, phase),
        severity="watch" if len(late) else "good",
        estimate=float(len(late)),
        unit=Unit("count", term("milestones late", "unit")),
        n=int((rows["kind"] == "milestone").sum()),
    )
