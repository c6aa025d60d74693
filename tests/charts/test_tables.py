"""Tables as they appear in reports: escaped, numbers to the right, small cells hidden, missing ones empty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils import charts
from fanops_utils.text import Percent, Written, say

HOSTILE = """<script>alert("1")</script><img src=x onerror='alert(2)'>"""


def tiers() -> pd.DataFrame:
    frame = {"tier": ["loyal", "active", "ordinary"], "members": [9, 10, 1234], "share": [0.0072, 0.008, 0.9848]}
    return pd.DataFrame(frame)


def shown(frame: pd.DataFrame, **options: Any) -> BeautifulSoup:
    columns = {str(name): Written(str(name)) for name in frame.columns}
    return BeautifulSoup(
        charts.table(frame, columns=columns, caption=Written("c"), **options).html("en"), "html.parser"
    )


def cells(page: BeautifulSoup) -> list[list[str]]:
    return [[cell.get_text() for cell in row.find_all("td")] for row in page.tbody.find_all("tr")]


def test_columns_come_as_named_and_ordered() -> None:
    table = charts.table(
        tiers(),
        columns={"share": Written("Share of members"), "tier": Written("Tier")},
        caption=Written("Members by tier"),
    )
    page = BeautifulSoup(table.html("en"), "html.parser")
    assert [head.get_text() for head in page.find_all("th")] == ["Share of members", "Tier"]
    assert all(head["scope"] == "col" for head in page.find_all("th"))
    assert page.caption.get_text() == "Members by tier"
    assert cells(page)[0] == ["0.0072", "loyal"]


def test_numbers_are_told_from_text() -> None:
    page = shown(tiers())
    assert [head["class"] for head in page.find_all("th")] == [[], ["right"], ["right"]]
    assert all(
        [cell["class"] for cell in row.find_all("td")] == [[], ["right"], ["right"]]
        for row in page.tbody.find_all("tr")
    )


def test_hostile_text_stays_text() -> None:
    frame = pd.DataFrame({"name": [HOSTILE], "n": [12]})
    page = BeautifulSoup(
        charts.table(frame, columns={"name": Written(HOSTILE), "n": Written("n")}, caption=Written(HOSTILE)).html("en"),
        "html.parser",
    )
    assert page.find(["script", "img"]) is None
    assert [page.caption.get_text(), page.th.get_text(), page.td.get_text()] == [HOSTILE] * 3


def test_formats_that_return_markup_are_escaped_too() -> None:
    page = shown(tiers(), formats={"tier": lambda value: Written(f"<b>{value}</b>")})
    assert page.find("b") is None
    assert cells(page)[0][0] == "<b>loyal</b>"


def test_cells_below_ten_are_hidden() -> None:
    rows = cells(shown(tiers(), small="members", formats={"share": Percent}))
    assert rows == [["loyal", "<10", ""], ["active", "10", "0.80%"], ["ordinary", "1,234", "98.5%"]]


def test_without_a_count_nothing_is_hidden() -> None:
    assert cells(shown(tiers()))[0] == ["loyal", "9", "0.0072"]


@pytest.mark.parametrize("dtype", ["float64", "Int64", "int64"])
def test_counts_of_any_type_are_hidden(dtype: str) -> None:
    frame = pd.DataFrame({"way": ["search", "giveaway"], "n": pd.array([3, 30], dtype=dtype), "estimate": [0.5, 0.6]})
    assert cells(shown(frame, small="n")) == [["search", "<10", ""], ["giveaway", "30", "0.6"]]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_missing_is_an_empty_cell_not_zero(missing: Any) -> None:
    frame = pd.DataFrame({"name": ["a", "b"], "value": [1.5, missing], "kind": [missing, "x"]})
    rows = cells(shown(frame, formats={"value": Percent}))
    assert rows[1][1] == ""
    assert rows[0][2] == ""


def test_whole_numbers_keep_their_digits_beside_fractions() -> None:
    frame = pd.DataFrame({"n": [1_234_567], "rate": [0.123456], "big": [98_765.4], "day": [pd.Timestamp("2026-05-01")]})
    assert cells(shown(frame)) == [["1,234,567", "0.123", "98,765", "2026-05-01"]]


def test_an_empty_frame_is_a_table_without_rows() -> None:
    page = shown(tiers().iloc[:0], small="members")
    assert cells(page) == []
    assert len(page.find_all("th")) == 3


def test_the_frame_is_left_alone() -> None:
    frame = tiers()
    charts.table(
        frame, columns={"tier": Written("Tier"), "members": Written("Members")}, small="members", caption=Written("c")
    )
    pd.testing.assert_frame_equal(frame, tiers())


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0123456, "0.0123"), (12.345, "12.3"), (345.67, "346"), (999.96, "1,000"), (1234.5, "1,234"), (0.0, "0")],
)
def test_a_fraction_shows_three_digits_and_no_power_of_ten(value: float, said: str) -> None:
    assert cells(shown(pd.DataFrame({"x": [value]}))) == [[said]]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_no_count_of_people_follows_from_a_table_and_its_total(counts: list[int]) -> None:
    frame = pd.DataFrame({"name": [f"part {one}" for one in range(len(counts))], "members": counts, "share": 0.5})
    columns = {str(name): Written(str(name)) for name in frame}
    made = charts.table(frame, columns=columns, caption=say("Parts"), formats={"share": Percent}, people="members")
    told = [str(row[1]) for row in made.rows]
    shown = [text for text in told if text.isdigit()]
    assert all(int(text) == 0 or int(text) >= 10 for text in shown)
    hidden = [count for count, text in zip(counts, told, strict=True) if not text.isdigit()]
    others = sum(map(bool, counts)) > 1
    assert len(hidden) != 1 or not others  # the total less the rest would be the one hidden
    shares = [row[2] if len(made.columns) > 2 else None for row in made.rows]  # a column without numbers is left out
    assert all(one is None for one, text in zip(shares, told, strict=True) if not text.isdigit())


def test_a_value_ready_to_be_said_is_hidden_with_its_row() -> None:
    frame = pd.DataFrame({"name": [Written("a")], "members": [3], "share": [Percent(1 / 3)]})
    made = charts.table(
        frame, columns={str(name): Written(str(name)) for name in frame}, caption=say("Parts"), small="members"
    )
    assert [None if one is None else str(one) for one in made.rows[0]] == ["a", "<10", None]


def test_a_column_of_numbers_without_any_is_left_out_and_a_zero_is_a_number() -> None:
    frame = pd.DataFrame({"name": ["a", "b"], "members": [0, 12], "rate": [float("nan")] * 2, "note": [None, None]})
    made = charts.table(
        frame, columns={str(name): Written(str(name)) for name in frame}, caption=say("Parts"), small="members"
    )
    assert [str(one) for one in made.columns] == ["name", "members", "note"], "a column to be filled in by hand stays"
    assert [str(row[1]) for row in made.rows] == ["0", "12"]
