"""The word to stop: signals that end a run with what it has by then, instead of ending the process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass
class Stop:
    """Whether the run is to end, and the signal that asked for it."""

    event: threading.Event
    number: int | None = None


@contextmanager
def listening(stop: Stop) -> Iterator[None]:
    """Have SIGINT, SIGTERM and SIGHUP set *stop* instead of ending the process; a second one ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def told(number: int, _frame: object) -> None:
        if stop.event.is_set():
            raise KeyboardInterrupt
        stop.number = number
        stop.event.set()

    for number in numbers:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
