"""A kernel: a process that runs one notebook's cells, forked from the prepared parent or started on its own.

Started on its own it is `python -m fanops_utils.reports.kernels.child CONNECTION_FILE`. Either way the same steps are
taken before the first cell, so that both kinds of kernels give the same outputs.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

VARIABLE = "FANOPS_KERNEL"


@dataclass(frozen=True)
class KernelSettings:
    """What a kernel is told: its seed, threads per library, megabytes it may take up, and what to watch.

    `workspace` and `root` are folders: what is read below them and not declared makes a report uncacheable. `languages` are
    those its charts are drawn in, the first one shown in the notebook itself.
    """

    seed: int = 0
    threads: int = 1
    memory_mb: int | None = None
    workspace: str = ""
    root: str = ""
    languages: tuple[str, ...] = ("en",)

    def environment(self) -> dict[str, str]:
        """Return the variables a kernel with these settings starts with."""
        # One thread for linear algebra: it starts its pool on import, before a fork, and sums differ with its size.
        blas = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return {
            **blas, "FANOPS_THREADS": str(self.threads), "FANOPS_ROOT": self.root, "FANOPS_LANGUAGES": ",".join(self.languages),
             "PYTHONHASHSEED": "0",
            "MPLBACKEND": "agg", VARIABLE: json.dumps(asdict(self)),
        }  # fmt: skip


def run_kernel(connection_file: str) -> NoReturn:
    """Become the kernel of *connection_file*, with the settings of this process's environment; never returns."""
    settings = KernelSettings(**json.loads(os.environ.get(VARIABLE, "{}")))
    _limit(settings)
    _sow(settings.seed)
    _share(settings.threads)
    gc.set_threshold(
        10_000, 20, 20
    )  # a notebook is over before garbage piles up: looking for it cost a tenth of its time
    from fanops_utils.reports.kernels.application import BatchKernelApp

    arguments = ["-f", connection_file, "--HistoryManager.hist_file=:memory:", "--IPKernelApp.quiet=True"]
    if sys.platform != "win32":
        arguments.append(f"--IPKernelApp.parent_handle={os.getppid()}")  # whose end is this kernel's end
    app: Any = BatchKernelApp.instance()
    app.initialize(arguments)
    app.log.setLevel("WARNING")  # a line for every message would be written for nobody
    if settings.workspace:
        from fanops_utils.workspace.reads import watch

        watch(Path(settings.workspace), package=Path(__file__).parents[2])
    app.start()
    sys.exit(0)


def _limit(settings: KernelSettings) -> None:
    if not sys.platform.startswith("linux"):
        return
    # Where memory runs out it is this process that has to go, not the batch, the desktop or the database beside it.
    Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    if settings.memory_mb:
        import resource

        held = next(
            int(line.split()[1]) * 1024
            for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            if line.startswith("VmData:")
        )
        most = held + settings.memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _sow(seed: int) -> None:
    import random

    import numpy as np

    random.seed(seed)
    np.random.seed(seed)


def _share(threads: int) -> None:
    import pyarrow as arrow

    arrow.set_cpu_count(threads)
    arrow.set_io_thread_count(threads)


if __name__ == "__main__":
    run_kernel(sys.argv[1])
