"""Temporary folders that nobody else reads, and that the next process clears where this one is killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OURS = re.compile(r"fanops[-_](\d+)[-_]")


@contextmanager
def temporary_folder(prefix: str = "fanops_") -> Iterator[Path]:
    """Yield a new folder, readable by its owner alone; clear those of processes that ended without clearing theirs."""
    clear_left()
    with tempfile.TemporaryDirectory(prefix=named(prefix), ignore_cleanup_errors=True) as name:
        yield Path(name)


def named(prefix: str) -> str:
    """Return how a temporary folder of this process begins: *prefix* and its number, by which it is known as left."""
    return f"{prefix}{os.getpid()}{prefix[-1]}"


def clear_left(*folders: Path) -> None:
    """Delete the temporary folders of processes that are no more, in *folders* (by default where the system has them)."""
    for folder in folders or (Path(tempfile.gettempdir()),):
        for path in folder.glob("fanops[-_]*"):
            found = OURS.match(path.name)
            if found and _is_mine(path) and not _is_alive(int(found[1])):
                shutil.rmtree(path, ignore_errors=True)


def _is_mine(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir() and not path.is_symlink() and (os.name != "posix" or path.stat().st_uid == os.getuid())
    return False


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return True  # asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
