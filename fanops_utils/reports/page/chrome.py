"""The frame around a report and its index: its words in the reader's language, its script and its styles."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from fanops_utils.playbook import checks, findings
from fanops_utils.reports.page.text import plain
from fanops_utils.reports.planning.status import Status
from fanops_utils.text import Message, Sayable, Written, markup, read, say, speak, term
from fanops_utils.text.catalogue import checked
from fanops_utils.text.sentences import message

TEMPLATES = Path(__file__).parents[1] / "templates"
UNFINISHED = ("failed", "timed_out", "kernel_died", "truncated", "cancelled")
STATUS_ICON = {"succeeded": "✓", "cached": "✓", "no_data": "○", "skipped": "–", **dict.fromkeys(UNFINISHED, "✕")}
STATUS_WORD: dict[Status, Message] = {
    "succeeded": term("succeeded", "status of a report"),
    "cached": term("unchanged", "status of a report"),
    "no_data": term("no data", "status of a report"),
    "skipped": term("skipped", "status of a report"),
    "failed": term("failed", "status of a report"),
    "timed_out": term("timed out", "status of a report"),
    "kernel_died": term("process died", "status of a report"),
    "truncated": term("truncated", "status of a report"),
    "cancelled": term("cancelled", "status of a report"),
}
WHY: dict[Status, Message] = {
    "cancelled": say("The run was cancelled before this report was finished."),
    "failed": say("A cell of the notebook raised an error."),
    "kernel_died": say("The process that ran this report died."),
    "timed_out": say("The report took longer than allowed and was stopped."),
    "truncated": say("This report has no conclusion: the notebook ended before its result. What ran is shown below."),
}
DIRECTION_WORD = {
    "up": term("up", "direction"),
    "down": term("down", "direction"),
    "same": term("no clear change", "direction"),
}
CLAUSE = re.compile(r".{6,}?(?=[:;.]\s|\s\(|[：；。（])")  # no comma: it may stand in a list
LONG = {False: 48, True: 22}  # letters in a cell of a table, of Chinese by True
LANGUAGE_NAMES = {"en": "English", "zh-Hans": "中文"}


def frame(language: str, *, scripts: tuple[str, ...], styles: tuple[str, ...]) -> dict[str, Any]:
    """Return what the templates need beyond content: words, icons, script with its CSP hash, styles, colours.

    Raises ParameterError for a language there is no catalogue of.
    """
    script = "\n".join(_read(name) for name in scripts)
    return {
        "language": checked(language),
        "say": partial(_say, language),
        "say_n": partial(_say_n, language),
        "term": partial(_term, language),
        "severity_icon": findings.ICON,
        "severity_word": findings.WORD,
        "trust_icon": checks.ICON,
        "trust_word": checks.WORD,
        "trust_kind": checks.KIND,
        "status_icon": STATUS_ICON,
        "status_word": STATUS_WORD,
        "direction_word": DIRECTION_WORD,
        "why": WHY,
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": b64encode(sha256(script.encode()).digest()).decode(),
        "style": Markup("\n".join(_read(name) for name in styles)),  # noqa: S704 - our own files
    }


def said(told: Any, language: str) -> Markup:
    """Return *told*, a sayable or one as JSON holds it, as HTML in *language*; what is neither is shown as it is."""
    try:
        return markup(sayable(told), language)
    except Exception:  # a result of somebody's own notebook: never a broken page
        return escape(_bare(told))


def clause(told: Any, language: str) -> Markup:
    """Return *told* as HTML, of a long one its first clause: a name for it, to be linked."""
    whole = spoken(told, language)
    first = CLAUSE.match(whole) if len(whole) > LONG[language.startswith("zh")] else None
    return escape(first.group()) if first else said(told, language)


def spoken(told: Any, language: str) -> str:
    """Return *told* as plain text in *language*, for attributes and titles."""
    try:
        return speak(sayable(told), language)
    except Exception:
        return _bare(told)


def _bare(told: Any) -> str:
    try:
        return plain(told)
    except RecursionError:  # nested as deep as no message is
        return "…"


def sayable(told: Any) -> Sayable:
    """Return *told* as a sayable: of JSON what it holds, of anything else its text as written."""
    if isinstance(told, Sayable):
        return told
    if told is None:
        return Written("")
    return read(told) if isinstance(told, dict | str) else Written(str(told))


def switches(pages: dict[str, str], here: str) -> list[dict[str, str]]:
    """Return the links from a page in the language *here* to the same page in the others; *pages* are hrefs by language."""
    others = [code for code in pages if code != here]
    return [{"language": code, "name": LANGUAGE_NAMES.get(code, code), "href": pages[code]} for code in others]


def _say(language: str, text: str, /, **values: Any) -> Markup:
    return markup(Message(text, _valued(values)), language)


def _say_n(language: str, one: str, many: str, /, *, n: int, **values: Any) -> Markup:
    return markup(Message(one, _valued({**values, "n": n}), None, many, float(n)), language)


def _term(language: str, text: str, context: str, /, **values: Any) -> Markup:
    return markup(Message(text, _valued(values), context), language)


def _valued(values: dict[str, Any]) -> tuple[tuple[str, Sayable], ...]:
    return tuple(
        (name, message.valued(value) if isinstance(value, int) else sayable(value)) for name, value in values.items()
    )


@cache
def _read(name: str) -> str:
    return (TEMPLATES / "fanops" / name).read_text(encoding="utf-8").strip()
