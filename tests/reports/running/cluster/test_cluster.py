"""Jobs on a Dask cluster: dealt to workers in other checkouts, once more elsewhere where one is lost, refused where they differ."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from reports.running.test_parts import jobs_of, telling
from reports.tiny import WELL, repository, source, write

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.running.closing import Run
from fanops_utils.reports.running.cluster.team import Team, joined, scheduler_of
from fanops_utils.reports.running.context import Limits
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
NAMES = ("one", "two")
WORKERS = ("first", "second")
KILLING = """import os, pathlib, signal
folder = pathlib.Path({folder!r})
try:
    (folder / "begun").open("x").close()
    os.kill(int((folder / os.environ["FANOPS_TEST_WORKER"]).read_text()), signal.SIGKILL)
except FileExistsError:
    pass"""


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """A scheduler on loopback, and workers in processes of their own, each in the checkout it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def start(self, kind: str, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words]
        with (self.folder / f"{kind}-{len(self.running)}.log").open("wb") as log:
            one = subprocess.Popen(command, stdout=log, stderr=log, **more)
        self.running.append(one)
        return one

    def checkout(self, name: str) -> Workspace:
        return Workspace(self.folder / f"checkout-{name}" / "data" / "brand")

    def restore(self, name: str, brand: Workspace) -> None:
        """Have the checkout *name* hold the notebook that the *brand* has."""
        one = "notebooks/research/one.ipynb"
        shutil.copy(brand.path.parents[1] / one, self.checkout(name).path.parents[1] / one)

    def worker(self, name: str) -> None:
        """Start a worker in its checkout; the file *name* of the cluster's folder holds its process's number."""
        search = os.pathsep.join([str(Path(__file__).parents[4]), os.environ.get("PYTHONPATH", "")])
        own = {
            "FANOPS_ROOT": str(self.checkout(name).path.parents[1]),
            "FANOPS_TEST_WORKER": name,
            "PYTHONPATH": search,
        }
        words = [
            "--no-nanny",
            "--no-dashboard",
            "--nthreads",
            "1",
            "--local-directory",
            str(self.folder),
            "--name",
            name,
        ]
        one = self.start(
            "worker", f"tcp://127.0.0.1:{self.port}", *words, cwd=self.folder, env={**os.environ, **own},
        )  # fmt: skip
        (self.folder / name).write_text(str(one.pid), encoding="utf-8")

    def await_workers(self, number: int) -> None:
        with distributed.Client(f"tcp://127.0.0.1:{self.port}", timeout=30, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=30)

    def end(self) -> None:
        for one in self.running:
            one.send_signal(signal.SIGKILL)
            one.wait()


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A repository of three notebooks; the workers have copies of it in places of their own."""
    brand = repository(tmp_path_factory.mktemp("machine") / "repository")
    for place, name in enumerate(NAMES):
        telling(brand, name, float(place))
    return brand


@pytest.fixture(scope="module")
def cluster(brand: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers, each in a checkout of its own."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    write(brand.path.parents[1], "research/killing", source(KILLING.format(folder=str(cluster.folder)), WELL))
    for name in WORKERS:
        shutil.copytree(brand.path.parents[1], cluster.checkout(name).path.parents[1])
        cluster.worker(name)
    yield cluster
    cluster.end()


@contextmanager
def asked(cluster: Cluster, brand: Workspace, *names: str, whole: int = 1, **options: Any) -> Iterator[Team]:
    """Yield the workers that may make the jobs, once the *whole* of them has been looked at."""
    state, jobs = State(brand.path.parents[1], brand.path, ("en",)), jobs_of(brand, *names or NAMES)
    if whole:
        cluster.await_workers(whole)
    with joined(cluster.address, jobs, state, workspace=brand.name, **options) as team:
        yield team


def ran(team: Team, brand: Workspace, reports: Path, **options: Any) -> Run:
    return run_jobs(
        team.jobs,
        brand,
        plan="weekly",
        root=brand.path.parents[1],
        reports=reports,
        team=team,
        kernels="ordinary",
        **options,
    )


def alone(brand: Workspace, reports: Path, *names: str, **options: Any) -> Run:
    return run_jobs(
        jobs_of(brand, *names),
        brand,
        plan="weekly",
        root=brand.path.parents[1],
        reports=reports,
        kernels="ordinary",
        **options,
    )


def manifest(run: Run) -> dict[str, Any]:
    return json.loads((run.run_dir / "manifest.json").read_text(encoding="utf-8"))


def test_workers_that_differ_are_refused_by_their_names(cluster: Cluster, brand: Workspace) -> None:
    said: list[str] = []
    for name in WORKERS:
        telling(cluster.checkout(name), "one", 9.0)
    with pytest.raises(PlanError, match=r"tcp://.*made from another code: notebooks/research/one\.ipynb"):
        asked(cluster, brand).__enter__()
    cluster.restore("first", brand)
    with asked(cluster, brand, told=said.append, whole=2) as team:
        assert len(team.threads) == len(team.refused) == len(said) == 1
    cluster.restore("second", brand)


def test_workers_make_what_this_machine_makes_and_the_job_of_a_killed_one_is_made_elsewhere(
    cluster: Cluster, brand: Workspace, tmp_path: Path
) -> None:
    names = ("killing", *NAMES)
    cells: list[tuple[str, int, int]] = []
    with asked(cluster, brand, *names, whole=2) as team:
        run = ran(team, brand, tmp_path / "there", cell_started=lambda *told: cells.append(told))
        assert list(team.threads.values()) == [1]
    told = manifest(run)
    assert run.good and [job["slug"] for job in told["jobs"]] == list(names)
    assert [job["attempts"] for job in told["jobs"]] == [2, *[1] * len(NAMES)]
    (lost,) = told["cluster"]["lost"]
    assert lost["slug"] == "killing" and lost["attempt"] == 1 and lost["worker"] in told["cluster"]["workers"]
    assert {slug for slug, _, _ in cells} == set(names)
    here = alone(brand, tmp_path / "here", "one")
    same = ("slug", "status", "findings", "report", "parameters", "seed")
    for one, other in zip(manifest(here)["jobs"], told["jobs"][1:2], strict=True):
        assert {name: one[name] for name in same} == {name: other[name] for name in same}
        assert (run.run_dir / other["result"]).read_text() == (here.run_dir / one["result"]).read_text()
        assert (run.run_dir / "executed" / f"{one['slug']}.ipynb").is_file() and (
            run.run_dir / other["report"]
        ).is_file()
    again = alone(brand, tmp_path / "there", *NAMES)
    assert [one.status for one in again.outcomes] == ["cached"] * len(NAMES)


def test_where_all_workers_are_lost_the_rest_is_cancelled_and_resumed(
    cluster: Cluster, brand: Workspace, tmp_path: Path
) -> None:
    (cluster.folder / "begun").unlink()
    with asked(cluster, brand, "killing", "one", patience=0.0) as team:
        run = ran(team, brand, tmp_path, limits=Limits(retries=0))
    assert [one.status for one in run.outcomes] == ["kernel_died", "cancelled"]
    assert [job["attempts"] for job in manifest(run)["jobs"]] == [1, 0]
    resumed = alone(brand, tmp_path, "killing", "one", resume=True)
    assert resumed.run_dir == run.run_dir and resumed.good


def test_where_no_worker_is_there_it_is_said(cluster: Cluster, brand: Workspace) -> None:
    with pytest.raises(PlanError, match="no worker"):
        asked(cluster, brand, whole=0, patience=0.1).__enter__()


def test_where_no_scheduler_answers_it_is_said(brand: Workspace, tmp_path: Path) -> None:
    state = State(brand.path.parents[1], brand.path, ("en",))
    address = f"dask://127.0.0.1:{free_port()}"
    with pytest.raises(PlanError, match="no scheduler answers"), joined(address, [], state, workspace="x", connect=0.3):
        pass


@pytest.mark.parametrize("address", ["dask://", "dask://host", "dask://host:x", "tcp://host:1", "dask://host:1/a"])
def test_what_is_no_address_of_a_cluster_is_refused(address: str) -> None:
    with pytest.raises(ParameterError):
        scheduler_of(address)
