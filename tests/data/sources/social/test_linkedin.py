from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from export_reading import BRAND, EXPORTS, old_workbook, read, workbook
from export_strategies import CAPTIONS, COUNTS, MINUTES, SIGNED, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused, counted

FOLDER = EXPORTS / "linkedin"
METRICS = ["Date", "Impressions (organic)", "Impressions (sponsored)", "Impressions (total)", "Unique impressions (organic)"] + [
    f"{name} ({part})" for name in ("Clicks", "Reactions", "Comments", "Reposts", "Engagement rate")
    for part in ("organic", "sponsored", "total")
]  # fmt: skip
POSTS = [
    "Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date", "Campaign start date",
    "Campaign end date", "Audience", "Impressions", "Views", "Offsite Views", "Clicks", "Click through rate (CTR)", "Likes",
    "Comments", "Reposts", "Follows", "Engagement rate", "Content Type",
]  # fmt: skip
SENTENCE = ["Engagement metrics for individual posts"]


def number(when: datetime, low: int = 0) -> str:
    return str(round(when.replace(tzinfo=UTC).timestamp() * 1000) << 22 | low)


def line(when: datetime, title: str = "a", counts: object = None, **other: object) -> list[object]:
    values = counts if isinstance(counts, list) else [9, 8, 7, 6, 5, 4, 3]
    link = f"https://www.linkedin.com/feed/update/urn:li:activity:{other.get('number', number(when))}"
    return [title, other.get("link", link), other.get("paid", "Organic"), None, "Demo Admin",
            other.get("day", f"{when:%m/%d/%Y}"), None, None, "All followers", values[0], values[1], 0,
            values[2], 0.02, *values[3:], 0.04, other.get("kind", "Video")]  # fmt: skip


def test_the_sample_content_workbook_row_by_row() -> None:
    found = read(FOLDER / "demo-brand_content_1762300000000.xlsx")
    days, posts, metrics = found.table("account_daily"), found.table("posts"), found.table("post_metrics")
    assert (found.source, found.report, found.rows_in, found.rejects) == (
        "linkedin",
        "page_metrics, page_posts",
        11,
        [],
    )
    assert days["date_day"].tolist() == list(pd.date_range("2026-11-01", periods=6))
    assert days["impressions"].tolist() == [900, 970, 1340, 1420, 1180, 1250]
    assert days["reach"].tolist() == [700, 770, 840, 910, 980, 1050]
    assert days["likes"].tolist() == [22, 22, 22, 1, 22, 22], "what LinkedIn takes back stays in the total"
    assert found.said("1 day with negative organic reactions")
    assert days["clicks"].tolist() == [34] * 6
    assert posts["created_timestamp"].dt.strftime("%d %H:%M").tolist() == [f"0{day} 03:28" for day in range(1, 6)]
    assert set(posts["tz_source"]) == {"proved"}
    assert posts["post_type"].tolist() == ["video", pd.NA, "video", pd.NA, "video"]
    assert posts["post_message"].iloc[0] == "Post 0\nwith a second line"
    assert not posts["is_paid"].any()
    assert metrics["impressions"].tolist() == [1500, 1400, 1300, 1200, 1100]
    assert metrics["follows"].tolist() == [2, 2, pd.NA, 2, 2]
    assert metrics["shares"].tolist() == [1] * 5


def test_the_sample_followers_workbook_row_by_row() -> None:
    found = read(FOLDER / "demo-brand_followers_1762300000000.xlsx")
    days, audience = found.table("account_daily"), found.table("audience_snapshot")
    assert (found.rows_in, found.rejects, found.warnings) == (16, [], [])
    assert days["followers_gained"].tolist() == [6, 7, 8, 9, 10, 11]
    assert days["followers_total"].isna().all(), "'Total followers' of this sheet are the new ones of the day"
    assert audience["dimension"].tolist() == [
        name for name in ("location", "job_function", "seniority", "industry", "company_size") for _ in range(2)
    ]  # fmt: skip
    assert audience["count"].tolist() == [120, 40] * 5
    assert audience["share"].isna().all()


def test_the_sample_visitors_workbook_row_by_row() -> None:
    found = read(FOLDER / "demo-brand_visitors_1762300000000.xlsx")
    days = found.table("account_daily")
    assert (found.report, found.rows_in) == ("page_visitors", 5)
    assert days["profile_visits"].tolist() == [20, 21, 22, 23, 24]
    assert len(found.warnings) == 5, "sheets of visitors by location, … are no followers: named, not read"


def test_the_old_kind_of_workbook_is_read_alike() -> None:
    when = datetime(2026, 11, 1, 3, 28)
    sheets = {
        "All posts": [SENTENCE, POSTS, line(when)],
        "New followers": [["Date", "Organic followers", "Total followers"], ["11/01/2026", 5, 6]],
    }
    old, new = (
        read(old_workbook(sheets), name="demo-brand_content.xls"),
        read(workbook(sheets), name="demo-brand_content.xlsx"),
    )
    for table in ("posts", "post_metrics", "account_daily"):
        pd.testing.assert_frame_equal(
            old.table(table).drop(columns=["source_file"]), new.table(table).drop(columns=["source_file"])
        )
    assert old.table("posts")["post_id"].tolist() == [number(when)], "ids are text"


def test_the_variant_of_views_and_sponsored_posts() -> None:
    header = ["Views (Excluding offsite video views)" if name == "Views" else name for name in POSTS]
    found = read(workbook({"All posts": [SENTENCE, header, line(datetime(2026, 11, 1, 9), paid="Sponsored")]}))
    assert found.table("post_metrics")["views"].tolist() == [8]
    assert found.table("posts")["is_paid"].tolist() == [True]


def test_the_hour_is_used_only_where_the_day_agrees() -> None:
    when = datetime(2026, 11, 14, 3, 28)
    rows = [line(when), line(when, day="11/16/2026", number=number(when, 1))]
    posts = read(workbook({"All posts": [SENTENCE, POSTS, *rows]})).table("posts")
    assert posts["created_precision"].tolist() == ["minute", "day"]
    assert posts["is_scheduled"].tolist() == [False, True]
    assert posts["created_timestamp"].iloc[1] == pd.Timestamp("2026-11-16", tz="UTC")


def test_links_without_a_number_are_set_aside() -> None:
    rows = [line(datetime(2026, 11, 14)), line(datetime(2026, 11, 15), link="https://www.linkedin.com/company/demo"),
            line(datetime(2026, 11, 16), link=None)]  # fmt: skip
    found = read(workbook({"All posts": [SENTENCE, POSTS, *rows]}))
    assert found.table("posts")["source_row"].tolist() == [1]
    assert sorted(one.row for one in found.rejects) == [2, 3]


def test_the_name_of_the_file_says_whose_it_is() -> None:
    two = BRAND.replace("accounts:\n", "accounts:\n  - {platform: linkedin, handle: demo-kr, market: KR}\n")
    data = workbook({"New followers": [["Date", "Organic followers", "Total followers"], ["11/14/2026", 5, 6]]})
    assert read(data, name="demo-kr_followers_1790000000000.xlsx", brand=two).table("account_daily")[
        "account_id"
    ].tolist() == ["demo-kr"]
    with pytest.raises(ImportRefused, match="does not say whose account"):
        read(data, name="followers.xlsx", brand=two)


def test_the_moment_in_the_name_counts_unless_the_file_is_younger() -> None:
    rows = [["Date", "Organic followers", "Total followers"], ["11/14/2026", 5, 6], ["11/15/2026", 5, 6]]
    on_the_day = int(datetime(2026, 11, 15, 8, tzinfo=UTC).timestamp() * 1000)
    found = read(workbook({"New followers": rows}), name=f"demo-brand_followers_{on_the_day}.xlsx")
    assert found.table("account_daily")["is_partial"].tolist() == [False, True]
    assert found.table("account_daily")["exported_at"].iloc[0] == pd.Timestamp("2026-11-15 08:00", tz="UTC")


@given(st.lists(st.tuples(MINUTES, CAPTIONS, st.lists(COUNTS, min_size=7, max_size=7)), min_size=1, max_size=20))
@settings(max_examples=5)
def test_posts_that_were_written_are_read(posts: list[tuple[datetime, str, list[object]]]) -> None:
    rows = [line(when, title, counts, number=number(when, low)) for low, (when, title, counts) in enumerate(posts)]
    found = read(workbook({"All posts": [SENTENCE, POSTS, *rows]}))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    for (when, title, counts), row in zip(posts, frame.to_dict("records"), strict=True):
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        assert same(row["post_message"], title)
        names = ("impressions", "views", "clicks", "likes", "comments", "shares", "follows")
        assert all(same(row[name], one) for name, one in zip(names, counts, strict=True))


@given(
    st.dictionaries(
        st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.lists(SIGNED, min_size=4, max_size=4), min_size=1, max_size=20
    )
)
@settings(max_examples=5)
def test_days_that_were_written_are_read(days: dict[date, list[object]]) -> None:
    rows = []
    for day, (impressions, organic, reactions, reposts) in days.items():
        row = dict.fromkeys(METRICS, 0) | {"Date": f"{day:%m/%d/%Y}", "Impressions (total)": impressions,
               "Reactions (organic)": organic, "Reactions (total)": reactions, "Reposts (total)": reposts}  # fmt: skip
        rows.append([row[name] for name in METRICS])
    found = read(workbook({"Metrics": [["Aggregated engagement metrics over time"], METRICS, *rows]}))
    frame = found.table("account_daily", "date_day")
    for day, (impressions, _, reactions, reposts) in days.items():
        read_back = frame.loc[pd.Timestamp(day)]
        assert same(read_back["impressions"], impressions)
        assert same(read_back["likes"], reactions), "negative numbers are kept"
        assert same(read_back["shares"], reposts)
    negative = sum(1 for values in days.values() if values[1] is not None and values[1] < 0)
    assert found.said(f"{counted(negative, 'day')} with negative organic reactions") == bool(negative)
