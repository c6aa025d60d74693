from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTED, EXPORTS, Result, workspace, written
from export_reading import read as read_alone
from export_strategies import CAPTIONS, COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.files.reading import Export
from fanops_utils.data.sources.registry import read_export
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.errors import ImportRefused

FOLDER = "Content 2026-09-12_2026-10-01 Demo Channel"
V2023 = ["Content", "Video title", "Video publish time", "Impressions", "Impressions click-through rate (%)", "Views",
         "Average view duration", "Watch time (hours)"]  # fmt: skip
V2025 = ["Content", "Video title", "Video publish time", "Duration", "New viewers", "Regular viewers", "Views",
         "Watch time (hours)", "Subscribers", "Impressions click-through rate (%)"]  # fmt: skip


def table(header: list[str], *rows: list[object]) -> Result:
    return read_alone(written([header, *rows]), brand=EVERYWHERE)


def test_the_table_row_by_row() -> None:
    found = read_alone(EXPORTS / "youtube/2026_header/Table data.csv", brand=EVERYWHERE)
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert (found.report, found.rows_in, found.rejects) == ("table", 3, [])
    assert posts["post_id"].tolist() == ["aBcDeFgHiJ1", "-HNx8nDsGu3", "aBcDeFgHiJ2"]
    assert posts["post_message"].tolist() == ["Ultimate guide, 2026", "Libor story", "Short clip"]
    assert posts["created_timestamp"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-06", "2021-09-14", "2026-05-22"]
    assert posts["duration_seconds"].tolist() == [2496, 1194, 41]
    assert metrics["likes"].tolist() == [196, 45, 9]
    assert metrics["views"].tolist() == [8542, 1557, 9124]
    assert metrics["follows"].tolist() == [140, 18, -3]
    assert metrics["impressions"].tolist() == [138912, 20742, 5121930]
    assert metrics["impressions_ctr"].tolist() == pytest.approx([0.0402, 0.0404, 0.05])
    assert metrics["watch_time_seconds"].tolist() == pytest.approx([927.5816 * 3600, 127.6747 * 3600, 51.205 * 3600])
    assert metrics["new_viewers"].isna().all(), "an empty cell is not zero"
    assert found.said("Likes 250 of 7,940")


def test_chart_and_totals_row_by_row() -> None:
    chart = read_alone(EXPORTS / "youtube/2026_header/Chart data.csv", brand=EVERYWHERE).table("post_metrics")
    totals = read_alone(EXPORTS / "youtube/2026_header/Totals.csv", brand=EVERYWHERE)
    assert chart[["post_id", "views"]].to_numpy().tolist() == [
        ["aBcDeFgHiJ1", 120], ["-HNx8nDsGu3", 9], ["aBcDeFgHiJ1", 133], ["-HNx8nDsGu3", 0],
    ]  # fmt: skip
    assert chart["period_start"].dt.day.tolist() == [7, 7, 8, 8]
    assert set(chart["metric_window"]) == {"day"}
    assert totals.table("account_daily")["views"].tolist() == [129, 133, 0, -10, 140]
    assert totals.said("1 day below zero")


def test_the_vintages_of_the_header() -> None:
    old = table(
        V2023,
        ["Total", "", "", "30", "5", "3", "0:01:00", "1"],
        ["aBcDeFgHiJ1", "t", "Jul 13, 2022", "30", "5.22", "3", "0:03:25", "1.5"],
    )
    first = old.table("post_metrics").iloc[0]
    assert first[["impressions", "views", "average_view_duration_seconds"]].tolist() == [30, 3, 205]
    assert first[["impressions_ctr", "watch_time_seconds"]].tolist() == pytest.approx([0.0522, 5400])
    assert not old.said("do not add up")
    newer = (
        table(V2025, ["aBcDeFgHiJ1", "t", "Jul 13, 2022", "60", "", "7", "3", "1", "-2", "4"])
        .table("post_metrics")
        .iloc[0]
    )
    assert newer[["views", "follows"]].tolist() == [3, -2]
    assert newer.isna()["new_viewers"]
    spanish = ["Contenido", "Título del vídeo", "Hora de publicación del vídeo", "Visualizaciones", "Suscriptores",
               "Tiempo de visualización (horas)", "Porcentaje de clics de las impresiones (%)"]  # fmt: skip
    es = table(
        spanish, ["Total", "", "", "3", "-2", "2", "5"], ["aBcDeFgHiJ1", "t", "13 jul 2022", "3", "-2", "2", "5"]
    )
    assert es.table("posts")["created_timestamp"].iloc[0] == pd.Timestamp("2022-07-13", tz="UTC")
    assert es.table("post_metrics")[["views", "follows"]].to_numpy().tolist() == [[3, -2]]


def test_the_total_row_is_a_checksum_and_a_video_may_be_called_so() -> None:
    header = ["Content", "Video title", "Video publish time", "Views", "Likes"]
    rows = [["aBcDeFgHiJ1", "t", "Jul 13, 2022", "3", "1"], ["aBcDeFgHiJ2", "Total", "Jul 14, 2022", "4", "2"]]
    whole = table(header, ["Total", "", "", "7", "3"], *rows)
    assert (whole.rows_in, whole.table("posts")["post_id"].tolist()) == (2, ["aBcDeFgHiJ1", "aBcDeFgHiJ2"])
    assert not whole.said("do not add up")
    assert table(header, ["Total", "", "", "9", "3"], *rows).said("Views 7 of 9")


def test_ids_survive_spreadsheets_or_are_set_aside() -> None:
    header = ["Content", "Video title", "Video publish time", "Views"]
    found = table(
        header,
        [" -HNx8nDsGuQ", "t", "Jul 13, 2022", "3"],
        ["1.2E+17", "t", "Jul 13, 2022", "3"],
        ["aBcDeFgHiJ2", "t", "soon", "3"],
    )
    assert found.table("posts")["post_id"].tolist() == ["-HNx8nDsGuQ"]
    assert {one.row: one.column for one in found.rejects} == {2: "Content", 3: "Video publish time"}


def read_in_folder(rows: list[list[object]], folder: str = FOLDER) -> Result:
    export = Export("x.csv", (folder, "x.csv"), written(rows).encode(), EXPORTED)
    reading = read_export(Context(workspace(EVERYWHERE), export), [])
    return Result(reading.source, reading.report_type, reading.parsed.tables, [], 0, reading.parsed.warnings)


def test_the_range_stands_in_the_folder_name() -> None:
    metrics = read_in_folder(
        [["Content", "Video title", "Video publish time", "Views"], ["aBcDeFgHiJ1", "t", "Jul 13, 2022", 3]]
    ).table("post_metrics")
    first = metrics.iloc[0]
    assert first[["period_start", "period_end"]].tolist() == [pd.Timestamp("2026-09-12"), pd.Timestamp("2026-10-01")]
    assert first["snapshot_at"] == datetime.fromisoformat("2026-10-01T23:59:59+00:00")


@pytest.mark.parametrize(
    "header",
    [["Date", "Watch time (hours)"], ["Date", "Content", "Video title", "Video publish time", "Duration", "Views"]],
)
@pytest.mark.parametrize("step", [7, 30])
def test_weeks_and_months_are_no_days(header: list[str], step: int) -> None:
    video = ["aBcDeFgHiJ1", "t", "Jul 13, 2022", 60] if len(header) > 2 else []
    days = [date(2026, 1, 5), date(2026, 1, 5 + step) if step == 7 else date(2026, 2, 4)]
    with pytest.raises(ImportRefused, match=f"one row every {step} days.*choose 'Daily'"):
        table(header, *([day, *video, 3] for day in days for _ in range(2)))


def test_one_row_for_many_days_is_no_day() -> None:
    with pytest.raises(ImportRefused, match="one row every 20 days"):
        read_in_folder([["Date", "Views"], ["2026-09-12", 100]])
    assert (
        len(
            read_in_folder([["Date", "Views"], ["2026-09-12", 100]], FOLDER.replace("10-01", "09-12")).table(
                "account_daily"
            )
        )
        == 1
    )


def test_a_chart_may_hold_nothing_but_its_header() -> None:
    found = table(["Date", "Content", "Video title", "Video publish time", "Duration", "Views"])
    assert (found.report, found.rows_in, len(found.table("post_metrics"))) == ("chart", 0, 0)


VIDEO = st.from_regex(r"[A-Za-z0-9_-]{10}[A-Za-z_-]", fullmatch=True)


@settings(max_examples=12)
@given(
    st.dictionaries(
        VIDEO, st.tuples(CAPTIONS, st.dates(date(2006, 1, 1), date(2035, 1, 1)), COUNTS, COUNTS), min_size=1, max_size=6
    )
)
def test_what_was_written_is_read(facts: dict) -> None:
    sums = [sum(one[place] or 0 for one in facts.values()) for place in (2, 3)]
    rows = [
        [key, text, f"{day:%b} {day.day}, {day.year}", cell(views), cell(likes)]
        for key, (text, day, views, likes) in facts.items()
    ]
    found = table(["Content", "Video title", "Video publish time", "Views", "Likes"], ["Total", "", "", *sums], *rows)
    posts, metrics = found.table("posts", "post_id"), found.table("post_metrics", "post_id")
    for key, (text, day, views, likes) in facts.items():
        assert posts.loc[key, "created_timestamp"].date() == day
        assert same(posts.loc[key, "post_message"], text)
        assert same(metrics.loc[key, "views"], views)
        assert same(metrics.loc[key, "likes"], likes)
    assert not found.said("do not add up")
