"""A look through the XML of a workbook before it is read: how far its sheets reach, and whether the fast reader is sure.

The fast reader keeps a sheet as one dense block and ends the process where memory does not suffice, so the extent is
counted first. It also reads some cells as empty, or as something else than they are; those are looked for here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from defusedxml.ElementTree import fromstring

from fanops_utils.errors import ImportRefused

MAX_CELLS = 40_000_000  # of one sheet, the empty ones within its extent included
SPARSE, EMPTIEST = 2_000_000, 50  # a sheet of more cells that reaches so many times as far as it is filled is none
BLOCK = 1024**2
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROW, COLUMN = re.compile(rb'<row [^>]*?\br="(\d+)"'), re.compile(rb'<c r="([A-Z]{1,3})\d')
# Errors and ISO dates, and whole numbers of more than 15 digits; names with a prefix.
# A formula that no program has computed: its cell ends after it, or its value is empty.
UNCOMPUTED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:</c>|<v\s*/>|<v></v>)")
UNSURE_TYPES, LONG_NUMBER, PREFIXED = (
    (b't="e"', b't="d"'),
    re.compile(rb"<v>-?\d{16}"),
    re.compile(rb"<\w+:worksheet\b"),
)
# Letters written as numbers, notes on pronunciation, space at the ends that nobody asked to keep.
ESCAPED = re.compile(rb"_x[0-9A-Fa-f]{4}_")
UNSURE_TEXT = re.compile(rb"<t>(?:\s|[^<]*\s</t>)")
NUMBER_FORMAT = re.compile(r"[0#?.,%\s\-+()E;_$€£¥]*|General|@")
DATE_FORMAT = re.compile(r"(?:[dmyhs/:\-., \\;@]|AM/PM)+", re.IGNORECASE)
BUILT_IN_FORMATS = {*range(23), 37, 38, 39, 40, 45, 47, 48, 49}


@dataclass(frozen=True)
class Extent:
    """How far a sheet reaches, whatever it says of itself."""

    rows: int
    columns: int
    cells: int = field(default=0, compare=False)

    @property
    def too_far(self) -> bool:
        """Whether reading it would take room out of proportion: it reaches too far, or far beyond what it holds."""
        reach = self.rows * self.columns
        return reach > MAX_CELLS or reach > max(SPARSE, EMPTIEST * self.cells)


def extents(data: bytes, *, label: str) -> dict[str, Extent] | None:
    """Return the extent of every sheet of the .xlsx workbook *data*; None where the fast reader might misread a cell.

    Raises ImportRefused where a sheet reaches too far to be held.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, Extent] = {}
        sure = _plain_formats(archive) and _plain_texts(archive)
        for name, path in _sheets(archive):
            extent, plain = _extent(archive, path)
            if extent.too_far:
                hint = "Delete what lies far below or to the right of the table, or save the sheet as .csv"
                reach = f"row {extent.rows:,}, column {extent.columns:,}"
                raise ImportRefused(f"the sheet '{name}' reaches to {reach}: too large", file=label, hint=hint)
            found[name] = extent
            sure = sure and plain
    return found if sure else None


def _extent(archive: zipfile.ZipFile, path: str) -> tuple[Extent, bool]:
    rows, cells, numbered, last, columns, plain = 0, 0, 0, 0, {b""}, True
    for block in _blocks(archive, path):
        numbers, letters = ROW.findall(block), COLUMN.findall(block)
        rows, cells = rows + block.count(b"<row"), cells + block.count(b"<c ") + block.count(b"<c>")
        numbered += len(numbers) + len(letters)
        last = max(last, *map(int, numbers)) if numbers else last
        columns.update(letters)
        plain = plain and not _is_unsure(block)
    return Extent(last, max(map(_column, columns)), cells), plain and numbered == rows + cells


def _is_unsure(block: bytes) -> bool:
    if b"<f" in block and UNCOMPUTED.search(block):
        return True
    if any(mark in block for mark in UNSURE_TYPES) or LONG_NUMBER.search(block) or PREFIXED.search(block):
        return True
    return b"<is>" in block and _is_unsure_text(block)


def _is_unsure_text(block: bytes) -> bool:
    # A line break of two characters in a text becomes one for one reader only; one after the declaration is none.
    if ESCAPED.search(block) or b"<rPh" in block or UNSURE_TEXT.search(block):
        return True
    return b"\r" in block.replace(b"?>\r", b"", 1)


def formulas_without_values(data: bytes) -> bool:
    """Return whether a cell of the .xlsx workbook *data* is a formula whose value no program has stored."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            UNCOMPUTED.search(block)
            for _, path in _sheets(archive)
            for block in _blocks(archive, path)
            if b"<f" in block
        )


def _column(letters: bytes) -> int:
    """Return the number of the column *letters*.

    >>> _column(b"A"), _column(b"AA"), _column(b"")
    (1, 27, 0)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _blocks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yield the XML at *path* in blocks that end before a tag."""
    with archive.open(path) as file:
        rest = b""
        while read := file.read(BLOCK):
            block = rest + read
            end = max(block.rfind(b"<c "), block.rfind(b"<row")) if b"<c " in block else block.rfind(b"<")
            rest = block[end:] if end > 0 else block
            if end > 0:
                yield block[:end]
        yield rest


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and path of every sheet in *archive*."""
    relations = {
        one.get("Id"): str(one.get("Target")) for one in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = []
    for one in fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            target = relations[one.get(RELATION)]
            found.append((str(one.get("name")), target.removeprefix("/") if target[0] == "/" else f"xl/{target}"))
    return found


def _plain_texts(archive: zipfile.ZipFile) -> bool:
    paths = [name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"]
    return all(not _is_unsure_text(block) for path in paths for block in _blocks(archive, path))


def _plain_formats(archive: zipfile.ZipFile) -> bool:
    """Return whether both readers agree which cells of the workbook are dates."""
    if b"date1904" in archive.read("xl/workbook.xml"):
        return False
    if "xl/styles.xml" not in archive.namelist():
        return True
    own: dict[str, str] = {}
    used: set[str] = set()
    for one in fromstring(archive.read("xl/styles.xml")).iter():
        if one.tag.endswith("}numFmt"):
            own[str(one.get("numFmtId"))] = str(one.get("formatCode"))
        elif one.tag.endswith("}xf"):
            used.add(str(one.get("numFmtId", "0")))
    return all(
        any(pattern.fullmatch(own[one]) for pattern in (NUMBER_FORMAT, DATE_FORMAT))
        if one in own
        else int(one) in BUILT_IN_FORMATS
        for one in used
    )
