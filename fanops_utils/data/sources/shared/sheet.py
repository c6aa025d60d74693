"""One table of a file: its header found by the spellings of its columns, its records below it as cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.cells import Cells, Reject
from fanops_utils.data.sources.shared.numbers import TYPED
from fanops_utils.errors import ImportRefused

Aliases = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sheet:
    """One table of a file: canonical field names over text cells, one line per record."""

    cells: Cells
    header: list[str]
    preamble: list[list[str]]
    grid: Grid

    @property
    def unread(self) -> tuple[str, ...]:
        """Titles of the columns that no field is read from."""
        read = set(self.cells.names.values())
        return tuple(dict.fromkeys(title for title in self.header if title and title not in read))

    @property
    def records(self) -> list[list[str]]:
        """Whole rows below the header, those that were split off included."""
        return [row for row in self.grid.rows[len(self.preamble) + 1 :] if any(cell.strip() for cell in row)]

    @property
    def rows_in(self) -> int:
        return len(self.cells.frame)

    def only(self, keep: pd.Series) -> Sheet:
        """Return the sheet with the records where *keep* holds, under their numbers; totals rows are no records."""
        frame = self.cells.frame[keep.fillna(value=False).astype(bool)]
        rejects = [reject for reject in self.cells.rejects if reject.row in frame.index]
        return replace(self, cells=Cells(frame, self.cells.names, rejects, self.cells.numbers))


@lru_cache(maxsize=2**16)
def fold(text: str) -> str:
    """Return a header cell as it is compared: without case, width, quotes, invisible marks and surplus space.

    >>> fold("\u200e Post\u00a0ID\u200b"), fold("\uff30ost  id")
    ('post id', 'post id')
    """
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return " ".join(visible.replace("’", "'").strip().strip("\"'").casefold().split())


def find_header(grid: Grid, aliases: Aliases, required: Iterable[str]) -> tuple[int, dict[int, str]] | None:
    """Return the row number of the header and the canonical name of each column; None where required ones lack."""
    known = {fold(spelling): name for name, spellings in aliases.items() for spelling in spellings}
    for number, row in enumerate(grid.rows[:HEADER_WITHIN]):
        names = {position: known[fold(cell)] for position, cell in enumerate(row) if fold(cell) in known}
        if set(required) <= set(names.values()):
            return number, names
    return None


def sheet_at(grid: Grid, header: tuple[int, dict[int, str]] | None, *, ragged: bool = False) -> Sheet | None:
    """Return the records below *header*; blank lines are no records.

    Cells beyond the header reject their record; so do missing ones, unless the report is *ragged*: there they are
    empty. Raises ImportRefused where two columns are the same field.
    """
    if header is None:
        return None
    number, names = header
    titles = [cell.strip().strip("\ufeff") for cell in grid.rows[number]]
    _refuse_twins(names, titles, grid)
    rows = [row for row in grid.rows[number + 1 :] if any(cell.strip() for cell in row)]
    cells = cells_of(rows, {name: position for position, name in names.items()}, titles)
    cells.numbers.typed = grid.encoding in TYPED
    unread = {title: place for place, title in enumerate(titles) if title and place not in names}
    cells.numbers.beside = lambda: cells_of(rows, unread, titles).frame
    cells.rejects += headers_again(rows, titles, grid)
    if not ragged:
        short = [record for record, row in enumerate(rows, start=1) if len(row) < len(titles)]
        reason = "cells are missing at the end of the record: the line is cut, or a delimiter is lost"
        cells.rejects += [Reject(record, titles[-1], "", reason) for record in short]
    return Sheet(cells, titles, grid.rows[:number], grid)


def headers_again(rows: list[list[str]], titles: list[str], grid: Grid) -> list[Reject]:
    """Return a reject for each of *rows* that is the header again, as where two exports were pasted into one file.

    Raises ImportRefused where it names its columns in another order, or others: what stands below is another table.
    """
    known = {title for title in titles if title}
    found = []
    for record, row in enumerate(rows, start=1):
        if row[0].strip().strip("\ufeff") not in known:
            continue
        cells = [cell.strip().strip("\ufeff") for cell in row]
        cells += [""] * (len(titles) - len(cells))
        if sum(cell in known for cell in cells) < max(2, 0.6 * len(known)):
            continue
        if cells[: len(titles)] != titles or any(cells[len(titles) :]):
            problem = f"below record {record - 1} stands another table, with its columns in another order"
            raise ImportRefused(problem, file=grid.label or None, hint="Import each of the two by itself")
        found.append(Reject(record, titles[0], "", "the header again: two exports stand in this file"))
    return found


def _refuse_twins(names: dict[int, str], titles: list[str], grid: Grid) -> None:
    seen: dict[str, int] = {}
    for position, name in names.items():
        if name in seen:
            twins = f"{titles[seen[name]]}, {titles[position]}"
            raise ImportRefused("two columns mean the same: delete one", file=grid.label or None, value=twins)
        seen[name] = position


def cells_of(rows: list[list[str]], positions: dict[str, int], titles: list[str]) -> Cells:
    """Return the *rows* as Cells with a column per entry of *positions* (canonical name to column number)."""
    index = pd.RangeIndex(1, len(rows) + 1, name="source_row")
    columns: dict[str, Any] = {
        name: [row[position] if position < len(row) else "" for row in rows] for name, position in positions.items()
    }
    cells = Cells(pd.DataFrame(columns, index=index, dtype="string"), {n: titles[p] for n, p in positions.items()})
    for record, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row[len(titles) :]):
            reason = f"{len(row)} cells under {len(titles)} headers: a comma or quote is misplaced"
            cells.rejects.append(Reject(record, titles[-1], "", reason))  # the row may hold names: it is not kept
    return cells


def accepted(sheet: Sheet, columns: dict[str, Any], *, drop: pd.Series | None = None) -> pd.DataFrame:
    """Return *columns* as a frame of the records that nothing rejected, with `source_row`."""
    frame = pd.DataFrame(columns, index=sheet.cells.frame.index)
    bad = {reject.row for reject in sheet.cells.rejects}
    keep = ~frame.index.isin(bad)
    if drop is not None:
        keep &= ~drop.fillna(value=False).to_numpy(dtype=bool)
    return frame[keep].reset_index(names="source_row")
