from __future__ import annotations

import bz2
import io
import json
import lzma
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from openpyxl.comments import Comment
from people import load, put

from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.remains import NotSearchedError, holds, remaining
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.workspace import Workspace

MAIL, OTHER = "anna_b@example.org", "xanna_b@example.org"
SUBJECT = Subject(frozenset({MAIL}), frozenset({"ab" * 16}))
T = "2026-05-01T10:00:00+00:00"


def _zip(one: str, *, comment: bool) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "" if comment else one)
        archive.comment = one.encode() if comment else b""
    return packed.getvalue()


def _book(one: str) -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"].hyperlink = f"mailto:{one}"
    book.save(packed)
    return packed.getvalue()


def _parquet(one: str, *, in_metadata: bool) -> bytes:
    table, packed = arrow.table({"a": ["x" if in_metadata else one]}), io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({"by": one if in_metadata else ""}), packed, compression="zstd")
    return packed.getvalue()


def _dictionary(one: str) -> bytes:
    packed = io.BytesIO()
    unused = arrow.DictionaryArray.from_arrays(arrow.array([0, 0], arrow.int32()), arrow.array(["x", one]))
    parquet.write_table(arrow.table({"a": unused}), packed, compression="zstd")
    return packed.getvalue()


FORMS = {
    "text": str.encode, "cjk": lambda one: f"联系{one}谢谢".encode(), "gb18030": lambda one: f"联系{one}谢谢".encode("gb18030"),
    "utf-16": lambda one: one.encode("utf-16"), "percent": lambda one: one.replace("@", "%40").encode(),
    "json": lambda one: json.dumps(one).replace("@", "\\u0040").encode(), "mail": lambda one: one.replace("@", "=40").encode(),
    "bz2": lambda one: bz2.compress(one.encode()), "xz": lambda one: lzma.compress(one.encode()),
    "zip": lambda one: _zip(one, comment=False), "comment": lambda one: _zip(one, comment=True), "link": _book,
    "parquet": lambda one: _parquet(one, in_metadata=False), "metadata": lambda one: _parquet(one, in_metadata=True),
    "dictionary": _dictionary,
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_check_opens_what_holds_a_person_and_nobody_else(tmp_path: Path, form: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(FORMS[form](MAIL))
    assert holds(path, SUBJECT)
    path.write_bytes(FORMS[form](OTHER))
    assert not holds(path, SUBJECT)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"Rar!\x1a", b"PK\x03\x04spoiled", bz2.compress(b"x" * 999)[:20]])
def test_what_cannot_be_opened_is_said_to_be(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "closed").write_bytes(data)
    with pytest.raises(NotSearchedError):
        holds(tmp_path / "closed", SUBJECT)
    assert remaining(tmp_path, SUBJECT) == ([], [tmp_path / "closed"])


def test_an_id_beside_chinese_letters_is_erased(brand_workspace: Workspace) -> None:
    notes = [f"联系{MAIL}谢谢", "to=anna_b%40example.org", "ａｎｎａ＿ｂ＠example.org", f"由{OTHER}付"]
    put(brand_workspace, "orders", "orders", [[f"o{at}", "c-77", T, "1", note] for at, note in enumerate(notes)])
    load(brand_workspace)
    done = erase(brand_workspace, [MAIL])
    assert (done.left, done.unsearched) == ([], [])
    raw = (brand_workspace.raw / "orders.csv").read_text(encoding="utf-8")
    assert "联系[erased]谢谢" in raw
    assert "%40" not in raw
    assert raw.count("example.org") == 1, "somebody else's stays"


def _rich_book(one: str) -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["B2"] = "Order", "o1", "kept"
    sheet["A2"].hyperlink = f"mailto:{one}"
    sheet["B2"].hyperlink = "https://example.org/other"
    sheet["A2"].comment = Comment(f"asked by {one}", one)
    sheet.oddHeader.center.text = one
    sheet.title = one[:31]
    book.properties.creator = one
    book.save(packed)
    return packed.getvalue()


def _commented(one: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.comment = one.encode()
        archive.writestr(member, "Order\no1\n")
        archive.comment = one.encode()
    return packed.getvalue()


CONTAINERS = {
    "bz2": FORMS["bz2"], "xz": FORMS["xz"], "comment": _commented, "metadata": FORMS["metadata"], "dictionary": _dictionary,
    "book": _rich_book,
}  # fmt: skip


@pytest.mark.parametrize("form", CONTAINERS)
def test_what_stands_beside_the_rows_is_erased_too(brand_workspace: Workspace, form: str) -> None:
    brand_workspace.raw.mkdir(exist_ok=True)
    path, other = brand_workspace.raw / "theirs", brand_workspace.raw / "others"
    path.write_bytes(CONTAINERS[form](MAIL))
    other.write_bytes(CONTAINERS[form](OTHER))
    before = other.read_bytes()
    done = erase(brand_workspace, [MAIL])
    assert (done.left, done.unsearched) == ([], [])
    assert done.struck_out > 0
    assert other.read_bytes() == before
    if form == "book":
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
        assert [cell.value for cell in sheet[2]] == ["o1", "kept"]
        assert sheet["B2"].hyperlink.target == "https://example.org/other"


def test_what_cannot_be_opened_is_named(brand_workspace: Workspace) -> None:
    brand_workspace.raw.mkdir(exist_ok=True)
    (brand_workspace.raw / "old.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 99)
    assert erase(brand_workspace, [MAIL]).unsearched == ["raw/old.zst"]
