"""A finished run made visible: its index, the pointer to the newest run, the overviews over plans and workspaces."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fanops_utils.reports.reuse.archive import MANIFEST, entries_of, runs_of
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.site.digest import DECIDE_ON
from fanops_utils.reports.site.pages import render_index, render_overview, render_pointer

INDEX, LATEST = "index.html", "latest"
STRIP = 8  # runs
Run = dict[str, Any]


def publish(manifest: Mapping[str, Any], run_dir: Path, *, language: str = "en") -> Path:
    """Write every page around the reports of the run in *run_dir*, and return its index.

    Beside the index: `latest/index.html` of the plan, which leads to the newest run, and `index.html` of the
    workspace and of all workspaces. Links are relative: the folder of reports can be moved, mounted or served. Call it
    after old runs are deleted. Raises OSError where a page cannot be written.
    """
    plan, workspace, reports = run_dir.parent, run_dir.parent.parent, run_dir.parent.parent.parent
    counts = Counter(job.get("status") or "" for job in manifest.get("jobs", []))
    this = {"run_id": run_dir.name, "started": manifest.get("started"), "counts": counts, "current": True}
    before = [run for run in last_runs(plan, prefix="../") if run["run_id"] != run_dir.name]
    strip = sorted([this, *before], key=lambda run: str(run["started"]), reverse=True)
    index = run_dir / INDEX
    links = {"latest": f"../{LATEST}/{INDEX}", "overview": f"../../{INDEX}"}
    write_text(index, render_index(manifest, language=language, runs=strip, **links))
    (plan / LATEST).mkdir(exist_ok=True)
    newest = next(run for run in runs_of(plan) if (run / INDEX).is_file())
    write_text(plan / LATEST / INDEX, render_pointer(f"../{newest.name}/{INDEX}", language=language))
    for folder in (workspace, reports):
        write_text(folder / INDEX, render_overview(newest_runs(folder, reports=reports), language=language))
    return index


def last_runs(plan: Path, *, prefix: str = "") -> list[Run]:
    """Return the last runs in the folder of a *plan* that have an index, newest first; *prefix* leads to the folder."""
    whole = [run for run in runs_of(plan) if (run / INDEX).is_file()][:STRIP]
    return [
        {
            "run_id": run.name,
            "started": _manifest(run).get("started"),
            "counts": Counter(str(job.get("status")) for job in entries_of(run)),
            "href": f"{prefix}{run.name}/{INDEX}",
        }
        for run in whole
    ]


def newest_runs(folder: Path, *, reports: Path) -> list[dict[str, Any]]:
    """Return the newest run of each plan under *folder*, all *reports* or one workspace, newest first."""
    plans = [one for one in sorted(folder.glob("*/*" if folder == reports else "*")) if one.is_dir()]
    found = [_newest(plan, prefix=f"{plan.relative_to(folder).as_posix()}/") for plan in plans if runs_of(plan)]
    return sorted((one for one in found if one), key=lambda one: str(one["started"]), reverse=True)


def _newest(plan: Path, *, prefix: str) -> dict[str, Any] | None:
    runs = last_runs(plan, prefix=prefix)
    if not runs:
        return None
    manifest = _manifest(plan / runs[0]["run_id"])
    said = Counter(one.get("severity") for job in manifest.get("jobs", []) for one in job.get("findings") or [])
    return {
        "workspace": plan.parent.name,
        "plan": plan.name,
        "brand": manifest.get("brand"),
        "started": manifest.get("started"),
        "severities": {level: said[level] for level in DECIDE_ON if said[level]},
        "href": runs[0]["href"],
        "runs": runs,
    }


def _manifest(run: Path) -> dict[str, Any]:
    try:
        found = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
