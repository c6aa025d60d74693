"""The workers of a Dask cluster that may make a run's reports: each held against this machine before it is given a job."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.reuse.fingerprint import State, basis
from fanops_utils.reports.running.cluster import hands
from fanops_utils.reports.running.merge import differing

if TYPE_CHECKING:
    from distributed import Client

SCHEME = "dask"
CONNECT, PATIENCE = 10.0, 60.0  # seconds to wait for the scheduler, and for a worker where none is there
EXAMPLE = "dask://10.0.0.5:8786"
Gone = (OSError, TimeoutError)  # what a scheduler that is not there any more is met with


@dataclass
class Team:
    """A cluster's workers, by address: the threads of those that may work, and why the others may not."""

    client: Client
    address: str
    jobs: Sequence[Job]
    order: hands.Order
    basis: dict[str, dict[str, str]]
    patience: float = PATIENCE
    threads: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def look(self) -> dict[str, int]:
        """Return the threads of the workers that are there and may work; those that are new are held against this machine."""
        there = dict(self.client.nthreads())
        new = [address for address in there if address not in self.pids and address not in self.refused]
        told = (
            self.client.run(hands.standing, list(self.jobs), self.order, workers=new, on_error="return") if new else {}
        )
        for address in new:
            why = self._why_not(told.get(address))
            if why:
                self.refused[address] = why
            else:
                self.pids[address] = told[address].pid
        self.threads = {address: number for address, number in there.items() if address in self.pids}
        return self.threads

    def _why_not(self, told: hands.Standing | BaseException | None) -> str:
        if isinstance(told, ModuleNotFoundError):
            return f"the package is not there ({told})"
        if not isinstance(told, hands.Standing):
            return " ".join(str(told or "it does not answer").split())[:300]
        if told.older:
            return f"its process began with other code ({told.older[0]}): restart it"
        return differing(told.basis, self.basis)

    def ended(self, *, stop: bool) -> None:
        """Have every worker put away what it kept for this run; with *stop* also what it is still making."""
        with suppress(Exception):  # workers that are gone have nothing left to put away
            self.client.run(hands.end, self.order.token, stop=stop, on_error="ignore")


def scheduler_of(address: str) -> str:
    """Return where Dask knows the scheduler at *address* (dask://HOST:PORT); raise ParameterError for no such address."""
    parts = urlsplit(address)
    try:
        whole = parts.scheme == SCHEME and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:  # a port that is no number
        whole = False
    if not whole:
        raise ParameterError("no address of a cluster", value=address, hint=f"Write it as {EXAMPLE}")
    return f"tcp://{parts.netloc}"


@contextmanager
def joined(
    address: str, jobs: Sequence[Job], state: State, *, workspace: str, connect: float = CONNECT, patience: float = PATIENCE,
    told: Callable[[str], None] = lambda _line: None,
) -> Iterator[Team]:  # fmt: skip
    """Yield the workers at the scheduler *address* that may make *jobs* of a *workspace* as it is in *state* here.

    *told* hears of each that may not. Raises ParameterError for no address, PlanError where Dask is not installed, no
    scheduler answers within *connect* seconds, no worker is there within *patience*, or none of them may work.
    """
    scheduler = scheduler_of(address)
    try:
        from distributed import Client
    except ImportError:
        hint = "Install it: pip install 'fanops[cluster]'"
        raise PlanError("a cluster needs the package distributed", value=address, hint=hint) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it is told as an outcome
    try:
        client = Client(scheduler, timeout=connect, set_as_default=False)
    except Exception as error:  # Dask meets what is no scheduler with errors of many families
        why = " ".join(str(error).split())[:200]
        raise PlanError(
            f"no scheduler answers ({why})", value=address, hint="Is `dask scheduler` running there?"
        ) from None
    try:
        order = hands.Order(uuid.uuid4().hex, state.root.resolve(), state.workspace, workspace, state.languages)
        team = Team(client, address, jobs, order, basis(jobs, state), patience)
        _first(team, seconds=patience)
        for one, why in team.refused.items():
            told(f"worker {one} is refused: {why}")
        yield team
    finally:
        client.close(timeout=connect)


def _first(team: Team, *, seconds: float) -> None:
    """Wait until a worker is there that may work; raise PlanError where none is, or none may."""
    from distributed import TimeoutError as NoWorker

    with suppress(NoWorker):
        team.client.wait_for_workers(1, timeout=seconds)
    if team.look():
        return
    if team.refused:
        why = "; ".join(f"{one}: {why}" for one, why in team.refused.items())
        raise PlanError(f"no worker may make the reports ({why})", value=team.address)
    raise PlanError("the scheduler has no worker", value=team.address, hint="Start one there: dask worker HOST:PORT")


def manifest(team: Team, lost: Sequence[dict[str, Any]], kernels: dict[str, str]) -> dict[str, Any]:
    """Return what the manifest says of the *team*: its scheduler and workers, those refused, attempts that were *lost*."""
    workers = {one: {"kernels": kernels.get(one, "")} for one in team.pids}
    return {
        "cluster": {"scheduler": team.address, "workers": workers, "refused": dict(team.refused), "lost": list(lost)}
    }
