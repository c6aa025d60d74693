"""Every sample export, spoilt in every way files are spoilt: what is loaded is right, or it is set aside, or the file is refused.

"Right" is what the whole file says: a spoilt copy may say less, never anything else, and every record is accounted for.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTED, EXPORTS, workspace

from fanops_utils.data.sources.files.reading import Export, read_grid
from fanops_utils.data.sources.registry import Reading, read_export
from fanops_utils.data.sources.shared.base import Context
from fanops_utils.errors import FanopsError

FILES = sorted(
    path for path in EXPORTS.rglob("*") if path.suffix in (".csv", ".txt", ".xlsx") and path.parent.name != "mapping"
)
TEXTS = [path for path in FILES if path.suffix != ".xlsx"]
# What follows from the other records of the file, or from its name, and what only counts or dates the record in it.
DERIVED = {"source_row", "is_partial", "snapshot_at", "line_no", "interval", "is_collab", "account_id"}
# Meta's zone is what most rows prove, and day or month first is decided for a file as a whole.
BY_MAJORITY = {"tz_source", "created_timestamp", "created_precision", "created_source", "is_scheduled"}
VOTING = {"instagram", "facebook"}
SECTIONED = {"Audience.csv"}  # several tables, told apart by place: other columns there are other segments
Facts = dict[tuple[str, int], dict[str, str]]


def ids(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def context(path: Path, data: bytes) -> Context:
    account = "17841400000000001" if "instagram_daily" in path.parts else None
    export = Export(path.name, path.parts[-2:], data, EXPORTED)
    return Context(workspace(EVERYWHERE), export, account, date(2026, 1, 6) if "tiktok" in path.parts else None)


def read(path: Path, data: bytes) -> Reading | None:
    """Return the reading of *data*, or None where it is refused by name; check that every record is accounted for."""
    try:
        reading = read_export(context(path, data), [])
    except FanopsError as error:
        assert path.name in str(error), "a refusal names the file"
        return None
    parsed = reading.parsed
    rows = {int(row) for frame in parsed.tables.values() for row in frame["source_row"].dropna()}
    bad = {reject.row for reject in parsed.rejects}
    assert len(rows | bad) == parsed.rows_in, f"{parsed.rows_in} records in, {len(rows | bad)} accounted for"
    return reading


def facts(reading: Reading) -> Facts:
    """Return what was loaded: the cells that are not missing, by table and record."""
    bad = {reject.row for reject in reading.parsed.rejects}
    found: Facts = {}
    for name, frame in reading.parsed.tables.items():
        without = DERIVED | BY_MAJORITY if reading.source in VOTING else DERIVED
        kept = [column for column in frame.columns if column not in without]
        for number, (row, *cells) in enumerate(frame[["source_row", *kept]].itertuples(index=False, name=None)):
            if pd.notna(row) and int(row) not in bad:
                told = {column: text(cell) for column, cell in zip(kept, cells, strict=True) if not is_missing(cell)}
                place = int(row) if (name, int(row)) not in found else -number
                found[name, place] = told
    return found


def is_missing(cell: object) -> bool:
    return not isinstance(cell, list) and bool(pd.isna(cell))


def text(cell: object) -> str:
    return f"{float(cell):.9g}" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell).strip()


@cache
def whole(path: Path) -> Facts:
    reading = read(path, path.read_bytes())
    assert reading is not None
    assert not reading.parsed.rejects
    return facts(reading)


def assert_says_nothing_else(path: Path, reading: Reading | None, *, cut: bool = False) -> None:
    """Check that each loaded record is one of the whole file's, but for cells that are missing now.

    The last record of a file *cut* off in the middle of a number cannot be told: then a warning must say so.
    """
    if reading is None:
        return
    true = list(whole(path).items())
    found = facts(reading)
    last = max((row for _, row in found), default=0)
    warned = any("its last record may be cut" in said for said in reading.parsed.warnings)
    for (table, row), told in found.items():
        if cut and row == last and (warned or reading.source == "discord"):
            continue
        assert any(name == table and told.items() <= other.items() for (name, _), other in true), (table, row, told)


def rows_of(path: Path) -> tuple[list[list[str]], str, int]:
    """Return rows, delimiter and number of the header of the sample at *path*."""
    grid = read_grid(context(path, path.read_bytes()).export)
    rows = [row for row in grid.rows if not (row and row[0].startswith("sep="))]
    width = max(len(row) for row in rows[:15])
    header = next(
        n for n, row in enumerate(rows) if len(row) >= width - 1 and row[0].strip() and not row[0].startswith("#")
    )
    return rows, grid.delimiter, header


def written(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def draw(path: Path) -> random.Random:
    return random.Random(path.name)


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_truncated(path: Path) -> None:
    data, chance = path.read_bytes(), draw(path)
    lengths = {0, 1, 3, len(data) - 1, len(data) - 2, *(chance.randrange(4, len(data)) for _ in range(4))}
    for length in sorted(lengths):
        assert_says_nothing_else(path, read(path, data[:length]), cut=True)


@pytest.mark.parametrize("path", TEXTS, ids=ids)
def test_encoded_anew(path: Path) -> None:
    grid = read_grid(context(path, path.read_bytes()).export)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"):
        try:
            data = grid.text.encode(encoding)
        except UnicodeEncodeError:
            continue
        reading = read(path, data)
        assert_says_nothing_else(path, reading)
        if encoding in ("utf-8", "utf-8-sig", "utf-16"):
            assert reading is not None
            assert len(facts(reading)) == len(whole(path)), encoding


@pytest.mark.parametrize("path", TEXTS, ids=ids)
def test_divided_otherwise(path: Path) -> None:
    rows, delimiter, header = rows_of(path)
    for other in {",", ";", "\t", "|"} - {delimiter}:
        assert_says_nothing_else(path, read(path, written(rows, other)))
    for number in range(header + 1, min(header + 2, len(rows))):
        mixed = [row if n != number else [";".join(row)] for n, row in enumerate(rows)]
        assert_says_nothing_else(path, read(path, written(mixed)))
        short = [row if n != number else row[:-1] for n, row in enumerate(rows)]
        assert_says_nothing_else(path, read(path, written(short)))
        long = [row if n != number else [*row[:1], "stray", *row[1:]] for n, row in enumerate(rows)]
        assert_says_nothing_else(path, read(path, written(long)), cut=False)


@pytest.mark.parametrize("path", [path for path in TEXTS if path.name not in SECTIONED], ids=ids)
def test_columns_and_lines_in_another_order(path: Path) -> None:
    rows, _, header = rows_of(path)
    chance, width = draw(path), len(rows[header])
    order = chance.sample(range(width), width)
    columns = [
        [row[place] for place in order] if len(row) == width and n >= header else row for n, row in enumerate(rows)
    ]
    assert_says_nothing_else(path, read(path, written(columns)))
    below = rows[header + 1 :]
    for shuffled in (below[::-1], chance.sample(below, len(below))):
        reading = read(path, written([*rows[: header + 1], *shuffled]))
        assert_says_nothing_else(path, reading)


def renamed(rows: list[list[str]], header: int, places: list[int]) -> Iterator[list[list[str]]]:
    for place in places:
        head = [name if n != place else f"zz {n}" for n, name in enumerate(rows[header])]
        yield [*rows[:header], head, *rows[header + 1 :]]


@pytest.mark.parametrize("path", [path for path in TEXTS if path.name not in SECTIONED], ids=ids)
def test_columns_under_another_name(path: Path) -> None:
    rows, _, header = rows_of(path)
    places = [place for place, name in enumerate(rows[header]) if name.strip()]
    for variant in renamed(rows, header, draw(path).sample(places, min(4, len(places)))):
        assert_says_nothing_else(path, read(path, written(variant)))
    twice = [
        [*row, row[places[-1]]] if n >= header and len(row) == len(rows[header]) else row for n, row in enumerate(rows)
    ]
    assert_says_nothing_else(path, read(path, written(twice)))


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_single_bytes_changed(path: Path) -> None:
    data, chance = path.read_bytes(), draw(path)
    for mark in (b"\x00", b'"', b"\xff"):
        at = chance.randrange(len(data))
        reading = read(path, data[:at] + mark + data[at + 1 :])
        assert reading is None or reading.parsed.rows_in <= len({row for _, row in whole(path)}) + 40
