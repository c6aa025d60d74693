"""One report of one platform: how a file is recognised as it, what is known of the file besides, what parsing yields."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import pandas as pd

from fanops_utils.data.sources.files.reading import Export, Grid
from fanops_utils.data.sources.shared.cells import Reject
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, find_header, fold, sheet_at
from fanops_utils.workspace import Brand, Workspace


@dataclass(frozen=True)
class Context:
    """What is known about a file besides its bytes."""

    workspace: Workspace
    export: Export
    account: str | None = None
    exported_on: date | None = None
    ages: set[str] = field(default_factory=set, compare=False)  # which clocks were asked for the export's moment

    @property
    def brand(self) -> Brand:
        return self.workspace.brand

    def exported_at(self, *, named: datetime | None = None) -> datetime:
        """Return when the platform wrote the file: as told, else as its name says, else its modification time."""
        if self.exported_on:
            return datetime.combine(self.exported_on, time(23, 59, 59), UTC)
        if named:
            self.ages.add("export")
        return named or self.export.modified


@dataclass
class Parsed:
    """What a file holds, in canonical tables; every frame carries `source_row`."""

    tables: dict[str, pd.DataFrame]
    rejects: list[Reject]
    rows_in: int
    exported_at: datetime
    warnings: list[str] = field(default_factory=list)
    age_from: str = ""  # how exported_at is known: told, the file itself (its name, its content), or its date on disk
    unread: tuple[str, ...] = ()  # columns of the file that nothing was read from


@dataclass(frozen=True)
class Source:
    """One report of one platform: its headers in every spelling known, and how to parse it."""

    name: str
    report_type: str
    platforms: tuple[str, ...]
    aliases: Aliases
    required: frozenset[str]
    parse: Callable[[Sheet, Context], Parsed]
    find: Callable[[Grid], Sheet | None] | None = None
    ragged: bool = False  # the platform itself leaves empty cells off the end of a line
    mends_quotes: bool = False  # reads files whose quotation marks the platform did not double
    # A header that other tools write too is no proof: then the file must have no column beside these, and its name, its
    # folder or its archive must be the platform's.
    named: re.Pattern[str] | None = None
    also: tuple[str, ...] = ()
    in_blocks: str = ""  # a large file may be read in blocks; neighbours with one value in this column stay together
    all_quoted: bool = False  # proved by its bytes as well: every cell quoted, no line break at the end

    def recognise(self, grid: Grid) -> Sheet | None:
        """Return the sheet where *grid* is this report, else None."""
        if self.find:
            return self.find(grid)
        header = find_header(grid, self.aliases, self.required)
        if header and self.named and not self._is_proved(grid, *header):
            return None
        return sheet_at(grid, header, ragged=self.ragged)

    def _is_proved(self, grid: Grid, number: int, names: dict[int, str]) -> bool:
        ours = {fold(spelling) for spelling in self.also}
        others = [fold(cell) for place, cell in enumerate(grid.rows[number]) if place not in names and cell.strip()]
        if set(others) - ours:
            return False
        assert self.named
        by_bytes = self.all_quoted and _is_all_quoted(grid.text)
        return bool(set(others) & ours) or by_bytes or any(self.named.search(part) for part in grid.parts)


def _is_all_quoted(text: str) -> bool:
    lines = text.removeprefix("\ufeff").split("\n")
    return all(line.startswith('"') and line.rstrip("\r").endswith('"') for line in lines)
