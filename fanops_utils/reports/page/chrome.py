"""The frame around a report and its index: the few words of the page, its script and its styles."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from fanops_utils.errors import ParameterError
from fanops_utils.playbook import checks, findings
from fanops_utils.reports.page.words import FACTS, LANGUAGES, WORDS

TEMPLATES = Path(__file__).parents[1] / "templates"
UNFINISHED = ("failed", "timed_out", "kernel_died", "truncated", "cancelled")
STATUS_ICON = {"succeeded": "✓", "cached": "✓", "no_data": "○", "skipped": "–", **dict.fromkeys(UNFINISHED, "✕")}


def words(language: str) -> dict[str, str]:
    """Return the page's words in *language*; raise ParameterError where there are none.

    >>> words("zh-Hans")["contents"]
    '目录'
    """
    if language not in LANGUAGES:
        raise ParameterError("the page has no words in this language", value=language, choices=LANGUAGES)
    return {name: pair[LANGUAGES.index(language)] for name, pair in WORDS.items()}


def frame(language: str, *, scripts: tuple[str, ...], styles: tuple[str, ...]) -> dict[str, Any]:
    """Return what the templates need beyond content: words, icons, script with its CSP hash, styles, colours."""
    script = "\n".join(_read(name) for name in scripts)
    return {
        "language": language,
        "words": words(language),
        "severity_icon": findings.ICON,
        "trust_icon": checks.ICON,
        "status_icon": STATUS_ICON,
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": b64encode(sha256(script.encode()).digest()).decode(),
        "style": Markup("\n".join(_read(name) for name in styles)),  # noqa: S704 - our own files
    }


def duration(seconds: float) -> str:
    """Return *seconds* as a reader says it.

    >>> duration(7.4), duration(135)
    ('7 s', '2 min 15 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def facts(given: Mapping[str, Any], language: str) -> list[tuple[str, str, Any]]:
    """Return the facts of a header as (name, word, value) in their usual order, those that have a word in *language*.

    >>> facts({"Data as of": "2026-10-31", "Scope": "all", "Market": "Brazil"}, "zh-Hans")
    [('Market', '市场', 'Brazil'), ('Scope', 'Scope', 'all'), ('Data as of', '数据截至', '2026-10-31')]
    """
    order = list(FACTS)
    place = {name: order.index(name) if name in FACTS else len(order) - 1.5 for name in given}
    word = {name: FACTS.get(name, name) if language == "zh-Hans" else name for name in given}
    return [(name, word[name], given[name]) for name in sorted(given, key=lambda name: place[name])]


@cache
def _read(name: str) -> str:
    return (TEMPLATES / "fanops" / name).read_text(encoding="utf-8").strip()
