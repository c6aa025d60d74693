from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.privacy.small_cells import suppress


def hidden(counts: list[int | None], **options: object) -> list[bool]:
    return suppress(pd.DataFrame({"n": pd.array(counts, "Int64"), "rate": 0.5}), **options)["is_hidden"].tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([9, 8, 10], [True, True, False]),
        ([9, 30, 10, 11], [True, False, True, False]),
        ([0, 10, 30], [False, False, False]),
        ([0, 3], [False, True]),
        ([None, 12, 30], [True, True, False]),
        ([5], [True]),
    ],
)
def test_small_groups_and_what_would_give_them_away(counts: list[int | None], expected: list[bool]) -> None:
    assert hidden(counts) == expected


def test_each_whole_by_itself() -> None:
    table = pd.DataFrame(
        {"market": ["US", "US", "US", "DE", "DE"], "n": [3, 20, 30, 40, 50], "rate": [0.1, 0.2, 0.3, 0.4, 0.5]}
    )
    found = suppress(table, within=["market"])
    assert found["is_hidden"].tolist() == [True, True, False, False, False]
    assert found["rate"].isna().tolist() == found["n"].isna().tolist() == [True, True, False, False, False]
    assert suppress(table, within=["market"], values=[])["rate"].tolist() == table["rate"].tolist()


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_hidden_group_follows_from_the_total(counts: list[int]) -> None:
    found = hidden(list(counts))
    assert all(is_hidden for is_hidden, n in zip(found, counts, strict=True) if 0 < n < 10)
    if sum(n > 0 for n in counts) > 1:
        assert sum(found) != 1
