"""Hostile texts in a real browser: nothing runs, nothing is asked for, everything can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from reports.page.test_hostile import CORPUS, pages


@pytest.mark.filterwarnings("ignore:Glyph")
def test_nothing_runs_and_everything_can_be_read(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: told.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if "evil" in request.url else None)
    page.on("popup", lambda _: told.append("popup"))
    for name, text in CORPUS.items():
        made = pages(text)
        for kind in made.keys() - {"pointer"} if name == "style attribute" else ("report", "index"):
            file = tmp_path / f"{kind}.html"
            file.write_text(made[kind], encoding="utf-8")
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == 390, (name, kind)
            assert page.locator("main").is_visible()
            assert page.url == file.as_uri()
        assert told == [], name
    seen = tmp_path / "seen.html"
    for name in ("script", "style attribute", "formula", "mention"):
        seen.write_text(pages(CORPUS[name])["report"], encoding="utf-8")
        page.goto(seen.as_uri())
        assert CORPUS[name] in page.locator("h1").inner_text()
    context.close()
