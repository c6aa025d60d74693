"""The end of an import: staged rows merged into their tables, fan days counted, all of it committed in one step."""

# ruff: noqa: S608  (numbers and names of our own)

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd

from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.warehouse.engine import connect, scan
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.fan_day import counted_in, write_fan_day, zones_of
from fanops_utils.data.warehouse.writing.staging import Held, Staging
from fanops_utils.data.warehouse.writing.upsert import Upsert

EVENTS = "member_events"


def merge_all(store: Store, staging: Staging, files: Iterable[Held]) -> tuple[dict[str, Path], dict[int, int]]:
    """Merge what lies in *staging* into the tables of *store*.

    Returned: the files of the tables that changed, to be committed; and per number of a file how many of its records
    changed a table.
    """
    engine = connect(staging.folder)
    engine.execute("CREATE TEMP TABLE seen (file_no INTEGER, source_row BIGINT)")
    counted = [one.number for one in files if one.one_row_per_record and len(one.tables) == 1]
    listed = f"({', '.join(map(str, [-1, *counted]))})"
    changed: dict[str, Path] = {}
    loaded: dict[int, int] = {}
    for name, parts in staging.parts.items():
        if not parts:
            continue
        merge = Upsert(engine, TABLES[name], store.path(name), tuple(parts))
        merge.prepare()
        rows = f"SELECT file_no, count(*) FROM ({merge.loaded()}) WHERE file_no IN {listed} GROUP BY file_no"
        loaded |= {int(number): int(count) for number, count in engine.execute(rows).fetchall()}
        engine.execute(f"INSERT INTO seen SELECT * FROM ({merge.loaded()}) WHERE file_no NOT IN {listed}")
        if merge.changed():
            changed[name] = staging.folder / f"{name}.merged"
            merge.write(changed[name])
        if name == EVENTS:
            _keep_touched(engine, merge)
    seen = engine.execute("SELECT file_no, count(DISTINCT source_row) FROM seen GROUP BY file_no").fetchall()
    loaded |= {int(number): int(count) for number, count in seen}
    _count_days(engine, store, staging, changed)
    engine.close()
    return changed, loaded


def _keep_touched(engine: duckdb.DuckDBPyConnection, merge: Upsert) -> None:
    """Remember the events that came or went: their days are counted again."""
    place = "platform, member_key, market, event_timestamp"
    engine.execute(f"CREATE TEMP VIEW moved AS SELECT {place} FROM {scan(*merge.staged)}")
    engine.execute(f"CREATE TEMP TABLE replaced AS SELECT {place} FROM folded WHERE file_no < 0")


def _count_days(engine: duckdb.DuckDBPyConnection, store: Store, staging: Staging, changed: dict[str, Path]) -> None:
    events = changed.get(EVENTS) or store.path(EVENTS)
    zones, before = zones_of(store.workspace.brand), store.path("fan_day")
    same = counted_in(before) == zones
    if events is None or (EVENTS not in changed and same):
        return
    both = "SELECT * FROM moved UNION ALL SELECT * FROM replaced"
    target = staging.folder / "fan_day.merged"
    write_fan_day(engine, target, events=events, before=before, zones=zones,
                  touched=both if same and EVENTS in changed and _is_small(engine, events) else None)  # fmt: skip
    changed["fan_day"] = target


def _is_small(engine: duckdb.DuckDBPyConnection, events: Path) -> bool:
    """Return whether so few events moved that counting only their days is less work than counting all."""
    query = f"SELECT 3 * (SELECT count(*) FROM moved) <= (SELECT count(*) FROM {scan(events)})"
    return bool(engine.execute(query).fetchall()[0][0])


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
