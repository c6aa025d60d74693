from __future__ import annotations

import numpy as np
import pytest

from fanops_utils.metrics import Interval, against_band, target_table
from fanops_utils.workspace.registers.campaign import Target


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.21, 0.29, "hit"),
        (0.2, 0.5, "hit"),
        (0.35, 0.5, "hit"),
        (0.1, 0.19, "miss"),
        (0.1, 0.2, "cannot tell"),
        (0.19, 0.4, "cannot tell"),
    ],
)
def test_three_words_for_an_interval_against_a_band(low: float, high: float, verdict: str) -> None:
    found, where = against_band(Interval((low + high) / 2, low, high, 9), 0.2, 0.3)
    assert found == verdict
    assert (where == "beyond") == (low > 0.3)


def test_a_target_nobody_measured_stays_and_windows_are_kept_apart() -> None:
    targets = [
        Target(metric="traffic", low=0.2, high=0.3, denominator="counterfactual"),
        Target(metric="traffic", low=0.1, denominator="counterfactual", window="teaser"),
        Target(metric="UGC share", low=0.3, denominator="all posts"),
    ]
    found = {("traffic", "live"): Interval(0.25, 0.22, 0.28, 9), ("traffic", "teaser"): Interval(0.0, -0.05, 0.05, 9)}
    table = target_table(targets, found)
    assert table["verdict"].tolist() == ["hit", "miss", "cannot tell"]
    assert table.loc[2, "where"] == "not_measured"
    assert np.isnan(table.loc[1, "high"])
    by_name = target_table(targets, {"UGC share": Interval(0.4, 0.35, 0.45, 200)})
    assert by_name["verdict"].tolist() == ["cannot tell", "cannot tell", "hit"]


def test_an_estimate_without_an_interval_is_no_verdict() -> None:
    assert against_band(Interval(0.9, np.nan, np.nan, 1), 0.2)[0] == "cannot tell"
