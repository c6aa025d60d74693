"""The jobs of a run side by side: each outcome as it comes, written down before it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import read_notebook
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import archive, cache, facts, history
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.reuse.fingerprint import State, inputs
from fanops_utils.reports.reuse.manifest import entry_of
from fanops_utils.reports.running.context import JobContext
from fanops_utils.reports.running.records import recorded
from fanops_utils.text import Written, say

LOOK = 0.2  # seconds between looks for a signal
AHEAD = 2  # jobs begun beyond those that execute cells


def execute_all(
    jobs: Sequence[Job], context: JobContext, state: State, folder: Path, *, workers: int
) -> Iterator[Outcome]:
    """Yield outcomes as they come, each written down before it is told, so that a killed run can be resumed."""
    if not jobs:
        return
    from fanops_utils.reports.running.execute import execute_job

    before = history.newest(folder)
    # More than execute cells: their kernels start, and pages are made, while the others compute. None where a failure is
    # to keep the next one from beginning.
    ahead = 0 if context.fail_fast else AHEAD
    with ThreadPoolExecutor(min(workers, len(jobs)) + ahead, thread_name_prefix="job") as pool:
        pending: dict[Future[Outcome], Job] = {
            pool.submit(
                execute_job, job, context, before=before.get(history.job_key(job.notebook, job.slug, job.parameters))
            ): job
            for job in jobs
        }
        _prepare(jobs, state)
        while pending:
            done, _ = wait(pending, timeout=LOOK, return_when=FIRST_COMPLETED)
            if context.stopped.is_set():
                context.supply.end_kernels()
            for one in done:
                yield written_down(_outcome(one, pending.pop(one)), context, state)


def _prepare(jobs: Sequence[Job], state: State) -> None:
    """Load what makes pages and look up what notebooks reach, while the kernels' parent is still importing."""
    from fanops_utils.reports.page import render
    from fanops_utils.reports.site import pages, publish  # noqa: F401  (loaded here, used at the end)

    pages.prepare()
    _ = state.page_code, state.environment
    for path in dict.fromkeys(job.path for job in jobs):
        with suppress(Exception):  # what is wrong with a notebook is told when its job ends
            state.code_of(path)
            render.prepare(read_notebook(path), state.languages)
    facts.keep()


def _outcome(done: Future[Outcome], job: Job) -> Outcome:
    error = done.exception()
    if error is None:
        return done.result()
    told = Written(f"{type(error).__name__}: {str(error)[:300]}", "en")
    return Outcome(job, "failed", 0.0, say("The job broke: {error}", error=told))


def written_down(outcome: Outcome, context: JobContext, state: State) -> Outcome:
    """Return *outcome* with its looks recorded in the workspace, and what its report depends on in the run's folder."""
    return _noted(recorded(outcome, context.workspace_path), context, state)


def _noted(outcome: Outcome, context: JobContext, state: State) -> Outcome:
    """Return *outcome* with what its report depends on, written to the run's folder."""
    try:
        known = inputs(outcome.job, state, outcome.reads if outcome.good else None)
        known["written"] = cache.written_by(outcome, context.run_dir)
        outcome = replace(outcome, inputs=known)
        entry = json.dumps(entry_of(outcome), ensure_ascii=False)
        write_text(context.run_dir / archive.STATE / f"{outcome.job.slug}.json", entry)
    except (OSError, ValueError, KeyError):
        return outcome  # it is told all the same; a resumed run does it again
    return outcome
