"""Rows of a table written as its parts: one file for as many months as make a file of ordinary size."""

# ruff: noqa: S608  (names of our own)

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from fanops_utils.data.parts import UNDATED, NewPart, Part, runs
from fanops_utils.data.table import Table
from fanops_utils.data.warehouse.engine import columns, quoted, scan

ORDERED_UP_TO = 1_000_000
EPOCH = date(1970, 1, 1)


def month_of(day: int | None, shift: int = 0) -> str:
    """Return the month of the day *day* days after 1970-01-01, moved by *shift* days.

    >>> month_of(0), month_of(0, -1), month_of(None) == UNDATED
    ('1970-01', '1969-12', True)
    """
    return UNDATED if day is None else f"{EPOCH + timedelta(days=int(day) + shift):%Y-%m}"


def counts_by_month(engine: duckdb.DuckDBPyConnection, table: Table, rows: str) -> dict[str, int]:
    """Return how many of *rows* (SQL of rows of *table*) fall into each month; all into none where it is not dated."""
    month = "date_trunc('month', date_day)" if table.by_month else "NULL::DATE"
    found = engine.execute(f"SELECT {month} AS month, count(*) FROM ({rows}) GROUP BY 1").fetchall()
    return {UNDATED if first is None else f"{first:%Y-%m}": int(count) for first, count in found}


def write_parts(
    engine: duckdb.DuckDBPyConnection,
    table: Table,
    names: Sequence[str],
    rows: str,
    folder: Path,
    *,
    kept: Sequence[Part],
) -> list[NewPart]:
    """Write *rows* (SQL with the columns *names*, file_no and seq) into *folder*, divided by months beside the parts *kept*.

    Rows of one file come in the order of file_no and seq; in a file of more than ORDERED_UP_TO rows, as they came.
    """
    counts = counts_by_month(engine, table, rows)
    found = runs(counts, walls=[part.first for part in kept if part.first is not None])
    source, scratch = f"({rows})", folder / f"{table.name}.months"
    if len(found) > 1:
        _divide(engine, rows, found, scratch)
    parts = []
    for number, months in enumerate(found):
        if len(found) > 1:
            source = scan(*sorted((scratch / f"run={number}").glob("*.parquet")))
        path = folder / f"{table.name}-{number}.merged"
        is_large = sum(counts[month] for month in months) > ORDERED_UP_TO
        order = "" if is_large else "ORDER BY file_no, seq"
        engine.execute(f"SET preserve_insertion_order = {str(is_large).lower()}")
        target = f"{quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
        engine.execute(f"COPY (SELECT {columns(names)} FROM {source} {order}) TO {target}")
        parts.append(NewPart(path, months[0], months[-1]))
    engine.execute("SET preserve_insertion_order = false")
    shutil.rmtree(scratch, ignore_errors=True)
    return parts


def _divide(engine: duckdb.DuckDBPyConnection, rows: str, found: Sequence[Sequence[str]], scratch: Path) -> None:
    """Write *rows* into folders under *scratch*, one per run of months, in one pass."""
    cases = " ".join(
        f"WHEN date_day >= DATE '{months[0]}-01' THEN {number}"
        for number, months in reversed(list(enumerate(found)))
        if months[0] != UNDATED
    )
    target = f"{quoted(scratch)} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (run))"
    engine.execute(f"COPY (SELECT *, CASE {cases} ELSE 0 END AS run FROM ({rows})) TO {target}")
