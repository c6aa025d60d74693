"""The page of the metrics, one per language, beside the index of a run: every definition the reports go by."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader

import fanops_utils
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import language_attribute, link, tidy
from fanops_utils.reports.planning.names import METRICS, page_name
from fanops_utils.reports.reuse.files import linked, write_text
from fanops_utils.text import catalogue


def render_metrics(
    *, language: str = "en", pages: Mapping[str, str] = MappingProxyType({}), index: str = "index.html"
) -> str:
    """Return the page of all metrics in *language*; *pages* are its own names by language, *index* leads back.

    Raises ParameterError for a language there is no catalogue of.
    """
    from fanops_utils.metrics.catalogue.describing import by_subject, reasons  # here: a kept page needs no library

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


def write_metrics(folder: Path, *, kept: Path, languages: Sequence[str] = ("en",)) -> Path:
    """Write the page in all *languages* into *folder*, beside the index there, and return that in the first.

    `metrics.html`, in further languages `metrics.zh-Hans.html` and so on. They say the same until a definition, a template
    or a catalogue changes: they are made once, into the folder *kept*, and linked from there. Raises OSError where they
    cannot be written.
    """
    names = {language: page_name(METRICS, language, languages) for language in languages}
    shelf = kept / _digest(languages)
    if not all((shelf / name).is_file() for name in names.values()):
        shutil.rmtree(kept, ignore_errors=True)
        shelf.mkdir(parents=True)
        for language, name in names.items():
            index = page_name("index", language, languages)
            write_text(shelf / name, render_metrics(language=language, pages=names, index=index))
    for name in names.values():
        linked(shelf / name, folder / name)
    return folder / names[languages[0]]


def _digest(languages: Sequence[str]) -> str:
    """Return what the pages depend on, in few characters: definitions, breaks, templates, catalogues, languages."""
    package = Path(fanops_utils.__file__).parent
    sources = [*sorted((package / "metrics" / "catalogue").rglob("*.py")), *sorted(chrome.TEMPLATES.rglob("*.*"))]
    sources += [catalogue.FOLDER / f"{language}.po" for language in languages if language != catalogue.SOURCE]
    found = sha256(repr(tuple(languages)).encode())
    for path in sources:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
