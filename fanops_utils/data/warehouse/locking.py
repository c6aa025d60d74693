"""Who writes a warehouse: one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from fanops_utils.data.warehouse.files import LOCK, clear_erasing, clear_leftovers
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say

WAIT_SECONDS = 600.0


@contextmanager
def held(folder: Path, *, raw: Path, wait: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the warehouse *folder* for writing, waiting up to *wait* seconds for another process; may be nested.

    *waiting* is called once where somebody else holds it. What those who died left there and in *raw* is cleared first.
    Raises WorkspaceError when the time is over, and where the folder cannot be written.
    """
    lock = FileLock(folder / LOCK, is_singleton=True)  # one per process and folder, so that it nests
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(timeout=wait)
    except Timeout:
        hint = say("Wait until it has ended and try again")
        raise WorkspaceError(say("another import is writing this warehouse"), file=folder, hint=hint) from None
    except OSError as error:
        raise WorkspaceError(
            say("the warehouse cannot be written ({error})", error=Written(str(error), "en")), file=folder
        ) from None
    try:
        if lock.lock_counter == 1:
            clear_leftovers(folder)
            clear_erasing(raw)
        yield
    finally:
        lock.release()
