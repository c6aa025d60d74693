from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from export_reading import EXPORTS, read
from export_strategies import COUNTS, cell
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.social.meta_daily import TITLES
from fanops_utils.errors import ImportRefused

FOLDER = EXPORTS / "meta/instagram_daily"


def daily(title: str, days: dict[date, object], *, header: str = '"Date","Primary"', extra: str = "") -> bytes:
    lines = [f'"{day.isoformat()}T00:00:00","{cell(value)}"{extra}' for day, value in days.items()]
    return b"\xff\xfe" + "\n".join(["sep=,", f'"{title}"', header, *lines]).encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("Reach", "reach", [169, 201, 180, 5956, 4021, 990, 801, 600, 520, 498]),
        ("Views", "views", [1775, 1801, 1650, 15798, 9120, 3002, 2220, 1900, 1700, 1602]),
        ("Visits", "profile_visits", [59, 33, 14, 18, 50, 23, 21, 19, 56, 25]),
        ("Link clicks", "link_clicks", [0, 0, 0, 2, 0, 0, 1, 0, 0, 0]),
        ("Interactions", "engagements", [26, 31, 0, 2442, 800, 120, 90, 66, 41, 39]),
    ],
)
def test_the_sample_files(name: str, column: str, values: list[int]) -> None:
    found = read(FOLDER / f"{name}.csv", account="17841400000000001")
    frame = found.table("account_daily")
    assert (found.report, found.rows_in, found.warnings) == ("daily", 10, [])
    assert frame[column].tolist() == values
    assert frame["date_day"].tolist() == list(pd.date_range("2026-03-01", periods=10))
    assert (
        frame.drop(columns=column)[["reach", "views"] if column not in ("reach", "views") else ["likes"]]
        .isna()
        .all(axis=None)
    )


def test_days_without_new_followers_are_put_back() -> None:
    found = read(FOLDER / "Follows.csv")
    frame = found.table("account_daily").sort_values("date_day")
    assert frame["followers_gained"].tolist() == [3, 0, 0, 1, 5, 0, 2, 1, 0, 4]
    assert found.said("4 days without a row")
    assert set(frame["account_id"]) == {"17841400000000001"}


def test_a_day_that_is_missing_elsewhere_stays_missing() -> None:
    found = read(daily("Instagram link clicks", {date(2026, 3, 1): 2, date(2026, 3, 4): 1}))
    assert found.table("account_daily")["date_day"].dt.day.tolist() == [1, 4]


def test_a_day_that_cannot_be_read_is_not_a_day_without_followers() -> None:
    found = read(daily("Instagram follows", {date(2026, 3, 1): 2, date(2026, 3, 2): "x", date(2026, 3, 4): 1}))
    frame = found.table("account_daily").sort_values("date_day")
    assert frame["date_day"].dt.day.tolist() == [1, 3, 4]
    assert frame["followers_gained"].tolist() == [2, 0, 1]
    assert [one.row for one in found.rejects] == [2]


def test_the_title_says_which_platform() -> None:
    found = read(daily("Facebook visits", {date(2026, 3, 1): 2}), name="Visits.csv")
    assert found.table("account_daily")[["platform", "profile_visits"]].iloc[0].tolist() == ["facebook", 2]
    gained = read(daily("Facebook follows", {date(2026, 3, 1): 2, date(2026, 3, 3): 2})).table("account_daily")
    assert gained.sort_values("date_day")["followers_gained"].tolist() == [2, 0, 2]
    with pytest.raises(ImportRefused, match="does not say whose account"):
        read(daily("Reach", {date(2026, 3, 1): 2}))
    assert read(daily("Viewers", {date(2026, 3, 1): 2}), account="demo").table("account_daily")["viewers"].tolist() == [
        2
    ]


def test_a_second_series_is_refused_by_name() -> None:
    with pytest.raises(ImportRefused, match=r"second series.*'Previous period'.*without comparing"):
        read(daily("Instagram reach", {date(2026, 3, 1): 2}, header='"Date","Primary","Previous period"', extra=',"7"'))


def test_an_unknown_metric_is_refused_by_name() -> None:
    with pytest.raises(ImportRefused, match="not a daily metric fanops knows: 'Instagram mood'"):
        read(daily("Instagram mood", {date(2026, 3, 1): 2}))


def test_the_day_of_the_export_is_unfinished() -> None:
    days = {date(2026, 11, 18) + timedelta(days=ahead): 5 for ahead in range(3)}
    assert read(daily("Instagram reach", days)).table("account_daily")["is_partial"].tolist() == [False, False, True]


@given(
    st.sampled_from(sorted(TITLES)),
    st.dictionaries(st.dates(date(2020, 1, 1), date(2020, 3, 30)), COUNTS, min_size=1, max_size=20),
)
@settings(max_examples=7)
def test_what_was_written_is_read(title: str, days: dict[date, int | None]) -> None:
    found = read(daily(f"Instagram {title}", dict(sorted(days.items()))))
    frame = found.table("account_daily").dropna(subset="source_row").set_index("date_day")[TITLES[title]]
    assert {day.date(): None if pd.isna(value) else value for day, value in frame.items()} == days


def test_the_sections_of_the_audience_file() -> None:
    found = read(FOLDER / "Audience.csv")
    frame = found.table("audience_snapshot", "dimension", "segment")
    assert (found.rows_in, len(frame), found.rejects) == (17, 17, [])
    assert frame.loc[("total", "all"), "count"] == 1629
    assert frame.loc[("gender_age", "65+ men"), "share"] == pytest.approx(0.016)
    assert frame.loc[("city", "New York, NY"), "share"] == pytest.approx(0.006)
    assert frame.loc[("country", "South Korea"), "share"] == pytest.approx(0.315)
    assert frame["share"].xs("gender_age").sum() == pytest.approx(1.0)


def test_an_empty_cell_of_the_audience_does_not_shift_its_row() -> None:
    lines = ["sep=,", '"Facebook followers"', '"PAGE"', '"1,629"', "", '"Facebook followers by gender and age"',
             '"Age","Women","Men"', '"18-24","","19.1%"', '"65+","a few","2%"']  # fmt: skip
    text = "\n".join(lines)
    found = read(b"\xff\xfe" + text.encode("utf-16-le"))
    frame = found.table("audience_snapshot", "segment")
    assert frame.loc["all", "count"] == 1629
    assert pd.isna(frame.loc["18-24 women", "share"])
    assert frame.loc["18-24 men", "share"] == pytest.approx(0.191)
    assert set(frame["platform"]) == {"facebook"}
    assert [one.value for one in found.rejects] == ["a few"]
