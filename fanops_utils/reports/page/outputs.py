"""One output of a cell as blocks of the page: findings, charts, tables, panels or text, made safe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup
from nbformat import NotebookNode

from fanops_utils.playbook.checks import RANK
from fanops_utils.reports.page import sanitise
from fanops_utils.reports.page.chrome import spoken
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.reports.page.text import clean, plain
from fanops_utils.text.sentences import forms
from fanops_utils.text.showing import drawing, mime

SVG_MIME = "image/svg+xml"
IMAGE_MIMES = (SVG_MIME, "image/png", "image/webp", "image/jpeg")
ELSEWHERE = ("result", "fault", "key_numbers")  # shown by the page itself, at its head
KINDS = ("finding", "chart", "table", "checks", "plays")
SILENT_REPR = re.compile(r"<(?:Figure|Axes|matplotlib)[^\n]*>|None")
DATA_ROWS = 200


class Block(NamedTuple):
    """One thing on the page; `kind` is markdown, subheading, code, html, text, chart, table, finding, checks or plays."""

    kind: str
    value: Any


def read_output(output: NotebookNode, prefix: str, language: str) -> list[Block]:
    """Return what *output* puts on the page in *language*, made safe; *prefix* keeps the ids of charts apart."""
    if output.output_type == "stream":
        shown = output.name == "stdout" and output.text.strip()
        return [Block("text", sanitise.console(output.text))] if shown else []
    data = output.get("data", {})
    if output.output_type == "error" or any(mime(kind) in data for kind in ELSEWHERE):
        return []
    if isinstance(data.get(mime("section")), dict):
        return _section(data[mime("section")], prefix, language)
    kind = next((kind for kind in KINDS if isinstance(data.get(mime(kind)), dict)), None)
    if kind and (block := _part(kind, data[mime(kind)], prefix, language)):
        return [block]
    if image := next((mime for mime in IMAGE_MIMES if mime in data), None):
        return [Block("chart", _image(data, image, output.metadata.get(image, {}), prefix))]
    if "text/html" in data:
        return [Block("html", sanitise.html(data["text/html"]))]
    if "text/markdown" in data:
        return [Block("markdown", data["text/markdown"])]
    text = data.get("text/plain", "")
    return [Block("text", sanitise.console(text))] if text and not SILENT_REPR.fullmatch(text) else []


def _section(told: dict[str, Any], prefix: str, language: str) -> list[Block]:
    parts = [part for part in told.get("parts", []) if isinstance(part, dict) and isinstance(part.get("value"), dict)]
    blocks = [
        _part(str(part.get("kind")), part["value"], f"{prefix}{place}-", language) for place, part in enumerate(parts)
    ]
    return [block for block in blocks if block]


def _part(kind: str, told: dict[str, Any], prefix: str, language: str) -> Block | None:
    reader = READERS.get(kind)
    value = reader(told, prefix, language) if reader else None
    return Block(kind, value) if value else None


def _finding(told: dict[str, Any], _prefix: str, _language: str) -> dict[str, Any] | None:
    return clean(told) if "id" in told else None


def _checks(told: dict[str, Any], _prefix: str, _language: str) -> dict[str, list[dict[str, Any]]] | None:
    """Return the checks of a trust panel as `open` (worst first) and `passed`; None where there is no valid panel."""
    found = told.get("checks")
    checks = clean(found) if isinstance(found, list) else []
    if not checks or not all(isinstance(check, dict) and check.get("status") in RANK for check in checks):
        return None
    ordered = sorted(checks, key=lambda check: RANK[check["status"]])
    passed = [check for check in ordered if check["status"] == "PASS"]
    return {"open": ordered[: len(ordered) - len(passed)], "passed": passed}


def _plays(told: dict[str, Any], _prefix: str, _language: str) -> dict[str, Any]:
    return {"plays": [clean(play) for play in told.get("plays", []) if isinstance(play, dict)]}


def _table(told: dict[str, Any], _prefix: str, _language: str) -> dict[str, Any]:
    return clean(
        {name: told.get(name) or [] for name in ("columns", "rows", "numeric")} | {"caption": told.get("caption")}
    )


def _chart(told: dict[str, Any], prefix: str, language: str) -> dict[str, Any] | None:
    rows = told.get("rows") or []
    alt = spoken(clean(told.get("alt")), language)
    return {
        **{name: clean(told.get(name)) for name in ("title", "subtitle", "caption")},
        "alt": alt,
        "image": _drawing(told, prefix, language, alt=alt),
        "columns": clean(told.get("columns") or []),
        "rows": [[clean(cell) for cell in row] for row in rows[:DATA_ROWS]],
        "left_out": max(0, len(rows) - DATA_ROWS),
    }


def _drawing(told: dict[str, Any], prefix: str, language: str, *, alt: str) -> Markup:
    """Return the drawings of a chart, made safe: the wide one, and the narrow one where there is one."""
    shown = []
    for name, mark in (("svg", ""), ("narrow", "n-")):
        drawings = told.get(name) or {}
        drawn = drawings.get(language) or next(iter(drawings.values()), "")
        shown.append(safe_svg(drawn, prefix=prefix + mark, alt=alt) if isinstance(drawn, str) and drawn else Markup(""))
    wide, narrow = shown
    return drawing(wide, narrow) if wide and narrow else wide


READERS: dict[str, Callable[[dict[str, Any], str, str], Any]] = {
    "finding": _finding, "checks": _checks, "plays": _plays, "table": _table, "chart": _chart,
}  # fmt: skip


def _image(data: NotebookNode, kind: str, metadata: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Return an image that no chart of ours made."""
    said = data.get("text/plain", "")
    alt = metadata.get("alt") or ("" if SILENT_REPR.fullmatch(said) else said) or metadata.get("caption") or "Chart"
    shown = (metadata.get("width"), metadata.get("height"))
    image = (
        safe_svg(data[kind], prefix=prefix, alt=alt)
        if kind == SVG_MIME
        else sanitise.image(data[kind], kind, alt, shown=shown)
    )
    return {
        "alt": plain(alt),
        "image": image,
        "caption": plain(metadata.get("caption", "")) or None,
        "rows": [],
        "columns": [],
    }


def numeric_columns(rows: list[list[Any]]) -> list[bool]:
    """Return which columns of a chart's data hold numbers or nothing, and at least one number."""
    columns = zip(*rows, strict=False)
    return [
        any(_is_number(cell) for cell in column) and all(cell is None or _is_number(cell) for cell in column)
        for column in columns
    ]


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def plainly(value: float, language: str) -> str:
    """Return a number of a chart's data as its table shows it: four significant digits, years and counts whole.

    >>> plainly(1234.5678, "en"), plainly(0.0123456, "en"), plainly(2026, "en")
    ('1,235', '0.01235', '2,026')
    """
    return forms.decimal(value, language) if abs(value) >= 1000 else forms.significant(value, language, digits=4)
