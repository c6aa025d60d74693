"""The situation in one screen: of what kind, how far, what is done, who does what by when, what is known and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Episode, spreading
from fanops_utils.models.crisis.watch import known_at
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.crisis.duty import applying, clock_state, incident_of
from fanops_utils.text import (
    Count,
    Day,
    Listed,
    Message,
    Sayable,
    Sentences,
    Written,
    in_words,
    say,
    say_n,
    term,
    valued,
)
from fanops_utils.workspace.registers.crisis import Clock, Crisis, Incident

Form = Literal["regular", "emergency"]
OPEN = ("due", "missed")  # of a clock: nobody wrote down that it was done
NOTHING = term("nothing recorded", "field of a crisis report")
FACTS: dict[str, Message] = {
    "known": term("known", "state of a fact"),
    "checking": term("being checked", "state of a fact"),
    "unknown": term("unknown", "state of a fact"),
}


def form_of(status: Finding, asked: str = "auto") -> Form:
    """Return the form of the report: emergency where a level 1 or 2 alarm is running, regular otherwise, or as *asked*."""
    if asked != "auto":
        return "emergency" if asked == "emergency" else "regular"
    running = status.code in ("crisis_1", "crisis_2") and status.severity == "alert"
    return "emergency" if running else "regular"


def situation(
    form: Form, status: Finding, episode: Episode | None, tables: Mapping[str, pd.DataFrame], register: Crisis, *,
    market: str, on: date | None,
) -> Section:  # fmt: skip
    """Return the fields that a report on a crisis has: kind, level, scope, measures; and, where one runs, who does what by when.

    *tables*: `metrics.drivers` by topic, platform, market. Regular form: the fields alone, or that there is nothing to report.
    """
    if not status.ok:
        return Section.of(Finding.nothing("situation", say("without a level there is no situation")))
    if episode is None:
        finding = Finding(
            id="situation", code="none", title=say("Nothing to report"),
            text=say("No alarm is running, so no field of a crisis report is filled in."),
        )  # fmt: skip
        return Section.of(finding)
    incident = incident_of(register, episode, market)
    due = duties(register, episode, incident, market=market, on=on)
    finding = Finding(
        id="situation",
        label=term("Situation", "label of a finding"),
        code=form,
        title=_title(due),
        about=Listed.of(open_) if (open_ := [row["what"] for row in due if row["code"] in OPEN]) else None,
        text=Sentences.of(_approver(register, episode, incident), _lowered(register, episode), _never(register)),
        verdict=Sentences.of(_kind(tables), *(row["told"] for row in due)),
        severity="watch" if form == "emergency" else "info",
        n=len(due),
    )
    parts = [_fields(episode, incident, tables, due, register), _facts(incident)] if form == "emergency" else []
    return Section.of(finding, *(parts or [_fields(episode, incident, tables, due, register)]))


def duties(
    register: Crisis, episode: Episode, incident: Incident | None, *, market: str, on: date | None
) -> list[dict[str, Any]]:
    """Return what is due in order of time: code (met, late, missed, due), what, until, told (who does what by when).

    Clocks run from the alert as recorded, without one from the hour at which the alarm was in the data.
    """
    start = incident.start if incident else known_at(episode)
    now = datetime.combine(on, datetime.min.time()) if on else None
    rows = []
    for clock in sorted(register.clocks, key=lambda one: one.minutes):
        if not applying(clock, register, episode, incident):
            continue
        alert = incident or Incident(id="alert", market=market, start=start, level=episode.level)
        code, _ = clock_state(clock, alert, now=now)
        until = start + timedelta(minutes=clock.minutes)
        rows.append(
            {"code": code, "what": valued(clock.what), "until": until, "told": _told(clock, code, until, start)}
        )
    return rows


def _told(clock: Clock, code: str, until: datetime, start: datetime) -> Message:
    owner: Sayable = valued(clock.owner) if clock.owner else term("nobody yet", "owner of a task")
    asked: dict[str, Any] = {"owner": owner, "what": valued(clock.what), "time": _time(until, start)}
    if code == "met":
        return say("Done in time: {what} ({owner}).", owner=owner, what=valued(clock.what))
    if code == "late":
        return say("Done, but late: {what} ({owner}).", owner=owner, what=valued(clock.what))
    if code == "missed":
        return say("{owner}, overdue since {time}: {what}.", **asked)
    return say("{owner}, by {time}: {what}.", **asked)


def _time(moment: datetime, start: datetime) -> Sayable:
    clock = Written(f"{moment:%H:%M}")
    if moment.date() == start.date():
        return clock
    return term("{time} on {day}", "a time on another day", time=clock, day=Day.of(moment.date()))


def _title(due: list[dict[str, Any]]) -> Message:
    missed, open_ = (sum(row["code"] == code for row in due) for code in ("missed", "due"))
    if missed:
        return say_n("{n} step is overdue", "{n} steps are overdue", n=missed)
    if open_:
        return say_n("{n} step is due", "{n} steps are due", n=open_)
    return say("Nothing more is due") if due else say("No clock applies at this level")


def _kind(tables: Mapping[str, pd.DataFrame]) -> Message | None:
    topics = tables.get("topic", pd.DataFrame())
    if topics.empty or not topics["negatives"].iloc[0]:
        return None
    top = topics.iloc[0]
    told = {
        "topic": in_words(str(top["topic"])),
        "seen": Count(top["negatives"]),
        "all": Count(topics["negatives"].sum()),
    }
    return say("About {topic}: {seen} of {all} negative mentions.", **told)


def _fields(
    episode: Episode,
    incident: Incident | None,
    tables: Mapping[str, pd.DataFrame],
    due: list[dict[str, Any]],
    register: Crisis,
) -> charts.Table:
    done = [row["told"] for row in due if row["code"] in ("met", "late")]
    open_ = [row["told"] for row in due if row["code"] in OPEN]
    rows: list[tuple[Sayable, Sayable]] = [
        (term("Kind", "field of a crisis report"), _kind(tables) or term("not known", "field of a crisis report")),
        (term("Level", "field of a crisis report"), Count(incident.level if incident else episode.level)),
        (term("Since", "field of a crisis report"), Day.of(episode.start)),
        (term("Scope", "field of a crisis report"), _scope(tables)),
        (term("Done", "field of a crisis report"), Sentences.of(*done) if done else NOTHING),
        (term("To do", "field of a crisis report"), Sentences.of(*open_) if open_ else NOTHING),
    ]  # fmt: skip
    if register.stakeholders:
        told = Listed.of(valued(one.name) for one in register.stakeholders)
        rows.append((term("Told in this order", "field of a crisis report"), told))
    frame = pd.DataFrame(rows, columns=["field", "told"], dtype=object)
    columns = {"field": term("Field", "column"), "told": term("As it stands", "column")}
    return charts.table(frame, columns=columns, caption=say("The fields of a crisis report"))


def _scope(tables: Mapping[str, pd.DataFrame]) -> Sayable:
    markets = spreading(tables["market"], by="market") if len(tables.get("market", ())) else 0
    networks = spreading(tables["platform"], by="platform") if len(tables.get("platform", ())) else 0
    return say(
        "{markets} and {networks} with at least twice the usual negatives",
        markets=say_n("{n} market", "{n} markets", n=markets), networks=say_n("{n} network", "{n} networks", n=networks),
    )  # fmt: skip


def _facts(incident: Incident | None) -> charts.Table | None:
    if incident is None or not incident.facts:
        return None
    order = list(FACTS)
    rows = [
        (FACTS[one.state], valued(one.what), valued(one.owner) if one.owner else None,
         Written(f"{one.next:%Y-%m-%d %H:%M}") if one.next else None)
        for one in sorted(incident.facts, key=lambda one: order.index(one.state))
    ]  # fmt: skip
    columns = {
        "state": term("Known?", "column"),
        "what": term("What", "column"),
        "owner": term("Owner", "column"),
        "next": term("Next update", "column"),
    }
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return charts.table(frame, columns=columns, caption=say("What is known, what is being checked, what is not known"))


def _approver(register: Crisis, episode: Episode, incident: Incident | None) -> Message:
    level = incident.level if incident else episode.level
    found = next((one for one in register.approvers if level in one.levels), None)
    if found is None:
        return say("Who approves what goes out is not written down in crisis.yml.")
    if found.stand_in is None:
        return say("{who} approves what goes out; nobody stands in.", who=valued(found.who))
    told = {"who": valued(found.who), "other": valued(found.stand_in)}
    return say("{who} approves what goes out, {other} where they cannot be reached.", **told)


def _lowered(register: Crisis, episode: Episode) -> Message:
    found = next((one for one in register.approvers if episode.level in one.levels), None)
    who: Sayable = valued(found.who) if found else term("the one who approves", "who lowers a level")
    return say("The level is lowered by {who}, after three usual days running.", who=who)


def _never(register: Crisis) -> Message | None:
    return say("Never: {list}.", list=Listed.of(map(valued, register.never))) if register.never else None
