from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from export_reading import BRAND, read, written
from export_strategies import CAPTIONS, COUNTS, MINUTES, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.post_ids import X_EPOCH_MS
from fanops_utils.errors import ImportRefused

POSTS = [
    "Date", "Post ID", "Network", "Post Type", "Content Type", "Profile", "Sent by", "Link", "Post", "Linked Content",
    "Impressions", "Organic Impressions", "Paid Impressions", "Reach", "Organic Reach", "Paid Reach",
    "Engagement Rate (per Impression)", "Engagements", "Reactions", "Likes", "Love Reactions", "Haha Reactions",
    "Wow Reactions", "Sad Reactions", "Angry Reactions", "Comments", "Shares", "Saves", "Post Link Clicks",
    "Other Post Clicks", "Post Clicks (All)", "Negative Feedback", "Video Views",
]  # fmt: skip
PROFILES = [
    "Date", "Network", "Profile", "Audience", "Net Audience Growth", "Published Posts (Total)", "Impressions", "Engagements",
    "Engagement Rate (per Impression)", "Video Views",
]  # fmt: skip


def line(**cells: object) -> list[object]:
    given = {"Date": "07/20/2026 10:30 am", "Network": "Facebook", "Profile": "demo", "Post Type": "Post", "Post": "a",
             "Post ID": "100045700000001_182772013209466", "Content Type": "Photo"} | cells  # fmt: skip
    assert set(given) <= set(POSTS)
    return ["" if given.get(name) is None else given[name] for name in POSTS]


def x_number(when: datetime, low: int = 0) -> str:
    return str((round(when.timestamp() * 1000) - X_EPOCH_MS) << 22 | low)


def test_a_post_with_all_its_numbers() -> None:
    row = line(**{
        "Impressions": "1,234", "Paid Impressions": "1,000", "Reach": "900", "Paid Reach": "", "Engagements": "57",
        "Engagement Rate (per Impression)": "2.57%", "Reactions": "40", "Likes": "30", "Comments": "5", "Shares": "6",
        "Saves": "0", "Post Link Clicks": "7", "Post Clicks (All)": "12", "Negative Feedback": "1", "Video Views": "",
    })  # fmt: skip
    found = read(written([POSTS, row]))
    post, metrics = found.table("posts").iloc[0], found.table("post_metrics").iloc[0]
    assert (found.source, found.report, found.rejects) == ("sprout", "posts", [])
    assert (post["platform"], post["account_id"], post["post_type"]) == ("facebook", "100045700000001", "image")
    assert post["post_id"] == "182772013209466", "the id as the page's own export gives it"
    assert post["created_timestamp"] == pd.Timestamp("2026-07-20 14:30", tz="UTC"), "the market's time: New York"
    assert post["tz_source"] == "assumed"
    names = ["impressions", "impressions_paid", "reach", "engagements", "likes", "comments", "shares", "saves", "link_clicks",
             "clicks", "negative_feedback"]  # fmt: skip
    assert metrics[names].tolist() == [1234, 1000, 900, 57, 40, 5, 6, 0, 7, 12, 1]
    assert metrics[["reach_paid", "views"]].isna().all()


@pytest.mark.parametrize(
    ("printed", "hour"), [("07/20/2026 12:05 am", 0), ("07/20/2026 12:05 pm", 12), ("07/20/2026 14:05 pm", 14)]
)
def test_both_clocks(printed: str, hour: int) -> None:
    when = read(written([POSTS, line(Date=printed)])).table("posts")["created_timestamp"].iloc[0]
    assert when.tz_convert("America/New_York").hour == hour


def test_likes_stand_in_where_there_are_no_reactions() -> None:
    found = read(
        written([POSTS, line(Reactions="", Likes="30"), line(**{"Post ID": "5", "Reactions": "0", "Likes": "30"})])
    )
    assert found.table("post_metrics")["likes"].tolist() == [30, 0]


def test_ids_prove_the_time() -> None:
    when = datetime(2026, 7, 20, 14, 30, 12, tzinfo=UTC)
    row = line(**{"Network": "X", "Profile": "@Demo_Brand", "Post ID": x_number(when)})
    post = read(written([POSTS, row])).table("posts").iloc[0]
    assert (post["tz_source"], post["created_timestamp"]) == ("proved", pd.Timestamp(when))


def test_another_reporting_zone_is_found_by_the_ids() -> None:
    moments = [datetime(2026, 7, day, 14, 30, tzinfo=UTC) for day in (13, 14, 15, 16)]
    clocks = [when.astimezone(ZoneInfo("Europe/Berlin")).strftime("%m/%d/%Y %I:%M %p").lower() for when in moments]
    rows = [line(**{"Network": "X", "Profile": "demo_brand", "Post ID": x_number(when), "Date": clock})
            for when, clock in zip(moments, clocks, strict=True)]  # fmt: skip
    found = read(written([POSTS, *rows]))
    assert found.table("posts")["created_timestamp"].tolist() == [pd.Timestamp(when) for when in moments]
    assert found.said("+6 h from the time of America/New_York")


def test_each_profile_is_read_in_the_zone_of_its_market() -> None:
    brand = BRAND.replace("accounts:\n", "accounts:\n  - {platform: facebook, handle: demo-kr, market: KR}\n")
    rows = [line(), line(**{"Profile": "demo-kr", "Post ID": "7"})]
    posts = read(written([POSTS, *rows]), brand=brand).table("posts")
    assert posts["account_id"].tolist() == ["100045700000001", "demo-kr"]
    assert posts["created_timestamp"].dt.strftime("%d %H:%M").tolist() == ["20 14:30", "20 01:30"]


def test_rows_of_other_profiles_and_networks_are_set_aside() -> None:
    rows = [line(), line(Profile="rival"), line(Network="MySpace"), line(**{"Post ID": "1.8E+14"}), line(Date="")]
    found = read(written([POSTS, *rows]))
    assert found.table("posts")["source_row"].tolist() == [1]
    assert {one.row for one in found.rejects} == {2, 3, 4, 5}
    with pytest.raises(ImportRefused, match=r"no profile in the file is an account in brand\.yml: 'rival'"):
        read(written([POSTS, line(Profile="rival")]))


def test_the_profile_report() -> None:
    rows = [["07-20-2026", "Instagram", "demo_brand", "1,629", "-3", "2", "1,775", "26", "1.5%", ""],
            ["07-20-2026", "X", "demo_brand", "", "1", "0", "90", "4", "", "12"]]  # fmt: skip
    found = read(written([PROFILES, *rows]))
    frame = found.table("account_daily", "platform")
    assert (found.report, found.rejects) == ("profiles", [])
    assert frame.loc["instagram", ["account_id", "followers_total", "posts_published", "impressions", "engagements"]].tolist() == [
        "17841400000000001", 1629, 2, 1775, 26,
    ]  # fmt: skip
    assert frame.loc["x", "views"] == 12
    assert frame["followers_total"].isna().tolist() == [False, True]
    assert set(frame["date_day"]) == {pd.Timestamp("2026-07-20")}


@given(st.lists(st.tuples(CAPTIONS, MINUTES, COUNTS, COUNTS), min_size=1, max_size=20))
@settings(max_examples=5)
def test_posts_that_were_written_are_read(posts: list[tuple[str, datetime, int | None, int | None]]) -> None:
    rows = []
    for low, (text, naive, impressions, shares) in enumerate(posts):
        when = naive.replace(tzinfo=UTC)
        printed = when.astimezone(ZoneInfo("America/New_York")).strftime("%m/%d/%Y %I:%M %p").lower()
        rows.append(line(**{"Network": "Twitter", "Profile": "demo_brand", "Post ID": x_number(when, low), "Date": printed,
                            "Post": text, "Impressions": None if impressions is None else f"{impressions:,}",
                            "Shares": shares}))  # fmt: skip
    found = read(written([POSTS, *rows]))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    for (text, when, impressions, shares), row in zip(posts, frame.to_dict("records"), strict=True):
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        assert same(row["post_message"], text)
        assert same(row["impressions"], impressions)
        assert same(row["shares"], shares)


@given(
    st.dictionaries(st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.tuples(COUNTS, COUNTS), min_size=1, max_size=20)
)
@settings(max_examples=5)
def test_days_that_were_written_are_read(days: dict[date, tuple[int | None, int | None]]) -> None:
    rows = [[f"{day:%m-%d-%Y}", "LinkedIn", "demo-brand", "" if audience is None else f"{audience:,}", "", "", shown, "", "", ""]
            for day, (audience, shown) in days.items()]  # fmt: skip
    frame = read(written([PROFILES, *rows])).table("account_daily", "date_day")
    for day, (audience, shown) in days.items():
        assert same(frame.loc[pd.Timestamp(day), "followers_total"], audience)
        assert same(frame.loc[pd.Timestamp(day), "impressions"], shown)
