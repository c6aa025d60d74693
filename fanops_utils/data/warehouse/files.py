"""Files of the warehouse folder: written beside, made durable, moved into place, cleared when nobody names them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LOCK = ".lock"
STAGING, ERASING = ".staging", ".erasing-"
OWNER_ALONE = 0o600


def settle(temporary: Path, folder: Path, name: str) -> str:
    """Move the Parquet file *temporary* into *folder* under the name of its content; return that name.

    It is on the disk, not only in its cache, before it has its name. A file with the same content stays as it is.
    """
    with temporary.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        os.fsync(file.fileno())
    final = f"{name}-{digest}.parquet"
    temporary.chmod(OWNER_ALONE)  # its rows are people's
    temporary.replace(folder / final)
    return final


def write_in_one_step(path: Path, text: str) -> None:
    """Replace the file at *path* by *text*, its owner's alone: whoever opens it finds all of the old text or all of the new."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE), "w", encoding="utf-8"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def clear_leftovers(folder: Path) -> None:
    """Delete what imports that died left in *folder*. Only for the holder of the lock: nobody else is writing."""
    for path in folder.glob(".*"):
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def clear_erasing(raw: Path) -> None:
    """Delete the copies that an erase or an import which was killed left beside the files of *raw*; only under the lock."""
    for path in list(raw.rglob(f".*{ERASING}*")) if raw.is_dir() else ():
        path.unlink(missing_ok=True)


def clear_unnamed(folder: Path, kept: Iterable[str]) -> None:
    """Delete the Parquet files of *folder* that are not among *kept*; one that cannot go now goes the next time."""
    names = set(kept)
    for path in folder.glob("*.parquet"):
        if path.name not in names:
            with suppress(OSError):  # Windows keeps a file that somebody reads
                path.unlink(missing_ok=True)
