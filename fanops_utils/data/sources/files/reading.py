"""From bytes to rows: what a file is, how it is encoded, how its cells are divided."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from fanops_utils.data.sources.files.archives import is_workbook, members
from fanops_utils.data.sources.files.encodings import decoded
from fanops_utils.data.sources.files.workbooks import SheetRows, cell_text, read_xls, read_xlsx
from fanops_utils.errors import ImportRefused

HEADER_WITHIN = 15
DELIMITERS = ",;\t|"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")
csv.field_size_limit(64 * 1024**2)  # a caption, or a cell of JSON, may be long; its own limit is 131,072 characters


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
    """The cells of one text file or sheet, all as text, and how they were read.

    `name` is the sheet's, empty for text. `damage` says what is wrong with the quoting: records may then run into one
    another, and only a source that can mend it may read them.
    """

    rows: list[list[str]]
    encoding: str = ""
    delimiter: str = ""
    text: str = ""
    warnings: list[str] = field(default_factory=list)
    name: str = ""
    label: str = ""
    damage: str = ""
    parts: tuple[str, ...] = ()


def files_under(path: Path) -> Iterator[Path]:
    """Yield the file at *path*, or every file in that folder whose place has no hidden part; raise where there is none."""
    if path.is_dir():
        for found in sorted(path.rglob("*")):
            if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts):
                yield found
    elif path.is_file():
        yield path
    else:
        raise ImportRefused("no such file or folder", file=path)


def exports_in(path: Path, *, label: str) -> Iterator[Export]:
    """Yield the file at *path*, or every file inside it where it is a zip archive (read in memory)."""
    data = path.read_bytes()
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    whole = Export(label, path.resolve().parts, data, modified)
    if not data.startswith(b"PK") or is_workbook(data):
        yield whole
        return
    for parts, content in members(data, label=label):
        yield replace(whole, label=f"{label}/{'/'.join(parts)}", parts=(*whole.parts, *parts), data=content)


def read_grid(export: Export) -> Grid:
    """Return the cells of *export*: first sheet of a workbook, rows of a Parquet file, or delimited text."""
    return sheets_of(export)[0]


def sheets_of(export: Export) -> list[Grid]:
    """Return the cells of every sheet of *export*; text and Parquet are one. Its bytes say what it is, not its name.

    Raises ImportRefused where it is neither text, nor a workbook, nor Parquet, or is damaged.
    """
    data, label, parts = export.data, export.label, export.parts
    if data.startswith(b"PK"):
        return _of_workbook(read_xlsx(data, label=label), "xlsx", export)
    if data.startswith(OLD_WORKBOOK):
        return _of_workbook(read_xls(data, label=label), "xls", export)
    if data.startswith(b"PAR1"):
        return [Grid(_parquet_rows(export), "parquet", label=label, parts=parts)]
    text, encoding, warnings = decoded(data, label=label)
    delimiter = _delimiter(text)
    rows, damage = _rows(text, delimiter)
    return [Grid(rows, encoding, delimiter, text, warnings, label=label, damage=damage, parts=parts)]


def _of_workbook(sheets: list[SheetRows], kind: str, export: Export) -> list[Grid]:
    """Return the sheets that its user sees; the first one says which are hidden, and where all are, all are read."""
    shown = [one for one in sheets if not one.is_hidden] or sheets
    hidden = [f"the sheet '{one.name}' is hidden: not read" for one in sheets if one not in shown]
    return [
        Grid(one.rows, kind, name=one.name, label=export.label, parts=export.parts, warnings=[] if number else hidden)
        for number, one in enumerate(shown)
    ]


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], str]:
    """Return the records of *text*, and what is wrong with its quoting where something is."""
    rows: list[list[str]] = []
    damage = ""
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True)
    try:
        rows.extend(reader)
    except csv.Error:
        damage = f"a quotation mark near line {reader.line_num} is misplaced or never closed"
        rows = _leniently(text, delimiter)
    return rows, damage


def _leniently(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()]


def _delimiter(text: str) -> str:
    start = text[:20_000]
    first = start.split("\n", 1)[0].strip('\r"')
    if first.lower().startswith("sep=") and len(first) > 4:
        return first[4]
    whole = start if len(text) <= len(start) else start[: start.rfind("\n") + 1] or start
    scores = {mark: _divided(whole, mark) for mark in DELIMITERS}
    return max(scores, key=lambda mark: scores[mark])


def _divided(text: str, mark: str) -> tuple[bool, float]:
    """Return how well *mark* divides *text*: whether nearly every record is as wide as the header, and how wide.

    The header is the first of the top lines that is as wide as most records, and no number stands in it: a line that a
    decimal comma divides has one. What strangers write, such as a table drawn with `|` in a caption, divides only some
    of the lines, and a total at the end may be shorter than the others.
    """
    rows = [row for row in _leniently(text, mark) if any(cell.strip() for cell in row)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    best: tuple[bool, float] = (False, 0.0)
    for width, count in widths.items():
        top = next((number for number, row in enumerate(rows[:HEADER_WITHIN]) if len(row) == width), None)
        below = len(rows) - top if top is not None else 0
        named = top is not None and not any(NUMBER.fullmatch(cell.strip()) for cell in rows[top])
        even = named and count >= min(0.9 * below, max(below - 1, 3))
        best = max(best, (even, float((width - 1) * (1 if even else count))))
    return best


def _parquet_rows(export: Export) -> list[list[str]]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(io.BytesIO(export.data))
    except (arrow.ArrowException, OSError) as error:
        raise ImportRefused(f"this Parquet file cannot be read ({error})", file=export.label) from None
    columns = [
        [str(value) if isinstance(value, int) else cell_text(value) for value in column.to_pylist()]
        for column in table.columns
    ]
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]
