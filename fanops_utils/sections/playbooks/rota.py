"""The moderators' rota: shifts of the hours at hand against the hours of load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.operations.rota import EARLIEST, LATEST, MOST_DAYS, SHIFT
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Event
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, WEEKDAYS, WEEKDAYS_BRIEF, lacking
from fanops_utils.sections.playbooks.shared import first_few, who
from fanops_utils.text import Clock, Count, Number, Percent, Period, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.team import Team


def rota(
    load: pd.DataFrame,
    shifts: pd.DataFrame,
    *,
    hours: Mapping[str, float],
    team: Team,
    period: Period,
    zone: str,
    on: date,
) -> Section:
    """Return the *shifts* (`rota.shifts`) against the *load* (`hour_by_weekday` of messages) of *period*.

    *hours*: at hand by role (`hours_at_hand`); *zone*: the market's; *on*: the shifts begin the Monday after it.
    """
    if load["n"].sum() < SMALL:
        return Section.of(Finding.nothing("rota", lacking("messages")))
    open_, total = shifts[shifts["role"].isna()], float(shifts["load"].sum())
    covered, at_hand = total - float(open_["load"].sum()), sum(hours.values())
    title = (
        say_n("{open} of {n} shift has nobody with the hours for it", "{open} of {n} shifts have nobody with the hours for them",
            n=len(shifts), open=len(open_))
        if len(open_) else say_n("{n} shift covers {share} of the messages", "{n} shifts cover {share} of the messages",
            n=len(shifts), share=Percent(total, 0))
    )  # fmt: skip
    busiest = [
        say(
            "{weekday} {start} to {end}",
            weekday=WEEKDAYS[row["weekday"]],
            start=Clock(row["start"]),
            end=Clock(row["end"]),
        )
        for row in open_.sort_values("load", ascending=False).to_dict("records")
    ]
    file = Written("team.yml")
    finding = Finding(
        id="rota", weight="chapter", code="open" if len(open_) else "covered", severity="watch" if len(open_) else "good",
        estimate=covered, title=title, about=first_few(busiest),
        text=Sentences.of(
            say("With all shifts filled {share} of the messages fall into one; with those that are, {covered}.",
                share=Percent(total, 0), covered=Percent(covered, 0)) if len(open_) else None,
            say("{hours} hours a week are at hand here: those of the duty {duty} in {file}, shared evenly by roles and markets.",
                hours=Number(at_hand, 0), duty=Written("community"), file=file) if at_hand
            else say("{file} has nobody for the duty {duty} here.", file=file, duty=Written("community")),
            say("Shifts of {length} hours, none before {first} or after {last}, at most {days} a week for each role: these "
                "bounds are defaults.", length=SHIFT, first=Clock(EARLIEST), last=Clock(LATEST), days=MOST_DAYS),
            say("Outside of the shifts somebody is on call by the alerts; nobody watches."),
        ),
        n=int(load["n"].sum()), unit=Unit("share", term("of messages", "unit")),
        label=term("Messages within a filled shift", "label of a finding"),
        method=say("Messages by hour and weekday of the market's time; the busiest stretch goes to whoever has most hours left, "
                   "until half of the messages fall into a shift."),
    )  # fmt: skip
    return Section.of(
        finding, _map(load, period), _table(shifts, team), handouts=(_agenda(shifts, team=team, zone=zone, on=on),)
    )


def _table(shifts: pd.DataFrame, team: Team) -> charts.Table:
    """Return the shifts of a week, and who takes each."""
    shown = shifts.assign(
        weekday=cells(WEEKDAYS[day] for day in shifts["weekday"]),
        hours=cells(say("{start} to {end}", start=Clock(start), end=Clock(end))
                    for start, end in zip(shifts["start"], shifts["end"], strict=True)),
        role=cells(who(team, one) for one in shifts["role"]),
        person=cells(_person(team, one) for one in shifts["role"]),
    )  # fmt: skip
    heads = {
        "weekday": term("Weekday", "column"), "hours": term("Hours", "column"), "role": term("Role", "column"),
        "person": term("Who", "heading"), "load": term("Share of messages", "column"),
    }  # fmt: skip
    return charts.table(
        shown, columns=heads, formats={"load": Percent}, caption=say("Shifts of the week, the market's time")
    )


def _map(load: pd.DataFrame, period: Period) -> charts.Chart:
    drawn = load.assign(value=load["n"], name=cells(WEEKDAYS[day] for day in load["weekday"]))
    told = say("Messages by hour and weekday of the market's time.")
    return charts.heat_map(
        drawn[["hour", "name", "value", "n"]], x="hour", y="name", value="value", columns=list(range(24)), rows=list(WEEKDAYS),
        brief=WEEKDAYS_BRIEF, form=Count, numbers=False,
        words=Words(
            title=say("When messages are written"), subtitle=say("Messages by hour and weekday, {period}", period=period),
            axis=term("messages", "axis"), x_axis=term("hour of the market's time", "axis"), alt=told,
            caption=say("Hours with fewer than ten messages are empty"),
        ),
    )  # fmt: skip


def _agenda(shifts: pd.DataFrame, *, team: Team, zone: str, on: date) -> Agenda | None:
    """Return the filled shifts as weekly entries in the market's time, from the Monday after *on*; None without any."""
    monday = on + timedelta(days=7 - on.weekday())
    events = []
    for row in shifts[shifts["role"].notna()].to_dict("records"):
        day = monday + timedelta(days=int(row["weekday"]))
        start = datetime.combine(day, time(int(row["start"])))
        events.append(Event(
            f"{row['weekday']} {row['start']} {row['role']}", say("Community: {role}", role=who(team, row["role"])), start,
            start + timedelta(hours=int(row["end"] - row["start"])), note=_person(team, row["role"]), every="week",
        ))  # fmt: skip
    return Agenda("rota", say("Rota of the community"), tuple(events), zone) if events else None


def _person(team: Team, name: str | None) -> Sayable | None:
    role = team.role(name)
    return Written(role.person) if role and role.person else None
