"""From bytes to rows: what a file is, how it is encoded, where its header stands."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from fanops_utils.errors import ImportRefused

MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 500
HEADER_WITHIN = 15
DELIMITERS = ",;\t|"
CHINESE_RUN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{2,}")


@dataclass(frozen=True)
class Export:
    """One file to import, or one member of an archive; `label` is how messages name it."""

    label: str
    parts: tuple[str, ...]
    data: bytes
    modified: datetime

    @property
    def name(self) -> str:
        return self.parts[-1]


@dataclass(frozen=True)
class Grid:
    """The cells of one text file or sheet, all as text, and how they were read."""

    rows: list[list[str]]
    encoding: str = ""
    delimiter: str = ""
    text: str = ""
    warnings: list[str] = field(default_factory=list)


def exports_in(path: Path, *, label: str) -> Iterator[Export]:
    """Yield the file at *path*, or every file inside it where it is a zip archive (read in memory)."""
    data = path.read_bytes()
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    whole = Export(label, path.resolve().parts, data, modified)
    if not data.startswith(b"PK") or _is_workbook(data):
        yield whole
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if not member.is_dir() and not _is_clutter(member.filename):
                    yield _member(whole, archive, member)
    except zipfile.BadZipFile as error:
        raise ImportRefused(f"this archive is damaged ({error})", file=label) from None


def _member(whole: Export, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Export:
    parts = tuple(part for part in member.filename.replace("\\", "/").split("/") if part)
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in member.filename[:3]:
        raise ImportRefused("a path in this archive climbs out of it", file=whole.label, value=member.filename)
    if member.file_size > MAX_UNPACKED or member.file_size > MAX_RATIO * max(member.compress_size, 4096):
        raise ImportRefused("this archive unpacks to an implausible size", file=whole.label, value=member.filename)
    label = f"{whole.label}/{'/'.join(parts)}"
    return replace(whole, label=label, parts=(*whole.parts, *parts), data=archive.read(member))


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def read_grid(export: Export) -> Grid:
    """Return the cells of *export*: first sheet of a workbook, rows of a Parquet file, or delimited text."""
    data = export.data
    if data.startswith(b"PK"):
        return Grid(_workbook_rows(export), encoding="xlsx")
    if data.startswith(b"PAR1"):
        return Grid(_parquet_rows(export), encoding="parquet")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        hint = "Save it as .xlsx or .csv and import that"
        raise ImportRefused("old Excel files (.xls) are not read", file=export.label, hint=hint)
    text, encoding, warnings = _decode(export)
    delimiter = _delimiter(text)
    rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    return Grid(rows, encoding, delimiter, text, warnings)


def _decode(export: Export) -> tuple[str, str, list[str]]:
    data = export.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "utf-16", []
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if encoding == "gb18030" and not _reads_as_chinese(text):
            continue
        odd = [] if encoding == "utf-8-sig" else [f"not UTF-8: read as {encoding}; check the accents"]
        return text, encoding.removesuffix("-sig"), odd
    raise ImportRefused("this is neither text, nor a workbook, nor Parquet", file=export.label)


def _reads_as_chinese(text: str) -> bool:
    # Accented Latin bytes followed by a letter decode to lone, rare Chinese characters; real Chinese comes in runs.
    foreign = sum(1 for char in text if ord(char) > 127)
    return sum(len(run) for run in CHINESE_RUN.findall(text)) > 0.6 * foreign


def _delimiter(text: str) -> str:
    head = text[:20_000].splitlines()[:HEADER_WITHIN]
    if head and head[0].lower().startswith("sep=") and len(head[0]) > 4:
        return head[0][4]
    counts = {mark: max((line.count(mark) for line in head), default=0) for mark in DELIMITERS}
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def _workbook_rows(export: Export) -> list[list[str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(export.data), read_only=True, data_only=True)
        sheet = book[book.sheetnames[0]]
        return [[_cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ImportRefused(f"this workbook cannot be read ({error})", file=export.label) from None


def _parquet_rows(export: Export) -> list[list[str]]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(io.BytesIO(export.data))
    except arrow.ArrowException as error:
        raise ImportRefused(f"this Parquet file cannot be read ({error})", file=export.label) from None
    columns = [[_cell_text(value) for value in column.to_pylist()] for column in table.columns]
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
