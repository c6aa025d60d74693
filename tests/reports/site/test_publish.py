"""The pages around the runs on disk: links that lead somewhere from a folder, the newest run, all plans."""

from __future__ import annotations

import json
import re
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from conftest import BRAND
from reports.site.test_pages import finding, job, sample_manifest, texts
from typer.testing import CliRunner

from fanops_utils.cli import app
from fanops_utils.reports.planning.names import page_name
from fanops_utils.reports.site.publish import STRIP, publish


def run_of(reports: Path, place: str, *, languages: tuple[str, ...] = ("en",), **changes: Any) -> Path:
    """Write the run at *place* (workspace/plan/run) with its manifest, publish it in *languages*, return its folder."""
    workspace, plan, run = place.split("/")
    folder = reports / place
    (folder / "research").mkdir(parents=True)
    stamp = f"{run[:4]}-{run[4:6]}-{run[6:8]}T06:00:00+00:00"
    manifest = {**sample_manifest(), "workspace": workspace, "plan": plan, "run_id": run, "started": stamp, **changes}
    for one in manifest["jobs"]:
        if one.get("report"):
            stem = one["report"].removesuffix(".html")
            one["pages"] = {language: page_name(stem, language, languages) for language in languages}
            for name in one["pages"].values():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text("<p>report</p>", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    publish(manifest, folder, languages=languages)
    return folder


def read(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_every_link_of_every_page_leads_to_a_file(tmp_path: Path) -> None:
    for place in ("sample/weekly/20261115T060000Z", "sample/weekly/20261122T060000Z", "品牌/monthly/20261101T060000Z"):
        run_of(tmp_path, place)
    pages = list(tmp_path.rglob("index.html"))
    assert len(pages) == 3 + 2 + 2 + 1
    for page in pages:
        links = {link["href"].partition("#")[0] for link in read(page).select("a[href]")} - {""}
        assert links or page.parent.name == "latest"
        for link in links:
            assert (page.parent / unquote(link)).is_file(), f"{page}: {link}"


def test_every_page_is_there_in_every_language_and_leads_to_pages_in_it(tmp_path: Path) -> None:
    both = ("en", "zh-Hans")
    run_of(tmp_path, "sample/weekly/20261108T060000Z")  # before there was a second language
    run_of(tmp_path, "sample/weekly/20261115T060000Z", languages=both)
    run_of(tmp_path, "sample/weekly/20261122T060000Z", languages=both)
    english = sorted(tmp_path.rglob("index.html"))
    chinese = [page.with_name("index.zh-Hans.html") for page in english if "20261108" not in str(page)]
    assert len(english) == 3 + 1 + 1 + 1 and all(page.is_file() for page in chinese)
    for page in (*english, *chinese):
        soup, own = read(page), ".zh-Hans." if page in chinese else ".html"
        for link in soup.select("a[href]"):
            target = link["href"].partition("#")[0]
            assert not target or (page.parent / unquote(target)).is_file(), f"{page}: {target}"
            if target and "language" not in link.get("class", []) and "20261108" not in f"{page}{target}":
                assert own in target and (".zh-Hans." in target) == (page in chinese), f"{page}: {target}"
        if "20261108" not in str(page) and page.parent.name != "latest":
            assert [link["href"] for link in soup.select("a.language")] == [
                (english if page in chinese else chinese)[0].name
            ]


def test_latest_leads_to_the_newest_run_also_when_an_older_one_is_written_again(tmp_path: Path) -> None:
    run_of(tmp_path, "sample/weekly/20261122T060000Z")
    run_of(tmp_path, "sample/weekly/20261115T060000Z")
    pointer = (tmp_path / "sample/weekly/latest/index.html").read_text(encoding="utf-8")
    assert set(re.findall(r"\.\./(\w+)/index\.html", pointer)) == {"20261122T060000Z"}


def test_the_strip_shows_the_last_runs_newest_first_and_only_those_there_are(tmp_path: Path) -> None:
    for day in range(1, STRIP + 4):
        jobs = [job("Market analysis", "US", status="failed" if day == 3 else "succeeded")]
        folder = run_of(tmp_path, f"sample/weekly/202611{day:02}T060000Z", jobs=jobs)
    (tmp_path / "sample/weekly/20261130T060000Z").mkdir()  # killed before it had an index
    publish(json.loads((folder / "manifest.json").read_text(encoding="utf-8")), folder)
    shown = texts(read(folder / "index.html").select(".runs li"))
    days = range(STRIP + 3, 3, -1)
    assert shown == [f"✓ 2026-11-{day:02} 06:00" for day in days]


def test_overviews_list_each_plan_with_its_newest_run(tmp_path: Path) -> None:
    alerts = [finding("lost", "Lost", "alert"), finding("quiet", "Quiet", "watch"), finding("up", "Up", "good")]
    run_of(tmp_path, "sample/weekly/20261115T060000Z")
    run_of(tmp_path, "sample/weekly/20261122T060000Z", jobs=[job("Market analysis", "US", findings=alerts)])
    run_of(tmp_path, "other/monthly/20261101T060000Z", jobs=[])
    soup = read(tmp_path / "index.html")
    assert [link["href"] for link in soup.select(".name a")] == [
        "sample/weekly/20261122T060000Z/index.html", "other/monthly/20261101T060000Z/index.html",
    ]  # fmt: skip
    assert texts(soup.select(".says"))[0] == "▲ alert 1 ◆ watch 1"
    assert [link["href"] for link in read(tmp_path / "other/index.html").select(".name a")] == [
        "monthly/20261101T060000Z/index.html"
    ]


def test_open_takes_the_newest_run_of_any_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "brand").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    for place in ("weekly/20261115T060000Z", "monthly/20261122T060000Z", "weekly/20261108T060000Z"):
        run_of(tmp_path / "reports", f"brand/{place}")
    opened: list[str] = []
    monkeypatch.setenv("FANOPS_ROOT", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    for words in ([], ["--plan", "weekly"]):
        assert CliRunner().invoke(app, ["open", "-w", "brand", *words]).exit_code == 0
    assert [address.split("/")[-3:-1] for address in opened] == [
        ["monthly", "20261122T060000Z"], ["weekly", "20261115T060000Z"],
    ]  # fmt: skip
