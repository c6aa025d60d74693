"""The fast reader of workbooks is used only where it reads what the careful one reads, and never on what ends the process."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from export_reading import EXPORTS, workbook
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.files.workbook_scan import Extent, extents
from fanops_utils.data.sources.files.workbooks import SheetRows, _careful, _fast, read_xlsx
from fanops_utils.errors import ImportRefused

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
CELLS = st.one_of(
    st.none(), st.text(LETTERS, max_size=8), st.booleans(), st.integers(-(10**18), 10**18), st.floats(-1e20, 1e20),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.times(),
    st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from(["#N/A", " a", "a ", "a\nb", "_x000D_", "=1+1", "#DIV/0!"]),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=5), min_size=1, max_size=5))
def test_both_readers_read_the_same_or_the_careful_one_is_asked(rows: list[list[object]]) -> None:
    data = workbook({"One": rows, "Two": [["a"], [], [None, None, 1]]})
    extent = extents(data, label="book")
    fast = _fast(data, extent) if extent else None
    assert fast is None or fast == _careful(data)
    assert read_xlsx(data, label="book") == _careful(data)


def test_what_platforms_export_is_read_fast() -> None:
    books = [path.read_bytes() for path in sorted(EXPORTS.rglob("*.xlsx"))]
    assert books
    for data in books:
        extent = extents(data, label="book")
        assert extent and _fast(data, extent) == _careful(data)


def test_midnight_in_a_column_of_moments_is_a_moment() -> None:
    data = workbook({"S": [[datetime(2026, 7, 20, 10)], [datetime(2026, 7, 21)], [date(2026, 7, 22)]]})
    (sheet,) = read_xlsx(data, label="book")
    assert [row[0] for row in sheet.rows] == ["2026-07-20 10:00:00", "2026-07-21 00:00:00", "2026-07-22 00:00:00"]


@pytest.mark.parametrize("value", ["#N/A", time(10, 0), timedelta(hours=30), datetime(2026, 1, 1, 1, 1, 1, 500_000)])
def test_what_the_fast_reader_may_misread_is_left_to_the_careful_one(value: object) -> None:
    data = workbook({"S": [["a"], [value]]})
    extent = extents(data, label="book")
    assert extent is None or _fast(data, extent) is None


def test_hidden_sheets_and_cells_with_a_format_only_are_kept() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    book.active["E4"].number_format = "0.00"
    hidden = book.create_sheet("Hidden")
    hidden.append(["b"])
    hidden.sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    extent = extents(out.getvalue(), label="book")
    assert extent == {"Sheet": Extent(4, 5), "Hidden": Extent(1, 1)}
    assert _fast(out.getvalue(), extent) == _careful(out.getvalue())


def test_a_far_cell_is_refused_and_a_long_column_is_not() -> None:
    far, long = openpyxl.Workbook(), openpyxl.Workbook()
    far.active.cell(1_048_576, 16_384, "far")
    long.active.cell(1_000_000, 1, "long")
    books = []
    for book in (far, long):
        books.append(io.BytesIO())
        book.save(books[-1])
    with pytest.raises(ImportRefused, match="reaches to row 1,048,576, column 16,384"):
        read_xlsx(books[0].getvalue(), label="book")
    assert len(read_xlsx(books[1].getvalue(), label="book")[0].rows) == 1_000_000


def rewritten(data: bytes, before: bytes, after: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            new.writestr(one, old.read(one).replace(before, after))
    return out.getvalue()


def test_a_number_longer_than_a_float_keeps_its_digits() -> None:
    data = rewritten(workbook({"S": [["id"], [5]]}), b"<v>5</v>", b"<v>12345678901234567</v>")
    assert extents(data, label="book") is None
    assert read_xlsx(data, label="book") == [SheetRows("S", [["id"], ["12345678901234567"]])]


def test_a_size_that_is_not_the_sheets_does_not_count() -> None:
    data = rewritten(workbook({"S": [["a", "b"], [1, 2]]}), b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert read_xlsx(data, label="book") == [SheetRows("S", [["a", "b"], ["1", "2"]])]


def test_a_sheet_with_one_far_cell_is_refused_before_it_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["AD1000000"] = 1
    data = io.BytesIO()
    book.save(data)
    assert len(data.getvalue()) < 6000
    with pytest.raises(ImportRefused):
        extents(data.getvalue(), label="far.xlsx")
