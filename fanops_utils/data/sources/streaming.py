"""Text files too large to hold: read in blocks of records that a mapping turns into rows, never the whole."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import pandas as pd

from fanops_utils.data.sources.blocks import HEAD, cells_in, records_in
from fanops_utils.data.sources.files.archives import MAX_UNPACKED
from fanops_utils.data.sources.files.reading import Export, Grid, read_grid
from fanops_utils.data.sources.mapping.fitting import fit
from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.data.sources.registry import best_fit, recognised, wins
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.numbers import OPEN
from fanops_utils.data.sources.shared.sheet import Sheet, fold
from fanops_utils.data.sources.shared.source import Source
from fanops_utils.errors import ImportRefused

STREAM_FROM = 32 * 1024**2
PACKED = b"\x1f\x8b"
NOT_TEXT = (b"PK", b"PAR1", b"\xd0\xcf\x11\xe0")
Meter = Callable[[int], None]


@dataclass(frozen=True)
class LargeFile:
    """A text file on disk, plain or packed with gzip, that is read in blocks."""

    path: Path
    label: str
    packed: bool

    @property
    def export(self) -> Export:
        """The file as messages name it, without its content."""
        modified = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return Export(self.label, self.path.resolve().parts, b"", modified)

    def head(self) -> Export:
        """Return the file's first whole lines."""
        with self._open() as file:
            data = file.read(HEAD)
        return replace(self.export, data=data if len(data) < HEAD else data[: data.rfind(b"\n") + 1] or data)

    def whole(self) -> Export:
        """Return the file with its content; raise ImportRefused where that unpacks to an implausible size."""
        with self._open() as file:
            data = file.read(MAX_UNPACKED + 1)
        if len(data) > MAX_UNPACKED:
            raise ImportRefused("this file is too large to be read whole: import it by a mapping", file=self.label)
        return replace(self.export, data=data)

    def fingerprint(self, rules: str) -> str:
        """Return the hash of the file's bytes and of the *rules* it is read by."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        digest.update(rules.encode())
        return digest.hexdigest()

    def _open(self) -> BinaryIO:
        return cast(BinaryIO, gzip.open(self.path)) if self.packed else self.path.open("rb")

    def sheets(self, mapping: Mapping, meter: Meter = lambda _bytes: None) -> Iterator[Sheet]:
        """Yield the records of the file in sheets of some hundred thousand, numbered through, as *mapping* reads them.

        *meter* is told how many bytes of the file were read. Raises ImportRefused where the file ends in the middle,
        changes its encoding, or does not fit.
        """
        head = read_grid(self.head())
        sheet = fit(mapping, head).sheet
        if sheet is None:
            raise ImportRefused(f"the mapping '{mapping.name}' does not fit this file", file=self.label)
        positions = {fold(title): number for number, title in reversed(list(enumerate(sheet.header)))}
        wanted = {name: number for name, number in positions.items() if name in mapping.headers}
        yield from self._read(head, sheet, wanted, meter)

    def known_sheets(self, source: Source, meter: Meter = lambda _bytes: None) -> Iterator[Sheet]:
        """Yield the records of the file as `sheets` does, read as the report *source*, which can be read in blocks.

        Records that belong together (neighbours with one value in `source.in_blocks`) stay in one sheet.
        """
        head = read_grid(self.head())
        sheet = source.recognise(head)
        assert sheet is not None
        wanted = {name: sheet.header.index(title) for name, title in sheet.cells.names.items()}
        yield from _together(self._read(head, sheet, wanted, meter), source.in_blocks)

    def _read(self, head: Grid, sheet: Sheet, wanted: dict[str, int], meter: Meter) -> Iterator[Sheet]:
        try:
            with self.path.open("rb") as raw:
                packed: Any = gzip.GzipFile(fileobj=raw) if self.packed else raw
                text = io.TextIOWrapper(packed, encoding=head.encoding.replace("utf-8", "utf-8-sig"))
                yield from _sheets(text, wanted, head, sheet, lambda: meter(raw.tell()))
        except UnicodeDecodeError as error:
            hint = "Save it as UTF-8 and import that"
            raise ImportRefused(
                f"not all of this file is {head.encoding} ({error.reason})", file=self.label, hint=hint
            ) from None
        except (csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise ImportRefused(f"this file cannot be read to its end ({error})", file=self.label) from None


def _together(sheets: Iterable[Sheet], column: str) -> Iterator[Sheet]:
    """Yield *sheets* so divided that neighbours with one value in *column* are in one of them."""
    held: Sheet | None = None
    for sheet in sheets:
        whole = sheet if held is None else _joined(held, sheet)
        values = whole.cells.frame[column].fillna("")
        run = (values != values.shift()).fillna(value=True).astype(bool).cumsum()
        last = run == run.max()
        held = whole.only(last)
        if not last.all():
            yield whole.only(~last)
    if held is not None:
        yield held


def _joined(first: Sheet, second: Sheet) -> Sheet:
    frame = pd.concat([first.cells.frame, second.cells.frame])
    rejects = [*first.cells.rejects, *second.cells.rejects]
    return replace(second, cells=Cells(frame, second.cells.names, rejects, second.cells.numbers))


def _sheets(
    text: io.TextIOWrapper, wanted: dict[str, int], head: Grid, sheet: Sheet, told: Callable[[], None]
) -> Iterator[Sheet]:
    above = csv.reader(iter(text.readline, ""), delimiter=head.delimiter)
    for _ in range(len(sheet.preamble) + 1):
        next(above)
    mark = sheet.cells.numbers.mark or OPEN  # decided once, from the first lines
    done = 0
    for records in records_in(text, head.delimiter, len(sheet.header)):
        cells = cells_in(records, wanted, sheet.header, done)
        cells.numbers.given = mark
        done += len(cells.frame)
        told()
        yield Sheet(cells, sheet.header, sheet.preamble, head)


def large_file(path: Path, *, label: str) -> LargeFile | None:
    """Return the file at *path* where it is text packed with gzip, or plain text too large to hold; else None."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(PACKED):
        return LargeFile(path, label, packed=True)
    if path.stat().st_size < STREAM_FROM or start.startswith(NOT_TEXT):
        return None
    return LargeFile(path, label, packed=False)


def reader_of(large: LargeFile, mappings: Iterable[Mapping], forced: Mapping | None) -> Mapping | Source | None:
    """Return the mapping, or the report, to read *large* by; None where nothing fits.

    Most reports are read whole, since their rows may depend on each other; one with `in_blocks` is not.
    """
    grid = read_grid(large.head())
    mapped, known = best_fit([forced] if forced else mappings, grid), None if forced else recognised(grid)
    if mapped and (known is None or wins(mapped.mapping, *known)):
        return mapped.mapping
    return known[0] if known else None
