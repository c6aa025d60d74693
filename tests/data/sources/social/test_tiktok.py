from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read
from export_strategies import COUNTS, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.dates import MONTHS
from fanops_utils.errors import ImportRefused, YearUnknown

ON = date(2026, 1, 6)


def quoted(*rows: list[object]) -> str:
    """Return rows as TikTok writes them: byte mark, all quoted, no line break at the end."""
    return "\ufeff" + "\n".join(",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)


def tiktok(*rows: list[object], on: date | None = ON, **options: object) -> Result:
    return read(quoted(*rows), brand=EVERYWHERE, exported_on=on, **options)  # type: ignore[arg-type]


def sample(name: str) -> Result:
    return read(EXPORTS / "tiktok" / name, brand=EVERYWHERE, exported_on=ON)


def test_overview_row_by_row() -> None:
    found = sample("Overview_en.csv")
    daily = found.table("account_daily")
    assert (found.report, found.rows_in, found.rejects) == ("overview", 8, [])
    assert daily["date_day"].dt.date.tolist() == [date(2025, 12, 29) + timedelta(days=n) for n in range(8)]
    assert daily["views"].tolist() == [0, 141, 22, 2936, 3836, 2899, 1200, 869]
    assert daily["profile_visits"].tolist()[:4] == [0, 4, 0, 45]
    assert daily["likes"].tolist()[3:6] == [401, 426, 376]
    assert daily["shares"].tolist()[3:6] == [55, 17, 27]
    assert daily["is_partial"].tolist() == [False] * 6 + [True] * 2


def test_viewers_and_followers_row_by_row() -> None:
    viewers, followers = (
        sample("Viewers.csv").table("account_daily"),
        sample("FollowerHistory_diff_is_prev_day.csv").table("account_daily"),
    )
    assert viewers["viewers"].tolist() == [7, 107, 207, 307, 407, 507, 607, pd.NA]
    assert viewers["new_viewers"].tolist() == [5, 65, 125, 185, 245, 305, 365, pd.NA], "false zeros beside undefined"
    assert viewers["returning_viewers"].tolist() == [2, 42, 82, 122, 162, 202, 242, pd.NA]
    assert followers["followers_total"].tolist() == [pd.NA, 5, 6, 9, 13, 13, 994, 1021]
    assert followers["followers_gained"].isna().all(), "the difference column is never read"


def test_activity_and_audience_row_by_row() -> None:
    activity = sample("FollowerActivity.csv").table("audience_activity_hourly")
    assert (len(activity), activity["active_followers"].tolist()[:3], activity["hour"].tolist()[:3]) == (
        48,
        [500, 490, 480],
        [0, 1, 2],
    )
    assert activity.groupby("date_day")["is_partial"].first().tolist() == [False, True]
    gender, land = (
        sample("FollowerGender.csv").table("audience_snapshot"),
        sample("FollowerTopTerritories.csv").table("audience_snapshot"),
    )
    assert dict(zip(gender["segment"], gender["share"], strict=True)) == {"Female": 0.56, "Male": 0.44, "Other": 0.0}
    assert dict(zip(land["segment"], land["share"], strict=True)) == {
        "GR": 0.381,
        "RO": 0.141,
        "DE": 0.034,
        "Others": 0.444,
    }


def test_content_row_by_row() -> None:
    found = sample("Content.csv")
    posts, metrics = found.table("posts"), found.table("post_metrics")
    assert posts["created_timestamp"].dt.strftime("%Y-%m-%d").tolist() == [
        "2025-12-30",
        "2026-01-02",
        "2025-12-24",
        "2026-01-01",
        "2026-01-03",
    ]
    assert posts["post_message"].iloc[0] == 'Title 0 with "quotes" #tag0 #demo'
    assert metrics[["views", "likes", "comments", "shares"]].to_numpy().tolist() == [
        [2469, 130, 5, 2], [28590, 529, 170, 122], [54239, 1428, 93, 1087], [310, 12, 0, 0], [88, 7, 1, 0],
    ]  # fmt: skip
    assert posts["created_precision"].tolist() == ["minute", "minute", "day", "minute", "minute"]


@pytest.mark.parametrize(
    "printed",
    [["December 31", "January 1"], ["31 December", "1 January"], ["31 tháng Mười Hai", "1 tháng Một"],
     ["31 Δεκεμβρίου", "1 Ιανουαρίου"], ["31 декабря", "1 января"], ["12月31日", "1月1日"], ["31 de dezembro", "1 de janeiro"],
     ["31 de diciembre", "1 de enero"], ["31. Dezember", "1. Januar"], ["31 décembre", "1 janvier"],
     ["12월 31일", "1월 1일"], ["31 dicembre", "1 gennaio"], ["31 Desember", "1 Januari"], ["31 ธันวาคม", "1 มกราคม"],
     ["31 Aralık", "1 Ocak"]],
)  # fmt: skip
def test_days_of_every_language_cross_the_year(printed: list[str]) -> None:
    found = tiktok(
        ["Date", "Followers", "Difference in followers from previous day"], *([day, "7", "999"] for day in printed)
    )
    assert found.table("account_daily")["date_day"].dt.date.tolist() == [date(2025, 12, 31), date(2026, 1, 1)]


def test_lines_out_of_order_get_the_right_year_or_are_refused() -> None:
    days = [date(2025, 12, 20) + timedelta(days=n) for n in range(17)]
    rows = [[f"{day:%B} {day.day}", n] for n, day in enumerate(days)]
    for order in (rows[::-1], rows[8:] + rows[:8], rows[::2] + rows[1::2]):
        table = tiktok(["Date", "Followers"], *order).table("account_daily")
        assert dict(zip(table["followers_total"], table["date_day"].dt.date, strict=True)) == dict(enumerate(days))
    with pytest.raises(YearUnknown, match="do not follow one another"):
        tiktok(["Date", "Followers"], ["January 3", 1], ["October 5", 2], ["January 2", 3], ["December 30", 4])


def test_a_day_in_an_unknown_language_is_set_aside() -> None:
    found = tiktok(["Date", "Followers"], ["4 Smarch", 1], ["January 5", 2])
    assert [(one.row, one.value) for one in found.rejects] == [(1, "4 Smarch")]


LINK = "https://www.tiktok.com/@demo_brand/video/{}"
TITLES = [
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
]


def video(when: datetime, low: int = 1) -> str:
    return LINK.format(int(when.timestamp()) << 32 | low)


def test_scheduled_videos_keep_the_printed_day_only() -> None:
    uploaded = datetime(2025, 12, 30, 6, 45, tzinfo=UTC)
    found = tiktok(TITLES, ["January 6", "a", video(uploaded), "December 30", 1, 1, 1, 1],
                   ["January 6", "b", video(uploaded, 2), "January 3", 1, 1, 1, 1],
                   ["January 6", "c", video(uploaded, 3), "April 20", 1, 1, 1, 1])  # fmt: skip
    posts = found.table("posts")
    assert posts["created_timestamp"].tolist() == [pd.Timestamp(uploaded), pd.Timestamp("2026-01-03", tz="UTC")]
    assert posts["created_precision"].tolist() == ["minute", "day"]
    assert posts["is_scheduled"].tolist() == [False, True]
    assert "proves another day" in found.rejects[0].reason


def test_a_year_ago_is_recovered_from_the_id() -> None:
    found = tiktok(TITLES, ["6 января", "a", video(datetime(2025, 4, 20, 9, tzinfo=UTC)), "20 апреля", 1, 1, 1, 1])
    assert found.table("posts")["created_timestamp"].iloc[0] == pd.Timestamp("2025-04-20 09:00", tz="UTC")


def test_the_other_layout_of_content_has_iso_times() -> None:
    titles = [
        "Video title",
        "Video link",
        "Post time",
        "Views in the last 7 days",
        "Total views",
        "Total likes",
        "Total comments",
        "Total shares",
    ]
    uploaded = datetime(2025, 12, 30, 6, 45, tzinfo=UTC)
    plain = tiktok(titles, ["a, b", video(uploaded), "2025-12-30T08:45:00", 5, 100, 9, 2, 1])
    metrics = plain.table("post_metrics").iloc[0]
    assert metrics[["views", "likes", "comments", "shares"]].tolist() == [100, 9, 2, 1], (
        "not those of the last seven days"
    )
    assert plain.table("posts").iloc[0][["created_timestamp", "created_source"]].tolist() == [
        pd.Timestamp(uploaded),
        "post_id",
    ]
    offset = tiktok(titles, ["a", video(uploaded), "2026-01-02T10:00:00+02:00", 5, 100, 9, 2, 1]).table("posts").iloc[0]
    assert offset[["created_timestamp", "tz_source", "is_scheduled"]].tolist() == [
        pd.Timestamp("2026-01-02 08:00", tz="UTC"), "export_offset", True,
    ]  # fmt: skip


@pytest.mark.parametrize("title", ['say "hi", twice', 'two\nlines "and", quotes', '"', 'ends with "quotes"', '", "'])
def test_titles_with_quotation_marks_that_were_not_doubled(title: str) -> None:
    text = quoted(
        TITLES,
        *(
            ["January 6", f"TITLE{n}", video(datetime(2025, 12, 30, 6, tzinfo=UTC), n), "December 30", n, 1, 1, 1]
            for n in (1, 2)
        ),
    )
    found = read(text.replace("TITLE1", title), brand=EVERYWHERE, exported_on=ON)
    assert found.table("posts")["post_message"].tolist() == [title, "TITLE2"]
    assert found.table("post_metrics")["likes"].tolist() == [1, 2]


def test_a_file_cut_in_the_middle_is_refused() -> None:
    whole = (EXPORTS / "tiktok/Content.csv").read_bytes()
    with pytest.raises(ImportRefused, match="quotation mark"):
        read(whole[:-3], brand=EVERYWHERE, exported_on=ON)


FEW = st.lists(COUNTS, min_size=1, max_size=6)
LANGUAGES = sorted(name for name in MONTHS if "short" not in name)


@settings(max_examples=12)
@given(
    st.dates(date(2016, 1, 1), date(2035, 1, 1)), st.integers(0, 3), FEW, st.integers(1, 70), st.sampled_from(LANGUAGES)
)
def test_what_was_written_is_read(last: date, lag: int, few: list[int | None], times: int, language: str) -> None:
    names, counts = MONTHS[language].split(), few * times
    days = [last - timedelta(days=back) for back in range(len(counts))][::-1]
    rows = [
        [f"{day.day} {names[day.month - 1]}", "undefined" if one is None else one]
        for day, one in zip(days, counts, strict=True)
    ]
    table = tiktok(["Date", "Followers"], *rows, on=last + timedelta(days=lag)).table("account_daily")
    assert table["date_day"].dt.date.tolist() == days
    assert all(same(one, count) for one, count in zip(table["followers_total"], counts, strict=True))


def test_a_year_that_a_spreadsheet_gave_is_not_believed() -> None:
    overview = tiktok(["Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares"],
                      ["2026-12-30", 1, 1, 1, 1, 1], ["2026-01-04 00:00:00", 2, 2, 2, 2, 2])  # fmt: skip
    assert [one.row for one in overview.rejects] == [1]
    text = (
        (EXPORTS / "tiktok" / "Content.csv").read_text(encoding="utf-8").replace("December 30", "2026-12-30 00:00:00")
    )
    content = read(text, brand=EVERYWHERE, exported_on=ON)
    assert 1 in {one.row for one in content.rejects}
