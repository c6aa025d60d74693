"""How long rows are kept: which are over age, and their removal."""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from fanops_utils.data.parts import Parts
from fanops_utils.data.privacy.inventory import read_inventory
from fanops_utils.data.protection.holdings import parts_where
from fanops_utils.data.protection.in_raw import raw_files
from fanops_utils.data.protection.ledger import note
from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.warehouse.engine import connect, named, quoted, scan
from fanops_utils.data.warehouse.files import ERASING
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.originals import read_notes, write_notes
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.temporary import temporary_folder

RAW = "raw"
AGED_BY = (
    "date_day", "event_timestamp", "created_timestamp", "mentioned_at", "assigned_at", "answered_at", "invited_at", "published_at",
    "sent_at", "booked_at", "started_at", "offered_at", "period_start", "starts_at",
    "interval_start", "joined_at", "opened_at", "snapshot_at", "imported_at",
)  # fmt: skip


@dataclass(frozen=True)
class OverAge:
    """Rows of a table (files of raw/) that are older than they may be kept; `undated` rows cannot be judged."""

    table: str
    keep_days: int
    rows: int
    oldest: date | None
    before: date
    undated: int = 0


def keep_days(workspace: Workspace) -> dict[str, int]:
    """Return the days each table is kept: as privacy.yml says, else as the data inventory does.

    Raises WorkspaceError where privacy.yml names a table that does not exist.
    """
    known = {**TABLES, **SYSTEM_TABLES}
    for name in workspace.privacy.keep_days:
        if name not in known and name != RAW:
            raise WorkspaceError(
                "no such table", file=workspace.path / "privacy.yml", value=name, choices=[RAW, *known]
            )
    default = {name: entry.keep_days for name, entry in read_inventory().tables.items() if entry.keep_days}
    return {**default, **workspace.privacy.keep_days}


def over_age(workspace: Workspace, *, today: date | None = None) -> list[OverAge]:
    """Return per table with a limit the rows that are older, counted in UTC days before *today*; tables without any too."""
    store, day = Store(workspace), today or datetime.now(UTC).date()
    store.place.only_here(say("Erasing what is kept too long"))
    with _engine() as engine:
        found = [
            _of_table(engine, store, name, days, day)
            for name, days in sorted(keep_days(workspace).items())
            if name != RAW
        ]
    raw = keep_days(workspace).get(RAW)
    listed = [one for one in found if one]
    return [*listed, _of_raw(workspace, raw, day)] if raw else listed


def erase_over_age(workspace: Workspace, *, today: date | None = None) -> list[OverAge]:
    """Remove the rows that `over_age` lists, and files of raw/ where these have a limit; return what was removed.

    Lines of an order go with it. Raises WorkspaceError where the warehouse is busy or cannot be written.
    """
    store = Store(workspace)
    store.place.only_here(say("Erasing what is kept too long"))
    with store.locked():
        found = [one for one in over_age(workspace, today=today) if one.rows]
        staging = store.folder / f"{ERASING}retention"
        staging.mkdir(exist_ok=True)
        try:
            with _engine() as engine:
                ready: dict[str, Parts] = {}
                for one in [one for one in found if one.table != RAW]:
                    ready |= _remove(engine, store, one, staging)
            store.commit(ready, keep_previous=False)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        for one in found:
            if one.table == RAW:
                for path in _old_files(workspace, one.before):
                    path.unlink()
                write_notes(workspace, read_notes(workspace))
        if found:
            note(workspace, "retention", {"rows": {one.table: one.rows for one in found}})
    return found


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with temporary_folder() as spill:
        engine = connect(spill)
        engine.execute("SET preserve_insertion_order = true")
        yield engine
        engine.close()


def _of_table(engine: duckdb.DuckDBPyConnection, store: Store, name: str, days: int, today: date) -> OverAge | None:
    paths = store.paths(name) if name in store.manifest() else ()
    if not paths:
        return None
    before, day = today - timedelta(days=days), _day(name, store)
    query = (f"SELECT count(*) FILTER ({day} < {quoted(before)}), min({day}), count(*) FILTER ({day} IS NULL) "
             f"FROM {scan(*paths)} AS t")  # fmt: skip
    row = engine.execute(query).fetchone()
    rows, oldest, undated = row if row else (0, None, 0)
    return OverAge(name, days, int(rows), oldest, before, int(undated))


def _day(name: str, store: Store) -> str:
    """Return the SQL of the day by which a row of table *name* ages; one in quarantine by the import of its file."""
    table = {**TABLES, **SYSTEM_TABLES}[name]
    if name == "quarantine":
        log = store.paths("import_log")
        logged = f"(SELECT max(imported_at) FROM {scan(*log)} AS l WHERE l.file = t.file)" if log else "NULL"
        return f"CAST({logged} AS DATE)"
    column = table.local[0] if table.local else next((one for one in AGED_BY if one in table.columns), None)
    return f"CAST({named(column)} AS DATE)" if column else "CAST(NULL AS DATE)"


def _remove(engine: duckdb.DuckDBPyConnection, store: Store, one: OverAge, staging: Path) -> dict[str, Parts]:
    kept = f"coalesce({_day(one.table, store)} >= {quoted(one.before)}, true)"
    ready = {one.table: parts_where(engine, store, one.table, staging, kept)}
    if one.table == "orders" and store.paths("order_lines"):
        gone = f"SELECT order_id FROM {scan(*store.paths(one.table))} AS t WHERE NOT ({kept})"
        ready["order_lines"] = parts_where(engine, store, "order_lines", staging, f"order_id NOT IN ({gone})")
    return ready


def _of_raw(workspace: Workspace, days: int, today: date) -> OverAge:
    before = today - timedelta(days=days)
    old = _old_files(workspace, before)
    oldest = min((_written(path) for path in old), default=None)
    return OverAge(RAW, days, len(old), oldest, before)


def _old_files(workspace: Workspace, before: date) -> list[Path]:
    return [path for path, _ in raw_files(workspace) if _written(path) < before]


def _written(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
