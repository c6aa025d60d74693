"""Plans: a matrix becomes jobs, or nothing runs at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import ROOT
from reports.tiny import repository, source, write

from fanops_utils.errors import FanopsError, ParameterError, PlanError, WorkspaceError
from fanops_utils.reports.planning.plan import Job, expand, find_notebook, find_notebooks, read_plan, single
from fanops_utils.workspace import Workspace, open_workspace

PARAMETERS = """from datetime import date

workspace: str = "brand"
market: str = "US"
start: date | None = None
note: str | None = None
"""


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    workspace = repository(tmp_path)
    write(tmp_path, "research/market", source("1", parameters=PARAMETERS))
    write(tmp_path, "experiments/readout", source("1", parameters='experiment: str = "badge"'))
    write(tmp_path, "campaigns/retro", source("1", parameters='campaign: str = "spring"'))
    return workspace


def jobs(brand: Workspace, text: str) -> list[Job]:
    """Return the jobs of a plan called weekly with the lines *text* under its jobs."""
    root = brand.path.parents[1]
    path = root / "notebooks" / "plans" / "weekly.yml"
    path.write_text(f"name: weekly\nworkspace: brand\njobs:\n{text}", encoding="utf-8")
    return expand(read_plan(path), brand, root)


def test_a_matrix_is_multiplied_out_in_order(brand: Workspace) -> None:
    found = jobs(
        brand, "  - notebook: research/market\n    matrix: {market: [US, DE], start: [2026-01-01, 2026-02-01]}\n"
    )
    assert [(job.parameters["market"], job.parameters["start"]) for job in found] == [
        ("US", date(2026, 1, 1)), ("US", date(2026, 2, 1)), ("DE", date(2026, 1, 1)), ("DE", date(2026, 2, 1)),
    ]  # fmt: skip
    assert [job.slug for job in found] == [
        "market-US-2026_01_01", "market-US-2026_02_01", "market-DE-2026_01_01", "market-DE-2026_02_01",
    ]  # fmt: skip


def test_all_means_what_the_workspace_has(brand: Workspace) -> None:
    found = jobs(
        brand,
        "  - {notebook: research/market, matrix: {market: all}}\n"
        "  - {notebook: campaigns/retro, matrix: {campaign: all}}\n"
        "  - {notebook: experiments/readout, matrix: {experiment: all}}\n",
    )
    assert [job.slug for job in found] == ["market-US", "market-DE", "retro-autumn", "retro-spring", "readout-badge"]


def test_all_of_nothing_makes_no_job_but_a_plan_needs_one(brand: Workspace) -> None:
    for register in (brand.path / "campaigns").iterdir():
        register.unlink()
    retro = "  - {notebook: campaigns/retro, matrix: {campaign: all}}\n"
    assert [job.slug for job in jobs(brand, f"{retro}  - notebook: research/market\n")] == ["market"]
    with pytest.raises(PlanError, match="nothing to run in this workspace: 'weekly'"):
        jobs(brand, retro)


def test_parameters_go_to_every_job_typed_and_text_stays_text(brand: Workspace) -> None:
    text = "  - notebook: market\n    matrix: {market: all}\n    parameters: {note: NO, start: 2026-01-02}\n"
    found = jobs(brand, text)
    assert [job.parameters for job in found] == [
        {"workspace": "brand", "note": "NO", "start": date(2026, 1, 2), "market": market} for market in ("US", "DE")
    ]
    assert jobs(brand, text.replace("NO", "~"))[0].parameters["note"] is None
    assert jobs(brand, text.replace("NO", "007"))[0].parameters["note"] == "007"


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("{notebook: research/markt}", PlanError, "no such notebook: 'research/markt'. Did you mean 'research/market'"),
        ("{notebook: market, parameters: {strat: 2026-01-01}}", ParameterError, "Did you mean 'start'"),
        ("{notebook: market, parameters: {start: soon}}", ParameterError, "'soon' is not"),
        ("{notebook: market, matrix: {market: [US, UX]}}", ParameterError, "unknown market: 'UX'. Did you mean 'US'"),
        ("{notebook: market, matrix: {start: all}}", PlanError, "'all' is known for market, campaign and experiment"),
        ("{notebook: retro, matrix: {market: all}}", ParameterError, "no such parameter: 'market'"),
        ("{notebook: market, matrix: {market: [US, US]}}", PlanError, "the job stands twice"),
        ("{notebook: market, matrix: {market: []}}", PlanError, "the matrix of 'market' has no value"),
        ("{notebook: market, parameters: {workspace: other}}", ParameterError, "the workspace is that of the run"),
        ("{notebok: market}", WorkspaceError, "line 4: unknown key 'notebok'. Did you mean 'notebook'"),
    ],
)
def test_a_bad_plan_is_refused_as_a_whole(brand: Workspace, line: str, kind: type[FanopsError], said: str) -> None:
    with pytest.raises(kind) as refused:
        jobs(brand, f"  - {line}\n  - notebook: experiments/readout\n")
    assert said in str(refused.value)
    assert not (brand.path.parents[1] / "reports").exists()


def test_a_plan_without_jobs_or_with_an_odd_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.yml"
    for text in ("name: weekly\njobs: []\n", "name: ../up\njobs:\n  - notebook: a\n", "jobs:\n  - notebook: a\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(WorkspaceError):
            read_plan(path)


def test_slugs_are_unique_also_where_case_is_ignored(brand: Workspace) -> None:
    notes = ["a/b", "a b", "A_b", "市场", "x" * 300, "x" * 301]
    listed = ", ".join(f'"{note}"' for note in notes)
    found = jobs(brand, f"  - notebook: market\n    matrix: {{note: [{listed}]}}\n")
    slugs = [job.slug for job in found]
    assert slugs[:4] == ["market-a_b", "market-a_b-2", "market-A_b-3", "market-市场"]
    assert len({slug.casefold() for slug in slugs}) == len(notes)
    assert all(len(f".{slug}.result.json.4194304".encode()) < 255 and "/" not in slug for slug in slugs)


@pytest.mark.parametrize("name", ["research/market", "market", "notebooks/research/market.ipynb", "./research/market"])
def test_a_notebook_is_found_by_any_of_its_names(brand: Workspace, name: str) -> None:
    assert find_notebook(brand.path.parents[1], name)[0] == "research/market"


def test_a_notebook_is_found_by_its_path(brand: Workspace) -> None:
    root = brand.path.parents[1]
    assert find_notebook(root, str(root / "notebooks/research/market.ipynb"))[0] == "research/market"


@pytest.mark.parametrize("name", ["", ".", "..", "/", "research", "research/", "plans/weekly.yml"])
def test_what_is_no_notebook_is_refused(brand: Workspace, name: str) -> None:
    with pytest.raises(PlanError, match="no such notebook"):
        find_notebook(brand.path.parents[1], name)


def test_of_two_notebooks_with_one_name_the_topic_tells(brand: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "campaigns/market", source("1"))
    assert find_notebook(tmp_path, "campaigns/market")[0] == "campaigns/market"
    with pytest.raises(PlanError):
        find_notebook(tmp_path, "market")


def test_checkpoints_are_no_notebooks(brand: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "research/.ipynb_checkpoints/market-checkpoint", source("1"))
    assert list(find_notebooks(tmp_path)) == ["campaigns/retro", "experiments/readout", "research/market"]


def test_a_single_notebook_is_one_job(brand: Workspace, tmp_path: Path) -> None:
    (job,) = single("market", {"market": "DE", "note": "x y"}, brand, tmp_path)
    assert (job.notebook, job.slug) == ("research/market", "market-DE-x_y")
    assert job.parameters == {"workspace": "brand", "market": "DE", "note": "x y"}


def test_a_workspace_elsewhere_is_named_by_its_path(brand: Workspace, tmp_path: Path) -> None:
    elsewhere = Workspace(brand.path.rename(tmp_path / "elsewhere"))
    (job,) = single("market", {}, elsewhere, tmp_path)
    assert job.parameters == {"workspace": str(tmp_path / "elsewhere")}


MARKETS = "  - notebook: research/market\n    matrix: {market: [US, DE], note: [a, b]}\n"


def test_what_is_excluded_does_not_run_and_what_is_included_does(brand: Workspace) -> None:
    found = jobs(brand, f"{MARKETS}    exclude: [{{market: US, note: b}}]\n    include: [{{market: DE, note: c}}]\n")
    assert [job.slug for job in found] == ["market-US-a", "market-DE-a", "market-DE-b", "market-DE-c"]
    assert [job.slug for job in jobs(brand, f"{MARKETS}    exclude: [{{market: US}}]\n")] == [
        "market-DE-a",
        "market-DE-b",
    ]


def test_combinations_may_be_listed_without_a_matrix(brand: Workspace) -> None:
    found = jobs(brand, "  - {notebook: market, include: [{market: DE}, {market: US, note: x}]}\n")
    assert [job.slug for job in found] == ["market-DE", "market-US-x"]


def test_an_override_changes_some_jobs_only(brand: Workspace) -> None:
    text = (
        "    parameters: {start: 2026-01-01}\n    overrides: [{when: {market: DE}, parameters: {start: 2026-02-01}}]\n"
    )
    found = jobs(brand, MARKETS + text)
    assert {job.slug: job.parameters["start"].month for job in found} == {
        "market-US-a": 1, "market-US-b": 1, "market-DE-a": 2, "market-DE-b": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ["exclude: [{market: UX}]", "overrides: [{when: {market: FR}, parameters: {start: 2026-01-01}}]"]
)
def test_a_slip_in_an_exclusion_or_override_is_refused(brand: Workspace, line: str) -> None:
    with pytest.raises(PlanError, match="matches no combination"):
        jobs(brand, f"{MARKETS}    {line}\n")


def test_a_period_becomes_days_and_the_slug_stays(brand: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "research/dated", source("1", parameters=f"{PARAMETERS}end: date | None = None\n"))
    path = tmp_path / "notebooks" / "plans" / "weekly.yml"
    entry = "jobs:\n  - {notebook: dated, matrix: {market: all}, period: last_week, parameters: {note: today}}\n"
    path.write_text(f"name: weekly\nas_of: 2026-11-02\n{entry}", encoding="utf-8")
    found = expand(read_plan(path), brand, tmp_path)
    assert [job.slug for job in found] == ["dated-US", "dated-DE"]
    assert {(job.parameters["start"], job.parameters["end"]) for job in found} == {
        (date(2026, 10, 26), date(2026, 11, 1))
    }
    assert found[0].parameters["note"] == "today"  # a text, not a date
    path.write_text(f"name: weekly\n{entry}", encoding="utf-8")
    found = expand(read_plan(path), brand, tmp_path, now=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    # Monday in Berlin, Sunday still in the US: both are told of the week that is over in both.
    assert [job.parameters["end"] for job in found] == [date(2026, 11, 15)] * 2
    found = expand(read_plan(path), brand, tmp_path, now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    assert [job.parameters["end"] for job in found] == [date(2026, 11, 22)] * 2
    assert expand(read_plan(path), brand, tmp_path, as_of=date(2026, 1, 12))[0].parameters["end"] == date(2026, 1, 11)


def test_a_period_needs_start_and_end(brand: Workspace) -> None:
    with pytest.raises(PlanError, match="a period needs the parameter 'end': 'last_week'"):
        jobs(brand, "  - {notebook: market, period: last_week}\n")


def test_one_job_may_name_its_day_in_words(brand: Workspace, tmp_path: Path) -> None:
    (job,) = single("market", {"start": "yesterday"}, brand, tmp_path)
    assert isinstance(job.parameters["start"], date)
    assert job.slug == "market-yesterday"


def test_a_job_that_only_spells_out_a_default_stands_twice(brand: Workspace) -> None:
    with pytest.raises(PlanError, match="the job stands twice"):
        jobs(brand, "  - notebook: market\n  - {notebook: market, matrix: {market: [US]}}\n")


@pytest.mark.parametrize("name", ["demo", "weekly", "monthly", "quarterly"])
def test_the_shipped_plans_are_what_their_names_say(name: str) -> None:
    plan = read_plan(ROOT / "notebooks" / "plans" / f"{name}.yml")
    found = expand(plan, open_workspace(plan.workspace, root=ROOT), ROOT)
    assert (plan.name, plan.cadence) == (name, "by hand" if name == "demo" else name)
    assert plan.title and plan.owner
    assert len({job.slug for job in found}) == len(found)


def test_the_weekly_plan_looks_at_whole_weeks() -> None:
    found = expand(read_plan(ROOT / "notebooks/plans/weekly.yml"), open_workspace("sample", root=ROOT), ROOT)
    spans = {(job.parameters["start"], job.parameters["end"]) for job in found if "start" in job.parameters}
    assert spans == {(date(2026, 10, 5), date(2026, 11, 1))}
