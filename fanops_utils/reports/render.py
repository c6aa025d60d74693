"""An executed notebook as one self-contained HTML page: the verdict first, code and provenance folded away."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from fanops_utils.playbook.result import RESULT_MIME
from fanops_utils.reports import chrome, sanitise
from fanops_utils.reports.outline import outline


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


def render_report(notebook: NotebookNode, page: Page) -> str:
    """Return *notebook* as one HTML page that needs no outside resource; nothing in it is trusted.

    Raises ParameterError for a language the page has no words for. Method: nbconvert templates, nh3 allow-lists.
    """
    frame = chrome.frame(page.language, scripts=("page.js",), styles=("page.css", "report.css"))
    unfinished = page.status in chrome.UNFINISHED
    exporter = TemplateExporter(
        template_name="fanops",
        file_extension=".html",
        extra_template_basedirs=[str(chrome.TEMPLATES)],
        filters={
            "outline": partial(outline, unfinished=unfinished, checks=frame["words"]["checks"]),
            "markdown": sanitise.markdown,
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


def _python(source: str) -> Markup:
    return Markup(highlight(sanitise.plain(source, 20_000), PythonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704
