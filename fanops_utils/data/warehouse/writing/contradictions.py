"""One key, two facts: what one file says twice and differently is set aside, what files of equal age dispute is said.

Both rules are pure SQL over staged rows (with `file_no` and `source_row`), so they hold before anything is merged.
"""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet

from fanops_utils.data.schema import PROVENANCE, TABLES, Table
from fanops_utils.data.sources.shared.cells import Reject
from fanops_utils.data.warehouse.engine import connect, named, quoted, scan
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.staging import Held, Staging

PLACE = ("file_no", "seq")
UNKNOWN_AGE = "file date"
COMPARED_UP_TO = 500_000  # rows of a table that an import is held against


def facts_of(table: Table, names: Iterable[str]) -> list[str]:
    """Return those of *names* that say something of a record: neither its key nor where it came from."""
    return [name for name in names if name not in {*table.key, *PROVENANCE, *PLACE, "is_partial"}]


def within_files(table: Table, names: Sequence[str], source: str) -> str:
    """Return the SQL of the rows of *source* that contradict another row of their own file.

    Two rows of one file with one key contradict each other where a fact differs; in tables that merge columns a missing
    fact is a gap, elsewhere it is a difference too. Columns: file_no, source_row, differing (list of names).
    """
    return _disputed(table, names, source, ["file_no"], "SELECT file_no, source_row, differing")


def between_files(table: Table, names: Sequence[str], source: str, age: str) -> str:
    """Return the SQL of the rows of *source* that another file of equal *age* (an expression) contradicts.

    Columns: source_file, others (list of the files of that age), differing.
    """
    return _disputed(table, names, source, [age], "SELECT source_file, others, differing")


def _disputed(table: Table, names: Sequence[str], source: str, within: list[str], select: str) -> str:
    facts = facts_of(table, names)
    key = ", ".join(map(named, table.key))
    gap = "" if table.merge_columns else " + CASE WHEN count({0}) BETWEEN 1 AND count(*) - 1 THEN 1 ELSE 0 END"
    differs = [f"count(DISTINCT {{0}}){gap} > 1".format(named(name)) for name in facts]
    listed = ", ".join(f"CASE WHEN {test} THEN {quoted(name)} END" for name, test in zip(facts, differs, strict=True))
    hashed = f"hash({key}, {', '.join(within)})"
    many = "count(*) > 1" if within == ["file_no"] else "count(DISTINCT source_file) > 1"
    return f"""
        WITH twice AS (SELECT {hashed} AS h FROM {source} WHERE {within[0]} IS NOT NULL GROUP BY h HAVING count(*) > 1),
        placed AS (SELECT *, {within[0]} AS place FROM {source} WHERE {hashed} IN (SELECT h FROM twice)),
        disputed AS (
            SELECT {key}, place, list_filter([{listed}], lambda one: one IS NOT NULL) AS differing,
                list_sort(list(DISTINCT source_file)) AS others
            FROM placed GROUP BY {key}, place HAVING {many} AND ({" OR ".join(differs) or "false"}))
        {select} FROM placed JOIN disputed ON placed.place IS NOT DISTINCT FROM disputed.place AND
            {" AND ".join(f"placed.{named(name)} IS NOT DISTINCT FROM disputed.{named(name)}" for name in table.key)}"""


def set_aside_contradictions(staging: Staging, files: Iterable[Held]) -> None:
    """Take the records that contradict others of their own file out of *staging*, into the rejects of their file."""
    held = {one.number: one for one in files}
    engine = connect(staging.folder)
    engine.execute("CREATE TEMP TABLE bad (file_no INTEGER, source_row BIGINT)")
    for name, parts in staging.parts.items():
        if not parts:
            continue
        query = within_files(TABLES[name], _names(parts), scan(*parts))
        for number, row, differing in engine.execute(query).fetchall():
            if row is None or number not in held:
                continue
            engine.execute("INSERT INTO bad VALUES (?, ?)", [number, row])
            key = ", ".join(one for one in TABLES[name].key if one not in ("platform", "snapshot_at", "metric_window"))
            reason = (
                f"the file says two things of one {key} ({', '.join(differing[:5])}): which of them holds is not known"
            )
            held[number].rejects.append(Reject(int(row), differing[0], "", reason))
    if engine.execute("SELECT count(*) FROM bad").fetchall()[0][0]:
        for parts in staging.parts.values():
            for path in parts:
                _without_bad(engine, path)
    engine.close()


def _names(parts: Sequence[Path]) -> list[str]:
    found: dict[str, None] = {}
    for path in parts:
        found |= dict.fromkeys(parquet.read_schema(path).names)
    return list(found)


def _without_bad(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    same = "part.file_no = bad.file_no AND part.source_row = bad.source_row"
    if not engine.execute(f"SELECT count(*) FROM {scan(path)} AS part SEMI JOIN bad ON {same}").fetchall()[0][0]:
        return
    kept, schema = path.with_suffix(".kept"), parquet.read_schema(path)
    rest = engine.sql(f"SELECT * FROM {scan(path)} AS part ANTI JOIN bad ON {same} ORDER BY seq").to_arrow_table()
    parquet.write_table(rest.cast(schema), kept, compression="snappy")
    kept.replace(path)


def say_disputes(store: Store, staging: Staging, files: Iterable[Held], known: dict[str, dict[object, object]]) -> None:
    """Warn on files whose records another file of the same age contradicts: the later one counts, and nothing decided it.

    Files whose age is only their date on disk are all of one, unknown, age. Large tables are not read for it.
    """
    held = {one.label: one for one in files}
    unsure = [label for label, one in held.items() if one.age_from == UNKNOWN_AGE]
    unsure += [label for label, entry in known.items() if entry.get("age_from") == UNKNOWN_AGE and label not in held]
    engine = connect(staging.folder)
    engine.execute("CREATE TEMP TABLE unsure (source_file VARCHAR)")
    for label in unsure:
        engine.execute("INSERT INTO unsure VALUES (?)", [label])
    age = "CASE WHEN source_file IN (SELECT source_file FROM unsure) THEN NULL ELSE exported_at END"
    for name, parts in staging.parts.items():
        if not parts:
            continue
        rows = _with_old(engine, store, name, scan(*parts), is_first=not known)
        names = _names(parts)
        undated = f"(SELECT * FROM {rows} WHERE source_file IN (SELECT source_file FROM unsure))"
        for source, reckoned, words in ((rows, age, "of the same age"), (undated, "true", "of unknown age")):
            told: Counter[tuple[str, str]] = Counter()
            for file, others, _ in engine.execute(between_files(TABLES[name], names, source, reckoned)).fetchall():
                told.update((file, other) for other in others if other != file)
            for (file, other), count in sorted(told.items()):
                if file in held:
                    held[file].warnings.append(
                        f"{count} records of {name} contradict {other}, an export {words}: the one read last counts; "
                        "--exported-on says which is newer"
                    )
    engine.close()


def _with_old(engine: duckdb.DuckDBPyConnection, store: Store, name: str, staged: str, *, is_first: bool) -> str:
    """Return *staged* rows together with those the warehouse has, where it has few."""
    if is_first:
        return staged
    there = store.table(name)
    size = int(there.count().execute())
    if not 0 < size <= COMPARED_UP_TO:
        return staged
    engine.register(f"there_{name}", there.to_pyarrow())
    files = f"SELECT DISTINCT source_file FROM {staged}"
    kept = f"SELECT * FROM there_{name} WHERE source_file NOT IN ({files})"
    return f"(SELECT * FROM {staged} UNION ALL BY NAME {kept})"
