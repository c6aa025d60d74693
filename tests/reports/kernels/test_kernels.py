"""Kernels: forked or ordinary they give the same, and whatever ends, nothing they started is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from conftest import ROOT
from reports.tiny import WELL, repository, source, write

from fanops_utils.reports.kernels import can_fork
from fanops_utils.reports.kernels import supply as supply_module
from fanops_utils.reports.kernels.preload import preload
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job, single
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.running.attempt import ANSI
from fanops_utils.reports.running.context import JobContext, Limits
from fanops_utils.reports.running.execute import execute_job
from fanops_utils.workspace import Workspace

linux = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")
PATIENCE = 20.0
BEAR = "import subprocess, pathlib\npid = subprocess.Popen(['sleep', '600']{options}).pid\npathlib.Path('pid').write_text(str(pid))"
SHARES = "import os, pyarrow\nprint(os.environ['OMP_NUM_THREADS'], os.environ['FANOPS_THREADS'], pyarrow.cpu_count())"
THREADED = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
LOAD = "from fanops_utils.reports.kernels.preload import preload; import sys; "
FRAME = """import pandas as pd
pd.set_option('display.width', 80)
frame = pd.DataFrame([[n * m for n in range(30)] for m in range(90)])
print(frame)
frame"""


def wait_for(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module", params=["forked", "ordinary"])
def supply(request: pytest.FixtureRequest) -> Iterator[KernelSupply]:
    if request.param == "forked" and not can_fork():
        pytest.skip("kernels are forked on Linux only")
    with KernelSupply(request.param, modules=()) as kernels:
        yield kernels


@pytest.fixture
def run(supply: KernelSupply, tmp_path: Path) -> Callable[..., Outcome]:
    """Execute a notebook of these cells in a kernel of the supply."""
    workspace = repository(tmp_path)
    run_dir = tmp_path / "run"
    run_dir.mkdir()

    def executed(*cells: str, slug: str = "a", **limits: Any) -> Outcome:
        path = write(tmp_path, f"research/{slug}", source(*cells))
        whole = Limits(**{"retries": 0, **limits})
        context = JobContext(tmp_path, run_dir, "run", "brand", ("en",), {}, supply, workspace.path, whole)
        return execute_job(Job(f"research/{slug}", path, {}, slug), context)

    return executed


def pid_in(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


def test_a_kernel_s_children_go_with_it(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run(
        BEAR.format(options=""),
        WELL,
    )
    assert outcome.status == "succeeded"
    wait_for(lambda: not alive(pid_in(tmp_path / "pid")))


@linux
def test_a_forked_kernel_s_children_in_sessions_of_their_own_go_too(tmp_path: Path) -> None:
    workspace = repository(tmp_path)
    start = BEAR.format(options=", start_new_session=True")
    path = write(tmp_path, "research/a", source(start, WELL))
    with KernelSupply("forked", modules=()) as kernels:
        context = JobContext(tmp_path, tmp_path, "run", "brand", ("en",), {}, kernels, workspace.path)
        assert execute_job(Job("research/a", path, {}, "a"), context).status == "succeeded"
        wait_for(lambda: not alive(pid_in(tmp_path / "pid")))


def test_a_notebook_that_kills_its_parent_harms_nobody_else(run: Callable[..., Outcome]) -> None:
    outcome = run("import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(60)", WELL)
    assert outcome.status == "kernel_died"
    assert run("1 + 1", WELL).status == "succeeded"


def test_random_numbers_are_the_job_s_own_and_the_same_each_time(run: Callable[..., Outcome], tmp_path: Path) -> None:
    draw = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    seeds = [run(draw, WELL, slug=slug).seed for slug in ("a", "a", "b")]
    assert seeds[0] == seeds[1] != seeds[2]
    texts = []
    for slug in ("a", "b"):
        notebook = nbformat.read(tmp_path / "run" / "executed" / f"{slug}.ipynb", as_version=4)
        texts.append(notebook.cells[3].outputs[0].text)
    assert texts[0] != texts[1]


def test_a_job_may_not_take_more_memory_than_it_is_given(run: Callable[..., Outcome]) -> None:
    outcome = run("held = bytearray(600_000_000)", WELL, memory_mb=300)
    assert (outcome.status, str(outcome.error)) == (
        "failed",
        "Cell 4 needed more memory than the 300 MB a job may take.",
    )
    assert run("held = bytearray(100_000_000)", WELL, memory_mb=300).status == "succeeded"


def test_an_error_of_ours_is_said_and_has_its_traceback(run: Callable[..., Outcome], tmp_path: Path) -> None:
    raising = "from fanops_utils.errors import DataError\nraise DataError('no such arm', value='B', choices=['A', 'C'])"
    assert str(run(raising, WELL).error) == "Cell 4 failed: no such arm: 'B'. Choose one of: A, C"
    shown = nbformat.read(tmp_path / "run" / "executed" / "a.ipynb", as_version=4).cells[3].outputs
    assert [output.output_type for output in shown] == ["display_data", "error"]
    traceback = ANSI.sub("", "".join(shown[1].traceback))
    assert shown[1].ename == "DataError" and "raise DataError(" in traceback and "application.py" not in traceback


def test_peak_memory_is_known(run: Callable[..., Outcome]) -> None:
    small, large = run("1", WELL).peak_memory, run("held = bytes(bytearray(200_000_000))", WELL).peak_memory
    assert small is not None and large is not None
    assert large - small > 150_000_000


def test_libraries_keep_to_their_share_of_the_cores(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run(
        "import os, pyarrow\nprint(os.environ['OMP_NUM_THREADS'], os.environ['FANOPS_THREADS'], pyarrow.cpu_count())",
        WELL,
    )
    assert outcome.status == "succeeded"
    notebook = nbformat.read(tmp_path / "run" / "executed" / "a.ipynb", as_version=4)
    assert notebook.cells[3].outputs[0].text.split() == ["1", "1", "1"]


@linux
def test_a_parent_that_was_killed_is_replaced(tmp_path: Path) -> None:
    workspace = repository(tmp_path)
    path = write(tmp_path, "research/a", source(WELL))
    with KernelSupply("forked", modules=()) as kernels:
        context = JobContext(tmp_path, tmp_path, "run", "brand", ("en",), {}, kernels, workspace.path)
        assert kernels.ready() and kernels.parent is not None
        first = kernels.parent.pid
        os.kill(first, signal.SIGKILL)
        kernels.parent.wait()
        assert execute_job(Job("research/a", path, {}, "a"), context).status == "succeeded"
        assert kernels.parent.pid != first
    assert not alive(first)


@linux
def test_where_a_library_starts_threads_kernels_are_ordinary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "threaded.py").write_text(THREADED, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with KernelSupply("auto", modules=["threaded"]) as kernels:
        assert not kernels.ready()
        assert (kernels.kind_used, kernels.why_ordinary) == ("ordinary", "a library started 1 threads on import")


def test_where_the_system_cannot_fork_kernels_are_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply_module, "can_fork", lambda: False)
    with KernelSupply("auto") as kernels:
        assert (kernels.ready(), kernels.kind_used) == (False, "ordinary")


def test_a_module_that_is_not_there_is_left_to_the_notebook() -> None:
    code = f"{LOAD}print(preload(['no_such_module']) or 'ready', 'no_such_module' in sys.modules)"
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "ready False"
    assert callable(preload)


def test_both_kinds_of_kernels_give_the_same_byte_for_byte(demo: Workspace, demo_root: Path, tmp_path: Path) -> None:
    """A notebook of the demo, with its tables, charts and numbers; and what pandas and matplotlib show by themselves."""
    write(tmp_path, "research/frame", source(FRAME, "import statistics\nstatistics.mean([1, 2])", WELL))
    (job,) = single("experiment_readout", {"experiment": "badge_design"}, demo, demo_root)
    shown = Job("research/frame", tmp_path / "notebooks" / "research" / "frame.ipynb", {}, "frame")
    told: dict[str, list[Any]] = {}
    for kind in ("forked", "ordinary"):
        folder = tmp_path / kind
        folder.mkdir()
        with KernelSupply(kind) as kernels:  # type: ignore[arg-type]
            context = JobContext(demo_root, folder, "run", "sample", ("en",), {}, kernels, demo.path)
            outcomes = [execute_job(one, context) for one in (job, shown)]
        assert [one.status for one in outcomes] == ["succeeded", "succeeded"]
        told[kind] = [json.dumps(outputs_of(folder / "executed" / f"{one.slug}.ipynb")) for one in (job, shown)]
    assert told["forked"] == told["ordinary"]
    assert len(told["forked"][0]) > 10_000


def outputs_of(path: Path) -> list[Any]:
    cells = nbformat.read(path, as_version=4).cells
    return [[cell.get("execution_count"), cell.get("outputs")] for cell in cells]


RUN = """
import sys
from pathlib import Path
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.reports.planning.plan import single
from fanops_utils.workspace import Workspace
root = Path(sys.argv[1])
workspace = Workspace(root / "data" / "brand")
run_jobs(single("a", {}, workspace, root), workspace, plan="a", root=root, reports=root / "reports", kernels=sys.argv[2])
"""
HANG = """import os, subprocess, pathlib, time
child = subprocess.Popen(['sleep', '600'])
pathlib.Path('pids.tmp').write_text(f'{os.getpid()} {os.getppid()} {child.pid}')
pathlib.Path('pids.tmp').rename('pids')
time.sleep(600)"""


@pytest.mark.parametrize("kind", ["forked", "ordinary"])
def test_when_a_run_is_killed_nothing_of_it_survives(tmp_path: Path, kind: str) -> None:
    repository(tmp_path)
    write(tmp_path, "research/a", source(HANG, WELL))
    started = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path), kind], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for((tmp_path / "pids").exists, seconds=60)
        pids = [int(one) for one in (tmp_path / "pids").read_text(encoding="ascii").split()]
        family = psutil.Process(started.pid).children(recursive=True)
        assert {one.pid for one in family} >= set(pids)
    finally:
        started.kill()
        started.wait()
    wait_for(lambda: not any(alive(one.pid) for one in family))
