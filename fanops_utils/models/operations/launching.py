"""The steps of a launch with their days, and where each stands: gates hold what comes after them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from fanops_utils.workspace.operations.calendar import Calendar, Launch, Moment, Step

State = Literal["done", "late", "held", "running", "ahead"]
WEEK = timedelta(days=7)
COLUMNS = ["id", "name", "start", "end", "deliverable", "owner", "gate", "state", "waits_for"]


def launch_steps(calendar: Calendar, launch: Launch, *, on: date) -> pd.DataFrame:
    """Return the steps of *launch* by their first day: id, name, start, end, deliverable, owner, gate, state, waits_for.

    Week 1 begins on the launch's first day. done: written so. late: its last day is past. held: its time has come, but a
    gate that ends before it is not passed (`waits_for`: that gate's id). running: its time has come. ahead: not yet.
    """
    gates = [step for step in calendar.steps if step.gate and step.id not in launch.done]
    rows = []
    for step in sorted(calendar.steps, key=lambda one: (one.first_week, one.last_week)):
        start, end = days_of(step, launch)
        before = [gate for gate in gates if gate.last_week < step.first_week]
        blocked = before[0].id if before and start <= on and step.id not in launch.done else None
        state = _state(step.id in launch.done, start, end, on=on, held=blocked is not None)
        rows.append((step.id, step.name, start, end, step.deliverable, step.owner, step.gate, state, blocked))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def days_of(step: Step, launch: Launch) -> tuple[date, date]:
    """Return the first and last day of *step* in *launch*."""
    return launch.start + (step.first_week - 1) * WEEK, launch.start + step.last_week * WEEK - timedelta(days=1)


def _state(done: bool, start: date, end: date, *, on: date, held: bool) -> State:
    if done:
        return "done"
    if end < on:
        return "late"
    if start > on:
        return "ahead"
    return "held" if held else "running"


def moments_in(moments: Iterable[Moment], *, market: str, start: date, end: date) -> list[Moment]:
    """Return the *moments* of *market* that touch the days from *start* to *end*, earliest first."""
    here = [one for one in moments if not one.markets or market in one.markets]
    return sorted(
        (one for one in here if one.period.start <= end and one.period.end >= start), key=lambda one: one.date
    )


def notice_days(moment: Moment) -> int | None:
    """Return how many days before the start of a promotion the product team was told; None where it was not."""
    return (moment.date - moment.told_on).days if moment.told_on else None
