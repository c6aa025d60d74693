"""What the warehouse holds of one person: their rows by pseudonym or id, and rows that hang on them."""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from fanops_utils.data.parts import NewPart, Part, Parts
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.warehouse.engine import columns, connect, named, quoted, scan
from fanops_utils.data.warehouse.store import Store

DEPENDENT = {"order_lines": ("orders", ("order_id",)), "post_metrics": ("posts", ("platform", "post_id"))}


@dataclass
class Holdings:
    """The tables of a warehouse, asked for the rows of one person.

    *records* are the records of raw files that are the person's: per label their numbers, each with the pseudonyms of the
    ids that stand in it. What is in quarantine of them is theirs; so is a row made of them under another id.
    """

    store: Store
    subject: Subject
    spill: Path
    records: Mapping[str, Mapping[int, Collection[str]]] = field(default_factory=dict)
    platform: str | None = None
    _columns: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def engine(self) -> duckdb.DuckDBPyConnection:
        engine = connect(self.spill)
        engine.execute("SET preserve_insertion_order = true")
        return engine

    @cached_property
    def paths(self) -> dict[str, tuple[Path, ...]]:
        """The files of every table that was imported."""
        found = {name: self.store.paths(name) for name in self.store.manifest()}
        return {name: paths for name, paths in found.items() if paths}

    def theirs(self, name: str) -> str:
        """Return the SQL condition of the rows of table *name* that are the person's, never null."""
        texts = self._texts(name)
        is_id = f", {quoted(self.subject.cell)}, 'i')"
        keys = ", ".join(map(quoted, sorted(self.subject.keys)))
        parts = [f"{named(one)} IN ({keys})" for one in texts if one.endswith("_key")]
        if self.subject.cell:
            parts += [f"regexp_full_match({named(one)}{is_id}" for one in texts if not one.endswith("_key")]
        parts += [self._of_record(name, label, records, texts) for label, records in self.records.items()]
        owner, on = DEPENDENT.get(name, ("", ()))
        if owner in self.paths:
            whole = f"SELECT {columns(on)} FROM {scan(*self.paths[owner])} WHERE {self.theirs(owner)}"
            parts.append(f"({columns(on)}) IN ({whole})" if len(on) > 1 else f"{columns(on)} IN ({whole})")
        mine = f"coalesce({' OR '.join(parts) or 'false'}, false)"
        return f"({mine} AND platform = {quoted(self.platform)})" if self.platform and "platform" in texts else mine

    def _of_record(self, name: str, label: str, records: Mapping[int, Collection[str]], texts: list[str]) -> str:
        """Return the SQL condition of the rows of table *name* that came of the person's *records* of the file *label*."""
        if name == "quarantine":
            return f"({named('file')} = {quoted(label)} AND source_row IN ({', '.join(map(str, records))}))"
        pairs = ", ".join(f"({number}, {quoted(key)})" for number, keys in records.items() for key in keys)
        keyed = [column for column in texts if column.endswith("_key") and "source_file" in texts]
        made = " OR ".join(f"(source_row, {column}) IN ({pairs})" for column in keyed) if pairs else ""
        return f"(source_file = {quoted(label)} AND ({made}))" if made else "false"

    def count(self, name: str) -> int:
        """Return how many rows of table *name* are the person's."""
        found = self.engine.execute(
            f"SELECT count(*) FROM {scan(*self.paths[name])} WHERE {self.theirs(name)}"
        ).fetchone()
        return int(found[0]) if found else 0

    def origins(self, name: str) -> set[str]:
        """Return the files that the person's rows of table *name* came from."""
        if "source_file" not in self._texts(name):
            return set()
        query = f"SELECT DISTINCT source_file FROM {scan(*self.paths[name])} WHERE {self.theirs(name)}"
        return {row[0] for row in self.engine.execute(query).fetchall() if row[0]}

    def namings(self, name: str) -> dict[str, dict[str, str]]:
        """Return per column of table *name* the texts that name the person, and the same texts without them."""
        spelt = f", {quoted(self.subject.spelling)}, 'i')"
        holding = {column: f"regexp_matches({named(column)}{spelt}"
                   for column in self._texts(name) if not column.endswith("_key")}  # fmt: skip
        others = f"{scan(*self.paths[name])} WHERE NOT {self.theirs(name)} AND"
        anywhere = f"SELECT 1 FROM {others} ({' OR '.join(holding.values()) or 'false'}) LIMIT 1"
        if not self.engine.execute(anywhere).fetchone():
            return {}
        found: dict[str, dict[str, str]] = {}
        for column, holds in holding.items():
            texts = self.engine.execute(f"SELECT DISTINCT {named(column)} FROM {others} ({holds})").fetchall()
            changed = {text: self.subject.without(text) for (text,) in texts if self.subject.text.search(text)}
            if changed:
                found[column] = changed
        return found

    def without(self, name: str, folder: Path, namings: Mapping[str, Mapping[str, str]]) -> Parts:
        """Return table *name* without the person: their rows gone, their id struck out of other texts.

        Files that hold nothing of them stay; the others are written anew into *folder*.
        """
        replaced = [
            f"CASE {named(column)} {' '.join(f'WHEN {quoted(old)} THEN {quoted(new)}' for old, new in texts.items())} "
            f"ELSE {named(column)} END AS {named(column)}"
            for column, texts in namings.items()
        ]
        picked = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
        names = [f"{named(column)} IN ({', '.join(map(quoted, texts))})" for column, texts in namings.items()]
        changed = f"coalesce({' OR '.join(names) or 'false'}, false)"
        kept = f"NOT {self.theirs(name)}"
        return parts_where(self.engine, self.store, name, folder, kept, picked=picked, changed=changed)

    def _texts(self, name: str) -> list[str]:
        if name not in self._columns:
            described = self.engine.execute(f"DESCRIBE SELECT * FROM {scan(*self.paths[name])}").fetchall()
            self._columns[name] = [row[0] for row in described if row[1] == "VARCHAR"]
        return self._columns[name]


def parts_where(
    engine: duckdb.DuckDBPyConnection,
    store: Store,
    name: str,
    folder: Path,
    kept: str,
    *,
    picked: str = "*",
    changed: str = "false",
) -> Parts:
    """Return table *name* with the rows where *kept* (SQL, never null, of the rows called t) holds, read as *picked*.

    A file all of whose rows are kept, and none *changed* (SQL) by how they are read, stays as it is; any other is written
    anew into *folder*, or left out where nothing remains of it.
    """
    entry = store.files(name)
    parts: list[Part | NewPart] = []
    empty: list[NewPart] = []
    for number, part in enumerate(entry.parts if entry else ()):
        source = f"{scan(store.folder / part.file)} AS t"
        counts = f"SELECT count_if(NOT ({kept}) OR ({changed})), count_if({kept}) FROM {source}"
        moved, left = engine.execute(counts).fetchall()[0]
        if not moved:
            parts.append(part)
            continue
        new = NewPart(folder / f"{name}-{number}.parquet", part.first, part.last)
        target = f"{quoted(new.path)} (FORMAT parquet, COMPRESSION zstd)"
        engine.execute(f"COPY (SELECT {picked} FROM {source} WHERE {kept}) TO {target}")
        (parts if left else empty).append(new)
    return Parts(tuple(parts or empty[-1:]), entry.zones if entry else None)
