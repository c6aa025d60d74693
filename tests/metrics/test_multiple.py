"""Comparisons read together: who leads, and who is told apart from whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics.intervals import Interval, wilson_frame
from fanops_utils.metrics.multiple import side_of_all, sides_of, sides_of_gaps


def shares(hits: list[int], sizes: list[int]) -> pd.DataFrame:
    return wilson_frame(pd.Series(hits), pd.Series(sizes))


def test_overlapping_intervals_may_be_apart_and_one_rival_that_is_not_spoils_the_lead() -> None:
    table = shares([56, 45, 30], [80, 80, 80])
    assert table.loc[0, "ci_lower"] < table.loc[1, "ci_upper"], "they overlap"
    assert side_of_all(table.iloc[0], table.iloc[1:]) == 0, "0.70 against 0.56"
    table = shares([60, 46, 30], [80, 80, 80])
    assert table.loc[0, "ci_lower"] < table.loc[1, "ci_upper"]
    assert side_of_all(table.iloc[0], table.iloc[1:]) == 1
    assert side_of_all(table.iloc[2], table.iloc[:2]) == -1
    assert side_of_all(table.iloc[1], table.iloc[[0, 2]]) == 0
    assert side_of_all(table.iloc[0], table.iloc[:0]) == 0


@pytest.mark.parametrize("brands", [2, 5])
def test_among_equals_a_leader_is_seldom_named(brands: int) -> None:
    rng, named = np.random.default_rng(brands), 0
    for hits in rng.binomial(200, 0.3, (300, brands)):
        table = shares(list(hits), [200] * brands).sort_values("estimate", ascending=False)
        named += side_of_all(table.iloc[0], table.iloc[1:]) > 0
    assert named <= 25, "5 in 100, and chance"


def test_many_read_together_are_told_apart_less_easily_and_nothing_known_is_no_side() -> None:
    gap = Interval(0.1, 0.01, 0.19, 50)
    assert sides_of_gaps([gap], level=0.95).tolist() == [1]
    assert sides_of_gaps([gap] * 4, level=0.95).tolist() == [0] * 4
    unknown = Interval(float("nan"), float("nan"), float("nan"), 0)
    assert sides_of_gaps([Interval(-0.2, -0.25, -0.15, 9), unknown], level=0.95).tolist() == [-1, 0]
    table = shares([60, 46, 58], [80, 80, 80])
    assert sides_of(table.iloc[0], table.iloc[1:], level=0.95).tolist() == [1, 0]
