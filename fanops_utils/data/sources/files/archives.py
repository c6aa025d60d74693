"""Zip archives, read in memory: nothing is unpacked to disk, and nothing that is out of proportion is unpacked at all."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from fanops_utils.errors import ImportRefused

MAX_UNPACKED = 2 * 1024**3
MAX_MEMBERS = 5000
MAX_RATIO = 500
SMALL = 4096  # below this size a ratio says nothing
ENCRYPTED = 0x1
Parts = tuple[str, ...]
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def is_workbook(data: bytes) -> bool:
    """Return whether *data*, which starts like a zip archive, is an Excel workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except BROKEN:
        return False


def members(data: bytes, *, label: str) -> Iterator[tuple[Parts, bytes]]:
    """Yield path and content of every file in the archive *data*, which messages call *label*.

    The whole archive is looked through first: it is read entirely or not at all. Raises ImportRefused where it is
    damaged or encrypted, unpacks to an implausible size, holds another archive, or a path in it climbs out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = [one for one in archive.infolist() if not one.is_dir() and not _is_clutter(one.filename)]
            _refuse_disproportion(archive.infolist(), label)
            paths = [_path(one, label) for one in wanted]
            for one in wanted:
                _refuse_unreadable(archive, one, label)
            for path, one in zip(paths, wanted, strict=True):
                yield path, archive.read(one)
    except BROKEN as error:
        if isinstance(error, ImportRefused):
            raise
        raise ImportRefused(f"this archive is damaged ({error})", file=label) from None


def refuse_bomb(data: bytes, *, label: str) -> None:
    """Raise ImportRefused where the workbook *data*, a zip archive within, would unpack to an implausible size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_disproportion(archive.infolist(), label)
    except zipfile.BadZipFile as error:
        raise ImportRefused(f"this workbook is damaged ({error})", file=label) from None


def _refuse_disproportion(found: list[zipfile.ZipInfo], label: str) -> None:
    if len(found) > MAX_MEMBERS:
        raise ImportRefused(f"this archive holds {len(found):,} files, over {MAX_MEMBERS:,}", file=label)
    for one in found:
        if one.file_size > MAX_RATIO * max(one.compress_size, SMALL):
            raise ImportRefused("this archive unpacks to an implausible size", file=label, value=one.filename)
    if sum(one.file_size for one in found) > MAX_UNPACKED:
        raise ImportRefused(f"this archive unpacks to over {MAX_UNPACKED // 1024**3} GiB", file=label)


def _path(member: zipfile.ZipInfo, label: str) -> Parts:
    name = member.filename.replace("\\", "/")
    parts = tuple(part for part in name.split("/") if part)
    if ".." in parts or name.startswith("/") or ":" in name[:3]:
        raise ImportRefused("a path in this archive climbs out of it", file=label, value=member.filename)
    return tuple("".join(char if char.isprintable() else "?" for char in part) for part in parts)


def _refuse_unreadable(archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> None:
    """Read *member* to its end, so that its checksum is known to hold; refuse it where it is another archive."""
    if member.flag_bits & ENCRYPTED:
        hint = "Unpack it with its password and import the files"
        raise ImportRefused("this archive is encrypted", file=label, value=member.filename, hint=hint)
    with archive.open(member) as file:
        start = file.read(4)
        if not start.startswith(b"PK"):
            while file.read(1024**2):
                pass
            return
    if not is_workbook(archive.read(member)):
        hint = "Unpack the outer one and import what is in it"
        raise ImportRefused("an archive inside this archive", file=label, value=member.filename, hint=hint)


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")
