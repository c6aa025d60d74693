"""The objects of a report in JupyterLab: legible in its light and its dark theme, aligned, the verdict the largest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
THEMES = ("JupyterLab Light", "JupyterLab Dark")
LEGIBLE = 4.5
ERROR = "[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']"
CELLS = (
    """import pandas as pd
from fanops_utils.charts import Words, bars, table
from fanops_utils.playbook import Check, Finding, KeyNumber, KeyNumbers, Result, Section, TrustPanel
from fanops_utils.text import Count, Percent, Sentences, Written
frame = pd.DataFrame({"format": ["images", "short videos"], "rate": [0.05, 0.06], "posts": [37, 96]})
frame["own"] = [True, False]""",
    """drawn = Words(title=Written("Rates"), alt=Written("5%, 6%"), caption=Written("n = posts"), axis=Written("rate"))
columns = {"format": Written("Format"), "posts": Written("Posts")}
said = {"title": "Short videos earn more", "text": "6% against 5%.", "method": "A mean."}
finding = Finding(id="rate", **{name: Written(text) for name, text in said.items()})
Section.of(
    finding, bars(frame, label="format", value="rate", words=drawn),
    table(frame, columns=columns, caption=Written("Posts by format"), formats={"posts": Count}),
)""",
    """names = ("Followers of all channels", "Interactions", "Views in 28 days")
KeyNumbers.of([
    KeyNumber(id=str(place), label=Written(name), value=Percent(0.1), note=Written("a note that is longer than its tile"))
    for place, name in enumerate(names)
])""",
    """states = {"age": "REVIEW", "gaps": "PASS"}
panel = TrustPanel.of([
    Check(code=code, name=Written(code), status=status, finding=Written("as it is")) for code, status in states.items()
])
panel""",
    """said = Sentences((Written("Short videos earn 1.2 times as much."), Written("Sure to 95%.")))
Result.conclude((said, "good"), answers=(finding,), plays=(), trust=panel, facts=())""",
)

# Every word seen, with the contrast of its letters against what lies behind them, opacity counted.
FAINT = """least => {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const upon = (top, under, a) => [0, 1, 2].map(place => top[place] * a + under[place] * (1 - a))
  const ancestors = start => { const all = []; for (let at = start; at; at = at.parentElement) all.push(at); return all }
  const behind = start => ancestors(start).reverse().reduce((under, at) => {
    const colour = rgba(getComputedStyle(at).backgroundColor)
    return upon(colour, under, colour[3])
  }, [255, 255, 255])
  const light = colour => {
    const [r, g, b] = colour.map(part => part / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const own = at => [...at.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
  const words = [...document.querySelectorAll('.jp-OutputArea-output .fanops *')].filter(at =>
    own(at) && !at.closest('style') && at.getBoundingClientRect().width)
  const faint = words.flatMap(at => {
    const style = getComputedStyle(at), paper = behind(at)
    const ink = rgba(at.closest('svg') ? style.fill : style.color)
    const seen = ancestors(at).reduce((share, one) => share * getComputedStyle(one).opacity, ink[3])
    const [dim, bright] = [light(upon(ink, paper, seen)), light(paper)].sort((a, b) => a - b)
    const contrast = (bright + 0.05) / (dim + 0.05)
    return contrast < least ? [`${at.textContent.trim()}: ${contrast.toFixed(2)}`] : []
  })
  const count = what => words.filter(at => at.closest(what)).length
  return {faint, chart: count('svg'), table: count('table'), tiles: count('.tiles')}
}"""
SHAPE = """() => {
  const all = what => [...document.querySelectorAll('.jp-OutputArea-output .fanops ' + what)]
  const size = at => parseFloat(getComputedStyle(at).fontSize)
  const tiles = all('.tiles > div').flatMap(tile => [...tile.children].map((line, place, lines) => ({
    above: place ? lines[place - 1].getBoundingClientRect().bottom : -Infinity,
    top: line.getBoundingClientRect().top,
    left: line.getBoundingClientRect().left - tile.getBoundingClientRect().left,
  })))
  const cells = all('tr > :first-child')
  return {
    verdict: size(all('.verdict')[0]), text: size(all('p:not([class])')[0]),
    aligned: cells.map(cell => getComputedStyle(cell).textAlign),
    upon: tiles.filter(line => line.top < line.above - 1).length, lefts: new Set(tiles.map(one => Math.round(one.left))).size,
    share: all('.verdict')[0].closest('.fanops').clientWidth / all('.verdict')[0].closest('.jp-OutputArea-output').clientWidth,
  }
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab with one small notebook, with settings of its own; return the notebook's address."""
    if find_spec("jupyterlab") is None:
        pytest.skip("JupyterLab is not installed: pip install jupyterlab to look at notebooks in it")
    home = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    (home / "work").mkdir()
    nbformat.write(notebook, home / "work" / "shown.ipynb")
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8")
    names = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    names |= {f"JUPYTER_{name}_DIR": name.lower() for name in ("CONFIG", "RUNTIME", "DATA")}
    names |= {"IPYTHONDIR": "ipython"}
    where = {name: str(home / folder) for name, folder in names.items()}
    options = [
        "--allow-root",
        "--no-browser",
        "--port=0",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--log-level=INFO",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={home / 'work'}"],
        env={**os.environ, **where, "PYTHONPATH": str(ROOT), "FANOPS_ROOT": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stderr is not None
        address = next((line.split()[-1] for line in server.stderr if "http://127.0.0.1:" in line), None)
        # What it says later is read and forgotten: a full pipe would stop it.
        Thread(target=server.stderr.read, daemon=True).start()
        try:
            assert address, "JupyterLab did not start"
            yield f"{address.split('/lab')[0]}/lab/tree/shown.ipynb"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: str) -> Iterator[Page]:
    """Open the notebook and run its cells."""
    page = browser.new_page(viewport={"width": 1400, "height": 2400})
    page.goto(lab)
    page.locator("#jp-bottom-panel, #jp-main-statusbar").get_by_text("| Idle").first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.locator(".jp-CodeCell").nth(len(CELLS) - 1).wait_for()
    choose(page, "Run", "Run All Cells")
    page.locator(f".jp-OutputArea-output .fanops .verdict, {ERROR}").first.wait_for()
    assert page.locator(ERROR).all_inner_texts() == []
    yield page
    page.close()


def choose(page: Page, menu: str, *entries: str) -> None:
    """Choose an entry of a menu, over its submenus."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    *over, last = [page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True) for entry in entries]
    for entry in over:
        entry.hover()
    last.click()


def shown_in(page: Page, theme: str) -> None:
    """Show *page* in *theme*, and wait until its colours are there."""
    if page.locator("body").get_attribute("data-jp-theme-name") == theme:
        return
    colour = "getComputedStyle(document.body).getPropertyValue('--jp-layout-color0')"
    before = page.evaluate(colour)
    choose(page, "Settings", "Theme", theme)
    page.wait_for_function(f"""([theme, before]) =>
        document.body.dataset.jpThemeName === theme && {colour} && {colour} !== before""", arg=[theme, before])  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_letters_are_legible_in_both_themes(notebook: Page, theme: str) -> None:
    shown_in(notebook, theme)
    seen: dict[str, Any] = notebook.evaluate(FAINT, LEGIBLE)
    assert seen["faint"] == []
    assert min(seen[part] for part in ("chart", "table", "tiles")) >= 4


def test_cells_and_tiles_stand_in_line_and_the_verdict_stands_out(notebook: Page) -> None:
    shape: dict[str, Any] = notebook.evaluate(SHAPE)
    assert shape["verdict"] >= 1.4 * shape["text"]
    assert set(shape["aligned"]) == {"left"}
    assert (shape["upon"], shape["lefts"]) == (0, 1)
    assert shape["share"] > 0.95
