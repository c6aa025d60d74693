"""The markets of a run side by side: key numbers with their line of past values, else the estimates of its findings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports.page.changed import in_unit, range_in, unit_of
from fanops_utils.reports.page.chrome import sayable
from fanops_utils.reports.page.text import slug
from fanops_utils.reports.site.entries import Job
from fanops_utils.text import in_words, say

WIDEST = 24  # markets: more side by side nobody reads
WIDE, HIGH, EDGE = 88, 22, 2  # of a sparkline, in pixels


def across_markets(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return one table per notebook (and subject) of *jobs* that ran for two markets or more, in the order of the run.

    Each has `title`, `subject`, `topic`, `markets`, `names` and `rows`; a row is a key number, where the notebook has
    some (`metric`: its id in the catalogue, None for a number of its own), else a finding in one unit (estimates in
    different units are not comparable and get rows of their own); its `cells` are one per market, None where there is no
    number. A key number known in one
    market only is no comparison and is left out. Of very many markets the first are shown; `left_out` counts the others.
    """
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        if job["market"]:
            groups.setdefault((job["notebook"], str(job["subject"])), []).append(job)
    tables = [_table(group) for group in groups.values() if len({job["market"] for job in group}) > 1]
    return [table for table in tables if table["rows"]]


def _table(jobs: list[Job]) -> dict[str, Any]:
    everywhere = {job["market"]: job["market_name"] for job in jobs}
    markets = dict(list(everywhere.items())[:WIDEST])
    rows = _of_numbers(jobs, list(markets)) or _of_findings(jobs, list(markets))
    told = {name: jobs[0][name] for name in ("title", "subject", "topic")}
    return {**told, "markets": list(markets), "names": list(markets.values()), "rows": rows,
            "left_out": len(everywhere) - len(markets)}  # fmt: skip


def _of_numbers(jobs: list[Job], markets: Sequence[str]) -> list[dict[str, Any]]:
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    labels: dict[str, Any] = {}
    metrics: dict[str, str] = {}
    notes: dict[str, list[Any]] = {}
    for job in jobs:
        for number in job["key_numbers"]:
            name = str(number.get("id"))
            if number.get("metric"):
                metrics[name] = str(number["metric"])
            labels.setdefault(name, number.get("label") or in_words(name))
            notes.setdefault(name, []).append(number.get("note"))
            cells.setdefault(name, {})[job["market"]] = {
                "estimate": number.get("value") or "", "interval": _first_said(number.get("comparisons")), "severity": "",
                "title": "", "href": job["href"], "sort": None, "spark": sparkline(number.get("past") or []),
            }  # fmt: skip
    return [
        {
            "label": _noted(labels[name], notes[name]),
            "metric": metrics.get(name),
            "unit": None,
            "cells": [row.get(market) for market in markets],
        }
        for name, row in cells.items()
        if len(row) > 1
    ]


def _noted(label: Any, notes: Sequence[Any]) -> Any:
    """Return *label* with the note that stands under the number in every market, where it is the same: its platform, say."""
    same = notes[0] is not None and all(one == notes[0] for one in notes)
    return say("{label}, {note}", label=sayable(label), note=sayable(notes[0])) if same else label


def _first_said(comparisons: Any) -> Any:
    told = [one for one in comparisons if isinstance(one, dict)] if isinstance(comparisons, list) else []
    return told[0].get("said") if told else None


def _of_findings(jobs: list[Job], markets: Sequence[str]) -> list[dict[str, Any]]:
    cells: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for job in jobs:
        for finding in job["findings"]:
            if finding.get("estimate") is not None:
                key = finding["id"], json.dumps(finding.get("unit"), sort_keys=True)
                cells.setdefault(key, {})[job["market"]] = _cell(job, finding)
    return [
        {
            "label": _label(name, jobs),
            "metric": None,
            "unit": unit_of(json.loads(unit)),
            "cells": [row.get(m) for m in markets],
        }
        for (name, unit), row in cells.items()
    ]


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
    return named or in_words(name)


def _cell(job: Job, finding: Mapping[str, Any]) -> dict[str, Any]:
    unit = unit_of(finding.get("unit"))
    return {
        "estimate": in_unit(finding["estimate"], unit),
        "interval": range_in(finding.get("ci_lower"), finding.get("ci_upper"), unit),
        "sort": finding["estimate"],
        "severity": finding["severity"] if RANK[finding["severity"]] < RANK["good"] else "",
        "title": finding.get("title") or "",
        "href": job["href"] and f"{job['href']}#finding-{slug(finding['id'])}",
        "spark": None,
    }


def sparkline(past: Sequence[Any]) -> Markup | None:
    """Return the values *past*, oldest first, as a line without axes; a gap stays a gap. None without two in a row."""
    values = [float(one) if isinstance(one, int | float) and math.isfinite(one) else math.nan for one in past]
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step, spread = (WIDE - 2 * EDGE) / (len(values) - 1), (high - low) or 1.0
    strokes: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if math.isnan(value):
            strokes.append([])
            continue
        strokes[-1].append(f"{EDGE + place * step:.1f},{HIGH - EDGE - (value - low) / spread * (HIGH - 2 * EDGE):.1f}")
    lines = Markup("").join(
        Markup('<polyline points="{}"/>').format(" ".join(points)) for points in strokes if len(points) > 1
    )
    box = f"0 0 {WIDE} {HIGH}"
    return Markup('<svg class="spark" viewBox="{}" width="{}" height="{}" aria-hidden="true">{}</svg>').format(
        box, WIDE, HIGH, lines
    )
