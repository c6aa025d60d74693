"""What names the content of a foreign table: the snapshot its engine keeps, or the files it consists of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fanops_utils.workspace.reads import declared_elsewhere
from fanops_utils.workspace.registers.engine import Engine


def snapshots(backend: Any, engine: Engine, names: Sequence[str]) -> dict[str, str | None]:
    """Return what names the content of each table of *names* as it is now; None where the engine has no such thing.

    A view has none anywhere: what it shows may change while it stays the same. Whatever goes wrong on the way counts as
    none: a report that could be reused is then made again.
    """
    ask = ASK.get(engine.kind)
    if ask is None or not names:
        return dict.fromkeys(names)
    try:
        with declared_elsewhere():
            return dict(zip(names, ask(backend, engine, names), strict=True))
    except Exception:
        return _apart(backend, engine, names)


def _apart(backend: Any, engine: Engine, names: Sequence[str]) -> dict[str, str | None]:
    """Return what names the tables *names*, asked one by one: one that cannot be asked leaves the others theirs."""
    if len(names) == 1:
        return {names[0]: None}
    return {name: snapshots(backend, engine, [name])[name] for name in names}


def _of_duckdb(backend: Any, engine: Engine, name: str) -> str | None:
    """The file of the database, as it was last written; a table in another file has none."""
    schema = engine.namespace or "main"
    asked = (
        "SELECT path FROM duckdb_tables() JOIN duckdb_databases() USING (database_name) "
        "WHERE table_name = ? AND schema_name = ?"
    )
    found = backend.con.execute(asked, [name, schema]).fetchall()
    if len(found) != 1 or not found[0][0]:
        return None
    file = Path(found[0][0])
    told = [one.stat() for one in (file, file.with_name(f"{file.name}.wal")) if one.exists()]
    return _digest(*(f"{one.st_size} {one.st_mtime_ns}" for one in told))


def _of_spark(backend: Any, engine: Engine, names: Sequence[str]) -> list[str | None]:
    """The version of a Delta table, the snapshot of an Iceberg one, else the files a table of Parquet files consists of.

    The files of all *names* are one question: each costs a cluster a second or so, however small.
    """
    found: dict[str, str | None] = dict.fromkeys(names)
    tables = {name: ".".join([*([engine.namespace] if engine.namespace else []), name]) for name in names}
    filed = []
    for name, table in tables.items():
        told = {row[0]: row[1] for row in backend.raw_sql(f"DESCRIBE TABLE EXTENDED {table}").collect()}
        provider = str(told.get("Provider") or "").casefold()
        if provider == "delta":
            found[name] = f"delta {backend.raw_sql(f'DESCRIBE HISTORY {table} LIMIT 1').collect()[0][0]}"
        if provider == "iceberg":
            rows = backend.raw_sql(f"SELECT snapshot_id FROM {table}.refs WHERE name = 'main'").collect()  # noqa: S608
            found[name] = f"iceberg {rows[0][0]}"
        if provider == "parquet":
            filed.append(name)
            backend.raw_sql(f"REFRESH TABLE {table}").collect()  # a session keeps the list of files it once saw
    if filed:
        parts = "_metadata.file_path, _metadata.file_size, _metadata.file_modification_time"
        each = (f"SELECT '{name}' AS name, {parts} FROM {tables[name]}" for name in filed)  # noqa: S608  (a canonical table's name)
        files: dict[str, list[str]] = {name: [] for name in filed}
        for row in backend.raw_sql(f"SELECT DISTINCT * FROM ({' UNION ALL '.join(each)})").collect():  # noqa: S608
            files[row[0]].append(" ".join(map(str, row[1:])))
        found |= {name: _digest(*sorted(parts)) for name, parts in files.items()}
    return [found[name] for name in names]


def _of_databricks(backend: Any, engine: Engine, name: str) -> str | None:
    table = ".".join([*([engine.namespace] if engine.namespace else []), name])
    with backend.raw_sql(f"DESCRIBE HISTORY {table} LIMIT 1") as cursor:
        return f"delta {cursor.fetchone()[0]}"


def _of_bigquery(backend: Any, engine: Engine, name: str) -> str | None:
    """When a table (not a view) was last changed."""
    tables = f"`{engine.namespace}.__TABLES__`" if engine.namespace else "`__TABLES__`"
    asked = f"SELECT last_modified_time FROM {tables} WHERE type = 1 AND table_id = '{name}'"  # noqa: S608
    rows = list(backend.raw_sql(asked))
    return f"changed {rows[0][0]}" if rows else None


def _each(ask: Callable[[Any, Engine, str], str | None]) -> Callable[[Any, Engine, Sequence[str]], list[str | None]]:
    return lambda backend, engine, names: [ask(backend, engine, name) for name in names]


ASK: dict[str, Callable[[Any, Engine, Sequence[str]], list[str | None]]] = {
    "duckdb": _each(_of_duckdb), "spark": _of_spark, "databricks": _each(_of_databricks), "bigquery": _each(_of_bigquery),
}  # fmt: skip


def _digest(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
