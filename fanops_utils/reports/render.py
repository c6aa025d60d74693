"""An executed notebook as one self-contained HTML page: the verdict first, code and provenance folded away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from fanops_utils.playbook.checks import CHECKS_MIME
from fanops_utils.playbook.findings import FINDING_MIME
from fanops_utils.playbook.result import RESULT_MIME
from fanops_utils.reports import chrome, sanitise

ERROR_TAG = "papermill-error-cell-tag"
SVG_MIME = "image/svg+xml"
CHART_MIMES = (SVG_MIME, "image/png", "image/webp", "image/jpeg")
SILENT_REPR = re.compile(r"<(?:Figure|Axes|matplotlib)[^\n]*>|None")
ORDER = ("intro", "", "plays", "limits", "definitions")
LAST_SECTIONS = {
    "limits": {"limits", "limitations", "局限", "限制"},
    "definitions": {"definitions", "definitions and sources", "定义", "定义与来源"},
}
RESERVED_IDS = ("main", "provenance", "stopped", "switch-code", "switch-theme")
TRACEBACK_LINES, DATA_ROWS = 15, 200


@dataclass(frozen=True)
class Page:
    """What the run knows of a report, beside its notebook; `started` is UTC, `error` one plain sentence."""

    notebook: str
    parameters: dict[str, Any]
    status: str
    run_id: str
    workspace: str
    started: datetime
    seconds: float
    language: str = "en"
    error: str = ""
    provenance: dict[str, str] = field(default_factory=dict)
    home: str = "index.html"


class Block(NamedTuple):
    """One thing on the page; `kind` is markdown, code, html, text, chart, finding, trust or plays."""

    kind: str
    value: Any


@dataclass
class Section:
    """The blocks under one H2; the first finding among them titles it."""

    question: str
    slug: str
    kind: str = ""
    blocks: list[Block] = field(default_factory=list)

    @property
    def finding(self) -> dict[str, Any] | None:
        return next((block.value for block in self.blocks if block.kind == "finding"), None)

    @property
    def code(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "code"]

    @property
    def content(self) -> list[Block]:
        return [block for block in self.blocks if block.kind != "code"]


class Outline(NamedTuple):
    """The page's parts in order; `stopped` describes the cell that failed, where one did."""

    title: str
    sections: list[Section]
    stopped: dict[str, str] | None


def render_report(notebook: NotebookNode, page: Page) -> str:
    """Return *notebook* as one HTML page that needs no outside resource; nothing in it is trusted.

    Raises ParameterError for a language the page has no words for. Method: nbconvert templates, nh3 allow-lists.
    """
    frame = chrome.frame(page.language, scripts=("page.js",), styles=("page.css", "report.css"))
    unfinished = page.status in chrome.UNFINISHED
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name="fanops",
        file_extension=".html",
        extra_template_basedirs=[str(chrome.TEMPLATES)],
        filters={
            "outline": partial(outline, unfinished=unfinished, checks=frame["words"]["checks"]),
            "markdown": _markdown,
            "python": _python,
            "anchor": sanitise.slug,
        },
    )
    resources = {
        "page": sanitise.clean({**asdict(page), "started": f"{page.started:%Y-%m-%d %H:%M} UTC"}),
        "run_date": f"{page.started:%Y-%m-%d}",
        "duration": chrome.duration(page.seconds),
        "home": sanitise.link(page.home),
        "result": None if unfinished else sanitise.clean(find_result(notebook)),
        "unfinished": unfinished,
        "frame": frame,
    }
    exporter.environment.autoescape = True
    body, _ = exporter.from_notebook_node(notebook, resources=resources)
    return sanitise.tidy(body)


def find_result(notebook: NotebookNode) -> dict[str, Any] | None:
    """Return the last result object that *notebook* shows, or None where it ended before one."""
    bundles = [output.get("data", {}).get(RESULT_MIME) for cell in notebook.cells for output in cell.get("outputs", [])]
    return next((dict(bundle) for bundle in reversed(bundles) if isinstance(bundle, dict)), None)


def outline(notebook: NotebookNode, *, unfinished: bool, checks: str) -> Outline:
    """Return the parts of *notebook* in the page's order: intro, trust, findings, plays, limits, definitions.

    *checks* titles a trust panel that stands before the first H2. Of an *unfinished* notebook only what ran is kept.
    """
    cells = [cell for cell in notebook.cells if ERROR_TAG not in cell.metadata.get("tags", [])]
    title, cells = _title(cells)
    failing = next((place for place, cell in enumerate(cells) if unfinished and _error(cell)), None)
    if unfinished and failing is None:
        ran = [place for place, cell in enumerate(cells) if cell.get("outputs") or cell.get("execution_count")]
        cells = cells[: max(ran, default=0) + 1]
    sections = _split(cells[:failing], checks=checks)
    stopped = _stopped(cells[failing], sections[-1].question) if failing is not None else None
    ordered = sorted(sections, key=lambda section: ORDER.index(section.kind))
    return Outline(title, [section for section in ordered if section.blocks], stopped)


def _title(cells: list[NotebookNode]) -> tuple[str, list[NotebookNode]]:
    """Return the H1 and the cells without it."""
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown" and (match := re.search(r"^#[ \t]+(.+)$", cell.source, re.MULTILINE)):
            rest = copy(cell)
            rest.source = cell.source[: match.start()] + cell.source[match.end() :]
            return _inline(match[1]), [*cells[:place], rest, *cells[place + 1 :]]
    return "", cells


def _split(cells: list[NotebookNode], *, checks: str) -> list[Section]:
    sections = [Section("", "", "intro")]
    slugs = Counter(RESERVED_IDS)
    seen: set[str] = set()
    for place, cell in enumerate(cells):
        for block in _blocks(cell, place):
            if block.kind == "heading":
                sections.append(_section(block.value, slugs))
                continue
            if block.kind == "trust" and len(sections) == 1:
                sections.append(_section(checks, slugs))
            if block.kind == "finding":
                if block.value["id"] in seen:
                    continue
                seen.add(block.value["id"])
            if block.kind == "plays":
                sections[-1].kind = "plays"
            sections[-1].blocks.append(block)
    return sections


def _section(question: str, slugs: Counter[str]) -> Section:
    slug = sanitise.slug(question.lower())
    slugs[slug] += 1
    kind = next((kind for kind, titles in LAST_SECTIONS.items() if question.casefold() in titles), "")
    return Section(question, slug if slugs[slug] == 1 else f"{slug}-{slugs[slug]}", kind)


def _blocks(cell: NotebookNode, place: int) -> Iterator[Block]:
    if cell.cell_type == "markdown":
        yield from _markdown_blocks(cell.source)
    elif cell.cell_type == "code":
        outputs = [_output(output, f"c{place}-{index}-") for index, output in enumerate(cell.get("outputs", []))]
        shown = [block for block in outputs if block]
        yield from shown
        if cell.source.strip() and not cell.metadata.get("transient", {}).get("remove_source"):
            yield Block("code", {"source": cell.source, "number": cell.get("execution_count"), "quiet": not shown})


def _markdown_blocks(source: str) -> Iterator[Block]:
    """Split at H2 lines that stand outside fenced code."""
    lines: list[str] = []
    fenced = False
    for line in source.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced and (match := re.match(r"##[ \t]+(.+)", line)):
            yield from [Block("markdown", "\n".join(lines))] * bool("".join(lines).strip())
            yield Block("heading", _inline(match[1]))
            lines = []
        else:
            lines.append(line)
    yield from [Block("markdown", "\n".join(lines))] * bool("".join(lines).strip())


def _output(output: NotebookNode, prefix: str) -> Block | None:
    if output.output_type == "stream":
        return Block("text", sanitise.console(output.text)) if output.name == "stdout" and output.text.strip() else None
    data = output.get("data", {})
    if output.output_type == "error" or RESULT_MIME in data:
        return None
    if isinstance(data.get(FINDING_MIME), dict):
        return Block("finding", sanitise.clean(data[FINDING_MIME]))
    if chart := next((mime for mime in CHART_MIMES if mime in data), None):
        return Block("chart", _chart(data, chart, output.metadata.get(chart, {}), prefix))
    if "text/html" in data:
        kind = "trust" if CHECKS_MIME in data else "plays" if 'class="plays' in data["text/html"] else "html"
        return Block(kind, sanitise.html(data["text/html"]))
    if "text/markdown" in data:
        return Block("markdown", data["text/markdown"])
    text = data.get("text/plain", "")
    return Block("text", sanitise.console(text)) if text and not SILENT_REPR.fullmatch(text) else None


def _chart(data: NotebookNode, mime: str, metadata: dict[str, Any], prefix: str) -> dict[str, Any]:
    plain = data.get("text/plain", "")
    alt = metadata.get("alt") or ("" if SILENT_REPR.fullmatch(plain) else plain) or metadata.get("caption") or "Chart"
    table = sanitise.clean(metadata.get("data") or {})
    rows = [[_number(cell) for cell in row] for row in table.get("rows", [])[:DATA_ROWS]]
    return {
        "alt": sanitise.plain(alt),
        "caption": sanitise.plain(metadata.get("caption", "")),
        "image": sanitise.svg(data[mime], prefix=prefix, alt=alt)
        if mime == SVG_MIME
        else sanitise.image(data[mime], mime, alt),
        "columns": table.get("columns", []),
        "rows": rows,
        "numeric": [sanitise.is_numeric(column) for column in zip(*rows, strict=False)],
        "left_out": max(0, len(table.get("rows", [])) - DATA_ROWS),
    }


def _error(cell: NotebookNode) -> NotebookNode | None:
    return next((output for output in cell.get("outputs", []) if output.output_type == "error"), None)


def _stopped(cell: NotebookNode, question: str) -> dict[str, str]:
    error = _error(cell)
    assert error is not None
    return {
        "question": question,
        "number": str(cell.get("execution_count") or ""),
        "error": sanitise.plain(f"{error.ename}: {error.evalue}", 500),
        "source": cell.source,
        "traceback": sanitise.console("\n".join(error.traceback), lines=TRACEBACK_LINES, last=True),
    }


def _markdown(source: str) -> Markup:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return sanitise.html(MarkdownWithMath(renderer=renderer).render(source))


def _inline(source: str) -> str:
    """Return a markdown heading as plain text, without its marks."""
    return sanitise.plain(_markdown(source).striptags(), 300)


def _python(source: str) -> Markup:
    return Markup(highlight(sanitise.plain(source, 20_000), PythonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704


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
