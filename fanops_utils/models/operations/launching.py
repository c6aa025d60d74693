"""The steps of a launch with their days, and where each stands: gates hold what comes after them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.workspace.operations.calendar import Calendar, Launch, Moment, Step
from fanops_utils.workspace.register import Period
from fanops_utils.workspace.registers.campaign import Campaign

State = Literal["done", "late", "held", "running", "ahead"]
WEEK = timedelta(days=7)
COLUMNS = ["id", "name", "start", "end", "deliverable", "owner", "gate", "state", "waits_for", "working_days"]


def launch_steps(calendar: Calendar, launch: Launch, *, on: date) -> pd.DataFrame:
    """Return the steps of *launch* by their first day: id, name, start, end, deliverable, owner, gate, state, waits_for,
    working_days.

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
        rows.append((step.id, step.name, start, end, step.deliverable, step.owner, step.gate, state, blocked,
                     working_days(start, end, calendar.moments, market=launch.market)))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def days_of(step: Step, launch: Launch) -> tuple[date, date]:
    """Return the first and last day of *step* in *launch*."""
    return launch.start + (step.first_week - 1) * WEEK, launch.start + step.last_week * WEEK - timedelta(days=1)


def working_days(start: date, end: date, moments: Iterable[Moment], *, market: str) -> int:
    """Return the days from *start* to *end* that are neither Saturday, Sunday nor a holiday of *market* in the calendar."""
    holidays = [one.date + timedelta(days=day) for one in moments_in(moments, market=market, start=start, end=end)
                if one.kind == "holiday" for day in range((one.period.end - one.date).days + 1)]  # fmt: skip
    return int(np.busday_count(start, end + timedelta(days=1), holidays=holidays))


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


def phases_in(campaigns: Iterable[Campaign], *, market: str) -> list[Moment]:
    """Return the phases of the *campaigns* that run in *market* as days to plan for; the whole campaign where it names none."""
    found = []
    for one in campaigns:
        if market not in one.treated:
            continue
        stretches: list[tuple[str | None, Period]] = [(phase.name, phase.period) for phase in one.phases] or [
            (None, one.whole)
        ]
        for place, (name, period) in enumerate(stretches):
            found.append(Moment(id=f"{one.id}_{place}".lower(), name=one.name, date=period.start, end=period.end,
                                markets=(market,), kind="campaign", note=name))  # fmt: skip
    return found


def notice_days(moment: Moment) -> int | None:
    """Return how many days before the start of a promotion the product team was told; None where it was not."""
    return (moment.date - moment.told_on).days if moment.told_on else None
