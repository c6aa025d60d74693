"""Rows of a database, read through Ibis by a mapping that names it: read only, in batches, nothing but what is mapped."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.files.workbooks import cell_text
from fanops_utils.data.sources.mapping.register import Database, Mapping
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.sheet import Sheet, fold
from fanops_utils.errors import ImportRefused

if TYPE_CHECKING:
    import ibis

BATCH = 100_000
VARIABLE = re.compile(r"\$\{(\w+)\}")
# Kinds of PostgreSQL by its own names, as Ibis names them; all others are read as text.
KINDS = {
    "int2": "int16", "int4": "int32", "int8": "int64", "float4": "float32", "float8": "float64", "bool": "boolean",
    "date": "date", "timestamp": "timestamp", "timestamptz": "timestamp('UTC')",
}  # fmt: skip
AS_TEXT = ("uuid", "inet", "macaddr", "interval", "json")  # kinds that Arrow cannot carry as they are


@dataclass(frozen=True)
class Rows:
    """One batch of records as a sheet, and the highest value so far of the column that reads go on from."""

    sheet: Sheet
    newest: str | None


def label_of(mapping: Mapping) -> str:
    """Return how messages and the log name what *mapping* reads."""
    return f"database/{mapping.name}"


def read_database(mapping: Mapping, *, after: str | None) -> Iterator[Rows]:
    """Yield the rows that *mapping* reads, from the value *after* of its column `newer_by` on (that value included).

    Every cell comes as text, times as ISO 8601; the records are numbered through. Raises ImportRefused where the
    database cannot be reached, or lacks the table or a column. Messages never hold the url, which may hold a password.
    """
    source = mapping.database
    assert source is not None
    label = label_of(mapping)
    try:
        connection = _connect(source, label)
    except ImportRefused:
        raise
    except Exception as error:
        raise ImportRefused(f"the database cannot be reached ({_said(error, source)})", file=label) from None
    try:
        yield from _batches(connection, source, mapping, label, after)
    except ImportRefused:
        raise
    except Exception as error:  # whatever a driver raises, its first line, without the url
        raise ImportRefused(f"the database cannot be read ({_said(error, source)})", file=label) from None
    finally:
        with suppress(Exception):
            connection.disconnect()


def _batches(connection: Any, source: Database, mapping: Mapping, label: str, after: str | None) -> Iterator[Rows]:
    table = _table(connection, source)
    there = {fold(name): name for name in table.columns}
    wanted = sorted(mapping.headers)
    if lacking := [name for name in wanted if name not in there]:
        raise ImportRefused("the database has no such column", file=label, value=lacking[0], choices=table.columns)
    if source.newer_by and source.newer_by not in table.columns:
        raise ImportRefused("the database has no such column", file=label, value=source.newer_by, choices=table.columns)
    table = _as_carried(table)
    if source.newer_by:
        column = table[source.newer_by]
        if after is not None:
            table = table.filter(column >= _typed(after, str(column.type())))
        table = table.order_by(source.newer_by)
    names = list(dict.fromkeys([*(there[name] for name in wanted), *([source.newer_by] if source.newer_by else [])]))
    done, newest = 0, after
    for batch in _in_batches(connection, table.select(*names)):
        columns = {
            name: [cell_text(value) for value in batch.column(place).to_pylist()] for place, name in enumerate(names)
        }
        if source.newer_by and batch.num_rows:
            newest = columns[source.newer_by][-1] or newest
        index = pd.RangeIndex(done + 1, done + batch.num_rows + 1, name="source_row")
        frame = pd.DataFrame({fold(name): columns[name] for name in names}, index=index, dtype="string")
        cells = Cells(frame, {fold(name): name for name in names})
        cells.numbers.given = mapping.decimal or "."  # a database holds numbers, not what a country makes of them
        done += batch.num_rows
        yield Rows(Sheet(cells, names, [], Grid([], "database", label=label)), newest)


def _in_batches(connection: Any, table: ibis.Table) -> Iterator[Any]:
    if connection.name != "duckdb":
        return iter(table.to_pyarrow_batches(chunk_size=BATCH))
    return iter(
        connection.con.sql(connection.compile(table)).to_arrow_reader(BATCH)
    )  # Ibis asks for what DuckDB 2 lacks


def _connect(source: Database, label: str) -> Any:
    import ibis

    url = VARIABLE.sub(lambda found: _secret(found.group(1), label), source.url)
    options = {"read_only": True} if url.startswith("duckdb:") else {}
    connection = ibis.connect(url, **options)
    if connection.name == "postgres":  # a convenience: what protects the data is a role that may only select
        connection.raw_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").close()
        connection.con.commit()
    return connection


def _secret(name: str, label: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise ImportRefused("the environment does not say it", file=label, value=name, hint=f"export {name}=…")
    return value


def _table(connection: Any, source: Database) -> ibis.Table:
    if source.table:
        *schema, name = source.table.split(".")
        return connection.table(
            name, **({"database": tuple(schema) if len(schema) > 1 else schema[0]} if schema else {})
        )
    query = str(source.query).strip().rstrip(";")
    if not re.match(r"(?is)\s*(select|with)\b", query):
        raise ImportRefused("a mapping only reads: its query begins with SELECT or WITH", value=query[:40])
    if connection.name == "duckdb":  # of a query without a schema Ibis asks for what DuckDB 2 lacks
        connection.raw_sql(f"CREATE TEMP VIEW asked AS {query}")
        return connection.table("asked")
    if connection.name != "postgres":
        return connection.sql(query)
    return _postgres_query(connection, query)


def _postgres_query(connection: Any, query: str) -> ibis.Table:
    """Return the rows of *query* with the kinds of its columns, without which Ibis makes a view: a reader may not.

    What Arrow does not carry whole (uuid, numeric without a precision, whatever PostgreSQL has besides) comes as text.
    """
    from psycopg import sql
    from psycopg.postgres import types

    with connection.con.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")  # noqa: S608  (the team's own query)
        kinds = {}
        for column in cursor.description:
            info = types.get(column.type_code)
            kinds[column.name] = KINDS.get(info.name if info else "")
        casts = [sql.Identifier(name) + sql.SQL("" if kind else "::text") for name, kind in kinds.items()]
        columns = sql.SQL(", ").join(casts).as_string(cursor)
    text = f"SELECT {columns} FROM ({query}) AS asked"  # noqa: S608  (the team's own query)
    return connection.sql(text, schema={name: kind or "string" for name, kind in kinds.items()})


def _as_carried(table: ibis.Table) -> ibis.Table:
    """Return *table* with the kinds that do not come through whole as text: uuid, and decimals without a precision."""
    texts = {}
    for name, kind in table.schema().items():
        unbounded = kind.is_decimal() and getattr(kind, "precision", None) is None
        if unbounded or any(word in str(kind).casefold() for word in AS_TEXT):
            texts[name] = table[name].cast("string")
    return table.mutate(**texts) if texts else table


def _typed(text: str, kind: str) -> Any:
    """Return the remembered value *text* as the column's *kind* compares it."""
    if kind.startswith("timestamp"):
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment
    if kind.startswith("date"):
        return datetime.fromisoformat(text).date()
    if kind.startswith(("int", "uint")):
        return int(text)
    return float(text) if kind.startswith(("float", "decimal")) else text


def _said(error: Exception, source: Database) -> str:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
    return re.sub(r"\w+://\S+", source.url.split("://")[0] + "://…", text)
