from __future__ import annotations

from datetime import date

import pandas as pd
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, written
from export_strategies import CAPTIONS, COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

HEADER = ["视频描述", "视频ID", "发布时间", "完播率", "平均播放时长", "播放量", "推荐", "喜欢", "评论量", "分享量", "关注量",
          "转发聊天和朋友圈", "设为铃声", "设为状态", "设为朋友圈封面"]  # fmt: skip


def videos(*rows: list[object]) -> Result:
    return read(written([HEADER, *rows]), brand=EVERYWHERE)


def test_the_sample_file_row_by_row() -> None:
    found = read(EXPORTS / "wechat_channels/视频号.csv", brand=EVERYWHERE)
    posts, metrics = found.table("posts"), found.table("post_metrics", "post_id")
    assert (found.source, found.report, found.rows_in, found.rejects, found.warnings) == ("wechat", "videos", 5, [], [])
    assert posts["post_id"].tolist() == [f"export/native-{n}" for n in range(5)]
    assert posts["created_timestamp"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [
        f"2026-07-{20 + n} 00:00" for n in range(5)
    ]
    assert set(posts["created_precision"]) == {"day"}
    assert metrics["views"].tolist() == [990, 900, 810, 720, 630]
    assert metrics["completion_rate"].tolist() == [0.2, 0.19, 0.18, 0.17, 0.16]
    assert metrics["average_view_duration_seconds"].tolist() == [12, 13, 14, 15, 16]
    assert set(metrics["likes"]) == {8}, "推荐 (3) is not 喜欢 (8)"
    assert metrics[["comments", "shares", "follows"]].drop_duplicates().to_numpy().tolist() == [[2, 4, 1]]


def test_times_with_the_hour_are_chinas() -> None:
    posts = videos(["d", "v1", "2026/07/24 07:30:00", "20%", "12秒", 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]).table("posts")
    assert posts["created_timestamp"].iloc[0] == pd.Timestamp("2026-07-23 23:30", tz="UTC")
    assert posts["created_precision"].iloc[0] == "minute"


def test_what_cannot_be_read_is_set_aside() -> None:
    good = ["d", "v1", "2026/07/24", "20%", "12秒", 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    found = videos(good, ["d", "", *good[2:]], ["d", "1.2E+17", *good[2:]], [*good[:2], "2026/02/30", *good[3:]],
                   [*good[:4], "long", *good[5:]], good[:-2])  # fmt: skip
    assert {one.row: one.column for one in found.rejects} == {
        2: "视频ID", 3: "视频ID", 4: "发布时间", 5: "平均播放时长", 6: "设为朋友圈封面",
    }  # fmt: skip


@settings(max_examples=10)
@given(
    st.lists(st.tuples(CAPTIONS, st.dates(date(2016, 1, 1), date(2035, 1, 1)), COUNTS, COUNTS), min_size=1, max_size=8)
)
def test_what_was_written_is_read(facts: list) -> None:
    rows = [[text, f"export/{n}", f"{day:%Y/%m/%d}", "20%", "12秒", cell(views), 1, cell(likes), 1, 1, 1, 1, 0, 0, 0]
            for n, (text, day, views, likes) in enumerate(facts)]  # fmt: skip
    found = videos(*rows)
    for number, (text, day, views, likes) in enumerate(facts):
        post, metric = found.table("posts").iloc[number], found.table("post_metrics").iloc[number]
        assert post["created_timestamp"].date() == day
        assert same(post["post_message"], text)
        assert same(metric["views"], views)
        assert same(metric["likes"], likes)


def test_the_midnight_that_a_workbook_puts_after_a_day_is_no_hour() -> None:
    row = ["20%", "12秒", 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    posts = videos(["d", "v1", "2026-07-24 00:00:00", *row], ["e", "v2", "2026-07-25 00:00:00", *row]).table("posts")
    assert posts["created_timestamp"].dt.strftime("%d %H").tolist() == ["24 00", "25 00"]
    assert set(posts["created_precision"]) == {"day"}
