"""Tables as Ibis expressions: views of their Parquet files, in canonical columns and types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as arrow

from fanops_utils.data import schema
from fanops_utils.data.table import LOCAL
from fanops_utils.data.warehouse.days import Cut
from fanops_utils.data.warehouse.engine import named, scan

if TYPE_CHECKING:
    import ibis


def view(name: str, paths: Sequence[object], *, cut: Cut | None, engine: Any) -> ibis.Table:
    """Return table *name*, whose files are *paths*, as a view in the Ibis backend *engine*; its days cut anew by *cut*."""
    table, source = schema.table(name), scan(*paths)
    described = engine.raw_sql(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
    there = [str(row[0]) for row in described]
    query = f"SELECT * FROM {source}"  # noqa: S608
    if cut is not None:
        lacking = [column for column in table.columns if column not in there and column not in LOCAL]
        nulls = "".join(f", NULL::VARCHAR AS {named(column)}" for column in lacking if column != cut.time)
        nulls += f", NULL::TIMESTAMPTZ AS {named(cut.time)}" if cut.time in lacking else ""
        query = cut.applied(f"(SELECT *{nulls} FROM {source})", [*there, *lacking])  # noqa: S608
        there += lacking
        there = list(dict.fromkeys([*there, *LOCAL]))
    engine.raw_sql(f"CREATE OR REPLACE TEMP VIEW {named(name)} AS {query}")
    found = engine.table(name)
    in_order = list(table.columns) == there[: len(table.columns)]
    return found if in_order else canonical(name, found)


def in_memory(name: str, frame: pd.DataFrame) -> ibis.Table:
    """Return the *frame* of table *name* as an Ibis expression that no file stands behind."""
    import ibis

    return ibis.memtable(arrow.Table.from_pandas(frame, schema.table(name).arrow_schema(frame), preserve_index=False))


def canonical(name: str, expression: ibis.Table) -> ibis.Table:
    """Return *expression* with the columns and types of table *name*, absent ones null."""
    import ibis

    table = schema.table(name)
    empty = table.conform(pd.DataFrame(columns=list(dict.fromkeys([*table.columns, *expression.columns]))))
    types = ibis.Schema.from_pyarrow(table.arrow_schema(empty))
    return expression.select(
        **{
            column: (expression[column] if column in expression.columns else ibis.null()).cast(kind)
            for column, kind in types.items()
        }
    )
