"""Reuse: what would come out the same is not made again, and what changed re-runs exactly what depends on it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from conftest import ROOT
from reports.tiny import PARAMETERS, WELL, conclude, repository, source, write

from fanops_utils.data.warehouse import Store
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Result
from fanops_utils.playbook.handouts import Listing
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Plan, PlanJob, expand
from fanops_utils.reports.reuse import archive, fingerprint, reach
from fanops_utils.reports.running.run import Run, run_jobs
from fanops_utils.text import read, say
from fanops_utils.workspace import Workspace

MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
OPEN = "from fanops_utils.workspace import open_workspace\nws = open_workspace(workspace)\n"
NOTEBOOKS = {
    "plain": "1 + 1",
    "growth": "from fanops_utils import metrics\nmetrics.growth_rate",
    "brand": f"{OPEN}name = ws.brand.name",
    "campaign": f"{OPEN}name = ws.campaign('spring').name",
    "league": f"{OPEN}names = list(ws.campaigns)",
    "orders": f"{OPEN}from fanops_utils.data import warehouse\nlen(warehouse.Store(ws).read('orders'))",
    "fans": f"{OPEN}from fanops_utils.data import warehouse\nwarehouse.Store(ws).table('fans')",
}


@pytest.fixture(scope="module")
def supply() -> Iterator[KernelSupply]:
    with KernelSupply("auto") as kernels:
        yield kernels


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, for the fingerprints to be taken of."""
    copy = tmp_path / "code" / "fanops_utils"
    shutil.copytree(reach.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "sample"))
    monkeypatch.setattr(reach, "PACKAGE", copy)
    return copy


Again = Callable[..., dict[str, str]]


@pytest.fixture
def again(supply: KernelSupply, tmp_path: Path) -> Again:
    """Run the notebooks called so, and return the status of each."""
    workspace = repository(tmp_path)
    for name, cell in NOTEBOOKS.items():
        write(tmp_path, f"research/{name}", source(cell, WELL))

    def ran(*names: str, day: date | Literal["today"] = "today", **options: object) -> dict[str, str]:
        jobs_asked = tuple(PlanJob(notebook=name) for name in names)
        plan = Plan(name="weekly", workspace="brand", as_of=day, jobs=jobs_asked)
        jobs = expand(plan, Workspace(workspace.path), tmp_path)
        run: Run = run_jobs(
            jobs, workspace, plan="weekly", root=tmp_path, reports=tmp_path / "reports", kernels=supply, **options
        )  # type: ignore[arg-type]
        assert run.good and run.index.is_file()
        assert all((run.run_dir / str(one.report)).is_file() for one in run.outcomes)
        return {one.job.slug: one.status for one in run.outcomes}

    return ran


def executed(told: dict[str, str]) -> set[str]:
    return {name for name, status in told.items() if status != "cached"}


def edit(path: Path, text: str = "\n# another line\n") -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_only_what_depends_on_a_change_is_made_again(again: Again, code: Path, tmp_path: Path) -> None:
    names = tuple(NOTEBOOKS)
    brand = tmp_path / "data" / "brand"
    assert executed(again(*names)) == set(names)
    assert executed(again(*names)) == set()

    edit(code / "metrics" / "social" / "growth.py")  # a helper
    assert executed(again(*names)) == {"growth"}
    edit(code / "metrics" / "members" / "retention.py")  # a helper that nobody uses
    assert executed(again(*names)) == set()

    edit(brand / "campaigns" / "autumn.yml", "# said again\n")  # a register
    assert executed(again(*names)) == {"league"}
    edit(brand / "campaigns" / "spring.yml", "# said again\n")
    assert executed(again(*names)) == {"campaign", "league"}
    shutil.copy(brand / "campaigns" / "autumn.yml", brand / "campaigns" / "winter.yml")
    text = (brand / "campaigns" / "winter.yml").read_text(encoding="utf-8").replace("autumn", "winter")
    (brand / "campaigns" / "winter.yml").write_text(text, encoding="utf-8")  # a register more
    assert executed(again(*names)) == {"league"}

    orders = Store(Workspace(brand)).read("orders")  # data
    Store(Workspace(brand)).commit({"orders": pd.concat([orders, pd.DataFrame([{"order_id": "1"}])])})
    assert executed(again(*names)) == {"orders"}

    write(tmp_path, "research/plain", source("1 + 2", WELL))  # a cell
    assert executed(again(*names)) == {"plain"}
    assert executed(again(*names)) == set()
    assert executed(again(*names, force=True)) == set(names)


JUDGED = f"from datetime import date\n\n{PARAMETERS}\non: date | None = None  # the day to judge from"


def test_another_day_is_no_other_report_until_it_no_longer_holds(again: Again, tmp_path: Path) -> None:
    until = conclude(Result(say("It is fresh."), holds_until=date(2026, 11, 30)))
    write(tmp_path, "research/plain", source(until, parameters=JUDGED))
    write(tmp_path, "research/growth", source(WELL, parameters=JUDGED))
    days = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]
    told = [executed(again("plain", "growth", day=day)) for day in days]
    # held on the 23rd and the 30th; made anew once it is over, every time: the same data can say no more
    assert told == [{"plain", "growth"}, set(), set(), {"plain"}, {"plain"}]


def test_a_report_judged_from_a_later_day_does_not_stand_for_an_earlier_one(again: Again, tmp_path: Path) -> None:
    write(tmp_path, "research/plain", source(WELL, parameters=JUDGED))
    days = [date(2026, 12, 20), date(2027, 1, 5), date(2026, 12, 20), date(2026, 6, 20), date(2026, 12, 21)]
    assert [executed(again("plain", day=day)) for day in days] == [{"plain"}, set(), set(), {"plain"}, set()]


def test_the_order_and_the_number_of_languages_make_other_pages(again: Again, tmp_path: Path) -> None:
    languages = [("en", "zh-Hans"), ("zh-Hans", "en"), ("zh-Hans",), ("zh-Hans",), ("en",)]
    told = [executed(again("plain", languages=shown)) for shown in languages]
    assert told == [{"plain"}, {"plain"}, {"plain"}, set(), {"plain"}]
    newest = max((tmp_path / "reports" / "brand" / "weekly").glob("2*"))
    assert {page.name for page in newest.glob("plain*.html")} == {"plain.html"}


def test_the_day_handed_in_is_the_one_the_notebook_judges_from(again: Again, tmp_path: Path) -> None:
    cell = "assert on == date(2026, 11, 22)"
    write(tmp_path, "research/plain", source(cell, WELL, parameters=JUDGED))
    assert again("plain", day=date(2026, 11, 22)) == {"plain": "succeeded"}
    manifest = max((tmp_path / "reports" / "brand" / "weekly").glob("*/manifest.json"))
    (job,) = json.loads(manifest.read_text(encoding="utf-8"))["jobs"]
    assert "on" not in job["parameters"]


def test_a_language_more_makes_the_pages_anew(again: Again, tmp_path: Path) -> None:
    both = ("en", "zh-Hans")
    assert [executed(again("plain")), executed(again("plain"))] == [{"plain"}, set()]
    assert executed(again("plain", languages=both)) == {"plain"}
    assert executed(again("plain", languages=both)) == set()
    newest = max((tmp_path / "reports" / "brand" / "weekly").glob("2*"))
    assert {page.name for page in newest.glob("plain*.html")} == {"plain.html", "plain.zh-Hans.html"}


def test_another_language_environment_or_parameter_is_another_report(
    again: Again, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert executed(again("plain")) == {"plain"}
    assert executed(again("plain", languages=("zh-Hans",))) == {"plain"}
    assert executed(again("plain", languages=("zh-Hans",))) == set()
    (tmp_path / "requirements.lock").write_text("pandas==99\n", encoding="utf-8")
    assert executed(again("plain", languages=("zh-Hans",))) == {"plain"}
    monkeypatch.setattr(fingerprint.platform, "python_version", lambda: "4.0.0")
    assert executed(again("plain", languages=("zh-Hans",))) == {"plain"}


def test_a_report_that_asks_for_the_day_is_of_its_day(
    again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "research/plain", source("from datetime import date\ndate.today()", WELL))
    assert [executed(again("plain")), executed(again("plain"))] == [{"plain"}, set()]
    monkeypatch.setattr(fingerprint, "today", lambda: "2099-01-01")
    assert executed(again("plain")) == {"plain"}


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("text = open('data/brand/notes.txt').read()", "reads "),
        ("import pandas as pd\npd.read_csv('data/brand/notes.txt')", "notes.txt"),
        ("import os\nnames = os.listdir('data/brand')", "data/brand"),
        ("import subprocess\nsubprocess.run(['true'])", "program: true"),
        ("import socket\ntry:\n    socket.create_connection(('127.0.0.1', 1))\nexcept OSError:\n    pass", "network: 127.0.0.1"),
        ("import duckdb\nduckdb.sql('select 1')", "imports duckdb"),
    ],
)  # fmt: skip
def test_reading_past_the_helpers_makes_a_report_uncacheable_not_wrong(
    again: Again, tmp_path: Path, cell: str, why: str
) -> None:
    (tmp_path / "data" / "brand" / "notes.txt").write_text("a,b\n1,2\n", encoding="utf-8")
    write(tmp_path, "research/plain", source(cell, WELL))
    assert executed(again("plain")) == {"plain"}
    manifest = max((tmp_path / "reports" / "brand" / "weekly").glob("*/manifest.json"))
    (job,) = json.loads(manifest.read_text(encoding="utf-8"))["jobs"]
    assert why in " ".join(job["inputs"]["uncacheable"])
    assert executed(again("plain")) == {"plain"}


def test_reading_what_it_wrote_itself_is_no_data(again: Again, tmp_path: Path) -> None:
    cell = "import pathlib, tempfile\npath = pathlib.Path(tempfile.mkdtemp()) / 'x'\npath.write_text('1')\npath.read_text()"
    write(tmp_path, "research/plain", source(cell, WELL))
    assert [executed(again("plain")), executed(again("plain"))] == [{"plain"}, set()]


def test_a_report_that_failed_or_is_gone_is_made_again(again: Again, tmp_path: Path) -> None:
    again("plain")
    (page,) = (tmp_path / "reports").glob("brand/weekly/*/plain.html")
    page.unlink()
    assert executed(again("plain")) == {"plain"}


def test_files_beside_a_page_are_taken_along_and_one_that_is_gone_makes_it_anew(again: Again, tmp_path: Path) -> None:
    listing = Listing("watch_list", say("Members"), (say("Name"),), (("a",),), private=True)
    write(tmp_path, "research/plain", source(conclude(Result(say("So."), handouts=(listing,)))))
    plan = tmp_path / "reports" / "brand" / "weekly"
    assert executed(again("plain")) == {"plain"}
    assert executed(again("plain")) == set()
    old, new = sorted(path for path in plan.glob("*/plain.watch_list.csv"))
    assert new.read_bytes() == old.read_bytes() and stat.S_IMODE(new.stat().st_mode) == 0o600
    (entry,) = json.loads((new.parent / "manifest.json").read_text(encoding="utf-8"))["jobs"]
    assert (entry["status"], [one["file"] for one in entry["files"]]) == ("cached", ["plain.watch_list.csv"])
    new.unlink()
    assert executed(again("plain")) == {"plain"}


def test_a_reused_report_says_where_it_comes_from(again: Again, tmp_path: Path) -> None:
    again("plain")
    again("plain")
    again("plain")
    first, *others = sorted((tmp_path / "reports" / "brand" / "weekly").glob("*/manifest.json"))
    for path in others:
        (job,) = json.loads(path.read_text(encoding="utf-8"))["jobs"]
        assert (job["status"], job["cached_from"]) == ("cached", first.parent.name)
        assert str(read(job["verdict"])) == "All is well."


def test_an_unchanged_plan_executes_nothing_and_is_quick(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, "research/plain", source(WELL))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FANOPS_ROOT": str(tmp_path)}
    command = [sys.executable, "-c", MAIN, "run", "plain", "-w", "brand", "--json"]
    spent = []
    for _ in range(2):
        before = os.times()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        after = os.times()
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert [one["status"] for one in json.loads(done.stdout)["jobs"]] == ["cached"]
    assert spent[-1] < 1.5  # seconds of CPU: the clock on the wall also tells of others on the machine


def test_targets_are_measured_again_only_when_what_they_stand_by_changed(again: Again, tmp_path: Path) -> None:
    brand, asked, day = tmp_path / "data" / "brand", [], date(2026, 11, 2)
    target = "targets:\n  - {id: t, metric: reach, low: 0.2, markets: [US]}\n"
    (brand / "targets.yml").write_text(target, encoding="utf-8")

    def lookup(*question: object) -> Interval:
        asked.append(question)
        return Interval(0.1, 0.08, 0.12, 9)

    def measured() -> int:
        before = len(asked)
        again("plain", day=day, lookup=lookup)
        return len(asked) - before

    assert (measured(), measured()) == (1, 0)
    newest = archive.last_manifest(tmp_path / "reports" / "brand" / "weekly")
    assert [one["judged"] for one in newest["targets"]] == ["not_met"], "the one that measured nothing says the same"
    (brand / "targets.yml").write_text(target.replace("0.2", "0.05"), encoding="utf-8")
    assert (measured(), measured()) == (1, 0)
    Store(Workspace(brand)).commit({"orders": pd.DataFrame([{"order_id": "1"}])})
    assert (measured(), measured()) == (1, 0)
    state = fingerprint.State(tmp_path, brand, ("en",))
    assert state.standing(day) == state.standing(day) != state.standing(date(2026, 11, 3)), "another day, other days"
    assert state.standing(day, "told") != state.standing(day), "reports that say something else"


def test_a_report_that_was_changed_since_is_made_again_also_by_a_run_that_goes_on(again: Again, tmp_path: Path) -> None:
    again("plain", "brand")
    index, page = (next((tmp_path / "reports").glob(f"brand/weekly/2*/{name}.html")) for name in ("index", "plain"))
    index.unlink()  # as a kill on the last steps leaves it
    made = page.stat().st_mtime_ns
    assert again("plain", "brand", resume=True) == {"plain": "succeeded", "brand": "succeeded"}
    assert page.stat().st_mtime_ns == made and index.is_file()
    index.unlink()
    edit(page, "<p>tampered</p>")
    again("plain", "brand", resume=True)
    assert "tampered" not in page.read_text(encoding="utf-8")
    assert len((tmp_path / "reports" / "brand" / "weekly" / "history.jsonl").read_text().splitlines()) == 2
