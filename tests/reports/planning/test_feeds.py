"""Feeds: what a plan imports, and what it misses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import ROOT
from pydantic import ValidationError
from reports.tiny import repository

from fanops_utils.data.warehouse import import_paths
from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.feeds import FRESH_DAYS, GIVEN_UP, Feed, Late, late_sources, take_in, told_of
from fanops_utils.reports.planning.plan import expand, read_plan, workspace_of
from fanops_utils.workspace import Workspace, init_workspace

MAPPING = """name: days
tables:
  account_daily:
    columns: {account_id: A, date_day: D, reach: R}
    constants: {platform: instagram}
"""
LAST = date(2026, 3, 4)


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    workspace = repository(tmp_path)
    workspace.raw.mkdir()
    (workspace.path / "mappings").mkdir()
    (workspace.path / "mappings" / "days.yml").write_text(MAPPING, encoding="utf-8")
    (workspace.raw / "days.csv").write_text(f"A,D,R\na,2026-03-01,5\na,{LAST},6\n", encoding="utf-8")
    return workspace


def test_a_path_may_stand_alone() -> None:
    assert Feed.model_validate("raw") == Feed(path="raw")
    assert Feed.model_validate({"from": "crm"}).database == "crm"


@pytest.mark.parametrize("given", [{}, {"path": "raw", "from": "crm"}, {"account": "a"}])
def test_a_feed_reads_exactly_one_thing(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Feed.model_validate(given)


def test_what_is_refused_keeps_nothing_else_out(brand: Workspace) -> None:
    (brand.raw / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    told = told_of(take_in([Feed(path="raw")], brand, on=LAST))
    assert (told["files"], told["rows"]) == (2, 2)
    assert [one["file"] for one in told["refused"]] == ["raw/odd.csv"]
    assert told_of(take_in([Feed(path="raw")], brand, on=LAST))["rows"] == 0, "what was read before changes nothing"


def test_a_path_that_is_not_there_is_refused_and_the_others_are_read(brand: Workspace) -> None:
    told = told_of(
        take_in([Feed(path="downloads"), Feed.model_validate({"from": "shop"}), Feed(path="raw")], brand, on=LAST)
    )
    assert [one["file"] for one in told["refused"]] == ["downloads", "shop"] and told["rows"] == 2


@pytest.mark.parametrize("cadence", FRESH_DAYS)
def test_a_source_is_late_between_its_rhythm_and_given_up(brand: Workspace, cadence: str) -> None:
    import_paths(brand, [brand.raw])
    late = [Late("account_daily", "instagram", LAST)]
    allowed = FRESH_DAYS[cadence]
    for days, expected in (
        (allowed, []),
        (allowed + 1, late),
        (allowed * GIVEN_UP, late),
        (allowed * GIVEN_UP + 1, []),
    ):
        assert late_sources(brand, on=LAST + timedelta(days=days), cadence=cadence) == expected, days
    assert late_sources(brand, on=LAST + timedelta(days=900), cadence="by hand") == []


def test_nothing_imported_is_not_late(brand: Workspace) -> None:
    assert late_sources(brand, on=LAST, cadence="daily") == []


@pytest.mark.parametrize("name", ["weekly", "monthly", "quarterly"])
def test_the_plans_of_a_new_brand_are_its_own_and_can_run(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data" / "mine"
    init_workspace(folder)
    path = folder / "plans" / f"{name}.yml"
    plan = read_plan(path)
    assert workspace_of(plan, path) == str(folder)
    assert plan.as_of == "today"
    assert [feed.path for feed in plan.feeds] == ["raw"]
    jobs = expand(plan, Workspace(folder), ROOT)
    assert {job.notebook.split("/")[0] for job in jobs} <= {
        "research",
        "monitoring",
        "playbooks",
        "experiments",
        "campaigns",
    }


def test_the_nearest_key_is_the_one_that_is_written(tmp_path: Path) -> None:
    path = tmp_path / "weekly.yml"
    path.write_text("name: weekly\nimports: [raw]\njobs: [{notebook: a}]\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="Did you mean 'import'"):
        read_plan(path)
