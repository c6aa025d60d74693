from __future__ import annotations

from datetime import time, timedelta

import pytest
from export_reading import old_workbook, workbook
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.files.workbooks import cell_text, read_xls, read_xlsx
from fanops_utils.data.sources.shared.ids import E_NOTATION


@pytest.mark.parametrize("read, make", [(read_xlsx, workbook), (read_xls, old_workbook)])
def test_ids_are_text_or_recognisably_spoilt(read, make) -> None:
    book = make({"S": [["7589538354010521600", 17978900000000000.0, 1827720132094660.0, 123456789012345]]})
    (sheet,) = read(book, label="book")
    (row,) = sheet.rows
    assert row == ["7589538354010521600", "1.79789E+16", "1.82772013209466E+15", "123456789012345"]


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_keep_their_digits(number: int) -> None:
    assert cell_text(number) == cell_text(float(number)) == str(number)


@given(st.integers(10**15, 10**19))
def test_a_number_that_excel_rounded_never_passes_for_an_id(number: int) -> None:
    import re

    rounded = float(f"{number:.14e}")
    assert re.fullmatch(E_NOTATION, cell_text(rounded))


def test_clocks_and_truths() -> None:
    assert cell_text(time(1, 2, 3)) == "01:02:03"
    assert cell_text(timedelta(hours=25, seconds=5)) == "25:00:05"
    assert cell_text(False) == "False"


def test_rows_of_a_sheet_are_equally_long() -> None:
    (sheet,) = read_xlsx(workbook({"S": [["a", "b", "c"], ["1"], []]}), label="book")
    assert sheet.rows[:2] == [["a", "b", "c"], ["1", "", ""]]
