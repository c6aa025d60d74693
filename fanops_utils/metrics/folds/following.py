"""What people did after a day of their own: of joining, of an invitation taken up, of a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import pandas as pd

from fanops_utils.metrics.folds.orders import order_rows
from fanops_utils.metrics.folds.tables import as_table, people_table, slices

FOREVER = 1_000_000


def days_after(
    days: pd.DataFrame | ibis.Table, starts: pd.DataFrame, *, first: int = 0, last: int | None = None
) -> pd.Series:
    """Return for each row of *starts* on how many days the person was there, *first* to *last* days after the day named.

    Columns of *days* (repeats do not count twice): member_key, date_day, in the engine or as a frame; of *starts*:
    member_key, since. *last* None: for as long as *days* reach. Returned: whole numbers by the index of *starts*; 0 where
    the person or the day is not known.
    """
    seen = as_table(days).inner_join(people_table(starts), "member_key")
    age = seen.date_day.delta(seen.since, unit="day")
    near = seen.filter(age >= first, age <= (FOREVER if last is None else last)).select("row", "date_day").distinct()
    counts = near.group_by("row").agg(days=near.count()).to_pandas().set_index("row")["days"]
    found = counts.reindex(range(len(starts)), fill_value=0).to_numpy(dtype="int64")
    return pd.Series(found, index=starts.index, name="days")


def days_within(days: pd.DataFrame | ibis.Table, *, start: date, end: date) -> pd.Series:
    """Return on how many days from *start* to *end* each member was there, by member_key; who was not, is not in it.

    Columns of *days* (repeats do not count twice): member_key, date_day, in the engine or as a frame.
    """
    table = as_table(days)
    inside = table.filter(table.date_day >= start, table.date_day <= end)
    each = (part.distinct() for part in slices(inside, "member_key"))
    parts = [one.group_by("member_key").agg(days=one.count()).to_pandas() for one in each]
    return pd.concat(parts).set_index("member_key")["days"].sort_index().astype("int64")


def paid_until(orders: pd.DataFrame | ibis.Table, people: pd.DataFrame, *, lasts: Sequence[int]) -> pd.DataFrame:
    """Return for each row of *people* what was paid and kept from the day named to so many days after it, a column per *lasts*.

    *people*: customer_key, since; *orders* (a frame, or in the engine): customer_key, date_day, total, refunded_amount. Index
    as *people*; 0 where nothing was paid.
    """
    rows = order_rows(orders, "customer_key", "date_day", amounts=True).rename(member_key="customer_key")
    named = people_table(people[["customer_key", "since"]].rename(columns={"customer_key": "member_key"}))
    both = rows.inner_join(named, "member_key")
    age = both.date_day.delta(both.since, unit="day")
    near = both.mutate(age=age).filter(age >= 0, age <= max(lasts))
    sums = {str(last): near.paid.sum(where=near.age <= last).fill_null(0.0) for last in lasts}
    found = near.group_by("row").agg(**sums).to_pandas().set_index("row")
    found = found.reindex(range(len(people)), fill_value=0.0).set_axis(list(lasts), axis=1)
    return found.astype("float64").set_axis(people.index)
