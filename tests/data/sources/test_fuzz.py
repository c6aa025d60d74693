"""Every sample export, spoilt in every way files are spoilt: what is loaded is right, or it is set aside, or the file is refused.

"Right" is what the whole file says: a spoilt copy may say less, never anything else, and every record is accounted for.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTED, EXPORTS, workspace
from spoilt_files import OF_BYTES, OF_TEXT, Sample

from fanops_utils.data.sources.files.reading import Export, read_grid
from fanops_utils.data.sources.registry import Reading, read_export
from fanops_utils.data.sources.shared.source import Context
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


@cache
def sample(path: Path) -> Sample:
    """Return the sample at *path*; a workbook has bytes alone."""
    data = path.read_bytes()
    if path not in TEXTS:
        return Sample(data)
    grid = read_grid(context(path, data).export)
    rows = [row for row in grid.rows if not (row and row[0].startswith("sep="))]
    width = max(len(row) for row in rows[:15])
    header = next(
        n for n, row in enumerate(rows) if len(row) >= width - 1 and row[0].strip() and not row[0].startswith("#")
    )
    return Sample(data, rows, grid.delimiter, header, sectioned=path.name in SECTIONED)


def test_spoilt_files_are_read_right_or_set_aside_or_refused() -> None:
    """Spoil the samples in turn, each time in another way; FANOPS_FUZZ says how often (2000 for all there is)."""
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(int(os.environ.get("FANOPS_FUZZ", "60"))):
        chance = random.Random(number)
        path = FILES[number % len(FILES)]
        kinds = OF_BYTES | OF_TEXT if path in TEXTS else OF_BYTES
        kind = chance.choice(sorted(kinds))
        data = kinds[kind](sample(path), chance)
        try:
            reading = read(path, data)
            if kind == "byte_changed":  # a letter in a name is another name: only the number of records tells
                assert reading is None or reading.parsed.rows_in <= len({row for _, row in whole(path)}) + 40
            else:
                assert_says_nothing_else(path, reading, cut=kind == "cut")
        except Exception as error:  # whatever it is, it is what is looked for: a traceback or a wrong record
            wrong.append(f"{number} {ids(path)} {kind}: {type(error).__name__} {str(error)[:300]}")
            continue
        counted["refused" if reading is None else "set aside" if reading.parsed.rejects else "right"] += 1
    sys.stdout.write(f"{sum(counted.values())} spoilt files: {dict(counted)}\n")
    assert not wrong, "\n".join(wrong)
    assert min(counted[name] for name in ("right", "set aside", "refused")) > 4


@pytest.mark.parametrize("path", TEXTS, ids=ids)
def test_every_encoding_that_tells_itself_reads_the_same(path: Path) -> None:
    text = read_grid(context(path, path.read_bytes()).export).text
    encoding = random.Random(path.name).choice(["utf-8", "utf-8-sig", "utf-16"])
    reading = read(path, text.encode(encoding))
    assert_says_nothing_else(path, reading)
    assert reading is not None
    assert len(facts(reading)) == len(whole(path)), encoding
