from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from export_reading import EXPORTED, EXPORTS, old_workbook, workbook
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.files.reading import Export, Grid, read_grid, sheets_of
from fanops_utils.errors import ImportRefused


def grid(data: bytes, name: str = "file.csv") -> Grid:
    return read_grid(Export(name, (name,), data, EXPORTED))


ROWS = [["a", "b"], ["ünï", "x, y"], ["", 'say "hi"\nthere']]


def delimited(delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(ROWS)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le with mark"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_bytes_decide_the_encoding_and_lines_the_delimiter(encoding: str, delimiter: str) -> None:
    text = delimited(delimiter)
    data = b"\xff\xfe" + text.encode("utf-16-le") if "mark" in encoding else text.encode(encoding)
    found = grid(data)
    assert (found.rows, found.warnings, found.damage) == (ROWS, [], "")


def test_old_encodings_are_read_with_a_warning() -> None:
    western = grid("Post,Texto\n1,coração já não\n".encode("cp1252"))
    chinese = grid("作品名称,发布时间\n春季新品上市,2026-07-18\n".encode("gb18030"))
    assert western.rows[1] == ["1", "coração já não"]
    assert chinese.rows[1] == ["春季新品上市", "2026-07-18"]
    assert [one.warnings[0] for one in (western, chinese)] == [
        "not UTF-8: read as cp1252; check the accents", "not UTF-8: read as gb18030; check the accents",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("标题,观看量\n春季新品".encode()[:-1], "ends in the middle of a character"),
        ("\ufeff标题,1\n".encode()[:-4], "ends in the middle of a character"),
        ("Título,Día,Année\nañejo,é,ü\n".encode().replace("é".encode(), b"\xe9"), "is damaged"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "ends in the middle of a character"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither text"),
    ],
)
def test_damaged_text_is_refused_not_guessed(data: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        grid(data)


def test_a_line_that_names_the_delimiter_is_believed() -> None:
    assert grid(b"sep=;\na,x;b\n").rows[1] == ["a,x", "b"]


def test_commas_inside_quotes_do_not_decide() -> None:
    assert grid(b'"one, two, three, four";n\n"a, b, c, d";1\n').rows[1] == ["a, b, c, d", "1"]


@pytest.mark.parametrize("text", ['a,b\n"never closed,1\n2,3\n', 'a,b\n"x "y", z",1\n'])
def test_misplaced_quotation_marks_are_noted(text: str) -> None:
    assert "quotation mark near line" in grid(text.encode()).damage


def test_a_workbook_is_one_whatever_its_name_and_all_its_sheets_are_read() -> None:
    sheets = {"One": [["a", "b"], [1, None]], "Two": [["c"], [datetime(2026, 7, 20, 10, 30)]]}
    for data in (workbook(sheets), old_workbook({"One": sheets["One"], "Two": [["c"], ["2026-07-20 10:30:00"]]})):
        found = sheets_of(Export("x.CSV", ("x.CSV",), data, EXPORTED))
        assert [(one.name, one.rows) for one in found] == [
            ("One", [["a", "b"], ["1", ""]]), ("Two", [["c"], ["2026-07-20 10:30:00"]]),
        ]  # fmt: skip


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"])
def test_damaged_workbooks_are_refused_by_name(start: bytes) -> None:
    with pytest.raises(ImportRefused, match=r"^file\.csv: "):
        grid(start + b"\x01" * 600)


def test_every_part_of_a_real_workbook_missing_is_a_refusal() -> None:
    whole = (EXPORTS / "xiaohongshu/笔记列表明细表.xlsx").read_bytes()
    for length in range(4, len(whole) - 40, 450):
        with pytest.raises(ImportRefused):
            grid(whole[:length])


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=8)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]),
       st.sampled_from(["utf-8-sig", "utf-16"]))  # fmt: skip
def test_what_was_written_is_read(rows: list[list[str]], delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *rows])
    found = grid(out.getvalue().encode(encoding))
    assert found.rows == [["x", "y", "z"], *rows]


def test_typed_dates_and_times_of_cells() -> None:
    book = workbook({"S": [[date(2026, 7, 20), datetime(2026, 7, 20, 1, 2, 3), 3.0, 0.5, True]]})
    assert grid(book).rows == [["2026-07-20 00:00:00", "2026-07-20 01:02:03", "3", "0.5", "True"]]


def test_a_decimal_comma_in_every_line_is_no_delimiter() -> None:
    text = "Account;Day;Spend\na1;2026-03-05;1234,50\na1;2026-03-06;7,25\nTotal;1241,75\n"
    assert grid(text.encode()).delimiter == ";"
