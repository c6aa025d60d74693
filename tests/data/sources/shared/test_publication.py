from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.publication import MOMENT, by_day, by_minute

PACIFIC = "America/Los_Angeles"
MINUTES = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(
    lambda when: when.replace(second=0, microsecond=0)
)


def series(moments: list[datetime | None]) -> pd.Series:
    return pd.Series(moments, dtype=MOMENT)


def as_printed(moments: list[datetime], zone: str) -> pd.Series:
    """Return what a loader makes of times printed in *zone* when it reads them as US Pacific time."""
    naive = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in moments]
    local = pd.Series(naive, dtype="datetime64[us]").dt.tz_localize(
        PACIFIC, ambiguous=True, nonexistent="shift_forward"
    )
    return local.dt.tz_convert(UTC).astype(MOMENT)


@given(st.lists(MINUTES, min_size=1, max_size=30))
def test_pacific_times_are_proved_in_every_hour_of_the_year(moments: list[datetime]) -> None:
    found = by_minute(as_printed(moments, PACIFIC), series(moments), zone="Pacific")
    assert found.created.tolist() == series(moments).tolist()
    assert set(found.zone) == {"proved"}
    assert not found.scheduled.any()
    assert found.warnings == []


@given(st.lists(MINUTES, min_size=3, max_size=30, unique=True))
@pytest.mark.parametrize("zone", ["Asia/Seoul", "Europe/Athens", "Asia/Kolkata"])
def test_another_zone_is_found_and_the_ids_are_used(zone: str, moments: list[datetime]) -> None:
    printed = as_printed(moments, zone)
    found = by_minute(printed, series(moments), zone="Pacific")
    proved = found.zone == "proved"
    assert (found.created[proved] == series(moments)[proved]).all()
    if proved.all():
        assert any("h from Pacific" in one for one in found.warnings)


def test_rows_without_an_id_are_read_in_the_zone_that_the_others_prove() -> None:
    moments = [datetime(2026, 7, day, 12, tzinfo=UTC) for day in range(1, 6)]
    ids = series([*moments[:4], None])
    found = by_minute(as_printed(moments, "Asia/Seoul"), ids, zone="Pacific")
    assert found.created.tolist() == series(moments).tolist()
    assert found.zone.tolist() == ["proved"] * 4 + ["assumed"]
    assert found.scheduled.tolist()[:4] == [False] * 4
    assert pd.isna(found.scheduled.iloc[4]), "without an id nobody knows"
    assert any("+16 h" in one for one in found.warnings)


def test_a_post_created_before_it_was_published_keeps_its_printed_time() -> None:
    moments = [datetime(2026, 7, day, 12, tzinfo=UTC) for day in range(1, 6)]
    ids = series([*moments[:4], datetime(2026, 7, 4, 11, 20, tzinfo=UTC)])
    found = by_minute(as_printed(moments, PACIFIC), ids, zone="Pacific")
    assert found.created.tolist() == series(moments).tolist()
    assert (found.zone.iloc[4], found.source.iloc[4], found.scheduled.iloc[4]) == ("assumed", "export", True)
    assert found.warnings[0] == "the printed times are Pacific in 4 of 5 rows whose post id holds a time"


def test_an_hour_of_preparation_is_not_taken_for_a_zone() -> None:
    moments = [datetime(2026, 7, day, 12, tzinfo=UTC) for day in range(1, 4)]
    ids = series([moments[0], moments[1], datetime(2026, 7, 3, 11, tzinfo=UTC)])
    found = by_minute(as_printed(moments, PACIFIC), ids, zone="Pacific")
    assert found.created.iloc[2] == pd.Timestamp(moments[2])
    assert found.scheduled.iloc[2]


@given(st.lists(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)), min_size=1, max_size=20))
def test_days_take_their_minute_from_the_id(moments: list[datetime]) -> None:
    ids = series([moment.replace(tzinfo=UTC) for moment in moments])
    found = by_day(ids.dt.tz_localize(None).dt.normalize(), ids)
    assert (found.created == ids).all()
    assert set(found.precision) == {"minute"}
    assert not found.scheduled.any()


def test_days_that_the_ids_do_not_prove_stay_days() -> None:
    ids = series(
        [
            datetime(2026, 3, 21, 9, tzinfo=UTC),
            None,
            datetime(2026, 3, 24, 1, tzinfo=UTC),
            datetime(2026, 3, 23, 5, tzinfo=UTC),
        ]
    )
    found = by_day(pd.Series(pd.to_datetime(["2026-03-23"] * 4)), ids)
    assert found.precision.tolist() == ["day", "day", "day", "minute"]
    assert found.zone.tolist() == ["assumed", "assumed", "assumed", "proved"]
    assert found.created.iloc[0] == pd.Timestamp("2026-03-23", tz="UTC")
    assert found.scheduled.iloc[0], "the id is older than the day"
    assert found.scheduled.iloc[1:3].isna().all(), "no id, or one that is younger: nobody knows"
    assert "2 of 3 post ids" in found.warnings[0]


def test_a_missing_time_has_no_precision() -> None:
    found = by_day(pd.Series([pd.NaT], dtype="datetime64[us]"), series([datetime(2026, 3, 21, tzinfo=UTC)]))
    assert found.created.isna().all()
    assert found.precision.isna().all()
