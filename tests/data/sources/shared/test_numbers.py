from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.numbers import Numbers

AMOUNTS = st.integers(0, 99_999_999_999).map(lambda thousandths: thousandths / 1000)


def table(**columns: list[str]) -> Cells:
    length = len(next(iter(columns.values())))
    return Cells(pd.DataFrame(columns, index=range(1, length + 1), dtype="string"))


def written(amount: float, decimal: str, group: str, places: int) -> str:
    text = f"{amount:,.{places}f}" if group else f"{amount:.{places}f}"
    return text.replace(",", "#").replace(".", decimal).replace("#", group)


@given(
    st.lists(AMOUNTS, min_size=1, max_size=8), st.integers(0, 3),
    st.sampled_from([(".", ","), (".", ""), (".", "'"), (",", "."), (",", " "), (",", "\u202f"), (",", ""), (",", "'")]),
)  # fmt: skip
def test_an_amount_in_any_convention_is_read_as_it_was_or_set_aside(
    amounts: list[float], places: int, convention: tuple[str, str]
) -> None:
    cells = table(x=[written(one, *convention, places) for one in amounts])
    found = cells.number("x")
    aside = {reject.row for reject in cells.rejects}
    for row, amount in enumerate(amounts, start=1):
        assert row in aside or found[row] == pytest.approx(round(amount, places), abs=10**-places / 2 + 1e-9)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.sampled_from([",", ".", " ", "'", "\u00a0", ""]))
def test_a_count_in_any_convention_is_read_as_it_was_or_set_aside(counts: list[int], group: str) -> None:
    cells = table(x=[f"{one:,}".replace(",", group) for one in counts])
    found = cells.count("x")
    aside = {reject.row for reject in cells.rejects}
    for row, count in enumerate(counts, start=1):
        assert row in aside or found[row] == count


def test_one_cell_decides_for_the_whole_table_and_it_is_said() -> None:
    cells = table(hours=["401,2203", "95,11", "616,342"], views=["12.400", "3", "1.234.567"])
    assert cells.number("hours").tolist() == [401.2203, 95.11, 616.342]
    assert cells.count("views").tolist() == [12400, 3, 1234567]
    assert [note for note in cells.numbers.notes if "comma" in note]


def test_what_nothing_decides_is_set_aside_but_a_count_has_no_decimals() -> None:
    cells = table(x=["1.299", "12,250", "7"])
    assert cells.number("x").tolist() == [pd.NA, pd.NA, 7]
    assert table(x=["12,400"]).count("x").tolist() == [12400]
    assert table(x=["12.400"]).count("x").isna().all()


@pytest.mark.parametrize(
    ("digits", "text", "value"), [(0, "150.000", 150_000), (2, "1.299", 1299), (3, "12,250", None)]
)
def test_the_decimals_of_a_currency_speak(digits: int, text: str, value: float | None) -> None:
    cells = table(spend=[text])
    cells.numbers.money["spend"] = digits
    found = cells.number("spend").iloc[0]
    assert pd.isna(found) if value is None else found == value


def test_cells_that_contradict_each_other_leave_it_open() -> None:
    cells = table(x=["1,5", "1.5", "1.250"])
    assert cells.number("x").tolist() == [1.5, 1.5, pd.NA]


def test_a_mapping_may_say_it_and_a_workbook_has_points() -> None:
    told, typed = table(x=["1.250"]), table(x=["1.250"])
    told.numbers.given, typed.numbers.typed = ",", True
    assert (told.number("x").iloc[0], typed.number("x").iloc[0]) == (1250, 1.25)


def test_dates_and_ids_do_not_vote() -> None:
    frame = pd.DataFrame({"date": ["05.09.26"], "post_id": ["123.0"], "x": ["1,299"]}, dtype="string")
    assert Numbers(frame).mark is None


def test_an_amount_in_a_workbook_may_be_computed_or_text() -> None:
    alone, beside = table(spend=["3.125"]), table(spend=["3.125", "0.5"])
    for cells in (alone, beside):
        cells.numbers.typed, cells.numbers.money = True, {"spend": 2}
    assert alone.number("spend").isna().all()
    assert beside.number("spend").tolist() == [3.125, 0.5]


def test_of_columns_that_are_not_read_percentages_alone_speak() -> None:
    cells = table(x=["1.234"])
    cells.numbers.beside = lambda: pd.DataFrame({"Sizes": ["1.5"], "Open Rate": ["81,0%"]}, dtype="string")
    assert cells.count("x").tolist() == [1234]
