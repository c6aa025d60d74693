from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from export_reading import BRAND, EXPORTS, read, written
from export_strategies import CAPTIONS, COUNTS, MINUTES, SIGNED, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.post_ids import X_EPOCH_MS
from fanops_utils.errors import ImportRefused

CONTENT = [
    "Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares",
    "New follows", "Replies", "Reposts", "Profile visits", "Detail Expands", "URL Clicks", "Hashtag Clicks",
    "Permalink Clicks",
]  # fmt: skip
OVERVIEW = [
    "Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Unfollows", "Replies", "Reposts",
    "Profile visits", "Create Post", "Video views", "Media views",
]  # fmt: skip
VIDEO = ["Date", "Views", "Watch Time (ms)", "Completion Rate", "Average Watch Time (ms)", "Estimated Revenue"]


def number(when: datetime, low: int = 0) -> str:
    return str((round(when.replace(tzinfo=UTC).timestamp() * 1000) - X_EPOCH_MS) << 22 | low)


def line(when: datetime, text: str = "a", counts: object = None, **other: str) -> list[str]:
    post_id = other.get("post_id", number(when))
    day = other.get("day", f"{when:%a, %b %d, %Y}")
    metrics = [cell(one) for one in (counts if isinstance(counts, list) else [1] * 13)]
    return [
        post_id,
        day,
        text,
        other.get("link", f"https://x.com/demo_brand/status/{post_id or number(when)}"),
        *metrics,
    ]


def test_the_sample_of_posts_row_by_row() -> None:
    found = read(EXPORTS / "x/account_analytics_content_2026-03-23_2026-03-29.csv")
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert (found.source, found.report, found.rows_in, found.rejects, found.warnings) == ("x", "content", 5, [], [])
    assert posts["created_timestamp"].dt.strftime("%d %H:%M").tolist() == [
        "23 04:16", "24 18:02", "25 12:00", "26 23:59", "27 07:30",
    ]  # fmt: skip
    assert set(posts["created_precision"]) == {"minute"}
    assert set(posts["tz_source"]) == {"proved"}
    assert posts["is_reply"].tolist() == [False, True, False, False, False]
    assert posts["post_message"].iloc[2] == 'line one\nline two, with "quotes"'
    assert metrics["impressions"].tolist() == [122978, 71, 5200, 17, 900]
    third = metrics.iloc[2]
    assert third[["likes", "engagements", "saves", "follows", "comments", "shares", "profile_visits", "link_clicks"]].tolist() == [
        88, 140, 9, 2, 11, 7, 20, 5,
    ]  # fmt: skip
    assert metrics["views"].isna().all()


def test_the_sample_overview_row_by_row() -> None:
    found = read(EXPORTS / "x/account_overview.csv")
    frame = found.table("account_daily", "date_day").sort_index()
    assert (found.report, found.rows_in) == ("overview", 5)
    assert frame.index.tolist() == list(pd.date_range("2026-03-23", periods=5))
    assert frame["impressions"].tolist() == [122999, 336, 5336, 2199, 2871]
    third = frame.loc["2026-03-25"]
    assert third[["followers_gained", "followers_lost", "shares", "saves", "comments", "views", "posts_published"]].tolist() == [
        2, 0, 7, 9, 12, 4, 1,
    ]  # fmt: skip
    assert frame["followers_total"].isna().all(), "X gives no total"
    assert set(frame["tz"]) == {"UTC"}


def test_the_video_file_has_a_line_above_its_header() -> None:
    rows = [["Video overview", "", "", "", "", ""], VIDEO, ["Wed, Mar 25, 2026", "1,200", "61500", "0.25", "512", "0.1"],
            ["Tue, Mar 24, 2026", "", "", "", "", ""]]  # fmt: skip
    frame = read(written(rows)).table("account_daily", "date_day")
    day = frame.loc["2026-03-25"]
    assert (day["views"], day["watch_time_seconds"], day["completion_rate"]) == (1200, 61.5, 0.25)
    assert frame.loc["2026-03-24", ["views", "watch_time_seconds", "completion_rate"]].isna().all()
    percents = [*rows[:2], ["Wed, Mar 25, 2026", "10", "1", "25%", "", ""]]
    assert read(written(percents)).table("account_daily")["completion_rate"].tolist() == [0.25]


def test_columns_are_matched_by_name() -> None:
    when = datetime(2026, 3, 23, 4, 16)
    row = dict(zip(CONTENT, line(when, counts=list(range(13))), strict=True))
    names = sorted(CONTENT, reverse=True)
    found = read(written([names, [row[name] for name in names]]))
    assert found.table("post_metrics")["comments"].tolist() == [6]
    assert found.table("posts")["created_timestamp"].tolist() == [pd.Timestamp(when, tz="UTC")]


def test_the_korean_header() -> None:
    rows = [["포스트 텍스트", "날짜", "노출수", "좋아요", "답글", "재게시", "북마크", "Post Link"],
            ["안녕", "2026년 3월 23일", *"54321", "https://x.com/demo_brand/status/2035933555061686272"]]  # fmt: skip
    found = read(written(rows))
    assert found.table("posts")["created_timestamp"].dt.strftime("%d %H:%M").tolist() == ["23 04:16"]
    assert found.table("post_metrics")[["impressions", "likes", "comments", "shares", "saves"]].iloc[0].tolist() == [
        5,
        4,
        3,
        2,
        1,
    ]


def test_rows_without_an_id_are_counted_and_ids_in_links_are_used() -> None:
    when = datetime(2026, 3, 23, 4, 16)
    rows = [line(when), line(when, post_id="", link=""), line(when.replace(hour=5), post_id=""),
            line(when.replace(hour=6), post_id="2.03593E+18", link="")]  # fmt: skip
    found = read(written([CONTENT, *rows]))
    assert found.table("posts")["source_row"].tolist() == [1, 3]
    assert found.table("posts")["post_id"].iloc[1] == number(when.replace(hour=5))
    assert sorted(one.row for one in found.rejects) == [2, 4]
    assert found.rows_in == 4


def test_the_hour_is_used_only_where_the_day_agrees() -> None:
    when = datetime(2026, 3, 23, 4, 16)
    rows = [line(when), line(when, day="Wed, Mar 25, 2026", post_id=number(when, 1)), line(when, post_id="20")]
    found = read(written([CONTENT, *rows]))
    posts = found.table("posts")
    assert posts["created_precision"].tolist() == ["minute", "day", "day"]
    assert posts["is_scheduled"].tolist() == [False, True, pd.NA]
    assert posts["tz_source"].tolist() == ["proved", "assumed", "assumed"]
    assert found.said("1 of 2 post ids lie on another UTC day")


def test_the_link_says_whose_posts_they_are() -> None:
    when = datetime(2026, 3, 23, 4, 16)
    two = BRAND.replace("accounts:\n", "accounts:\n  - {platform: x, handle: demo_kr, market: KR}\n")
    link = f"https://x.com/Demo_KR/status/{number(when)}"
    assert read(written([CONTENT, line(when, link=link)]), brand=two).table("posts")["account_id"].tolist() == [
        "demo_kr"
    ]
    with pytest.raises(ImportRefused, match=r"names an account that brand\.yml does not"):
        read(written([CONTENT, line(when, link="https://x.com/rival/status/1")]))


@given(st.lists(st.tuples(MINUTES, CAPTIONS, st.lists(COUNTS, min_size=13, max_size=13)), min_size=1, max_size=25))
@settings(max_examples=6)
def test_posts_that_were_written_are_read(posts: list[tuple[datetime, str, list[object]]]) -> None:
    rows = [line(when, text, counts, post_id=number(when, low)) for low, (when, text, counts) in enumerate(posts)]
    found = read(written([CONTENT, *rows]))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    for (when, text, counts), row in zip(posts, frame.to_dict("records"), strict=True):
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        assert same(row["post_message"], text)
        assert row["is_reply"] == text.strip().startswith("@")
        assert same(row["impressions"], counts[0])
        assert same(row["shares"], counts[7]), "reposts, not the links that were shared"


@given(
    st.dictionaries(
        st.dates(datetime(2020, 1, 1).date(), datetime(2025, 1, 1).date()),
        st.lists(SIGNED, min_size=13, max_size=13),
        min_size=1,
        max_size=25,
    )
)
@settings(max_examples=6)
def test_days_that_were_written_are_read(days: dict[object, list[object]]) -> None:
    rows = [[f"{pd.Timestamp(day):%a, %b %d, %Y}", *map(cell, values)] for day, values in days.items()]
    for row in rows:
        row[11] = row[11].lstrip("-")  # posts published are not taken back
    frame = read(written([OVERVIEW, *rows])).table("account_daily", "date_day")
    for day, values in days.items():
        found = frame.loc[pd.Timestamp(day)]
        assert same(found["impressions"], values[0])
        assert same(found["followers_lost"], values[6])
        assert same(found["views"], values[11])


def test_the_day_of_the_export_is_unfinished() -> None:
    rows = [[day, *["1"] * 13] for day in ("Fri, Nov 20, 2026", "Thu, Nov 19, 2026")]
    assert read(written([OVERVIEW, *rows])).table("account_daily")["is_partial"].tolist() == [True, False]


def test_rates_with_and_without_a_sign_in_one_file() -> None:
    text = (
        "Date,Views,Watch Time (ms),Completion Rate,Average Watch Time (ms)\n"
        '"Mon, Mar 23, 2026",9,9,45%,9\n"Tue, Mar 24, 2026",9,9,0.5,9\n'
    )
    assert read(text).table("account_daily")["completion_rate"].tolist() == [0.45, 0.5]
