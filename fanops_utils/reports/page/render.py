"""An executed notebook as self-contained HTML pages, one per language: the verdict first, code and provenance folded away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from fanops_utils.playbook.facts import FACTS
from fanops_utils.reports.page import chrome, sanitise
from fanops_utils.reports.page.changed import MOST, changed_lines
from fanops_utils.reports.page.layout import laid_out
from fanops_utils.reports.page.outline import heading, outline
from fanops_utils.reports.page.outputs import numeric_columns, plainly
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.reports.page.text import clean, language_attribute, link, plain, short_paths, slug, tidy
from fanops_utils.text import Day, Sayable, Seconds
from fanops_utils.text.narrative import narrated
from fanops_utils.text.showing import mime

SUBJECTS = tuple(FACTS[name].to_json() for name in ("campaign", "experiment"))


@dataclass(frozen=True)
class Page:
    """What the run knows of a report, beside its notebook; `started` is UTC, `error` one plain sentence.

    `pages` are the names of the report's pages by language, the page's own among them; `home` those of the index.
    `files` lie beside the page, as the manifest says them.
    """

    notebook: str
    parameters: dict[str, Any]
    status: str
    run_id: str
    workspace: str
    started: datetime
    seconds: float
    error: Sayable | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    files: tuple[dict[str, Any], ...] = ()


def render_report(
    notebook: NotebookNode, page: Page, *, language: str = "en", changes: Sequence[Mapping[str, Any]] | None = None
) -> str:
    """Return *notebook* as one HTML page in *language* that needs no outside resource; nothing in it is trusted.

    *changes* since the last run are shown under the verdict: what was compared, whether it moved or not (nothing on a
    first run). Raises ParameterError for a language there is no catalogue of. Method: nbconvert templates, nh3 allow-lists.
    """
    frame = chrome.frame(language, scripts=("page.js",), styles=("page.css", "report.css"))
    unfinished = page.status in chrome.UNFINISHED
    result = None if unfinished else clean(find_result(notebook))
    ids = [finding["id"] for finding in result["findings"]] if result else []
    moved = changed_lines(changes or [], ids)
    resources = {
        "page": clean(
            {name: value for name, value in asdict(page).items() if name not in ("error", "pages", "home", "files")}
        ),
        "error": short_paths(chrome.spoken(page.error, language)) if page.error else "",
        "run_date": f"{page.started:%Y-%m-%d}",
        "started": f"{page.started:%Y-%m-%d %H:%M} UTC",
        "duration": Seconds(page.seconds),
        "home": link(page.home.get(language, "index.html")),
        "switches": chrome.switches(page.pages, language),
        "result": result,
        "files": [_linked(one) for one in page.files if one["language"] == language],
        "subject": _subject(result),
        "compared": bool(changes),
        "changes": moved[:MOST],
        "changes_total": len(moved),
        "unfinished": unfinished,
        "frame": frame,
    }
    body, _ = _exporter().from_notebook_node(notebook, resources=resources)
    return tidy(body)


def _subject(result: Mapping[str, Any] | None) -> Any:
    """Return the fact of *result* that says what the report is about: its campaign or experiment, else its first one in words."""
    told = (result or {}).get("facts") or []
    named = [value for label, value in told if label in SUBJECTS]
    worded = [value for _, value in told if not (isinstance(value, dict) and "count" in value)]
    return named[0] if named else worded[0] if worded else None


def prepare(notebook: NotebookNode, languages: Sequence[str]) -> None:
    """Make pages of a *notebook* yet to be executed, for nobody: code and narrative are rendered once for all of them."""
    first = Page("", {}, "succeeded", "", "", datetime.now(UTC), 0.0)
    for language in languages:
        render_report(notebook, first, language=language)


class PageExporter(TemplateExporter):
    """nbconvert's exporter, without the second copy and the second validation of a notebook just executed."""

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        # nbformat checked every output as it came from the kernel; once more was a third of a page's time.
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources


@cache
def _exporter() -> TemplateExporter:
    """Return the exporter with our templates, compiled once."""
    exporter = PageExporter(
        template_name="fanops",
        file_extension=".html",
        extra_template_basedirs=[str(chrome.TEMPLATES)],
        default_preprocessors=[],  # the template's own configuration names the one that has something to do
        filters={
            "outline": outline,
            "laid_out": laid_out,
            "spark": spark,
            "day": _day,
            "heading": heading,
            "markdown": narrative,
            "python": _python,
            "anchor": slug,
            "lang": language_attribute,
            "numeric_columns": numeric_columns,
            "plainly": plainly,
            "said": chrome.said,
            "spoken": chrome.spoken,
            "clause": chrome.clause,
        },
    )
    exporter.environment.autoescape = True
    return exporter


def _linked(file: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page says of a file beside it; the workbook has no title of its own."""
    return {**clean(dict(file)), "href": link(str(file["file"]))}


def spark(past: Any) -> Markup:
    """Return a key number's *past* as a line without axes; empty where fewer than two values are known."""
    from fanops_utils.charts.strips.sparkline import sparkline  # here: most pages are made without what draws

    values = past if isinstance(past, list) else []
    known = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return (
        safe_svg(sparkline(values), prefix="", alt="")
        if len(known) > 1 and len(known) == sum(v is not None for v in values)
        else Markup("")
    )


def _day(iso: Any) -> Any:
    """Return a day of a result as a day; what is none stays as it is."""
    try:
        return Day.of(date.fromisoformat(iso), form="iso")
    except (TypeError, ValueError):
        return iso


def narrative(source: str, language: str) -> Markup:
    """Return the markdown of a notebook as HTML in *language*."""
    return sanitise.markdown(narrated(source, language))


def find_result(notebook: NotebookNode) -> dict[str, Any] | None:
    """Return the last result object that *notebook* shows, or None where it ended before one."""
    bundles = [
        output.get("data", {}).get(mime("result")) for cell in notebook.cells for output in cell.get("outputs", [])
    ]
    return next((dict(bundle) for bundle in reversed(bundles) if isinstance(bundle, dict)), None)


@lru_cache(maxsize=1024)  # the same notebook for another market has the same code
def _python(source: str) -> Markup:
    return Markup(highlight(plain(source, 20_000), *_highlighter()))  # noqa: S704


@cache
def _highlighter() -> tuple[PythonLexer, HtmlFormatter[str]]:
    return PythonLexer(), HtmlFormatter(nowrap=True)
