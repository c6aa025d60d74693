"""The index of a run of many jobs: what making it costs, how large it is, and how long a key stroke of its search takes.

    python benchmarks/index.py [--jobs 2000]

A plan of eight notebooks of the simulated brand is run once (`fanops sample`, `fanops import` first). Its manifest is then
stretched to so many jobs: each is one of those reports, with every number in it drawn anew, so that no two say the same.
A browser opens the index (Chromium by playwright) and words are typed into its search, letter by letter; the time of a
stroke is from the event to the page laid out anew.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import random
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from batch import MAIN, spent
from common import Cost, forked
from limit import AT_ONCE
from record import Record

from fanops_utils.reports.site.pages import render_index

WORDS = ("interactions per follower", "market us", "price comments", "nobody says this")
PLAN = """name: index
workspace: sample
jobs:
  - {notebook: research/market_analysis, matrix: {market: [BR]}}
  - {notebook: research/content_performance, matrix: {market: [US]}}
  - {notebook: research/community_health, matrix: {market: [DE]}}
  - {notebook: research/commercialisation, matrix: {market: [US]}}
  - {notebook: campaigns/campaign_retrospective, matrix: {campaign: [spring_blend_br]}}
  - {notebook: experiments/experiment_readout, matrix: {experiment: [badge_design]}}
  - {notebook: monitoring/kpi_review, parameters: {market: US}}
  - {notebook: playbooks/launch_plan, parameters: {market: BR}}
"""
TYPE = """word => {
  const field = document.querySelector("input[name=search]"), took = [];
  for (let end = 1; end <= word.length; end++) {
    const began = performance.now();
    field.value = word.slice(0, end);
    field.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.offsetHeight;
    took.push(performance.now() - began);
  }
  return [took, document.getElementById("count").textContent];
}"""


def real_manifest(folder: Path) -> dict[str, Any]:
    """Run the plan in *folder* and return the manifest; end the benchmark where a report is not whole."""
    (folder / "index.yml").write_text(PLAN, encoding="utf-8")
    words = ["run", str(folder / "index.yml"), "--reports", str(folder), "--workers", str(AT_ONCE)]
    spent([sys.executable, "-c", MAIN, *words])
    (path,) = folder.glob("sample/index/*/manifest.json")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for job in manifest["jobs"]:
        if job["status"] != "succeeded" or job["failed_sections"]:
            raise SystemExit(f"{job['slug']}: {job['status']} {job['failed_sections']}")
    return manifest


def stretched(manifest: dict[str, Any], jobs: int) -> dict[str, Any]:
    """Return *manifest* with so many *jobs*, the given ones over and over, their numbers drawn anew each time."""
    draw, given = random.Random(7), manifest["jobs"]  # noqa: S311  (no secret)
    made = []
    for number in range(jobs):
        job = _varied(copy.deepcopy(given[number % len(given)]), draw)
        slug = f"{given[number % len(given)]['slug']}-{number}"
        made.append(job | {"slug": slug, "report": f"{slug}.html", "pages": {"en": f"{slug}.html"}})
    return manifest | {"jobs": made}


def _varied(value: Any, draw: random.Random) -> Any:
    """Return *value* with every number that is not whole multiplied by one near 1."""
    if isinstance(value, dict):
        return {name: _varied(inner, draw) for name, inner in value.items()}
    if isinstance(value, list):
        return [_varied(inner, draw) for inner in value]
    return value * draw.uniform(0.7, 1.4) if isinstance(value, float) else value


def write_index(path: Path, manifest: dict[str, Any], language: str) -> None:
    """Write the index of *manifest* in *language* to *path*."""
    path.write_text(render_index(manifest, language=language), encoding="utf-8")


def strokes(page_path: Path, jobs: int) -> tuple[list[float], float]:
    """Type WORDS into the search of the page; return the milliseconds of every stroke, and of opening the page."""
    from playwright.sync_api import sync_playwright

    there = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=there, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(page_path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        opened = page.evaluate("performance.now()")
        took, shown = [], []
        for word in WORDS:
            each, count = page.evaluate(TYPE, word)
            took += each
            shown.append(count)
        browser.close()
    if not all(f"{jobs}" in count.replace(",", "") for count in shown) or len(set(shown)) < 2:
        raise SystemExit(f"the search did not search: it counted {shown}")
    return took, opened


def main() -> None:
    """Measure and record."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--jobs", type=int, default=2_000)
    jobs = asked.parse_args().jobs
    record = Record()
    with tempfile.TemporaryDirectory(prefix="fanops-index-") as name:
        folder = Path(name)
        manifest = stretched(real_manifest(folder), jobs)
        costs: dict[str, Cost] = {}
        for language in ("en", "zh-Hans"):
            path = folder / f"index.{language}.html"
            costs[language] = forked(partial(write_index, path, manifest, language))
        pages = {language: (folder / f"index.{language}.html").read_bytes() for language in costs}
        took, opened = strokes(folder / "index.en.html", jobs)
    record.table(
        ("", "wall s", "CPU s", "peak MB", "KB", "KB sent compressed"),
        [(f"index in {one}", *cost.told(), f"{len(pages[one]) / 1e3:,.0f}", f"{len(gzip.compress(pages[one])) / 1e3:,.0f}")
         for one, cost in costs.items()],
        f"The index of {jobs:,} jobs",
    )  # fmt: skip
    ordered = sorted(took)
    record.table(
        ("", "ms"),
        [("opened and ready", f"{opened:.0f}"), (f"a key stroke, middle of {len(took)}", f"{median(took):.1f}"),
         ("a key stroke, 95 of 100 within", f"{ordered[int(0.95 * len(ordered))]:.1f}"), ("the slowest", f"{ordered[-1]:.1f}")],
        "Its search, in a browser without a screen",
    )  # fmt: skip
    record.figure("index MB", max(map(len, pages.values())) / 1e6)
    record.figure("stroke ms", ordered[-1])
    record.keep()


if __name__ == "__main__":
    main()
