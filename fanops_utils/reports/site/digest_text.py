"""The digest of a run as plain text, for a notification: short, in one language, and nothing but text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from fanops_utils.playbook import checks
from fanops_utils.playbook.findings import ICON
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import plain
from fanops_utils.reports.site.digest import digest, lines_of
from fanops_utils.reports.site.entries import Job, entries
from fanops_utils.reports.site.panels import standing_items
from fanops_utils.reports.site.sources import source_notes
from fanops_utils.text import Day, Listed, Message, Sayable, Written, say, say_n, speak, term

NO_DECISIONS = say("Nothing: no report raised an alert, a watch or a play.")
HEADINGS: dict[str, Message] = {
    "crisis": term("Crises", "heading of a digest"),
    "failed_check": term("A check failed: nothing can be read from these", "heading of a digest"),
    "target": term("Targets missed", "heading of a digest"),
    "decision": term("Decisions to look at again", "heading of a digest"),
    "alert": term("Alerts", "heading of a digest"),
    "watch": term("To watch", "heading of a digest"),
    "chance": term("Chances", "heading of a digest"),
}
TEXT_LINES, TEXT_WIDTH = 60, 200
MENTION = re.compile(r"@(?=\w)")
SCHEME = re.compile(r"(?<=\w)://|(?<=javascript):", re.IGNORECASE)
CONTROL_LINK = re.compile(r"<(?=[!@#/a-z])", re.IGNORECASE)


def as_text(manifest: Mapping[str, Any], *, language: str = "en") -> str:
    """Return the digest of the run that *manifest* describes as plain text of at most 60 lines: the body of an e-mail.

    Failed reports come first, then decisions in the order of the digest, kind by kind, each with its plays; what has no
    room is counted. Nothing in it addresses a channel, makes a link or starts a formula. Raises ParameterError for a
    language there is no catalogue of.
    """
    jobs = entries(manifest, language)
    counts = Counter(job["status"] for job in jobs).most_common()
    listed = Listed.of([term("{n} {status}", "count of reports", n=n, status=status_word(name)) for name, n in counts])
    reports: Sayable = say("Reports: {counts}", counts=listed) if jobs else say("This run has no reports.")
    named = [str(manifest[name]) for name in ("brand", "plan") if manifest.get(name)]
    if started := manifest.get("started"):
        named.append(speak(_day(str(started)[:10]), language))
    head = [_line(" · ".join(named)), _line(speak(reports, language))]
    head += [_line(speak(note, language)) for note in source_notes(manifest)]
    failed = [line for job in jobs if job["unfinished"] for line in _failure(job, language)]
    if failed:
        head += ["", speak(say("Did not finish"), language), *failed[: TEXT_LINES // 2]]
    head += ["", speak(say("What needs a decision"), language)]
    items = digest(jobs, standing_items(manifest))
    body = _groups(items, language, room=TEXT_LINES - len(head)) or [speak(NO_DECISIONS, language)]
    return "\n".join([*head, *body])


def _day(iso: str) -> Sayable:
    """Return a day; what is none (a manifest is anybody's file) as it is written."""
    try:
        return Day.of(date.fromisoformat(iso))
    except ValueError:
        return Written(iso)


def _groups(items: Sequence[Mapping[str, Any]], language: str, *, room: int) -> list[str]:
    """Return *items* under a heading for each kind, as many as there is *room* for, and how many are left."""
    lines: list[str] = []
    told = 0
    for kind, group in groupby(items, key=lambda item: str(item["kind"])):
        members = list(group)
        heading = speak(term("{kind} ({n})", "heading of a digest", kind=HEADINGS[kind], n=len(members)), language)
        for place, item in enumerate(members):
            entry = [*(["", _line(heading)] if place == 0 else []), *_decision(item, language)]
            if len(lines) + len(entry) > room - 2:  # the last two tell of the rest
                rest = len(items) - told
                return [*lines, "", speak(say_n("{n} more in the index", "{n} more in the index", n=rest), language)]
            lines, told = [*lines, *entry], told + 1
    return lines


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
    asked = item["trust"] if item["trust"] in ("FAIL", "REVIEW") and item["kind"] != "failed_check" else None
    where = chrome.spoken(Listed.of([chrome.sayable(chip["label"]) for chip in item["chips"]]), language)
    head = " · ".join(part for part in (where, chrome.spoken(title, language)) if part)
    head = _with(head, term("(new)", "of a finding") if item["new"] else None, language)
    if asked:
        head = _with(head, term("(checks: {status})", "of an entry of a digest", status=checks.WORD[asked]), language)
    lines = [chrome.spoken(text, language) for text in texts] or [""]
    lines[-1] = _with(lines[-1], _who(item), language)
    return [_line(f"{ICON[item['severity']]} {head}"), *(_line(f"  → {line}") for line in lines if line)]


def _with(text: str, aside: Sayable | None, language: str) -> str:
    """Return *text* with what stands in brackets after it."""
    if aside is None or not text:
        return speak(aside, language) if aside else text
    return speak(term("{text} {aside}", "of an entry of a digest", text=Written(text), aside=aside), language)


def _who(item: Mapping[str, Any]) -> Sayable | None:
    """Return who is to do it, and when it is due (a target) or reviewed (anything else), in brackets; None for neither."""
    owner, day = chrome.sayable(item["owner"]) if item["owner"] else None, item["by"] and _day(str(item["by"]))
    if day and item["kind"] == "target":
        when: Sayable | None = term("by {day}", "of an entry of a digest", day=day)
    else:
        when = term("review on {day}", "of an entry of a digest", day=day) if day else None
    if owner and when:
        return term("({who}, {when})", "of an entry of a digest", who=owner, when=when)
    only = owner or when
    return term("({who})", "of an entry of a digest", who=only) if only else None


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
