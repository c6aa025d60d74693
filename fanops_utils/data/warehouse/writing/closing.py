"""The end of an import: staged rows merged into their tables, fan days counted, all of it committed in one step."""

# ruff: noqa: S608  (numbers and names of our own)

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as parquet

from fanops_utils.data.parts import NewPart, Part, Parts
from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.warehouse.engine import connect
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.fan_day import TOUCHED, count_days
from fanops_utils.data.warehouse.writing.staging import Held, Staging
from fanops_utils.data.warehouse.writing.upsert import Upsert

EVENTS = "member_events"
FEW = 200_000


def merge_all(store: Store, staging: Staging, files: Iterable[Held]) -> tuple[dict[str, Parts], dict[int, int]]:
    """Merge what lies in *staging* into the tables of *store*.

    Returned: the tables that changed, to be committed; and per number of a file how many of its records changed a
    table. A table whose days were cut in other zones than those of the brand today, or not at all, is cut anew.
    """
    engine = connect(staging.folder)
    engine.execute("CREATE TEMP TABLE seen (file_no INTEGER, source_row BIGINT)")
    counted = [one.number for one in files if one.one_row_per_record and len(one.tables) == 1]
    listed = f"({', '.join(map(str, [-1, *counted]))})"
    changed: dict[str, Parts] = {}
    loaded: dict[int, int] = {}
    is_few = False
    for name, parts in staging.parts.items():
        if not parts:
            continue
        merge = _upsert(engine, store, name, tuple(parts))
        merge.prepare()
        rows = f"SELECT file_no, count(*) FROM ({merge.loaded()}) WHERE file_no IN {listed} GROUP BY file_no"
        loaded |= {int(number): int(count) for number, count in engine.execute(rows).fetchall()}
        engine.execute(f"INSERT INTO seen SELECT * FROM ({merge.loaded()}) WHERE file_no NOT IN {listed}")
        if merge.changed() or not merge.is_cut:
            changed[name] = merge.write(staging.folder)
        if name == EVENTS:
            is_few = _keep_touched(engine, merge)
    seen = engine.execute("SELECT file_no, count(DISTINCT source_row) FROM seen GROUP BY file_no").fetchall()
    loaded |= {int(number): int(count) for number, count in seen}
    for name in [name for name in store.manifest() if name in TABLES and name not in changed]:
        stays = _upsert(engine, store, name, ())
        if not stays.is_cut:
            changed[name] = stays.cut_anew(staging.folder)
    if EVENTS in changed:
        changed["fan_day"] = _count_days(engine, store, staging.folder, changed[EVENTS], is_few)
    engine.close()
    return changed, loaded


def _upsert(engine: duckdb.DuckDBPyConnection, store: Store, name: str, staged: tuple[Path, ...]) -> Upsert:
    entry = store.files(name)
    old = tuple((store.folder / part.file, part) for part in entry.parts) if entry else ()
    is_cut = entry is None or not store.needs_cut(name, entry)
    return Upsert(engine, TABLES[name], old, staged, store.cut(name), is_cut)


def _keep_touched(engine: duckdb.DuckDBPyConnection, merge: Upsert) -> bool:
    """Remember the days whose events came or went, where they are few enough to be counted one by one."""
    if not merge.is_cut or sum(parquet.read_metadata(path).num_rows for path in merge.staged) > FEW:
        return False
    place = "platform, member_key, date_day"
    moved = f"SELECT {place} FROM fresh UNION SELECT {place} FROM folded"
    engine.execute(f"CREATE TEMP TABLE {TOUCHED} AS {moved}")
    return True


def _count_days(engine: duckdb.DuckDBPyConnection, store: Store, folder: Path, events: Parts, is_few: bool) -> Parts:
    def where(part: Part | NewPart) -> Path:
        return store.folder / part.file if isinstance(part, Part) else part.path

    return count_days(engine, folder, events=events, before=store.files("fan_day"), where=where, is_few=is_few)


def with_log(store: Store, files: Iterable[Held], lines: Iterable[dict[str, object]]) -> dict[str, pd.DataFrame]:
    """Return the tables import_log and quarantine as they are after *files*, with *lines* for the log.

    Where a file stands twice, as it was and as it was corrected, the later one counts.
    """
    held = {one.label: one for one in files}
    logged = {str(line["file"]): line for line in lines}
    rows = pd.DataFrame(list(logged.values()), columns=list(SYSTEM_TABLES["import_log"].columns))
    rejects = [
        {"file": one.label, "source_row": reject.row, "column": reject.column, "value": reject.value, "reason": reject.reason}
        for one in held.values() for reject in one.rejects
    ]  # fmt: skip
    aside = pd.DataFrame(rejects, columns=list(SYSTEM_TABLES["quarantine"].columns))
    found = (("import_log", list(logged), rows), ("quarantine", list(held), aside))
    return {name: _appended(store, name, touched, new) for name, touched, new in found}


def _appended(store: Store, name: str, touched: list[str], new: pd.DataFrame) -> pd.DataFrame:
    old, ready = store.read(name), SYSTEM_TABLES[name].conform(new)
    kept = old[~old["file"].isin(touched)]
    return ready if kept.empty else pd.concat([kept, ready], ignore_index=True)
