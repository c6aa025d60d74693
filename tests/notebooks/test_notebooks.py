"""The notebooks themselves: contract, execution on the simulated brand, and on a brand without any data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbclient import NotebookClient
from shared_kernels import kernels

from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.reports.planning.contract import breaches
from fanops_utils.reports.planning.plan import expand, find_notebooks, read_plan, single
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.text import read
from fanops_utils.workspace import Workspace, init_workspace, open_workspace

NOTEBOOKS = find_notebooks(ROOT)
MOST_BYTES = 600_000
# An experiment that names no winner, an audit and a checklist have nothing to draw.
UNDRAWN = {
    "experiments/experiment_readout", "monitoring/privacy_audit", "playbooks/crisis_response", "playbooks/partner_selection",
}  # fmt: skip
EXAMPLES = {
    "campaigns/campaign_league": {},
    "campaigns/campaign_plan": {"campaign": "example"},
    "campaigns/campaign_retrospective": {"campaign": "example"},
    "experiments/experiment_plan": {"experiment": "example"},
    "experiments/experiment_portfolio": {},
    "experiments/experiment_readout": {"experiment": "example"},
    "methods/validation": {"simulations": "200", "campaigns": "40"},
    "monitoring/crisis_watch": {"market": "US"},
    "monitoring/kpi_review": {"market": "US"},
    "monitoring/privacy_audit": {},
    "playbooks/content_calendar": {"market": "US"},
    "playbooks/community_operations": {"market": "US"},
    "playbooks/crisis_response": {"market": "US"},
    "playbooks/fan_lifecycle": {"market": "US"},
    "playbooks/launch_plan": {"market": "US"},
    "playbooks/partner_selection": {},
    "playbooks/team_operations": {},
    "research/audience_personas": {"market": "US"},
    "research/competitor_benchmark": {"market": "US"},
    "research/content_performance": {"market": "US"},
    "research/community_health": {"market": "US"},
    "research/growth_referral": {"market": "US"},
    "research/commercialisation": {"market": "US"},
    "research/market_analysis": {"market": "US"},
    "research/partner_scorecard": {},
}
SIMULATED = {"methods/validation"}  # they make their own data


def test_there_are_notebooks_and_each_has_an_example() -> None:
    assert set(EXAMPLES) == set(NOTEBOOKS)


FEWER = {
    "methods/validation": (
        ("] = 2000  # simulated", "] = 100  # simulated"),
        ("] = 200  # simulated", "] = 20  # simulated"),
    ),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_keeps_the_contract(name: str) -> None:
    assert breaches(NOTEBOOKS[name]) == []


# One of each folder and the largest; all of them by FANOPS_SLOW=1. The demo plan executes every notebook in any case.
QUICK = {
    "campaigns/campaign_retrospective", "experiments/experiment_readout", "methods/validation", "monitoring/crisis_watch",
    "playbooks/launch_plan", "research/audience_personas", "research/market_analysis",
}  # fmt: skip
AS_THEY_STAND = [name for name in NOTEBOOKS if name in QUICK or os.environ.get("FANOPS_SLOW")]


@pytest.mark.parametrize("name", AS_THEY_STAND)
def test_it_runs_as_it_stands(name: str, demo_root: Path, tmp_path: Path) -> None:
    """With its defaults, cell by cell, as in JupyterLab; what is simulated thousands of times, some hundred times."""
    path, source = NOTEBOOKS[name], NOTEBOOKS[name].read_text(encoding="utf-8")
    for usual, fewer in FEWER.get(name, ()):
        assert source.count(usual) == 1
        source, path = source.replace(usual, fewer), tmp_path / path.name
        path.write_text(source, encoding="utf-8")
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(path)],
        cwd=ROOT, env={**os.environ, "FANOPS_ROOT": str(demo_root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) >= 5, done.stdout[-2000:]


def test_the_notebook_to_start_from_shows_its_form(demo_root: Path) -> None:
    client = NotebookClient(nbformat.read(ROOT / "notebooks" / "start_here.ipynb", as_version=4), timeout=120)
    with patch.dict(os.environ, {"FANOPS_ROOT": str(demo_root)}):
        (shown,) = (output for cell in client.execute().cells for output in cell.get("outputs", []))
    assert "application/vnd.jupyter.widget-view+json" in shown["data"]


def of_notebook(demo_run: dict[str, Any], topic: str, name: str) -> dict[str, Any]:
    """Return the result of the report, not the plan, on the experiment or campaign *name*."""
    read = [job for job in demo_run["jobs"] if not job["notebook"].endswith("_plan")]
    (job,) = [job for job in read if job["parameters"].get(topic) == name]
    return job["result"]


def test_the_whole_demo_plan_succeeds(demo_run: dict[str, Any], demo: Workspace) -> None:
    planned = expand(read_plan(ROOT / "notebooks" / "plans" / "demo.yml"), demo, ROOT)
    assert [job["notebook"] for job in demo_run["jobs"]] == [job.notebook for job in planned]
    assert {job["notebook"] for job in demo_run["jobs"]} == set(NOTEBOOKS)
    assert {job["status"] for job in demo_run["jobs"]} == {"succeeded"}


def test_the_same_plan_again_executes_nothing(demo_run: dict[str, Any], demo: Workspace, demo_root: Path) -> None:
    """Also the read-outs that wrote down their look, and whatever reads the looks of others."""
    if Path(demo_run["run_dir"]).name[:8] != f"{datetime.now(UTC):%Y%m%d}":
        pytest.skip("midnight has passed: reports that tell the age of data are of their day")
    jobs = expand(read_plan(demo_root / "notebooks" / "plans" / "demo.yml"), demo, demo_root)
    spoken = demo.brand.languages
    again = run_jobs(jobs, demo, plan="demo", root=demo_root, reports=demo_root / "reports", languages=spoken)
    assert {one.job.slug for one in again.outcomes if one.status != "cached"} == set()


def test_a_run_leaves_the_registers_as_they_are(demo_run: dict[str, Any], demo_root: Path) -> None:
    registers = [path for path in (ROOT / "data" / "sample").rglob("*") if path.suffix in (".yml", ".csv", ".json")]
    kept = [path for path in registers if not {"raw", "warehouse", "truth.json"} & set(path.parts)]
    assert len(kept) > 30
    for path in kept:
        assert (demo_root / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name


def test_every_page_is_small_quiet_and_readable_without_pictures(demo_run: dict[str, Any]) -> None:
    for job in demo_run["jobs"]:
        page = Path(job["report"]).read_text(encoding="utf-8")
        assert len(page.encode()) < MOST_BYTES, job["report"]
        soup = BeautifulSoup(page, "html.parser")
        shown = soup.select_one("main").get_text(" ")
        for noise in ("Traceback", "Warning", "<Figure", "nan%", "stderr"):
            assert noise not in shown, f"{job['report']}: {noise}"
        charts = soup.select("figure.chart svg, figure.chart img")
        assert charts or job["notebook"] in UNDRAWN, job["report"]
        for chart in charts:
            assert len(chart.get("alt") or chart.get("aria-label") or "") > 10, job["report"]
        assert not soup.select("img:not([alt]), svg:not([aria-label]):not([aria-hidden])")


def test_every_page_says_what_its_result_says(demo_run: dict[str, Any]) -> None:
    for job in demo_run["jobs"]:
        soup = BeautifulSoup(Path(job["report"]).read_text(encoding="utf-8"), "html.parser")
        assert soup.select_one("h1").get_text() == str(read(job["result"]["headline"] or job["result"]["verdict"]))
        assert job["result"]["findings"]
        text = soup.select_one("main").get_text()
        titles = [str(read(finding["title"])) for finding in job["result"]["findings"]]
        assert [title for title in titles if title not in text] == [], job["report"]


def test_every_link_of_the_index_leads_somewhere(demo_run: dict[str, Any]) -> None:
    index = Path(demo_run["index"])
    soup = BeautifulSoup(index.read_text(encoding="utf-8"), "html.parser")
    links = {link["href"] for link in soup.select("main a") if not link["href"].startswith("#")}
    assert {link.partition("#")[0] for link in links} == {Path(job["report"]).name for job in demo_run["jobs"]}
    anchored = [link.split("#") for link in links if "#" in link]
    assert anchored
    for name, anchor in anchored:
        page = BeautifulSoup((index.parent / name).read_text(encoding="utf-8"), "html.parser")
        assert page.find(id=anchor), f"{name}#{anchor}"


def test_no_path_of_this_machine_reaches_a_page(demo_run: dict[str, Any], demo_root: Path) -> None:
    for path in (Path(demo_run["index"]), *(Path(job["report"]) for job in demo_run["jobs"])):
        assert str(demo_root.parents[1]) not in path.read_text(encoding="utf-8"), path.name


def test_an_experiment_with_a_broken_split_names_no_winner(demo_run: dict[str, Any]) -> None:
    result = of_notebook(demo_run, "experiment", "badge_design")
    assert result["severity"] == "alert"
    assert result["trust"] == "FAIL"
    codes = {finding["id"]: finding["code"] for finding in result["findings"]}
    assert {codes[name] for name in ("soundness", "effect", "guardrails", "ruling")} == {"invalid"}
    assert {finding["estimate"] for finding in result["findings"]} == {None}
    assert {play["because"] for play in result["plays"]} == {"soundness"}
    welcome = of_notebook(demo_run, "experiment", "welcome_message")
    assert {finding["id"]: finding["code"] for finding in welcome["findings"]}["ruling"] == "ship"


def test_a_campaign_that_worked_is_told_from_one_that_did_not(demo_run: dict[str, Any]) -> None:
    def effect(name: str) -> str:
        findings = of_notebook(demo_run, "campaign", name)["findings"]
        return next(finding["code"] for finding in findings if finding["id"] == "effect")

    assert effect("spring_blend_br") == "worked"
    assert effect("autumn_push_de") == "no clear effect"
    assert effect("summer_giveaway_mx") == "hurt"


def test_the_league_ranks_more_campaigns_than_luck_needs(demo_run: dict[str, Any]) -> None:
    (league,) = [job["result"] for job in demo_run["jobs"] if job["notebook"] == "campaigns/campaign_league"]
    (ranking,) = [one for one in league["findings"] if one["id"] == "ranking"]
    assert ranking["n"] == 4
    assert ranking["ci_lower"] < 0.22 < ranking["ci_upper"], "the largest planted effect"


@pytest.fixture(scope="module")
def new_brand(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A repository with the real notebooks and a brand as `fanops init` writes it: registers, no data."""
    root = tmp_path_factory.mktemp("new")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    init_workspace(root / "data" / "mine")
    return open_workspace("mine", root=root)


def test_a_new_workspace_keeps_its_own_rules(new_brand: Workspace) -> None:
    new_brand.validate()
    for mapping in (new_brand.path / "mappings").glob("*.yml"):
        assert read_mapping(mapping).tables


def test_without_data_every_notebook_says_so(new_brand: Workspace, tmp_path: Path) -> None:
    root = new_brand.path.parents[1]
    asked = {name: given for name, given in EXAMPLES.items() if name not in SIMULATED}
    jobs = [job for name, given in asked.items() for job in single(name, given, new_brand, root)]
    run = run_jobs(jobs, new_brand, plan="empty", root=root, reports=tmp_path, workers=2, kernels=kernels())
    assert {one.job.notebook: (one.status, one.error) for one in run.outcomes} == dict.fromkeys(
        asked, ("no_data", None)
    )
    for one in run.outcomes:
        page = (run.run_dir / str(one.report)).read_text(encoding="utf-8")
        assert "no data" in BeautifulSoup(page, "html.parser").select_one("main").get_text().casefold()
