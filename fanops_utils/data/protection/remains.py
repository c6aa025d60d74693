"""Whether anything is left of a person, found by other means than it was removed by: all bytes, unpacked, decoded, compared."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from fanops_utils.data.protection.decoding import decoded, unquoted
from fanops_utils.data.protection.subjects import KEY_SHOWN, Subject

DEEPEST, MAX_UNPACKED = 4, 1024**3
STREAMS: dict[bytes, Callable[..., io.BufferedIOBase]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
CLOSED = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"ARROW1", b"ORC")
WORD = re.compile(r"[A-Za-z0-9_]")


class NotSearchedError(Exception):
    """Nobody can say what these bytes hold."""


def holds(path: Path, subject: Subject) -> bool:
    """Return whether the file at *path* still holds *subject*; raise NotSearchedError where that cannot be said."""
    try:
        return any(_says(text, subject) for data in _opened(path.read_bytes(), 0) for text in _texts(data))
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        lzma.LZMAError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise NotSearchedError(str(error)) from None


def remaining(folder: Path, subject: Subject, *, but: Collection[str] = ()) -> tuple[list[Path], list[Path]]:
    """Return the files under *folder* that hold *subject*, and those that cannot be searched; not files called one of *but*."""
    left, unsearched = [], []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in but:
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
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
                raise NotSearchedError("unpacks to too much")
            for one in archive.infolist():
                yield one.filename.encode() + b"\n" + one.comment
                yield from _opened(archive.read(one), depth + 1)
    for magic, stream in STREAMS.items():
        if data.startswith(magic):
            with stream(io.BytesIO(data)) as unpacked:
                content = unpacked.read(MAX_UNPACKED + 1)
            if len(content) > MAX_UNPACKED:
                raise NotSearchedError("unpacks to too much")
            yield from _opened(content, depth + 1)


def _parquet(data: bytes) -> Iterator[bytes]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        yield repr(file.metadata.metadata).encode() + "\n".join(file.schema_arrow.names).encode()
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


def _texts(data: bytes) -> Iterator[str]:
    """Yield *data* as text in the encodings it may be in; Chinese ones only where it is no UTF-8, which they would misread."""
    if b"\x00" in data:
        for start in (0, 1):
            yield data[start:].decode("utf-16-le", errors="ignore")
    for codec in ("utf-8", "gb18030"):
        try:
            yield data.decode(codec)
        except UnicodeDecodeError:
            continue
        return
    yield data.decode("utf-8", errors="ignore")
    yield data.decode("cp1252", errors="ignore")


def _says(text: str, subject: Subject) -> bool:
    said = decoded(text)
    ids = sorted(subject.written)
    forms = [said, unquoted(said)] if "=" in said else [said]
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
