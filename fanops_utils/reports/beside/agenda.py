"""An agenda as iCalendar (RFC 5545): whole days, clock times in their zone, entries that stay the same from run to run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fanops_utils.reports.beside.values import spoken

PRODUCT = "-//fanops//reports//EN"
EVERY = {"week": 1, "two weeks": 2}  # weeks
HOUR = timedelta(hours=1)


def agenda_bytes(told: Mapping[str, Any], language: str, *, of: str, made: datetime) -> bytes:
    """Return the agenda *told* (`Agenda.to_json`) as iCalendar in *language*.

    *of* names the report in its workspace: with it and its key an event keeps its UID, so that a calendar which takes the
    file in again moves the entry and makes no second one. A last day is written as the day after it (DTEND is exclusive);
    clock times carry their zone with its rules, or none where they are everybody's own. *made* is the UTC instant of the
    report.
    """
    from icalendar import Calendar, Event

    zone = ZoneInfo(told["time_zone"]) if told.get("time_zone") else None
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", spoken(told.get("title"), language))
    for one in told.get("events") or []:
        event = Event()
        own = uuid.uuid5(uuid.NAMESPACE_URL, f"{of}/{told['name']}/{one['key']}")
        event.add("uid", f"{own}@fanops")
        event.add("dtstamp", made.astimezone(UTC).replace(microsecond=0))
        event.add("summary", spoken(one.get("summary"), language))
        start, end = _times(one, zone)
        event.add("dtstart", start)
        event.add("dtend", end)
        if one.get("note"):
            event.add("description", spoken(one["note"], language))
        if one.get("every") in EVERY:
            event.add("rrule", {"freq": "weekly", "interval": EVERY[one["every"]]})
        if not isinstance(start, datetime):
            event.add("transp", "TRANSPARENT")  # a day that matters does not make anybody busy
        calendar.add_component(event)
    if zone is not None:
        calendar.add_missing_timezones(*_span([date.fromisoformat(one["start"][:10]) for one in told["events"]]))
    return bytes(calendar.to_ical())


def _span(days: list[date]) -> tuple[date, date]:
    """Return from when to when a zone's rules are written: from the year before the first of *days* to ten years after."""
    years = [day.year for day in days] or [1970]
    return date(min(years) - 1, 1, 1), date(max(years) + 10, 1, 1)


def _times(one: Mapping[str, Any], zone: ZoneInfo | None) -> tuple[date, date]:
    """Return start and end of an event: the end of whole days exclusive, an hour after the start where none is given."""
    if "T" not in one["start"]:
        first = date.fromisoformat(one["start"])
        return first, (date.fromisoformat(one["end"]) if one.get("end") else first) + timedelta(days=1)
    start = datetime.fromisoformat(one["start"])
    end = datetime.fromisoformat(one["end"]) if one.get("end") else start + HOUR
    return start.replace(tzinfo=zone), end.replace(tzinfo=zone)
