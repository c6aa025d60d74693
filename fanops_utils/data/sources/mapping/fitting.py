"""A mapping held against a file: whether the columns it names are there, and the records below them."""

from __future__ import annotations

from dataclasses import dataclass

from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.data.sources.shared.cells import Cells, Reject
from fanops_utils.data.sources.shared.numbers import TYPED
from fanops_utils.data.sources.shared.sheet import Sheet, cells_of, fold, headers_again
from fanops_utils.errors import ImportRefused


@dataclass(frozen=True)
class Fit:
    """A mapping held against a file: the sheet where all its columns are there, else what is missing."""

    mapping: Mapping
    sheet: Sheet | None
    missing: tuple[str, ...] = ()


def fit(mapping: Mapping, grid: Grid) -> Fit:
    """Hold *mapping* against *grid*: its header is the first of the top rows with the most mapped columns."""
    rows = [{fold(cell) for cell in row} for row in grid.rows[:HEADER_WITHIN]]
    if not rows:
        return Fit(mapping, None, tuple(sorted(mapping.headers)))
    best = max(range(len(rows)), key=lambda number: len(mapping.headers & rows[number]))
    missing = tuple(sorted(mapping.headers - rows[best]))
    if missing:
        return Fit(mapping, None, missing)
    titles = [cell.strip().strip("\ufeff") for cell in grid.rows[best]]
    folded = [fold(title) for title in titles]
    twins = [
        title for title, name in zip(titles, folded, strict=True) if name in mapping.headers and folded.count(name) > 1
    ]
    if twins:
        raise ImportRefused("two columns have this name: rename or delete one", file=grid.label or None, value=twins[0])
    records = [row for row in grid.rows[best + 1 :] if any(cell.strip() for cell in row)]
    positions = {name: number for number, name in reversed(list(enumerate(folded))) if name}
    cells = cells_of(records, positions, titles)
    cells.numbers.given, cells.numbers.typed = mapping.decimal, grid.encoding in TYPED
    mapped = cells.frame.columns.isin(mapping.headers)
    cells.numbers.frame, cells.numbers.beside = cells.frame.loc[:, mapped], lambda: cells.frame.loc[:, ~mapped]
    reject_short(cells, records, titles)
    cells.rejects += headers_again(records, titles, grid)
    return Fit(mapping, Sheet(cells, titles, grid.rows[:best], grid))


def unread_by(mapping: Mapping, sheet: Sheet) -> tuple[str, ...]:
    """Return the titles of *sheet* that *mapping* does not read."""
    return tuple(dict.fromkeys(title for title in sheet.header if title and fold(title) not in mapping.headers))


def reject_short(cells: Cells, records: list[list[str]], titles: list[str]) -> None:
    """Reject the *records* that end before the last of *titles*: a line that was cut must not pass for a whole one."""
    reason = "cells are missing at the end of the record: the line is cut, or a delimiter is lost"
    short = [number for number, row in zip(cells.frame.index, records, strict=True) if len(row) < len(titles)]
    cells.rejects += [Reject(int(number), titles[-1], "", reason) for number in short]
