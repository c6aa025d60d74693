"""The jobs of a manifest as index and digest need them: cleaned, every field there, names instead of ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fanops_utils.playbook.findings import RANK
from fanops_utils.playbook.plays import play_id
from fanops_utils.playbook.topics import TOPICS
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import clean, link, short_paths
from fanops_utils.text import Listed, Sayable, Written, in_words

SUBJECTS = ("experiment", "campaign")
ELSEWHERE = ("market", "workspace", *SUBJECTS)
Job = dict[str, Any]
Taken = dict[str, dict[str, Any]]


def entries(manifest: Mapping[str, Any], language: str = "en") -> list[Job]:
    """Return the jobs of *manifest*, nothing in them trusted, missing fields filled, with links to pages in *language*.

    What is said (title, verdict, findings, plays, error) stays as JSON holds it: the page says it in its language.
    `subject` is what tells a report from others of its notebook, its market apart: names as *manifest* knows them;
    choices of parameters only where two reports would else be called the same.
    """
    started, names = str(manifest.get("started") or ""), clean(manifest.get("names") or {})
    taken = _taken(manifest)
    given = [clean(_needed(job)) for job in manifest.get("jobs") or [] if isinstance(job, dict)]
    alike = Counter(_called(job) for job in given)
    return [
        _entry(job, started=started, language=language, names=names, alone=alike[_called(job)] == 1, taken=taken)
        for job in given
    ]


def topics(jobs: Iterable[Job]) -> list[str]:
    """Return the topics of *jobs*, declared ones in the order in which they are read, others after them."""
    found = {job["topic"] for job in jobs}
    return [topic for topic in TOPICS if topic in found] + sorted(found - TOPICS.keys())


def known_severity(name: object) -> str | None:
    """Return *name* where it is a severity, else None."""
    return str(name) if name in RANK else None


def market_name(names: Mapping[str, Any], code: str | None) -> Any:
    """Return what a market is called, as JSON holds it; its code where *names* of a manifest do not know it."""
    known = names.get("market")
    return (known.get(code) if isinstance(known, dict) else None) or code or ""


def _entry(job: Job, *, started: str, language: str, names: Mapping[str, Any], alone: bool, taken: Taken) -> Job:
    parameters = _parameters(job)
    # What an unchanged report said was new is not new any more.
    changes = [
        change for change in job.get("changes") or [] if job.get("status") != "cached" and isinstance(change, dict)
    ]
    about = {**parameters, "market": parameters.get("market") or job.get("market")}
    plays = [play for play in job.get("plays") or [] if isinstance(play, dict)]
    return {
        **{name: job.get(name) for name in ("market", "trust", "data_as_of")},
        **{name: job.get(name) or "" for name in ("status", "topic", "verdict", "notebook", "cached_from")},
        "error": _short(job.get("error") or ""),
        "title": job.get("title") or job.get("notebook") or "",
        "severity": known_severity(job.get("severity")),
        "unfinished": job.get("status") in chrome.UNFINISHED,
        "href": _href(job, language),
        "findings": [_finding(finding) for finding in job.get("findings") or [] if isinstance(finding, dict)],
        "plays": [_play(job, about, play, taken) for play in plays],
        "checks": [check for check in job.get("checks") or [] if isinstance(check, dict)],
        "key_numbers": [one for one in job.get("key_numbers") or [] if isinstance(one, dict)],
        "failed_sections": [str(one) for one in job.get("failed_sections") or []],
        "new": {change.get("id") for change in changes if change.get("kind") == "new"},
        "market_name": market_name(names, job.get("market")),
        "subject": _subject(parameters, names, alone=alone),
        "age": _age(job.get("data_as_of"), started),
    }  # fmt: skip


def _taken(manifest: Mapping[str, Any]) -> Taken:
    """Return the newest decision on each play that *manifest* knows of."""
    told = [one for one in clean(manifest.get("decisions") or []) if isinstance(one, dict) and one.get("play")]
    return {str(one["play"]): one for one in sorted(told, key=lambda one: str(one.get("date")))}


def _play(job: Job, about: Mapping[str, object], play: dict[str, Any], taken: Taken) -> dict[str, Any]:
    """Return *play* with its id, and with `taken`, what was decided on it: None where nothing was."""
    because, code = (str(play.get(name) or "") for name in ("because", "code"))
    name = play_id(str(job.get("notebook") or ""), about, because, code)
    return {**play, "id": name, "code": code, "taken": taken.get(name)}


def _needed(job: Job) -> Job:
    """Return *job* without what it was made from, and without the readings and methods of its findings.

    They are the most of a manifest, and no part of an index.
    """
    findings = [
        {name: value for name, value in finding.items() if name not in ("text", "method")}
        for finding in job.get("findings") or []
        if isinstance(finding, dict)
    ]
    return {name: value for name, value in job.items() if name != "inputs"} | {"findings": findings}


def _parameters(job: Job) -> dict[str, Any]:
    given = job.get("parameters")
    return given if isinstance(given, dict) else {}


def _called(job: Job) -> tuple[str, ...]:
    parameters = _parameters(job)
    return str(job.get("notebook")), str(job.get("market")), *(str(parameters.get(name)) for name in SUBJECTS)


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
    return {
        **finding,
        "id": str(finding.get("id") or ""),
        "severity": known_severity(finding.get("severity")) or "info",
    }


def _subject(parameters: dict[str, Any], names: Mapping[str, Any], *, alone: bool) -> Sayable | None:
    told: list[Sayable] = []
    for name in SUBJECTS:
        if (value := parameters.get(name)) is not None:
            known = names.get(name)
            told.append(chrome.sayable((known.get(str(value)) if isinstance(known, dict) else None) or _text(value)))
    if not alone:
        chosen = {name: value for name, value in parameters.items() if name not in ELSEWHERE and value is not None}
        told += [Written(f"{in_words(name).text} = {_text(value)}") for name, value in chosen.items()]
    return told[0] if len(told) == 1 else Listed.of(told) if told else None


def _text(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _age(data_as_of: str | None, started: str) -> int | None:
    """Return the days between the last day of data and the run; None where either is not a date."""
    try:
        return (date.fromisoformat(started[:10]) - date.fromisoformat(str(data_as_of)[:10])).days
    except ValueError:
        return None
