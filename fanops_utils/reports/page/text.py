"""Untrusted text made safe to print: no character that hides, reorders or breaks, visibly cut, paths made short."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from fanops_utils.text.scripts import tongue

TEXT_LIMIT = 2000
# Control characters but tab and line feed, bidirectional overrides and isolates, lone surrogates, non-characters.
BREAKING = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# Characters without width hide one word inside another; the two that Persian, Hindi and emoji need stay.
HIDDEN = "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
UNSAFE_CHARACTERS = re.compile(f"[{BREAKING}{HIDDEN}]")
MARKS = "\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
PILED_MARKS = re.compile(f"([{MARKS}]{{3}})[{MARKS}]+")

MACHINE_PATH = re.compile(r"(?<![\w/\\.:<])(?:~|[A-Za-z]:)?(?:[/\\][\w.@+~-]+){2,}")
OURS = re.compile(r"(?:^|[/\\])((?:fanops_utils|notebooks|data|reports|tests)[/\\].+)")
INSTALLED = re.compile(r".*[/\\](?:site-packages|dist-packages|python3\.\d+)[/\\](.+)")
CELL_FILE = re.compile(r".*[/\\]ipykernel_\d+[/\\].+")


UNTOUCHED = (int, float, bool, type(None))


def plain(value: object, limit: int = TEXT_LIMIT) -> str:
    """Return *value* as text without control, hidden and reordering characters, visibly cut after *limit* characters.

    >>> plain("abcdef", 4)
    'abcd… (2 more characters)'
    """
    text = str(value)
    return tidy(text) if len(text) <= limit else f"{tidy(text[:limit])}… ({len(text) - limit:,} more characters)"


def clean(value: Any) -> Any:
    """Return JSON-like *value* with every text in it passed through `plain`; numbers and null stay."""
    kind = type(value)
    if kind is str:  # a manifest of 2,000 reports holds millions of texts, short and harmless nearly all
        return value if _is_harmless(value, TEXT_LIMIT) else plain(value)
    if kind in UNTOUCHED:
        return value
    if isinstance(value, dict):
        return {key if _is_harmless(key, 200) else plain(key, 200): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value if isinstance(value, bool | int | float) else plain(value)


def _is_harmless(text: Any, limit: int) -> bool:
    return type(text) is str and len(text) <= limit and text.isascii() and text.isprintable()


def tidy(page: str) -> str:
    """Return a text, a finished *page* say, without characters that hide or reorder text or are no valid UTF-8."""
    if page.isascii() and page.isprintable():  # most texts by far, and nothing in them to look for
        return page
    return PILED_MARKS.sub(r"\1", UNSAFE_CHARACTERS.sub("", page))


def slug(text: str) -> str:
    """Return *text* as an anchor: words joined by hyphens, Chinese and Japanese kept.

    >>> slug("Which formats win? 视频")
    'Which-formats-win-视频'
    """
    words = re.findall(r"[\w.]+", unicodedata.normalize("NFKC", plain(text, 120)))
    return "-".join(words).strip(".") or "section"


def link(path: str) -> str:
    """Return *path* as a relative link: a scheme, host or quote in it becomes part of a file name.

    >>> link("research/市场 BR.html"), link("javascript:alert(1)")
    ('research/%E5%B8%82%E5%9C%BA%20BR.html', 'javascript%3Aalert%281%29')
    """
    return quote(plain(path).lstrip("/\\"), safe="/")


def short_paths(text: str) -> str:
    """Return *text* with the paths of this machine cut to what a reader of the repository knows.

    >>> short_paths("File /srv/ana/fanops/fanops_utils/metrics/rates.py:12, see https://example.org/a/b")
    'File fanops_utils/metrics/rates.py:12, see https://example.org/a/b'
    >>> short_paths("/usr/lib/python3.11/json/decoder.py and /tmp/ipykernel_81/12.py and /srv/keys/brand")
    'json/decoder.py and the cell and …/brand'
    """
    return MACHINE_PATH.sub(lambda match: _short(match[0]), text)


def _short(path: str) -> str:
    if CELL_FILE.fullmatch(path):
        return "the cell"
    if known := INSTALLED.fullmatch(path) or OURS.search(path):
        return known[1].replace("\\", "/")
    return "…/" + re.split(r"[/\\]", path)[-1]


def language_attribute(text: object, page_language: str) -> Markup:
    """Return the `lang` attribute of *text* on a page in another language; empty where it is the page's own.

    >>> language_attribute("Reels reach further", "zh-Hans"), language_attribute("Reels", "en")
    (Markup(' lang="en"'), Markup(''))
    """
    code = tongue(text.striptags() if isinstance(text, Markup) else str(text))
    return Markup(' lang="{}"').format(code) if code and not page_language.startswith(code) else Markup("")
