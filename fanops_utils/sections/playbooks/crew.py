"""Who does what, are the hours there, who covers for whom, and are the meetings held?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.operations import staffing
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Event, Listing
from fanops_utils.sections.playbooks.shared import first_few, named, people, who
from fanops_utils.text import Day, Message, Number, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.team import Team

FEW_HELD = 0.75
EVERY: dict[str, Message] = {
    "week": term("every week", "rhythm"), "two weeks": term("every two weeks", "rhythm"),
    "month": term("every month", "rhythm"), "quarter": term("every quarter", "rhythm"), "year": term("every year", "rhythm"),
}  # fmt: skip

RACI: tuple[Sayable, ...] = (
    term("Duty", "heading"), term("Responsible", "column of a RACI"), term("Accountable", "column of a RACI"),
    term("Consulted", "column of a RACI"), term("Informed", "column of a RACI"), term("Hours a week", "column of a RACI"),
)  # fmt: skip


def _no_team(name: str) -> Section:
    return Section.of(Finding.nothing(name, say("{file} names no roles and duties", file=Written("team.yml"))))


def duties(team: Team) -> Section:
    """Return who answers for what, who does it, who is asked and who is told."""
    table = staffing.raci(team)
    if table.empty:
        return _no_team("duties")
    open_roles = {role.id for role in staffing.unfilled(team)}
    orphans = table[table["accountable"].isin(open_roles)]
    title = (
        say_n("For {n} duty nobody answers yet", "For {n} duties nobody answers yet", n=len(orphans))
        if len(orphans)
        else say_n("{n} duty, and somebody answers for it", "{n} duties, and somebody answers for each", n=len(table))
    )  # fmt: skip
    told = [say("“{duty}”: the role {role} is not filled.", duty=Written(row["name"]), role=who(team, row["accountable"]))
            for row in orphans.to_dict("records")]  # fmt: skip
    finding = Finding(
        id="duties", title=title, text=Sentences.of(*told) if told else say("One role answers for each, as the table says."),
        severity="watch" if told else "good", code="orphans" if told else "covered", weight="chapter",
        estimate=float(len(orphans)), unit=Unit("count", term("duties", "unit")),
        label=term("Duties nobody answers for", "label of a finding"),
    )  # fmt: skip
    shown = pd.DataFrame({
        "duty": [Written(name) for name in table["name"]],
        "accountable": [who(team, name) for name in table["accountable"]],
        **{column: [people(team, names) for names in table[column]] for column in ("responsible", "consulted", "informed")},
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "duty": term("Duty", "heading"), "accountable": term("Answers for it", "heading"),
        "responsible": term("Does it", "heading"), "consulted": term("Is asked", "heading"), "informed": term("Is told", "heading"),
    }  # fmt: skip
    raci = Listing("raci", say("Who does what (RACI)"), RACI, tuple(
        (Written(row["name"]), people(team, row["responsible"]), who(team, row["accountable"]), people(team, row["consulted"]),
         people(team, row["informed"]), row["hours"] or None)
        for row in table.to_dict("records")
    ))  # fmt: skip
    caption = say("Who does what: one role answers for each duty")
    return Section.of(finding, charts.table(shown, columns=columns, caption=caption), handouts=(raci,))


def capacity(team: Team) -> Section:
    """Return whether the hours of the roles suffice for their duties."""
    table = staffing.capacity(team)
    if table.empty or not team.duties:
        return _no_team("capacity")
    over, (planned, there) = table[table["over"]], staffing.size(team)
    title = (
        say_n("{n} role has more work than hours", "{n} roles have more work than hours", n=len(over))
        if len(over) else say("The hours suffice for the duties written down")
    )  # fmt: skip
    told: list[Sayable] = [
        say("{name}: {load} of {hours} hours a week.", name=Written(row["name"]), load=Number(row["load"], 0),
            hours=Number(row["hours"], 0))
        for row in over.to_dict("records")
    ]  # fmt: skip
    told.append(say("The team has {there} full-time places filled of {planned} planned; the usual plans ask for {least} to 8.",
                    there=Number(there, 1), planned=Number(planned, 1), least=Number(staffing.LEAST_TEAM, 0)))  # fmt: skip
    finding = Finding(
        id="capacity", title=title, text=Sentences.of(*told), weight="chapter", code="over" if len(over) else "enough",
        severity="watch" if len(over) or there < staffing.LEAST_TEAM else "good", estimate=there,
        unit=Unit("number", term("full-time places", "unit")), label=term("Full-time places filled", "label of a finding"),
        about=first_few([say("{name} ({load} of {hours} hours)", name=Written(row["name"]), load=Number(row["load"], 0),
                             hours=Number(row["hours"], 0)) for row in over.to_dict("records")]),
        method=say("The hours of a duty are shared evenly by those who do it; 40 hours are one full-time place."),
    )  # fmt: skip
    drawn = table.dropna(subset=["share"]).sort_values("share", ascending=False)
    chart = charts.bars(
        drawn.assign(label=named(drawn), own=drawn["over"])[["label", "share", "own"]], label="label", value="share",
        words=Words(title=say("Load of each role"), subtitle=say("Hours of its duties, of its hours a week"),
                    axis=term("share of hours", "axis"), alt=finding.text),
    )  # fmt: skip
    return Section.of(finding, chart)


def cover(team: Team, *, market: str | None = None, language: str | None = None) -> Section:
    """Return what nobody covers: roles not filled or without a stand-in, and the *language* of a *market*.

    With *market* only the roles that work for it count. A role is one gap: who is not there needs no stand-in first.
    """
    if not team.roles:
        return _no_team("cover")
    empty = staffing.unfilled(team, market=market)
    alone = [role for role in staffing.without_stand_in(team, market=market) if role.person]
    told: list[Message] = []
    if empty:
        told += [say("{role} (not filled)", role=Written(role.name)) for role in empty]
    if alone:
        told += [say("{role} (no stand-in)", role=Written(role.name)) for role in alone]
    silent = market is not None and language is not None and not staffing.speaks(team, market, language)
    if silent:
        told.append(say("an answer in the market's language ({language})", language=Written(str(language))))
    unserved = market is not None and not team.of(market)
    if unserved:
        told.append(say("a role that works for {market}", market=Written(str(market))))
    if not told and not team.duties:
        return _no_team("cover")  # without a duty nobody's absence shows
    gaps = len(empty) + len(alone) + silent + unserved
    about = first_few(told)
    title = (
        say_n("{n} gap in who covers what: {gaps}", "{n} gaps in who covers what: {gaps}", n=gaps, gaps=about)
        if about
        else say("Every role is filled, and who of the team has a duty has a stand-in")
    )
    return Section.of(Finding(
        id="cover", title=title, about=about,
        text=say("Whoever is away leaves the duty undone.") if told else say("Nobody's absence stops a duty."),
        severity="watch" if gaps else "good", code="gaps" if gaps else "covered", weight="chapter",
        estimate=float(gaps), unit=Unit("count", term("gaps", "unit")), label=term("Gaps in cover", "label of a finding"),
    ))  # fmt: skip


def meetings(table: pd.DataFrame, *, name: str = "meetings", zone: str | None = None) -> Section:
    """Return whether the meetings are held (*table*: `meetings_kept`), and when the next ones are; *zone*: of their times."""
    if table.empty:
        return Section.of(Finding.nothing(name, say("{file} names no such meeting", file=Written("calendar.yml"))))
    drills = name == "drills"
    counted = table[table["due"].fillna(0) > 0]
    due, held = int(counted["due"].sum()), int(counted["held"].sum())
    low = counted[counted["held"].astype(float) < FEW_HELD * counted["due"].astype(float)]
    if not due:
        title = say("No drill can be counted yet") if drills else say("No meeting can be counted yet")
        text: Sayable = say("Write under {key} from which day each is due.", key=Written("first"))
        severity, code = "info", "not_counted"
    else:
        title = (
            say("{held} of {due} drills due are on record", held=held, due=due)
            if drills
            else say("{held} of {due} meetings that were due are on record", held=held, due=due)
        )
        told = [say("{meeting}: {held} of {due}.", meeting=Written(row["name"]), held=int(row["held"]), due=int(row["due"]))
                for row in low.to_dict("records")]  # fmt: skip
        text = (
            Sentences.of(*told, say("What is not written down counts as not held."))
            if told
            else say("Each was held three times in four or more.")
        )
        severity, code = ("watch", "few") if len(low) else ("good", "held")
    about = first_few([
        say("{meeting} (by {day})", meeting=Written(row["name"]), day=Day.of(row["next"])) if pd.notna(row["next"])
        else Written(row["name"])
        for row in low.to_dict("records")
    ])  # fmt: skip
    of_due = term("of drills due", "unit") if drills else term("of meetings due", "unit")
    finding = Finding(
        id=name, title=title, text=text, severity=severity, code=code, weight="chapter",  # type: ignore[arg-type]
        estimate=held / due if due else None, unit=Unit("share", of_due) if due else None, n=due or None, about=about,
        label=term("Drills held", "label of a finding") if drills else term("Meetings held", "label of a finding"),
    )  # fmt: skip
    shown = pd.DataFrame({
        "meeting": [Written(one) for one in table["name"]], "every": [EVERY[one] for one in table["every"]],
        "held": [say("{held} of {due}", held=int(row["held"]), due=int(row["due"])) if pd.notna(row["due"]) else None
                 for row in table.to_dict("records")],
        "last": table["last"], "next": table["next"], "time": [Written(one) if one else None for one in table["time"]],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "meeting": term("Meeting", "heading"), "every": term("Rhythm", "heading"), "held": term("Held", "heading"),
        "last": term("Last", "heading"), "next": term("Next, at the latest", "heading"), "time": term("Time", "heading"),
    }  # fmt: skip
    listed = charts.table(shown, columns=columns, caption=say("Meetings, kept and to come"))
    return Section.of(finding, listed, handouts=(_to_come(table, name, zone),))


def _to_come(table: pd.DataFrame, name: str, zone: str | None) -> Agenda | None:
    """Return the next of each meeting, at the time written down in *zone*; weekly ones come back.

    Where no zone is known they are whole days that tell the time: an hour that is right for some is wrong for the others.
    """
    events = tuple(_meeting(row, zone) for row in table[table["next"].notna()].to_dict("records"))
    title = say("Drills to come") if name == "drills" else say("Meetings to come")
    return Agenda(name, title, events, zone) if events else None


def _meeting(row: Mapping[Hashable, Any], zone: str | None) -> Event:
    day: date = row["next"]
    every: Any = row["every"] if row["every"] in ("week", "two weeks") else None
    note = EVERY[row["every"]]
    if not row["time"]:
        return Event(row["id"], Written(row["name"]), day, note=note, every=every)
    if zone is None:
        told = say("{time}; {file} names no time zone", time=Written(row["time"]), file=Written("calendar.yml"))
        return Event(row["id"], Written(row["name"]), day, note=Sentences.of(note, told), every=every)
    start = datetime.combine(day, time.fromisoformat(row["time"]))
    end = start + timedelta(minutes=int(row["minutes"])) if pd.notna(row["minutes"]) else None
    return Event(row["id"], Written(row["name"]), start, end, note=note, every=every)
