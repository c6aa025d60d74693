"""The pages of the demo's own notebooks in a browser: accessible, calm, whole, in each language and theme."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.test_pages import OUTSIDE
from playwright.sync_api import Browser, Page
from reports.site.test_publish import run_of

Look = Callable[[Path], Page]
TOPICS = ("market_analysis", "audience_personas", "experiment_readout", "campaign_retrospective")
MORE = ("campaign_plan", "campaign_league", "experiment_plan", "experiment_portfolio", "validation")
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SHIFTS = """window.shifts = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({type: "layout-shift", buffered: true});"""


@pytest.fixture(scope="module")
def demo_pages(demo_run: dict[str, Any]) -> dict[str, Path]:
    """One page of each notebook and the index, in English and in Chinese, as the run wrote them."""
    run = Path(demo_run["run_dir"])
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    pages = {"index": run / "index.html", "index-zh": run / "index.zh-Hans.html"}
    for topic in (*TOPICS, *MORE):
        job = next(job for job in manifest["jobs"] if topic in job["notebook"])
        pages[topic], pages[f"{topic}-zh"] = run / job["pages"]["en"], run / job["pages"]["zh-Hans"]
    return pages


@pytest.fixture(scope="module")
def look(browser: Browser) -> Iterator[Look]:
    """Open a file in one shared tab that notes layout shifts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.add_init_script(SHIFTS)
    page = context.new_page()

    def open_file(path: Path) -> Page:
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        return page

    yield open_file
    context.close()


@pytest.mark.parametrize("name", ["index", "index-zh", *TOPICS, *MORE, *(f"{topic}-zh" for topic in TOPICS)])
def test_axe_finds_nothing_serious(look: Look, demo_pages: dict[str, Path], name: str) -> None:
    page = look(demo_pages[name])
    assert serious(page, *WCAG) == []
    if not name.endswith("-zh"):  # the colours of a page do not depend on its language
        page.emulate_media(color_scheme="dark")
        assert serious(page, "color-contrast") == []


def serious(page: Page, *rules: str) -> list[tuple[str, str]]:
    """Return the serious and critical violations of the axe *rules* (or tags), each with its first element."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": list(rules)}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("name", ["index", *TOPICS, *MORE])
def test_nothing_jumps_and_nothing_is_cut(look: Look, demo_pages: dict[str, Path], name: str) -> None:
    for width in (390, 1600):
        page = look(demo_pages[name])
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        assert sum(page.evaluate("window.shifts")) < 0.01
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("name", ["index", *TOPICS, *MORE])
def test_a_chinese_page_says_in_english_only_what_is_marked_so(
    look: Look, demo_pages: dict[str, Path], name: str
) -> None:
    page = look(demo_pages[f"{name}-zh"])
    words = page.evaluate("""() => {
      const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (/[a-z]+ [a-z]{2,} [a-z]+/.test(node.data) && parent.closest('[lang]').lang !== 'en') found.push(node.data.trim());
      }
      return found;
    }""")
    assert words == []


def test_latest_leads_to_the_newest_run_with_the_view_that_was_asked_for(look: Look, tmp_path: Path) -> None:
    run_of(tmp_path, "sample/weekly/20261122T060000Z")
    page = look(tmp_path / "sample/weekly/latest/index.html")
    page.wait_for_url("**/20261122T060000Z/index.html")
    page.goto((tmp_path / "sample/weekly/latest/index.html").as_uri() + "#market=BR")
    page.wait_for_url("**/20261122T060000Z/index.html#market=BR")
    assert page.locator("select[name=market]").input_value() == "BR"


PHONE = {"width": 390, "height": 844}
ALARM = ("Level 1", "10 March 2026", "packaging", "Head of social", "Head of community")  # level, since when, what, who


def test_an_alarm_is_read_on_a_phone_in_one_screen(browser: Browser, demo_run: dict[str, Any]) -> None:
    job = next(
        one for one in demo_run["jobs"] if "crisis_watch" in one["notebook"] and one["parameters"]["market"] == "DE"
    )
    assert below_the_screen(browser, Path(job["report"]), ALARM) == []


def below_the_screen(browser: Browser, path: Path, words: tuple[str, ...]) -> list[str]:
    """Return which of *words* a phone does not show before anybody scrolls."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path.as_uri())
    found = {one: page.locator("main").get_by_text(one) for one in words}
    boxes = {one: place.first.bounding_box() if place.count() else None for one, place in found.items()}
    context.close()
    return [one for one, box in boxes.items() if box is None or box["y"] + box["height"] > PHONE["height"]]
