"""The parent of kernels: imports the libraries once, then forks a keeper and a kernel for whoever asks on its socket.

`python -m fanops_utils.reports.kernels.server SOCKET MODULE…` prints one line when it is ready (or why it cannot fork),
and ends, with every kernel, when its standard input closes: with the run that started it, however that ended.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from fanops_utils.reports.kernels.child import run_kernel
from fanops_utils.reports.kernels.keeper import adopt_orphans, children, die_with_parent, keep
from fanops_utils.reports.kernels.preload import preload

SWEEP = 1.0  # seconds between looks for processes whose keeper was killed
LONGEST = 1_000_000  # bytes of a request: an environment may be large


def serve(path: str, modules: list[str]) -> None:
    """Fork kernels for the callers of the socket *path* until standard input closes."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    problem = preload(modules)
    print(problem or "ready", flush=True)  # noqa: T201  (the one line its starter waits for)
    if problem:
        return
    adopt_orphans()
    keepers: set[int] = set()
    while True:
        ready, _, _ = select.select([listening, sys.stdin], [], [], SWEEP)
        if sys.stdin in ready:
            break
        if listening in ready:
            caller, _ = listening.accept()
            keepers.add(_fork_keeper(caller, listening))
            caller.close()
        _reap(keepers)
    _end(keepers)


def _fork_keeper(caller: socket.socket, listening: socket.socket) -> int:
    server = os.getpid()
    keeper = os.fork()
    if keeper:
        return keeper
    try:
        die_with_parent(signal.SIGTERM)
        if os.getppid() != server:
            os._exit(1)
        os.setsid()
        listening.close()
        with caller.makefile("rb") as lines:
            request = json.loads(lines.readline(LONGEST))
        keep(lambda: _start(request), caller)
    finally:
        os._exit(1)


def _start(request: dict[str, Any]) -> NoReturn:
    """Become the kernel of *request*: folder, environment and standard streams of its own, as after an exec."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    silent, log = (
        os.open(os.devnull, os.O_RDONLY),
        os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
    )
    for number, target in ((0, silent), (1, log), (2, log)):
        os.dup2(target, number)
    sys.argv = [sys.executable, "-f", request["connection_file"]]
    # No log of its own may be flushed twice, by this process and by the parent it is a copy of.
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    run_kernel(request["connection_file"])


def _reap(keepers: set[int]) -> None:
    """Collect keepers that ended, and kill what they could not because they were killed themselves."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            keepers.discard(ended)
    for stray in set(children()) - keepers:
        with suppress(ProcessLookupError):
            os.kill(stray, signal.SIGKILL)


def _end(keepers: set[int]) -> None:
    for one in keepers:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGTERM)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


if __name__ == "__main__":
    Path(sys.argv[1]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    serve(sys.argv[1], sys.argv[2:])
    sys.stdout.flush()
    os._exit(0)  # libraries that were only ever copied have nothing to tidy up
