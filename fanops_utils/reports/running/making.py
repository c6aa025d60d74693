"""The reports of a run's jobs made: taken over where they would come out the same, executed where not."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanops_utils.reports.kernels.preload import USUAL
from fanops_utils.reports.kernels.supply import KernelSupply, Kind
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import code_of
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import cache
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.reuse.manifest import provenance
from fanops_utils.reports.reuse.reach import NAME
from fanops_utils.reports.running.context import JobContext, Limits
from fanops_utils.reports.running.side_by_side import execute_all
from fanops_utils.reports.running.stopping import Stop, listening
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.reports.running.cluster.team import Team


@dataclass(frozen=True, kw_only=True)
class How:
    """How jobs are executed: see `run_jobs`; with a *team* by the workers of a cluster."""

    workers: int = 2
    kernels: Kind | KernelSupply = "auto"
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    fail_fast: bool = False
    expected: Mapping[str, float] = field(default_factory=dict)
    progress: Callable[[Outcome], None] = lambda _outcome: None
    cell_started: Callable[[str, int, int], None] = lambda _slug, _place, _cells: None
    team: Team | None = None


@dataclass(frozen=True)
class Made:
    """What became of jobs, in their order; what made them, and by what kernels; the signal that ended it early."""

    outcomes: tuple[Outcome, ...]
    made_by: dict[str, Any]
    kernels: dict[str, Any]
    stopped_by: int | None


def make_reports(
    jobs: Sequence[Job],
    workspace: Workspace,
    *,
    folder: Path,
    run_dir: Path,
    state: State,
    how: How,
    finished: Mapping[str, Outcome],
) -> Made:
    """Make the reports of *jobs* in *run_dir*, those of a run before in *folder* taken over where they still hold.

    Jobs *finished*, by slug, are in *run_dir* already and are not made again.
    """
    done = dict(finished)
    rest = [job for job in jobs if job.slug not in done]
    done |= {} if how.force else cache.reusable(rest, folder, run_dir, state)
    for outcome in done.values():
        how.progress(outcome)
    rest = [job for job in jobs if job.slug not in done]
    rest.sort(key=lambda job: -how.expected.get(job.slug, math.inf))
    stop, kernels = Stop(threading.Event()), {}
    modules = _modules(rest)
    with listening(stop), _supply(how, rest, modules, run_dir) as supply:
        made_by = provenance(state.root)
        context = JobContext(
            state.root, run_dir, run_dir.name, workspace.name, state.languages, made_by, supply, workspace.path, how.limits,
            threads=max(1, (os.cpu_count() or 1) // how.workers), cells=threading.Semaphore(how.workers),
            starting=threading.Semaphore(how.workers), stopped=stop.event, cell_started=how.cell_started,
            fail_fast=how.fail_fast,
        )  # fmt: skip
        if how.team:
            from fanops_utils.reports.running.cluster.dealing import Dealing

            dealing = Dealing(how.team, context)
            coming, told = dealing.execute(rest, state, folder, kernels=how.kernels, modules=modules), dealing.told
        else:
            coming = execute_all(rest, context, state, folder, workers=how.workers)
            told = supply.told
        for outcome in coming:
            done[outcome.job.slug] = outcome
            how.progress(outcome)
        kernels = told() if rest else {}
    return Made(tuple(done[job.slug] for job in jobs), made_by, kernels, stop.number)


def _modules(jobs: Sequence[Job]) -> tuple[str, ...]:
    """Return what the kernels of *jobs* import beforehand: the usual, where one of their notebooks names the package."""
    usual = any(NAME in source for job in jobs if job.path.is_file() for source in code_of(job.path))
    return USUAL if usual else ()


@contextmanager
def _supply(how: How, rest: Sequence[Job], modules: Sequence[str], run_dir: Path) -> Iterator[KernelSupply]:
    """Yield the kernels of the run; where there is nothing to execute, or it is executed elsewhere, nothing is started."""
    if isinstance(how.kernels, KernelSupply):
        yield how.kernels
        return
    kind: Kind = "ordinary" if how.team or not rest else how.kernels
    with KernelSupply(kind, modules=modules, log=run_dir / "kernels.log") as supply:
        yield supply
