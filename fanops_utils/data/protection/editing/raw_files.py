"""Raw exports without one person: the same file in the same form, every other byte of text as it was."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from fanops_utils.data.protection.editing.edits import CannotEdit, CannotSearch, Edit
from fanops_utils.data.protection.editing.parquet import edit_parquet
from fanops_utils.data.protection.editing.sieve import Sieve, sift
from fanops_utils.data.protection.editing.workbooks import edit_workbook, refuse_old_workbook
from fanops_utils.data.protection.spelling import LOCAL, holds_any
from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.sources.files.archives import is_workbook, members
from fanops_utils.data.sources.files.reading import OLD_WORKBOOK, Export, read_grid
from fanops_utils.errors import FanopsError

HEAD, BLOCK, OVERLAP = 1024**2, 16 * 1024**2, 4096
PACKED: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
BROKEN_STREAM = (EOFError, OSError, zlib.error, lzma.LZMAError)
CLOSED = (b"%PDF", b"Rar!", b"7z\xbc\xaf", *PACKED)  # what they hold cannot be seen from their bytes


def edit_file(path: Path, label: str, subject: Subject, *, staging: Path | None = None) -> Edit | None:
    """Return what the file at *path* holds of *subject*, None where nothing; with *staging* an edited copy lies there.

    Text is read in a stream, so the file may be of any size. Raises CannotEdit where the file holds the person in a form
    that cannot be edited, CannotSearch where it is encrypted, damaged or of a closed form.
    """
    with path.open("rb") as file:
        start = file.read(8)
    packed = next((stream for magic, stream in PACKED.items() if start.startswith(magic)), None)
    if packed or not start.startswith((b"PK", b"PAR1", OLD_WORKBOOK, *CLOSED)):
        return _edit_stream(path, label, subject, staging, packed=packed)
    edit = edit_bytes(path.read_bytes(), label, subject)
    if edit and edit.content is not None and staging:
        edit.staged = staging
        with _private(staging) as file:
            file.write(edit.content)
        edit.content = None
    return edit


def edit_bytes(data: bytes, label: str, subject: Subject) -> Edit | None:
    """Return what the file with the bytes *data* holds of *subject* (see `edit_file`), and its bytes without them."""
    if data.startswith(b"PAR1"):
        return edit_parquet(data, label, subject)
    if data.startswith(OLD_WORKBOOK):
        refuse_old_workbook(data, label, subject)
        return None
    if data.startswith(b"PK"):
        return edit_workbook(data, label, subject) if is_workbook(data) else _edit_archive(data, label, subject)
    if data.startswith(CLOSED):
        raise CannotSearch("this kind of file cannot be searched", file=label)
    if not holds_any(data, subject.needles):
        return None
    sieve, target = Sieve(subject, label), io.StringIO(newline="")
    try:
        codec, delimiter = _read_as(data, label)
        _sifted(io.StringIO(data.decode(codec), newline=""), target, delimiter, sieve)
    except (CannotEdit, UnicodeDecodeError):
        if not holds_any(data, subject.traces):  # a mere number, and no records to be numbers in
            return None
        raise
    return Edit(label, [sieve], target.getvalue().encode(codec)) if sieve.records else None


def _edit_stream(
    path: Path, label: str, subject: Subject, staging: Path | None, *, packed: Callable[..., Any] | None
) -> Edit | None:
    try:
        with _opened(path, packed) as source:
            if packed and source.read(8).startswith((b"PK", b"PAR1", OLD_WORKBOOK, *CLOSED)):
                raise CannotSearch("a packed file inside a packed file: unpack it", file=label)
        if not _holds(path, subject.needles, packed):
            return None
    except BROKEN_STREAM as error:
        raise _damaged(error, label) from None
    try:
        with _opened(path, packed) as head:
            codec, delimiter = _read_as(head.read(HEAD), label)
        sieve, target = Sieve(subject, label), staging or Path(os.devnull)
        with _opened(path, packed) as source, _private(target) as raw:
            sink = packed(raw, "wb") if packed else raw
            with io.TextIOWrapper(cast(IO[bytes], sink), encoding=codec, newline="") as text:
                _sifted(io.TextIOWrapper(source, encoding=codec, newline=""), text, delimiter, sieve)
    except (CannotEdit, UnicodeError) as error:
        if not _holds(path, subject.traces, packed):  # a mere number, and no records to be numbers in
            return None
        if isinstance(error, CannotEdit):
            raise
        raise CannotEdit(f"not all of this file can be read ({error})", file=label) from None
    if not sieve.records:
        if staging:
            staging.unlink()
        return None
    return Edit(label, [sieve], staged=staging)


def _private(path: Path) -> IO[bytes]:
    """Open *path* for writing, readable by its owner alone: it holds rows of people."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _opened(path: Path, packed: Callable[..., Any] | None) -> IO[bytes]:
    return cast(IO[bytes], packed(path)) if packed else path.open("rb")


def _damaged(error: Exception, label: str) -> Exception:
    """Return what a stream that cannot be unpacked is told as; an error of the disk is one of the disk."""
    return error if getattr(error, "errno", None) else CannotSearch(f"this file is damaged ({error})", file=label)


def _holds(path: Path, needles: str, packed: Callable[..., Any] | None = None) -> bool:
    with _opened(path, packed) as file:
        block = b""
        while more := file.read(BLOCK):
            block = block[-OVERLAP:] + more
            if holds_any(block, needles):
                return True
    return False


def _read_as(data: bytes, label: str) -> tuple[str, str]:
    """Return the codec, which keeps a byte-order mark as a character, and the delimiter that the file begins with."""
    if len(data) >= HEAD:
        wide = 2 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else 1
        end = data.rfind(b"\n") + wide
        data = data[: end - end % wide]
    try:
        grid = read_grid(Export(label, (label,), data, datetime.now(UTC)))
    except FanopsError as error:
        raise CannotEdit(f"it holds the person, but {error.message!s}", file=label) from None
    if grid.damage:
        raise CannotEdit(f"it holds the person, but {grid.damage}", file=label)
    wide_codec = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    return (wide_codec if grid.encoding == "utf-16" else grid.encoding), grid.delimiter


def _sifted(source: Iterable[str], target: io.TextIOBase, delimiter: str, sieve: Sieve) -> None:
    try:
        for text in sift(source, delimiter, sieve):
            target.write(text)
    except csv.Error as error:
        raise CannotEdit(
            f"it holds the person, but its quotation marks are misplaced ({error})", file=sieve.label
        ) from None


def _edit_archive(data: bytes, label: str, subject: Subject) -> Edit | None:
    try:
        list(members(data, label=label))
    except FanopsError as error:
        raise CannotSearch(error.message, file=label) from None
    whole, out, changed = Edit(label), io.BytesIO(), False
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment, changed = _comment(old.comment, subject)
        whole.beside += changed
        for one in old.infolist():
            content, inner = old.read(one), f"{label}/{one.filename}"
            if subject.in_path(one.filename):
                raise CannotEdit("its name holds the person: rename it", file=subject.masked(inner))
            one.comment, struck = _comment(one.comment, subject)
            changed |= struck
            whole.beside += struck
            edit = None if one.is_dir() else edit_bytes(content, inner, subject)
            if edit and edit.content is not None:
                content, changed = edit.content, True
                whole.sieves += edit.sieves
                whole.beside += edit.beside
            new.writestr(one, content, compress_type=one.compress_type)
    whole.content = out.getvalue()
    return whole if changed else None


def _comment(comment: bytes, subject: Subject) -> tuple[bytes, bool]:
    """Return the comment of an archive or of a file in it, empty where it names the person, and whether it did."""
    named = any(subject.text.search(comment.decode(codec, errors="replace")) for codec in ("utf-8", "cp437", *LOCAL))
    return (b"", True) if named else (comment, False)
