"""The jobs of a manifest as index and digest need them: cleaned, every field there, words instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fanops_utils.playbook.findings import RANK
from fanops_utils.playbook.topics import TOPICS
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import clean, link, short_paths
from fanops_utils.text import Seconds

SUBJECTS = ("experiment", "campaign")
ELSEWHERE = ("market", "workspace")
MEGABYTE = 1_000_000
Job = dict[str, Any]


def entries(manifest: Mapping[str, Any], language: str = "en") -> list[Job]:
    """Return the jobs of *manifest*, nothing in them trusted, missing fields filled, with links to pages in *language*.

    What is said (title, verdict, findings, plays, error) stays as JSON holds it: the page says it in its language.
    """
    started = str(manifest.get("started") or "")
    return [
        _entry(job, started=started, language=language)
        for job in clean(manifest.get("jobs") or [])
        if isinstance(job, dict)
    ]


def topics(jobs: Iterable[Job]) -> list[str]:
    """Return the topics of *jobs*, declared ones in the order in which they are read, others after them."""
    found = {job["topic"] for job in jobs}
    return [topic for topic in TOPICS if topic in found] + sorted(found - TOPICS.keys())


def known_severity(name: object) -> str | None:
    """Return *name* where it is a severity, else None."""
    return str(name) if name in RANK else None


def _entry(job: Job, *, started: str, language: str) -> Job:
    parameters = job.get("parameters") or {}
    # What an unchanged report said was new is not new any more, and it took neither time nor memory.
    fresh = job.get("status") != "cached"
    changes = [change for change in job.get("changes") or [] if fresh and isinstance(change, dict)]
    return {
        **{name: job.get(name) for name in ("market", "trust", "data_as_of")},
        **{name: job.get(name) or "" for name in ("status", "topic", "verdict", "notebook", "cached_from")},
        "error": _short(job.get("error") or ""),
        "title": job.get("title") or job.get("notebook") or "",
        "severity": known_severity(job.get("severity")),
        "unfinished": job.get("status") in chrome.UNFINISHED,
        "href": _href(job, language),
        "findings": [_finding(finding) for finding in job.get("findings") or []],
        "plays": job.get("plays") or [],
        "new": {change.get("id") for change in changes if change.get("kind") == "new"},
        "subject": _subject(parameters),
        "chosen": ", ".join(f"{name} = {_text(value)}" for name, value in parameters.items()),
        "duration": Seconds(job["seconds"]) if fresh and job.get("seconds") is not None else None,
        "memory": _memory(job.get("peak_memory")) if fresh else "",
        "age": _age(job.get("data_as_of"), started),
    }


def _href(job: Job, language: str) -> str:
    """Return the link to the job's page in *language*, to the first one where it has none in it; empty without a page."""
    pages = job.get("pages")
    name = pages.get(language) if isinstance(pages, dict) else None
    return link(name or job["report"]) if name or job.get("report") else ""


def _short(told: Any) -> Any:
    """Return an error, a text or a message as JSON holds it, without the paths of this machine."""
    if isinstance(told, dict):
        return {name: _short(item) for name, item in told.items()}
    if isinstance(told, list):
        return [_short(item) for item in told]
    return short_paths(told) if isinstance(told, str) else told


def _finding(finding: dict[str, Any]) -> dict[str, Any]:
    return {**finding, "severity": known_severity(finding.get("severity")) or "info"}


def _subject(parameters: dict[str, Any]) -> str:
    """Return what tells a report from others of its notebook, market apart: the register it is about, other choices."""
    chosen = {name: value for name, value in parameters.items() if name not in ELSEWHERE and value is not None}
    return ", ".join(_text(value) if name in SUBJECTS else f"{name} = {_text(value)}" for name, value in chosen.items())


def _text(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _memory(size: object) -> str:
    return f"{size / MEGABYTE:,.0f} MB" if isinstance(size, int | float) and size >= MEGABYTE else ""


def _age(data_as_of: str | None, started: str) -> int | None:
    """Return the days between the last day of data and the run; None where either is not a date."""
    try:
        return (date.fromisoformat(started[:10]) - date.fromisoformat(str(data_as_of)[:10])).days
    except ValueError:
        return None
