"""The watch of one brand in one market: every day with its level, the episodes of alarms, their spread and their end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from fanops_utils.models.crisis.alarms import (
    FLOOR,
    HOUR_ALPHA,
    HOURS,
    RISE,
    SHARE,
    day_alarms,
    hour_alarms,
    plan_rules,
    warning_level,
)

APART = 7  # days without an alarm that end an episode
RECENT_DAYS = 7  # for so long a report still tells of an alarm
CALM_DAYS = 3  # days running inside the usual range until it counts as over
YEAR = 365.25


@dataclass(frozen=True)
class Episode:
    """Alarms that belong together: first and last day, worst level (1-3), the day of most negatives, all of them, and
    how many more than usual; `hour`: the first hour (local) that the two-hour rule saw on the first such day, if any.

    `back_after`: days from the first alarm until three days running were usual again; None: not yet.
    """

    start: date
    end: date
    level: int
    peak: date
    peak_count: int
    negatives: int
    excess: float
    hour: int | None
    hour_day: date | None
    back_after: int | None


def watch(
    days: pd.DataFrame,
    hours: np.ndarray | None = None,
    *,
    rise: float = RISE,
    share: float = SHARE,
    floor: int = FLOOR,
    plain: bool = True,
) -> pd.DataFrame:
    """Return *days* (`metrics.watched_days`) judged: expected, upper, p_value, alarm (day rule), hour (first alarm of the
    two-hour rule at alpha 1e-4, NaN without), usual, risen, share_high, estimate, ci_lower, ci_upper, level (NaN: none).

    *plain*: whether shares of labels may be held against *share* (`plan_rules`). *hours*: negatives per day and local hour.
    Either rule of the statistic counts for the level.
    """
    daily = day_alarms(days.set_index("date_day")["negatives"].astype(float), floor=floor)
    rules = plan_rules(days, rise=rise, share=share, floor=floor, plain=plain)
    found = days.reset_index(drop=True).join(daily[["expected", "upper", "p_value", "alarm"]])
    found = found.join(rules[["usual", "risen", "estimate", "ci_lower", "ci_upper", "share_high"]])
    found["hour"] = np.nan
    if hours is not None and len(days):
        told = hour_alarms(hours, pd.DatetimeIndex(days["date_day"]), alpha=HOUR_ALPHA, floor=floor).query("alarm")
        found["hour"] = found["date_day"].map(told.groupby("date_day")["hour"].min()).astype(float)
    marks = zip(found["alarm"] | found["hour"].notna(), found["risen"], found["share_high"],
                (found["grave"] > 0) | (found["loud"] > 0), strict=True)  # fmt: skip
    levels = [
        warning_level(statistic=bool(a), risen=bool(b), share_high=bool(c), grave=bool(d)) for a, b, c, d in marks
    ]
    return found.assign(level=pd.array([np.nan if one is None else one for one in levels], dtype="Float64"))


def episodes(watched: pd.DataFrame) -> list[Episode]:
    """Return the stretches of days at level 2 or 1, or above the baseline, oldest first; gaps of a week end one."""
    alarms = watched[(watched["alarm"] | watched["hour"].notna())]
    if alarms.empty:
        return []
    new = alarms["date_day"].diff().dt.days.fillna(APART + 1) > APART
    return [_episode(watched, part) for _, part in alarms.groupby(new.cumsum())]


def _episode(watched: pd.DataFrame, alarms: pd.DataFrame) -> Episode:
    first, last = alarms["date_day"].iloc[0], alarms["date_day"].iloc[-1]
    inside = watched[watched["date_day"].between(first, last)]
    peak = inside.iloc[int(inside["negatives"].to_numpy(float).argmax())]
    hours = inside.dropna(subset=["hour"])
    after = watched[watched["date_day"] > first]
    calm = (after["negatives"] <= after["upper"]).rolling(CALM_DAYS).sum() == CALM_DAYS
    back = after.loc[calm, "date_day"].min()
    return Episode(
        start=first.date(), end=last.date(), level=int(inside["level"].min()), peak=peak["date_day"].date(),
        peak_count=int(peak["negatives"]), negatives=int(inside["negatives"].sum()),
        excess=float((inside["negatives"] - inside["expected"]).sum()),
        hour=int(hours["hour"].iloc[0]) if len(hours) else None,
        hour_day=hours["date_day"].iloc[0].date() if len(hours) else None,
        back_after=None if pd.isna(back) else int((back - first).days - CALM_DAYS + 1),
    )  # fmt: skip


def spread_to(counts: pd.DataFrame, *, by: str) -> list[str]:
    """Return the values of *by* in which negatives are at least doubled, and five more than usual (`metrics.drivers`)."""
    doubled = (counts["excess"] >= 5) & (counts["negatives"] >= 2 * counts["usual"]) & counts[by].notna()
    return [str(one) for one in counts.loc[doubled, by]]


def spreading(counts: pd.DataFrame, *, by: str) -> int:
    """Return in how many values of *by* negatives are doubled as `spread_to` has it."""
    return len(spread_to(counts, by=by))


@dataclass(frozen=True)
class Replay:
    """History replayed: `days` judged, `alarms` (episodes) that a run would have told of, those that no incident explains.

    `missed`: episodes over before the next run. `plan_days` and `plan_unexplained`: days on which a plan's rule fired, and
    those outside incidents.
    """

    days: int
    alarms: int
    unexplained: int
    plan_days: int
    plan_unexplained: int
    missed: int = 0

    @property
    def per_year(self) -> float:
        return self.unexplained * YEAR / self.days if self.days else float("nan")


def replay(watched: pd.DataFrame, known: Sequence[tuple[date, date]], *, cadence_hours: int = HOURS) -> Replay:
    """Return what runs every *cadence_hours* would have said over all of *watched*, against the days *known* to be crises."""
    judged = watched[watched["expected"].notna()]

    def explained(first: date, last: date) -> bool:
        return any(first <= end and last >= start for start, end in known)

    every = episodes(judged) if len(judged) else []
    found = [one for one in every if seen_by_runs(one, first=judged["date_day"].iloc[0].date(), every=cadence_hours)]
    plan = judged.loc[judged["risen"] | judged["share_high"], "date_day"]
    return Replay(len(judged), len(found), sum(not explained(one.start, one.end) for one in found), len(plan),
                  sum(not explained(day.date(), day.date()) for day in plan), len(every) - len(found))  # fmt: skip


def seen_by_runs(episode: Episode, *, first: date, every: int) -> bool:
    """Return whether a run sees *episode*, one *every* so many hours from the day *first* on.

    A report tells of an alarm until a week after its last day: what is older at the next run is never told.
    """
    step = every / HOURS
    due = math.ceil(((episode.start - first).days + 1) / step) * step  # the first run after the first day of the alarm
    return due <= (episode.end - first).days + 1 + RECENT_DAYS


def known_at(episode: Episode) -> datetime:
    """Return the local time at which an alarm of *episode* was first in the data: its hour is over, or its day."""
    over = datetime.combine(episode.start + timedelta(days=1), time())
    if episode.hour is None or episode.hour_day is None:
        return over
    return min(over, datetime.combine(episode.hour_day, time()) + timedelta(hours=episode.hour + 1))
