"""What the parent of kernels imports and does once, so that no kernel has to."""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

# What a kernel of its own loads before its first cell.
MACHINERY = (
    "numpy", "pyarrow", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.interactiveshell",
    "IPython.core.magics", "IPython.core.oinspect", "IPython.core.payloadpage", "IPython.display", "IPython.extensions.storemagic",
    "IPython.utils.wildcard", "comm", "encodings.idna", "ipykernel.debugger", "ipykernel.heartbeat", "ipykernel.ipkernel",
    "ipykernel.kernelapp", "ipykernel.subshell_manager", "ipykernel.zmqshell", "jedi", "pdb", "profile", "sqlite3", "stack_data",
    "tornado.locks", "tornado.platform.asyncio", "tornado.queues", "zmq.eventloop.zmqstream",
    "fanops_utils.reports.kernels.application",
)  # fmt: skip
# What the helpers load when first used: notebooks do not name it, and it is most of what a job would wait for.
USUAL = (
    "pandas", "pyarrow.parquet", "pyarrow.dataset", "pyarrow.pandas_compat", "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg", "matplotlib.dates", "matplotlib.pyplot", "seaborn", "scipy.stats", "scipy.optimize",
    "statsmodels.api", "statsmodels.formula.api", "duckdb", "ibis", "ibis.backends.duckdb", "fanops_utils.charts",
    "fanops_utils.metrics", "fanops_utils.models", "fanops_utils.experiments", "fanops_utils.playbook",
    "fanops_utils.sections", "fanops_utils.text", "fanops_utils.data.warehouse", "fanops_utils.data.reference",
    "fanops_utils.workspace.reads",
)  # fmt: skip
ENVIRONMENT = {
    # No thread may exist when a process forks: neither OpenBLAS's pool nor the allocator's housekeeping.
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false", "MPLBACKEND": "agg", "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a warning for people who debug
}  # fmt: skip


def preload(modules: Iterable[str]) -> str:
    """Import *modules* and what every kernel needs; return why this process cannot be forked, "" where it can.

    A module that cannot be imported is left to the notebook that names it, which then says so on its page.
    """
    wanted = [*MACHINERY, *modules]
    # pandas asks once, on import, whether it is in a kernel: its children are.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    gc.disable()  # nothing of this becomes garbage
    for name in wanted:
        try:
            importlib.import_module(name)
        except Exception:
            sys.modules.pop(name, None)
    del builtins.get_ipython  # type: ignore[attr-defined]
    if "matplotlib" in sys.modules:
        _draw()
    if "fanops_utils.text" in sys.modules:
        _speak()
    if "fanops_utils.workspace" in sys.modules:
        from fanops_utils.workspace.registers.brand import time_zones

        time_zones()
    gc.enable()
    gc.collect()
    gc.freeze()
    threads = os.listdir("/proc/self/task") if Path("/proc/self/task").is_dir() else ["1"]  # noqa: PTH208
    return f"a library started {len(threads) - 1} threads on import" if len(threads) > 1 else ""


def _speak() -> None:
    """Read the catalogues and say something in each language: its numbers and days are looked up on first use."""
    from fanops_utils.text import Day, Money, Percent, say, speak
    from fanops_utils.text.catalogue import languages

    for language in languages():
        for value in (Percent(0.5), Day("2026-03-09"), Money(1.5, "USD"), say("Contents")):
            speak(value, language)


def _draw() -> None:
    """Draw once: fonts are looked up and drawing code is loaded on first use."""
    import io

    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([0, 1], [0, 1], label="a")
    for kind in ("svg", "png"):
        figure.savefig(io.BytesIO(), format=kind)
