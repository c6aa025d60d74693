"""Agendas as iCalendar, read by a parser: whole days, zones and their changes of the clock, entries that stay the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from fanops_utils.playbook.handouts import Agenda, Event
from fanops_utils.reports.beside.agenda import agenda_bytes
from fanops_utils.text import Written, say

MADE = datetime(2026, 11, 30, 6, tzinfo=UTC)


def parsed(*events: Event, time_zone: str | None = None, of: str = "brand/a-US", made: datetime = MADE) -> Calendar:
    told = Agenda("days", say("Days"), events, time_zone).to_json()
    return Calendar.from_ical(agenda_bytes(told, "en", of=of, made=made))


def only(calendar: Calendar) -> Any:
    (event,) = calendar.walk("VEVENT")
    return event


def test_the_end_of_whole_days_is_the_day_after_the_last() -> None:
    one = only(parsed(Event("a", say("A"), date(2026, 12, 31))))
    assert (one.decoded("dtstart"), one.decoded("dtend")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert one["dtstart"].params["VALUE"] == "DATE" and str(one["transp"]) == "TRANSPARENT"
    several = only(parsed(Event("a", say("A"), date(2027, 2, 26), date(2027, 2, 28))))
    assert several.decoded("dtend") == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("zone", "start", "utc"),
    [
        (
            "America/New_York",
            datetime(2026, 3, 7, 15),
            datetime(2026, 3, 7, 20, tzinfo=UTC),
        ),  # the day before the change
        ("America/New_York", datetime(2026, 3, 8, 15), datetime(2026, 3, 8, 19, tzinfo=UTC)),  # the day of the change
        ("Europe/Berlin", datetime(2026, 10, 25, 9), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 10, 25, 9), datetime(2026, 10, 25, 3, 30, tzinfo=UTC)),
    ],
)
def test_clock_times_are_those_of_their_zone(zone: str, start: datetime, utc: datetime) -> None:
    calendar = parsed(Event("a", say("A"), start, start + timedelta(minutes=45)), time_zone=zone)
    one = only(calendar)
    assert one["dtstart"].params["TZID"] == zone
    assert one.decoded("dtstart").astimezone(UTC) == utc
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=45)
    (told,) = calendar.walk("VTIMEZONE")  # a program without a table of zones finds the rules in the file
    wall = start.replace(tzinfo=told.to_tz(lookup_tzid=False))
    assert wall.utcoffset() == start.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def test_a_weekly_meeting_keeps_its_hour_over_a_change_of_the_clocks() -> None:
    start = datetime(2026, 10, 23, 15)  # a Friday; the clocks go back on the Sunday after it
    calendar = parsed(Event("a", say("A"), start, start + timedelta(hours=1), every="week"), time_zone="Europe/Berlin")
    (event,), (rules,) = calendar.walk("VEVENT"), calendar.walk("VTIMEZONE")
    wall = rrulestr(event["rrule"].to_ical().decode(), dtstart=start)
    zone = rules.to_tz(lookup_tzid=False)
    held = [one.replace(tzinfo=zone).astimezone(UTC) for one in wall[:3]]
    assert held == [datetime(2026, 10, 23, 13, tzinfo=UTC), datetime(2026, 10, 30, 14, tzinfo=UTC),
                    datetime(2026, 11, 6, 14, tzinfo=UTC)]  # fmt: skip


def test_without_a_zone_the_time_is_everybodys_own_clock_and_lasts_an_hour() -> None:
    calendar = parsed(Event("a", say("A"), datetime(2026, 12, 4, 15), every="two weeks"))
    one = only(calendar)
    assert one.decoded("dtstart") == datetime(2026, 12, 4, 15) and one.decoded("dtstart").tzinfo is None
    assert one.decoded("dtend") == datetime(2026, 12, 4, 16)
    assert (one["rrule"]["freq"], one["rrule"]["interval"]) == (["WEEKLY"], [2])
    assert calendar.walk("VTIMEZONE") == []


def test_an_entry_keeps_its_id_from_run_to_run_and_no_other_has_it() -> None:
    first, moved = Event("a", say("A"), date(2026, 12, 1)), Event("a", say("A, later"), date(2026, 12, 8))
    ids = [str(only(parsed(first))["uid"]), str(only(parsed(moved, made=MADE + timedelta(days=7)))["uid"])]
    assert ids[0] == ids[1]
    assert str(only(parsed(first, of="brand/a-DE"))["uid"]) != ids[0]
    both = parsed(first, Event("b", say("A"), date(2026, 12, 1)))
    assert len({str(one["uid"]) for one in both.walk("VEVENT")}) == 2
    assert agenda_bytes(Agenda("d", say("D"), (first,)).to_json(), "en", of="x", made=MADE) == agenda_bytes(
        Agenda("d", say("D"), (first,)).to_json(), "en", of="x", made=MADE
    )


def test_long_and_odd_texts_come_back_and_lines_are_short() -> None:
    text = "五月促销，准备素材；" * 12 + "a,b;c\\d\nBEGIN:VEVENT"
    told = Agenda("days", say("Days"), (Event("a", Written(text), date(2026, 5, 1), note=Written(text)),)).to_json()
    data = agenda_bytes(told, "zh-Hans", of="x", made=MADE)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    one = only(Calendar.from_ical(data))
    assert str(one["summary"]).replace("\n", "") == text.replace("\n", "")
    assert str(one["description"]) == str(one["summary"])
