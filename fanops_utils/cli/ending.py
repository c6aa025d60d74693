"""How the command ends: quickly, and without a word from the libraries it used."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from typing import NoReturn


def end_process(code: int) -> NoReturn:
    """End this process with *code*: threads awaited, exit functions called, output written, the interpreter left as is.

    Taking the interpreter down would look through everything loaded once more (a fifth of a second), and DuckDB would
    print some fifty lines about objects of its own that other libraries still hold.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the reader of a pipe has left
            stream.flush()
    os._exit(code)
