"""Statuses: each of them provoked for real, and nothing left running behind any of them."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from reports.kernels.test_kernels import HANG, alive, wait_for
from reports.tiny import WELL, conclude, repository, source, write

from fanops_utils.playbook import Finding, Result
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.running.context import JobContext, Limits
from fanops_utils.reports.running.execute import execute_job
from fanops_utils.text import say

Execute = Callable[..., Outcome]
MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"


@pytest.fixture(scope="module")
def supply() -> Iterator[KernelSupply]:
    with KernelSupply("auto", modules=()) as kernels:
        yield kernels


@pytest.fixture
def run(supply: KernelSupply, tmp_path: Path) -> Execute:
    """Execute a notebook of these cells; afterwards no kernel of it is left."""
    workspace = repository(tmp_path)
    run_dir = tmp_path / "run"
    run_dir.mkdir()

    def executed(*cells: str, notebook: Path | None = None, **limits: Any) -> Outcome:
        path = notebook or write(tmp_path, "research/a", source(*cells))
        whole = Limits(**{"retries": 0, **limits})
        context = JobContext(tmp_path, run_dir, "run", "brand", ("en",), {}, supply, workspace.path, whole)
        outcome = execute_job(Job("research/a", path, {}, "a"), context)
        if supply.parent is not None:
            server = psutil.Process(supply.parent.pid)
            wait_for(lambda: not [one for one in server.children(recursive=True) if alive(one.pid)])
        return outcome

    return executed


def page(tmp_path: Path) -> str:
    return BeautifulSoup((tmp_path / "run" / "a.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")


def test_succeeded_and_no_data(run: Execute) -> None:
    assert run(WELL).status == "succeeded"
    assert run(conclude(Result(say("There is no data."), status="no_data"))).status == "no_data"


@pytest.mark.parametrize(
    "leave", ["import sys\nsys.exit(0)", "exit()", "quit()", "raise SystemExit(3)", "import sys\nsys.exit('no')"]
)
def test_a_cell_that_ends_the_notebook_truncates_it(run: Execute, tmp_path: Path, leave: str) -> None:
    outcome = run("print('this ran')", leave, "print('nev' + 'er')", WELL)
    assert (outcome.status, outcome.result) == ("truncated", None)
    assert "before its result" in str(outcome.error)
    assert "this ran" in page(tmp_path) and "never" not in page(tmp_path)


def test_leaving_after_the_result_is_no_fault(run: Execute) -> None:
    assert run(f"{WELL}\nexit()").status == "succeeded"


def test_a_notebook_without_its_result_is_truncated(run: Execute) -> None:
    assert run("1 + 1").status == "truncated"


@pytest.mark.parametrize(
    ("number", "said"), [(9, "out of memory, or killed"), (11, "by signal SIGSEGV"), (15, "by signal SIGTERM")]
)
def test_a_process_that_ends_is_told_with_its_cause(run: Execute, tmp_path: Path, number: int, said: str) -> None:
    outcome = run("print('this ran')", f"import os\nos.kill(os.getpid(), {number})\nimport time\ntime.sleep(30)", WELL)
    assert outcome.status == "kernel_died"
    assert said in str(outcome.error) or sys.platform != "linux"
    assert "this ran" in page(tmp_path)


def test_a_process_that_leaves_by_itself_died_too(run: Execute, caplog: pytest.LogCaptureFixture) -> None:
    outcome = run("import os\nos._exit(7)", WELL)
    gc.collect()  # when asyncio would complain of what was left waiting
    assert "Task was destroyed" not in caplog.text
    assert outcome.status == "kernel_died"
    assert "it left with code 7" in str(outcome.error) or sys.platform != "linux"


def test_out_of_memory(run: Execute, tmp_path: Path) -> None:
    outcome = run("held = []\nwhile True:\n    held.append(bytearray(10_000_000))", WELL, memory_mb=200)
    assert (outcome.status, str(outcome.error)) == (
        "failed",
        "Cell 4 needed more memory than the 200 MB a job may take.",
    )
    assert "200 MB" in page(tmp_path)


STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    time.sleep(1)"


@pytest.mark.parametrize("endless", ["while True:\n    pass", "import time\ntime.sleep(600)", STUBBORN])
def test_an_endless_cell_is_stopped(run: Execute, tmp_path: Path, endless: str) -> None:
    outcome = run("print('this ran')", endless, WELL, cell_seconds=0.5)
    assert (outcome.status, str(outcome.error)) == ("timed_out", "A cell ran longer than 0.5 seconds and was stopped.")
    assert outcome.seconds < 15
    assert "this ran" in page(tmp_path)


def test_a_job_has_its_own_time_limit(run: Execute) -> None:
    outcome = run(*["import time\ntime.sleep(0.3)"] * 20, WELL, cell_seconds=10, job_seconds=1)
    assert (outcome.status, str(outcome.error)) == (
        "timed_out",
        "The notebook ran longer than 1 seconds and was stopped.",
    )


def test_only_a_dead_kernel_and_a_lost_race_with_time_are_tried_again(run: Execute, tmp_path: Path) -> None:
    once = "import pathlib\nmark = pathlib.Path('mark')\nfirst = not mark.exists()\nmark.touch()"
    assert run(once, "import os\nif first:\n    os.kill(os.getpid(), 9)", WELL, retries=1).attempts == 2
    (tmp_path / "mark").unlink()
    outcome = run(once, "import time\nif first:\n    time.sleep(600)", WELL, retries=1, cell_seconds=1)
    assert (outcome.status, outcome.attempts) == ("succeeded", 2)
    (tmp_path / "mark").unlink()
    outcome = run(once, "if first:\n    1 / 0", WELL, retries=5)
    assert (outcome.status, outcome.attempts) == ("failed", 1)
    assert run("import os\nos.kill(os.getpid(), 9)", WELL, retries=2).attempts == 3


def test_a_hundred_megabytes_of_output_are_cut_and_the_page_says_so(run: Execute, tmp_path: Path) -> None:
    outcome = run("for _ in range(1000):\n    print('x' * 99_999)", "print('the next cell')", WELL)
    assert (outcome.status, outcome.note) == ("succeeded", "The output of 1 cell was cut.")
    assert (tmp_path / "run" / "executed" / "a.ipynb").stat().st_size < 1_000_000
    assert (tmp_path / "run" / "a.html").stat().st_size < 1_000_000
    assert "the next cell" in page(tmp_path)
    kept = (tmp_path / "run" / "executed" / "a.ipynb").read_text(encoding="utf-8")
    assert "the rest of what this cell printed is left out" in kept


def test_whatever_is_shown_before_it_the_result_is_whole(
    run: Execute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fanops_utils.reports.running.engine.MOST_OUTPUT", 20_000)
    show = "from IPython.display import HTML, display\nfor _ in range(5):\n    display(HTML('x' * 9_000))"
    long = Result(say("It is well."), findings=(Finding(id="a", title=say("{x}", x="y" * 30_000), text=say("z")),))
    outcome = run(show, conclude(long))
    assert (outcome.status, outcome.note) == ("succeeded", "The output of 1 cell was cut.")
    told = json.loads((tmp_path / "run" / str(outcome.result)).read_text(encoding="utf-8"))
    assert "y" * 30_000 in json.dumps(told)
    kept = (tmp_path / "run" / "executed" / "a.ipynb").read_text(encoding="utf-8")
    assert kept.count("x" * 9_000) == 2


def test_a_notebook_without_a_parameters_cell_fails(run: Execute, tmp_path: Path) -> None:
    outcome = run(notebook=write(tmp_path, "research/b", source(WELL, parameters=None)))
    assert (outcome.status, outcome.attempts) == ("failed", 1)
    assert "no cell is tagged 'parameters'" in str(outcome.error)


# --- the run as a whole -------------------------------------------------------------------------------------------


@pytest.fixture
def fanops(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    repository(tmp_path)
    write(tmp_path, "research/good", source(WELL, title="Is it good?"))
    write(tmp_path, "research/hang", source(HANG, WELL, title="Does it hang?"))
    write(tmp_path, "research/late", source(WELL, title="Is it late?"))
    plan = "name: weekly\nworkspace: brand\njobs:\n  - notebook: good\n  - notebook: hang\n  - notebook: late\n"
    (tmp_path / "notebooks" / "plans" / "weekly.yml").write_text(plan, encoding="utf-8")

    def called(*words: object, prefix: str = "", **options: Any) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name != "FANOPS_ROOT"}
        command = [sys.executable, "-c", prefix + MAIN, *map(str, words)]
        return subprocess.Popen(
            command, cwd=tmp_path, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, **options,
        )  # fmt: skip

    return called


def under_way(tmp_path: Path) -> bool:
    """Whether one job is done and another hangs."""
    return (tmp_path / "pids").exists() and bool(list((tmp_path / "reports").glob("brand/weekly/*/jobs/good.json")))


def manifest_in(tmp_path: Path) -> dict[str, Any]:
    (path,) = (tmp_path / "reports").glob("brand/weekly/*/manifest.json")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_says_so_and_leaves_nothing_running(
    fanops: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: int, code: int
) -> None:
    run = fanops("run", "notebooks/plans/weekly.yml", "--workers", 2)
    wait_for(lambda: under_way(tmp_path), seconds=60)
    family = psutil.Process(run.pid).children(recursive=True)
    assert {one.pid for one in family} >= {int(one) for one in (tmp_path / "pids").read_text(encoding="ascii").split()}
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == code, said
    assert "Traceback" not in said and "--resume" in said
    assert not [one for one in family if alive(one.pid)]
    manifest = manifest_in(tmp_path)
    statuses = {job["notebook"]: job["status"] for job in manifest["jobs"]}
    assert (statuses["research/good"], statuses["research/hang"]) == ("succeeded", "cancelled")
    assert manifest["status"] == "stopped"
    index = next((tmp_path / "reports").glob("brand/weekly/2*/index.html")).read_text(encoding="utf-8")
    assert "Does it hang?" in index or "research/hang" in index


def test_a_run_that_was_killed_goes_on_where_it_stopped(
    fanops: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    run = fanops("run", "notebooks/plans/weekly.yml", "--workers", 2)
    wait_for(lambda: under_way(tmp_path), seconds=60)
    run.kill()
    run.communicate()
    good = next((tmp_path / "reports").glob("brand/weekly/*/good.html"))
    made = good.stat().st_mtime_ns
    write(tmp_path, "research/hang", source(WELL, title="Does it hang?"))
    again = fanops("run", "notebooks/plans/weekly.yml", "--resume", "--json")
    told, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    manifest = manifest_in(tmp_path)
    assert [job["status"] for job in manifest["jobs"]] == ["succeeded"] * 3
    assert json.loads(told)["run_id"] == manifest["run_id"] == good.parent.name
    assert good.stat().st_mtime_ns == made
    assert manifest["resumed"] is True


@pytest.mark.parametrize("seed", range(40) if os.environ.get("FANOPS_SLOW") else range(1))
def test_a_run_killed_at_any_moment_is_whole_after_the_next_command(
    fanops: Callable[..., subprocess.Popen[str]], tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / "reports" / "brand" / "good"
    run = fanops("run", "good", "-w", "brand")
    wait_for(lambda: bool(list(folder.glob("2*"))) or run.poll() is not None, seconds=60)
    with suppress(subprocess.TimeoutExpired):
        run.wait(random.Random(seed).uniform(0, 3))
    run.kill()
    run.communicate()
    again = fanops("run", "good", "-w", "brand", "--resume")
    _, said = again.communicate(timeout=120)
    # The kill may have come before the run had a folder, or after its end.
    assert again.returncode == 0 or "there is no run to resume" in said or "nothing to resume" in said, said
    (made,) = folder.glob("2*")
    (job,) = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["jobs"]
    assert job["status"] == "succeeded"
    lines = [json.loads(one) for one in (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["run_id"], one["notebook"]) for one in lines] == [(made.name, "research/good")]
    assert (folder / "latest").exists()


def test_nothing_to_resume_is_refused(fanops: Callable[..., subprocess.Popen[str]]) -> None:
    run = fanops("run", "good", "-w", "brand", "--resume")
    _, said = run.communicate(timeout=60)
    assert (run.returncode, "there is no run to resume" in said) == (2, True)


def test_an_unwritable_folder_is_refused_before_anything_starts(
    fanops: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = fanops("run", "good", "-w", "brand", "--reports", "file")
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said.count("\n")) == (2, 1)
    assert "the report folder cannot be written" in said


def test_a_full_disk_is_told_before_anything_starts(
    fanops: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """A limit on the size of files is what a full disk is to the program: writing fails."""
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)); "
    full = f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {limit}"
    run = fanops("run", "good", "-w", "brand", prefix=full)
    _, said = run.communicate(timeout=60)
    assert (run.returncode, said.count("\n")) == (2, 1), said
    assert "the report folder cannot be written" in said
    assert not list((tmp_path / "reports").glob("brand/good/*/*"))
