"""The index of a run: what needs a decision, what did not finish, then every report, as one searchable page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports import chrome, sanitise

DECIDE_ON = ("alert", "watch")
FOLD_AFTER = 12
TOPICS = ("research", "experiments", "campaigns", "monitoring", "playbooks")
SUBJECTS = ("experiment", "campaign")
ELSEWHERE = ("market", "workspace")
Job = dict[str, Any]


def render_index(manifest: dict[str, Any], *, language: str = "en") -> str:
    """Return the index page of the run that *manifest* describes; its links are relative to the page.

    Raises ParameterError for a language the page has no words for.
    """
    frame = chrome.frame(language, scripts=("page.js", "site.js"), styles=("page.css", "site.css"))
    run = sanitise.clean(manifest)
    words = frame["words"]
    jobs = [_job(job, started=str(run.get("started") or "")) for job in run.get("jobs", [])]
    finished = [job for job in jobs if not job["unfinished"]]
    environment = Environment(loader=FileSystemLoader(chrome.TEMPLATES / "fanops"), autoescape=True)
    page = environment.get_template("site.html.j2").render(
        frame=frame,
        run=run,
        started=str(run.get("started") or "")[:16].replace("T", " "),
        counts=Counter(job["status"] for job in jobs).most_common(),
        unfinished_names=chrome.UNFINISHED,
        digest=digest(jobs),
        fold=FOLD_AFTER,
        unfinished=[job for job in jobs if job["unfinished"]],
        groups=[
            (_topic(topic, words), [job for job in finished if job["topic"] == topic]) for topic in _topics(finished)
        ],
        markets=_options(job["market"] for job in jobs),
        topics=[(topic, _topic(topic, words)) for topic in _topics(jobs)],
        statuses=[(name, words.get(f"status_{name}", name)) for name, _ in _options(job["status"] for job in jobs)],
        severities=[(name, words[f"severity_{name}"]) for name in RANK],
    )
    return sanitise.tidy(page)


def digest(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Return what needs a decision, worst first: alerts and watches with their plays, then plays that stand alone."""
    items: list[dict[str, Any]] = []
    for job in jobs:
        findings = {finding["id"]: finding for finding in job["findings"]}
        asked = [finding for finding in findings.values() if finding["severity"] in DECIDE_ON]
        for finding in asked:
            answers = [play for play in job["plays"] if play["because"] == finding["id"]]
            items.append(_item(job, finding["title"], finding, answers))
        listed = {finding["id"] for finding in asked}
        for play in job["plays"]:
            if play["because"] not in listed:
                cause = findings.get(play["because"])
                items.append({**_item(job, play["action"], cause, [play]), "because": cause["title"] if cause else ""})
    return sorted(items, key=lambda item: RANK[item["severity"]])


def _item(job: Job, title: str, finding: dict[str, Any] | None, plays: list[dict[str, Any]]) -> dict[str, Any]:
    anchor = f"#finding-{sanitise.slug(finding['id'])}" if finding else ""
    return {
        **{name: job[name] for name in ("market", "topic", "status", "trust", "subject")},
        "report": job["title"],
        "title": title,
        "severity": _severity(finding["severity"] if finding else None) or "info",
        "href": job["href"] and job["href"] + anchor,
        "plays": plays,
        "because": None,
    }


def _job(job: Job, *, started: str) -> Job:
    parameters = job.get("parameters") or {}
    return {
        **{name: job.get(name) for name in ("market", "trust", "data_as_of")},
        **{name: job.get(name) or "" for name in ("status", "topic", "verdict", "error")},
        "title": job.get("title") or job.get("notebook") or "",
        "severity": _severity(job.get("severity")),
        "unfinished": job.get("status") in chrome.UNFINISHED,
        "href": sanitise.link(job["report"]) if job.get("report") else "",
        "findings": job.get("findings") or [],
        "plays": job.get("plays") or [],
        "subject": _subject(parameters),
        "chosen": ", ".join(f"{name} = {_text(value)}" for name, value in parameters.items()),
        "duration": chrome.duration(job["seconds"]) if job.get("seconds") is not None else "",
        "age": _age(job.get("data_as_of"), started),
    }


def _subject(parameters: dict[str, Any]) -> str:
    """Return what tells a report from others of its notebook, market apart: the register it is about, other choices."""
    chosen = {name: value for name, value in parameters.items() if name not in ELSEWHERE and value is not None}
    return ", ".join(_text(value) if name in SUBJECTS else f"{name} = {_text(value)}" for name, value in chosen.items())


def _text(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _severity(name: str | None) -> str | None:
    return name if name in RANK else None


def _age(data_as_of: str | None, started: str) -> int | None:
    """Return the days between the last day of data and the run; None where either is not a date."""
    try:
        return (date.fromisoformat(started[:10]) - date.fromisoformat(str(data_as_of)[:10])).days
    except ValueError:
        return None


def _topics(jobs: list[Job]) -> list[str]:
    found = {job["topic"] for job in jobs}
    return [topic for topic in TOPICS if topic in found] + sorted(found - set(TOPICS))


def _topic(name: str, words: dict[str, str]) -> str:
    return words.get(f"topic_{name}") or name or words["other_topic"]


def _options(values: Iterable[str | None]) -> list[tuple[str, str]]:
    return [(value, value) for value in sorted({value for value in values if value})]
