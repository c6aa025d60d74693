"""Untrusted text, markdown and HTML made safe for a page: what is not on an allow-list is dropped or escaped."""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache

import nh3
from markupsafe import Markup

from fanops_utils.reports.page.text import TEXT_LIMIT, plain, tidy

ATTRIBUTE_LIMIT, MARKDOWN_LIMIT, CONSOLE_LINES = 500, 50_000, 200

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

NUMBER = r"[<≤>≥~≈±+−-]?\s?[$€£¥]?\d[\d,.]*(?:\s?(?:%|‰|×|x|pp|[kKMB]))?"
NUMERIC_CELL = re.compile(rf"{NUMBER}(?:\s?(?:–|to|至)\s?{NUMBER})?")
TEXT_CLASS = ' class="txt"'  # of a column of texts: which may all be numbers, written out with their units
NO_VALUE = {"", "-", "–", "—"}
# "**谁来决定：**增长" is read as an opening mark by the rules of markdown: the stop goes behind the mark
BOLD = re.compile(r"\*\*([^*\n]+?)([:，。：；！？、）》”]*)\*\*")


def console(text: str, *, lines: int = CONSOLE_LINES, last: bool = False) -> str:
    """Return terminal output without ANSI codes, cut to its first (or *last*) *lines* with a count of the rest."""
    from nbconvert.filters.ansi import strip_ansi  # here because the index needs no nbconvert, which is slow to import

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
    safe = re.sub(r"<img(?![^>]* src=)[^>]*>", "", safe)  # its source was no inline image
    safe = re.sub(rf"[^<>]{{{TEXT_LIMIT + 1},}}(?=<|$)", _cut, safe)
    return Markup(re.sub(r"<table.*?</table>", _align_numbers, safe, flags=re.DOTALL))  # noqa: S704


@lru_cache(maxsize=1024)  # the same notebook for another market has the same narrative
def markdown(source: str) -> Markup:
    """Return markdown as an HTML fragment with allow-listed tags only."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    closed = BOLD.sub(r"**\1**\2", plain(source, MARKDOWN_LIMIT))
    return html(MarkdownWithMath(renderer=renderer).render(closed))


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
        if next(places) not in numeric or ("class=" in match[0] and TEXT_CLASS not in match[0]):
            return match[0]
        return f'<{match[1]} class="num"{match[2].replace(TEXT_CLASS, "")}>'

    return re.sub(r"<(t[dh])\b([^>]*)>", mark, row)


def image(base64: str, mime: str, alt: str, *, shown: tuple[object, object] = (None, None)) -> Markup:
    """Return a raster chart as an inline image with its size, so that the page does not jump; empty if no Base64.

    *shown* is the width and height to show it in (half of its own for a chart drawn at double density).
    """
    code = "".join(base64.split())
    source = f"data:{mime};base64,{code}"
    if not INLINE_IMAGE.fullmatch(source):
        return Markup("")
    size = shown if all(isinstance(side, int) for side in shown) else _pixels(code)
    shape = Markup(' width="{}" height="{}"').format(*size) if size else ""
    return Markup('<img src="{}" alt="{}"{}>').format(source, plain(alt), shape)


def _pixels(code: str) -> tuple[int, int] | None:
    """Return width and height of a PNG or WebP image from its first bytes; None for other formats."""
    digits = code.rstrip("=")[:64]
    head = b64decode(digits[: len(digits) // 4 * 4])
    if head[:8] == b"\x89PNG\r\n\x1a\n" and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF
