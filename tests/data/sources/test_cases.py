"""The cases handed over beside the repository, where they are: each loads what is right, or sets it aside and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from fanops_utils.data.warehouse import FileReport, Store, import_paths
from fanops_utils.workspace import Workspace

CASES = ROOT.parent / "shared" / "cases" / "imports"
BRAND = """name: Demo
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
accounts:
  - {platform: instagram, handle: demo, id: "17841400000000001", market: US}
  - {platform: facebook, handle: demo_page, id: "100000000000001", market: US}
  - {platform: x, handle: demo, market: US}
  - {platform: youtube, handle: DemoChannel, market: US}
  - {platform: shopify, handle: shop}
"""
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the handed cases are not beside this repository")


def imported(case: str, folder: Path) -> tuple[list[FileReport], Store]:
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    shutil.copytree(CASES / case / "input", folder / "raw", copy_function=shutil.copy)
    workspace = Workspace(folder)
    return import_paths(workspace, [workspace.raw]), Store(workspace)


def test_a_shop_with_refunds_and_words_for_missing(tmp_path: Path) -> None:
    _, store = imported("02_shopify_lines_refund_giftcard", tmp_path)
    orders = store.read("orders")
    assert orders["total"].tolist() == [65, 100, 12800]
    assert orders["country"].tolist()[1] == "NA"
    assert orders["discount_code"].tolist()[1] == "NONE"
    assert store.read("order_lines")["price"].tolist() == [20, 20, 100, 4000]


@pytest.mark.parametrize(
    ("case", "loaded", "aside"),
    [("06_ig_ids_float", 0, 3), ("31_ig_same_post_twice_differs", 2, 2), ("44_xlsx_formulas_without_values", 2, 2),
     ("48_ig_header_third_line_totals", 4, 1)],
)  # fmt: skip
def test_what_cannot_be_trusted_of_posts_is_set_aside(tmp_path: Path, case: str, loaded: int, aside: int) -> None:
    (report,), store = imported(case, tmp_path)
    assert (report.rows_loaded, report.rows_quarantined) == (loaded, aside)
    assert len(store.read("posts")) == loaded


def test_the_end_of_a_campaign_is_not_that_of_the_period(tmp_path: Path) -> None:
    _, store = imported("13_meta_ads_daily_with_ends", tmp_path)
    assert store.read("ads_daily")["spend"].tolist() == [12.5, 13.5]


def test_dates_with_dots_stand_day_first(tmp_path: Path) -> None:
    _, store = imported("22_fb_german_dots_tab", tmp_path)
    times = store.read("posts")["created_timestamp"].dt.strftime("%m-%d %H:%M")
    assert times.tolist() == ["09-06 01:12", "09-07 16:30", "09-11 19:00"]


def test_a_decimal_comma_is_one_in_every_row(tmp_path: Path) -> None:
    _, store = imported("25_yt_german_decimal_comma", tmp_path)
    hours = store.read("post_metrics")["watch_time_seconds"] / 3600
    assert hours.tolist() == pytest.approx([401.2203, 95.11, 616.342])


def test_exports_of_unknown_age_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    reports, _ = imported("78_undated_exports_same_age", tmp_path)
    assert {one.age_from for one in reports} == {"file date"}
    assert any("of unknown age" in said for one in reports for said in one.warnings)


def test_days_of_another_tool_are_nobody_s(tmp_path: Path) -> None:
    (report,), store = imported("87_foreign_two_column_date_views", tmp_path)
    assert report.status == "refused"
    assert store.manifest() == {}
