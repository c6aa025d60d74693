from __future__ import annotations

import pytest
from export_reading import cells_of_column


def test_times_carry_their_zone() -> None:
    read = cells_of_column("2026-05-01 10:00:00 +0200", "2026-05-01T10:00:00Z", "2026-05-01 10:00", "soon")
    assert [str(one) for one in read.iso_time("x", "Asia/Tokyo")] == [
        "2026-05-01 08:00:00+00:00", "2026-05-01 10:00:00+00:00", "2026-05-01 01:00:00+00:00", "NaT",
    ]  # fmt: skip
    assert [one.value for one in read.rejects] == ["soon"]


@pytest.mark.parametrize(
    "text", ["2026", "2026-05", "202605", "2026-5", "2026/7", "2026.7", "2026-02-30", "22.11.2026"]
)
def test_a_year_or_month_is_no_moment(text: str) -> None:
    read = cells_of_column(text)
    assert read.iso_time("x", "UTC").isna().all()
    assert read.iso_day("x").isna().all()
    assert {one.row for one in read.rejects} == {1}


def test_a_day_may_carry_a_time_but_nothing_else() -> None:
    read = cells_of_column("2026-05-01T00:00:00", "2026-05-01 10:00", "2026-05-01x", "2026-05-011")
    assert read.iso_day("x").notna().tolist() == [True, True, False, False]


def test_a_time_may_name_utc() -> None:
    assert cells_of_column("2026-05-01 10:00:00 UTC").iso_time("x", "Asia/Tokyo").dt.hour.tolist() == [10]
