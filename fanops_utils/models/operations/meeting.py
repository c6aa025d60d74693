"""Meetings that come back: which periods had one, and when the next is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from fanops_utils.workspace.operations.calendar import Meeting
from fanops_utils.workspace.operations.shared import WEEKDAYS

COLUMNS = ["id", "name", "every", "due", "held", "last", "next", "time", "minutes"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def meetings_kept(meetings: Iterable[Meeting], *, on: date) -> pd.DataFrame:
    """Return a row per meeting: id, name, every, due and held (whole periods before *on*), last, next, time, minutes.

    Periods are ISO weeks, pairs of them from the first day, calendar months, quarters and years, from the one of `first`
    on; a period counts as held when at least one day of `held` lies in it. Without `first` nothing is counted (null).
    """
    rows = []
    for one in meetings:
        held = sorted(day for day in one.held if day <= on)
        periods = list(_periods(one, until=on)) if one.first else []
        kept = sum(any(start <= day < end for day in held) for start, end in periods)
        due = len(periods) if one.first else None
        last = held[-1] if held else None
        rows.append((one.id, one.name, one.every, due, kept if one.first else None, last, _next(one, on), one.time,
                     one.minutes))  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    return frame.astype({"due": "Int64", "held": "Int64", "minutes": "Int64"})


def _periods(meeting: Meeting, *, until: date) -> Iterable[tuple[date, date]]:
    """Give first day and the day after the last one of each whole period before *until*."""
    assert meeting.first
    start = _begin(meeting, meeting.first)
    while (end := _after(meeting, start)) <= until:
        yield start, end
        start = end


def _begin(meeting: Meeting, day: date) -> date:
    if meeting.every in MONTHS:
        months = MONTHS[meeting.every]
        return date(day.year, (day.month - 1) // months * months + 1, 1)
    return day - timedelta(days=day.weekday())


def _after(meeting: Meeting, start: date) -> date:
    if meeting.every in MONTHS:
        month = start.month - 1 + MONTHS[meeting.every]
        return date(start.year + month // 12, month % 12 + 1, 1)
    return start + timedelta(days=14 if meeting.every == "two weeks" else 7)


def _next(meeting: Meeting, on: date) -> date | None:
    """Return the next day it is held, *on* included, never before its first.

    For those by month and longer: the last day of the period.
    """
    if meeting.every in MONTHS or meeting.first is None:
        if meeting.first is None:
            return None
        return _after(meeting, _begin(meeting, max(on, meeting.first))) - timedelta(days=1)
    start = _begin(meeting, meeting.first)
    shift = timedelta(days=WEEKDAYS.index(meeting.weekday) if meeting.weekday else 0)
    while start + shift < max(on, meeting.first):
        start = _after(meeting, start)
    return start + shift
