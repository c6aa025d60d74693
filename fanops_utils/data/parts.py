"""A table as files: by months of its days, so that little is written where little came and little is read where little is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROWS_PER_FILE = 1_000_000
UNDATED = ""


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table: its rows, and the first and last month of their days (YYYY-MM).

    A month is "" where rows have no day; None where nobody looked: such a part may hold any.
    """

    file: str
    rows: int
    first: str | None = None
    last: str | None = None

    def holds(self, month: str) -> bool:
        """Return whether rows of *month* belong into this part."""
        return self.first is None or self.last is None or self.first <= month <= self.last


@dataclass(frozen=True)
class NewPart:
    """A part on its way in: a Parquet file in canonical types, which a commit moves; months as in Part."""

    path: Path
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class Parts:
    """A table as it is to be committed: parts it keeps, parts that are new, and the zones its days were cut in."""

    parts: tuple[Part | NewPart, ...]
    zones: Mapping[str, str] | None = None


@dataclass(frozen=True)
class TableFiles:
    """A table as it is: its parts in the order of their months, and the zones its days were cut in (None: not cut)."""

    parts: tuple[Part, ...]
    zones: Mapping[str, str] | None = None

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(part.file for part in self.parts)

    @property
    def identity(self) -> str:
        """The name of the table's content: its file, or where it has several, a digest of their names."""
        if len(self.parts) == 1:
            return self.parts[0].file
        return f"{len(self.parts)} files, {hashlib.sha256(chr(0).join(self.files).encode()).hexdigest()[:16]}"

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the manifest."""
        files = [
            {"file": part.file, "rows": part.rows}
            | ({} if part.first is None else {"first": part.first, "last": part.last})
            for part in self.parts
        ]
        zones = {} if self.zones is None else {"zones": dict(sorted(self.zones.items()))}
        return {"rows": self.rows, "files": files, **zones}

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> TableFiles:
        """Return the table that an *entry* of the manifest tells of; one written before tables had parts names one file."""
        if "files" not in entry:
            return cls((Part(str(entry["file"]), int(entry["rows"])),))
        parts = [Part(str(one["file"]), int(one["rows"]), one.get("first"), one.get("last")) for one in entry["files"]]
        return cls(tuple(parts), entry.get("zones"))


def ordered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return *parts* in the order of their months."""
    return tuple(sorted(parts, key=lambda part: (part.first or "", part.file)))


def touched(
    parts: Sequence[Part], months: Collection[str], left: Collection[int] = (), *, rows: int = ROWS_PER_FILE
) -> set[int]:
    """Return which of *parts* (in order) are written anew where rows of *months* come and rows leave the parts at *left*.

    A month between two parts joins a neighbour that is not full yet; where both are, it becomes a part of its own.
    Small neighbours of what is written anew anyway are taken in, so that parts stay few.
    """
    found = set(left)
    for month in months:
        holders = {place for place, part in enumerate(parts) if part.holds(month)}
        after = sum(1 for part in parts if (part.last or "") < month)
        near = [place for place in (after - 1, after) if 0 <= place < len(parts)]
        found |= holders or set([place for place in near if parts[place].rows < rows][:1])
    for place in sorted(found):
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(parts) and parts[beside].rows + parts[place].rows <= rows:
                found.add(beside)
    return found


def runs(counts: Mapping[str, int], *, walls: Collection[str] = (), rows: int = ROWS_PER_FILE) -> list[list[str]]:
    """Return the months in *counts* (month: rows) as runs, one per file: as many months as *rows* hold, at least one.

    No run reaches over one of *walls*, the first months of parts that stay.

    >>> runs({"2026-01": 6, "2026-02": 3, "2026-03": 4, "2026-05": 1}, walls=["2026-04"], rows=9)
    [['2026-01', '2026-02'], ['2026-03'], ['2026-05']]
    """
    found: list[list[str]] = []
    size = 0
    for month in sorted(counts):
        parted = bool(found) and any(found[-1][-1] < wall < month for wall in walls)
        if not found or parted or size + counts[month] > rows:
            found.append([])
            size = 0
        found[-1].append(month)
        size += counts[month]
    return found
