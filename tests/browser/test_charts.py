"""Every form of chart in a browser: no letter under 11 px on a phone, none cut, none upon another."""

from __future__ import annotations

from pathlib import Path

import pytest
from chart_gallery import CASES, DRAW
from playwright.sync_api import Browser

from fanops_utils.reports.page.chrome import TEMPLATES
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.text.catalogue import languages
from fanops_utils.text.showing import drawing

SHOWN = {"en": ("normal", "one row", "long names"), "zh-Hans": ("normal", "CJK names")}
FAULTS = """smallest => [...document.querySelectorAll('figure')].flatMap(figure => {
  const seen = text => text.getBoundingClientRect().width && text.textContent.trim()
  const texts = [...figure.querySelectorAll('svg text')].filter(seen), faults = []
  if (!texts.length) return [`${figure.id}: no words`]
  const sheet = texts[0].ownerSVGElement, edge = sheet.getBoundingClientRect()
  const scale = edge.width / sheet.viewBox.baseVal.width
  const boxes = texts.map(text => {
    const box = text.getBoundingClientRect(), air = box.height * 0.2
    const size = parseFloat(getComputedStyle(text).fontSize) * scale
    if (size < smallest) faults.push(`${figure.id}: ${size.toFixed(1)} px: ${text.textContent}`)
    return {left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air, text: text.textContent}
  })
  for (const box of boxes)
    if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
      faults.push(`${figure.id}: cut: ${box.text}`)
  boxes.forEach((one, place) => boxes.slice(0, place).forEach(other => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
    if (across > 1 && down > 1) faults.push(`${figure.id}: ${one.text} upon ${other.text}`)
  }))
  return faults
})"""


@pytest.fixture(scope="module", params=[language for language in SHOWN if language in languages()])
def gallery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of every form in one language, with the style of reports."""
    language, figures = request.param, []
    for name in DRAW:
        for case in SHOWN[language]:
            chart, ident = DRAW[name](CASES[case]), f"{name}-{case.replace(' ', '-')}"
            wide, narrow = (
                safe_svg(chart.svg(language, narrow=small), prefix=f"{ident}-{small}-", alt=name)
                for small in (False, True)
            )
            figures.append(f'<figure class="chart" id="{ident}">{drawing(wide, narrow)}</figure>')
    style = "".join((TEMPLATES / "fanops" / name).read_text(encoding="utf-8") for name in ("page.css", "report.css"))
    head = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>charts</title><style>{style}</style>'
    path = tmp_path_factory.mktemp("charts") / f"{language}.html"
    path.write_text(f'{head}<main style="padding:16px">{"".join(figures)}</main>', encoding="utf-8")
    return path


@pytest.mark.parametrize("across", [390, 1600])
def test_words_of_every_chart_can_be_read(gallery: Path, across: int, browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": across, "height": 900})
    tab.goto(gallery.as_uri())
    assert tab.evaluate(FAULTS, 11) == []
    assert tab.evaluate("document.documentElement.scrollWidth") == across, "no chart widens the page"
    drawn = tab.evaluate(
        "[...document.querySelectorAll('.drawn > *')].filter(one => one.offsetHeight).map(one => one.className)"
    )
    assert set(drawn) == {"narrow" if across == 390 else "wide"}
    tab.close()
