"""Where does the launch stand? Its steps with their days, what is late, what waits for a gate; the days that matter."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.operations.launching import notice_days
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Event, Listing
from fanops_utils.playbook.tasks import Task, tasks
from fanops_utils.sections.playbooks.shared import first_few, who
from fanops_utils.text import Day, Message, Money, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.calendar import Launch, Moment
from fanops_utils.workspace.operations.team import Team

NOTICE = 30  # days before a promotion
SHARES = (("content", 0.45, 0.50), ("people", 0.30, 0.35), ("tools", 0.10, 0.15), ("reserve", 0.05, 0.10))
STATES: dict[str, Message] = {
    "done": term("done", "state of a step"), "late": term("late", "state of a step"),
    "held": term("waits for a gate", "state of a step"), "running": term("running", "state of a step"),
    "ahead": term("to come", "state of a step"),
}  # fmt: skip
KINDS: dict[str, Message] = {
    "holiday": term("holiday", "kind of a day"), "season": term("season", "kind of a day"),
    "brand": term("brand", "kind of a day"), "promotion": term("promotion", "kind of a day"),
    "deadline": term("deadline", "kind of a day"), "campaign": term("campaign", "kind of a day"),
}  # fmt: skip
LINES: dict[str, Message] = {
    "content": term("Content", "line of a budget"), "people": term("People", "line of a budget"),
    "tools": term("Tools, third parties, advertising", "line of a budget"), "reserve": term("Reserve", "line of a budget"),
}  # fmt: skip


def no_launch(name: str) -> Finding:
    """Return that no launch is planned here."""
    return Finding.nothing(name, say("{file} names no launch in this market", file=Written("calendar.yml")))


def steps(table: pd.DataFrame | None, *, team: Team, on: date) -> Section:
    """Return where the launch stands (*table*: `launch_steps`; None: none is planned)."""
    if table is None:
        return Section.of(no_launch("steps"))
    if table.empty:
        return Section.of(
            Finding.nothing("steps", say("{file} names no step of a launch", file=Written("calendar.yml")))
        )
    late, held = table[table["state"] == "late"], table[table["state"] == "held"]
    finding = _standing(table, late, held, team)
    drawn = pd.DataFrame({
        "label": [Written(name) for name in table["name"]], "start": table["start"], "end": table["end"],
        "own": table["state"].isin(["late", "held", "running"]),
    }).astype({"label": object})  # fmt: skip
    chart = charts.timeline(
        drawn, label="label", on=on, on_label=term("today", "line of a chart"),
        words=Words(title=say("The steps by the calendar"), alt=finding.text,
                    caption=say("Coloured: late, running or held up; weeks count from the first day of the launch")),
    )  # fmt: skip
    shown = pd.DataFrame({
        "step": [Written(name) for name in table["name"]], "start": table["start"], "end": table["end"],
        "days": table["working_days"],
        "who": [who(team, name) for name in table["owner"]], "state": [STATES[state] for state in table["state"]],
        "gate": [term("gate", "kind of a step") if gate else None for gate in table["gate"]],
        "deliverable": [Written(one) if one else None for one in table["deliverable"]],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "step": term("Step", "heading"), "start": term("From", "heading"), "end": term("Until", "heading"),
        "days": term("Working days", "heading"),
        "who": term("Who", "heading"), "state": term("State", "heading"), "gate": term("Gate", "heading"),
        "deliverable": term("On the table at its end", "heading"),
    }  # fmt: skip
    files = (_milestones(table, team), _steps_to_track(table, team))
    return Section.of(
        finding, chart, charts.table(shown, columns=columns, caption=say("Steps, first to last")), handouts=files
    )


def _milestones(table: pd.DataFrame, team: Team) -> Agenda | None:
    """Return the last days of the steps that are not done, as all-day events."""
    events = [
        Event(row["id"], _milestone(row), row["end"], note=_note(row, team))
        for row in table[table["state"] != "done"].to_dict("records")
    ]
    return Agenda("milestones", say("Milestones of the launch"), tuple(events)) if events else None


def _milestone(row: Mapping[Hashable, Any]) -> Message:
    name = Written(row["name"])
    return say("Gate: “{step}” ends", step=name) if row["gate"] else say("“{step}” ends", step=name)


def _note(row: Mapping[Hashable, Any], team: Team) -> Sayable:
    told = say("Who: {who}.", who=who(team, row["owner"]))
    if not row["deliverable"]:
        return told
    return Sentences.of(told, say("On the table: {deliverable}.", deliverable=Written(row["deliverable"])))


def _steps_to_track(table: pd.DataFrame, team: Team) -> Listing | None:
    return tasks("steps", say("Steps of the launch"), [
        Task(Written(row["name"]), who(team, row["owner"]), row["start"], row["end"], STATES[row["state"]],
             Written(row["deliverable"]) if row["deliverable"] else None, "gate" if row["gate"] else "step")
        for row in table.to_dict("records")
    ])  # fmt: skip


def _standing(table: pd.DataFrame, late: pd.DataFrame, held: pd.DataFrame, team: Team) -> Finding:
    done = int((table["state"] == "done").sum())
    told: list[Sayable] = [say("{done} of {all} steps are done.", done=done, all=len(table))]
    for row in late.to_dict("records"):
        told.append(say("“{step}” was to end on {day} ({who}).", step=Written(row["name"]), day=row["end"],
                        who=who(team, row["owner"])))  # fmt: skip
    names = dict(zip(table["id"], table["name"], strict=True))
    for row in held.to_dict("records"):
        told.append(
            say(
                "“{step}” waits for the gate “{gate}”.",
                step=Written(row["name"]),
                gate=Written(names[row["waits_for"]]),
            )
        )
    following = table[table["state"] == "ahead"]
    if len(following):
        told.append(
            say("Next: “{step}”, from {day}.", step=Written(following.iloc[0]["name"]), day=following.iloc[0]["start"])
        )
    if len(late):
        title = say_n("{n} step of the launch is late", "{n} steps of the launch are late", n=len(late))
    elif len(held):
        title = say_n("{n} step waits for a gate", "{n} steps wait for a gate", n=len(held))
    else:
        title = say("The launch is on schedule: {done} of {all} steps are done", done=done, all=len(table))
    code = "late" if len(late) else "held" if len(held) else "on_schedule"
    about = [say("“{step}” ({who})", step=Written(row["name"]), who=who(team, row["owner"]))
             for row in (late if len(late) else held).to_dict("records")]  # fmt: skip
    return Finding(
        id="steps", title=title, text=Sentences.of(*told), code=code, weight="chapter", n=len(table),
        severity="alert" if len(late) else "watch" if len(held) else "good", estimate=float(len(late)),
        unit=Unit("count", term("steps late", "unit")), label=term("Steps late", "label of a finding"), about=first_few(about),
    )  # fmt: skip


def moments(days: Iterable[Moment], *, until: date) -> Section:
    """Return the *days* that matter in the market until *until*, and whether promotions were told in time."""
    listed = list(days)
    if not listed:
        why = say("{file} names no day for this market until {day}", file=Written("calendar.yml"), day=until)
        return Section.of(Finding.nothing("moments", why))
    short = [
        one
        for one in listed
        if one.kind == "promotion" and (notice_days(one) is None or (notice_days(one) or 0) < NOTICE)
    ]
    title = (
        say("The product team heard of “{name}” too late: {days} days ahead are asked", name=Written(short[0].name), days=NOTICE)
        if len(short) == 1
        else say_n("The product team heard of {n} promotion less than {days} days ahead",
              "The product team heard of {n} promotions less than {days} days ahead", n=len(short), days=NOTICE)
        if short
        else say_n("{n} day of the market to plan for", "{n} days of the market to plan for", n=len(listed))
    )  # fmt: skip
    told = [_notice(one) for one in short] or [
        say("The first: {name}, {day}.", name=Written(listed[0].name), day=listed[0].date)
    ]
    finding = Finding(
        id="moments", title=title, text=Sentences.of(*told), severity="watch" if short else "info",
        code="short_notice" if short else "told", weight="chapter", n=len(listed),
    )  # fmt: skip
    shown = pd.DataFrame({
        "name": [Written(one.name) for one in listed], "start": [one.date for one in listed],
        "end": [one.end for one in listed], "kind": [KINDS[one.kind] for one in listed],
        "note": [Written(one.note) if one.note else None for one in listed],
        "notice": [_days(notice_days(one)) if one.kind == "promotion" else None for one in listed],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "name": term("Day", "heading"), "start": term("From", "heading"), "end": term("Until", "heading"),
        "kind": term("Kind", "heading"), "note": term("Note", "heading"), "notice": term("Product told", "heading"),
    }  # fmt: skip
    for column in ("note", "notice"):
        if shown[column].isna().all():
            del columns[column]
    events = tuple(
        Event(one.id, Written(one.name), one.date, one.end, note=Written(one.note) if one.note else None)
        for one in listed
    )
    days_there = Agenda("market_days", say("Days that matter in the market"), events)
    table = charts.table(shown, columns=columns, caption=say("Days that matter in the market"))
    return Section.of(finding, table, handouts=(days_there,))


def _days(number: int | None) -> Sayable:
    if number is None:
        return term("not told", "notice of a promotion")
    return say_n("{n} day ahead", "{n} days ahead", n=number)


def _notice(moment: Moment) -> Message:
    if moment.told_on is None:
        return say("“{name}” ({day}): the product team was not told.", name=Written(moment.name), day=moment.date)
    return say_n("“{name}” ({day}) was told {n} day ahead.", "“{name}” ({day}) was told {n} days ahead.",
                 n=notice_days(moment) or 0, name=Written(moment.name), day=Day.of(moment.date))  # fmt: skip


def budget(launch: Launch | None, *, currency: str) -> Section:
    """Return what the usual bands make of the budget of *launch*."""
    if launch is None:
        return Section.of(no_launch("budget"))
    if launch.budget is None:
        why = say("{file} names no budget for this launch", file=Written("calendar.yml"))
        return Section.of(Finding.nothing("budget", why))
    whole = launch.budget
    finding = Finding(
        id="budget", title=say("{amount} to be split", amount=Money(whole, currency)), weight="chapter",
        text=say("The bands are those of the usual plans, not agreed by anybody here. "
                 "What was really spent, campaign reports tell."),
        estimate=whole, unit=Unit("money", currency=currency), label=term("Budget of the launch", "label of a finding"),
    )  # fmt: skip
    shown = pd.DataFrame({
        "line": [LINES[name] for name, _, _ in SHARES],
        "low": [Money(low * whole, currency) for _, low, _ in SHARES],
        "high": [Money(high * whole, currency) for _, _, high in SHARES],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "line": term("Line", "heading"),
        "low": term("At least", "heading"),
        "high": term("At most", "heading"),
    }
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("The usual bands of this budget")))
