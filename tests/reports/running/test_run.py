"""A run: jobs side by side, one manifest, one index, nothing overwritten."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from reports.tiny import WELL, conclude, repository, showing, source, write

from fanops_utils.errors import PlanError
from fanops_utils.playbook import Finding, Play, Result
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job, Plan, PlanJob, expand
from fanops_utils.reports.reuse.history import plain
from fanops_utils.reports.reuse.manifest import provenance
from fanops_utils.reports.running.engine import JobClient
from fanops_utils.reports.running.run import Run, run_jobs
from fanops_utils.text import read, say
from fanops_utils.workspace import Workspace

LOST = Finding(
    id="lost", title=say("Followers were lost"), text=say("{n} fewer.", n=1240), severity="alert", estimate=1240.0,
)  # fmt: skip
ASK = Play(
    action=say("Ask why"), metric=say("Followers"), expected=say("back"), owner="Lead", review=date(2026, 12, 18), because="lost",
)  # fmt: skip
ALARM = Result(
    say("Followers were lost."), "alert", market="US", findings=(LOST,), data_as_of=date(2026, 11, 20), plays=(ASK,)
)
SHOW_LOST = showing(LOST)
MEET = """import pathlib, time
pathlib.Path(f"{market}.here").touch()
while not all(pathlib.Path(f"{code}.here").exists() for code in ("US", "DE")):
    time.sleep(0.05)
seen = market"""
SAY = """from IPython.display import display
from fanops_utils.playbook import Result
from fanops_utils.text import say
assert seen == market
display(Result(say("This is {market}.", market=market), market=market))"""


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("repository")
    workspace = repository(root)
    write(root, "research/good", source(SHOW_LOST, conclude(ALARM), title="Are followers lost?"))
    write(root, "research/broken", source("1 / 0", WELL, title="Is it broken?"))
    write(
        root,
        "research/empty",
        source(conclude(Result(say("There is no data."), status="no_data")), title="Is it empty?"),
    )
    write(root, "research/meeting", source(MEET, SAY, title="Who is this?"))
    return workspace


def planned(brand: Workspace, *jobs: PlanJob) -> list[Job]:
    return expand(Plan(name="weekly", workspace="brand", jobs=jobs), brand, brand.path.parents[1])


def executed(brand: Workspace, jobs: list[Job], reports: Path, **options: Any) -> Run:
    return run_jobs(jobs, brand, plan="weekly", root=brand.path.parents[1], reports=reports, **options)


@pytest.fixture(scope="module")
def mixed(brand: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[str]]:
    """A run of which one job fails, and the order in which its jobs were reported."""
    jobs = planned(brand, *(PlanJob(notebook=f"research/{name}") for name in ("broken", "good", "empty")))
    seen: list[str] = []
    run = executed(brand, jobs, tmp_path_factory.mktemp("reports"), progress=lambda one: seen.append(one.job.notebook))
    return run, seen


def manifest_of(run: Run) -> dict[str, Any]:
    return json.loads((run.run_dir / "manifest.json").read_text(encoding="utf-8"))


def test_one_broken_job_does_not_stop_the_others(mixed: tuple[Run, list[str]]) -> None:
    run, seen = mixed
    assert [one.status for one in run.outcomes] == ["failed", "succeeded", "no_data"]
    assert not run.good
    assert replace(run, outcomes=run.outcomes[1:]).good
    assert sorted(seen) == ["research/broken", "research/empty", "research/good"]


def test_the_manifest_tells_all_of_it(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    manifest = manifest_of(run)
    assert (manifest["run_id"], manifest["workspace"], manifest["plan"]) == (run.run_dir.name, "brand", "weekly")
    assert (manifest["status"], manifest["brand"]) == ("failed", "Demo Brand")
    assert manifest["started"] <= manifest["finished"]
    assert {"code", "python", "fanops", "pandas"} <= set(manifest["provenance"])
    jobs = {job["notebook"]: job for job in manifest["jobs"]}
    broken, good = jobs["research/broken"], jobs["research/good"]
    assert "ZeroDivisionError" in str(read(broken["error"]))
    assert (broken["result"], broken["verdict"], broken["findings"]) == (None, "", [])
    assert str(read(broken["title"])) == "Is it broken?"
    assert (good["topic"], good["market"], good["severity"]) == ("methods", "US", "alert")
    assert "workspace" not in good["parameters"]


def test_the_manifest_holds_what_is_needed_to_make_a_report_again(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    manifest = manifest_of(run)
    (good,) = [job for job in manifest["jobs"] if job["notebook"] == "research/good"]
    assert (manifest["workers"], manifest["languages"], manifest["resumed"], manifest["tables"]) == (
        2,
        ["en"],
        False,
        {},
    )
    assert manifest["schema_version"] == 2
    assert manifest["kernels"] in ("forked", "ordinary")
    assert good["peak_memory"] > 20_000_000 and good["attempts"] == 1 and isinstance(good["seed"], int)
    assert good["started"] >= manifest["started"]
    assert {"notebook", "parameters", "environment", "page", "code", "tables", "files", "folders"} <= set(
        good["inputs"]
    )
    state = json.loads((run.run_dir / "jobs" / "good.json").read_text(encoding="utf-8"))
    assert state == good


def test_the_history_gets_a_line_for_each_good_report(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    lines = [json.loads(one) for one in (run.run_dir.parent / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {(one["notebook"], one["status"]) for one in lines} == {
        ("research/good", "succeeded"),
        ("research/empty", "no_data"),
    }
    assert {one["run_id"] for one in lines} == {run.run_id}


def test_after_a_failure_the_rest_is_skipped_where_asked(brand: Workspace, tmp_path: Path) -> None:
    jobs = planned(brand, PlanJob(notebook="broken", matrix={"market": "all"}), PlanJob(notebook="good"))
    run = executed(brand, jobs, tmp_path, workers=1, fail_fast=True, kernels="ordinary")
    statuses = [one.status for one in run.outcomes]
    assert statuses[-1] == "skipped" and set(statuses[:-1]) <= {"failed", "skipped"} and not run.good
    told = str(read(manifest_of(run)["jobs"][-1]["error"]))
    assert told.startswith("Not begun: an earlier report failed")
    assert "skipped" in run.index.read_text(encoding="utf-8")


def test_what_takes_longest_begins_first_and_the_run_keeps_the_order_of_the_plan(
    brand: Workspace, tmp_path: Path
) -> None:
    begun: list[str] = []
    jobs = planned(brand, *(PlanJob(notebook=f"research/{name}") for name in ("good", "broken", "empty")))
    run = executed(
        brand, jobs, tmp_path, workers=1, fail_fast=True, expected={"good": 1.0, "empty": 9.0, "broken": 0.1},
        progress=lambda outcome: begun.append(outcome.job.slug),
    )  # fmt: skip
    assert begun == ["empty", "good", "broken"]
    assert [outcome.job.slug for outcome in run.outcomes] == ["good", "broken", "empty"]
    begun.clear()
    executed(
        brand, jobs, tmp_path, workers=1, fail_fast=True, force=True, expected={"good": 1.0, "broken": 0.1},
        progress=lambda outcome: begun.append(outcome.job.slug),
    )  # fmt: skip
    assert begun == ["empty", "good", "broken"], "what is not known may be long"


def test_old_runs_are_deleted_as_the_plan_says(brand: Workspace, tmp_path: Path) -> None:
    jobs = planned(brand, PlanJob(notebook="good"))
    runs = [executed(brand, jobs, tmp_path, keep=2).run_id for _ in range(4)]
    left = {one.parent.name for one in tmp_path.glob("brand/weekly/*/manifest.json")}
    assert left == set(runs[-2:])


def test_results_beside_the_reports_equal_the_manifest(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    compared = 0
    for job in manifest_of(run)["jobs"]:
        if job["result"]:
            result = json.loads((run.run_dir / job["result"]).read_text(encoding="utf-8"))
            for name in ("verdict", "severity", "trust", "data_as_of", "findings", "plays"):
                assert job[name] == result[name], name
            compared += 1
    assert compared == 2
    assert len(list(run.run_dir.glob("*.result.json"))) == 2


def test_the_index_leads_to_every_report_and_finding(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    soup = BeautifulSoup(run.index.read_text(encoding="utf-8"), "html.parser")
    links = {link["href"] for link in soup.select("main a") if not link["href"].startswith("#")}
    assert {link.partition("#")[0] for link in links} == {one.report for one in run.outcomes}
    for link in links:
        name, _, anchor = link.partition("#")
        page = BeautifulSoup((run.run_dir / name).read_text(encoding="utf-8"), "html.parser")
        assert page.select_one(".where a")["href"] == "index.html"
        assert not anchor or page.find(id=anchor), link
    assert "good.html#finding-lost" in links
    assert "Is it broken?" in soup.select_one("section.unfinished").get_text()


def test_one_execution_makes_a_page_in_each_language(brand: Workspace, tmp_path: Path) -> None:
    root = brand.path.parents[1]
    counting = "import pathlib\nwith pathlib.Path('executions').open('a') as file:\n    file.write('x')"
    write(root, "research/both", source(counting, SHOW_LOST, conclude(ALARM), title="Are followers lost?"))
    both = ("en", "zh-Hans")
    run = executed(brand, planned(brand, PlanJob(notebook="both")), tmp_path, languages=both)
    assert run.good and (root / "executions").read_text(encoding="utf-8") == "x"
    (outcome,) = run.outcomes
    assert outcome.pages == {"en": "both.html", "zh-Hans": "both.zh-Hans.html"} and outcome.report == "both.html"
    assert len(list((run.run_dir / "executed").glob("*.ipynb"))) == len(list(run.run_dir.glob("*.result.json"))) == 1
    pages = {
        code: BeautifulSoup((run.run_dir / name).read_text(encoding="utf-8"), "html.parser")
        for code, name in outcome.pages.items()
    }
    anchors = [sorted(element["id"] for element in page.select("[id]")) for page in pages.values()]
    assert anchors[0] == anchors[1] and "finding-lost" in anchors[0]
    names = {"en": "index.html", "zh-Hans": "index.zh-Hans.html"}
    for here, other in (both, both[::-1]):
        assert pages[here].html["lang"] == here
        (switch,) = pages[here].select("a.language")
        assert (switch["href"], switch["hreflang"]) == (outcome.pages[other], other)
        assert pages[here].select_one(".where a")["href"] == names[here]
        for folder in (run.run_dir, tmp_path / "brand", tmp_path):  # index of the run, overviews of workspace and all
            page = BeautifulSoup((folder / names[here]).read_text(encoding="utf-8"), "html.parser")
            assert page.html["lang"] == here
            assert [link["href"] for link in page.select("a.language")] == [names[other]]
        index = BeautifulSoup((run.run_dir / names[here]).read_text(encoding="utf-8"), "html.parser")
        assert index.select_one(".decision .answer a")["href"] == f"{outcome.pages[here]}#finding-lost"
    manifest = manifest_of(run)
    assert manifest["languages"] == list(both) and manifest["jobs"][0]["pages"] == outcome.pages


def test_the_index_says_an_error_of_ours_in_its_language(brand: Workspace, tmp_path: Path) -> None:
    raising = "from fanops_utils.errors import DataError\nfrom fanops_utils.text import say\nraise DataError(say('unknown market'))"
    write(brand.path.parents[1], "research/faulty", source(raising, WELL))
    run = executed(brand, planned(brand, PlanJob(notebook="faulty")), tmp_path, languages=("en", "zh-Hans"))
    for name, sentence in (("index.html", "unknown market"), ("index.zh-Hans.html", "未知的市场")):
        index = BeautifulSoup((run.run_dir / name).read_text(encoding="utf-8"), "html.parser")
        text = index.select_one("section.unfinished").get_text()
        assert sentence in text and "DataError" not in text


def test_what_json_prints(mixed: tuple[Run, list[str]]) -> None:
    run, _ = mixed
    told = json.loads(json.dumps(run.to_dict()))
    assert set(told) == {"run_id", "run_dir", "index", "jobs"}
    for job in told["jobs"]:
        assert list(job) == ["notebook", "parameters", "status", "seconds", "report", "result", "failed_sections"]
        assert Path(job["report"]).is_file()
        assert (job["result"] is not None) == (job["status"] != "failed")


def test_jobs_run_side_by_side_and_do_not_disturb_each_other(brand: Workspace, tmp_path: Path) -> None:
    jobs = planned(brand, PlanJob(notebook="meeting", matrix={"market": "all"}))
    run = executed(brand, jobs, tmp_path, workers=2)
    assert [(one.status, one.error) for one in run.outcomes] == [("succeeded", None)] * 2
    verdicts = [str(read(one.conclusion["verdict"])) for one in run.outcomes if one.conclusion]
    assert verdicts == ["This is US.", "This is DE."]


def test_no_more_kernels_start_at_a_time_than_execute_cells(
    brand: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, starting, most = threading.Lock(), 0, 0
    made, began = KernelSupply.manager, JobClient.papermill_execute_cells

    def counted(self: KernelSupply) -> Any:
        nonlocal starting, most
        with lock:
            starting += 1
            most = max(most, starting)
        return made(self)

    def ready(self: JobClient) -> None:
        nonlocal starting
        with lock:
            starting -= 1
        began(self)

    monkeypatch.setattr(KernelSupply, "manager", counted)
    monkeypatch.setattr(JobClient, "papermill_execute_cells", ready)
    jobs = [replace(job, slug=f"{job.slug}-{n}") for n in range(5) for job in planned(brand, PlanJob(notebook="good"))]
    assert executed(brand, jobs, tmp_path, workers=1).good
    assert most == 1


def test_a_job_that_kills_its_parent_takes_no_other_with_it(brand: Workspace, tmp_path: Path) -> None:
    write(
        brand.path.parents[1],
        "research/killer",
        source("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)", WELL),
    )
    run = executed(brand, planned(brand, PlanJob(notebook="killer"), PlanJob(notebook="good")), tmp_path)
    assert [one.status for one in run.outcomes] == ["kernel_died", "succeeded"]
    told = manifest_of(run)["jobs"][0]
    assert (told["attempts"], "ended unexpectedly" in str(read(told["error"]))) == (2, True)
    soup = BeautifulSoup(run.index.read_text(encoding="utf-8"), "html.parser")
    assert "ended unexpectedly" in soup.get_text()


def test_a_report_folder_that_cannot_be_written_is_refused(brand: Workspace, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(PlanError, match="the report folder cannot be written"):
        executed(brand, planned(brand, PlanJob(notebook="good")), blocked)


def test_a_folder_without_git_says_so(tmp_path: Path) -> None:
    assert str(read(provenance(tmp_path)["code"])) == "not under version control"


def test_dates_become_text() -> None:
    day = date(2026, 1, 2)
    assert plain({"start": day, "market": "US", "none": None}) == {
        "start": "2026-01-02",
        "market": "US",
        "none": None,
    }
