"""Raw exports without one person: the same file in the same form, every other byte of text as it was."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from fanops_utils.data.protection.sieve import Record, Sieve, sift
from fanops_utils.data.protection.spelling import holds_any
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.sources.files.archives import is_workbook, members, refuse_bomb
from fanops_utils.data.sources.files.reading import OLD_WORKBOOK, Export, read_grid
from fanops_utils.data.sources.files.workbook_scan import extents
from fanops_utils.data.sources.files.workbooks import cell_text, read_xls
from fanops_utils.errors import FanopsError, ImportRefused

HEAD, BLOCK, OVERLAP = 1024**2, 16 * 1024**2, 4096
PACKED = b"\x1f\x8b"
CLOSED = (b"%PDF", b"Rar!", b"7z\xbc\xaf", PACKED)  # what they hold cannot be seen from their bytes
NOT_EDITED = ("xl/vbaProject", "xl/charts/", "xl/drawings/", "xl/media/", "xl/pivot", "xl/tables/", "xl/externalLinks/")


class CannotEdit(ImportRefused):
    """A file holds the person and cannot be edited safely."""


class CannotSearch(ImportRefused):
    """Nobody can say whether a file holds the person."""


@dataclass
class Edit:
    """What one file holds of a person; `content` or the file `staged` is the file without them."""

    label: str
    sieves: list[Sieve] = field(default_factory=list)
    content: bytes | None = None
    staged: Path | None = None

    @property
    def records(self) -> list[Record]:
        return [record for sieve in self.sieves for record in sieve.records]


def edit_file(path: Path, label: str, subject: Subject, *, staging: Path | None = None) -> Edit | None:
    """Return what the file at *path* holds of *subject*, None where nothing; with *staging* an edited copy lies there.

    Text is read in a stream, so the file may be of any size. Raises CannotEdit where the file holds the person in a form
    that cannot be edited, CannotSearch where it is encrypted, damaged or of a closed form.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(PACKED) or not start.startswith((b"PK", b"PAR1", OLD_WORKBOOK, *CLOSED)):
        return _edit_stream(path, label, subject, staging, packed=start.startswith(PACKED))
    edit = edit_bytes(path.read_bytes(), label, subject)
    if edit and edit.content is not None and staging:
        edit.staged = staging
        with _private(staging) as file:
            file.write(edit.content)
        edit.content = None
    return edit


def edit_bytes(data: bytes, label: str, subject: Subject) -> Edit | None:
    """Return what the file with the bytes *data* holds of *subject* (see `edit_file`), and its bytes without them."""
    if data.startswith(b"PAR1"):
        return _edit_parquet(data, label, subject)
    if data.startswith(OLD_WORKBOOK):
        _refuse_old_workbook(data, label, subject)
        return None
    if data.startswith(b"PK"):
        return _edit_workbook(data, label, subject) if is_workbook(data) else _edit_archive(data, label, subject)
    if data.startswith(CLOSED):
        raise CannotSearch("this kind of file cannot be searched", file=label)
    if not holds_any(data, subject.needles):
        return None
    sieve, target = Sieve(subject, label), io.StringIO(newline="")
    try:
        codec, delimiter = _read_as(data, label)
        _sifted(io.StringIO(data.decode(codec), newline=""), target, delimiter, sieve)
    except (CannotEdit, UnicodeDecodeError):
        if not holds_any(data, subject.traces):  # a mere number, and no records to be numbers in
            return None
        raise
    return Edit(label, [sieve], target.getvalue().encode(codec)) if sieve.records else None


def _edit_stream(path: Path, label: str, subject: Subject, staging: Path | None, *, packed: bool) -> Edit | None:
    if not packed and not _holds(path, subject.needles):
        return None
    try:
        with _opened(path, packed) as head:
            codec, delimiter = _read_as(head.read(HEAD), label)
        sieve, target = Sieve(subject, label), staging or Path(os.devnull)
        with _opened(path, packed) as source, _private(target) as raw:
            sink = gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) if packed else raw
            with io.TextIOWrapper(cast(IO[bytes], sink), encoding=codec, newline="") as text:
                _sifted(io.TextIOWrapper(source, encoding=codec, newline=""), text, delimiter, sieve)
    except (CannotEdit, EOFError, UnicodeError, gzip.BadGzipFile) as error:
        if not packed and not _holds(path, subject.traces):  # a mere number, and no records to be numbers in
            return None
        if isinstance(error, CannotEdit):
            raise
        raise CannotEdit(f"not all of this file can be read ({error})", file=label) from None
    if not sieve.records:
        if staging:
            staging.unlink()
        return None
    return Edit(label, [sieve], staged=staging)


def _private(path: Path) -> IO[bytes]:
    """Open *path* for writing, readable by its owner alone: it holds rows of people."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _opened(path: Path, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _holds(path: Path, needles: str) -> bool:
    with path.open("rb") as file:
        block = b""
        while more := file.read(BLOCK):
            block = block[-OVERLAP:] + more
            if holds_any(block, needles):
                return True
    return False


def _read_as(data: bytes, label: str) -> tuple[str, str]:
    """Return the codec, which keeps a byte-order mark as a character, and the delimiter that the file begins with."""
    if len(data) >= HEAD:
        wide = 2 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else 1
        end = data.rfind(b"\n") + wide
        data = data[: end - end % wide]
    try:
        grid = read_grid(Export(label, (label,), data, datetime.now(UTC)))
    except FanopsError as error:
        raise CannotEdit(f"it holds the person, but {error.message!s}", file=label) from None
    if grid.damage:
        raise CannotEdit(f"it holds the person, but {grid.damage}", file=label)
    wide_codec = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    return (wide_codec if grid.encoding == "utf-16" else grid.encoding), grid.delimiter


def _sifted(source: Iterable[str], target: io.TextIOBase, delimiter: str, sieve: Sieve) -> None:
    try:
        for text in sift(source, delimiter, sieve):
            target.write(text)
    except csv.Error as error:
        raise CannotEdit(
            f"it holds the person, but its quotation marks are misplaced ({error})", file=sieve.label
        ) from None


def _edit_archive(data: bytes, label: str, subject: Subject) -> Edit | None:
    try:
        list(members(data, label=label))
    except FanopsError as error:
        raise CannotSearch(error.message, file=label) from None
    whole, out, changed = Edit(label), io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = old.comment
        for one in old.infolist():
            content, inner = old.read(one), f"{label}/{one.filename}"
            if subject.in_path(one.filename):
                raise CannotEdit("its name holds the person: rename it", file=subject.masked(inner))
            edit = None if one.is_dir() else edit_bytes(content, inner, subject)
            if edit and edit.content is not None:
                content, changed = edit.content, True
                whole.sieves += edit.sieves
            new.writestr(one, content, compress_type=one.compress_type)
    whole.content = out.getvalue()
    return whole if changed else None


def _edit_workbook(data: bytes, label: str, subject: Subject) -> Edit | None:
    import openpyxl

    if not _within(data, subject.needles):
        return None
    try:
        refuse_bomb(data, label=label)
        extents(data, label=label)
        book: Any = openpyxl.load_workbook(io.BytesIO(data))
    except ImportRefused as error:
        raise CannotSearch(error.message, file=label) from None
    except Exception as error:  # a damaged workbook raises whatever openpyxl stumbles over
        raise CannotSearch(f"this workbook cannot be read ({error})", file=label) from None
    whole = Edit(label, [_edit_sheet(sheet, Sieve(subject, label)) for sheet in book.worksheets])
    if not whole.records:
        return None
    _refuse_rich(data, book, label)
    out = io.BytesIO()
    book.save(out)
    whole.content = out.getvalue()
    return whole


def _edit_sheet(sheet: Any, sieve: Sieve) -> Sieve:
    gone = []
    for place, row in enumerate(sheet.iter_rows(), start=1):
        verdict = sieve.take([cell_text(cell.value) for cell in row])
        if verdict == "remove":
            gone.append(place)
        for cell in row if verdict == "redact" else ():
            if isinstance(cell.value, str):
                cell.value = sieve.subject.without(cell.value)
    for place in reversed(gone):
        sheet.delete_rows(place)
    return sieve


def _within(data: bytes, needles: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(holds_any(archive.read(one), needles) for one in archive.infolist())


def _refuse_rich(data: bytes, book: Any, label: str) -> None:
    """Refuse a workbook that would not come back whole: with charts, pictures, macros, formulas or merged cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rich = any(name.startswith(NOT_EDITED) for name in archive.namelist())
    merged = any(sheet.merged_cells.ranges for sheet in book.worksheets)
    formulas = any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    if rich or merged or formulas:
        what = "it holds the person, and charts, formulas or merged cells that would not survive: save it as CSV"
        raise CannotEdit(what, file=label)


def _refuse_old_workbook(data: bytes, label: str, subject: Subject) -> None:
    try:
        sheets = read_xls(data, label=label)
    except FanopsError as error:
        raise CannotSearch(error.message, file=label) from None
    for sheet in sheets:
        sieve = Sieve(subject, label)
        if any(sieve.take(row) != "keep" for row in sheet.rows):
            raise CannotEdit("it holds the person in the old workbook form: save it as .xlsx or .csv", file=label)


def _edit_parquet(data: bytes, label: str, subject: Subject) -> Edit | None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        raise CannotSearch(f"this Parquet file cannot be read ({error})", file=label) from None
    sieve = Sieve(subject, label)
    sieve.take(table.column_names)
    rows = zip(
        *(["" if one is None else str(one) for one in column.to_pylist()] for column in table.columns), strict=True
    )
    verdicts = [sieve.take(row) for row in rows]
    if not sieve.records:
        return None
    table = table.filter(arrow.array([verdict != "remove" for verdict in verdicts]))
    for place, one in enumerate(table.schema):
        if arrow.types.is_string(one.type) or arrow.types.is_large_string(one.type):
            texts = [None if text is None else subject.without(text) for text in table.column(place).to_pylist()]
            table = table.set_column(place, one, arrow.array(texts, one.type))
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return Edit(label, [sieve], out.getvalue())
