"""The digest of a run: what needs a decision over all reports, worst first; for the index and as plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanops_utils.playbook import checks
from fanops_utils.playbook.findings import ICON, RANK, WORD
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import plain, slug
from fanops_utils.reports.site.entries import Job, entries
from fanops_utils.text import Listed, Sayable, Written, say, say_n, speak, term

DECIDE_ON = ("alert", "watch")
NO_DECISIONS = say("Nothing: no report raised an alert, a watch or a play.")
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
    a link or starts a formula. Raises ParameterError for a language there is no catalogue of.
    """
    jobs = entries(manifest, language)
    counts = Counter(job["status"] for job in jobs).most_common()
    listed = Listed.of([term("{n} {status}", "count of reports", n=n, status=status_word(name)) for name, n in counts])
    reports: Sayable = say("Reports: {counts}", counts=listed) if jobs else say("This run has no reports.")
    head = [
        _line(" · ".join(str(manifest.get(name)) for name in ("brand", "plan", "run_id") if manifest.get(name))),
        _line(speak(reports, language)),
    ]
    failed = [line for job in jobs if job["unfinished"] for line in _failure(job, language)]
    decisions = [line for item in digest(jobs) for line in _decision(item, language)]
    none = [] if decisions else [speak(NO_DECISIONS, language)]
    body = [
        *([] if not failed else ["", speak(say("Did not finish"), language), *failed]),
        *["", speak(say("What needs a decision"), language), *decisions, *none],
    ]
    return "\n".join(_cut([*head, *body], language))


def status_word(name: str) -> Sayable:
    """Return the word for the status *name* of a report."""
    return chrome.STATUS_WORD.get(name) or Written(name)  # type: ignore[call-overload]


def _failure(job: Job, language: str) -> list[str]:
    reason = chrome.spoken(job["error"] or chrome.WHY.get(job["status"]), language)
    named = _named(job["market"], chrome.spoken(job["title"], language), job["subject"])
    return [_line(f"✕ {speak(status_word(job['status']), language)}: {named}: {reason}")]


def _decision(item: dict[str, Any], language: str) -> list[str]:
    mark = f"{ICON[item['severity']]} {speak(WORD[item['severity']], language)}"
    new = f" ({speak(term('new', 'of a finding'), language)})" if item["new"] else ""
    doubt = f" [{_doubt(item['trust'], language)}]" if item["trust"] in ("FAIL", "REVIEW") else ""
    named = _named(item["market"], chrome.spoken(item["title"], language), item["subject"])
    first = _line(f"{mark}{new}: {named}{doubt}")
    if item["because"] is not None:
        return [first]
    return [first, *(_line(f"  → {_play(play, language)}") for play in item["plays"])]


def _doubt(status: str, language: str) -> str:
    word = speak(term("Checks", "before a status"), language)
    return f"{word}: {speak(checks.WORD[status], language)}"  # type: ignore[index]


def _play(play: Mapping[str, Any], language: str) -> str:
    return f"{chrome.spoken(play['action'], language)} ({chrome.spoken(play['owner'], language)}, {play['review']})"


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


def _cut(lines: Sequence[str], language: str) -> list[str]:
    if len(lines) <= TEXT_LINES:
        return list(lines)
    kept = TEXT_LINES - 1
    return [*lines[:kept], speak(say_n("{n} more", "{n} more", n=len(lines) - kept), language)]
