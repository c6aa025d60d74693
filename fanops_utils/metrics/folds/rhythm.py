"""When it happens: acts by weekday and hour of the market's own time."""

from __future__ import annotations

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import needs


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
