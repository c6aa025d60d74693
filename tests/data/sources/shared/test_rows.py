from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.cells import NULL_TOKENS, Cells
from fanops_utils.data.sources.shared.dates import days_before
from fanops_utils.data.sources.shared.post_ids import ALPHABET, INSTAGRAM_EPOCH_MS, instagram_time


def cells(*values: str) -> Cells:
    return Cells(pd.DataFrame({"x": list(values)}, index=range(1, len(values) + 1), dtype="string"))


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_counts_come_back_with_and_without_separators(numbers: list[int]) -> None:
    read = cells(*[str(n) for n in numbers], *[f"{n:,}" for n in numbers])
    assert read.count("x").tolist() == numbers * 2
    assert not read.rejects


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_numbers_come_back(numbers: list[float]) -> None:
    assert cells(*map(repr, numbers)).number("x").tolist() == numbers


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "N")), min_size=1))
def test_text_in_a_metric_column_is_rejected_never_lost(word: str) -> None:
    read = cells(word)
    assert read.number("x").isna().all()
    is_null = word.strip().casefold() in NULL_TOKENS
    assert len(read.rejects) == (0 if is_null else 1)


@pytest.mark.parametrize("token", sorted(NULL_TOKENS))
def test_null_tokens_are_missing_not_zero(token: str) -> None:
    read = cells(token, token.upper())
    assert read.count("x").isna().all()
    assert not read.rejects


@pytest.mark.parametrize("broken", ["1.22158E+17", "1,22158E+17", "1E17"])
def test_ids_in_e_notation_are_rejected(broken: str) -> None:
    read = cells(broken, "17978900000001234")
    read.identifier("x")
    assert [(one.row, one.value) for one in read.rejects] == [(1, broken)]


@pytest.mark.parametrize(("text", "value"), [("1.2K", None), ("12.5", None), ("1.234,56", None), ("3.0", 3), ("+7", 7)])
def test_count_takes_whole_numbers_only(text: str, value: int | None) -> None:
    read = cells(text)
    found = read.count("x").iloc[0]
    assert (pd.isna(found) and len(read.rejects) == 1) if value is None else found == value


def test_times_carry_their_zone() -> None:
    read = cells("2026-05-01 10:00:00 +0200", "2026-05-01T10:00:00Z", "2026-05-01 10:00", "soon")
    assert [str(one) for one in read.iso_time("x", "Asia/Tokyo")] == [
        "2026-05-01 08:00:00+00:00", "2026-05-01 10:00:00+00:00", "2026-05-01 01:00:00+00:00", "NaT",
    ]  # fmt: skip
    assert [one.value for one in read.rejects] == ["soon"]


@given(st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(0, 2**23 - 1))
def test_shortcodes_hold_the_time(when: datetime, low: int) -> None:
    number = (int(when.timestamp() * 1000) - INSTAGRAM_EPOCH_MS) << 23 | low
    code = ""
    while number:
        code, number = ALPHABET[number % 64] + code, number // 64
    found = instagram_time(f"https://www.instagram.com/reel/{code}/")
    assert found is not None
    assert abs((found - when).total_seconds()) < 0.002


@given(st.dates(datetime(2016, 1, 1).date(), datetime(2035, 1, 1).date()), st.integers(1, 365), st.integers(0, 60))
def test_years_are_counted_back_from_the_export(first, days: int, lag: int) -> None:
    span = [day.date() for day in pd.date_range(first, periods=days)]
    exported = pd.Timestamp(span[-1], tz=UTC) + pd.Timedelta(days=lag)
    printed = [f"{day:%B} {day.day}" for day in span]
    assert days_before(printed, exported.to_pydatetime()) == span


def test_an_old_last_day_is_refused() -> None:
    with pytest.raises(ValueError, match="over 60 days"):
        days_before(["January 5"], datetime(2026, 11, 22, tzinfo=UTC))
