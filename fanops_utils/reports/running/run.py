"""A run: the jobs of a plan side by side, those that need not be done taken over, the index of their reports."""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fanops_utils.reports.kernels.preload import USUAL
from fanops_utils.reports.kernels.supply import KernelSupply, Kind
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import code_of
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import archive, cache, history
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.reuse.manifest import manifest_of, provenance
from fanops_utils.reports.reuse.reach import NAME
from fanops_utils.reports.running.context import JobContext, Limits
from fanops_utils.reports.running.side_by_side import execute_all
from fanops_utils.reports.running.standing import STANDING, standing_of
from fanops_utils.reports.running.stopping import Stop, listening
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup


@dataclass(frozen=True)
class Run:
    """One execution of a plan: where it lies and what became of its jobs, in the order of the plan.

    `stopped_by` is the signal that ended it early, `problem` what could not be written at its end.
    """

    run_id: str
    run_dir: Path
    index: Path
    outcomes: tuple[Outcome, ...]
    stopped_by: int | None = None
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem and all(outcome.whole for outcome in self.outcomes)

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
                    "failed_sections": list(one.failed_sections),
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
    languages: tuple[str, ...] = ("en",),
    kernels: Kind | KernelSupply = "auto",
    limits: Limits = Limits(),  # noqa: B008  (frozen)
    force: bool = False,
    resume: bool = False,
    fail_fast: bool = False,
    keep: int | None = None,
    lookup: Lookup | None = None,
    expected: Mapping[str, float] = MappingProxyType({}),
    noted: Mapping[str, Any] = MappingProxyType({}),
    progress: Callable[[Outcome], None] = lambda _outcome: None,
    cell_started: Callable[[str, int, int], None] = lambda _slug, _place, _cells: None,
) -> Run:
    """Make the reports of *jobs*, *workers* at a time, with results, manifest and index; return the run.

    A report that would come out as the last good one is taken over from it, unless *force*. *resume* goes on with the
    last run, which was killed or stopped. With *fail_fast* no job begins after one that failed. *keep* is how many
    runs stay on disk. *lookup* measures what targets and decisions name, without it nothing does. *noted* stands in the
    manifest besides. Jobs nothing is known of begin first, then those *expected* to take longest (seconds, by slug).
    Raises PlanError where the folder *reports* cannot be written or there is nothing to resume.
    """
    started, folder = datetime.now(UTC), reports / workspace.name / plan
    run_dir = archive.unfinished(folder) if resume else archive.new_run(folder, started)
    state = State(root, workspace.path, languages)
    done = cache.finished(jobs, run_dir, state) if resume else {}
    done |= {} if force else cache.reusable([job for job in jobs if job.slug not in done], folder, run_dir, state)
    for outcome in done.values():
        progress(outcome)
    rest = [job for job in jobs if job.slug not in done]
    rest.sort(key=lambda job: -expected.get(job.slug, math.inf))
    stop, forked = Stop(threading.Event()), {}
    with listening(stop), _supply(kernels, rest, run_dir) as supply:
        made_by = provenance(root)
        context = JobContext(
            root, run_dir, run_dir.name, workspace.name, languages, made_by, supply, workspace.path, limits,
            threads=max(1, (os.cpu_count() or 1) // workers), cells=threading.Semaphore(workers),
            starting=threading.Semaphore(workers), stopped=stop.event, cell_started=cell_started, fail_fast=fail_fast,
        )  # fmt: skip
        for outcome in execute_all(rest, context, state, folder, workers=workers):
            done[outcome.job.slug] = outcome
            progress(outcome)
        forked = {"kernels": supply.kind_used, "why_ordinary": supply.why_ordinary} if rest else {}
    ordered = tuple(done[job.slug] for job in jobs)
    manifest = manifest_of(
        ordered, workspace, plan=plan, run_id=run_dir.name, started=started, made_by=made_by, workers=workers,
        languages=list(languages), tables=state.tables, resumed=resume, **forked, **noted,
    )  # fmt: skip
    on = max((job.on for job in jobs if job.on), default=started.date())
    others = archive.newest_entries(reports / workspace.name, without=plan)
    manifest |= _standing(manifest["jobs"], others, workspace, state, folder, on=on, lookup=lookup)
    problem = _finish(manifest, ordered, folder, run_dir, languages=languages, keep=keep)
    return Run(run_dir.name, run_dir, run_dir / "index.html", ordered, stop.number, problem)


def _standing(
    jobs: Sequence[archive.Entry], others: Sequence[archive.Entry], workspace: Workspace, state: State, folder: Path, *,
    on: date, lookup: Lookup | None,
) -> dict[str, Any]:  # fmt: skip
    """Return what the manifest says of targets and decisions: as the run before in *folder* has it, where nothing changed."""
    told = [[entry.get(name) for name in ("slug", "parameters", "findings")] for entry in (*jobs, *others)]
    depends = state.standing(on, told, lookup is not None)
    before = archive.last_manifest(folder)
    if before.get("standing") == depends:
        return {name: before[name] for name in ("standing", *STANDING)}
    return {"standing": depends, **standing_of(jobs, workspace, on=on, lookup=lookup, others=others)}


@contextmanager
def _supply(kernels: Kind | KernelSupply, rest: Sequence[Job], run_dir: Path) -> Iterator[KernelSupply]:
    """Yield the kernels of the run; where there is nothing to execute nothing is started."""
    if isinstance(kernels, KernelSupply):
        yield kernels
        return
    usual = any(NAME in source for job in rest if job.path.is_file() for source in code_of(job.path))
    kind: Kind = kernels if rest else "ordinary"
    with KernelSupply(kind, modules=USUAL if usual else (), log=run_dir / "kernels.log") as supply:
        yield supply


def _finish(
    manifest: dict[str, Any],
    outcomes: Sequence[Outcome],
    folder: Path,
    run_dir: Path,
    *,
    languages: tuple[str, ...],
    keep: int | None,
) -> str:
    """Write history, manifest and the pages around the reports, delete old runs; return what could not be written."""
    from fanops_utils.reports.site.publish import publish

    try:
        history.append(folder, outcomes, run_dir.name)
        write_text(run_dir / archive.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        if keep:
            archive.prune(folder, keep=keep)
        publish(manifest, run_dir, languages=languages)
    except OSError as error:
        return f"index and manifest could not be written: {error.strerror}"
    return ""


def jsonable(values: dict[str, Any]) -> dict[str, Any]:
    """Return parameter *values* with dates as ISO text."""
    return history.plain(values)
