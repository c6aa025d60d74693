"""Parts of a run, made apart and merged: nothing lost, nothing taken that was not made from the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reports.tiny import conclude, repository, showing, source, write

from fanops_utils.errors import FanopsError, ParameterError, PlanError
from fanops_utils.playbook import Finding, Result
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job, Plan, PlanJob, expand
from fanops_utils.reports.reuse import history
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.running.closing import Run
from fanops_utils.reports.running.making import How
from fanops_utils.reports.running.merge import Parts, folders_of, merge_parts, read_parts
from fanops_utils.reports.running.part import FILE, Part, part_of, run_part
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.text import read, say
from fanops_utils.workspace import Workspace

NAMES = ("one", "two", "three")


def finding(estimate: float) -> Finding:
    return Finding(id="growth", title=say("Growth"), text=say("Some."), estimate=estimate)


@pytest.fixture(scope="module")
def supply() -> Iterator[KernelSupply]:
    with KernelSupply("auto") as kernels:
        yield kernels


@pytest.fixture(scope="module")
def machine(supply: KernelSupply, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine on which both parts of a run were made: its repository, and its reports."""
    folder = tmp_path_factory.mktemp("machine")
    brand = repository(folder / "repository")
    for place, name in enumerate(NAMES):
        telling(brand, name, float(place))
    for place in (1, 2):
        assert made(brand, folder / "reports", f"{place}/2", supply).good
    return folder


@pytest.fixture
def brand(machine: Path, tmp_path: Path) -> Workspace:
    """The same repository in another place."""
    shutil.copytree(machine / "repository", tmp_path / "repository")
    return Workspace(tmp_path / "repository" / "data" / "brand")


@pytest.fixture
def reports(machine: Path, tmp_path: Path) -> Path:
    """The parts of the machine, copied."""
    shutil.copytree(machine / "reports", tmp_path / "reports")
    return tmp_path / "reports"


def telling(brand: Workspace, name: str, estimate: float) -> None:
    """Write the notebook *name*, which tells an estimate."""
    told = finding(estimate)
    cells = showing(told), conclude(Result(say("It is so."), findings=(told,), data_as_of=date(2026, 5, 1)))
    write(brand.path.parents[1], f"research/{name}", source(*cells, title=f"Is {name} so?"))


def jobs_of(brand: Workspace, *names: str) -> list[Job]:
    jobs = tuple(PlanJob(notebook=f"research/{name}") for name in names or NAMES)
    return expand(Plan(name="weekly", workspace="brand", jobs=jobs), brand, brand.path.parents[1])


def made(brand: Workspace, reports: Path, shard: str, kernels: KernelSupply, jobs: list[Job] | None = None) -> Run:
    return run_part(
        jobs or jobs_of(brand), brand, part=part_of(shard, "nightly"), plan="weekly", root=brand.path.parents[1],
        reports=reports, how=How(kernels=kernels),
    )  # fmt: skip


def ran(brand: Workspace, reports: Path, kernels: KernelSupply, **options: Any) -> Run:
    return run_jobs(
        jobs_of(brand), brand, plan="weekly", root=brand.path.parents[1], reports=reports, kernels=kernels, **options
    )


def part(reports: Path, name: str) -> Path:
    return reports / "brand" / "weekly" / "parts" / "nightly" / name


def parts_of(brand: Workspace, reports: Path, *folders: Path) -> Parts:
    there = folders_of(reports / "brand" / "weekly", "nightly", folders)
    state = State(brand.path.parents[1], brand.path, ("en",))
    return read_parts(there, jobs_of(brand), state, plan="weekly", run_id="nightly")


def merged(brand: Workspace, reports: Path, *folders: Path) -> Run:
    state = State(brand.path.parents[1], brand.path, ("en",))
    parts = parts_of(brand, reports, *folders)
    return merge_parts(
        jobs_of(brand), brand, parts=parts, plan="weekly", run_id="nightly", state=state, reports=reports
    )


def manifest(run: Run) -> dict[str, Any]:
    return json.loads((run.run_dir / "manifest.json").read_text(encoding="utf-8"))


def test_every_job_is_of_one_part_and_neighbours_are_of_several(brand: Workspace) -> None:
    jobs = jobs_of(brand)
    dealt = [[job.notebook[9:] for job in Part(place, 2, "x").jobs(jobs)] for place in (1, 2)]
    assert dealt == [["one", "three"], ["two"]]
    assert Part(7, 7, "x").jobs(jobs) == []


@pytest.mark.parametrize(
    ("shard", "run_id"),
    [("0/2", "x"), ("3/2", "x"), ("2", "x"), ("a/b", "x"), ("1/2", None), ("1/2", "../x"), ("1/2", "")],
)
def test_what_calls_no_part_is_refused(shard: str, run_id: str | None) -> None:
    with pytest.raises(ParameterError):
        part_of(shard, run_id)


def test_parts_of_several_machines_merge_into_the_run_that_one_machine_makes(
    brand: Workspace, reports: Path, tmp_path: Path, supply: KernelSupply
) -> None:
    whole = ran(brand, tmp_path / "alone", supply)
    shutil.move(part(reports, "2-of-2"), tmp_path / "elsewhere")
    run = merged(brand, tmp_path / "home", reports, tmp_path / "elsewhere")
    assert run.good and run.index.is_file()
    alone, together = manifest(whole), manifest(run)
    same = ("slug", "status", "findings", "report", "parameters")
    for one, other in zip(alone["jobs"], together["jobs"], strict=True):
        assert {name: one[name] for name in same} == {name: other[name] for name in same}
        assert (run.run_dir / other["report"]).is_file() and (run.run_dir / other["result"]).is_file()
    assert sorted(one["part"] for one in together["merged"]["parts"]) == ["1-of-2", "elsewhere"]
    assert [line["run_id"] for line in history.read(run.run_dir.parent)] == [run.run_id] * len(NAMES)


def test_reports_before_come_along_and_are_taken_over(brand: Workspace, tmp_path: Path, supply: KernelSupply) -> None:
    ran(brand, tmp_path / "home", supply)
    shutil.copytree(tmp_path / "home", tmp_path / "machine")
    telling(brand, "one", 9.0)
    one = made(brand, tmp_path / "machine", "1/1", supply)
    assert [told.status for told in one.outcomes] == ["succeeded", "cached", "cached"]
    run = merged(brand, tmp_path / "home", tmp_path / "machine")
    changed = manifest(run)["jobs"][0]["changes"]
    assert run.good and [(told["was"], told["now"]) for told in changed] == [(0.0, 9.0)]


def test_a_missing_part_is_named_and_its_jobs_can_be_made_afterwards(
    brand: Workspace, reports: Path, supply: KernelSupply
) -> None:
    shutil.rmtree(part(reports, "2-of-2"))
    assert parts_of(brand, reports).missing == ["2-of-2"]
    run = merged(brand, reports)
    assert [one.status for one in run.outcomes] == ["succeeded", "skipped", "succeeded"]
    assert "2-of-2" in str(read(manifest(run)["jobs"][1]["error"]))
    assert part(reports, "1-of-2").is_dir(), "what is there stays until the run is whole"
    resumed = ran(brand, reports, supply, resume=True)
    assert resumed.run_id == run.run_id and resumed.good
    assert [one.attempts for one in resumed.outcomes] == [1] * len(NAMES)


def test_a_whole_run_leaves_no_parts(brand: Workspace, reports: Path) -> None:
    run = merged(brand, reports)
    assert run.good and not part(reports, "1-of-2").parent.exists()


def change_the_page(folder: Path) -> None:
    page = next(folder.glob("*.html"))
    page.write_text(page.read_text(encoding="utf-8") + "<!-- better -->", encoding="utf-8")


def change_what_it_says(folder: Path) -> None:
    told = json.loads((folder / FILE).read_text(encoding="utf-8"))
    told["jobs"][0]["severity"] = "good"
    (folder / FILE).write_text(json.dumps(told), encoding="utf-8")


def cut_it_short(folder: Path) -> None:
    (folder / FILE).write_text((folder / FILE).read_text(encoding="utf-8")[:200], encoding="utf-8")


def lose_the_notebook(folder: Path) -> None:
    next((folder / "executed").glob("*.ipynb")).unlink()


@pytest.mark.parametrize("damage", [change_the_page, change_what_it_says, cut_it_short, lose_the_notebook])
def test_a_part_that_was_changed_is_refused_by_name(brand: Workspace, reports: Path, damage: Any) -> None:
    damage(part(reports, "2-of-2"))
    assert list(parts_of(brand, reports).refused) == ["2-of-2"]
    run = merged(brand, reports)
    assert not run.good and [one.status for one in run.outcomes] == ["succeeded", "skipped", "succeeded"]
    assert list(manifest(run)["merged"]["refused"]) == ["2-of-2"]


def another_register(brand: Workspace) -> None:
    register = brand.path / "campaigns" / "spring.yml"
    register.write_text(register.read_text(encoding="utf-8").replace("Lead", "Somebody"), encoding="utf-8")


def another_table(brand: Workspace) -> None:
    (brand.path / "warehouse").mkdir()
    told = {"tables": {"orders": {"file": "orders-abc.parquet", "rows": 1}}}
    (brand.path / "warehouse" / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def another_notebook(brand: Workspace) -> None:
    write(brand.path.parents[1], "research/three", source(conclude(Result(say("It is so."))), title="Is it?"))


@pytest.mark.parametrize(
    ("change", "kind"), [(another_register, "register"), (another_table, "table"), (another_notebook, "code")]
)
def test_a_part_made_from_something_else_is_refused(
    brand: Workspace, reports: Path, supply: KernelSupply, change: Any, kind: str
) -> None:
    change(brand)
    made(brand, reports, "2/2", supply)
    refused = parts_of(brand, reports).refused
    assert list(refused) == ["1-of-2"] and kind in refused["1-of-2"]


def test_a_part_judged_from_another_day_is_refused(brand: Workspace, reports: Path, supply: KernelSupply) -> None:
    made(brand, reports, "2/2", supply, [replace(job, on=date(2026, 3, 15)) for job in jobs_of(brand)])
    refused = parts_of(brand, reports).refused
    assert list(refused) == ["2-of-2"] and "2026-03-15" in refused["2-of-2"]


def test_a_part_started_again_on_another_day_makes_its_reports_for_that_day(
    brand: Workspace, tmp_path: Path, supply: KernelSupply
) -> None:
    days = [date(2026, 6, 30), date(2026, 3, 15)]
    for day in days:
        run = made(brand, tmp_path, "1/2", supply, [replace(job, on=day) for job in jobs_of(brand)])
        entries = json.loads((run.run_dir / FILE).read_text(encoding="utf-8"))["jobs"]
        assert {entry["on"] for entry in entries} == {day.isoformat()}


def test_a_part_of_another_plan_or_run_is_refused(brand: Workspace, tmp_path: Path, supply: KernelSupply) -> None:
    made(brand, tmp_path, "1/1", supply, jobs_of(brand, "one", "two"))
    with pytest.raises(PlanError, match="1-of-1: made from another plan: research/three"):
        parts_of(brand, tmp_path)
    state = State(brand.path.parents[1], brand.path, ("en",))
    there = folders_of(tmp_path / "brand" / "weekly", "nightly")
    with pytest.raises(PlanError, match="it is of weekly, nightly"):
        read_parts(there, jobs_of(brand), state, plan="weekly", run_id="other")


def test_parts_of_two_divisions_or_twice_the_same_are_refused(
    brand: Workspace, reports: Path, tmp_path: Path, supply: KernelSupply
) -> None:
    shutil.copytree(part(reports, "1-of-2"), tmp_path / "again" / "1-of-2")
    with pytest.raises(PlanError, match="is there twice"):
        parts_of(brand, reports, reports, tmp_path / "again")
    made(brand, tmp_path / "thirds", "2/3", supply)
    with pytest.raises(PlanError, match="different divisions"):
        parts_of(brand, reports, reports, tmp_path / "thirds")
    with pytest.raises(FanopsError, match="no part"):
        folders_of(tmp_path / "nowhere", "nightly")


def test_a_part_goes_on_where_it_was_left_and_every_attempt_is_told(
    brand: Workspace, tmp_path: Path, supply: KernelSupply
) -> None:
    waiting = source(
        "import pathlib\nassert pathlib.Path('there').exists()", conclude(Result(say("It is so."))), title="Is it?"
    )
    write(brand.path.parents[1], "research/three", waiting)
    first = made(brand, tmp_path, "1/2", supply)
    assert [one.status for one in first.outcomes] == ["succeeded", "failed"]
    (brand.path.parents[1] / "there").touch()
    again = made(brand, tmp_path, "1/2", supply)
    assert again.outcomes[0].seconds == first.outcomes[0].seconds, "what stood is not made again"
    told = json.loads((again.run_dir / FILE).read_text(encoding="utf-8"))
    assert [one["statuses"] for one in told["attempts"]] == [{"failed": 1, "succeeded": 1}, {"succeeded": 2}]
    run = merged(brand, tmp_path)
    assert [len(one["attempts"]) for one in manifest(run)["merged"]["parts"]] == [2]
