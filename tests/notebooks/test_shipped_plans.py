"""The shipped plans have enough data for what they ask: no section is empty only because a plan looks at few weeks."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from shared_kernels import kernels

from fanops_utils.reports.planning.plan import Job, expand, read_plan, single
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace

PLANS = ("weekly", "monthly")
MARKETS = ("US", "MX", "BR", "DE", "FR", "JP") if os.environ.get("FANOPS_SLOW") else ("BR",)
CRISIS = date(2026, 3, 15)  # last day of the worst week in Germany


def results(jobs: list[Job], demo: Workspace, tmp_path: Path) -> list[dict[str, Any]]:
    root = demo.path.parents[1]
    run = run_jobs(jobs, demo, plan="plans", root=root, reports=tmp_path, workers=2, kernels=kernels())
    assert {(one.status, one.error) for one in run.outcomes} == {("succeeded", None)}
    done = {one.job: one.conclusion for one in run.outcomes}
    return [dict(done[job] or {}) for job in jobs]


def empty(result: dict[str, Any]) -> set[str]:
    return {one["id"] for one in result["findings"] if one["code"] == "no_data"}


def shortened(name: str, demo: Workspace) -> list[Job]:
    """Return the jobs of the plan *name* that look at fewer days than their notebook does by itself."""
    jobs = expand(read_plan(ROOT / "notebooks" / "plans" / f"{name}.yml"), demo, ROOT)
    return [job for job in jobs if {"start", "end"} & job.parameters.keys() and job.parameters.get("market") in MARKETS]


@pytest.mark.parametrize("name", PLANS)
def test_no_section_of_a_shipped_plan_lacks_what_more_weeks_would_bring(
    name: str, demo: Workspace, demo_run: dict[str, Any], tmp_path: Path
) -> None:
    jobs = shortened(name, demo)
    assert jobs, "the weekly and the monthly plan name a period"
    root = demo.path.parents[1]
    whole = {(job["notebook"], job["parameters"].get("market")): job["result"] for job in demo_run["jobs"]}
    for job, result in zip(jobs, results(jobs, demo, tmp_path), strict=True):
        market = str(job.parameters["market"])
        longer = whole.get((job.notebook, market))
        if longer is None:
            (longer,) = results(single(job.notebook, {"market": market}, demo, root), demo, tmp_path / market)
        assert empty(result) <= empty(longer), (job.notebook, market)


def test_seven_days_of_a_crisis_end_in_an_alert_that_names_its_topic(demo: Workspace, tmp_path: Path) -> None:
    given = {"market": "DE", "start": "2026-03-09", "end": CRISIS.isoformat()}
    (job,) = single("research/market_analysis", given, demo, demo.path.parents[1])
    (result,) = results([job], demo, tmp_path)
    (tone,) = [one for one in result["findings"] if one["id"] == "tone"]
    assert (tone["code"], tone["severity"], result["severity"]) == ("jumped", "alert", "alert")
    assert "packaging" in json.dumps(tone["title"])
    assert "tone" in {play["because"] for play in result["plays"]}
