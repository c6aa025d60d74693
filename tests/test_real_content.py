"""Public posts and series through import and notebooks: what they can say is said, and nothing beyond it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from shared_data import shared
from shared_kernels import kernels

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.reports.planning.plan import single
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace, open_workspace

INSTAGRAM = """name: instagram_posts
tables:
  posts:
    columns: {post_id: row number, post_message: Caption}
    constants: {platform: instagram, account_id: analyst}
  post_metrics:
    columns: {post_id: row number, impressions: Impressions, saves: Saves, comments: Comments, shares: Shares, likes: Likes,
              profile_visits: Profile Visits, follows: Follows}
    constants: {platform: instagram, metric_window: lifetime}
"""
VIEWS = """name: daily_views
tables:
  account_daily:
    columns: {date_day: day, views: views}
    constants: {platform: youtube, account_id: site}
"""
BRAND = """name: Public data
markets:
  - {{code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}}
accounts:
  - {{platform: {platform}, handle: {handle}, market: US}}
"""


def workspace(root: Path, name: str, mapping: str, platform: str, handle: str, file: Path) -> Workspace:
    folder = root / "data" / name / "mappings"
    folder.mkdir(parents=True)
    (folder.parent / "brand.yml").write_text(BRAND.format(platform=platform, handle=handle), encoding="utf-8")
    (folder / "given.yml").write_text(mapping, encoding="utf-8")
    found = open_workspace(name, root=root)
    (report,) = import_paths(found, [file])
    assert (report.status, report.rows_quarantined) == ("loaded", 0), report
    return found


def findings(made: Workspace, notebook: str, platform: str) -> dict[str, dict[str, Any]]:
    root = made.path.parents[1]
    jobs = single(notebook, {"market": "US", "platform": platform}, made, root)
    (outcome,) = run_jobs(
        jobs, made, plan="real", root=root, reports=root / "reports", workers=1, kernels=kernels()
    ).outcomes
    assert (outcome.status, outcome.error) == ("succeeded", None)
    assert outcome.conclusion is not None
    return {one["id"]: one for one in outcome.conclusion["findings"]}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("public")
    (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    return root


def test_instagram_posts_without_times_tell_their_rate_and_no_hour(root: Path) -> None:
    file = shared("instagram_insights") / "Instagram_data.csv"
    raw = pd.read_csv(file, encoding="latin-1")
    made = workspace(root, "insights", INSTAGRAM, "instagram", "analyst", file)
    posts = warehouse.tagged_posts(Store(made), market="US")
    assert len(posts) == len(raw) == 119
    total = raw[["Likes", "Comments", "Shares", "Saves"]].to_numpy().sum()
    rate = metrics.engagement_rate(posts, denominator="impressions").pooled.estimate
    assert rate == pytest.approx(total / raw["Impressions"].sum())
    told = findings(made, "research/content_performance", "instagram")
    assert told["earned"]["code"] == "measured"
    assert {told[name]["code"] for name in ("hours", "content_type", "topic", "fades", "live")} == {"no_data"}


def views_of(days: pd.Series, views: pd.Series, to: Path) -> Path:
    known = pd.DataFrame({"day": days.dt.strftime("%Y-%m-%d"), "views": views.round().astype("Int64")})
    known.to_csv(to, index=False)
    return to


@pytest.mark.parametrize("name", ["upworthy", "wikipedia"])
def test_a_public_series_is_told_with_its_own_swings_and_a_forecast_that_was_tried(
    root: Path, tmp_path: Path, name: str
) -> None:
    if name == "upworthy":
        raw = pd.read_csv(shared("upworthy_site_analytics") / "2013.01.01-2015.04.30-daily-pageviews.csv")
        raw = raw.dropna()
        days = pd.to_datetime(raw["Day Index"], format="%m/%d/%y")
        views = pd.to_numeric(raw["Pageviews"].str.replace(",", ""))
    else:
        raw = pd.read_csv(shared("wikipedia_pageviews") / "example_wp_log_peyton_manning.csv")
        days, views = pd.to_datetime(raw["ds"]), np.exp(raw["y"])
    made = workspace(root, name, VIEWS, "youtube", "site", views_of(days, views, tmp_path / f"{name}.csv"))
    told = findings(made, "research/market_analysis", "youtube")
    weeks = metrics.whole_weeks(Store(made), "views", last=days.max().date(), market="US", platform="youtube")
    found = models.outlook({"views": weeks})
    if name == "wikipedia":  # interest in one person swings too far, and the last gap is a quarter ago
        assert told["outlook"]["code"] == "no_data" and found.horizons == {}
        assert set(found.table["code"]) <= {"wide", "far"}
        return
    outlook, past = told["outlook"], found.backtests["views"]
    assert outlook["code"] == "told" and outlook["n"] == len(weeks) == 120
    assert outlook["ci_lower"] < outlook["estimate"] < outlook["ci_upper"]
    assert past is not None and past.origins >= 20 and past.naive == "seasonal"
    assert past.scaled < 1 and 0.7 <= past.covered <= 1.0
