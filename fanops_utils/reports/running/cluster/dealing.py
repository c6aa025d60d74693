"""Jobs dealt to the workers of a cluster: each where a thread is free, and once more elsewhere where its worker was lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanops_utils.reports.kernels.supply import KernelSupply, Kind
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import history
from fanops_utils.reports.reuse.files import write_bytes
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.running.attempt import one_line
from fanops_utils.reports.running.cluster import hands
from fanops_utils.reports.running.cluster.team import Gone, Team, manifest
from fanops_utils.reports.running.context import JobContext
from fanops_utils.reports.running.execute import skipped
from fanops_utils.reports.running.side_by_side import LOOK, written_down
from fanops_utils.text import Sayable, Written, say

if TYPE_CHECKING:
    from distributed import Future


@dataclass(frozen=True)
class Dealt:
    """A job at a worker: which try it is, and since when."""

    job: Job
    worker: str
    future: Future
    tries: int
    started: datetime


@dataclass
class Dealing:
    """The jobs of one run at the workers of *team*, and what of it is for the manifest."""

    team: Team
    context: JobContext
    lost: list[dict[str, Any]] = field(default_factory=list)
    kernels: dict[str, str] = field(default_factory=dict)
    under_way: list[Dealt] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return what the manifest says of where the jobs were made, and of the attempts that were lost."""
        return manifest(self.team, self.lost, self.kernels)

    def execute(
        self, jobs: Sequence[Job], state: State, folder: Path, *, kernels: Kind | KernelSupply, modules: Sequence[str]
    ) -> Iterator[Outcome]:  # fmt: skip
        """Yield outcomes of *jobs* as they come, each written down before it is told; *folder* is that of the plan.

        *kernels* is their kind, *modules* what they import beforehand. Jobs that no worker is left for are cancelled:
        `--resume` makes them.
        """
        if not jobs:
            return
        own = self.context
        order = replace(
            self.team.order, run_id=own.run_id, provenance=own.provenance, limits=own.limits, modules=tuple(modules),
            kernels=kernels.kind if isinstance(kernels, KernelSupply) else kernels,
        )  # fmt: skip
        self.team.client.subscribe_topic(order.token, _heard(own))
        try:
            for outcome in self._all(jobs, order, history.newest(folder)):
                yield written_down(outcome, own, state)
        finally:
            self.team.ended(stop=own.stopped.is_set())

    def _all(self, jobs: Sequence[Job], order: hands.Order, before: dict[str, Any]) -> Iterator[Outcome]:
        waiting = deque((job, 1) for job in jobs)
        seen = time.monotonic()
        while (waiting or self.under_way) and not self.context.stopped.is_set():
            try:
                threads = self.team.look()
            except Gone as problem:
                yield from self._cancelled(
                    waiting, say("The cluster's scheduler was lost: {error}", error=_said(problem))
                )
                return
            seen = time.monotonic() if threads else seen
            for dealt in [one for one in self.under_way if one.worker not in threads]:
                yield from self._missed(dealt, waiting)
            yield from self._done()
            while waiting and self.context.skipping.is_set():
                yield skipped(waiting.popleft()[0])
            self._deal(waiting, order, before)
            if not threads and time.monotonic() - seen > self.team.patience:
                yield from self._cancelled(waiting, say("No worker of the cluster was left to make it."))
                return
            self.context.stopped.wait(LOOK)
        yield from self._cancelled(waiting, say("The run was stopped before this report was done."))

    def _deal(self, waiting: deque[tuple[Job, int]], order: hands.Order, before: dict[str, Any]) -> None:
        """Give each free thread a job, as long as any is to begin."""
        for worker, threads in self.team.threads.items():
            free = threads - sum(one.worker == worker for one in self.under_way)
            for _ in range(min(free, len(waiting))):
                job, tries = waiting.popleft()
                earlier = before.get(history.job_key(job.notebook, job.slug, job.parameters))
                future = self.team.client.submit(
                    hands.make, job, replace(order, threads=threads), earlier, key=f"{job.slug}-{tries}-{order.token}",
                    workers=[worker], allow_other_workers=False, pure=False, retries=0,
                )  # fmt: skip
                self.under_way.append(Dealt(job, worker, future, tries, datetime.now(UTC)))

    def _done(self) -> Iterator[Outcome]:
        for dealt in [one for one in self.under_way if one.future.done()]:
            self.under_way.remove(dealt)
            try:
                handed = dealt.future.result()
                yield self._brought(dealt, handed)
            except Exception as problem:  # what no outcome tells: the job could not even be begun, or carried here
                told = say("The job broke: {error}", error=_said(problem))
                yield Outcome(dealt.job, "failed", 0.0, told, attempts=dealt.tries)

    def _brought(self, dealt: Dealt, handed: hands.Handed) -> Outcome:
        """Return the outcome of a job whose files are now in the run's folder."""
        for name, (data, private) in handed.files.items():
            path = self.context.run_dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, data, private=private)
        self.kernels[dealt.worker] = handed.kernels
        tries = dealt.tries
        if (
            handed.pid != self.team.pids[dealt.worker]
        ):  # the worker began anew under its old address, and the job with it
            self._note(dealt)
            self.team.pids[dealt.worker], tries = handed.pid, tries + 1
        outcome = replace(handed.outcome, attempts=handed.outcome.attempts + tries - 1)
        if self.context.fail_fast and not outcome.good:
            self.context.skipping.set()
        return outcome

    def _missed(self, dealt: Dealt, waiting: deque[tuple[Job, int]]) -> Iterator[Outcome]:
        """Have the job of a lost worker made elsewhere, as often as the limits say."""
        self.under_way.remove(dealt)
        dealt.future.cancel()
        self._note(dealt)
        if dealt.tries <= self.context.limits.retries:
            waiting.appendleft((dealt.job, dealt.tries + 1))
            return
        told = say("The cluster's worker that made it was lost, {tries} times.", tries=dealt.tries)
        yield Outcome(dealt.job, "kernel_died", 0.0, told, started=dealt.started, attempts=dealt.tries)

    def _note(self, dealt: Dealt) -> None:
        since = dealt.started.isoformat(timespec="seconds")
        self.lost.append({"slug": dealt.job.slug, "attempt": dealt.tries, "worker": dealt.worker, "started": since})

    def _cancelled(self, waiting: deque[tuple[Job, int]], why: Sayable) -> Iterator[Outcome]:
        for dealt in self.under_way:
            yield Outcome(dealt.job, "cancelled", error=why, started=dealt.started, attempts=dealt.tries)
        for job, tries in waiting:
            yield Outcome(job, "cancelled", error=why, attempts=tries - 1)
        self.under_way.clear()
        waiting.clear()


def _heard(context: JobContext) -> Callable[[tuple[Any, Any]], None]:
    """Return what passes on to the run at which cell a worker is."""

    def heard(event: tuple[Any, Any]) -> None:
        told = event[1]
        context.cell_started(told["slug"], told["place"], told["cells"])

    return heard


def _said(problem: BaseException) -> Written:
    return Written(one_line(problem), "en")
