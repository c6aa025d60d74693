"""Execution: one job through papermill, in a kernel of its own; we, not papermill, decide what became of it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import writes  # papermill validated it a moment ago

from fanops_utils.reports.beside.handed import handouts_of
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import AGAIN, FRESH, Outcome, Status
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.reuse.history import changes
from fanops_utils.reports.running.attempt import Attempt, attempt_job, one_line
from fanops_utils.reports.running.context import JobContext, seed_of
from fanops_utils.text import Message, Sentences, Written, say

ERROR_TAG = "papermill-error-cell-tag"


@dataclass(frozen=True)
class Clock:
    """When a job began: `started` for the reader, `ticks` to measure by."""

    started: datetime
    ticks: float

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self.ticks, 2)


def execute_job(job: Job, context: JobContext, *, before: dict[str, Any] | None = None) -> Outcome:
    """Execute *job*, write its executed notebook, report and result, and return what became of it; never raises.

    *before* is what the last good report of this job concluded. A job whose kernel died or that took too long is tried
    again, as often as the context says.
    """
    if context.skipping.is_set():
        return skipped(job)
    outcome = _outcome(job, context, before)
    if context.fail_fast and not outcome.good:
        context.skipping.set()
    return outcome


def skipped(job: Job) -> Outcome:
    """Return what becomes of a *job* that is not begun because another one failed."""
    return Outcome(job, "skipped", error=say("Not begun: an earlier report failed, and the run was to end there."))


def _outcome(job: Job, context: JobContext, before: dict[str, Any] | None) -> Outcome:
    clock, tries, attempt = Clock(datetime.now(UTC), time.perf_counter()), 0, Attempt("cancelled")
    while not context.stopped.is_set():
        tries += 1
        attempt = attempt_job(job, context)
        if context.stopped.is_set() and attempt.status not in FRESH:
            attempt = Attempt("cancelled", say("The run was stopped before this report was done."), attempt.notebook)
        if attempt.status not in AGAIN or tries > context.limits.retries:
            break
    if not tries:
        return Outcome(job, "cancelled", error=say("The run was stopped before this report was begun."))
    handouts = handouts_of(attempt.notebook)
    try:
        _write_executed(attempt.notebook, context.run_dir / "executed" / f"{job.slug}.ipynb")
        return _report(job, context, clock, attempt, tries, before, handouts)
    except Exception as problem:  # a notebook that cannot be read, an output no page can hold
        status: Status = "failed" if attempt.status == "succeeded" else attempt.status
        unmade = say("The report could not be made: {error}", error=Written(one_line(problem), "en"))
        error = Sentences.of(attempt.error, unmade)
    try:
        return _report(job, context, clock, Attempt(status, error), tries, before)
    except Exception:  # the disk is full, say: the index still tells what happened
        return Outcome(job, status, clock.seconds, error, started=clock.started, attempts=tries, seed=seed_of(job))


def _report(
    job: Job, context: JobContext, clock: Clock, attempt: Attempt, tries: int, before: dict[str, Any] | None,
    handouts: Sequence[dict[str, Any]] = (),
) -> Outcome:  # fmt: skip
    from fanops_utils.reports.beside.writing import Report, write_beside
    from fanops_utils.reports.page.render import Page, find_result, render_report
    from fanops_utils.reports.planning.names import page_name

    status, error, conclusion = attempt.status, attempt.error, find_result(attempt.notebook)
    if status == "succeeded" and conclusion is None:
        status, error = "truncated", say("The notebook ended before its result: no conclusion can be shown.")
    elif status == "succeeded" and conclusion and conclusion.get("status") == "no_data":
        status = "no_data"
    concluded = conclusion if status in FRESH else None
    moved = changes(concluded, before) if concluded else []
    seconds = clock.seconds
    names = {language: page_name(job.slug, language, context.languages) for language in context.languages}
    homes = {language: page_name("index", language, context.languages) for language in context.languages}
    title = _title(attempt.notebook)
    about = Report(context.run_dir, context.workspace, job.slug, title, context.languages, clock.started)
    files = write_beside(attempt.notebook, handouts, about) if concluded else ()
    page = Page(
        notebook=job.notebook, parameters={**job.parameters, "workspace": context.workspace}, status=status,
        run_id=context.run_id, workspace=context.workspace, started=clock.started, seconds=seconds,
        error=error, provenance=context.provenance, pages=names, home=homes, files=files,
    )  # fmt: skip
    for language, name in names.items():
        write_text(context.run_dir / name, render_report(attempt.notebook, page, language=language, changes=moved))
    if concluded:
        write_text(context.run_dir / f"{job.slug}.result.json", json.dumps(concluded, ensure_ascii=False, indent=1))
    return Outcome(
        job, status, seconds, error, report=names[context.languages[0]], pages=names, files=files, topic=_topic(attempt.notebook),
        result=f"{job.slug}.result.json" if concluded else None,
        conclusion=concluded, title=title, started=clock.started, attempts=tries,
        peak_memory=attempt.peak_memory, seed=seed_of(job), reads=attempt.reads, changes=tuple(moved), note=attempt.note,
    )  # fmt: skip


def _write_executed(notebook: nbformat.NotebookNode, path: Path) -> None:
    notebook.cells = [cell for cell in notebook.cells if ERROR_TAG not in cell.metadata.get("tags", [])]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, writes(notebook))


def _title(notebook: nbformat.NotebookNode) -> Message | None:
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    text = next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "")
    return Message(text) if text else None


def _topic(notebook: nbformat.NotebookNode) -> str:
    return str(notebook.metadata.get("fanops", {}).get("topic", ""))
