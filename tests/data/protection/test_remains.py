from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from people import load, put

from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.remains import NotSearchedError, holds, remaining
from fanops_utils.data.protection.spelling import holds_any
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.errors import WorkspaceError
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
    "utf-16-be": lambda one: b"\xfe\xff" + f"联系{one}谢谢".encode("utf-16-be"), "field": lambda one: _nested(one, of="field"),
    "fonts": lambda one: _in_two_fonts(one), "header": lambda one: _book_with_header(one), "tar": lambda one: _tar(one),
    "cp949": lambda one: f"연락{one}님".encode("cp949"), "cp932": lambda one: f"れんらく{one}さん".encode("cp932"),
}  # fmt: skip
# How people of other scripts are written, and the encodings in which an export may have them.
SCRIPTS = [
    ("김민수_1988", "cp949"), ("たなか_花子7", "cp932"), ("タナカ_77", "cp932"), ("王小明_88", "gb18030"), ("王小明_88", "big5"),
    ("สมชาย_ใจดี9", "cp874"), ("أحمد_محمود77", "cp1256"), ("김민수_1988", "utf-16"), ("たなか_花子7", "euc_jp"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_check_opens_what_holds_a_person_and_nobody_else(tmp_path: Path, form: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(FORMS[form](MAIL))
    assert holds(path, SUBJECT)
    path.write_bytes(FORMS[form](OTHER))
    assert not holds(path, SUBJECT)


@pytest.mark.parametrize(("one", "codec"), SCRIPTS)
@pytest.mark.parametrize("form", ["plain", "full width", "address", "mail"])
def test_ids_of_every_script_are_found_in_their_own_encodings(tmp_path: Path, one: str, codec: str, form: str) -> None:
    person = Subject(frozenset({one.casefold()}), frozenset({"ab" * 16}))
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isascii() else char for char in one)
    written = {
        "plain": one.encode(codec),
        "full width": wide.encode(codec, errors="ignore"),
        "address": quote(one.encode(codec)).encode(),
        "mail": "".join(f"={octet:02X}" for octet in one.encode()).encode(),
    }[form]
    if form == "full width" and codec in ("cp874", "cp1256"):
        pytest.skip("these have no full width")
    if form == "address" and codec == "utf-16":
        pytest.skip("no address is written so")
    path = tmp_path / "any"
    path.write_bytes(written)
    assert holds(path, person)
    if codec != "utf-16":
        assert holds_any(written, person.needles), "the editing looks closer"
    path.write_bytes("somebody else".encode(codec))
    assert not holds(path, person)


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
    "book": _rich_book, "fonts": lambda one: _in_two_fonts(one), "field": lambda one: _nested(one, of="field"),
    "korean": lambda one: f"Note,N\n연락 {one} 이다 그는 대한 을의에 고,1\n".encode("cp949"),
    "japanese": lambda one: f"Note,N\nれんらく {one} さんへありがとう,1\n".encode("cp932"),
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


def _in_two_fonts(one: str) -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Note"])
    book.active.append([CellRichText("by ", TextBlock(InlineFont(b=True), one[:4]), one[4:])])
    book.save(packed)
    return packed.getvalue()


def _book_with_header(one: str) -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.oddHeader.left.text = one
    book.save(packed)
    return packed.getvalue()


def _tar(one: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo(f"{one}.csv"))
    return packed.getvalue()


def _nested(one: str, *, of: str) -> bytes:
    values = {"field": ["x"], "list": [[one]], "struct": [{"by": one}], "bytes": [f"by {one}".encode()]}[of]
    table, packed = arrow.table({"a": values}), io.BytesIO()
    if of == "field":
        table = table.cast(arrow.schema([arrow.field("a", arrow.string(), metadata={"by": one})]))
    parquet.write_table(table, packed)
    return packed.getvalue()


@pytest.mark.parametrize("of", ["list", "struct", "bytes"])
def test_a_person_in_a_nested_column_is_refused_by_name_not_said_to_be_edited(
    brand_workspace: Workspace, of: str
) -> None:
    brand_workspace.raw.mkdir(exist_ok=True)
    (brand_workspace.raw / "theirs.parquet").write_bytes(_nested(MAIL, of=of))
    with pytest.raises(WorkspaceError, match=r"raw/theirs\.parquet"):
        erase(brand_workspace, [MAIL])


def _damaged(kind: str) -> bytes:
    text = "".join(f"a{number},{number * 7919 % 997}\n" for number in range(400)).encode()
    if kind in ("gz", "bz2", "xz"):
        whole = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind](text)
        return whole[:40] + b"\x00\xff" * 20 + whole[80:]
    whole = {"xlsx": _book, "zip": lambda _: _zip(text.decode(), comment=False)}[kind](OTHER)
    return whole[:60] + b"\xff" * 40 + whole[100:]


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zip", "xlsx"])
def test_a_damaged_file_keeps_nobody_from_being_erased(brand_workspace: Workspace, kind: str) -> None:
    put(brand_workspace, "orders", "orders", [["o1", MAIL, T, "1", "x"], ["o2", OTHER, T, "1", "x"]])
    load(brand_workspace)
    (brand_workspace.raw / "spoilt").write_bytes(_damaged(kind))
    done = erase(brand_workspace, [MAIL])
    assert (done.rows, done.left) == (1, [])
    assert [one.split(":")[0] for one in done.unsearched] == ["raw/spoilt"]


@pytest.mark.parametrize("kind", ["tar", "latin"])
def test_a_packed_file_that_holds_nobody_is_in_no_erases_way(brand_workspace: Workspace, kind: str) -> None:
    brand_workspace.raw.mkdir(exist_ok=True)
    content = {"tar": _tar("nobody"), "latin": gzip.compress("Ł;ő\n1;2\n".encode("cp1250"))}[kind]
    (brand_workspace.raw / "packed.gz").write_bytes(content)
    done = erase(brand_workspace, [MAIL])
    assert (done.left, done.unsearched) == ([], [])
    assert (brand_workspace.raw / "packed.gz").read_bytes() == content


def test_what_cannot_be_opened_is_named(brand_workspace: Workspace) -> None:
    brand_workspace.raw.mkdir(exist_ok=True)
    (brand_workspace.raw / "old.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 99)
    assert erase(brand_workspace, [MAIL]).unsearched == ["raw/old.zst"]
