"""What a worker of a cluster does for a run: says what it would make reports from, makes one, hands it over as bytes.

These functions run in the workers' processes, in whatever checkout lies there.
"""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fanops_utils.reports.kernels.supply import KernelSupply, Kind
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse.fingerprint import State, basis
from fanops_utils.reports.running.context import JobContext, Limits
from fanops_utils.workspace import project_root
from fanops_utils.workspace.temporary import named


@dataclass(frozen=True)
class Order:
    """What all jobs of one run share, as a worker is told it; `token` names the run among all that the worker serves.

    `root` and `home` are the repository and the workspace's folder on the machine that runs the plan.
    """

    token: str
    root: Path
    home: Path
    workspace: str
    languages: tuple[str, ...]
    run_id: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    kernels: Kind = "auto"
    modules: tuple[str, ...] = ()
    threads: int = 1


@dataclass(frozen=True)
class Standing:
    """What a worker would make reports from, as `fingerprint.basis` says it; its process, and modules it holds as they were."""

    basis: dict[str, dict[str, str]]
    pid: int
    older: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """A job made by a worker: what became of it, and its files by name, each with whether it is its owner's alone."""

    outcome: Outcome
    files: dict[str, tuple[bytes, bool]]
    pid: int
    kernels: str


@dataclass
class Bench:
    """Where a worker makes the jobs of one run: kernels that are kept from job to job, and the word to stop."""

    supply: KernelSupply
    cells: threading.Semaphore
    stopped: threading.Event = field(default_factory=threading.Event)
    busy: int = 0


_benches: dict[str, Bench] = {}
_lock = threading.Lock()
_held: dict[str, str] = {}  # the package's modules as they were when this process first told of them


def standing(jobs: Sequence[Job], order: Order) -> Standing:
    """Return what this worker would make *jobs* from; raise FanopsError where no repository lies here."""
    root, home = here(order)
    known = basis([_moved(job, order, root) for job in jobs], State(root, home, order.languages))
    own = {name: digest for name, digest in known["code"].items() if "/" not in name}
    older = tuple(sorted(name for name, digest in own.items() if _held.setdefault(name, digest) != digest))
    return Standing(known, os.getpid(), older)


def here(order: Order) -> tuple[Path, Path]:
    """Return repository and workspace on this machine.

    They are the worker's own where FANOPS_ROOT names them; else where they lie on the machine that runs the plan, if they
    do so here too; else those around the worker's folder.
    """
    same = not os.environ.get("FANOPS_ROOT") and (order.root / "notebooks").is_dir()
    root = order.root if same else project_root()
    inside = order.home.is_relative_to(order.root)
    return root, root / order.home.relative_to(order.root) if inside else order.home


def make(job: Job, order: Order, before: dict[str, Any] | None) -> Handed:
    """Execute *job* here and return its report; *before* is what its last good report concluded."""
    from distributed import get_worker

    from fanops_utils.reports.running.execute import execute_job

    root, home = here(order)
    worker = get_worker()

    def at_cell(slug: str, place: int, cells: int) -> None:
        worker.log_event(order.token, {"slug": slug, "place": place, "cells": cells})

    with _at_bench(order) as bench, tempfile.TemporaryDirectory(prefix=named("fanops-")) as folder:
        run_dir = Path(folder)
        context = JobContext(
            root, run_dir, order.run_id, order.workspace, order.languages, order.provenance, bench.supply, home,
            order.limits, threads=max(1, (os.cpu_count() or 1) // order.threads), cells=bench.cells,
            starting=bench.cells, stopped=bench.stopped, cell_started=at_cell,
        )  # fmt: skip
        outcome = execute_job(_moved(job, order, root), context, before=before)
        files = {path.relative_to(run_dir).as_posix(): _packed(path) for path in run_dir.rglob("*") if path.is_file()}
        return Handed(_homeward(outcome, job, order, root), files, os.getpid(), bench.supply.kind_used)


def end(token: str, *, stop: bool = False) -> None:
    """Close the bench of the run *token*; with *stop* whatever it is still making ends now."""
    with _lock:
        bench = _benches.pop(token, None)
    if bench is None:
        return
    bench.stopped.set()
    if stop:
        bench.supply.end_kernels()
    bench.supply.close()


@contextmanager
def _at_bench(order: Order) -> Iterator[Bench]:
    """Yield the bench of the run of *order*; benches that other runs left and nobody works at are closed."""
    with _lock:
        left = [token for token, one in _benches.items() if token != order.token and not one.busy]
        closing = [_benches.pop(token) for token in left]
        if order.token not in _benches:
            supply = KernelSupply(order.kernels, modules=order.modules).__enter__()
            _benches[order.token] = Bench(supply, threading.Semaphore(order.threads))
        bench = _benches[order.token]
        bench.busy += 1
    for one in closing:
        one.supply.close()
    try:
        yield bench
    finally:
        with _lock:
            bench.busy -= 1


def _moved(job: Job, order: Order, root: Path) -> Job:
    """Return *job* with its notebook where it lies on this machine."""
    return replace(job, path=root / job.path.relative_to(order.root)) if root != order.root else job


def _homeward(outcome: Outcome, job: Job, order: Order, root: Path) -> Outcome:
    """Return *outcome* as the machine that runs the plan would have it: what was read is called by where it lies there."""
    if root == order.root or not outcome.reads:
        return replace(outcome, job=job)
    reads = dict(outcome.reads)
    for kind in ("files", "folders"):
        reads[kind] = {_renamed(path, root, order.root): digest for path, digest in reads.get(kind, {}).items()}
    return replace(outcome, job=job, reads=reads)


def _renamed(path: str, root: Path, to: Path) -> str:
    one = Path(path)
    return str(to / one.relative_to(root)) if one.is_relative_to(root) else path


def _packed(path: Path) -> tuple[bytes, bool]:
    return path.read_bytes(), not path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
