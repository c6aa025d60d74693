"""Records in quarantine written out, to be corrected, and read back into the files they came from."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from fanops_utils.data.sources.files.reading import Export, Grid, exports_in, sheets_of
from fanops_utils.data.sources.mapping.register import Mapping, read_mapping
from fanops_utils.data.sources.registry import sheet_of
from fanops_utils.data.sources.shared.sheet import Sheet
from fanops_utils.data.sources.streaming import STREAM_FROM
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import FanopsError, ImportRefused
from fanops_utils.workspace.kinds import MAPPING

OURS = ("fanops file", "fanops state", "fanops record", "fanops reason")
GUARDED = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Written:
    """A CSV of records in quarantine: where it is, which file they came from, how many."""

    path: Path
    source: str
    rows: int


@dataclass(frozen=True)
class Corrections:
    """Records of one file as somebody corrected them, by number; `state` is the hash of the file they belong to."""

    file: str
    state: str
    records: dict[int, list[str]]


def write_quarantine(store: Store, target: Path) -> list[Written]:
    """Write the records in quarantine to *target*, one CSV per file they came from (numbered where there are several).

    Each line holds the record as it stands in that file, after four columns that say where it belongs and what is
    wrong. Cells that a spreadsheet would take for a formula are guarded by an apostrophe, which the import takes off
    again. Left out are files that are gone or cannot be read again, and reports whose records cannot be told apart.
    """
    aside = store.read("quarantine")
    aside = aside[aside["source_row"] > 0]
    reasons = aside["column"].fillna("") + ": " + aside["reason"].fillna("")
    told = reasons.groupby([aside["file"], aside["source_row"]]).agg("; ".join)
    found = [
        (str(file), rows) for file in dict.fromkeys(aside["file"]) if (rows := _lines(store, str(file), told.loc[file]))
    ]
    written = []
    for number, (file, rows) in enumerate(found, start=1):
        path = target if len(found) == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # records of people, as they came
        with os.fdopen(private, "w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([[guard(cell) for cell in row] for row in rows])
        written.append(Written(path, file, len(rows) - 1))
    return written


def _lines(store: Store, file: str, told: pd.Series) -> list[list[str]]:
    """Return header and records of *file* for the reasons *told* by number; nothing where it cannot be read again."""
    try:
        export = source_of(store, file)
        grid, sheet = _only_sheet(export, _mappings(store))
    except (FanopsError, OSError):
        return []
    records = _records(grid, sheet)
    state = state_of(export)
    lines = [[*OURS, *sheet.header]]
    for number, reason in told.items():
        cells = records[int(str(number)) - 1]
        lines.append([file, state, str(number), str(reason), *_padded(cells, sheet)])
    return lines


def guard(cell: str) -> str:
    """Return *cell* with an apostrophe before what a spreadsheet would take for a formula; `unguard` takes it off.

    >>> guard("=1+1"), guard("'=1"), guard("plain")
    ("'=1+1", "''=1", 'plain')
    """
    return f"'{cell}" if GUARDED.match(cell) else cell


def unguard(cell: str) -> str:
    """Return *cell* as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def is_corrections(export: Export) -> bool:
    """Return whether *export* is a CSV of `write_quarantine`."""
    return export.data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\"'").startswith(OURS[0].encode())


def corrections_in(export: Export) -> Corrections:
    """Return the corrections in *export*.

    Raises ImportRefused where the columns that say where they belong are damaged, or name several files.
    """
    rows = [row for row in sheets_of(export)[0].rows if any(cell.strip() for cell in row)]
    if tuple(cell.strip() for cell in rows[0][: len(OURS)]) != OURS:
        raise ImportRefused(f"the first columns must be {', '.join(OURS)}", file=export.label)
    belongs, records = set(), {}
    for row in rows[1:]:
        file, state, number, _reason, *cells = [unguard(cell) for cell in [*row, *[""] * len(OURS)][: max(len(row), 4)]]
        if not number.strip().isdigit():
            raise ImportRefused("not the number of a record", file=export.label, value=number)
        belongs.add((file, state))
        records[int(number)] = cells
    if len(belongs) != 1:
        raise ImportRefused(f"corrections belong to one file, not to {len(belongs)}", file=export.label)
    return Corrections(*belongs.pop(), records)


def corrected(store: Store, corrections: Corrections, mappings: list[Mapping]) -> tuple[Export, Export]:
    """Return the file that *corrections* belong to, as it is and, as text, with its records so corrected.

    A record that was left as it is stays as it was. Raises ImportRefused where the file is gone, has changed since, or
    lacks such a record.
    """
    export = source_of(store, corrections.file)
    if state_of(export) != corrections.state:
        hint = "Import it, then write the quarantine again"
        raise ImportRefused("the file has changed since its quarantine was written", file=corrections.file, hint=hint)
    grid, sheet = _only_sheet(export, mappings)
    records = _records(grid, sheet)
    for number, cells in corrections.records.items():
        if not 1 <= number <= len(records):
            raise ImportRefused("the file has no such record", file=corrections.file, row=number)
        if cells != _padded(records[number - 1], sheet):
            records[number - 1] = cells
    text = io.StringIO()
    lines = [*sheet.preamble, grid.rows[len(sheet.preamble)], *records]
    csv.writer(text, delimiter=grid.delimiter or ",", lineterminator="\n").writerows(lines)
    return export, replace(export, data=text.getvalue().encode())


def state_of(export: Export) -> str:
    """Return a short hash of the bytes of *export*."""
    return hashlib.sha256(export.data).hexdigest()[:16]


def source_of(store: Store, label: str) -> Export:
    """Return the file that messages call *label*; raise ImportRefused where it is not there or too large to hold."""
    parts = Path(label).parts
    for root in (store.workspace.path, Path.cwd()):
        for end in range(len(parts), 0, -1):
            name = Path(*parts[:end])
            path = root / name
            if not path.is_file():
                continue
            if path.stat().st_size >= STREAM_FROM:
                raise ImportRefused("too large to correct record by record: correct the file itself", file=label)
            for export in exports_in(path, label=name.as_posix()):
                if export.label == label:
                    return export
    raise ImportRefused("the file is not there any more", file=label)


def _mappings(store: Store) -> list[Mapping]:
    """Return the mappings that can be read: an unfinished one corrects nothing, and stands in the way of nothing."""
    found = []
    for path in MAPPING.paths(store.workspace.path):
        with suppress(FanopsError):
            found.append(read_mapping(path))
    return found


def _only_sheet(export: Export, mappings: list[Mapping]) -> tuple[Grid, Sheet]:
    """Return the one table of *export* and how it is read; raise ImportRefused where it holds several."""
    found = [(grid, sheet) for grid in sheets_of(export) for sheet in _sheets(grid, mappings)]
    if len(found) != 1 or len(_records(*found[0])) != found[0][1].rows_in:
        raise ImportRefused("its records cannot be corrected one by one: correct the file itself", file=export.label)
    return found[0]


def _sheets(grid: Grid, mappings: list[Mapping]) -> Iterator[Sheet]:
    """Yield *grid* as a sheet, read as the import reads it."""
    if best := sheet_of(grid, mappings):
        yield best


def _records(grid: Grid, sheet: Sheet) -> list[list[str]]:
    return [row for row in grid.rows[len(sheet.preamble) + 1 :] if any(cell.strip() for cell in row)]


def _padded(cells: list[str], sheet: Sheet) -> list[str]:
    return [*cells, *[""] * (len(sheet.header) - len(cells))]
