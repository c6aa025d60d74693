"""The manifest of a run: what is needed to make its reports again, and what each of them said."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse.history import plain
from fanops_utils.text import Sayable, Written, said, term
from fanops_utils.workspace import Workspace

VERSIONS = ("fanops", "pandas", "numpy", "scipy", "statsmodels", "duckdb", "papermill", "nbconvert")


def provenance(root: Path) -> dict[str, Any]:
    """Return what made a report: git commit (a message as JSON holds it), versions of Python and of libraries that count."""
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    return {"code": commit(root).to_json(), "python": platform.python_version(), **versions}


def commit(root: Path) -> Sayable:
    """Return the commit of the repository at *root*, and whether files differ from it."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(root), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603

    try:
        at = git("rev-parse", "--short=12", "HEAD")
        changed = bool(git("status", "--porcelain"))
        return term("{commit} with local changes", "state of the code", commit=at) if changed else Written(at)
    except (OSError, subprocess.CalledProcessError):
        return term("not under version control", "state of the code")


def manifest_of(
    outcomes: Sequence[Outcome], workspace: Workspace, *, plan: str, run_id: str, started: datetime,
    made_by: Mapping[str, str], **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the manifest of a run as JSON-ready values; *more* is how it was executed.

    `status` is succeeded where every report is good, stopped where jobs were cancelled, failed otherwise. A report of
    which a section failed is good; its entry names the section under `failed_sections`.
    """
    good, stopped = all(one.good for one in outcomes), any(one.status == "cancelled" for one in outcomes)
    return {
        "schema_version": 2, "run_id": run_id, "workspace": workspace.name, "brand": workspace.brand.name, "plan": plan,
        "status": "succeeded" if good else "stopped" if stopped else "failed",
        "started": started.isoformat(timespec="seconds"), "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "provenance": dict(made_by), **more, "jobs": [entry_of(one) for one in outcomes],
    }  # fmt: skip


def entry_of(outcome: Outcome) -> dict[str, Any]:
    """Return what the manifest says of one job."""
    concluded = outcome.conclusion or {}
    parameters = plain({k: v for k, v in outcome.job.parameters.items() if k != "workspace"})
    return {
        "notebook": outcome.job.notebook, "slug": outcome.job.slug,
        "title": outcome.title.to_json() if outcome.title else outcome.job.notebook,
        "topic": outcome.topic or outcome.job.notebook.split("/")[0], "parameters": parameters,
        "failed_sections": list(outcome.failed_sections),
        "market": concluded.get("market") or parameters.get("market"), "status": outcome.status, "seconds": outcome.seconds,
        "report": outcome.report, "pages": outcome.pages, "files": list(outcome.files),
        "result": outcome.result,
        "error": outcome.error.to_json() if outcome.error else "", "note": outcome.note,
        "verdict": concluded.get("verdict", ""), "severity": concluded.get("severity"), "trust": concluded.get("trust"),
        "data_as_of": concluded.get("data_as_of"), "findings": concluded.get("findings", []), "plays": concluded.get("plays", []),
        "checks": [check for check in concluded.get("checks", []) if check.get("status") != "PASS"],
        "key_numbers": concluded.get("key_numbers", []),
        "changes": list(outcome.changes), "cached_from": outcome.cached_from, "attempts": outcome.attempts,
        "started": outcome.started.isoformat(timespec="seconds") if outcome.started else None,
        "on": judged.isoformat() if (judged := outcome.on or outcome.job.on) else None,
        "peak_memory": outcome.peak_memory, "seed": outcome.seed, "inputs": outcome.inputs,
    }  # fmt: skip


def outcome_of(job: Job, entry: Mapping[str, Any], run: Path, **changes: Any) -> Outcome:
    """Return the outcome that *entry* of the run in the folder *run* tells of; raise OSError, ValueError without it."""
    result = entry.get("result")
    conclusion = json.loads((run / result).read_text(encoding="utf-8")) if result else None
    told = {
        "seconds": entry.get("seconds", 0.0), "error": said(entry.get("error")), "report": entry.get("report"),
        "title": said(entry.get("title")), "topic": entry.get("topic", ""), "pages": dict(entry.get("pages") or {}),
        "files": tuple(entry.get("files") or ()),
        "attempts": entry.get("attempts", 0), "peak_memory": entry.get("peak_memory"),
        "started": datetime.fromisoformat(entry["started"]) if entry.get("started") else None, "seed": entry.get("seed"),
        "inputs": entry.get("inputs"), "changes": tuple(entry.get("changes") or ()), "note": entry.get("note", ""),
        "cached_from": entry.get("cached_from"), "status": entry["status"],
        "on": date.fromisoformat(entry["on"]) if entry.get("on") else None,
    }  # fmt: skip
    return Outcome(job, result=result, conclusion=conclusion, **{**told, **changes})
