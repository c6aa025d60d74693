"""Lists as CSV: read back as they were, and nothing in them a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.playbook.handouts import Listing
from fanops_utils.reports.beside.listing import listing_bytes
from fanops_utils.text import Money, People, Percent, Written, say
from fanops_utils.text.sheets import FORMULA


def rows_of(listing: Listing, language: str = "en") -> list[list[str]]:
    data = listing_bytes(listing.to_json(), language)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_numbers_stay_numbers_and_few_people_are_not_counted() -> None:
    cells = (Percent(0.123), Money(12.5, "EUR"), People(3), People(30), date(2026, 3, 9), 4, None, Written("中文"))
    listing = Listing("a", say("A"), tuple(say("C") for _ in cells), (cells,))
    assert rows_of(listing)[1] == ["0.123", "12.5", "fewer than ten", "30", "2026-03-09", "4", "", "中文"]
    frame = pd.read_csv(io.BytesIO(listing_bytes(listing.to_json(), "en")))
    assert frame.iloc[0, 1] == 12.5


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a"])
def test_no_text_begins_a_formula(text: str) -> None:
    listing = Listing("a", say("A"), (Written(text),), ((text,), (Written(text),)))
    for (cell,) in rows_of(listing):
        assert cell[0] == "'"


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20), min_size=1, max_size=4
    )
)
def test_any_text_comes_back_but_for_the_guard(texts: list[str]) -> None:
    given_back = rows_of(Listing("a", say("A"), tuple(say("C") for _ in texts), (tuple(texts),)))[1]
    from fanops_utils.reports.page.text import plain

    told = [plain(one) for one in texts]
    assert given_back == [f"'{one}" if one[:1] and one[0] in FORMULA else one for one in told]
