"""When it happens: acts by weekday and hour of the market's own time."""

from __future__ import annotations

from typing import Literal

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import needs, slices


def hour_by_weekday(table: ibis.Table) -> pd.DataFrame:
    """Return weekday (0 Monday), hour (0-23) and n: how many rows of *table* fall there, all 168 in order.

    Columns of *table*, any whose days are cut at import: date_day, minute_of_day. Rows whose minute is not known are left
    out. On the day the clock goes back an hour comes twice, on the day it goes forward one is missing.
    """
    needs(table, "date_day", "minute_of_day")
    known = table.filter(table.minute_of_day.notnull(), table.date_day.notnull())
    slots = known.select(weekday=known.date_day.day_of_week.index(), hour=known.minute_of_day // 60)
    counts = slots.group_by("weekday", "hour").agg(n=slots.count()).to_pandas().astype("int64")
    every = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    return counts.set_index(["weekday", "hour"])["n"].reindex(every, fill_value=0).reset_index()


def acts_per_member(events: ibis.Table, *, by: Literal["hour", "event_name"]) -> pd.DataFrame:
    """Return how often each member did what, or acted in which hour: a row per member_key, a column per value of *by*.

    Columns of *events* (table member_events): member_key, and event_name or minute_of_day, the market's own clock. Hours are
    0 to 23, all of them; acts whose minute is not known are left out. Whole numbers, members in the order of their keys.
    """
    needs(events, "member_key", "event_name" if by == "event_name" else "minute_of_day")
    value = events.event_name if by == "event_name" else events.minute_of_day // 60
    acts = events.select("member_key", value=value).filter(ibis._.value.notnull())
    named = range(24) if by == "hour" else sorted(acts.select("value").distinct().to_pandas()["value"])
    columns = {str(one): one for one in named}
    parts = []
    for part in slices(acts, "member_key"):
        counts = {name: part.count(where=part.value == one).cast("int32") for name, one in columns.items()}
        parts.append(part.group_by("member_key").agg(each=part.count(), **counts).to_pandas())
    wide = pd.concat(parts, ignore_index=True).set_index("member_key").drop(columns="each")
    return wide.set_axis(pd.Index(named), axis=1).sort_index()
