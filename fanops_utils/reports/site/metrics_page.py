"""The page of the metrics, one per language, beside the index of a run: every definition the reports go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader

from fanops_utils.metrics.catalogue.describing import by_subject, reasons
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import language_attribute, link, tidy
from fanops_utils.reports.planning.names import page_name
from fanops_utils.reports.reuse.files import write_text

PAGE = "metrics"


def render_metrics(
    *, language: str = "en", pages: Mapping[str, str] = MappingProxyType({}), index: str = "index.html"
) -> str:
    """Return the page of all metrics in *language*; *pages* are its own names by language, *index* leads back.

    Raises ParameterError for a language there is no catalogue of.
    """
    environment = Environment(loader=FileSystemLoader(chrome.TEMPLATES / "fanops"), autoescape=True)
    environment.filters |= {"lang": language_attribute, "said": chrome.said, "spoken": chrome.spoken}
    page = environment.get_template("metrics.html.j2").render(
        frame=chrome.frame(language, scripts=("page.js",), styles=("page.css", "site.css", "metrics.css")),
        subjects=by_subject(),
        rules=reasons(),
        index=link(index),
        switches=chrome.switches(dict(pages), language),
    )
    return tidy(page)


def write_metrics(folder: Path, *, languages: Sequence[str] = ("en",)) -> Path:
    """Write the page in all *languages* into *folder*, beside the index there, and return that in the first.

    `metrics.html`, in further languages `metrics.zh-Hans.html` and so on. Raises OSError where it cannot be written.
    """
    names = {language: page_name(PAGE, language, tuple(languages)) for language in languages}
    for language, name in names.items():
        index = page_name("index", language, tuple(languages))
        write_text(folder / name, render_metrics(language=language, pages=names, index=index))
    return folder / names[languages[0]]
