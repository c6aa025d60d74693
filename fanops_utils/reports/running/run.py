"""A run: the jobs of a plan side by side, those that need not be done taken over, the index of their reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fanops_utils.reports.kernels.supply import KernelSupply, Kind
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import archive, cache
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.running.ahead import Ahead
from fanops_utils.reports.running.closing import Run, close
from fanops_utils.reports.running.context import Limits
from fanops_utils.reports.running.making import How, make_reports
from fanops_utils.reports.running.standing import Closes
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup
    from fanops_utils.reports.running.cluster.team import Team


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
    closes: Closes = lambda _what, _place, _of: None,
    team: Team | None = None,
) -> Run:
    """Make the reports of *jobs*, *workers* at a time, with results, manifest and index; return the run.

    A report that would come out as the last good one is taken over from it, unless *force*. *resume* goes on with the
    last run, which was killed or stopped. With *fail_fast* no job begins after one that failed. *keep* is how many
    runs stay on disk. *lookup* measures what targets and decisions name, without it nothing does. *noted* stands in the
    manifest besides. Jobs nothing is known of begin first, then those *expected* to take longest (seconds, by slug).
    With a *team* the workers of a cluster make them, as many at a time as these have threads.
    Raises PlanError where the folder *reports* cannot be written or there is nothing to resume.
    """
    started, folder = datetime.now(UTC), reports / workspace.name / plan
    run_dir = archive.unfinished(folder) if resume else archive.new_run(folder, started)
    state = State(root, workspace.path, languages)
    elsewhere = workspace.brand.engine is not None
    ahead = Ahead(jobs, workspace, lookup, workers=workers, started=started.date(), elsewhere=elsewhere)

    def told(outcome: Outcome) -> None:
        ahead.heard(outcome)
        progress(outcome)

    how = How(
        workers=workers, kernels=kernels, limits=limits, force=force, fail_fast=fail_fast, expected=expected,
        progress=told, cell_started=cell_started, team=team,
    )  # fmt: skip
    there = cache.finished(jobs, run_dir, state) if resume else {}
    made = make_reports(jobs, workspace, folder=folder, run_dir=run_dir, state=state, how=how, finished=there)
    ahead.wait(closes)
    return close(
        made.outcomes, workspace, run_dir=run_dir, state=state, started=started, made_by=made.made_by, lookup=lookup,
        keep=keep, stopped_by=made.stopped_by, closes=closes, workers=workers, resumed=resume, **made.kernels, **noted,
    )  # fmt: skip
