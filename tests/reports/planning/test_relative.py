"""Relative dates: words become days of the market's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports.tiny import repository

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.relative import one_day, period, today_everywhere, today_in

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("words", "today", "first", "last"),
    [
        ("last_1_days", SUNDAY, date(2026, 11, 21), date(2026, 11, 21)),
        ("last_28_days", SUNDAY, date(2026, 10, 25), date(2026, 11, 21)),
        ("last_week", SUNDAY, date(2026, 11, 9), date(2026, 11, 15)),
        ("last_week", date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 22)),
        ("last_4_weeks", SUNDAY, date(2026, 10, 19), date(2026, 11, 15)),
        ("last_month", SUNDAY, date(2026, 10, 1), date(2026, 10, 31)),
        ("last_month", date(2024, 3, 1), date(2024, 2, 1), date(2024, 2, 29)),
        ("last_month", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("last_quarter", SUNDAY, date(2026, 7, 1), date(2026, 9, 30)),
        ("last_quarter", date(2026, 2, 1), date(2025, 10, 1), date(2025, 12, 31)),
        ("last_quarter", date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
        ("last_year", SUNDAY, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_has_ended_before_today(words: str, today: date, first: date, last: date) -> None:
    assert period(words, today=today) == (first, last)


@given(st.dates(min_value=date(2001, 1, 1)), st.sampled_from(["last_week", "last_month", "last_quarter", "last_year"]))
def test_calendar_periods_are_whole_and_follow_each_other(today: date, words: str) -> None:
    first, last = period(words, today=today)
    assert first <= last < today
    assert period(words, today=last + timedelta(days=1)) == (first, last)
    assert period(words, today=first)[1] == first - timedelta(days=1)


@pytest.mark.parametrize("words", ["last_fortnight", "", "last_0_days", "last_-1_days", "LAST_WEEK"])
def test_other_words_are_no_period(words: str) -> None:
    with pytest.raises(PlanError, match="not a period"):
        period(words, today=SUNDAY)


def test_words_of_one_day() -> None:
    words = ["today", "yesterday", "3_days_ago", "soon", "2026-01-01", "0_days_ago"]
    assert [one_day(word, today=SUNDAY) for word in words] == [
        SUNDAY, date(2026, 11, 21), date(2026, 11, 19), None, None, None,
    ]  # fmt: skip


def test_today_is_that_of_the_market(tmp_path: Path) -> None:
    brand = repository(tmp_path)
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # the evening before in New York, morning in Berlin
    assert today_in(brand, {"market": "US"}, now=now) == date(2026, 11, 21)
    assert today_in(brand, {"market": "DE"}, now=now) == date(2026, 11, 22)
    assert today_in(brand, {"campaign": "spring"}, now=now) == date(2026, 11, 21)  # it is the US that is treated
    assert today_in(brand, {}, now=now) == today_in(brand, {"market": "?"}, now=now) == date(2026, 11, 21)
    assert today_everywhere(brand, now=now) == date(2026, 11, 21)
    assert today_everywhere(brand, now=now.replace(hour=12)) == date(2026, 11, 22)
