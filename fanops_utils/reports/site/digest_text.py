"""The digest of a run as plain text, for a notification: short, in one language, and nothing but text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fanops_utils.playbook import checks
from fanops_utils.playbook.findings import ICON
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import plain
from fanops_utils.reports.site.digest import KIND_WORD, digest, lines_of
from fanops_utils.reports.site.entries import Job, entries
from fanops_utils.reports.site.panels import standing_items
from fanops_utils.reports.site.sources import source_notes
from fanops_utils.text import Listed, Sayable, Written, say, say_n, speak, term

NO_DECISIONS = say("Nothing: no report raised an alert, a watch or a play.")
TEXT_LINES, TEXT_WIDTH = 60, 200
MENTION = re.compile(r"@(?=\w)")
SCHEME = re.compile(r"(?<=\w)://|(?<=javascript):", re.IGNORECASE)
CONTROL_LINK = re.compile(r"<(?=[!@#/a-z])", re.IGNORECASE)


def as_text(manifest: Mapping[str, Any], *, language: str = "en") -> str:
    """Return the digest of the run that *manifest* describes as plain text of at most 60 lines, for a notification.

    Failed reports come first, then decisions in the order of the digest, with their plays. Nothing in it addresses a
    channel, makes a link or starts a formula. Raises ParameterError for a language there is no catalogue of.
    """
    jobs = entries(manifest, language)
    counts = Counter(job["status"] for job in jobs).most_common()
    listed = Listed.of([term("{n} {status}", "count of reports", n=n, status=status_word(name)) for name, n in counts])
    reports: Sayable = say("Reports: {counts}", counts=listed) if jobs else say("This run has no reports.")
    head = [
        _line(" · ".join(str(manifest.get(name)) for name in ("brand", "plan", "run_id") if manifest.get(name))),
        _line(speak(reports, language)),
        *(_line(speak(note, language)) for note in source_notes(manifest)),
    ]
    failed = [line for job in jobs if job["unfinished"] for line in _failure(job, language)]
    decisions = [line for item in digest(jobs, standing_items(manifest)) for line in _decision(item, language)]
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
    parts = (job["market"], chrome.spoken(job["subject"], language), chrome.spoken(job["title"], language))
    named = " · ".join(part for part in parts if part)
    return [_line(f"✕ {speak(status_word(job['status']), language)}: {named}: {reason}")]


def _decision(item: Mapping[str, Any], language: str) -> list[str]:
    title, texts = lines_of(item)
    mark = f"{ICON[item['severity']]} {speak(KIND_WORD[item['kind']], language)}"
    new = f" ({speak(term('new', 'of a finding'), language)})" if item["new"] else ""
    doubt = f" [{_doubt(item['trust'], language)}]" if item["trust"] in ("FAIL", "REVIEW") else ""
    where = ", ".join(chrome.spoken(chip["label"], language) for chip in item["chips"])
    named = " · ".join(part for part in (where, chrome.spoken(title, language)) if part)
    who = ", ".join(part for part in (chrome.spoken(item["owner"], language), item["by"]) if part)
    lines = [chrome.spoken(text, language) for text in texts]
    if who:
        lines = [*lines[:-1], f"{lines[-1]} ({who})"] if lines else [f"({who})"]
    return [_line(f"{mark}{new}: {named}{doubt}"), *(_line(f"  → {line}") for line in lines)]


def _doubt(status: str, language: str) -> str:
    word = speak(term("Checks", "before a status"), language)
    return f"{word}: {speak(checks.WORD[status], language)}"  # type: ignore[index]


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
