"""Every sample export of the four platforms, with the exact rows that must come out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from fanops_utils.data.warehouse import FileReport, Store, import_paths
from fanops_utils.workspace import Workspace

EXPORTS = Path(__file__).parents[2] / "exports"


def load(workspace: Workspace, *names: str, **options: object) -> tuple[list[FileReport], Store]:
    reports = import_paths(workspace, [EXPORTS / name for name in names], **options)  # type: ignore[arg-type]
    for report in reports:
        assert report.rows_in == report.rows_loaded + report.rows_duplicate + report.rows_quarantined
    return reports, Store(workspace)


def test_instagram_content(brand_workspace: Workspace) -> None:
    reports, store = load(brand_workspace, "meta/instagram_content")
    assert [(one.status, one.source, one.report_type, one.rows_in, one.rows_loaded) for one in reports] == [
        ("loaded", "instagram", "content", 6, 6)
    ]
    posts = store.read("posts").set_index("post_id")
    first = posts.loc["17978900000000000"]
    assert first["post_message"].startswith('New drop 🎉 line one\n\nline "two"')
    # 22:30 on the 6th in the file is US Pacific time; the shortcode proves it
    assert first["created_timestamp"] == pd.Timestamp("2026-03-07 06:30", tz="UTC")
    assert (first["created_source"], first["tz_source"], first["post_type"]) == ("post_id", "proved", "carousel")
    assert posts["is_collab"].sum() == 1
    metrics = store.read("post_metrics").set_index("post_id")
    assert (metrics.loc["17978900000000000", "views"], metrics.loc["17978900000000000", "reach"]) == (1784, 685)
    assert metrics.loc[posts.index[posts["is_collab"]], "reach"].isna().all(), "an empty cell is not zero"
    assert metrics["impressions"].isna().all(), "views are not impressions"


def test_instagram_daily_and_audience(brand_workspace: Workspace) -> None:
    reports, store = load(brand_workspace, "meta/instagram_daily", account="17841400000000001")
    assert {one.report_type for one in reports} == {"daily", "audience"}
    assert all(one.status == "loaded" for one in reports)
    daily = store.read("account_daily").set_index("date_day")
    third = daily.loc["2026-03-03"]
    assert (third["reach"], third["views"], third["engagements"], third["profile_visits"]) == (180, 1650, 0, 14)
    assert daily.loc["2026-03-02", "followers_gained"] == 0, "Follows files leave days of zero out"
    audience = store.read("audience_snapshot").set_index(["dimension", "segment"])
    assert audience.loc[("gender_age", "18-24 men"), "share"] == pytest.approx(0.191)
    assert audience.loc[("country", "South Korea"), "share"] == pytest.approx(0.315)
    assert audience.loc[("total", "all"), "count"] == 1629


def test_the_daily_file_needs_an_account(brand_workspace: Workspace) -> None:
    (one,), _ = load(brand_workspace, "meta/instagram_daily/Reach.csv")
    assert one.status == "loaded", "one account on the platform: it is that one"
    text = (brand_workspace.path / "brand.yml").read_text(encoding="utf-8")
    more = text.replace("accounts:\n", "accounts:\n  - {platform: instagram, handle: second, market: DE}\n")
    (brand_workspace.path / "brand.yml").write_text(more, encoding="utf-8")
    (two,), _ = load(Workspace(brand_workspace.path), "meta/instagram_daily/Views.csv")
    assert two.status == "refused"
    assert "does not say whose account it is" in two.error
    assert "--account" in two.error


def test_tiktok_zip_dates_get_their_year(brand_workspace: Workspace) -> None:
    (report,), store = load(brand_workspace, "tiktok/Overview_2025-11-06_1767682800_demo_brand.zip")
    assert report.file.endswith(".zip/Overview.csv")
    daily = store.read("account_daily").set_index("date_day")
    assert (daily.index.min(), daily.index.max()) == (pd.Timestamp("2025-12-29"), pd.Timestamp("2026-01-05"))
    assert daily.loc["2026-01-01", "views"] == 2936
    assert daily["is_partial"].to_dict() == {day: day >= pd.Timestamp("2026-01-04") for day in daily.index}


def test_tiktok_csvs_with_the_day_of_export(brand_workspace: Workspace) -> None:
    names = ("Overview_en", "Viewers", "FollowerHistory_diff_is_prev_day", "FollowerActivity", "FollowerGender",
             "FollowerTopTerritories")  # fmt: skip
    reports, store = load(brand_workspace, *(f"tiktok/{name}.csv" for name in names), exported_on=date(2026, 1, 6))
    assert {one.status for one in reports} == {"loaded"}
    daily = store.read("account_daily").set_index("date_day")
    assert daily.loc["2026-01-04", "followers_total"] == 994
    assert pd.isna(daily.loc["2025-12-29", "followers_total"]), "undefined is no data"
    last = daily.loc["2026-01-05"]
    assert last[["viewers", "new_viewers", "returning_viewers"]].isna().all(), "false zeros beside an undefined total"
    hours = store.read("audience_activity_hourly")
    assert set(hours.loc[hours["is_partial"], "date_day"]) == {pd.Timestamp("2026-01-05")}
    shares = store.read("audience_snapshot").set_index("segment")["share"]
    assert (shares["Female"], shares["GR"]) == (0.56, 0.381)


def test_days_are_finished_once_the_export_is_days_younger(brand_workspace: Workspace) -> None:
    _, store = load(brand_workspace, "tiktok/Overview_en.csv", exported_on=date(2026, 1, 20))
    assert not store.read("account_daily")["is_partial"].any()


def test_tiktok_csv_of_unknown_year_is_refused(brand_workspace: Workspace, tmp_path: Path) -> None:
    lonely = tmp_path / "FollowerHistory.csv"
    lonely.write_bytes((EXPORTS / "tiktok/FollowerHistory_diff_is_prev_day.csv").read_bytes())
    import os

    os.utime(lonely, (1_780_000_000, 1_780_000_000))
    (report,) = import_paths(brand_workspace, [lonely])
    assert report.status == "refused"
    assert "the year of these days is not known" in report.error
    assert "--exported-on" in report.error


def test_a_content_file_in_the_folder_proves_the_year_of_the_others(brand_workspace: Workspace) -> None:
    reports, store = load(brand_workspace, "tiktok")
    assert not [one.error for one in reports if one.status == "refused"]
    followers = next(one for one in reports if "FollowerHistory" in one.file)
    assert "exported 2026-01-06 by its video ids" in followers.warnings[-1]
    daily = store.read("account_daily").set_index("date_day")
    assert daily.loc["2026-01-04", "followers_total"] == 994


def test_tiktok_content_proves_its_own_year(brand_workspace: Workspace) -> None:
    (report,), store = load(brand_workspace, "tiktok/Content.csv")
    assert "at most 15 posts" in report.warnings[-1]
    posts = store.read("posts").set_index("post_id")
    assert posts.loc["7589538354010521600", "created_timestamp"] == pd.Timestamp("2025-12-30 06:45", tz="UTC")
    assert posts.loc["7589538354010521600", "created_precision"] == "minute"
    metrics = store.read("post_metrics")
    assert metrics["snapshot_at"].dt.date.unique().tolist() == [date(2026, 1, 6)]
    assert metrics["views"].tolist() == [2469, 28590, 54239, 310, 88]


def test_tiktok_titles_with_undoubled_quotes(brand_workspace: Workspace, tmp_path: Path) -> None:
    text = (EXPORTS / "tiktok/Content.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "Content.csv"
    path.write_text("\ufeff" + text.replace('Title 0 with ""quotes""', 'Title 0 said "hi", twice'), encoding="utf-8")
    (report,) = import_paths(brand_workspace, [path])
    assert (report.rows_quarantined, report.rows_loaded) == (0, 5)
    posts = Store(brand_workspace).read("posts").set_index("post_id")
    assert posts.loc["7589538354010521600", "post_message"].startswith('Title 0 said "hi", twice')


def test_youtube(brand_workspace: Workspace) -> None:
    reports, store = load(brand_workspace, "youtube/2026_header")
    by_type = {one.report_type: one for one in reports}
    assert {name: one.rows_loaded for name, one in by_type.items()} == {"chart": 4, "table": 3, "totals": 5}
    assert "do not add up to the Total row" in by_type["table"].warnings[0]
    posts = store.read("posts").set_index("post_id")
    assert "-HNx8nDsGu3" in posts.index
    assert "Total" not in posts.index
    assert posts.loc["aBcDeFgHiJ1", "created_timestamp"] == pd.Timestamp("2024-01-06", tz="UTC")
    metrics = store.read("post_metrics").set_index(["metric_window", "post_id"])
    table = metrics.loc[("period", "aBcDeFgHiJ1")]
    assert table["watch_time_seconds"] == pytest.approx(927.5816 * 3600)
    assert table["impressions_ctr"] == pytest.approx(0.0402)
    assert pd.isna(table["new_viewers"])
    assert metrics.loc[("period", "aBcDeFgHiJ2"), "follows"] == -3
    daily = store.read("account_daily").set_index("date_day")
    assert daily.loc["2026-04-10", "views"] == -10


def test_youtube_weekly_totals_are_refused_as_daily(brand_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "Totals.csv"
    path.write_text("Date,Views\n2026-04-06,100\n2026-04-13,110\n2026-04-20,90\n", encoding="utf-8")
    (report,) = import_paths(brand_workspace, [path])
    assert report.status == "refused"
    assert "one row every 7 days" in report.error


def test_shopify(brand_workspace: Workspace) -> None:
    (report,), store = load(brand_workspace, "shopify")
    assert (report.rows_in, report.rows_loaded) == (6, 6)
    orders, lines = store.read("orders"), store.read("order_lines")
    assert (len(orders), len(lines)) == (4, 6)
    raw = pd.read_csv(next((EXPORTS / "shopify").glob("*.csv")), dtype=str)
    assert orders["total"].sum() == pytest.approx(raw.drop_duplicates("Name")["Total"].astype(float).sum())
    assert orders["created_timestamp"].iloc[0] == pd.Timestamp(raw["Created at"].iloc[0]).tz_convert("UTC")
    stored = " ".join(path.read_bytes().decode("latin-1") for path in brand_workspace.warehouse.iterdir())
    for private in ("Email", "Billing Name", "Shipping Name", "Shipping Phone", "Shipping Street"):
        for value in raw[private].dropna().unique():
            assert value not in stored, f"{private} reached the warehouse"
    assert orders["customer_key"].str.fullmatch("[0-9a-f]{32}").all()


def test_importing_twice_changes_nothing(brand_workspace: Workspace) -> None:
    names = ("meta/instagram_content", "youtube", "shopify", "tiktok/Content.csv")
    load(brand_workspace, *names)

    def written() -> dict[str, int]:
        # but for the note of what --undo takes back: an import that changed nothing is none of it
        kept = [path for path in brand_workspace.warehouse.iterdir() if path.name != "last_import.json"]
        return {path.name: path.stat().st_mtime_ns for path in kept}

    before = written()
    reports, _ = load(brand_workspace, *names)
    assert {one.status for one in reports} == {"unchanged"}
    assert sum(one.rows_loaded for one in reports) == 0
    assert written() == before


def test_an_unknown_file_names_what_is_known(brand_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "mystery.csv"
    path.write_text("colour,size\nred,3\n", encoding="utf-8")
    (report,) = import_paths(brand_workspace, [path])
    assert report.status == "refused"
    assert "colour, size" in report.error
    assert "fanops map FILE" in report.error
