"""The cohort triangle: who joined when, and how many of them were there so many days or weeks later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import counted, day_column, needs, people_table

Unit = Literal["day", "week"]
DAYS: dict[str, int] = {"day": 1, "week": 7}


def cohort_triangle(
    fans: ibis.Table,
    days: ibis.Table,
    *,
    as_of: date,
    unit: Unit = "week",
    last: int = 12,
    by: str | None = None,
) -> pd.DataFrame:
    """Return per month of joining, and per age, how many members were active at that age.

    Columns of *fans*: member_key, date_day (the day of joining), and *by*; of *days*: member_key, date_day. Age counts
    whole *unit*s of each member's own time since joining, from 0 to *last*. *as_of* is the last complete day: a member
    counts at an age whose days are all over by then, so every cell compares what had the same time. Returned: [by,]
    cohort (first day of the month), age, n (members who have reached the age), active; cells without anybody are left
    out. A member who stands twice among *fans* counts from the first day.
    """
    keys = [by] if by else []
    needs(fans, "member_key", "date_day", *keys)
    needs(days, "member_key", "date_day")
    joined = fans.filter(fans.date_day.notnull(), fans.date_day <= as_of)
    joined = joined.group_by(*keys, "member_key").agg(joined=joined.date_day.min())
    length = DAYS[unit]
    reached = (ibis.literal(as_of).delta(joined.joined, unit="day") + 1) // length - 1  # the oldest age that is over
    joined = joined.mutate(cohort=joined.joined.truncate("M"), reached=reached)
    sizes = joined.group_by(*keys, "cohort", "reached").agg(members=joined.count()).to_pandas()
    seen = days.filter(days.date_day <= as_of).select("member_key", "date_day")

    def there(part: ibis.Table) -> ibis.Table:
        aged = joined.inner_join(part, "member_key")
        aged = aged.mutate(age=aged.date_day.delta(aged.joined, unit="day") // length).filter(ibis._.age >= 0)
        aged = aged.filter(aged.age <= last, aged.age <= aged.reached)
        once = aged.select(*keys, "cohort", "age", "member_key").distinct()
        return once.group_by(*keys, "cohort", "age").agg(active=once.count())

    active = counted(seen, "member_key", there, by=[*keys, "cohort", "age"])
    return _triangle(sizes, active, keys, last)


def came_back(
    days: ibis.Table, joined: Mapping[str, pd.Timestamp], *, day: int, or_later: bool = False, as_of: date
) -> pd.Series:
    """Return the members among *joined* (member: day of joining) who were active *day* days later (*or_later*), by *as_of*.

    Columns of *days*: member_key, date_day. Each member stands once.
    """
    needs(days, "member_key", "date_day")
    members = people_table(pd.DataFrame({"member_key": list(joined), "since": pd.to_datetime(list(joined.values()))}))
    seen = days.filter(days.date_day <= as_of).select("member_key", "date_day").inner_join(members, "member_key")
    age = seen.date_day.delta(seen.since, unit="day")
    back = seen.filter(age >= day if or_later else age == day)
    return back.select("member_key").distinct().to_pandas()["member_key"]


def _triangle(sizes: pd.DataFrame, active: pd.DataFrame, keys: list[str], last: int) -> pd.DataFrame:
    """Return the cells: members that reached each age, and those of them that were active."""
    per_age = [sizes[sizes["reached"] >= age].assign(age=age) for age in range(last + 1)]
    cells = pd.concat(per_age).astype({"age": "int64"}).groupby([*keys, "cohort", "age"])["members"].sum()
    frame = cells.rename("n").reset_index().merge(active, on=[*keys, "cohort", "age"], how="left")
    frame = frame.fillna({"active": 0}).astype({"n": "int64", "active": "int64"})
    frame = frame.assign(cohort=day_column(frame["cohort"]))
    return frame.sort_values([*keys, "cohort", "age"], ignore_index=True)
