"""What people began with: the first day of each thing they did, and how many days in a row they kept it up from there."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import pandas as pd
import pyarrow as arrow

from fanops_utils.metrics.folds.tables import day_column, handed_over, needs, slices

KEY = ["subject", "member_key"]


def first_days(acts: pd.DataFrame | ibis.Table, names: Sequence[str]) -> pd.DataFrame:
    """Return a row per subject and member who did any of *names*: subject, member_key, and a column per name, its first day.

    Columns of *acts* (table member_events, a frame or in the engine): subject, member_key, event_name, date_day. Acts without a
    subject are left out; a day is null where the member never did that.
    """
    table = _of(acts, [*KEY, "event_name", "date_day"])
    table = table.filter(table.subject.notnull(), table.event_name.isin(list(names)))
    parts = []
    for part in slices(table, "member_key"):
        first = {name: part.date_day.min(where=part.event_name == name) for name in names}
        parts.append(part.group_by(KEY).agg(**first).to_pandas())
    found = pd.concat(parts, ignore_index=True).sort_values(KEY, ignore_index=True)
    return found.assign(**{name: day_column(found[name]) for name in names})


def first_runs(acts: pd.DataFrame | ibis.Table) -> pd.DataFrame:
    """Return per subject and member the first day and how many days in a row, from that one, have an act: first, held.

    Columns of *acts* (a frame, or in the engine): subject, member_key, date_day; several on one day count once. Returned:
    subject, member_key, first, held, in order.
    """
    table = _of(acts, [*KEY, "date_day"])
    parts = [_runs(part.distinct()).to_pandas() for part in slices(table.filter(table.subject.notnull()), "member_key")]
    found = pd.concat(parts, ignore_index=True).sort_values(KEY, ignore_index=True)
    return found.assign(first=day_column(found["first"])).astype({"held": "int64"})


def _runs(days: ibis.Table) -> ibis.Table:
    own = ibis.window(group_by=KEY, order_by="date_day")
    each = days.mutate(first=days.date_day.min().over(ibis.window(group_by=KEY)), place=ibis.row_number().over(own))
    unbroken = each.date_day.delta(each["first"], unit="day") == each.place
    return each.group_by(KEY).agg(first=each.date_day.min(), held=unbroken.cast("int64").sum())


def _of(acts: pd.DataFrame | ibis.Table, columns: Sequence[str]) -> ibis.Table:
    if isinstance(acts, pd.DataFrame):
        return handed_over(acts, columns, {"date_day": arrow.date32()})
    needs(acts, *columns)
    return acts.select(*columns)
