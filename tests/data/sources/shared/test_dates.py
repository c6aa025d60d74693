from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.dates import MONTHS, days_before, full_date, month_and_day


@pytest.mark.parametrize(
    ("printed", "pair"),
    [
        ("Mon, Mar 23, 2026", (3, 23)),
        ("mar, 3 jun", (6, 3)),  # martes: the weekday is no month
        ("25 Φεβρουαρίου", (2, 25)),
        ("18 tháng Mười Một", (11, 18)),
        ("3 de março de 2026", (3, 3)),
        ("7 Ağustos", (8, 7)),
        ("13 กันยายน", (9, 13)),
        ("9월 13일", (9, 13)),
        ("9月13日", (9, 13)),
        ("1 févr.", (2, 1)),
        ("30 February", None),
        ("Smarch 3", None),
    ],
)
def test_days_in_the_languages_of_the_exports(printed: str, pair: tuple[int, int] | None) -> None:
    assert month_and_day(printed) == pair


@given(st.sampled_from(sorted(MONTHS)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_every_month_of_every_language_comes_back(language: str, day: date) -> None:
    name = MONTHS[language].split()[day.month - 1]
    assert full_date(f"{day.day} {name} {day.year}") == day
    assert full_date(f"{name.title()} {day.day}, {day.year}") == day


@given(st.dates(date(2010, 1, 1), date(2050, 1, 1)))
def test_the_days_of_x_come_back(day: date) -> None:
    assert full_date(pd.Timestamp(day).strftime("%a, %b %d, %Y")) == day


@pytest.mark.parametrize("printed", ["13 กันยายน 2569", "Mar 23", "2026-02-30", "Mar 3 2026 2027", ""])
def test_a_year_that_cannot_be_is_none(printed: str) -> None:
    assert full_date(printed) is None


@given(st.dates(datetime(2016, 1, 1).date(), datetime(2035, 1, 1).date()), st.integers(1, 365), st.integers(0, 60))
def test_years_are_counted_back_from_the_export(first, days: int, lag: int) -> None:
    span = [day.date() for day in pd.date_range(first, periods=days)]
    exported = pd.Timestamp(span[-1], tz=UTC) + pd.Timedelta(days=lag)
    printed = [f"{day:%B} {day.day}" for day in span]
    assert days_before(printed, exported.to_pydatetime()) == span


def test_an_old_last_day_is_refused() -> None:
    with pytest.raises(ValueError, match="over 60 days"):
        days_before(["January 5"], datetime(2026, 11, 22, tzinfo=UTC))
