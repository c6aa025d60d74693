"""A real browser and the pages it opens: an index and the reports of one run, as files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from reports.page.test_render import PAGE, failed_notebook, sample_notebook
from reports.site.test_pages import sample_manifest

from fanops_utils.reports.page.render import render_report
from fanops_utils.reports.site.pages import render_index
from fanops_utils.text import Unit, say, term

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Open = Callable[..., Page]
RUNS = [
    {
        "run_id": "b",
        "started": "2026-11-22T06:00:00",
        "counts": {"succeeded": 5, "failed": 2},
        "href": "",
        "current": True,
    },
    {"run_id": "a", "started": "2026-11-15T06:00:00", "counts": {"cached": 7}, "href": "../a/index.html"},
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    path = next((name for name in found if name), None)
    if path is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop("no Chromium found: install chromium to look at the pages in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


def measured_manifest() -> dict[str, Any]:
    """Return the sample manifest with numbers of one notebook in two markets."""
    manifest = sample_manifest()
    people, change = Unit("count", term("people", "unit")), Unit("change", term("per 28 days", "unit"))
    for job, growth, reach in zip(manifest["jobs"][:2], (0.026, -0.042), (1200, 8700), strict=True):
        for name, value, unit in (("Reach", reach, people), ("Growth", growth, change)):
            numbers = {"estimate": value, "ci_lower": value, "ci_upper": value, "unit": unit.to_json()}
            words = {"title": say(name).to_json(), "label": term(name, "a finding").to_json()}
            job["findings"].append({"id": name.lower(), "severity": "good", **words, **numbers})
    return manifest


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    names = {"en": "market_analysis-BR.html", "zh-Hans": "market_analysis-BR.zh-Hans.html"}
    homes = {"en": "../index.html", "zh-Hans": "../index.zh-Hans.html"}
    files = tuple(
        {"file": f"market_analysis-BR.{name}", "kind": kind, "language": "en", "title": title, "rows": 3, "private": False}
        for name, kind, title in (("days.ics", "ics", say("Days").to_json()), ("list.csv", "csv", say("List").to_json()),
                                  ("xlsx", "xlsx", None))
    )  # fmt: skip
    page = replace(PAGE, pages=names, home=homes, files=files)
    failed = replace(page, status="failed", error=say("The column 'reach' is missing."), pages={})
    indexes = {language: Path(home).name for language, home in homes.items()}
    manifest = measured_manifest()
    pages = {
        **{name: render_index(manifest, runs=RUNS, language=code, pages=indexes) for code, name in indexes.items()},
        **{f"research/{name}": render_report(sample_notebook(), page, language=code) for code, name in names.items()},
        "research/market_analysis-JP.html": render_report(failed_notebook(), failed),
    }
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for file in files:
        (folder / "research" / str(file["file"])).write_text(str(file["kind"]), encoding="utf-8")
    return folder


@pytest.fixture
def open_page(browser: Browser, site: Path) -> Iterator[Open]:
    """Open a page of the run; fail at the end if it logged an error or asked for anything but itself."""
    contexts, problems, requests = [], [], []

    def open_one(name: str, *, width: int = 1280, height: int = 900, prepare: str = "", **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if prepare:
            context.add_init_script(prepare)
        page = context.new_page()
        page.on(
            "console", lambda message: problems.append(message.text) if message.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((site / name).as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []
    assert requests and all(url.startswith((site.as_uri(), "data:image/")) for url in requests)
