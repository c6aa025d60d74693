"""One attempt at a job: its kernel started, its cells executed, and its end put into a status and a sentence."""

from __future__ import annotations

import re
import signal
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell

from fanops_utils.reports.kernels.child import KernelSettings
from fanops_utils.reports.planning.parameters import injected_source
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import read_notebook
from fanops_utils.reports.planning.status import Status
from fanops_utils.reports.running.context import JobContext, seed_of

if TYPE_CHECKING:
    from fanops_utils.reports.running.engine import Watch

EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Attempt:
    """How one execution ended, and what it left."""

    status: Status
    error: str = ""
    notebook: nbformat.NotebookNode = field(default_factory=partial(nbformat.from_dict, EMPTY))
    reads: dict[str, Any] | None = None
    peak_memory: int | None = None
    note: str = ""


def attempt_job(job: Job, context: JobContext) -> Attempt:
    """Execute *job* once; whatever papermill, nbclient or the disk raise becomes a status and a sentence."""
    from fanops_utils.reports.running.engine import Watch, execute_notebook

    settings = KernelSettings(
        seed=seed_of(job), threads=context.threads, memory_mb=context.limits.memory_mb, root=str(context.root),
        workspace=str(context.workspace_path or ""),
    )  # fmt: skip
    with ExitStack() as start:
        start.enter_context(context.starting)  # the first ones do not wait for those that begin ahead
        if context.stopped.is_set():
            return Attempt("cancelled")
        try:
            notebook = _prepared(job)
            manager = context.supply.manager()
            watch = Watch(
                manager, context.supply.environment(settings.environment()), str(context.root), str(job.path),
                context.limits.cell_seconds, context.limits.job_seconds, context.cells, start.close,
                partial(context.cell_started, job.slug),
            )  # fmt: skip
        except Exception as problem:  # it was read a moment ago, when the run was planned; now it, or the disk, is gone
            return Attempt("failed", f"The notebook could not be executed: {one_line(problem)}")
        status: Status = "succeeded"
        error = ""
        try:
            execute_notebook(notebook, watch)
        except Exception as problem:
            status, error = _told(problem, watch, context)
        finally:
            context.supply.forget(manager)
    note = f"The output of {len(watch.cut)} cells was cut." if watch.cut else ""
    return Attempt(status, error, watch.notebook or notebook, watch.reads, watch.peak_memory, note)


def _told(problem: Exception, watch: Watch, context: JobContext) -> tuple[Status, str]:
    """Return the status and the sentence that an exception of an execution stands for."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from fanops_utils.reports.running.engine import NotebookEnded

    if isinstance(problem, NotebookEnded):
        return "truncated", "A cell ended the notebook before its result."
    if isinstance(problem, PapermillExecutionError):
        if problem.ename == "SystemExit":
            return "truncated", "A cell ended the notebook before its result."
        if problem.ename == "MemoryError" and context.limits.memory_mb:
            return (
                "failed",
                f"Cell {problem.cell_index + 1} needed more memory than the {context.limits.memory_mb} MB a job may take.",
            )
        said = ANSI.sub("", str(problem.evalue))[:500]
        return "failed", f"Cell {problem.cell_index + 1} failed: {problem.ename}: {said}"
    if isinstance(problem, CellTimeoutError):
        if watch.over:
            return "timed_out", f"The notebook ran longer than {context.limits.job_seconds:g} seconds and was stopped."
        return "timed_out", f"A cell ran longer than {context.limits.cell_seconds:g} seconds and was stopped."
    if isinstance(problem, DeadKernelError) or "Kernel died" in str(problem):
        return "kernel_died", f"The notebook's process ended unexpectedly ({_cause(watch.exit_code)})."
    return "failed", f"The notebook could not be executed: {one_line(problem)}"


def _cause(code: int | None) -> str:
    if code is None or code == -signal.SIGKILL:
        return "out of memory, or killed"
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"it left with code {code}"


def one_line(problem: BaseException) -> str:
    """Return *problem* in a line, with its kind."""
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:500]}"


def _prepared(job: Job) -> nbformat.NotebookNode:
    """Return the source notebook with the job's values in a cell of their own, after its parameters cell."""
    notebook: nbformat.NotebookNode = read_notebook(job.path)
    tagged = [n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    if not tagged:
        raise ValueError("no cell is tagged 'parameters'")
    # An id of its own, not a random one: the executed notebooks of two runs can be compared.
    injected = new_code_cell(injected_source(job.parameters), metadata={"tags": ["injected-parameters"]}, id="injected")
    notebook.cells.insert(tagged[0] + 1, injected)
    return notebook
