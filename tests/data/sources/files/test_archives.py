from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from export_reading import workbook

from fanops_utils.data.sources.files import archives
from fanops_utils.data.sources.files.reading import exports_in, read_grid
from fanops_utils.errors import ImportRefused


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def found(tmp_path: Path, data: bytes) -> list[tuple[str, bytes]]:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    return [(one.label, one.data) for one in exports_in(path, label="x.zip")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read_in_memory(tmp_path: Path, method: int) -> None:
    data = packed(("a/b.csv", b"1"), ("__MACOSX/._b.csv", b"x"), ("a/.DS_Store", b"x"), ("c.xlsx", workbook({"S": [["q"]]})),
                  method=method)  # fmt: skip
    assert [label for label, _ in found(tmp_path, data)] == ["x.zip/a/b.csv", "x.zip/c.xlsx"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"], "nothing is unpacked to disk"


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a\\..\\..\\evil.csv", "a/../../evil.csv"]
)
def test_paths_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused, match=r"x\.zip: a path in this archive climbs out of it"):
        found(tmp_path, packed(("good.csv", b"a,b\n1,2\n"), (name, b"x")))


def test_one_bad_member_refuses_the_whole(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        next(exports_in(_write(tmp_path, packed(("good.csv", b"a"), ("../evil.csv", b"x"))), label="x.zip"))


def _write(folder: Path, data: bytes) -> Path:
    path = folder / "x.zip"
    path.write_bytes(data)
    return path


def encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def broken(data: bytes) -> bytes:
    at = data.index(b"b.csv") + 6
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: packed(("zeros.csv", b"0" * 20_000_000)), "implausible size"),
        (lambda: packed(("inner.zip", packed(("b.csv", b"1")))), "an archive inside this archive"),
        (lambda: encrypted(packed(("b.csv", b"secret"))), "encrypted"),
        (lambda: broken(packed(("b.csv", b"content"), method=zipfile.ZIP_STORED)), "damaged"),
        (lambda: packed(("b.csv", b"content"))[:-10], "damaged"),
        (
            lambda: packed(*((f"{n}.csv", b"") for n in range(archives.MAX_MEMBERS + 1)), method=zipfile.ZIP_STORED),
            "files, over",
        ),
    ],
)
def test_what_is_out_of_proportion_or_unreadable_is_refused(
    tmp_path: Path, make: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(ImportRefused, match=rf"^x\.zip.*{words}"):
        found(tmp_path, make())


def test_the_total_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1000)
    with pytest.raises(ImportRefused, match="unpacks to over"):
        found(tmp_path, packed(*((f"{n}.csv", b"0123456789" * 30) for n in range(4))))


def test_a_workbook_may_be_a_bomb_too(tmp_path: Path) -> None:
    bomb = packed(("xl/workbook.xml", b"<x/>"), ("xl/sheet1.xml", b" " * 20_000_000))
    (export,) = exports_in(_write(tmp_path, bomb), label="x.xlsx")
    with pytest.raises(ImportRefused, match="implausible size"):
        read_grid(export)


def test_names_of_members_are_safe_to_print(tmp_path: Path) -> None:
    ((label, _),) = found(tmp_path, packed(("a\x1b[31m.csv", b"1")))
    assert label == "x.zip/a?[31m.csv"
