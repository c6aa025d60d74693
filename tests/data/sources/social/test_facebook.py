from __future__ import annotations

import csv
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from export_reading import EXPORTS, read, written
from export_strategies import CAPTIONS, COUNTS, MINUTES, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

FIXTURE = EXPORTS / "facebook/Nov-02-2026_facebook_posts.csv"
HEADER = [
    "Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time", "Caption type",
    "Permalink", "Is crosspost", "Is share", "Post type", "Languages", "Custom labels", "Funded content status",
    "Data comment", "Date", "Views", "Reach", "Reactions, Comments and Shares", "Reactions", "Comments", "Shares",
    "Total clicks", "Other Clicks", "Matched Audience Targeting Consumption (Photo Click)",
]  # fmt: skip
OLDER = [
    "Impressions", "Link Clicks", "Seconds viewed", "Average Seconds viewed", "Estimated earnings (USD)", "Ad CPM (USD)",
    "Ad impressions", "REELS_PLAYS:COUNT", "Reach from Organic posts", "Reach from Boosted posts",
    "Views from Organic posts", "Views from Boosted posts", "Negative feedback from users",
]  # fmt: skip


def line(number: int, title: str = "a", *, printed: str = "03/06/2026 22:30", counts: object = None) -> list[str]:
    metrics = [cell(one) for one in (counts if isinstance(counts, list) else [1] * 9)]
    return [
        str(182772013209466 + number), "100045700000001", "Demo Brand", title, "", "0", printed, "N/A",
        f"https://www.facebook.com/demo/posts/pfbid{number}", "0", "0", "Photos", "", "", "", "", "Lifetime", *metrics,
    ]  # fmt: skip


def test_the_sample_file_row_by_row() -> None:
    found = read(FIXTURE)
    posts, metrics = found.table("posts", "post_id"), found.table("post_metrics", "post_id")
    assert (found.source, found.report, found.rows_in, found.rejects) == ("facebook", "content", 6, [])
    assert posts["created_timestamp"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [
        "2026-03-07 06:30", "2026-03-08 18:05", "2026-03-15 09:00", "2026-07-01 02:15", "2026-07-04 23:45",
        "2026-11-01 08:30",
    ]  # fmt: skip
    assert set(posts["tz_source"]) == {"assumed"}
    assert found.said("nothing in this file proves it")
    assert posts["post_type"].tolist() == ["image", "short_video", "image", "video", "text", "link"]
    assert posts["post_message"].iloc[0] == 'Title 0 🍁 \nsecond line, "quoted"', "the caption stands in Title"
    assert posts["duration_seconds"].tolist() == [pd.NA, 41, pd.NA, 62, pd.NA, pd.NA]
    assert posts["is_scheduled"].isna().all()
    assert posts["is_paid"].isna().all()
    assert metrics["views"].tolist() == [27, 9900, 63, 41210, 12, 350]
    assert metrics["reach"].tolist() == [20, 7001, 45, 30002, pd.NA, 260]
    assert metrics["engagements"].tolist() == [4, 76, 6, 337, 0, 22]
    assert metrics["likes"].tolist() == [4, 55, 5, 230, 0, 17]
    assert metrics["clicks"].tolist() == [2, 90, 2, 410, 0, 33]


def test_the_older_header_keeps_impressions_apart_and_splits_what_was_boosted() -> None:
    header = [*[name for name in HEADER if name != "Views"], *OLDER]
    rows = [[*line(number)[:17], *line(number)[18:], *extra] for number, extra in enumerate([
        ["500", "7", "61.5", "3.2", "0.4", "1.1", "88", "900", "40", "60", "45", "55", "1"],
        ["200", "", "", "", "", "", "", "", "40", "0", "", "", ""],
        ["200", "", "", "", "", "", "", "", "", "", "", "", ""],
    ])]  # fmt: skip
    found = read(written([header, *rows]))
    first = found.table("post_metrics").iloc[0]
    assert first[["impressions", "link_clicks", "watch_time_seconds", "average_view_duration_seconds", "reach_paid",
                  "views_paid", "negative_feedback"]].tolist() == [500, 7, 61.5, 3.2, 60, 55, 1]  # fmt: skip
    assert found.table("post_metrics")["views"].isna().all(), "impressions and plays are not views"
    assert first.isna()["impressions_paid"], "impressions of advertising inside a video are not boosting"
    assert found.table("posts")["is_paid"].tolist() == [True, False, pd.NA]


@pytest.mark.parametrize(
    "names",
    [
        ["Video asset ID", "Publish time", "Page ID", "3-Second Video Views", "1-Minute Video Views"],
        ["Identificador de la pieza de vídeo", "Hora de publicación", "Identificador de la página",
         "Visualizaciones de vídeo de 3 segundos", "Visualizaciones de vídeo de 1 minuto"],
    ],
)  # fmt: skip
def test_the_export_of_videos_only(names: list[str]) -> None:
    found = read(written([names, ["777000777", "03/06/2026 22:30", "100045700000001", "1,200", ""]]))
    metrics = found.table("post_metrics").iloc[0]
    assert (found.report, metrics["post_id"], metrics["views_3s"]) == ("videos", "777000777", 1200)
    assert metrics[["views", "views_1min"]].isna().all(), "three seconds are not a view"
    assert found.said("they count twice")


def test_posts_are_told_apart_by_id_not_by_link() -> None:
    rows = [line(1), line(1)]
    rows[1][8] = "https://www.facebook.com/demo/posts/pfbidOTHER"
    assert read(written([HEADER, *rows])).table("posts")["post_id"].nunique() == 1


def test_an_unknown_post_type_is_said_and_left_open() -> None:
    row = line(1)
    row[11] = "Holograms"
    found = read(written([HEADER, row]))
    assert found.table("posts")["post_type"].isna().all()
    assert found.said("'Holograms'")


def test_destroyed_ids_and_missing_times_are_set_aside() -> None:
    rows = [line(1), line(2, printed=""), line(3)]
    rows[0][0] = "1.82772E+14"
    found = read(written([HEADER, *rows]))
    assert found.table("posts")["source_row"].tolist() == [3]
    assert len(found.rejects) == 2


def test_a_page_known_by_its_handle_only() -> None:
    from export_reading import BRAND

    posts = read(FIXTURE, brand=BRAND.replace('handle: demo, id: "100045700000001"', "handle: demo")).table("posts")
    assert set(posts["account_id"]) == {"demo"}
    assert not posts["is_collab"].any()


@given(st.lists(st.tuples(CAPTIONS, MINUTES, st.lists(COUNTS, min_size=9, max_size=9)), min_size=1, max_size=25))
@settings(max_examples=6)
def test_what_was_written_is_read(posts: list[tuple[str, datetime, list[object]]]) -> None:
    local = [when.replace(tzinfo=UTC).astimezone(ZoneInfo("America/Los_Angeles")) for _, when, _ in posts]
    rows = [line(number, title, printed=f"{when:%m/%d/%Y %H:%M}", counts=counts)
            for number, ((title, _, counts), when) in enumerate(zip(posts, local, strict=True))]  # fmt: skip
    found = read("\ufeff" + written([HEADER, *rows], quoting=csv.QUOTE_ALL))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    names = ["views", "reach", "engagements", "likes", "comments", "shares", "clicks"]
    for (title, when, counts), clock, row in zip(posts, local, frame.to_dict("records"), strict=True):
        assert same(row["post_message"], title)
        assert all(same(row[name], one) for name, one in zip(names, counts, strict=False))
        if clock.fold == 0:  # the hour that is printed twice in autumn is read as its first
            assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
