"""Text in blocks of whole records, as Arrow tables where that is possible, and the cells of one block."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv

from fanops_utils.data.sources.mapping.fitting import reject_short
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.sheet import cells_of

HEAD = 1024**2
BLOCK = 16 * 1024**2


def records_in(text: io.TextIOWrapper, delimiter: str, width: int) -> Iterator[arrow.Table | list[list[str]]]:
    """Yield the records block by block: as an Arrow table where every record has *width* cells, else as lists."""
    while block := text.read(BLOCK):
        block += text.readline()
        if '"' not in block and (table := _plain(block, delimiter, width)) is not None:
            yield table
            continue
        rows = _quoted(block, text, delimiter)
        rows = [row for row in rows if row and (row[0] or any(map(str.strip, row)))]
        if all(len(row) == width for row in rows):
            cells = zip(*rows, strict=True) if rows else [()] * width
            columns = [arrow.array(column, arrow.string()) for column in cells]
            yield _without_blanks(arrow.table(columns, names=_names(width)))
        else:
            yield [row for row in rows if any(map(str.strip, row))]


def _quoted(block: str, text: io.TextIOWrapper, delimiter: str) -> list[list[str]]:
    """Return the records of *block*; where its last one is not at its end, the text is read on until it is."""
    while True:
        try:
            return list(csv.reader(io.StringIO(block, newline="\n"), delimiter=delimiter, strict=True))
        except csv.Error as error:
            more = text.readline() + text.read(HEAD) + text.readline() if "end of data" in str(error) else ""
            if not more:
                raise
            block += more


def _plain(block: str, delimiter: str, width: int) -> arrow.Table | None:
    """Return the records of a *block* without quotes; None where they have not all *width* cells."""
    names = _names(width)
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(block.encode()),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=2 * BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, arrow.string()), strings_can_be_null=False
            ),
        )
    except arrow.ArrowInvalid:
        return None
    return _without_blanks(table)


def _names(width: int) -> list[str]:
    return [f"f{number}" for number in range(width)]


def _without_blanks(table: arrow.Table) -> arrow.Table:
    blank: Any = None
    for column in table.columns:
        empty = compute.equal(compute.utf8_trim_whitespace(column), "")
        blank = empty if blank is None else compute.and_(blank, empty)
        if not compute.any(blank).as_py():
            return table
    return table.filter(compute.invert(blank))


def cells_in(records: arrow.Table | list[list[str]], wanted: dict[str, int], titles: list[str], done: int) -> Cells:
    """Return *records* as Cells whose record numbers follow the *done* ones before."""
    if isinstance(records, list):
        cells = cells_of(records, wanted, titles)
        reject_short(cells, records, titles)
        cells.frame.index += done
        cells.rejects[:] = [replace(one, row=one.row + done) for one in cells.rejects]
        return cells
    index = pd.RangeIndex(done + 1, done + records.num_rows + 1, name="source_row")
    texts = {name: pd.Series(pd.array(records[number], dtype="string"), index=index) for name, number in wanted.items()}
    return Cells(pd.DataFrame(texts, index=index), {name: titles[number] for name, number in wanted.items()})
