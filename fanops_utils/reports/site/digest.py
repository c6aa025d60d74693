"""The digest of a run: what needs a decision over all reports, worst first; for the index and as plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanops_utils.playbook.findings import ICON, RANK
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import plain, slug
from fanops_utils.reports.site.entries import Job, entries

DECIDE_ON = ("alert", "watch")
TEXT_LINES, TEXT_WIDTH = 60, 200
MENTION = re.compile(r"@(?=\w)")
SCHEME = re.compile(r"(?<=\w)://|(?<=javascript):", re.IGNORECASE)
CONTROL_LINK = re.compile(r"<(?=[!@#/a-z])", re.IGNORECASE)


def digest(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Return what needs a decision, worst first, new before old: alerts and watches with their plays, then other plays.

    *jobs* are those of `entries`; each item links to its place on its report.
    """
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
    return sorted(items, key=lambda item: (RANK[item["severity"]], not item["new"]))


def _item(job: Job, title: str, finding: dict[str, Any] | None, plays: list[dict[str, Any]]) -> dict[str, Any]:
    anchor = f"#finding-{slug(finding['id'])}" if finding else ""
    return {
        **{name: job[name] for name in ("market", "topic", "status", "trust", "subject", "data_as_of")},
        "report": job["title"],
        "title": title,
        "severity": finding["severity"] if finding else "info",
        "new": finding is not None and finding["id"] in job["new"],
        "href": job["href"] and job["href"] + anchor,
        "plays": plays,
        "because": None,
    }


def as_text(manifest: Mapping[str, Any], *, language: str = "en") -> str:
    """Return the digest of the run that *manifest* describes as plain text of at most 60 lines, for a notification.

    Failed reports come first, then decisions, worst first, with their plays. Nothing in it addresses a channel, makes
    a link or starts a formula. Raises ParameterError for a language there are no words for.
    """
    words = chrome.words(language)
    jobs = entries(manifest)
    counts = Counter(job["status"] for job in jobs).most_common()
    said = ", ".join(f"{count} {words.get(f'status_{name}', name)}" for name, count in counts)
    head = [
        _line(" · ".join(str(manifest.get(name)) for name in ("brand", "plan", "run_id") if manifest.get(name))),
        _line(f"{words['reports']}: {said or 0}"),
    ]
    failed = [line for job in jobs if job["unfinished"] for line in _failure(job, words)]
    decisions = [line for item in digest(jobs) for line in _decision(item, words)]
    none = [] if decisions else [words["no_decisions"]]
    body = [
        *([] if not failed else ["", words["unfinished"], *failed]),
        *["", words["decisions"], *decisions, *none],
    ]
    return "\n".join(_cut([*head, *body], words))


def _failure(job: Job, words: Mapping[str, str]) -> list[str]:
    status = words.get(f"status_{job['status']}", job["status"])
    reason = job["error"] or words.get(f"error_{job['status']}", "")
    return [_line(f"✕ {status}: {_named(job['market'], job['title'], job['subject'])}: {reason}")]


def _decision(item: dict[str, Any], words: Mapping[str, str]) -> list[str]:
    mark = f"{ICON[item['severity']]} {words['severity_' + item['severity']]}"
    new = f" ({words['new']})" if item["new"] else ""
    doubt = f" [{words['trust']}: {words['trust_' + item['trust']]}]" if item["trust"] in ("FAIL", "REVIEW") else ""
    first = _line(f"{mark}{new}: {_named(item['market'], item['title'], item['subject'])}{doubt}")
    if item["because"] is not None:
        return [first]
    plays = item["plays"]
    return [first, *(_line(f"  → {play['action']} ({play['owner']}, {play['review']})") for play in plays)]


def _named(market: str | None, title: str, subject: str) -> str:
    return " · ".join(part for part in (market, subject, title) if part)


def _line(text: str) -> str:
    """Return *text* as one line that no mail client, chat or spreadsheet takes for more than text."""
    indent = text[: len(text) - len(text.lstrip())]
    bare = " ".join(plain(text, 5000).split())
    for pattern, inert in (
        (MENTION, "＠"),
        (SCHEME, lambda match: f"[{match[0][0]}]{match[0][1:]}"),
        (CONTROL_LINK, "‹"),
    ):
        bare = pattern.sub(inert, bare)
    bare = bare if len(bare) <= TEXT_WIDTH else f"{bare[:TEXT_WIDTH]}…"
    return indent + ("'" + bare if bare[:1] in "=+-@" and bare else bare)


def _cut(lines: Sequence[str], words: Mapping[str, str]) -> list[str]:
    if len(lines) <= TEXT_LINES:
        return list(lines)
    kept = TEXT_LINES - 1
    return [*lines[:kept], words["fold"].format(count=len(lines) - kept)]
