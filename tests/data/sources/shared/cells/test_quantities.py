from __future__ import annotations

import pandas as pd
import pytest
from export_reading import cells_of_column
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.cells.texts import NULL_TOKENS


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_counts_come_back_with_and_without_separators(numbers: list[int]) -> None:
    read = cells_of_column(*[str(n) for n in numbers], *[f"{n:,}" for n in numbers])
    assert read.count("x").tolist() == numbers * 2
    assert not read.rejects


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_numbers_come_back(numbers: list[float]) -> None:
    assert cells_of_column(*map(repr, numbers)).number("x").tolist() == numbers


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "N")), min_size=1))
def test_text_in_a_metric_column_is_rejected_never_lost(word: str) -> None:
    read = cells_of_column(word)
    assert read.number("x").isna().all()
    is_null = word.strip().casefold() in NULL_TOKENS
    assert len(read.rejects) == (0 if is_null else 1)


@pytest.mark.parametrize(("text", "value"), [("1.2K", None), ("12.5", None), ("1.234,56", None), ("3.0", 3), ("+7", 7)])
def test_count_takes_whole_numbers_only(text: str, value: int | None) -> None:
    read = cells_of_column(text)
    found = read.count("x").iloc[0]
    assert (pd.isna(found) and len(read.rejects) == 1) if value is None else found == value


@given(st.lists(st.integers(1, 99_999), min_size=1))
def test_shortened_numbers_come_back(tenths: list[int]) -> None:
    read = cells_of_column(
        *(f"{n / 10:.1f}万" for n in tenths), *(f"{n / 10:.1f}w" for n in tenths), *(f"{n / 10:.1f}K" for n in tenths)
    )
    assert read.large("x").tolist() == [n * 1000 for n in tenths] * 2 + [n * 100 for n in tenths]
    assert not read.rejects


def test_shortened_numbers_are_refused_where_the_platform_never_writes_them() -> None:
    read = cells_of_column("1.2万", "3w", "1.2K", "12")
    assert read.count("x").tolist() == [pd.NA, pd.NA, pd.NA, 12]
    assert len(read.rejects) == 3
    assert cells_of_column("1.2亿", "3m+", "1,200", "很多").large("x").tolist() == [120_000_000, 3_000_000, 1200, pd.NA]


@given(st.lists(st.floats(0, 1), min_size=1))
def test_fractions_and_percentages_are_the_same(shares: list[float]) -> None:
    read = cells_of_column(*map(repr, shares), *(f"{share * 100!r}%" for share in shares))
    assert read.rate("x").tolist() == pytest.approx(shares * 2)
    assert not read.rejects


def test_a_bare_number_above_one_is_no_rate() -> None:
    read = cells_of_column("12.5", "12.5%", "-")
    assert read.rate("x").tolist()[1:] == [0.125, pd.NA]
    assert [one.row for one in read.rejects] == [1]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 234,56", 1234.56), ("1\u202f234,56", 1234.56), ("1.234,56", 1234.56), ("12,5", 12.5), ("0,125", 0.125), ("7", 7.0),
     ("12,400", 12.4), ("1,2,3", None)],
)  # fmt: skip
def test_decimal_commas(text: str, value: float | None) -> None:
    read = cells_of_column(text)
    found = read.number("x", decimal=",").iloc[0]
    assert (pd.isna(found) and len(read.rejects) == 1) if value is None else found == value


@pytest.mark.parametrize("text", ["1e999", "99999999999999999999", "Infinity", "1_000"])
def test_numbers_beyond_reason_are_set_aside(text: str) -> None:
    read = cells_of_column(text)
    assert read.count("x").isna().all()
    assert len(read.rejects) == 1


def test_other_digits_are_digits() -> None:
    assert cells_of_column("٣٤٠٠", "۱۲", "１２").count("x").tolist() == [3400, 12, 12]


def test_percentages_that_have_lost_their_sign_are_no_fractions() -> None:
    read = cells_of_column("12.5", "0.9", "0", "45%")
    assert read.rate("x").tolist()[2:] == [0, 0.45]
    assert {one.row for one in read.rejects} == {1, 2}


@pytest.mark.parametrize(
    ("text", "value"), [("1.79E+05", None), ("1E+16", None), ("1.2345E2", 123.45), ("2e-05", 2e-05)]
)
def test_a_number_that_shows_only_its_first_digits_is_set_aside(text: str, value: float | None) -> None:
    read = cells_of_column(text)
    found = read.number("x").iloc[0]
    assert (pd.isna(found) and len(read.rejects) == 1) if value is None else found == value


def test_a_decimal_comma_before_a_shortening_groups_nothing() -> None:
    assert cells_of_column("1,2万", "1,200K").large("x").tolist() == [pd.NA, 1_200_000]
