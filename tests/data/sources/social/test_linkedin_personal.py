from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
from export_reading import read, workbook, written
from export_strategies import COUNTS, MINUTES, same
from hypothesis import given, settings
from hypothesis import strategies as st

HEADER = ["Post URL", "Post publish date", "Engagements", "", "Post URL", "Post publish date", "Impressions"]
NOTE = ["Maximum of 50 posts available to include in this list"]


def number(when: datetime, low: int = 0) -> str:
    return str(round(when.replace(tzinfo=UTC).timestamp() * 1000) << 22 | low)


def link(which: str) -> str:
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{which}"


def half(when: datetime, value: object, low: int = 0) -> list[object]:
    return [link(number(when, low)), f"{when.month}/{when.day}/{when.year}", value]


def top_posts(left: list[list[object]], right: list[list[object]]) -> list[list[object]]:
    empty: list[object] = [None, None, None]
    longest = max(len(left), len(right))
    pairs = zip([*left, *[empty] * (longest - len(left))], [*right, *[empty] * (longest - len(right))], strict=True)
    return [NOTE, [], HEADER, *[[*one, None, *other] for one, other in pairs]]


FIRST, SECOND, THIRD = datetime(2025, 12, 16, 8, 5), datetime(2025, 12, 14, 23, 59), datetime(2025, 12, 1, 0, 0)


def test_the_two_tables_are_joined_on_the_post() -> None:
    rows = top_posts([half(FIRST, 3), half(SECOND, 2)], [half(SECOND, 1358), half(FIRST, 900), half(THIRD, 70)])
    for data, name in ((workbook({"TOP POSTS": rows}), "a.xlsx"), (written(rows), "a.csv")):
        found = read(data, name=name)
        metrics = found.table("posts").merge(found.table("post_metrics"), on="post_id").set_index("post_id")
        assert (found.report, found.rows_in, found.rejects) == ("personal_posts", 3, [])
        assert metrics.loc[number(FIRST), ["engagements", "impressions"]].tolist() == [3, 900]
        assert metrics.loc[number(SECOND), ["engagements", "impressions"]].tolist() == [2, 1358]
        assert pd.isna(metrics.loc[number(THIRD), "engagements"]), "not in the list is not zero"
        assert metrics.loc[number(SECOND), "created_timestamp"] == pd.Timestamp(SECOND, tz="UTC")
        assert set(metrics["created_precision"]) == {"minute"}


def test_rows_without_a_link_are_set_aside_each_for_itself() -> None:
    rows = top_posts([half(FIRST, 3), ["", "12/16/2025", 5]], [["", "12/14/2025", 7], half(FIRST, "many")])
    found = read(workbook({"TOP POSTS": rows}))
    assert found.rows_in == 3
    assert {one.reason for one in found.rejects} == {"the cell is empty", "not a number"}
    assert len(found.table("posts")) == 0


def test_the_whole_workbook() -> None:
    sheets = {
        "DISCOVERY": [["Overall Performance", "12/17/2024 - 12/16/2025"], ["Impressions", 12345], ["Members reached", 678]],
        "ENGAGEMENT": [["Date", "Impressions", "Engagements"], ["12/15/2025", 120, 4], ["12/16/2025", 90, None]],
        "TOP POSTS": top_posts([half(FIRST, 3)], [half(FIRST, 900)]),
        "FOLLOWERS": [["Total followers on 12/16/2025:", 1510], [], ["Date", "New followers"], ["12/15/2025", 2],
                      ["12/16/2025", 5]],
        "DEMOGRAPHICS": [["Top Demographics", "Value", "Percentage"], ["Job titles", "Founder", 0.05],
                         ["Locations", "Greater Seoul Area", 0.112], ["Industries", "Retail", "< 1%"]],
    }  # fmt: skip
    found = read(workbook(sheets), name="AggregateAnalytics_demo_2024-12-17_2025-12-16.xlsx")
    days = found.table("account_daily").groupby("date_day").first()
    assert days.loc["2025-12-15", ["impressions", "engagements", "followers_gained"]].tolist() == [120, 4, 2]
    assert days.loc["2025-12-16", "followers_total"] == 1510
    assert pd.isna(days.loc["2025-12-16", "engagements"])
    audience = found.table("audience_snapshot", "dimension")
    assert audience.loc["location", ["segment", "share"]].tolist() == ["Greater Seoul Area", 0.112]
    assert pd.isna(audience.loc["industry", "share"])
    assert found.said("below a limit")
    assert found.said("Members reached, 678")
    assert found.rows_in == 8
    assert found.rejects == []


def test_percents_as_text() -> None:
    rows = [["Top Demographics", "Value", "Percentage"], ["Company size", "51-200 employees", "12.5%"]]
    audience = read(workbook({"DEMOGRAPHICS": rows})).table("audience_snapshot")
    assert audience[["dimension", "share"]].iloc[0].tolist() == ["company_size", 0.125]


def test_a_total_of_a_day_that_has_no_row_is_said() -> None:
    rows = [["Total followers on 12/20/2025:", "1,510"], [], ["Date", "New followers"], ["12/15/2025", 2]]
    found = read(workbook({"FOLLOWERS": rows}))
    assert found.table("account_daily")["followers_total"].isna().all()
    assert found.said("no row of its day")


@given(
    st.dictionaries(MINUTES, st.tuples(COUNTS, COUNTS), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
@settings(max_examples=5)
def test_what_was_written_is_read(posts: dict[datetime, tuple[object, object]], shuffled) -> None:
    left = [half(when, values[0], low) for low, (when, values) in enumerate(posts.items())]
    right = [half(when, values[1], low) for low, (when, values) in enumerate(posts.items())]
    shuffled.shuffle(left)
    shuffled.shuffle(right)
    found = read(workbook({"TOP POSTS": top_posts(left, right)}))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id").set_index("post_id")
    assert len(frame) == len(posts)
    for low, (when, (engagements, impressions)) in enumerate(posts.items()):
        row = frame.loc[number(when, low)]
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        assert same(row["engagements"], engagements)
        assert same(row["impressions"], impressions)
