"""One output of a cell as a block of the page: a finding, chart, table, panel or text, made safe."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from nbformat import NotebookNode

from fanops_utils.playbook.checks import CHECKS_MIME, RANK
from fanops_utils.playbook.findings import FINDING_MIME
from fanops_utils.playbook.result import RESULT_MIME
from fanops_utils.reports.page import sanitise
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.reports.page.text import clean, plain

SVG_MIME = "image/svg+xml"
CHART_MIMES = (SVG_MIME, "image/png", "image/webp", "image/jpeg")
SILENT_REPR = re.compile(r"<(?:Figure|Axes|matplotlib)[^\n]*>|None")
DATA_ROWS = 200


class Block(NamedTuple):
    """One thing on the page; `kind` is markdown, subheading, code, html, text, chart, finding, trust or plays."""

    kind: str
    value: Any


def read_output(output: NotebookNode, prefix: str) -> Block | None:
    """Return what *output* puts on the page, made safe (None: nothing); *prefix* keeps the ids of charts apart."""
    if output.output_type == "stream":
        return Block("text", sanitise.console(output.text)) if output.name == "stdout" and output.text.strip() else None
    data = output.get("data", {})
    if output.output_type == "error" or RESULT_MIME in data:
        return None
    if isinstance(data.get(FINDING_MIME), dict):
        return Block("finding", clean(data[FINDING_MIME]))
    if chart := next((mime for mime in CHART_MIMES if mime in data), None):
        return Block("chart", _chart(data, chart, output.metadata.get(chart, {}), prefix))
    if checks := _checks(data.get(CHECKS_MIME)):
        return Block("trust", checks)
    if "text/html" in data:
        kind = "plays" if 'class="plays' in data["text/html"] else "html"
        return Block(kind, sanitise.html(data["text/html"]))
    if "text/markdown" in data:
        return Block("markdown", data["text/markdown"])
    text = data.get("text/plain", "")
    return Block("text", sanitise.console(text)) if text and not SILENT_REPR.fullmatch(text) else None


def _checks(found: object) -> dict[str, list[dict[str, Any]]] | None:
    """Return the checks of a trust panel as `open` (worst first) and `passed`; None where there is no valid panel."""
    checks = clean(found) if isinstance(found, list) else []
    if not checks or not all(isinstance(check, dict) and check.get("status") in RANK for check in checks):
        return None
    ordered = sorted(checks, key=lambda check: RANK[check["status"]])
    passed = [check for check in ordered if check["status"] == "PASS"]
    return {"open": ordered[: len(ordered) - len(passed)], "passed": passed}


def _chart(data: NotebookNode, mime: str, metadata: dict[str, Any], prefix: str) -> dict[str, Any]:
    said = data.get("text/plain", "")
    alt = metadata.get("alt") or ("" if SILENT_REPR.fullmatch(said) else said) or metadata.get("caption") or "Chart"
    table = clean(metadata.get("data") or {})
    rows = [[_number(cell) for cell in row] for row in table.get("rows", [])[:DATA_ROWS]]
    return {
        "alt": plain(alt),
        "caption": plain(metadata.get("caption", "")),
        "image": safe_svg(data[mime], prefix=prefix, alt=alt)
        if mime == SVG_MIME
        else sanitise.image(data[mime], mime, alt, shown=(metadata.get("width"), metadata.get("height"))),
        "columns": table.get("columns", []),
        "rows": rows,
        "numeric": [sanitise.is_numeric(column) for column in zip(*rows, strict=False)],
        "left_out": max(0, len(table.get("rows", [])) - DATA_ROWS),
    }


def _number(value: object) -> str:
    """Return a value of a chart's data as its table shows it.

    >>> _number(1234.5678), _number(2026), _number(None)
    ('1,234.57', '2026', '–')
    """
    if value is None or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and abs(value) > 9999 else str(value)
