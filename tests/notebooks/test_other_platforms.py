"""X, LinkedIn and Xiaohongshu are analysed from their own files, each by its own definitions, and asked the same questions."""

from __future__ import annotations

import csv
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from conftest import ROOT
from shared_kernels import kernels

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import import_paths
from fanops_utils.metrics.social.engagement import Denominator
from fanops_utils.reports.planning.plan import single
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace, open_workspace

BRAND = """name: Tea
markets:
  - {code: CN, name: China, language: zh-Hans, time_zone: Asia/Shanghai, currency: CNY}
accounts:
  - {platform: x, handle: tea, market: CN}
  - {platform: linkedin, handle: tea, market: CN}
  - {platform: xiaohongshu, handle: tea, market: CN}
"""
POSTS = 120
LAST, READ = pd.Timestamp("2026-10-20 09:00"), pd.Timestamp("2026-10-30 09:00")


def milliseconds(day: pd.Timestamp) -> int:
    return int(day.tz_localize("UTC").timestamp() * 1000)


def counts(rng: np.random.Generator, video: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return views and likes of posts; videos earn twice as many likes per view."""
    views = np.rint(np.exp(rng.normal(8, 0.4, video.size))).astype(int)
    return views, rng.poisson(views * np.where(video, 0.08, 0.04))


def write_x(folder: Path, days: list[pd.Timestamp], rng: np.random.Generator) -> None:
    views, likes = counts(rng, rng.random(POSTS) < 0.5)
    with next((ROOT / "tests" / "exports" / "x").glob("*content*.csv")).open(encoding="utf-8") as template:
        head = next(csv.reader(template))
    with (folder / "account_analytics_content_2026.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(head)
        for at, day in enumerate(days):
            number = (milliseconds(day) - 1288834974657) << 22  # an id of X holds its time
            link = f"https://x.com/tea/status/{number}"
            lines.writerow([number, f"{day:%a, %b} {day.day}, {day.year}", f"tea {at}", link, views[at], likes[at],
                            likes[at] + 5, 1, 1, 0, 2, 1, 3, 1, 0, 0, 0])  # fmt: skip


def filled(template: str, sheet: str, rows: list[list[Any]], target: Path) -> None:
    """Write the platform's own workbook with *rows* in place of its example."""
    book = openpyxl.load_workbook(next((ROOT / "tests" / "exports").glob(template)))
    page = book[sheet]
    page.delete_rows(3, page.max_row)
    for row in rows:
        page.append(row)
    book.save(target)


def write_linkedin(folder: Path, days: list[pd.Timestamp], rng: np.random.Generator) -> None:
    video = rng.random(POSTS) < 0.5
    views, likes = counts(rng, video)
    link = "https://www.linkedin.com/feed/update/urn:li:activity:{}"
    rows = [[f"Post {at}", link.format(milliseconds(day) << 22), "Organic", None, "Admin", f"{day:%m/%d/%Y}", None, None,
             "All followers", int(views[at]), int(views[at]), 0, 9, 0.01, int(likes[at]), 3, 1, 0, 0.04,
             "Video" if video[at] else None] for at, day in enumerate(days)]  # fmt: skip
    filled("linkedin/*content*.xlsx", "All posts", rows, folder / "tea_content_1762300000000.xlsx")


def write_xiaohongshu(folder: Path, days: list[pd.Timestamp], rng: np.random.Generator) -> None:
    video = rng.random(POSTS) < 0.5
    views, likes = counts(rng, video)
    rows = [[f"茶 {at}", f"{day:%Y年%m月%d日%H时%M分%S秒}", "视频" if video[at] else "图文", int(views[at] * 3), int(views[at]),
             0.1, int(likes[at]), 3, 4, 1, 2, 9.0, 0] for at, day in enumerate(days)]  # fmt: skip
    filled("xiaohongshu/*.xlsx", "Sheet1", rows, folder / "笔记列表明细表.xlsx")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("platforms")
    (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    (root / "data" / "tea").mkdir(parents=True)
    (root / "data" / "tea" / "brand.yml").write_text(BRAND, encoding="utf-8")
    raw = tmp_path_factory.mktemp("raw")
    rng = np.random.default_rng(0)
    days = [LAST - timedelta(days=int(back), hours=int(rng.integers(0, 10))) for back in np.linspace(0, 300, POSTS)]
    for write in (write_x, write_linkedin, write_xiaohongshu):
        write(raw, days, rng)
    for file in raw.iterdir():
        os.utime(file, (READ.timestamp(), READ.timestamp()))
    found = open_workspace("tea", root=root)
    reports = import_paths(found, sorted(raw.iterdir()))
    assert {report.status for report in reports} == {"loaded"}, [(one.file, one.error) for one in reports]
    return found


@pytest.mark.parametrize(("platform", "base"), [("x", "impressions"), ("linkedin", "views"), ("xiaohongshu", "views")])
def test_each_has_a_rate_by_what_it_tells_itself(workspace: Workspace, platform: str, base: Denominator) -> None:
    every = warehouse.tagged_posts(warehouse.Store(workspace), market="CN")
    posts = every[every["platform"] == platform]
    assert len(posts) == POSTS
    assert models.usual_denominator(posts) == base
    assert 0.03 < metrics.engagement_rate(posts, denominator=base).pooled.estimate < 0.1
    if platform == "xiaohongshu":  # X tells no format, LinkedIn only videos
        ranked = models.rank_posts(models.comparable_posts(posts), "post_type")
        assert ranked.code == "best" and "video" in str(ranked.table["post_type"].iloc[0])


def test_a_market_of_these_platforms_alone_has_a_whole_report(workspace: Workspace) -> None:
    root = workspace.path.parents[1]
    jobs = single("research/market_analysis", {"market": "CN", "platform": "xiaohongshu"}, workspace, root)
    run = run_jobs(jobs, workspace, plan="cn", root=root, reports=root / "reports", workers=1, kernels=kernels())
    (outcome,) = run.outcomes
    assert (outcome.status, outcome.error) == ("succeeded", None)
    assert outcome.conclusion is not None
    codes = {one["id"]: one["code"] for one in outcome.conclusion["findings"]}
    assert codes["formats"] == "clear" and codes["platforms"] == "active"
    assert {"changed", "reading", "format_trend"} <= {name for name, code in codes.items() if code != "no_data"}
    assert codes["growth"] == "no_data", "none of these files counts followers, and none is made up"


ONE = """name: posts
time_zone: America/New_York
tables:
  posts:
    columns: {post_id: id, created_timestamp: at, post_type: kind}
    constants: {platform: instagram, account_id: tea}
  post_metrics:
    columns: {post_id: id, reach: reach, likes: likes, snapshot_at: read}
    constants: {platform: instagram, metric_window: lifetime}
"""
FOUR = ("market_analysis", "content_performance", "competitor_benchmark", "partner_scorecard")


@pytest.mark.parametrize("name", FOUR if os.environ.get("FANOPS_SLOW") else FOUR[:1])
def test_one_post_of_one_platform_fails_no_section_and_names_what_is_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    folder = tmp_path / "data" / "tea" / "mappings"
    folder.mkdir(parents=True)
    brand = (
        BRAND.replace("code: CN", "code: US")
        .replace("market: CN", "market: US")
        .replace("platform: x,", "platform: instagram,")
    )
    (folder.parent / "brand.yml").write_text(brand, encoding="utf-8")
    (folder / "posts.yml").write_text(ONE, encoding="utf-8")
    (tmp_path / "posts.csv").write_text(
        f"id,at,kind,reach,likes,read\np1,{LAST},image,900,40,{READ}\n", encoding="utf-8"
    )
    found = open_workspace("tea", root=tmp_path)
    assert [report.status for report in import_paths(found, [tmp_path / "posts.csv"])] == ["loaded"]
    given = {} if name == "partner_scorecard" else {"market": "US", "platform": "instagram"}
    jobs = single(f"research/{name}", given, found, tmp_path)
    (outcome,) = run_jobs(
        jobs, found, plan="one", root=tmp_path, reports=tmp_path / "reports", workers=1, kernels=kernels()
    ).outcomes
    assert outcome.error is None and outcome.conclusion is not None
    states = {one["id"]: one["status"] for one in outcome.conclusion["findings"]}
    assert states and set(states.values()) <= {"ok", "no_data"}
