"""Intervals cover what was planted, about as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import ratio_of_sums
from fanops_utils.metrics.catalogue.estimates import BALANCE, COST, LAST_SHARE, RATIO, SHARE

RUNS = 600


def covered(frame: pd.DataFrame, truth: float) -> float:
    return float(((frame["ci_lower"] <= truth) & (truth <= frame["ci_upper"])).mean())


@pytest.mark.parametrize("truth", [0.0, 0.04, 0.5])
@pytest.mark.parametrize("size", [20, 400])
def test_shares_cover_the_truth(truth: float, size: int) -> None:
    rng = np.random.default_rng(1)
    pieces = pd.DataFrame(
        {
            "run": range(RUNS),
            "top": rng.binomial(size, truth, RUNS),
            "base": size,
            "date_day": pd.Timestamp("2025-01-01"),
        }
    )
    for estimator in (SHARE, LAST_SHARE):
        assert covered(estimator.make(pieces, ["run"], 0.95), truth) >= 0.92


@pytest.mark.parametrize(("plus", "minus"), [(0.5, 0.2), (0.05, 0.02), (0.3, 0.3)])
@pytest.mark.parametrize("size", [15, 200])
def test_balances_cover_the_truth(plus: float, minus: float, size: int) -> None:
    rng = np.random.default_rng(2)
    drawn = rng.multinomial(size, [plus, minus, 1 - plus - minus], RUNS)
    pieces = pd.DataFrame(
        {"run": range(RUNS), "n": size, "weight": size, "weight2": size, "plus": drawn[:, 0], "minus": drawn[:, 1]}
    )
    assert covered(BALANCE.make(pieces, ["run"], 0.95), plus - minus) >= 0.92


@pytest.mark.parametrize("mean", [0.5, 8.0, 300.0])
def test_costs_cover_the_truth(mean: float) -> None:
    rng = np.random.default_rng(3)
    pieces = pd.DataFrame({"run": range(RUNS), "top": 100.0, "base": rng.poisson(mean, RUNS)})
    assert covered(COST.make(pieces, ["run"], 0.95), 100.0 / mean) >= 0.93


@pytest.mark.parametrize("size", [30, 120])
def test_ratios_cover_the_truth_and_are_those_of_pairs(size: int) -> None:
    rng = np.random.default_rng(4)
    base = rng.lognormal(6, 0.7, (RUNS, size))
    top = base * rng.gamma(4, 0.01, (RUNS, size))
    pieces = pd.DataFrame({
        "run": range(RUNS), "n": size, "top": top.sum(1), "base": base.sum(1), "top2": (top**2).sum(1), "base2": (base**2).sum(1),
        "cross": (top * base).sum(1),
    })  # fmt: skip
    found = RATIO.make(pieces, ["run"], 0.95)
    assert 0.90 <= covered(found, 0.04) <= 0.98
    pairs = ratio_of_sums(top[0], base[0])
    assert found.iloc[0].tolist() == pytest.approx([pairs.estimate, pairs.ci_lower, pairs.ci_upper, size])
