"""Execution: one job in one process through papermill; we, not papermill, decide what became of it."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from fanops_utils.reports.parameters import injected_source
from fanops_utils.reports.plan import Job
from fanops_utils.reports.render import Page, find_result, render_report

CELL_SECONDS = 600
ERROR_TAG = "papermill-error-cell-tag"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
GOOD = ("succeeded", "no_data")


@dataclass(frozen=True)
class JobContext:
    """What all jobs of a run share."""

    root: Path
    run_dir: Path
    run_id: str
    workspace: str
    language: str
    provenance: dict[str, str]
    cell_seconds: int = CELL_SECONDS


@dataclass(frozen=True)
class Clock:
    """When a job began: `started` for the reader, `ticks` to measure by."""

    started: datetime
    ticks: float

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self.ticks, 2)


@dataclass(frozen=True)
class Outcome:
    """What became of a job; `report` and `result` are file names inside the run's folder."""

    job: Job
    status: str
    seconds: float
    error: str = ""
    report: str | None = None
    result: str | None = None
    conclusion: dict[str, Any] | None = None
    title: str = ""

    @property
    def good(self) -> bool:
        return self.status in GOOD


def execute_job(job: Job, context: JobContext) -> Outcome:
    """Execute *job*, write its executed notebook, report and result, and return what became of it; never raises."""
    clock = Clock(datetime.now(UTC), time.perf_counter())
    executed = context.run_dir / "executed" / f"{job.slug}.ipynb"
    status, error = _execute(job, context, executed)
    try:
        return _report(job, context, clock, _read(executed), status, error)
    except Exception as problem:  # a notebook that cannot be read, an output no page can hold
        status = "failed" if status == "succeeded" else status
        error = f"{error} The report could not be made: {_line(problem)}".strip()
    try:
        return _report(job, context, clock, new_notebook(), status, error)
    except Exception:  # the disk is full, say: the index still tells what happened
        return Outcome(job, status, clock.seconds, error)


def _report(
    job: Job, context: JobContext, clock: Clock, notebook: nbformat.NotebookNode, status: str, error: str
) -> Outcome:
    conclusion = find_result(notebook)
    if status == "succeeded" and conclusion is None:
        status, error = "truncated", "The notebook ended before its result: no conclusion can be shown."
    elif status == "succeeded" and conclusion and conclusion.get("status") == "no_data":
        status = "no_data"
    seconds = clock.seconds
    page = Page(
        notebook=job.notebook, parameters={**job.parameters, "workspace": context.workspace}, status=status,
        run_id=context.run_id, workspace=context.workspace, started=clock.started, seconds=seconds,
        language=context.language, error=error, provenance=context.provenance,
    )  # fmt: skip
    write_text(context.run_dir / f"{job.slug}.html", render_report(notebook, page))
    if status in GOOD:
        write_text(context.run_dir / f"{job.slug}.result.json", json.dumps(conclusion, ensure_ascii=False, indent=1))
    result = f"{job.slug}.result.json" if status in GOOD else None
    return Outcome(
        job, status, seconds, error, f"{job.slug}.html", result, conclusion if result else None, _title(notebook)
    )


def _execute(job: Job, context: JobContext, executed: Path) -> tuple[str, str]:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    os.environ.update(_kernel_environment(context))
    try:
        executed.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(_prepared(job), executed)
        with tempfile.TemporaryDirectory(prefix="fanops-") as sockets:
            papermill.execute_notebook(
                str(executed), str(executed), kernel_name="python3", cwd=str(context.root), progress_bar=False,
                log_output=False, execution_timeout=context.cell_seconds, autosave_cell_every=0,
                config=Config({"KernelManager": _transport(sockets)}),
            )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        if error.ename == "SystemExit":
            return "truncated", "A cell ended the notebook before its result."
        return "failed", f"Cell {error.cell_index + 1} failed: {error.ename}: {ANSI.sub('', str(error.evalue))[:500]}"
    except CellTimeoutError:
        return "timed_out", f"A cell ran longer than {context.cell_seconds} seconds and was stopped."
    except DeadKernelError:
        return "kernel_died", "The notebook's process ended unexpectedly (out of memory, or killed)."
    except Exception as error:  # a kernel that cannot start, a disk that is full: the other jobs go on
        return "failed", f"The notebook could not be executed: {_line(error)}"
    return "succeeded", ""


def _transport(folder: str) -> dict[str, str]:
    # Sockets in a folder of the user's own, one per kernel: anybody on the machine could listen to TCP ports.
    return {} if sys.platform == "win32" else {"transport": "ipc", "ip": f"{folder}/k"}


def _prepared(job: Job) -> nbformat.NotebookNode:
    """Return the source notebook with the job's values in a cell of their own, after its parameters cell."""
    notebook: nbformat.NotebookNode = nbformat.read(job.path, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    injected = new_code_cell(injected_source(job.parameters), metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(place + 1, injected)
    return notebook


def _kernel_environment(context: JobContext) -> dict[str, str]:
    # One thread per library: jobs run side by side, and thread pools of their own would only fight for the cores.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**threads, "FANOPS_ROOT": str(context.root), "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}


def _read(executed: Path) -> nbformat.NotebookNode:
    """Return the executed notebook without papermill's banners; an empty one where execution never began."""
    if not executed.exists():
        return new_notebook()
    notebook = nbformat.read(executed, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if ERROR_TAG not in cell.metadata.get("tags", [])]
    return notebook


def _line(problem: Exception) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:500]}"


def _title(notebook: nbformat.NotebookNode) -> str:
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "")


def write_text(path: Path, text: str) -> None:
    """Write *text* to *path* in one step: a reader never sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
