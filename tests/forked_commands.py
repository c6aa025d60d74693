"""`fanops` as a process of its own for tests, forked from one that has its libraries loaded: it starts in hundredths of a second.

What a person types costs two seconds of imports every time; tests type some hundred commands. That a command starts from
nothing is held by the tests of `fanops --version` and of what a start imports.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NAMES = ("out", "err")


class Commands:
    """A process that has loaded what commands import, and forks itself for each that is asked of it."""

    def __init__(self) -> None:
        from fanops_utils.reports.kernels.preload import ENVIRONMENT

        self.server = subprocess.Popen(
            [sys.executable, __file__], env={**os.environ, **ENVIRONMENT}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        atexit.register(self.server.terminate)

    def run(
        self, words: Sequence[str], *, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run `fanops` with *words* in the folder *cwd*; standard input is empty."""
        with tempfile.TemporaryDirectory() as folder:
            asked = {"words": list(words), "cwd": str(cwd), "environment": dict(environment), "folder": folder}
            assert self.server.stdin is not None and self.server.stdout is not None
            self.server.stdin.write(json.dumps(asked) + "\n")
            self.server.stdin.flush()
            code = int(self.server.stdout.readline())
            out, err = ((Path(folder) / name).read_bytes().decode("utf-8") for name in NAMES)
        return subprocess.CompletedProcess(["fanops", *words], code, out, err)


@cache
def _commands() -> Commands:
    return Commands()


def fanops(*words: object, cwd: Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Call `fanops` with *words* in the folder *cwd*, in this environment without its FANOPS_ROOT where none is given."""
    usual = {name: value for name, value in os.environ.items() if name != "FANOPS_ROOT"}
    given = usual if environment is None else environment
    return _commands().run([str(word) for word in words], cwd=cwd, environment=given)


def _serve() -> None:
    from fanops_utils.reports.kernels.preload import USUAL, preload

    preload((*USUAL, "fanops_utils.cli", "fanops_utils.data.warehouse.writing.importing", "papermill", "nbconvert"))
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _become(asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict) -> None:
    """Be `fanops` from here on."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["cwd"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for place, name in enumerate(NAMES, start=1):
        os.dup2(os.open(Path(asked["folder"]) / name, os.O_WRONLY | os.O_CREAT, 0o600), place)
    # What was asked before and what is printed now are streams of their own, as a new process has them.
    sys.stdin, sys.stdout, sys.stderr = (open(place, mode, encoding="utf-8") for place, mode in enumerate("rww"))  # noqa: SIM115, PTH123
    sys.argv = ["fanops", *asked["words"]]
    from fanops_utils.cli import main

    code = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
