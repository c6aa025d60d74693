"""What benchmarks share: work in a process of its own, its wall time, CPU time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a process took: wall and CPU seconds (user and system), peak resident memory in MB."""

    wall: float
    cpu: float
    peak: float

    def told(self) -> tuple[str, str, str]:
        """Return the three as they stand in tables."""
        return f"{self.wall:.1f}", f"{self.cpu:.1f}", f"{self.peak:,.0f}"

    def ratios(self, base: Cost) -> tuple[str, str, str]:
        """Return the ratios of the three to those of *base*, as they stand in tables."""
        return f"{self.wall / base.wall:.2f}", f"{self.cpu / base.cpu:.2f}", f"{self.peak / base.peak:.2f}"


def measured(script: str | Path, *words: object, python: str = sys.executable) -> Cost:
    """Run the Python file *script* with *words* in a process of its own and return its cost; raise where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  (our own files)
        [python, str(script), *map(str, words)], env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{Path(script).name} {words[0]} failed with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def forked(work: Callable[[], object]) -> Cost:
    """Do *work* in a process forked from this one, which has its imports, and return what it cost; raise where it fails."""
    start = time.perf_counter()
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed with {code}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
