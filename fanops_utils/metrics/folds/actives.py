"""Active members per day, week and month, the gaps between their days, and what each of them did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import day_column, needs

WINDOWS = {"dau": 1, "wau": 7, "mau": 28}


def actives(
    days: ibis.Table, *, start: date, end: date, by: str | None = None, windows: dict[str, int] | None = None
) -> pd.DataFrame:
    """Return per day from *start* to *end* how many members were active on it and in the days up to it.

    Columns of *days* (table fan_day): member_key, date_day, and *by*. Returned: [by,] date_day and a column per entry
    of *windows* (name: days, the day itself included; by default dau 1, wau 7, mau 28), whole numbers; a day without
    anybody is 0. A window that reaches back before the data begin is counted from what there is. A member who stands
    in two groups counts in both.
    """
    needs(days, "member_key", "date_day", *([by] if by else []))
    wanted = windows or WINDOWS
    first = start - timedelta(days=max(wanted.values()))
    keys = [by] if by else []
    seen = days.filter(days.date_day >= first, days.date_day <= end).select(*keys, "member_key", "date_day").distinct()
    following = ibis.window(group_by=[*keys, "member_key"], order_by="date_day")
    # A day of a member counts for itself and the days after it, until the window is over or the next such day takes
    # on: so each stretch is one step up and one step down, and nobody is counted twice.
    until = seen.date_day.lead().over(following)
    lengths = {
        name: ibis.least(ibis.coalesce(until.delta(seen.date_day, unit="day"), length), length)
        for name, length in wanted.items()
    }
    stretches = seen.select(*keys, "date_day", **lengths)
    counted = {
        name: stretches.group_by(*keys, "date_day", name).agg(members=stretches.count()).to_pandas() for name in wanted
    }
    whole = {name: _on_days(frame, name, keys, start, end) for name, frame in counted.items()}
    frame = pd.DataFrame(whole).rename_axis([*keys, "date_day"]).sort_index().astype("int64").reset_index()
    return frame.assign(date_day=day_column(frame["date_day"]))


def _on_days(frame: pd.DataFrame, name: str, keys: Sequence[str], start: date, end: date) -> Any:
    """Return how many stretches (first day, length, members) cover each day, as a Series."""
    first = day_column(frame["date_day"])
    up = frame.assign(date_day=first, step=frame["members"])
    down = frame.assign(date_day=first + pd.to_timedelta(frame[name].astype("int64"), unit="D"), step=-frame["members"])
    steps: Any = pd.concat([up, down]).groupby([*keys, "date_day"])["step"].sum()
    every = pd.date_range(start, end, freq="D")
    if not keys:
        return steps.cumsum().reindex(every.union(steps.index)).ffill().reindex(every).fillna(0)
    wide: Any = steps.unstack(keys[0]).fillna(0).cumsum()
    return wide.reindex(every.union(wide.index)).ffill().reindex(every).fillna(0).stack().swaplevel()


def gaps(days: ibis.Table, *, end: date | None = None, by: str | None = None) -> pd.DataFrame:
    """Return how often so many days lay between two successive active days of a member.

    Columns of *days*: member_key, date_day, and *by*; days after *end* are left out. Returned: [by,] gap (days, from
    1), n (how often), in order. Whoever was seen on one day only has no gap.
    """
    needs(days, "member_key", "date_day", *([by] if by else []))
    keys = [by] if by else []
    inside = days.filter(days.date_day <= end) if end else days
    seen = inside.select(*keys, "member_key", "date_day").distinct()
    before = seen.date_day.lag().over(ibis.window(group_by=[*keys, "member_key"], order_by="date_day"))
    between = seen.select(*keys, gap=seen.date_day.delta(before, unit="day")).filter(ibis._.gap.notnull())
    frame = between.group_by(*keys, "gap").agg(n=between.count()).order_by(*keys, "gap").to_pandas()
    return frame.astype({"gap": "int64", "n": "int64"})


def per_member(days: ibis.Table, *, as_of: date, recent_days: int = 28) -> pd.DataFrame:
    """Return one row per member seen by *as_of*: member_key, last_active, active_days_recent, active_days_total, spend.

    Columns of *days*: member_key, date_day, value. Recent are the *recent_days* up to *as_of*; spend is the sum of the
    values, 0 where there is none.
    """
    needs(days, "member_key", "date_day", "value")
    inside = days.filter(days.date_day <= as_of)
    is_recent = inside.date_day > as_of - timedelta(days=recent_days)
    frame = inside.group_by("member_key").agg(
        last_active=inside.date_day.max(),
        active_days_recent=inside.date_day.nunique(where=is_recent),
        active_days_total=inside.date_day.nunique(),
        spend=inside.value.sum().fill_null(0.0),
    ).order_by("member_key").to_pandas()  # fmt: skip
    return frame.assign(last_active=day_column(frame["last_active"]))
