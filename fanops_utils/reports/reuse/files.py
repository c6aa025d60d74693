"""Files written in one step."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write *text* to *path* in one step: a reader never sees half a file."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write *data* to *path* in one step; a *private* file can be read by its owner only."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666), "wb"
        ) as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def linked(source: Path, target: Path) -> None:
    """Have *target* be the file *source* without taking room twice, where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        shutil.copy2(source, target)
