"""DuckDB as imports and questions use it: bounded memory, room to spill."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

MEMORY = "3GB"
ASKING_MEMORY = "384MB"  # what questions may hold at once; more is spilled


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """Return an in-process engine that keeps to MEMORY and spills into the folder *spill*."""
    engine = duckdb.connect()
    engine.execute(f"SET memory_limit = '{MEMORY}'")
    engine.execute(f"SET temp_directory = {quoted(spill)}")
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute("SET preserve_insertion_order = false")  # where order matters a query asks for it
    with suppress(duckdb.InvalidInputException):  # in a notebook without widgets there is no bar to switch off
        engine.execute("SET enable_progress_bar = false")
    return engine


def for_questions() -> Any:
    """Return the Ibis backend that questions are asked of: it keeps to ASKING_MEMORY, and to the threads a batch gives it."""
    import ibis

    threads = os.environ.get("FANOPS_THREADS")  # a batch shares the cores among its jobs
    spill = Path(tempfile.gettempdir()) / f"fanops-{os.getpid()}"  # made when something is spilled
    more = {"threads": int(threads)} if threads else {}
    return ibis.duckdb.connect(memory_limit=ASKING_MEMORY, temp_directory=str(spill), **more)


def quoted(text: object) -> str:
    """Return *text* as an SQL string.

    >>> print(quoted("it's"))
    'it''s'
    """
    return "'" + str(text).replace("'", "''") + "'"


def named(name: str) -> str:
    """Return *name* as an SQL identifier; quotes in it are doubled."""
    return '"' + name.replace('"', '""') + '"'


def small_letters(text: str) -> str:
    """Return *text* in small letters as the engine's `lower` writes it, letter by letter: what is compared with it.

    >>> small_letters("STRAẞE İÇ ΠΑΣ")
    'straße iç πασ'
    """
    return "".join(letter.lower()[0] for letter in text)


def scan(*paths: object, **options: bool) -> str:
    """Return the SQL that reads the Parquet files *paths* as one table, columns matched by name."""
    listed = ", ".join(quoted(path) for path in paths)
    extra = "".join(f", {name} = {str(value).lower()}" for name, value in options.items())
    return f"read_parquet([{listed}], union_by_name = true{extra})"


def columns(names: Iterable[str]) -> str:
    """Return *names* as a list of SQL identifiers."""
    return ", ".join(named(name) for name in names)
