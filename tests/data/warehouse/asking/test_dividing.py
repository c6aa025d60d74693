"""People divided by their keys: by a rule that can be counted by hand, evenly, whatever keys look like."""

from __future__ import annotations

import uuid

import ibis
import numpy as np
import pandas as pd
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.warehouse.asking.dividing import FIRST, LAST, LETTERS, PRIME, WEIGHTS, group_of

SIZE = 20_000
RNG = np.random.default_rng(5)
LOOKS = {
    "pseudonyms": [RNG.bytes(16).hex() for _ in range(SIZE)],
    "random ids": [str(uuid.UUID(bytes=RNG.bytes(16))) for _ in range(SIZE)],
    "counters": [str(number) for number in range(SIZE)],
    "large counters": [str(7_000_000 + number) for number in range(SIZE)],
    "named counters": [f"member-{number:07d}" for number in range(SIZE)],
}


def groups(keys: list[str | None], count: int) -> pd.Series:
    table = ibis.memtable(arrow.table({"row": range(len(keys)), "key": arrow.array(keys, arrow.string())}))
    return table.select("row", told=group_of(table.key, count)).order_by("row").to_pandas()["told"]


def by_hand(key: str, count: int) -> int:
    characters = [*(key + "0" * LAST)[:FIRST], *("0" * LAST + key)[-LAST:]]
    return (
        sum((LETTERS.find(one) + 1) * weight for one, weight in zip(characters, WEIGHTS, strict=True)) % PRIME % count
    )


@settings(max_examples=25)
@given(
    st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12), min_size=1),
    st.integers(1, 5000),
)
def test_the_group_is_the_one_counted_by_hand(keys: list[str], count: int) -> None:
    assert groups([*keys, None], count).tolist() == [by_hand(key, count) for key in [*keys, ""]]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("count", [2, 10, 16, 67])
def test_groups_are_as_large_as_drawn_by_lot(look: str, count: int) -> None:
    sizes = groups(list(LOOKS[look]), count).value_counts().reindex(range(count), fill_value=0)
    lot = (SIZE / count * (1 - 1 / count)) ** 0.5
    assert (sizes - SIZE / count).abs().max() < 5 * lot


def test_no_engine_counts_beyond_its_smallest_whole_numbers() -> None:
    assert sum(WEIGHTS) * len(LETTERS) < 2**31 and len(set(WEIGHTS)) == FIRST + LAST
