"""A drill: crises planted into a brand's own quiet days, and how many hours the rules take to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
import pandas as pd

from fanops_utils.models.crisis.alarms import (
    DAYS_BACK,
    FLOOR,
    HOUR_ALPHA,
    HOUR_DAYS_BACK,
    HOURS,
    RISE,
    day_alarms,
    hour_alarms,
)

TRIES, SPAN, OUTBREAK = 12, 3, 9  # crises planted; days each lasts; local hour at which it breaks out
NEEDED = DAYS_BACK + SPAN


@dataclass(frozen=True)
class Drill:
    """Crises of *size* times the usual (at least twice the floor) planted: `hours` from outbreak to alarm, of those found.

    `planted`: negatives a day put in, on average; `usual`: what is usual then.
    """

    tries: int
    hours: tuple[float, ...]
    planted: float
    usual: float

    @property
    def found(self) -> int:
        return len(self.hours)

    @property
    def middle(self) -> float | None:
        """Hours until the alarm is in the data, in the middle of the crises found."""
        return median(self.hours) if self.hours else None

    def within(self, hours: float) -> int:
        """Return how many of the crises a report knows by the first run *hours* after the outbreak."""
        return sum(one <= hours for one in self.hours)


def drill(
    days: pd.DataFrame,
    hours: np.ndarray | None,
    *,
    known: Sequence[tuple[date, date]] = (),
    size: float = 1 + RISE,
    floor: int = FLOOR,
    tries: int = TRIES,
) -> Drill:
    """Plant crises of *size* times the usual into quiet days of *days* (`metrics.watched_days`) and watch for them.

    *hours*: negatives per day and local hour; without them an alarm is known when its day is over. Days within a *known*
    crisis or its baseline's end are left alone. Each breaks out at nine in the morning and lasts three days; what it brings
    spreads over the hours as mentions usually do. No chance is in it: the same history gives the same drill.
    """
    counts, seen, planted, usual = days["negatives"].to_numpy(float), [], [], []
    starts = _quiet(days, known, tries)
    for at in starts:
        first = max(0, at - DAYS_BACK)
        base = float(counts[first:at].mean())
        grid = np.zeros((at + SPAN - first, HOURS)) if hours is None else hours[first : at + SPAN].astype(float)
        extra = _extra(grid[: at - first], per_day=max((size - 1) * base, 2.0 * floor))
        told = counts[first : at + SPAN].copy()
        told[-SPAN:] += extra.sum(axis=1)
        grid[-SPAN:] += extra
        index = pd.DatetimeIndex(days["date_day"].iloc[first : at + SPAN])
        daily = day_alarms(pd.Series(told, index=index), floor=floor).tail(SPAN)
        moment = _moment(daily, None if hours is None else grid, index, floor)
        if moment is not None:
            seen.append(moment - OUTBREAK)
        planted.append(float(extra[-1].sum()))
        usual.append(base)
    mean = float(np.mean(planted)) if planted else float("nan")
    return Drill(len(starts), tuple(seen), mean, float(np.mean(usual)) if usual else float("nan"))


def _quiet(days: pd.DataFrame, known: Sequence[tuple[date, date]], tries: int) -> list[int]:
    """Return the rows at which a crisis is planted: evenly over the days with a whole baseline before them."""
    size = len(days)
    if size < NEEDED:
        return []
    day = days["date_day"]
    near = pd.Series(False, index=days.index)
    for start, end in known:
        near |= day.between(pd.Timestamp(start - timedelta(days=SPAN)), pd.Timestamp(end))
    rows = np.flatnonzero(~near.to_numpy())
    rows = rows[(rows >= DAYS_BACK) & (rows <= size - SPAN)]
    take = min(tries, len(rows))
    return [int(rows[at]) for at in np.unique(np.linspace(0, len(rows) - 1, take).astype(int))] if take else []


def _extra(past: np.ndarray, *, per_day: float) -> np.ndarray:
    """Return what a crisis brings by day and hour, in whole mentions, over the hours as those of *past* spread."""
    shape = past.sum(axis=0) + past.sum() / HOURS + 1.0
    hourly = np.tile(per_day * shape / shape.sum(), SPAN)
    hourly[:OUTBREAK] = 0.0
    return np.diff(np.round(np.cumsum(hourly)), prepend=0.0).reshape(SPAN, HOURS)


def _moment(daily: pd.DataFrame, grid: np.ndarray | None, index: pd.DatetimeIndex, floor: int) -> float | None:
    """Return after how many hours from the first midnight of *daily* on an alarm is in the data; None: never."""
    ends: list[float] = []
    for number, row in enumerate(daily.to_dict("records")):
        if row["alarm"]:
            over = HOURS if grid is None else _passed(grid[number - SPAN], row["upper"])
            ends.append(HOURS * number + float(over))
            break
    if grid is not None:
        back = HOUR_DAYS_BACK + SPAN
        told = hour_alarms(grid[-back:], index[-back:], alpha=HOUR_ALPHA, floor=floor)["alarm"].to_numpy()[
            -SPAN * HOURS :
        ]
        ends += [float(np.flatnonzero(told)[0]) + 1] if told.any() else []
    return min(ends, default=None)


def _passed(hours: np.ndarray, upper: float) -> int:
    """Return after how many hours of a day its count is above *upper*; 24 where some of it has no hour."""
    above = np.flatnonzero(np.cumsum(hours) > upper)
    return int(above[0]) + 1 if len(above) else HOURS
