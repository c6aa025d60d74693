"""Active members per day, week and month, the gaps between their days, and what each of them did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import as_table, counted, day_column, needs, slices

WINDOWS = {"dau": 1, "wau": 7, "mau": 28}
STRETCH = ("date_day", "until")


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
    near = days.filter(days.date_day >= first, days.date_day <= end).select(*keys, "member_key", "date_day")
    stretches = counted(
        near, "member_key", lambda part: _stretches(part, keys, max(wanted.values())), by=[*keys, *STRETCH]
    )
    stretches = stretches.assign(date_day=day_column(stretches["date_day"]))
    whole = {name: _on_days(stretches, length, keys, start, end) for name, length in wanted.items()}
    frame = pd.DataFrame(whole).rename_axis([*keys, "date_day"]).sort_index().astype("int64").reset_index()
    return frame.assign(date_day=day_column(frame["date_day"]))


def _stretches(near: ibis.Table, keys: Sequence[str], longest: int) -> ibis.Table:
    """Return how many members were there on a day, by the days until they were there again (*longest* at most).

    A day counts for itself and the days after it, until the window is over or the next such day takes on: so each
    stretch is one step up and one step down, and nobody is counted twice.
    """
    seen = near.distinct()
    following = ibis.window(group_by=[*keys, "member_key"], order_by="date_day")
    until = seen.date_day.lead().over(following).delta(seen.date_day, unit="day")
    stretches = seen.select(*keys, "date_day", until=ibis.least(ibis.coalesce(until, longest), longest))
    return stretches.group_by(*keys, *STRETCH).agg(members=stretches.count())


def _on_days(stretches: pd.DataFrame, length: int, keys: Sequence[str], start: date, end: date) -> Any:
    """Return how many stretches, none longer than *length*, cover each day, as a Series."""
    up = stretches.assign(step=stretches["members"])
    over = stretches["date_day"] + pd.to_timedelta(stretches["until"].astype("int64").clip(upper=length), unit="D")
    down = stretches.assign(date_day=over, step=-stretches["members"])
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

    def lengths(part: ibis.Table) -> ibis.Table:
        seen = part.distinct()
        before = seen.date_day.lag().over(ibis.window(group_by=[*keys, "member_key"], order_by="date_day"))
        between = seen.select(*keys, gap=seen.date_day.delta(before, unit="day")).filter(ibis._.gap.notnull())
        return between.group_by(*keys, "gap").agg(n=between.count())

    frame = counted(inside.select(*keys, "member_key", "date_day"), "member_key", lengths, by=[*keys, "gap"])
    return frame.astype({"gap": "int64", "n": "int64"}).sort_values([*keys, "gap"], ignore_index=True)


def pauses_per_member(days: pd.DataFrame | ibis.Table, *, as_of: date, long: int) -> pd.DataFrame:
    """Return one row per member seen by *as_of*: member_key, last_active, pauses, log_mean, log_var, back_on.

    Columns of *days*: member_key, date_day, in the engine or as a frame. A pause is what lies between two successive
    active days; log_mean and log_var (NaN below two pauses) are those of its natural logarithm, in days. back_on is the
    last day on which a pause of *long* days or more ended, null where there was none.
    """
    table = as_table(days)
    inside = table.filter(table.date_day <= as_of)
    parts = [_pauses(part, long).to_pandas() for part in slices(inside, "member_key")]
    frame = pd.concat(parts, ignore_index=True).sort_values("member_key", ignore_index=True)
    frame = frame.astype({"pauses": "int64", "log_mean": "float64", "log_var": "float64"})
    return frame.assign(last_active=day_column(frame["last_active"]), back_on=day_column(frame["back_on"]))


def _pauses(inside: ibis.Table, long: int) -> ibis.Table:
    seen = inside.distinct()
    before = seen.date_day.lag().over(ibis.window(group_by="member_key", order_by="date_day"))
    each = seen.mutate(gap=seen.date_day.delta(before, unit="day"))
    log = each.gap.cast("float64").ln()
    return each.group_by("member_key").agg(
        last_active=each.date_day.max(),
        pauses=each.gap.count(),
        log_mean=log.mean(),
        log_var=log.var(how="sample"),
        back_on=each.date_day.max(where=each.gap >= long),
    )


def per_member(days: ibis.Table, *, as_of: date, recent_days: int = 28) -> pd.DataFrame:
    """Return one row per member seen by *as_of*: member_key, last_active, active_days_recent, active_days_total, spend.

    Columns of *days*: member_key, date_day, value. Recent are the *recent_days* up to *as_of*; spend is the sum of the
    values, 0 where there is none.
    """
    needs(days, "member_key", "date_day", "value")
    inside = days.filter(days.date_day <= as_of).select("member_key", "date_day", "value")
    parts = [_each(part, as_of, recent_days).to_pandas() for part in slices(inside, "member_key")]
    frame = pd.concat(parts, ignore_index=True).sort_values("member_key", ignore_index=True)
    return frame.assign(last_active=day_column(frame["last_active"]))


def _each(inside: ibis.Table, as_of: date, recent_days: int) -> ibis.Table:
    seen = inside.group_by("member_key", "date_day").agg(value=inside.value.sum())
    return seen.group_by("member_key").agg(
        last_active=seen.date_day.max(),
        active_days_recent=seen.count(where=seen.date_day > as_of - timedelta(days=recent_days)),
        active_days_total=seen.count(),
        spend=seen.value.sum().fill_null(0.0),
    )
