"""What the jobs of a run share: folders, limits, kernels, and the word to stop."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job


@dataclass(frozen=True)
class Limits:
    """How long a cell and a job may take, how often a job is tried again, and how much memory it may take up.

    `memory_mb` counts what a kernel takes beyond what it holds when it starts; None: as much as the machine has.
    """

    cell_seconds: float = 600.0
    job_seconds: float = 3600.0
    retries: int = 1
    memory_mb: int | None = None


@dataclass(frozen=True)
class JobContext:
    """What all jobs of a run share.

    `cells` lets so many notebooks execute cells at the same time, `starting` so many kernels start; `stopped` is set
    when the run is to end, `skipping` when no further job is to begin (with `fail_fast` after one that failed);
    `cell_started` is told slug, place and number of cells.
    """

    root: Path
    run_dir: Path
    run_id: str
    workspace: str
    languages: tuple[str, ...]
    provenance: dict[str, Any]
    supply: KernelSupply
    workspace_path: Path | None = None
    limits: Limits = Limits()
    threads: int = 1
    cells: threading.Semaphore = field(default_factory=threading.Semaphore)
    starting: threading.Semaphore = field(default_factory=threading.Semaphore)
    stopped: threading.Event = field(default_factory=threading.Event)
    fail_fast: bool = False
    skipping: threading.Event = field(default_factory=threading.Event)
    cell_started: Callable[[str, int, int], None] = lambda _slug, _place, _cells: None


def seed_of(job: Job) -> int:
    """Return what the random numbers of *job* start from: the same for the same notebook and parameters."""
    told = json.dumps([job.notebook, job.parameters], default=str, sort_keys=True)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "big")
