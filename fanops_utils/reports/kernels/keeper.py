"""The keeper: one small process per kernel that sees to it that nothing the kernel started outlives the job.

It is the kernel's parent, and the adopter of all the kernel's descendants, whatever sessions they made: when the kernel
ends, or whoever asked for it is gone, everything below the keeper is killed. Linux only (subreaper, pidfd).

On its own, `python -m fanops_utils.reports.kernels.keeper COMMAND…` keeps an ordinary kernel.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

SET_DEATH_SIGNAL, SET_SUBREAPER = 1, 36  # of prctl(2)
PATIENCE = 2.0  # seconds in which killed processes must be gone


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the system send *number* to this process when the one that forked it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(SET_DEATH_SIGNAL, number, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(SET_SUBREAPER, 1, 0, 0, 0)


def children() -> list[int]:
    """Return the processes whose parent is this one."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def keep(start: Callable[[], None], asked: socket.socket) -> NoReturn:
    """Fork a kernel that calls *start*, tell its end over *asked* and obey what is said there; never returns.

    Told: a line of JSON with `pid`, then one with `code` (as Popen.returncode), `memory_mb` and `cpu` (seconds). Said:
    numbers of signals, one a line. When the other side hangs up, the kernel and all it started are killed.
    """
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end_all(asked, -signal.SIGTERM))
    keeper = os.getpid()
    kernel = os.fork()
    if kernel == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        if os.getppid() != keeper:
            os._exit(1)
        asked.close()
        os.setsid()
        start()
        os._exit(1)
    with suppress(OSError):
        _tell(asked, pid=kernel)
    _obey(kernel, asked)
    _, status, used = os.wait4(kernel, 0)
    code = os.waitstatus_to_exitcode(status)
    _end_children()
    with suppress(OSError):
        _tell(asked, code=code, memory_mb=round(used.ru_maxrss / 1024), cpu=round(used.ru_utime + used.ru_stime, 2))
    os._exit(0)


def _obey(kernel: int, asked: socket.socket) -> None:
    """Pass signals on until the kernel ends; kill it when the other side hangs up."""
    ended, line = os.pidfd_open(kernel), asked.fileno()
    while True:
        ready, _, _ = select.select([ended, line], [], [])
        if ended in ready:
            return
        try:
            said = asked.recv(64)
        except OSError:
            said = b""
        for number in said.split() or [b"9"]:
            with suppress(ProcessLookupError):
                os.killpg(kernel, int(number))
        if not said:
            with suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGKILL)
            return


def _tell(asked: socket.socket, **values: float) -> None:
    asked.sendall(json.dumps(values).encode() + b"\n")


def _end_all(asked: socket.socket, code: int) -> NoReturn:
    _end_children()
    with suppress(OSError):
        _tell(asked, code=code)
    os._exit(0)


def _end_children() -> None:
    """Kill what is left below this process, whatever it forks meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while (left := children()) and time.monotonic() < deadline:
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(-1, 0)


def keep_command(command: list[str]) -> NoReturn:
    """Run *command* as a kernel and end with its exit code, or with whoever started this process."""
    adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    parent = os.getppid()
    kernel = subprocess.Popen(command, preexec_fn=_ordinary)  # noqa: S603  (no thread here)
    ended = os.pidfd_open(kernel.pid)
    while not select.select([ended], [], [], 0.5)[0]:
        if os.getppid() != parent:
            kernel.kill()
    code = kernel.wait()
    _end_children()
    os._exit(code if code >= 0 else 128 - code)


def _ordinary() -> None:
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    keep_command(sys.argv[1:])
