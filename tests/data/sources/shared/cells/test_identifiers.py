from __future__ import annotations

import pandas as pd
import pytest
from export_reading import cells_of_column
from hypothesis import given
from hypothesis import strategies as st

LONG = st.integers(10**16, 10**19 - 1).map(str)
SPOILT = {
    "as it was": lambda text: text, "guarded": lambda text: f"'{text}", "as a formula": lambda text: f'="{text}"',
    "with marks": lambda text: f"\u200e{text}\u00a0", "as a float": lambda text: f"{text}.0",
    "in E-notation": lambda text: f"{int(text):.5E}", "in 15 digits": lambda text: text[:15] + "0" * (len(text) - 15),
    "as an error": lambda _text: "#NAME?", "as a total": lambda _text: "Total",
}  # fmt: skip


@given(st.lists(LONG, min_size=2, max_size=6, unique=True), st.sampled_from(sorted(SPOILT)), st.booleans())
def test_an_id_is_read_as_it_was_or_set_aside(ids: list[str], way: str, linked: bool) -> None:
    cells = cells_of_column(*(SPOILT[way](one) for one in ids))
    links = pd.Series(ids, index=cells.frame.index, dtype="string") if linked else None
    found = cells.identifier("x", shape="[0-9]+", linked=links)
    aside = {reject.row for reject in cells.rejects}
    for row, one in enumerate(ids, start=1):
        assert row in aside or found[row] == one
    if linked and way in ("in E-notation", "in 15 digits"):
        assert not aside, "the link holds the id"


def test_four_posts_never_fold_into_one() -> None:
    cells = cells_of_column(*["17987654321012300"] * 4)
    cells.identifier("x")
    assert {reject.row for reject in cells.rejects} == {1, 2, 3, 4}


def test_an_id_and_a_link_that_name_different_posts_are_set_aside() -> None:
    cells = cells_of_column("2035933611212357737")
    cells.identifier("x", linked=pd.Series(["2035933555061686272"], index=[1], dtype="string"))
    assert [reject.row for reject in cells.rejects] == [1]


@pytest.mark.parametrize(
    "text", ["Total", "合计：", "Grand Total:", "总计 (2)", "Total général", "ผลรวมทั้งหมด", "Durchschnitt"]
)
def test_a_sum_is_no_id(text: str) -> None:
    cells = cells_of_column("17978900000001234", text)
    cells.identifier("x")
    assert [reject.row for reject in cells.rejects] == [2]


@pytest.mark.parametrize("broken", ["1.22158E+17", "1,22158E+17", "1E17"])
def test_ids_in_e_notation_are_rejected(broken: str) -> None:
    read = cells_of_column(broken, "17978900000001234")
    read.identifier("x")
    assert [(one.row, one.value) for one in read.rejects] == [(1, broken)]
