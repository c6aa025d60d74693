from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from export_reading import read, written
from export_strategies import CAPTIONS, COUNTS, MINUTES, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

ORGANIC = [
    "Tweet id", "Tweet permalink", "Tweet text", "time", "impressions", "engagements", "engagement rate", "retweets",
    "replies", "likes", "user profile clicks", "url clicks", "hashtag clicks", "detail expands", "permalink clicks",
    "app opens", "app installs", "follows", "email tweet", "dial phone", "media views", "media engagements",
]  # fmt: skip
HEADER = [*ORGANIC, *(f"promoted {name}" for name in ORGANIC[4:])]


def line(number: int, when: str, text: str = "a", counts: tuple[object, ...] = (100, 9, 3, 2, 1)) -> list[str]:
    impressions, engagements, reposts, replies, likes = (cell(one) for one in counts)
    metrics = [
        impressions,
        engagements,
        "0.09",
        reposts,
        replies,
        likes,
        "4",
        "5",
        "0",
        "0",
        "0",
        "0",
        "0",
        "6",
        "0",
        "0",
        "77",
        "8",
    ]
    return [str(1652900000000000000 + number), f"https://twitter.com/demo_brand/status/{1652900000000000000 + number}", text,
            when, *metrics, *["-"] * 18]  # fmt: skip


def test_the_forty_columns() -> None:
    assert len(HEADER) == 40
    rows = [line(1, "2023-05-01 09:00 +0000"), line(2, "2023-05-01 09:00 -0500", "@fan hi")]
    rows[1][22] = "40"
    found = read(written([HEADER, *rows]))
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert (found.source, found.report, found.rejects) == ("x", "tweet_activity", [])
    assert posts["created_timestamp"].dt.hour.tolist() == [9, 14]
    assert set(posts["tz_source"]) == {"export_offset"}
    assert posts["is_reply"].tolist() == [False, True]
    names = ["impressions", "engagements", "shares", "comments", "likes", "profile_visits", "link_clicks", "follows"]
    assert metrics.iloc[0][names].tolist() == [
        100, 9, 3, 2, 1, 4, 5, 6,
    ]  # fmt: skip
    assert metrics["impressions_paid"].tolist() == [pd.NA, 40], "a dash is no promotion counted"
    assert metrics["views"].isna().all(), "media views count pictures"


@pytest.mark.parametrize("name", ["likes", "favorites"])
def test_likes_under_both_names(name: str) -> None:
    header = [name if one == "likes" else one for one in HEADER]
    assert read(written([header, line(1, "2023-05-01 09:00 +0000")])).table("post_metrics")["likes"].tolist() == [1]


def test_destroyed_ids_and_missing_times_are_set_aside() -> None:
    rows = [line(1, "2023-05-01 09:00 +0000"), line(2, ""), line(3, "2023-05-01 09:00 +0000")]
    rows[2][0], rows[2][1] = "1.6529E+18", ""
    found = read(written([HEADER, *rows]))
    assert found.table("posts")["source_row"].tolist() == [1]
    assert {one.row for one in found.rejects} == {2, 3}


@given(st.lists(st.tuples(CAPTIONS, MINUTES, st.tuples(*[COUNTS] * 5)), min_size=1, max_size=25))
@settings(max_examples=6)
def test_what_was_written_is_read(posts: list[tuple[str, datetime, tuple[object, ...]]]) -> None:
    rows = [
        line(number, f"{when:%Y-%m-%d %H:%M} +0000", text, counts) for number, (text, when, counts) in enumerate(posts)
    ]
    found = read(written([HEADER, *rows]))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    for (text, when, counts), row in zip(posts, frame.to_dict("records"), strict=True):
        assert same(row["post_message"], text)
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        names = ("impressions", "engagements", "shares", "comments", "likes")
        assert all(same(row[name], one) for name, one in zip(names, counts, strict=True))
