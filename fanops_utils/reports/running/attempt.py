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

from fanops_utils.errors import counted
from fanops_utils.reports.kernels.child import KernelSettings
from fanops_utils.reports.planning.parameters import injected_source
from fanops_utils.reports.planning.plan import ON, Job
from fanops_utils.reports.planning.source import read_notebook
from fanops_utils.reports.planning.status import Status
from fanops_utils.reports.running.context import JobContext, seed_of
from fanops_utils.text import Number, Sayable, Written, faults, say

if TYPE_CHECKING:
    from fanops_utils.reports.running.engine import Watch

EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Attempt:
    """How one execution ended, and what it left."""

    status: Status
    error: Sayable | None = None
    notebook: nbformat.NotebookNode = field(default_factory=partial(nbformat.from_dict, EMPTY))
    reads: dict[str, Any] | None = None
    peak_memory: int | None = None
    note: str = ""


def attempt_job(job: Job, context: JobContext) -> Attempt:
    """Execute *job* once; whatever papermill, nbclient or the disk raise becomes a status and a sentence."""
    from fanops_utils.reports.running.engine import Watch, execute_notebook

    settings = KernelSettings(
        seed=seed_of(job), threads=context.threads, memory_mb=context.limits.memory_mb, root=str(context.root),
        workspace=str(context.workspace_path or ""), languages=context.languages,
    )  # fmt: skip
    with ExitStack() as start:
        start.enter_context(context.starting)  # the first ones do not wait for those that begin ahead
        if context.stopped.is_set():
            return Attempt("cancelled")
        try:
            notebook = _prepared(job)
        except Exception as problem:  # it was read a moment ago, when the run was planned; now it, or the disk, is gone
            return Attempt("failed", not_executed(problem))
        try:
            manager = context.supply.manager()
            watch = Watch(
                manager, context.supply.environment(settings.environment()), str(context.root), str(job.path),
                context.limits.cell_seconds, context.limits.job_seconds, context.cells, start.close,
                partial(context.cell_started, job.slug),
            )  # fmt: skip
        except Exception as problem:  # no port, no process, no memory for now: it is tried again
            return Attempt("kernel_died", not_executed(problem))
        status: Status = "succeeded"
        error: Sayable | None = None
        try:
            execute_notebook(notebook, watch)
        except Exception as problem:
            status, error = _told(problem, watch, context)
        finally:
            context.supply.forget(manager)
    note = f"The output of {counted(len(watch.cut), 'cell')} was cut." if watch.cut else ""
    return Attempt(status, error, watch.notebook or notebook, watch.reads, watch.peak_memory, note)


def _told(problem: Exception, watch: Watch, context: JobContext) -> tuple[Status, Sayable]:
    """Return the status and the sentence that an exception of an execution stands for."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from fanops_utils.reports.running.engine import NotebookEnded

    ended = say("A cell ended the notebook before its result.")
    if isinstance(problem, NotebookEnded):
        return "truncated", ended
    if isinstance(problem, PapermillExecutionError):
        cell, memory = problem.cell_index + 1, context.limits.memory_mb
        if problem.ename == "SystemExit":
            return "truncated", ended
        if problem.ename == "MemoryError" and memory:
            return "failed", say(
                "Cell {cell} needed more memory than the {memory} MB a job may take.", cell=cell, memory=memory
            )
        said = Written(f"{problem.ename}: {ANSI.sub('', str(problem.evalue))[:500]}", "en")
        return "failed", say("Cell {cell} failed: {error}", cell=cell, error=_fault(watch) or said)
    if isinstance(problem, CellTimeoutError):
        if watch.over:
            limit = Number(context.limits.job_seconds)
            return "timed_out", say("The notebook ran longer than {seconds} seconds and was stopped.", seconds=limit)
        limit = Number(context.limits.cell_seconds)
        return "timed_out", say("A cell ran longer than {seconds} seconds and was stopped.", seconds=limit)
    if isinstance(problem, DeadKernelError) or "Kernel died" in str(problem):
        return "kernel_died", _died(watch.exit_code)
    begun = watch.deadline > 0
    return "failed" if begun else "kernel_died", not_executed(problem)  # one that did not start is tried again


def _fault(watch: Watch) -> Sayable | None:
    """Return what the cell that failed says in every language, where it failed by an error of ours."""
    outputs = [cell.get("outputs", []) for cell in watch.notebook.cells] if watch.notebook else []
    failed: list[Any] = next((shown for shown in outputs if any(one.output_type == "error" for one in shown)), [])
    return faults.shown(failed)


def not_executed(problem: BaseException) -> Sayable:
    """Return that a notebook could not be executed at all, and why."""
    return say("The notebook could not be executed: {error}", error=Written(one_line(problem), "en"))


def _died(code: int | None) -> Sayable:
    if code is None or code == -signal.SIGKILL:
        return say("The notebook's process ended unexpectedly (out of memory, or killed).")
    if code < 0:
        name = signal.Signals(-code).name
        return say("The notebook's process ended unexpectedly (by signal {signal}).", signal=name)
    return say("The notebook's process ended unexpectedly (it left with code {code}).", code=code)


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
    given = job.parameters if job.on is None else {**job.parameters, ON: job.on}
    injected = new_code_cell(injected_source(given), metadata={"tags": ["injected-parameters"]}, id="injected")
    notebook.cells.insert(tagged[0] + 1, injected)
    return notebook
