"""New rows into a table by its key, in the engine: the newest export wins, its unfinished days and its gaps do not.

Of the rows of one key, a finished day stands above an unfinished one, then the newer export above the older, then the
later row above the earlier. The highest row counts; in tables that merge columns it counts cell by cell, so that a
missing cell never replaces a value. The outcome does not depend on the order of the imports, with one exception: a
merged row carries the time of its newest export alone, so of two older ones that could fill its gap the first does.
"""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet

from fanops_utils.data.schema import PROVENANCE, Table
from fanops_utils.data.warehouse.engine import columns, named, quoted, scan

PER_SLICE = 2_000_000
ORDERED_UP_TO = 2_000_000
PLACE = ("file_no", "seq", "file_row_number")
TYPES = {
    "string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}  # fmt: skip


@dataclass(frozen=True)
class Upsert:
    """One table to be merged: the file it has now, and the files of staged rows (with `file_no` and `seq`).

    Rows whose key stands once pass straight through; only the others (`folded`) are compared. All is done by name in
    the engine, so a table of any size passes through bounded memory.
    """

    engine: duckdb.DuckDBPyConnection
    table: Table
    old: Path | None
    staged: tuple[Path, ...]

    @cached_property
    def names(self) -> list[str]:
        """Columns of the merged table: the canonical ones, then what an open table has besides."""
        files = [*([self.old] if self.old else []), *self.staged]
        extra = [name for name in self._found(scan(*files)) if name not in (*self.table.columns, *PLACE)]
        return [*self.table.columns, *(sorted(extra) if self.table.open else [])]

    def prepare(self) -> None:
        """Find the keys that stand more than once, and decide which of their rows count."""
        run = self.engine.execute
        run(f"CREATE OR REPLACE TEMP VIEW fresh AS {self._typed(scan(*self.staged), 'file_no, seq')}")
        hashes = f"SELECT {self._hash()} AS h FROM fresh"
        if self.old:
            there = self._typed(scan(self.old, file_row_number=True), "-1 AS file_no, file_row_number AS seq")
            run(f"CREATE OR REPLACE TEMP VIEW before AS {there}")
            hashes += f" UNION ALL SELECT {self._hash()} AS h FROM before WHERE {self._hash()} IN ({hashes})"
        run(f"CREATE OR REPLACE TEMP TABLE twice AS SELECT h FROM ({hashes}) GROUP BY h HAVING count(*) > 1")
        slices = 1 + 2 * self._number("SELECT count(*) FROM twice") // PER_SLICE
        run(f"CREATE OR REPLACE TEMP TABLE folded AS {self._fold(slices, 0)}")
        for number in range(1, slices):
            run(f"INSERT INTO folded BY NAME {self._fold(slices, number)}")

    def changed(self) -> bool:
        """Return whether the merge says something the table did not: a fact, or a newer export that confirms one."""
        once = f"SELECT count(*) FROM (SELECT 1 FROM fresh {self._once('fresh')} LIMIT 1)"
        return bool(self._number(once) or self._number("SELECT count(*) FROM folded WHERE is_loaded OR is_confirmed"))

    def loaded(self) -> str:
        """Return the SQL that lists file_no and source_row of every row that changed the table."""
        return (
            f"SELECT file_no, source_row FROM fresh {self._once('fresh')} "
            "UNION ALL SELECT file_no, source_row FROM folded WHERE is_loaded"
        )

    def write(self, path: Path) -> int:
        """Write the merged table to *path* as Parquet; return its rows. Tables of ordinary size keep their order."""
        listed = columns(self.names)
        parts = [f"SELECT {listed}, {view}.file_no, {view}.seq FROM {view} {self._once(view)}"
                 for view in (["before", "fresh"] if self.old else ["fresh"])]  # fmt: skip
        parts.append(f"SELECT {listed}, first_file_no AS file_no, first_seq AS seq FROM folded WHERE is_winner")
        merged = " UNION ALL ".join(parts)
        staged = self._number(f"SELECT count(*) FROM {scan(*self.staged)}")
        size = staged + (parquet.read_metadata(self.old).num_rows if self.old else 0)
        order = "ORDER BY file_no, seq" if size <= ORDERED_UP_TO else ""
        target = f"{quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
        self.engine.execute(f"COPY (SELECT {listed} FROM ({merged}) {order}) TO {target}")
        return parquet.read_metadata(path).num_rows

    def _fold(self, slices: int, number: int) -> str:
        """Return the SQL of the rows whose keys stand more than once: which changed the table, which count."""
        key, names = columns(self.table.key), self.names
        facts = [name for name in names if name not in self.table.key and name not in PROVENANCE]
        gaps = [name for name in facts if (self.table.merge_columns and name != "is_partial")
                or name not in self.table.columns]  # fmt: skip
        whole = ", ".join(f"{named(name)} := {named(name)}" for name in facts if name not in gaps)
        state = [f"f{place} := arg_max({named(name)}, place) OVER sofar" for place, name in enumerate(gaps)]
        state += [f"whole := arg_max(struct_pack({whole}), place) OVER sofar"] if whole else []
        filled = ", ".join(f"arg_max({named(name)}, place) OVER everything AS {named(name)}" for name in gaps)
        finished = "NOT coalesce(is_partial, false), " if "is_partial" in names else ""
        mine = f"{self._hash()} IN (SELECT h FROM twice WHERE h % {slices} = {number})"
        last = f"QUALIFY row_number() OVER (PARTITION BY file_no, {key} ORDER BY seq DESC) = 1"
        there = f"SELECT * FROM before WHERE {mine} UNION ALL " if self.old else ""
        return f"""
            WITH stacked AS ({there}SELECT * FROM (SELECT * FROM fresh WHERE {mine} {last})),
            placed AS (SELECT *, row_number() OVER (
                PARTITION BY {key} ORDER BY {finished}exported_at NULLS FIRST, file_no, seq) AS place FROM stacked),
            stated AS (SELECT * {f"REPLACE ({filled})" if filled else ""},
                struct_pack({", ".join(state) or "place := 1"}) AS state,
                place = max(place) OVER everything AS is_winner,
                max(exported_at) FILTER (file_no < 0) OVER everything AS known_at,
                first_value(file_no) OVER sofar AS first_file_no, first_value(seq) OVER sofar AS first_seq
                FROM placed WINDOW everything AS (PARTITION BY {key}),
                sofar AS (PARTITION BY {key} ORDER BY file_no, seq ROWS UNBOUNDED PRECEDING))
            SELECT * EXCLUDE (place, state, known_at),
                file_no >= 0 AND (first_file_no = file_no AND first_seq = seq
                    OR state IS DISTINCT FROM lag(state) OVER (PARTITION BY {key} ORDER BY file_no, seq)) AS is_loaded,
                file_no >= 0 AND is_winner AND exported_at > known_at AS is_confirmed
            FROM stated"""

    def _typed(self, source: str, place: str) -> str:
        """Return the SQL of *source* with all columns of the merged table; one it lacks is null."""
        there = self._found(source)
        listed = [named(name) if name in there else f"NULL::{self._type(name)} AS {named(name)}" for name in self.names]
        return f"SELECT {', '.join(listed)}, {place} FROM {source}"

    def _type(self, name: str) -> str:
        return TYPES[str(self.table.columns[name].arrow)] if name in self.table.columns else "DOUBLE"

    def _found(self, source: str) -> list[str]:
        return [row[0] for row in self.engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]

    def _hash(self, view: str = "") -> str:
        return f"hash({', '.join(view + named(name) for name in self.table.key)})"

    def _once(self, view: str) -> str:
        return f"ANTI JOIN twice ON {self._hash(f'{view}.')} = twice.h"

    def _number(self, query: str) -> int:
        return int(self.engine.execute(query).fetchall()[0][0])
