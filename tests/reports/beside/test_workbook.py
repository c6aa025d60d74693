"""A report's sheets as a workbook, opened by another library."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Section
from fanops_utils.reports.beside import sheets
from fanops_utils.reports.beside.sheets import Sheet, sheets_of
from fanops_utils.reports.beside.workbook import workbook_bytes
from fanops_utils.text import Count, Day, Money, People, Percent, Points, Written, say
from fanops_utils.text.showing import Part, mime

MADE = datetime(2026, 11, 30, 6, tzinfo=UTC)


def opened(*given: Sheet, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(workbook_bytes(given, say("Is it so?"), language, made=MADE)))


def sheet(*rows: list[Any], title: Any = None, columns: int | None = None) -> Sheet:
    heads = [say("C").to_json()] * (columns or len(rows[0]))
    return Sheet((title or say("T")).to_json(), None, heads, list(rows), 0)


def notebook_of(*parts: Part) -> Any:
    cells = [
        new_code_cell("", outputs=[new_output("display_data", data={mime(part.kind): part.to_json()})])
        for part in parts
    ]
    return new_notebook(cells=cells)


def chart() -> charts.Chart:
    rows = [("a", 0.1, 0.0, 0.2, 90), ("b", 0.2, 0.1, 0.3, 90)]
    frame = pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper", "n"])
    return charts.intervals(frame, label="label", words=Words(title=say("Drawn"), alt=say("Alt"), caption=say("Note")))


def test_numbers_days_and_few_people() -> None:
    row = [
        Percent(0.123),
        Money(12.5, "EUR"),
        Points(0.01),
        Count(1234),
        People(3),
        Day.of(date(2026, 3, 9), form="iso"),
    ]
    page = opened(sheet([*(one.to_json() for one in row), 0.5, None])).worksheets[1]
    cells = next(iter(page.iter_rows(min_row=2)))
    assert [cell.value for cell in cells] == [0.123, 12.5, 1, 1234, "fewer than ten", datetime(2026, 3, 9), 0.5, None]
    assert [cell.number_format for cell in cells][:4] == ["0.0%", "#,##0.00", "+0.00;-0.00;0.00", "#,##0"]


def test_no_text_becomes_a_formula_or_a_link() -> None:
    hostile = ["=1+1", '=HYPERLINK("http://a")', "@SUM(1)", "http://example.org", "{=1}", "-1"]
    page = opened(sheet([Written(one).to_json() for one in hostile], title=Written("=1+1"))).worksheets[1]
    cells = next(iter(page.iter_rows(min_row=2)))
    assert [(cell.data_type, cell.value, cell.hyperlink) for cell in cells] == [("s", one, None) for one in hostile]


def test_names_of_sheets_are_allowed_short_and_apart() -> None:
    long = Written("Members: [by] stage / “tier”? *and* more than thirty-one letters")
    book = opened(
        sheet([1], title=long), sheet([1], title=long), sheet([1], title=Written("'quoted'")), language="zh-Hans"
    )
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 4
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    links = [row[0].hyperlink.location for row in book.worksheets[0].iter_rows(min_row=3)]
    assert [link.rpartition("!")[0].strip("'").replace("''", "'") for link in links] == book.sheetnames[1:]


def test_the_same_sheets_give_the_same_bytes() -> None:
    first, again = (workbook_bytes([sheet([1])], say("T"), "en", made=MADE) for _ in range(2))
    assert first == again


def test_every_table_and_every_charts_data_is_a_sheet(monkeypatch: Any) -> None:
    table = charts.table(pd.DataFrame({"a": range(7)}), columns={"a": say("A")}, caption=say("Listed"))
    notebook = notebook_of(Section.of(chart(), table), table)
    drawn, listed, alone = sheets_of(notebook)
    assert (drawn.title, listed.title) == (say("Drawn").to_json(), say("Listed").to_json())
    assert drawn.rows == chart().to_json()["rows"] and len(listed.rows) == 7 and listed == alone
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    monkeypatch.setattr(sheets, "MOST_CELLS", 14)
    assert [(len(one.rows), one.left_out) for one in sheets_of(notebook)] == [(2, 0), (4, 3), (0, 7)]
