"""New rows into a table by its key, in the engine: the newest export wins, its unfinished days and its gaps do not.

Of the rows of one key, a finished day stands above an unfinished one, then the newer export above the older, then the
later row above the earlier. The highest row counts; in tables that merge columns it counts cell by cell, so that a
missing cell never replaces a value. The outcome does not depend on the order of the imports, with one exception: a
merged row carries the time of its newest export alone, so of two older ones that could fill its gap the first does.
"""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from fanops_utils.data.columns import UTC
from fanops_utils.data.parts import Part, Parts, touched
from fanops_utils.data.schema import PROVENANCE, Table
from fanops_utils.data.warehouse.days import Cut
from fanops_utils.data.warehouse.engine import columns, named, scan
from fanops_utils.data.warehouse.writing.monthly import counts_by_month, month_of, write_parts

PER_SLICE = 2_000_000
PLACE_BITS = 40  # of an old row's seq: above them its part, below its row there
PLACE = ("file_no", "seq", "file_row_number")
TYPES = {
    "string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}  # fmt: skip


@dataclass(frozen=True)
class Upsert:
    """One table to be merged: the parts it has now, and the files of staged rows (with `file_no` and `seq`).

    Rows whose key stands once pass straight through; only the others (`folded`) are compared. All is done by name in
    the engine, so a table of any size passes through bounded memory. Parts that nothing comes into, or goes out of, stay
    as they are. *is_cut* says whether the days of the old parts are those that *cut* would give.
    """

    engine: duckdb.DuckDBPyConnection
    table: Table
    old: tuple[tuple[Path, Part], ...]
    staged: tuple[Path, ...]
    cut: Cut | None = None
    is_cut: bool = True

    @cached_property
    def names(self) -> list[str]:
        """Columns of the merged table: the canonical ones, then what an open table has besides."""
        files = [*(path for path, _ in self.old), *self.staged]
        extra = [name for name in self._found(scan(*files)) if name not in (*self.table.columns, *PLACE)]
        return [*self.table.columns, *(sorted(extra) if self.table.open else [])]

    def prepare(self) -> None:
        """Find the keys that stand more than once, and decide which of their rows count."""
        run = self.engine.execute
        run(f"CREATE OR REPLACE TEMP VIEW fresh AS {self._typed(scan(*self.staged), 'file_no, seq', cut=self.cut)}")
        hashes = f"SELECT {self._hash()} AS h FROM fresh"
        run(f"CREATE OR REPLACE TEMP VIEW before AS {self._before(self._candidates())}")
        hashes += f" UNION ALL SELECT {self._hash()} AS h FROM before WHERE {self._hash()} IN ({hashes})"
        run(f"CREATE OR REPLACE TEMP TABLE twice AS SELECT h FROM ({hashes}) GROUP BY h HAVING count(*) > 1")
        slices = 1 + 2 * self._number("SELECT count(*) FROM twice") // PER_SLICE
        run(f"CREATE OR REPLACE TEMP TABLE folded AS {self._fold(slices, 0)}")
        for number in range(1, slices):
            run(f"INSERT INTO folded BY NAME {self._fold(slices, number)}")
        moving = f"SELECT DISTINCT {self._hash()} AS h FROM folded WHERE is_loaded OR is_confirmed"
        run(f"CREATE OR REPLACE TEMP TABLE moving AS {moving}")

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

    def write(self, folder: Path) -> Parts:
        """Write the parts of the merged table that change into *folder*; return all of them.

        Parts of ordinary size keep the order in which their rows came.
        """
        come = " UNION ALL ".join([self._picked("fresh", self._once("fresh")), self._winners()])
        places = self._touched(come)
        before = self._picked("before", f"ANTI JOIN moving ON {self._hash('before.')} = moving.h")
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW before AS {self._before(sorted(places))}")
        kept = tuple(part for place, (_, part) in enumerate(self.old) if place not in places)
        merged = f"{before} UNION ALL {come}"
        new = write_parts(self.engine, self.table, self.names, merged, folder, kept=kept)
        return Parts((*kept, *new), self.cut.zones if self.cut else None)

    def cut_anew(self, folder: Path) -> Parts:
        """Write the table with its days cut as they are today, nothing else changed, into *folder*; return its parts."""
        rows = f"SELECT {columns(self.names)}, file_no, seq FROM ({self._before(range(len(self.old)))})"
        new = write_parts(self.engine, self.table, self.names, rows, folder, kept=())
        return Parts(tuple(new), self.cut.zones if self.cut else None)

    def _picked(self, view: str, which: str) -> str:
        return f"SELECT {columns(self.names)}, {view}.file_no, {view}.seq FROM {view} {which}"

    def _winners(self) -> str:
        """Return the SQL of the rows that stand from now on where a key's rows were compared and something moved."""
        listed = f"{columns(self.names)}, first_file_no AS file_no, first_seq AS seq"
        return f"SELECT {listed} FROM folded WHERE is_winner AND {self._hash()} IN (SELECT h FROM moving)"

    def _touched(self, come: str) -> set[int]:
        """Return which of the old parts are written anew: rows leave them, or rows that *come* belong there."""
        if not self.is_cut:
            return set(range(len(self.old)))
        left = f"SELECT DISTINCT seq >> {PLACE_BITS} FROM folded WHERE file_no < 0 AND {self._hash()} IN (SELECT h FROM moving)"
        left_by = {int(row[0]) for row in self.engine.execute(left).fetchall()}
        return touched(tuple(part for _, part in self.old), counts_by_month(self.engine, self.table, come), left_by)

    def _candidates(self) -> list[int]:
        """Return the old parts that may hold a key of the staged rows: all, where no time is part of the key."""
        every = list(range(len(self.old)))
        times = {self.cut.time} if self.cut else {"date_day"} & set(self.table.columns)
        time = next((name for name in self.table.key if name in times), None)
        if time is None or not self.is_cut:
            return every
        is_moment = self.table.columns[time].dtype == UTC
        day = f"epoch_us({named(time)}) // 86400000000" if is_moment else f"{named(time)} - DATE '1970-01-01'"
        days = self.engine.execute(f"SELECT DISTINCT {day} FROM {scan(*self.staged)}").fetchall()
        near = {month_of(one, shift) for (one,) in days for shift in ((-1, 0, 1) if is_moment else (0,))}
        return [place for place in every if any(self.old[place][1].holds(month) for month in near)]

    def _before(self, places: Iterable[int]) -> str:
        """Return the SQL of the rows of the old parts at *places*; their seq says where each stood."""
        rows = [
            self._typed(
                scan(self.old[place][0], file_row_number=True),
                f"-1 AS file_no, {place << PLACE_BITS} + file_row_number AS seq",
                cut=None if self.is_cut else self.cut,
            )
            for place in places
        ]
        return " UNION ALL ".join(rows) or "SELECT * FROM fresh WHERE false"

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
        there = f"SELECT * FROM before WHERE {mine} UNION ALL BY NAME " if self.old else ""
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

    def _typed(self, source: str, place: str, *, cut: Cut | None = None) -> str:
        """Return the SQL of *source* with all columns of the merged table, days cut by *cut*; a column it lacks is null."""
        there = self._found(source)
        listed = [named(name) if name in there else f"NULL::{self._type(name)} AS {named(name)}" for name in self.names]
        rows = f"SELECT {', '.join(listed)}, {place} FROM {source}"
        return cut.applied(f"({rows})", tuple(self.names), ("file_no", "seq")) if cut else rows

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
