"""The course of a plan in days: when its phases begin and end, which milestones are due, done or late."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.metrics.wording import worded_frame
from fanops_utils.workspace.registers.target import Course

COLUMNS = ["kind", "name", "start", "end", "state", "owner"]


def months_of_plan(course: Course, *, on: date) -> pd.DataFrame:
    """Return phases and milestones of *course* as rows: kind, name, start, end, state on the day *on*, owner.

    state of a phase: past, now, ahead; of a milestone: done, done_late, late, ahead. Empty without a start.
    """
    if course.start is None:
        return pd.DataFrame(columns=COLUMNS)
    rows: list[tuple[object, ...]] = []
    for phase in course.phases:
        start, end = (
            _month(course.start, phase.first_month - 1),
            _month(course.start, phase.last_month) - timedelta(days=1),
        )
        rows.append(("phase", phase.name, start, end, "past" if end < on else "ahead" if start > on else "now", None))
    for one in course.milestones:
        due = _due(course.start, one.week, one.month)
        if one.done is not None and one.done <= on:
            state = "done" if one.done <= due else "done_late"
        else:
            state = "late" if due < on else "ahead"
        rows.append(("milestone", one.name, due, due, state, one.owner))
    return worded_frame(rows, columns=COLUMNS, texts=["name", "owner"])


def _due(start: date, week: int | None, month: int | None) -> date:
    return start + timedelta(days=7 * week - 1) if week else _month(start, month or 0) - timedelta(days=1)


def _month(start: date, months: int) -> date:
    return (pd.Timestamp(start) + pd.DateOffset(months=months)).date()
