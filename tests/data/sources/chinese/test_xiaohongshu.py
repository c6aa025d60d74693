from __future__ import annotations

from datetime import datetime

import pandas as pd
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, workbook
from export_strategies import CAPTIONS, COUNTS, same
from hypothesis import given, settings
from hypothesis import strategies as st

NOTE = ["最多导出排序后前1000条笔记"]
HEADER = [
    "笔记标题",
    "首次发布时间",
    "体裁",
    "曝光",
    "观看量",
    "封面点击率",
    "点赞",
    "评论",
    "收藏",
    "涨粉",
    "分享",
    "人均观看时长",
    "弹幕",
]
REST = [0.1, 1, 2, 3, -4, 5, "14.2", 0]


def notes(*rows: list[object]) -> Result:
    return read(workbook({"Sheet1": [NOTE, HEADER, *rows]}), name="笔记列表明细表.xlsx", brand=EVERYWHERE)


def test_the_sample_file_row_by_row() -> None:
    found = read(EXPORTS / "xiaohongshu/笔记列表明细表.xlsx", brand=EVERYWHERE)
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert (found.source, found.report, found.rows_in, found.rejects, found.warnings) == (
        "xiaohongshu",
        "notes",
        5,
        [],
        [],
    )
    assert posts["created_timestamp"].dt.strftime("%d %H:%M").tolist() == [
        "20 02:00",
        "21 02:01",
        "22 02:02",
        "23 02:03",
        "24 02:04",
    ]
    assert posts["post_type"].tolist() == ["note", "short_video", "note", "short_video", "note"]
    assert posts["post_message"].tolist() == ["示例笔记0", "示例笔记1", pd.NA, "示例笔记3", "示例笔记4"], (
        "titles may be empty"
    )
    assert posts["post_id"].nunique() == 5
    assert metrics["impressions"].tolist() == [12000, 11100, 10200, 9300, 8400]
    assert metrics["views"].tolist() == [3100, 2890, 2680, 2470, 2260]
    columns = ["impressions_ctr", "likes", "comments", "saves", "follows", "shares", "average_view_duration_seconds"]
    assert metrics[columns].drop_duplicates().to_numpy().tolist() == [[0.128, 210, 31, 88, 12, 19, 14.2]]


def test_the_key_is_title_time_and_genre() -> None:
    one = ["同一个标题", "2026年07月20日10时00分00秒", "图文", 1, 1, *REST]
    ids = [
        notes(one).table("posts")["post_id"].iloc[0],
        notes([*one[:3], 900, 800, *REST]).table("posts")["post_id"].iloc[0],
        notes(["另一个标题", *one[1:]]).table("posts")["post_id"].iloc[0],
        notes([one[0], "2026年07月20日10时00分01秒", *one[2:]]).table("posts")["post_id"].iloc[0],
        notes([*one[:2], "视频", *one[3:]]).table("posts")["post_id"].iloc[0],
    ]
    assert ids[0] == ids[1], "numbers change from export to export, the note does not"
    assert len(set(ids)) == 4


def test_typed_times_shortened_numbers_and_percentages() -> None:
    found = notes(["t", datetime(2026, 7, 20, 10), "图文", "1.2万", "3w", "12.8%", 1, 2, 3, 4, 5, "1分12秒", 0])
    metrics = found.table("post_metrics").iloc[0]
    assert found.table("posts")["created_timestamp"].iloc[0] == pd.Timestamp("2026-07-20 02:00", tz="UTC")
    assert metrics[["impressions", "views", "impressions_ctr", "average_view_duration_seconds"]].tolist() == [
        12000,
        30000,
        0.128,
        72,
    ]
    assert found.said("2 numbers are rounded")


def test_what_cannot_be_read_is_set_aside() -> None:
    good = ["t", "2026年07月20日10时00分00秒", "图文", 1, 1, *REST]
    found = notes(good, [*good[:2], "音频", *good[3:]], [good[0], "昨天", *good[2:]], [good[0], None, *good[2:]],
                  [*good[:3], "很多", *good[4:]])  # fmt: skip
    assert {one.row: one.column for one in found.rejects} == {
        2: "体裁", 3: "首次发布时间", 4: "首次发布时间", 5: "曝光",
    }  # fmt: skip
    rated = notes([*good[:5], 12.8, *good[6:]])
    assert [one.column for one in rated.rejects] == ["封面点击率"]


def test_a_full_list_is_no_count_of_notes() -> None:
    rows = [[f"t{n}", "2026年07月20日10时00分00秒", "图文", 1, 1, *REST] for n in range(1000)]
    assert notes(*rows).said("at most 1,000 notes")


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(
            CAPTIONS,
            st.datetimes(datetime(2016, 1, 1, 1), datetime(2035, 1, 1)).filter(lambda when: when.hour),
            COUNTS,
            COUNTS,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_was_written_is_read(facts: list[tuple[str, datetime, int | None, int | None]]) -> None:
    rows = [
        [text, f"{when:%Y年%m月%d日%H时%M分%S秒}", "视频", shown, views, *REST] for text, when, shown, views in facts
    ]
    found = notes(*rows)
    for number, (text, when, shown, views) in enumerate(facts):
        post, metric = found.table("posts").iloc[number], found.table("post_metrics").iloc[number]
        assert post["created_timestamp"].tz_convert("Asia/Shanghai").tz_localize(None) == when.replace(microsecond=0)
        assert same(post["post_message"], text)
        assert same(metric["impressions"], shown)
        assert same(metric["views"], views)
