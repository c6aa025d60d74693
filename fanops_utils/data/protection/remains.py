"""Whether anything is left of a person, found by other means than it was removed by: all bytes, unpacked, decoded, compared."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from fanops_utils.data.protection.decoding import decoded, in_addresses, unquoted
from fanops_utils.data.protection.spelling import LOCAL
from fanops_utils.data.protection.subjects import KEY_SHOWN, Subject
from fanops_utils.data.sources.files import encodings
from fanops_utils.errors import ImportRefused

DEEPEST, MAX_UNPACKED = 4, 1024**3
STREAMS: dict[bytes, Callable[..., io.BufferedIOBase]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
CLOSED = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"ARROW1", b"ORC")
WORD = re.compile(r"[A-Za-z0-9_]")
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}(?=/|$)", re.MULTILINE)
ENTRY_ENDS = re.compile(rb"</(?:\w+:)?(?:si|is|text|c|row)>|&amp;[LCR]")  # in workbooks; the last of headers
TAG = re.compile(rb"<[^<>]*>")
TAR = b"ustar"
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class NotSearchedError(Exception):
    """Nobody can say what these bytes hold."""


def holds(path: Path, subject: Subject) -> bool:
    """Return whether the file at *path* still holds *subject*; raise NotSearchedError where that cannot be said."""
    try:
        beyond_ascii = not all(map(str.isascii, subject.written))
        return any(
            _says(text, subject)
            for data in _opened(path.read_bytes(), 0)
            for text in _texts(data, beyond_ascii=beyond_ascii)
        )
    except NotSearchedError:
        raise
    except Exception as error:  # whatever a library stumbles over in a damaged file: nobody can say what it holds
        raise NotSearchedError(str(error)) from None


def remaining(
    folder: Path,
    subject: Subject,
    *,
    but: Collection[str] = (),
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[list[Path], list[Path]]:
    """Return the files under *folder* that hold *subject*, and those that cannot be searched; not files called one of *but*.

    *watch* is told how many of how many files are looked through.
    """
    left, unsearched = [], []
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in but]
    for done, path in enumerate(files):
        watch(done, len(files))
        try:
            if holds(path, subject):
                left.append(path)
        except NotSearchedError:
            unsearched.append(path)
    return left, unsearched


def _opened(data: bytes, depth: int) -> Iterator[bytes]:
    """Yield *data* and, unpacked, all that it holds: archives with names and comments, streams, columns of Parquet."""
    if depth > DEEPEST:
        raise NotSearchedError("packed too deep")
    if data.startswith(CLOSED):
        raise NotSearchedError("a form that cannot be opened")
    yield data
    if data.startswith(b"PAR1"):
        yield from _parquet(data)
    elif data.startswith(b"PK"):
        yield from _zip(data, depth)
    elif data[257:262] == TAR:
        yield from _tar(data, depth)
    for magic, stream in STREAMS.items():
        if data.startswith(magic):
            with stream(io.BytesIO(data)) as unpacked:
                content = unpacked.read(MAX_UNPACKED + 1)
            if len(content) > MAX_UNPACKED:
                raise NotSearchedError("unpacks to too much")
            yield from _opened(content, depth + 1)


def _zip(data: bytes, depth: int) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
            raise NotSearchedError("unpacks to too much")
        yield archive.comment
        for one in archive.infolist():
            yield _named(one.filename)
            yield one.comment
            content = archive.read(one)
            yield from _opened(content, depth + 1)
            if one.filename.endswith(".xml"):  # a cell in two fonts holds its text in two parts
                yield TAG.sub(b"", ENTRY_ENDS.sub(b"\n", content))


def _tar(data: bytes, depth: int) -> Iterator[bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for one in archive:
            yield _named(one.name)
            file = archive.extractfile(one) if one.isfile() else None
            yield from _opened(file.read(), depth + 1) if file else ()


def _named(name: str) -> bytes:
    """Return the *name* of a file in an archive, and the same without what tells its kind, which is no part of an id."""
    return f"{name}\n{SUFFIX.sub('', name)}".encode(errors="replace")


def _parquet(data: bytes) -> Iterator[bytes]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        for metadata in (file.metadata.metadata, *(one.metadata for one in file.schema_arrow)):
            yield b"\n".join(part for entry in (metadata or {}).items() for part in entry)
        yield "\n".join(file.schema_arrow.names).encode()
        texts = [one.name for one in file.schema_arrow
                 if arrow.types.is_string(one.type) or arrow.types.is_large_string(one.type)]  # fmt: skip
        dictionaries = parquet.ParquetFile(io.BytesIO(data), read_dictionary=texts)
        for group in range(file.num_row_groups):
            for column in dictionaries.read_row_group(group).columns:
                for chunk in column.chunks:  # a dictionary may hold what no row does
                    values = chunk.dictionary if arrow.types.is_dictionary(chunk.type) else chunk
                    if not (arrow.types.is_primitive(values.type) or arrow.types.is_null(values.type)):
                        yield "\n".join(str(one) for one in values.to_pylist() if one is not None).encode()
    except arrow.ArrowException as error:
        raise NotSearchedError(str(error)) from None


def _texts(data: bytes, *, beyond_ascii: bool) -> Iterator[str]:
    """Yield *data* as text in the encodings it may be in; others only where it is no UTF-8, which they would misread."""
    if data.startswith(WIDE_MARKS):
        yield data.decode("utf-16", errors="ignore")
    elif b"\x00" in data:
        for start in (0, 1):
            yield data[start:].decode("utf-16-le", errors="ignore")
            yield data[start:].decode("utf-16-be", errors="ignore")
    if b"\x00" in data:
        yield data.replace(b"\x00", b"").decode("latin-1")  # four bytes a letter
    try:
        yield data.decode("utf-8")
        return
    except UnicodeDecodeError:
        yield data.decode("utf-8", errors="ignore")
        yield data.decode("cp1252", errors="ignore")
    proven = None
    with suppress(ImportRefused):
        proven = encodings.decoded(data, label="")[0]
        yield proven
    if proven is None or beyond_ascii:  # read wrongly, a letter before an id may go, but none stands for one of theirs
        for codec in LOCAL:
            with suppress(UnicodeDecodeError):
                yield data.decode(codec)


def _says(text: str, subject: Subject) -> bool:
    said = decoded(text)
    ids = sorted(subject.written)
    forms = [said, unquoted(said)] if "=" in said else [said]
    if "%" in text and not all(map(str.isascii, ids)):
        forms += [in_addresses(text, codec) for codec in LOCAL]
    return any(_stands(one, form) for form in forms for one in ids) or any(
        _stands(key[:KEY_SHOWN], said, is_start=True) for key in subject.keys
    )


def _stands(one: str, text: str, *, is_start: bool = False) -> bool:
    """Return whether *one* stands in *text* and is no part of a longer id there."""
    at = text.find(one)
    while at >= 0:
        before, after = text[max(0, at - 2) : at], text[at + len(one) : at + len(one) + 2]
        longer = bool(WORD.match(before[-1:])) or (
            before[-1:] in ".@-" and bool(re.match("[a-z0-9]", before[:1])) and len(before) == 2
        )
        longer |= before[-1:] == "+" and "@" in one[1:]
        if not is_start:
            longer |= bool(WORD.match(after[:1])) or (
                after[:1] in {".", "@", "-"} and bool(re.match("[a-z0-9]", after[1:]))
            )
        if not longer:
            return True
        at = text.find(one, at + 1)
    return False
