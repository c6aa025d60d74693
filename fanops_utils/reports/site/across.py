"""The key results of a run side by side: for each notebook that ran for several markets, one table of estimates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports.page.changed import in_unit, range_in, unit_of
from fanops_utils.reports.page.text import slug
from fanops_utils.reports.site.entries import Job


def across_markets(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return one table per notebook (and subject) of *jobs* that ran for two markets or more, in the order of the run.

    Each has `title`, `subject`, `topic`, `markets` and `rows`; a row is a finding in one unit (estimates in different
    units are not comparable and get rows of their own), its `cells` one per market, None where there is no estimate.
    """
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        if job["market"]:
            groups.setdefault((job["notebook"], str(job["subject"])), []).append(job)
    tables = [_table(group) for group in groups.values() if len({job["market"] for job in group}) > 1]
    return [table for table in tables if table["rows"]]


def _table(jobs: list[Job]) -> dict[str, Any]:
    markets = list(dict.fromkeys(job["market"] for job in jobs))
    cells: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for job in jobs:
        for finding in job["findings"]:
            if finding.get("estimate") is not None:
                key = finding["id"], json.dumps(finding.get("unit"), sort_keys=True)
                cells.setdefault(key, {})[job["market"]] = _cell(job, finding)
    rows = [
        {"label": _label(name, jobs), "unit": unit_of(json.loads(unit)), "cells": [row.get(m) for m in markets]}
        for (name, unit), row in cells.items()
    ]
    return {**{name: jobs[0][name] for name in ("title", "subject", "topic")}, "markets": markets, "rows": rows}


def _label(name: str, jobs: list[Job]) -> Any:
    """Return what a row is called: the question of its section, where the report names one."""
    named = next(
        (
            finding.get("label")
            for job in jobs
            for finding in job["findings"]
            if finding["id"] == name and finding.get("label")
        ),
        None,
    )
    return named or name.replace("_", " ")


def _cell(job: Job, finding: dict[str, Any]) -> dict[str, Any]:
    unit = unit_of(finding.get("unit"))
    return {
        "estimate": in_unit(finding["estimate"], unit),
        "interval": range_in(finding.get("ci_lower"), finding.get("ci_upper"), unit),
        "sort": finding["estimate"],
        "severity": finding["severity"] if RANK[finding["severity"]] < RANK["good"] else "",
        "title": finding.get("title") or "",
        "href": job["href"] and f"{job['href']}#finding-{slug(finding['id'])}",
    }
