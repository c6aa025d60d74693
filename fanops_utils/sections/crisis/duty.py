"""Who does what by when, what is late, and what proves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Episode
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.data_checks import STALE_DAYS
from fanops_utils.text import Count, Day, Message, Sayable, Unit, Written, say, say_n, term, valued
from fanops_utils.workspace.registers.crisis import Clock, Crisis, Incident

STATES: dict[str, Message] = {
    "met": term("in time", "state of a clock"),
    "late": term("late", "state of a clock"),
    "missed": term("not recorded, time is up", "state of a clock"),
    "due": term("due", "state of a clock"),
}
RESTS = term("not running", "state of a clock")
NEAR = timedelta(days=7)


def clocks(register: Crisis, episode: Episode | None, *, market: str, on: date | None) -> Section:
    """Return the clocks of the incident that *episode* is, what was in time and what is late; from the register's log."""
    if not register.clocks:
        return Section.of(Finding.nothing("clocks", say("crisis.yml names no clock")))
    incident = incident_of(register, episode, market)
    if episode is None and incident is None:
        return Section.of(
            _standing_by(register), _table([{**_row(clock, None, None), "state": RESTS} for clock in register.clocks])
        )
    rows = [_row(clock, incident, on) for clock in register.clocks if applying(clock, register, episode, incident)]
    counts = Counter(row["code"] for row in rows)
    began = incident.start.date() if incident else episode.start if episode else None
    dated = on is not None and began is not None and (on - began).days > STALE_DAYS
    text: Sayable = say("Measured from the alert that the register records.")
    if incident is None:
        title: Sayable = say("No incident is recorded: write down when the team took it up")
        text = say(
            "Clocks run from the alert. crisis.yml has no incident of this market near {day}.",
            day=Day.of(episode.start) if episode else say("that day"),
        )
        code = "unrecorded"
    else:
        code, title = _kept(counts, began if dated else None)
    finding = Finding(
        id="clocks",
        label=term("Clocks", "label of a finding"),
        code=code,
        title=title,
        text=text,
        severity="good"
        if code == "met"
        else "info"
        if code == "none"
        else "watch"
        if dated or code == "due"
        else "alert",
        estimate=float(counts["late"] + counts["missed"]),
        unit=Unit("count", term("clocks late", "unit")),
        n=len(rows),
        method=say("Minutes between the alert and the entry of the log in crisis.yml, as people wrote them down."),
    )
    return Section.of(finding, _table(rows))


def _kept(counts: Mapping[str, int], began: date | None) -> tuple[str, Sayable]:
    """Return code and title of clocks by their states; *began* names the day of an incident that is over."""
    late, missed = counts["late"], counts["missed"]
    if late + missed and began:
        return "late", say_n(
            "{n} clock of the incident of {day} was not kept",
            "{n} clocks of the incident of {day} were not kept",
            n=late + missed,
            day=Day.of(began),
        )
    if missed:
        return "late", say_n(
            "{n} clock ran out, nothing is recorded", "{n} clocks ran out, nothing is recorded", n=missed
        )
    if late:
        return "late", say_n("{n} step was done late", "{n} steps were done late", n=late)
    if not sum(counts.values()):
        return "none", say("No clock applies at this level")
    if counts["due"]:
        return "due", say_n("{n} step is due", "{n} steps are due", n=counts["due"])
    return "met", say("All clocks were met")


def incident_of(register: Crisis, episode: Episode | None, market: str) -> Incident | None:
    """Return the incident of *market* that begins nearest to *episode*, within a week, the gravest of a day first.

    None where nobody recorded one.
    """
    if episode is None:
        return None
    near = [one for one in register.incidents if one.market == market and abs(one.start.date() - episode.start) <= NEAR]
    return min(near, key=lambda one: (abs(one.start.date() - episode.start), one.level, one.start), default=None)


def clock_state(clock: Clock, incident: Incident | None, *, now: datetime | None) -> tuple[str, float | None]:
    """Return the state of a clock (met, late, missed, due) and the minutes it took, None where nothing is recorded."""
    if incident is None:
        return "due", None
    at = next((entry.at for entry in incident.log if entry.clock == clock.id), None)
    if at is not None:
        minutes = (at - incident.start).total_seconds() / 60
        return ("met" if minutes <= clock.minutes else "late"), minutes
    up = now is not None and now > incident.start + timedelta(minutes=clock.minutes)
    return ("missed" if up else "due"), None


def applying(clock: Clock, register: Crisis, episode: Episode | None, incident: Incident | None) -> bool:
    """Return whether *clock* runs at the level of this alarm, and for its topic."""
    level = incident.level if incident else episode.level if episode else 3
    grave = incident is not None and incident.topic in register.grave_topics(incident.market)
    return level in clock.levels and (clock.starts != "grave" or grave)


def _row(clock: Clock, incident: Incident | None, on: date | None) -> dict[str, Any]:
    now = datetime.combine(on, datetime.min.time()) if on else None
    code, minutes = clock_state(clock, incident, now=now)
    owner: Sayable = valued(clock.owner) if clock.owner else term("no owner", "owner of a task")
    return {
        "what": valued(clock.what),
        "minutes": float(clock.minutes),
        "took": float("nan") if minutes is None else minutes,
        "owner": owner,
        "state": STATES[code],
        "code": code,
    }


def _table(rows: list[dict[str, Any]]) -> charts.Table:
    columns = {
        "what": term("What", "column"),
        "minutes": term("Within, minutes", "column"),
        "owner": term("Owner", "column"),
        "took": term("Took, minutes", "column"),
        "state": term("State", "column"),
    }
    frame = pd.DataFrame(rows, columns=[*columns, "code"])
    return charts.table(
        frame,
        columns=columns,
        formats={"minutes": Count, "took": Count},
        caption=say("Clocks of crisis.yml, from the alert on"),
    )


def _standing_by(register: Crisis) -> Finding:
    ownerless = sum(not one.owner for one in register.clocks)
    return Finding(
        id="clocks",
        label=term("Clocks", "label of a finding"),
        code="standing_by",
        title=say("No clock is running"),
        text=say_n("{n} clock has no owner.", "{n} clocks have no owner.", n=ownerless)
        if ownerless
        else say("Every clock has an owner."),
        severity="watch" if ownerless else "info",
        estimate=float(ownerless),
        unit=Unit("count", term("without owner", "unit")),
    )


def evidence(digest: str, rows: pd.DataFrame) -> Section:
    """Return what proves the rows of the alarm: their number, when the tool exported them, and their hash."""
    if rows.empty:
        return Section.of(Finding.nothing("evidence", say("no negative mention in this period")))
    text = say(
        "{rows} rows, exported {first} to {last}, SHA-256 {digest}.",
        rows=Count(len(rows)),
        digest=Written(digest[:16]),
        first=Day.of(rows["exported_at"].min()),
        last=Day.of(rows["exported_at"].max()),
    )
    return Section.of(
        Finding(
            id="evidence",
            label=term("Evidence", "label of a finding"),
            code="kept",
            title=say("The rows behind this report can be proved"),
            text=text,
            estimate=float(len(rows)),
            unit=Unit("count", term("rows", "unit")),
            n=len(rows),
            method=say(
                "The hash covers id, time, label and file of every negative mention of the period; the same rows give the "
                "same hash. Keep the raw exports: the hash proves them, it does not replace them."
            ),
        )
    )
