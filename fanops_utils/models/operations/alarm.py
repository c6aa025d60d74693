"""A crisis by the clock: what is due when, in the market's time, who does it and who stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from fanops_utils.errors import ParameterError
from fanops_utils.text import say
from fanops_utils.workspace.operations.pattern import Pattern
from fanops_utils.workspace.operations.team import Team

COLUMNS = ["minutes", "due", "do", "role", "person", "stand_in", "stand_in_person"]


def at(day: date, clock: str, *, time_zone: str) -> datetime:
    """Return the moment of the local time *clock* ("09:00") on *day* in *time_zone*; raise ParameterError for no time."""
    try:
        return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(time_zone))
    except ValueError:
        raise ParameterError(say("no time of the day"), value=clock, hint=say("Write it as 09:00")) from None


def timed(checklist: Pattern, team: Team, *, level: int, alarm: datetime, time_zone: str) -> pd.DataFrame:
    """Return the steps of *checklist* at *level*, soonest first: minutes, due, do, role, person, stand_in, its person.

    `due` is the local time in *time_zone*, counted in elapsed minutes from *alarm* (with its offset): a change of the
    clocks in between does not give more time. Names are those of the roles; None where nobody is named.
    """
    zone = ZoneInfo(time_zone)
    rows = []
    for step in checklist.steps:
        if level not in step.levels:
            continue
        due = (
            (alarm.astimezone(UTC) + timedelta(minutes=step.minutes)).astimezone(zone)
            if step.minutes is not None
            else None
        )
        role = team.role(step.role)
        other = team.role(role.stand_in) if role else None
        rows.append((step.minutes, due, step.do, role.name if role else step.role, role.person if role else None,
                     other.name if other else None, other.person if other else None))  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    return frame.sort_values("minutes", key=lambda column: column.astype(float), kind="stable").reset_index(drop=True)
