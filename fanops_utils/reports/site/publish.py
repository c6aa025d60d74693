"""A finished run made visible: its index, the pointer to the newest run, the overviews over plans and workspaces."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fanops_utils.reports.planning.names import METRICS, page_name
from fanops_utils.reports.reuse.archive import INDEX, MANIFEST, entries_of, runs_of
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.site.metrics_page import write_metrics
from fanops_utils.reports.site.pages import render_index, render_overview, render_pointer

LATEST = "latest"
KEPT = ".metrics"  # folder of a workspace's reports: pages that are the same for every run
DECIDE_ON = ("alert", "watch")
STRIP = 8  # runs
Run = dict[str, Any]


def publish(manifest: Mapping[str, Any], run_dir: Path, *, languages: Sequence[str] = ("en",)) -> Path:
    """Write every page around the reports of the run in *run_dir* in all *languages*, and return its index in the first.

    Beside the index: `latest/index.html` of the plan, which leads to the newest run, and `index.html` of the
    workspace and of all workspaces; in further languages `index.zh-Hans.html` and so on. Links are relative: the folder
    of reports can be moved, mounted or served. Call it after old runs are deleted. Raises OSError where a page cannot be
    written.
    """
    names = {language: page_name("index", language, tuple(languages)) for language in languages}
    for language in languages:
        _publish_in(language, names, manifest, run_dir)
    write_metrics(run_dir, kept=run_dir.parent.parent / KEPT, languages=languages)
    return run_dir / names[languages[0]]


def _publish_in(language: str, names: Mapping[str, str], manifest: Mapping[str, Any], run_dir: Path) -> None:
    plan, workspace, reports = run_dir.parent, run_dir.parent.parent, run_dir.parent.parent.parent
    counts = Counter(job.get("status") or "" for job in manifest.get("jobs", []))
    name = names[language]
    this = {"run_id": run_dir.name, "started": manifest.get("started"), "counts": counts, "current": True}
    before = [run for run in last_runs(plan, prefix="../", name=name) if run["run_id"] != run_dir.name]
    order = [run.name for run in runs_of(plan)]
    strip = sorted([this, *before], key=lambda run: order.index(run["run_id"]))
    metrics = page_name(METRICS, language, tuple(names))
    links = {"latest": f"../{LATEST}/{name}", "overview": f"../../{name}", "metrics": metrics}
    write_text(run_dir / name, render_index(manifest, language=language, pages=names, runs=strip, **links))
    (plan / LATEST).mkdir(exist_ok=True)
    newest = next(run for run in runs_of(plan) if (run / INDEX).is_file())
    there = name if (newest / name).is_file() else INDEX
    write_text(plan / LATEST / name, render_pointer(f"../{newest.name}/{there}", language=language))
    for folder in (workspace, reports):
        newest_ones = newest_runs(folder, reports=reports, name=name)
        write_text(folder / name, render_overview(newest_ones, language=language, pages=names))


def last_runs(plan: Path, *, prefix: str = "", name: str = INDEX) -> list[Run]:
    """Return the last runs in the folder of a *plan* that have an index, newest first; *prefix* leads to the folder.

    A run links to its page *name*, to its first index where it has none of that name (made in other languages).
    """
    whole = [run for run in runs_of(plan) if (run / INDEX).is_file()][:STRIP]
    return [
        {
            "run_id": run.name,
            "started": _manifest(run).get("started"),
            "counts": Counter(str(job.get("status")) for job in entries_of(run)),
            "href": f"{prefix}{run.name}/{name if (run / name).is_file() else INDEX}",
        }
        for run in whole
    ]


def newest_runs(folder: Path, *, reports: Path, name: str = INDEX) -> list[dict[str, Any]]:
    """Return the newest run of each plan under *folder*, all *reports* or one workspace, newest first."""
    plans = [one for one in sorted(folder.glob("*/*" if folder == reports else "*")) if one.is_dir()]
    found = [
        _newest(plan, prefix=f"{plan.relative_to(folder).as_posix()}/", name=name) for plan in plans if runs_of(plan)
    ]
    return sorted((one for one in found if one), key=lambda one: str(one["started"]), reverse=True)


def _newest(plan: Path, *, prefix: str, name: str) -> dict[str, Any] | None:
    runs = last_runs(plan, prefix=prefix, name=name)
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
