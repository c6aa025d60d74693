"""Two public data sets through import and notebooks, against the numbers others have published of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from real_reports import imported, reported, with_notebooks
from shared_data import shared

from fanops_utils import experiments, metrics
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import FileReport, Store
from fanops_utils.text import read
from fanops_utils.workspace import Workspace

FACEBOOK = {
    "brand.yml": """name: Cosmetics brand
markets:
  - {code: PT, name: Portugal, language: pt, time_zone: Europe/Lisbon, currency: EUR}
accounts:
  - {platform: facebook, handle: cosmetics, market: PT}
""",
    "mappings/facebook_posts.yml": """name: facebook_posts
tables:
  posts:
    columns: {post_id: row number, post_type: Type, is_paid: Paid}
    constants: {platform: facebook, account_id: cosmetics}
    values:
      post_type: {Photo: image, Status: text, Link: link, Video: video}
  post_metrics:
    columns:
      post_id: row number
      reach: Lifetime Post Total Reach
      impressions: Lifetime Post Total Impressions
      comments: comment
      likes: like
      shares: share
      engagements: Total Interactions
    constants: {platform: facebook, metric_window: lifetime}
""",
}
COOKIE_CATS = {
    "brand.yml": """name: Cookie Cats
markets:
  - {code: WW, name: Everywhere, language: en, time_zone: UTC, currency: USD}
""",
    "mappings/gates.yml": """name: gates
tables:
  experiment_units:
    columns: {unit_key: userid, variant: version, retention_1: retention_1, retention_7: retention_7}
    constants: {experiment: gates}
""",
    "experiments/gates.yml": """id: gates
title: The first gate at level 30 or 40
hypothesis: A later first gate keeps more players
owner: Game lead
unit: player
control: gate_30
allocation: {gate_30: 0.5, gate_40: 0.5}
alpha: 0.05
srm_gate: 0.01
metrics:
  - {name: retention_7, label: Back after seven days, kind: conversion, role: decision, smallest_effect: 0.005}
  - {name: retention_1, label: Back after one day, kind: conversion, role: exploratory}
""",
}
FACEBOOK_FILE, COOKIE_CATS_FILE = "dataset_Facebook.csv", "cookie_cats.csv"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_notebooks(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def facebook(root: Path) -> tuple[Workspace, FileReport]:
    return imported(root, "cosmetics", FACEBOOK, shared("facebook_metrics") / FACEBOOK_FILE)


@pytest.fixture(scope="module")
def posts(facebook: tuple[Workspace, FileReport]) -> pd.DataFrame:
    return warehouse.post_table(Store(facebook[0]), market="PT")


@pytest.fixture(scope="module")
def facebook_report(facebook: tuple[Workspace, FileReport]) -> tuple[dict[str, Any], BeautifulSoup]:
    return reported(facebook[0], "research/market_analysis", {"market": "PT", "platform": "facebook"})


def test_facebook_every_post_is_imported_once(facebook: tuple[Workspace, FileReport], posts: pd.DataFrame) -> None:
    report = facebook[1]
    assert (report.status, report.rows_in, report.rows_loaded, report.rows_quarantined) == ("loaded", 500, 500, 0)
    assert len(posts) == posts["post_id"].nunique() == 500


def test_facebook_missing_stays_missing(facebook: tuple[Workspace, FileReport]) -> None:
    store = Store(facebook[0])
    measured = store.read("post_metrics")
    missing = {
        name: int(measured[name].isna().sum()) for name in ("likes", "shares", "comments", "reach", "engagements")
    }
    assert missing == {"likes": 1, "shares": 4, "comments": 0, "reach": 0, "engagements": 0}
    assert int(store.read("posts")["is_paid"].isna().sum()) == 1
    assert store.read("posts")["created_timestamp"].isna().all()


def test_facebook_interactions_are_the_sum_of_their_parts(posts: pd.DataFrame) -> None:
    parts = posts[["comments", "likes", "shares"]].sum(axis=1)
    assert int((parts == posts["engagements"]).sum()) == 500
    assert int((metrics.interactions(posts) == parts).sum()) == 500
    without_total = posts.drop(columns="engagements")
    assert int((metrics.interactions(without_total) == parts).sum()) == 500


def test_facebook_mean_interactions_by_format(posts: pd.DataFrame) -> None:
    found = metrics.by_group(posts, "post_type").set_index("post_type")
    means = {kind: round(float(mean), 2) for kind, mean in found["mean_interactions"].items()}
    assert means == {"link": 89.05, "image": 216.58, "text": 217.04, "video": 295.86}
    assert found["n_posts"].to_dict() == {"link": 22, "image": 426, "text": 45, "video": 7}
    assert found["hidden"].to_dict() == {"link": False, "image": False, "text": False, "video": True}


def test_facebook_engagement_by_reach_differs_by_its_average(posts: pd.DataFrame) -> None:
    rate = metrics.engagement_rate(posts, denominator="reach")
    assert rate.mean_of_posts.estimate == pytest.approx(0.02407, abs=5e-6)
    assert rate.pooled.estimate == pytest.approx(0.01526, abs=5e-6)
    assert (rate.n_used, rate.n_dropped) == (500, 0)


def test_facebook_report_shows_both_averages_and_ranks_no_seven_videos(
    facebook_report: tuple[dict[str, Any], BeautifulSoup],
) -> None:
    result, page = facebook_report
    text = page.select_one("main").get_text(" ")
    assert "2.41%" in text and "1.53%" in text
    (formats,) = [finding for finding in result["findings"] if finding["id"] == "formats"]
    assert "fewer than ten posts: videos" in str(read(formats["text"]))
    assert "video" not in str(read(formats["title"])).casefold()
    assert "video" not in str(read(result["headline"] or result["verdict"])).casefold()


def test_facebook_report_names_what_is_odd_in_the_data(facebook_report: tuple[dict[str, Any], BeautifulSoup]) -> None:
    checks = {check["code"]: check for check in facebook_report[0]["checks"]}
    assert checks["reach"]["status"] == "REVIEW"
    assert str(read(checks["reach"]["finding"])).startswith("4 posts reached more accounts than")
    assert "4 posts reached more accounts than" in facebook_report[1].select_one("main").get_text()
    assert str(read(checks["interactions"]["finding"])).endswith("on 500 of 500 posts")
    assert "likes 1 of 500, shares 4 of 500" in str(read(checks["post_metrics"]["finding"]))
    assert checks["freshness"]["status"] != "PASS"
    assert facebook_report[0]["data_as_of"] is None


@pytest.fixture(scope="module")
def cookie_cats(root: Path) -> tuple[Workspace, FileReport]:
    return imported(root, "cookie_cats", COOKIE_CATS, shared("cookie_cats") / COOKIE_CATS_FILE)


def compared(workspace: Workspace, metric: str, method: Literal["newcombe", "wald"]) -> experiments.Comparison:
    units = warehouse.arm_units(Store(workspace), experiment="gates")
    moments = experiments.from_frame(units, metrics={metric: "conversion"})
    return experiments.compare(moments, metric, control="gate_30", treatment="gate_40", method=method)


def test_cookie_cats_every_player_is_imported_under_a_pseudonym(cookie_cats: tuple[Workspace, FileReport]) -> None:
    workspace, report = cookie_cats
    assert (report.status, report.rows_in, report.rows_loaded) == ("loaded", 90_189, 90_189)
    units = warehouse.arm_units(Store(workspace), experiment="gates")
    assert units["unit_key"].nunique() == 90_189
    assert units["unit_key"].str.fullmatch(r"[0-9a-f]{32}").all()
    assert units["variant"].value_counts().to_dict() == {"gate_30": 44_700, "gate_40": 45_489}


def test_cookie_cats_retention(cookie_cats: tuple[Workspace, FileReport]) -> None:
    after_one = compared(cookie_cats[0], "retention_1", "newcombe")
    assert after_one.control_mean == pytest.approx(0.448188, abs=1e-6)
    assert after_one.treatment_mean == pytest.approx(0.442283, abs=1e-6)
    assert after_one.p_value == pytest.approx(0.07441, rel=0.01)
    after_seven = compared(cookie_cats[0], "retention_7", "wald")
    assert after_seven.control_mean == pytest.approx(0.190201, abs=1e-6)
    assert after_seven.treatment_mean == pytest.approx(0.182000, abs=1e-6)
    assert after_seven.p_value == pytest.approx(0.001554, rel=0.01)
    assert after_seven.ci_lower == pytest.approx(-0.01328, abs=5e-5)
    assert after_seven.ci_upper == pytest.approx(-0.00312, abs=5e-5)


def test_cookie_cats_sample_ratio(cookie_cats: tuple[Workspace, FileReport]) -> None:
    workspace, _ = cookie_cats
    units = warehouse.arm_units(Store(workspace), experiment="gates")
    counts = {str(arm): int(number) for arm, number in units["variant"].value_counts().items()}
    found = experiments.sample_ratio(counts, workspace.experiment("gates").allocation)
    assert found.chi2 == pytest.approx(6.902, abs=5e-4)
    assert found.p_value == pytest.approx(0.0086, abs=5e-5)


def test_cookie_cats_report_names_no_winner(cookie_cats: tuple[Workspace, FileReport]) -> None:
    result, page = reported(cookie_cats[0], "experiments/experiment_readout", {"experiment": "gates"})
    assert (result["severity"], result["trust"]) == ("alert", "FAIL")
    codes = {finding["id"]: finding["code"] for finding in result["findings"]}
    assert {codes[name] for name in ("soundness", "effect", "guardrails", "ruling")} == {"invalid"}
    assert {finding["estimate"] for finding in result["findings"]} == {None}
    assert "6.902" in page.select_one("main").get_text()
    assert {play["because"] for play in result["plays"]} == {"soundness"}
