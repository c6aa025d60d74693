"""A run: the jobs of a plan in parallel processes, their manifest and the index of their reports."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fanops_utils.errors import PlanError
from fanops_utils.reports.execute import JobContext, Outcome, execute_job, write_text
from fanops_utils.reports.plan import Job
from fanops_utils.reports.site import render_index
from fanops_utils.workspace import Workspace

VERSIONS = ("fanops", "pandas", "numpy", "scipy", "statsmodels", "duckdb", "papermill", "nbconvert")


@dataclass(frozen=True)
class Run:
    """One execution of a plan: where it lies and what became of its jobs, in the order of the plan."""

    run_id: str
    run_dir: Path
    index: Path
    outcomes: tuple[Outcome, ...]

    @property
    def good(self) -> bool:
        return all(outcome.good for outcome in self.outcomes)

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run_id": self.run_id,
            "run_dir": str(self.run_dir),
            "index": str(self.index),
            "jobs": [
                {
                    "notebook": one.job.notebook, "parameters": jsonable(one.job.parameters), "status": one.status,
                    "seconds": one.seconds, "report": str(self.run_dir / one.report) if one.report else None,
                    "result": str(self.run_dir / one.result) if one.result else None,
                }
                for one in self.outcomes
            ],
        }  # fmt: skip


def run_jobs(
    jobs: Sequence[Job],
    workspace: Workspace,
    *,
    plan: str,
    root: Path,
    reports: Path,
    workers: int = 2,
    language: str = "en",
    progress: Callable[[Outcome], None] = lambda _outcome: None,
) -> Run:
    """Execute *jobs* in *workers* processes and write reports, results, manifest and index; return the run."""
    started = datetime.now(UTC)
    run_dir = _new_folder(reports / workspace.name / plan, started)
    context = JobContext(root, run_dir, run_dir.name, workspace.name, language, provenance(root))
    outcomes: dict[str, Outcome] = {}
    for outcome in _execute_all(jobs, context, workers=workers):
        outcomes[outcome.job.slug] = outcome
        progress(outcome)
    ordered = tuple(outcomes[job.slug] for job in jobs)
    manifest = _manifest(ordered, workspace, plan, context, started)
    write_text(run_dir / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    write_text(run_dir / "index.html", render_index(manifest, language=language))
    return Run(run_dir.name, run_dir, run_dir / "index.html", ordered)


def _execute_all(jobs: Sequence[Job], context: JobContext, *, workers: int) -> Iterator[Outcome]:
    """Yield outcomes as they come; where a process broke, those it took with it run again, each in one of its own."""
    lost = []
    with ProcessPoolExecutor(
        max_workers=min(workers, len(jobs)), mp_context=get_context("spawn"),
        initializer=_log_to, initargs=(context.run_dir / "kernels.log",),
    ) as pool:  # fmt: skip
        pending: dict[Future[Outcome], Job] = {pool.submit(execute_job, job, context): job for job in jobs}
        for done in as_completed(pending):
            if len(jobs) > 1 and isinstance(done.exception(), BrokenProcessPool):
                lost.append(pending[done])
            else:
                yield _outcome(done, pending[done])
    for job in lost:
        yield from _execute_all([job], context, workers=1)


def _log_to(path: Path) -> None:
    """Send what this process and its kernels print to the run's log: standard output belongs to the caller."""
    with path.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def _outcome(done: Future[Outcome], job: Job) -> Outcome:
    """Return the outcome of a finished process, or a failed one where the process itself broke."""
    error = done.exception()
    if error is None:
        return done.result()
    return Outcome(job, "failed", 0.0, f"The job's process broke: {type(error).__name__}: {str(error)[:300]}")


def _new_folder(parent: Path, started: datetime) -> Path:
    stamp = started.strftime("%Y%m%dT%H%M%SZ")
    for name in (stamp, *(f"{stamp}-{number}" for number in range(2, 100))):
        try:
            (parent / name).mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise PlanError(f"the report folder cannot be written ({error.strerror})", file=parent) from None
        return parent / name
    raise PlanError("too many runs started in the same second", file=parent)


def provenance(root: Path) -> dict[str, str]:
    """Return what made a report: git commit, versions of Python and of the libraries that count."""
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    return {"code": _commit(root), "python": platform.python_version(), **versions}


def _commit(root: Path) -> str:
    def git(*words: str) -> str:
        command = ["git", "-C", str(root), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603

    try:
        return git("rev-parse", "--short=12", "HEAD") + (" with local changes" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "not under version control"


def _manifest(
    outcomes: Sequence[Outcome], workspace: Workspace, plan: str, context: JobContext, started: datetime
) -> dict[str, Any]:
    status = "succeeded" if all(one.good for one in outcomes) else "failed"
    return {
        "schema_version": 1, "run_id": context.run_id, "workspace": workspace.name, "brand": workspace.brand.name,
        "plan": plan, "status": status, "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"), "provenance": context.provenance,
        "jobs": [_entry(one) for one in outcomes],
    }  # fmt: skip


def _entry(outcome: Outcome) -> dict[str, Any]:
    said = outcome.conclusion or {}
    parameters = {k: v for k, v in jsonable(outcome.job.parameters).items() if k != "workspace"}
    return {
        "notebook": outcome.job.notebook, "title": outcome.title or outcome.job.notebook,
        "topic": outcome.job.notebook.split("/")[0], "parameters": parameters,
        "market": said.get("market") or parameters.get("market"), "status": outcome.status, "seconds": outcome.seconds,
        "report": outcome.report, "result": outcome.result, "error": outcome.error, "verdict": said.get("verdict", ""),
        "severity": said.get("severity"), "trust": said.get("trust"), "data_as_of": said.get("data_as_of"),
        "findings": said.get("findings", []), "plays": said.get("plays", []),
    }  # fmt: skip


def jsonable(values: dict[str, Any]) -> dict[str, Any]:
    """Return parameter *values* with dates as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
