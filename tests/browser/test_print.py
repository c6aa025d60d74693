"""Reports on paper: letters that can be read, nothing beyond the margin, no first sheet that is half empty."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

Sheets = Callable[[Path], Page]
WIDTH, HEIGHT = 680, 994  # px of an A4 sheet between the margins of page.css
LEAST = 6.0  # points of the smallest letter
PLAYBOOKS = (
    "launch_plan", "content_calendar", "fan_lifecycle", "community_operations", "partner_selection", "crisis_response",
    "team_operations",
)  # fmt: skip
OTHERS = {
    "campaign_retrospective": 4,
    "market_analysis": 5,
    "experiment_readout": 3,
}  # and how many sheets each may take
SMALL = """least => [...document.querySelectorAll('main *')].flatMap(one => {
  const words = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  if (!words || !one.getClientRects().length) return []
  const drawing = one.closest('svg'), box = drawing && drawing.getBoundingClientRect()
  const scale = box ? Math.min(box.width / drawing.viewBox.baseVal.width, box.height / drawing.viewBox.baseVal.height) : 1
  const points = parseFloat(getComputedStyle(one).fontSize) * scale * 0.75
  return points < least ? [`${points.toFixed(1)} pt: ${one.textContent.trim()}`] : []
})"""
BEYOND = """width => [...document.querySelectorAll('main *')].filter(one => {
  const box = one.getBoundingClientRect()
  return box.width && !one.children.length && !one.closest('svg') && box.right > width + 0.5
}).map(one => one.textContent.trim())"""
# Heads come again on the next sheet, but for what they hold as boxes of their own: a button is not drawn twice.
HEADS = """() => [...document.querySelectorAll('main thead')].filter(one => getComputedStyle(one).display !== 'table-header-group'
  || [...one.querySelectorAll('button')].some(button => getComputedStyle(button).display !== 'contents'))
  .map(one => one.textContent)"""
# Columns as wide and high as a sheet part a page as sheets do: by the same rules of what stays together.
PARTED = """([width, height]) => {
  Object.assign(document.body.style, {columnWidth: `${width}px`, columnGap: '40px', columnFill: 'auto', height: `${height}px`})
  const lowest = []
  for (const one of document.querySelectorAll('main *')) for (const box of one.children.length ? [] : one.getClientRects()) {
    const sheet = Math.floor(box.left / (width + 40))
    if (box.height) lowest[sheet] = Math.max(lowest[sheet] || 0, box.bottom / height)
  }
  return lowest
}"""


@pytest.fixture(scope="module")
def printed(browser: Browser) -> Iterator[Sheets]:
    """Open a file as it is printed, as wide as a sheet between its margins."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    page.emulate_media(media="print")

    def open_file(path: Path) -> Page:
        page.goto(path.as_uri())
        return page

    yield open_file
    context.close()


def pages_of(demo_run: dict[str, Any], topic: str) -> list[Path]:
    """Return the pages of *topic*'s first report, one a language."""
    run = Path(demo_run["run_dir"])
    jobs = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["jobs"]
    return [run / page for page in next(job for job in jobs if topic in job["notebook"])["pages"].values()]


@pytest.mark.parametrize("topic", [*PLAYBOOKS, *OTHERS])
def test_a_report_can_be_printed_and_read(printed: Sheets, demo_run: dict[str, Any], topic: str) -> None:
    for path in pages_of(demo_run, topic):
        page = printed(path)
        assert page.evaluate(SMALL, LEAST) == [], path.name
        assert page.evaluate(BEYOND, WIDTH) == [], path.name
        assert page.evaluate(HEADS) == [], path.name
        sheets = page.evaluate(PARTED, [WIDTH, HEIGHT])
        assert sheets[0] > 0.5, path.name
        assert len(sheets) <= OTHERS.get(topic, 7), path.name


@pytest.mark.parametrize(("style", "faults"), [("", (0, 0)), ("font-size:7px", (1, 0)), ("margin-left:900px", (0, 1))])
def test_small_letters_and_what_is_beyond_the_margin_are_seen(
    printed: Sheets, tmp_path: Path, style: str, faults: tuple[int, int]
) -> None:
    (tmp_path / "page.html").write_text(f"<main><p style='width:90px;{style}'>word</p></main>", encoding="utf-8")
    page = printed(tmp_path / "page.html")
    assert (len(page.evaluate(SMALL, LEAST)), len(page.evaluate(BEYOND, WIDTH))) == faults


@pytest.mark.parametrize(("kept", "full"), [("avoid", False), ("auto", True)])
def test_a_first_sheet_that_is_half_empty_is_seen(printed: Sheets, tmp_path: Path, kept: str, full: bool) -> None:
    rows = "".join("<p>word</p>" for _ in range(24))
    body = f"<body style='margin:0'><main><p>first</p><section style='break-inside:{kept};height:980px'>{rows}</section></main>"
    (tmp_path / "page.html").write_text(body, encoding="utf-8")
    sheets = printed(tmp_path / "page.html").evaluate(PARTED, [WIDTH, HEIGHT])
    assert (sheets[0] > 0.5) is full
