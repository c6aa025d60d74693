"""What folds share: the columns they need, large tables in slices, and days as pandas has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as arrow
from ibis.expr import operations as ops

from fanops_utils.data.warehouse.asking.dividing import group_of
from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days as day_of
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.text import say

PER_SLICE = 2_500_000  # rows whose people the engine can hold beside each other in a small part of a gigabyte


def needs(table: ibis.Table, *columns: str) -> None:
    """Raise DataError naming the first of *columns* that *table* lacks."""
    for name in columns:
        if name not in table.columns:
            raise DataError(say("the table has no such column"), column=name, choices=table.columns)


def handed_over(frame: pd.DataFrame, columns: Sequence[str], kinds: Mapping[str, arrow.DataType]) -> ibis.Table:
    """Return *columns* of *frame* in the engine; what *kinds* do not name becomes text, whatever it was.

    Days become dates, times instants of UTC, numbers floats; what is missing is null.
    """
    need(frame, *columns)
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in columns])
    made = {name: _of_kind(frame[name], schema.field(name).type) for name in columns}
    return ibis.memtable(arrow.Table.from_pandas(pd.DataFrame(made, index=frame.index), schema, preserve_index=False))


def _of_kind(column: pd.Series, kind: arrow.DataType) -> Any:
    if arrow.types.is_date(kind):
        return day_of(column)
    if arrow.types.is_timestamp(kind):
        return pd.to_datetime(column, utc=True)
    if arrow.types.is_floating(kind):
        return np.asarray(numbers(column), dtype=float)
    return column.astype("string")


def as_table(days: pd.DataFrame | ibis.Table) -> ibis.Table:
    """Return member_key and date_day of *days* in the engine; a frame is handed over to it."""
    if not isinstance(days, pd.DataFrame):
        needs(days, "member_key", "date_day")
        return days.select("member_key", "date_day")
    return handed_over(days, ["member_key", "date_day"], {"date_day": arrow.date32()})


def people_table(people: pd.DataFrame) -> ibis.Table:
    """Return *people* (member_key, since: a day) in the engine with their row, from 0; the unknown are left out."""
    frame = pd.DataFrame({"member_key": people["member_key"].astype("string"), "since": day_of(people["since"])})
    known = frame.assign(row=range(len(frame))).dropna()
    kinds = arrow.schema([("member_key", arrow.string()), ("since", arrow.date32()), ("row", arrow.int64())])
    return ibis.memtable(arrow.Table.from_pandas(known, kinds, preserve_index=False))


def day_column(days: pd.Series) -> pd.Series:
    """Return *days*, as the engine gives them, as days in pandas."""
    return pd.to_datetime(days).astype("datetime64[us]")


def slices(table: ibis.Table, key: str) -> Iterator[ibis.Table]:
    """Yield *table* in slices of about PER_SLICE rows, each value of *key* (a person) whole in one of them.

    What is counted of each person adds up over slices, so memory does not grow with the table. Who is in which slice
    changes no number, so it is the engine's own hash that divides, where it has one: the cheapest, asked of every row.
    """
    count = 1 + int(table.count().to_pandas()) // PER_SLICE
    for number in range(count):
        yield table.filter(_slice_of(table[key], count) == number) if count > 1 else table


def _slice_of(key: Any, count: int) -> Any:
    # The remainder first: the smallest number there is has no absolute value.
    return (key.hash() % count).abs() if key.get_backend().has_operation(ops.Hash) else group_of(key, count)


def by_value(rows: pd.DataFrame | ibis.Table, key: str, *columns: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each value of *key*, in order, with its rows by date_day: *columns* and date_day, of one value at a time.

    *rows* are a frame, or in the engine: then only the rows yielded are in memory, in the order of *columns* within a day.
    """
    if isinstance(rows, pd.DataFrame):
        for value, part in rows.groupby(key, sort=True):
            yield str(value), part.sort_values("date_day", kind="stable")
        return
    needs(rows, key, "date_day", *columns)
    values = rows.filter(rows[key].notnull()).select(key).distinct().order_by(key).to_pandas()[key]
    for value in values:
        part = rows.filter(rows[key] == value).select("date_day", *columns).order_by("date_day", *columns).to_pandas()
        yield str(value), part.assign(date_day=day_column(part["date_day"]))


def counted(
    table: ibis.Table, key: str, count: Callable[[ibis.Table], ibis.Table], *, by: Sequence[str]
) -> pd.DataFrame:
    """Return what *count* makes of *table*, slice by slice: its other columns summed over slices for each of *by*."""
    parts = [count(part).to_pandas() for part in slices(table, key)]
    if len(parts) == 1:
        return parts[0]
    return pd.concat(parts, ignore_index=True).groupby(list(by), as_index=False, sort=False, dropna=False).sum()
