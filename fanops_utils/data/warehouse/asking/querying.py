"""Questions in SQL: one SELECT over warehouse tables, in an engine of its own that may read these and nothing else."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd

from fanops_utils.data import schema
from fanops_utils.data.warehouse.engine import named, quoted, scan
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.stored import introduce
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say

HELD = "opened"  # what the engine calls the rows it was opened for
NAME = re.compile(r"[\w.]+!?")
NO_TABLE = re.compile(r"Table with name (\S+) does not exist")


def query_table(store: Store, text: str, *, file: Path | None = None) -> ibis.Table:
    """Return what the one SELECT *text* (read from *file*) asks of the tables of *store*, as an Ibis table on DuckDB.

    It reads no file, reaches no network and changes nothing. Raises WorkspaceError for anything but one SELECT, for a
    table the warehouse does not know (with the nearest one), and for what DuckDB refuses.
    """
    store.place.only_here(say("A query in SQL"))
    engine = own_engine()
    try:
        statements = engine.con.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise WorkspaceError(say("a query is one SELECT and nothing else"), file=file)
        _offer(engine, store, text)
        engine.raw_sql(f"create view {HELD} as {statements[0].query.strip().rstrip(';')}")
        return engine.table(HELD)
    except duckdb.Error as error:
        if missing := NO_TABLE.search(str(error)):
            if not NAME.fullmatch(missing[1]):
                files = say("a query asks the tables of the warehouse, no files")
                raise WorkspaceError(files, file=file, value=missing[1]) from None
            unknown = say("no such table in the warehouse")
            raise WorkspaceError(unknown, file=file, value=missing[1], choices=schema.TABLES) from None
        raise _refused(error, file) from None


def fetch(table: ibis.Table) -> pd.DataFrame:
    """Return the rows of *table*, a query, in the order it gives them; raise WorkspaceError for what fails on the way."""
    try:
        return table.to_pandas()
    except duckdb.Error as error:
        raise _refused(error, None) from None


def _refused(error: duckdb.Error, file: Path | None) -> WorkspaceError:
    reason = Written(str(error).strip().splitlines()[0], "en")
    return WorkspaceError(say("the query cannot be run ({error})", error=reason), file=file)


def _offer(engine: Any, store: Store, text: str) -> None:
    """Give *engine* the warehouse tables *text* names, and take every other file from it."""
    files: list[str] = []
    if store.place.stored:
        introduce(engine.con, store.place.stored)
    for name in schema.TABLES:
        if not re.search(rf"\b{name}\b", text, re.IGNORECASE):
            continue
        entry = store.files(name)
        if entry is None or not entry.parts or store.needs_cut(name, entry):
            engine.con.register(name, store.table(name).to_pyarrow())
        else:
            paths = [store.place.at(file) for file in entry.files]
            files += map(quoted, paths)
            engine.raw_sql(f"create view {named(name)} as from {scan(*paths)}")
    engine.raw_sql(f"set allowed_paths = [{', '.join(files)}]")
    engine.raw_sql("set enable_external_access = false")
    engine.raw_sql("set lock_configuration = true")


def own_engine() -> Any:
    """Return a DuckDB engine of its own through Ibis, its clock in UTC, with the threads a job is given."""
    threads = os.environ.get("FANOPS_THREADS")  # a batch shares the cores among its jobs
    engine = ibis.duckdb.connect(**({"threads": int(threads)} if threads else {}))
    engine.raw_sql("set TimeZone = 'UTC'")
    return engine
