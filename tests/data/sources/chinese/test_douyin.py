from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, workbook, written
from export_strategies import CAPTIONS, COUNTS, SIGNED, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

HEADER = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率", "平均播放时长",
          "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量"]  # fmt: skip


def row(title: str = "作品", views: object = "81", *, rate: object = "0.0875", when: str = "2026-07-18 14:11:20",
        kind: str = "视频", follows: object = "0") -> list[object]:  # fmt: skip
    return [title, when, kind, "公开", views, rate, "0.3", "-", "0.3", "9.53", "6", "0", "3", "0", "3", follows]


def works(*rows: list[object]) -> Result:
    return read(written([HEADER, *rows]), brand=EVERYWHERE)


def test_the_sample_file_row_by_row() -> None:
    found = read(EXPORTS / "douyin/作品列表.csv", brand=EVERYWHERE)
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert (found.source, found.report, found.rows_in, found.rejects) == ("douyin", "works", 5, [])
    assert posts["post_message"].tolist() == [f"作品 {n}" for n in range(5)]
    assert posts["created_timestamp"].dt.strftime("%d %H:%M:%S").tolist() == [f"18 06:11:{20 + n}" for n in range(5)]
    assert posts["post_type"].tolist() == ["short_video", "short_video", "image", "short_video", "short_video"]
    assert metrics["views"].tolist() == [81, 12034, 100, 12000, 0]
    assert metrics["follows"].tolist() == [0, 12, -1, 3, 0]
    columns = [
        "completion_rate",
        "likes",
        "shares",
        "comments",
        "saves",
        "profile_visits",
        "average_view_duration_seconds",
    ]
    assert metrics[columns].drop_duplicates().to_numpy().tolist() == [[0.0875, 6, 0, 3, 0, 3, 9.53]]
    assert metrics["impressions_ctr"].isna().all(), "an empty cell is not zero"
    assert found.said("1 numbers are rounded by the platform")


@pytest.mark.parametrize("form", ["gb18030", "workbook called .CSV", "utf-8-sig"])
def test_the_same_in_every_form(form: str) -> None:
    rows = [HEADER, row("春季新品上市预告"), row("夏季穿搭分享", "1.2万", rate="12.5%")]
    data = workbook({"Sheet1": rows}) if "workbook" in form else written(rows).encode(form)
    metrics = read(data, name="作品列表.CSV", brand=EVERYWHERE).table("post_metrics")
    assert metrics["views"].tolist() == [81, 12000]
    assert metrics["completion_rate"].tolist() == [0.0875, 0.125]


@pytest.mark.parametrize("word", ["累计", "合计", "总计"])
def test_rows_of_totals_are_checksums(word: str) -> None:
    total = [word, "", "", "", "1万", "", "", "", "", "", "12", "0", "6", "0", "6", "0"]
    found = works(total, row("a", "4000"), row("b", "6,020"))
    assert (found.rows_in, found.table("post_metrics")["views"].tolist()) == (2, [4000, 6020])
    assert not found.said("do not add up"), "10020 is 1万 as Douyin prints it"
    assert works(total, row("a", "4000")).said("播放量 4,000 of 10,000")
    assert works(row(f"{word}里程", "5")).rows_in == 1, "a work may be called so: it has a time"


def test_dashes_are_missing_and_words_are_set_aside() -> None:
    found = works(
        row("a", "-"),
        row("b", "很多"),
        row("c"),
        row("d", kind="1-3min视频"),
        row("e", when="7月18日"),
        row("f")[:9],
    )
    assert found.table("post_metrics")["views"].tolist() == [pd.NA, 81, 81]
    assert {one.row: one.column for one in found.rejects} == {2: "播放量", 5: "发布时间", 6: "粉丝增量"}


def test_beside_a_rate_above_one_no_bare_rate_is_sure() -> None:
    found = works(row("a"), row("b", rate="8.75"), row("c", rate="8.75%"))
    assert {one.row: one.column for one in found.rejects} == {1: "完播率", 2: "完播率"}


SHORT = st.one_of(COUNTS.map(lambda n: (cell(n), n)), st.integers(1, 9999).map(lambda n: (f"{n / 10:.1f}万", n * 1000)))


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(
            CAPTIONS,
            st.datetimes(datetime(2016, 1, 1, 1), datetime(2035, 1, 1)).filter(lambda when: when.hour),
            SHORT,
            SIGNED,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_was_written_is_read(facts: list) -> None:
    rows = [
        row(text, printed, when=f"{when:%Y-%m-%d %H:%M:%S}", follows=cell(follows))
        for text, when, (printed, _), follows in facts
    ]
    found = works(*rows)
    for number, (text, when, (_, views), follows) in enumerate(facts):
        post, metric = found.table("posts").iloc[number], found.table("post_metrics").iloc[number]
        assert post["created_timestamp"].tz_convert("Asia/Shanghai").tz_localize(None) == when.replace(microsecond=0)
        assert same(post["post_message"], text)
        assert same(metric["views"], views)
        assert same(metric["follows"], follows)
