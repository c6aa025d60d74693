from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from export_reading import EXPORTS, read
from export_strategies import COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused

FOLDER = EXPORTS / "discord"
TEN_DAYS = list(pd.date_range("2026-10-12", periods=10))


def insight(header: str, *lines: str) -> str:
    return "\r\n".join([header, *lines])


def stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+00:00"


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("guild-communicators", "visitors", [206, 203, 200, 197, 194, 191, 188, 185, 182, 179]),
        ("guild-joins-by-source", "joins_invite", list(range(10))),
        ("guild-joins-by-source", "joins_vanity", [3] * 10),
        ("guild-message-activity", "messages", [334, 327, 320, 313, 306, 299, 292, 285, 278, 271]),
        ("guild-total-membership", "total_membership", list(range(3046, 3076, 3))),
        ("guild-retention", "new_members", [6, 0, 2, 4, 5, 1, 3, 2, 6, 4]),
    ],
)
def test_the_sample_files(name: str, column: str, values: list[int]) -> None:
    found = read(FOLDER / f"{name}.csv")
    frame = found.table("community_daily")
    assert (found.source, found.report, found.rows_in, found.rejects, found.warnings) == (
        "discord",
        "insight",
        10,
        [],
        [],
    )
    assert frame["interval_start"].tolist() == TEN_DAYS
    assert set(frame["interval"]) == {"day"}
    assert frame[column].tolist() == values
    assert set(frame["community_id"]) == {"212435931766980000"}


def test_percents_become_fractions() -> None:
    frame = read(FOLDER / "guild-communicators.csv").table("community_daily")
    assert frame["pct_communicated"].iloc[0] == pytest.approx(0.25728155339805824)
    messages = read(FOLDER / "guild-message-activity.csv").table("community_daily")
    assert messages["messages_per_communicator"].iloc[0] == pytest.approx(6.30188679245283)


def test_a_line_that_ends_early_lacks_its_last_cell() -> None:
    frame = read(FOLDER / "guild-retention.csv").table("community_daily")
    assert frame["pct_retained_week1"].tolist() == [0.5, pd.NA, 0.0, 0.25, 0.4, *[pd.NA] * 5]
    header = "interval_start_timestamp,new_members,pct_communicated,pct_opened_channels"
    found = read(
        insight(
            header,
            f"{stamp(date(2026, 1, 1))},5,20,",
            f"{stamp(date(2026, 1, 2))},4,25.5",
            f"{stamp(date(2026, 1, 3))},0",
        )
    )
    frame = found.table("community_daily")
    assert frame["pct_communicated"].tolist() == [0.2, 0.255, pd.NA]
    assert frame["pct_opened_channels"].isna().all()
    assert frame["new_members"].tolist() == [5, 4, 0]


def test_leavers_of_all_tenures_are_added_up() -> None:
    found = read(FOLDER / "guild-leavers.csv")
    frame = found.table("community_daily")
    assert (found.report, found.rows_in) == ("by_tenure", 4)
    assert frame["leavers"].tolist() == [3, 3, 3, 3]
    assert frame["source_row"].tolist() == [1, 3, 5, 7]


def test_a_tenure_that_cannot_be_read_sets_its_interval_aside() -> None:
    header, one, two = (
        "interval_start_timestamp,days_in_guild,leavers",
        stamp(date(2026, 1, 1)),
        stamp(date(2026, 1, 2)),
    )
    lines = [f"{one},'Members for 1 month+',1", f"{one},'Members for < 1 month',x", f"{two},'Members for 1 month+',4",
             f"{two},'Members for < 1 month',0"]  # fmt: skip
    found = read(insight(header, *lines))
    assert found.table("community_daily")["leavers"].tolist() == [4]
    assert {one.row for one in found.rejects} == {1}


def test_channels_with_names_in_single_quotes() -> None:
    found = read(FOLDER / "popular-text-channels.csv")
    frame = found.table("community_channel")
    assert frame["channel_name"].tolist() == ["general", "memes", "announcements", "help-desk"]
    assert frame["channel_id"].iloc[0] == "212435931766980609"
    assert frame[["readers", "chatters", "messages"]].iloc[3].tolist() == [128, 24, 84]
    assert found.said("one interval: read as a day")
    assert found.said("most popular channels only")
    header = "interval_start_timestamp,channel_name,channel_id,listeners,communicators"
    days = [stamp(date(2026, 1, 1)), stamp(date(2026, 1, 2))]
    voice = read(insight(header, f"{days[0]},'Voice, it''s loud',21,7,3", f"{days[1]},'don't',22,6"))
    frame = voice.table("community_channel")
    assert frame["channel_name"].tolist() == ["Voice, it''s loud", "don't"]
    assert frame["listeners"].tolist() == [7, 6]
    assert frame["speakers"].tolist() == [3, pd.NA]
    assert frame["chatters"].isna().all(), "who spoke did not write"


def test_destroyed_channel_ids_are_set_aside() -> None:
    header = "interval_start_timestamp,channel_name,channel_id,readers,chatters,messages"
    found = read(insight(header, f"{stamp(date(2026, 1, 1))},general,2.12436E+17,1,1,1"))
    assert (len(found.table("community_channel")), found.rejects[0].column) == (0, "channel_id")


@pytest.mark.parametrize(
    ("days", "interval"),
    [
        (pd.date_range("2026-01-01", periods=9, freq="D"), "day"),
        (pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-09"]), "day"),
        (pd.date_range("2026-01-05", periods=4, freq="7D"), "week"),
        (pd.to_datetime(["2026-01-05", "2026-01-19", "2026-01-26"]), "week"),
        (pd.date_range("2026-01-01", periods=5, freq="MS"), "month"),
        (pd.to_datetime(["2026-02-01", "2026-03-01"]), "month"),
    ],
)
def test_the_spacing_says_how_long_an_interval_is(days: pd.DatetimeIndex, interval: str) -> None:
    lines = [f"{stamp(day.date())},5" for day in days[::-1]]
    frame = read(insight("interval_start_timestamp,total_membership", *lines)).table("community_daily")
    assert set(frame["interval"]) == {interval}
    assert frame["interval_start"].tolist() == list(days[::-1])


def test_a_spacing_that_is_no_interval_is_refused() -> None:
    lines = [f"{stamp(date(2026, 1, 1) + timedelta(days=3 * step))},5" for step in range(4)]
    with pytest.raises(ImportRefused, match="one line every 3 days"):
        read(insight("interval_start_timestamp,total_membership", *lines))


def test_the_newer_name_of_the_day() -> None:
    frame = read(
        insight("day_pt,discovery_joins,invites,vanity_joins,other_joins", "2026-10-12,1,2,3,4", "2026-10-13,1,2,3,")
    ).table("community_daily")
    assert frame["interval_start"].tolist() == TEN_DAYS[:2]
    assert frame["joins_other"].tolist() == [4, pd.NA]


def test_the_interval_of_the_export_is_unfinished() -> None:
    weeks = [stamp(date(2026, 11, day)) for day in (2, 9, 16)]
    found = read(insight("interval_start_timestamp,visitors", *[f"{week},5" for week in weeks]))
    assert found.table("community_daily")["is_partial"].tolist() == [False, False, True]


def test_an_insight_that_no_table_holds_is_refused_by_name() -> None:
    with pytest.raises(
        ImportRefused, match="no mapping fits its columns: 'interval_start_timestamp, referring_domain, joins'"
    ):
        read(insight("interval_start_timestamp,referring_domain,joins", f"{stamp(date(2026, 1, 1))},'a.com',3"))


@given(
    st.dictionaries(
        st.dates(date(2020, 1, 1), date(2020, 12, 31)),
        st.tuples(COUNTS, st.one_of(st.none(), st.floats(0, 100))),
        min_size=2,
        max_size=30,
    )
)
@settings(max_examples=7)
def test_what_was_written_is_read(days: dict[date, tuple[object, float | None]]) -> None:
    every = pd.date_range(min(days), max(days))
    days = {one.date(): days.get(one.date(), (0, None)) for one in every}
    lines = [
        ",".join([stamp(day), cell(count), *([] if pct is None else [repr(pct)])]) for day, (count, pct) in days.items()
    ]
    frame = read(insight("interval_start_timestamp,new_members,pct_retained", *lines)).table(
        "community_daily", "interval_start"
    )
    for day, (count, pct) in days.items():
        row = frame.loc[pd.Timestamp(day)]
        assert same(row["new_members"], count)
        assert (
            pd.isna(row["pct_retained_week1"]) if pct is None else row["pct_retained_week1"] == pytest.approx(pct / 100)
        )
