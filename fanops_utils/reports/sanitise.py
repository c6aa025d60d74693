"""Untrusted text, markdown and HTML made safe for a page: what is not on an allow-list is dropped or escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import nh3
from markupsafe import Markup
from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TEXT_LIMIT, ATTRIBUTE_LIMIT, CONSOLE_LINES = 2000, 500, 200
UNSAFE_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

TAGS = {
    "a", "abbr", "b", "bdi", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "div",
    "dl", "dt", "em", "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
    "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip
DROPPED_WHOLE = {"script", "style", "svg", "math", "iframe", "object", "embed", "template", "noscript", "title"}
ATTRIBUTES = {
    "*": {"class", "lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    "details": {"open"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan", "scope", "headers", "data-sort"},
    "th": {"colspan", "rowspan", "scope", "headers", "data-sort"},
}
INLINE_IMAGE = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]+")

NUMBER = r"[<≤>≥~≈±+−-]?[$€£¥]?\d[\d,.]*(?:\s?(?:%|‰|×|x|pp|[kKMB]))?"
NUMERIC_CELL = re.compile(rf"{NUMBER}(?:\s?(?:–|to|至)\s?{NUMBER})?")
NO_VALUE = {"", "-", "–", "—"}


def plain(value: object, limit: int = TEXT_LIMIT) -> str:
    """Return *value* as text without control and bidirectional characters, visibly cut after *limit* characters.

    >>> plain("abcdef", 4)
    'abcd… (2 more characters)'
    """
    text = UNSAFE_CHARACTERS.sub("", str(value))
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def clean(value: Any) -> Any:
    """Return JSON-like *value* with every text in it passed through `plain`; numbers and null stay."""
    if isinstance(value, dict):
        return {plain(key, 200): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else plain(value)


def tidy(page: str) -> str:
    """Return a text, a finished *page* say, without characters that reorder text or cannot be written as UTF-8."""
    return UNSAFE_CHARACTERS.sub("", page)


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


def console(text: str, *, lines: int = CONSOLE_LINES, last: bool = False) -> str:
    """Return terminal output without ANSI codes, cut to its first (or *last*) *lines* with a count of the rest."""
    found = strip_ansi(text).rstrip().splitlines()
    left_out = len(found) - lines
    kept = [plain(line) for line in (found[-lines:] if last else found[:lines])]
    if left_out > 0:
        note = f"… {left_out:,} more lines not shown"
        kept = [note, *kept] if last else [*kept, note]
    return "\n".join(kept)


def html(source: str) -> Markup:
    """Return an HTML fragment with allow-listed tags only, long texts visibly cut, columns of numbers marked `num`."""
    safe = nh3.clean(
        tidy(source),
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
    )
    safe = re.sub(rf"[^<>]{{{TEXT_LIMIT + 1},}}(?=<|$)", _cut, safe)
    return Markup(re.sub(r"<table.*?</table>", _align_numbers, safe, flags=re.DOTALL))  # noqa: S704


def markdown(source: str) -> Markup:
    """Return markdown as an HTML fragment with allow-listed tags only."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return html(MarkdownWithMath(renderer=renderer).render(source))


def is_numeric(column: Iterable[str]) -> bool:
    """Return whether a column of cells holds numbers, ranges of numbers or nothing, and at least one of the first two.

    >>> is_numeric(["1,204", "<10", "–"]), is_numeric(["2026-11-22"]), is_numeric([""])
    (True, False, False)
    """
    cells = set(column) - NO_VALUE
    return bool(cells) and all(NUMERIC_CELL.fullmatch(cell) for cell in cells)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if INLINE_IMAGE.fullmatch(value) else None
    if name == "href" and value.strip().casefold().startswith("data:"):
        return None
    return plain(value, ATTRIBUTE_LIMIT)


def _cut(match: re.Match[str]) -> str:
    text = match[0]
    kept = re.sub(r"&[^;\s]{0,30}$", "", text[:TEXT_LIMIT])
    return f"{kept}… ({len(text) - len(kept):,} more characters)"


def _align_numbers(match: re.Match[str]) -> str:
    """Mark every cell of a column that holds only numbers; tables with spans have no plain columns and stay."""
    table = match[0]
    if "span=" in table:
        return table
    rows = [re.findall(r"<(t[dh])\b[^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in re.split(r"<tr\b", table)[1:]]
    cells = [[Markup(text).striptags() for _, text in row] for row in rows if any(tag == "td" for tag, _ in row)]  # noqa: S704
    columns = [[row[place] for row in cells if place < len(row)] for place in range(max(map(len, cells), default=0))]
    numeric = {place for place, column in enumerate(columns) if is_numeric(column)}
    head, *parts = re.split(r"(?=<tr\b)", table)
    return head + "".join(_mark_cells(part, numeric) for part in parts)


def _mark_cells(row: str, numeric: set[int]) -> str:
    places = iter(range(row.count("<t")))

    def mark(match: re.Match[str]) -> str:
        if next(places) not in numeric or "class=" in match[0]:
            return match[0]
        return f'<{match[1]} class="num"{match[2]}>'

    return re.sub(r"<(t[dh])\b([^>]*)>", mark, row)


def image(base64: str, mime: str, alt: str) -> Markup:
    """Return a raster chart as an inline image; empty where it is not Base64."""
    source = f"data:{mime};base64,{''.join(base64.split())}"
    return (
        Markup('<img src="{}" alt="{}">').format(source, plain(alt)) if INLINE_IMAGE.fullmatch(source) else Markup("")
    )
