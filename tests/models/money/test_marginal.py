"""Marginal response: planted elasticities are recovered, none is found where there is none, thin data are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.money.marginal import marginal_response


def world(rng: np.random.Generator, weeks: int = 60, **elasticity: float) -> tuple[pd.DataFrame, pd.Series]:
    """Return spending of channels and an outcome that rises by their elasticities, with memory, trend and season."""
    index = pd.date_range("2025-01-06", periods=weeks, freq="7D")
    spend = pd.DataFrame({name: 1000 * np.exp(rng.normal(0, 0.6, weeks)) for name in elasticity}, index=index)
    noise = np.zeros(weeks)
    for at in range(1, weeks):
        noise[at] = 0.4 * noise[at - 1] + rng.normal(0, 0.15)
    logs = 5 + 0.003 * np.arange(weeks) + 0.1 * np.sin(2 * np.pi * np.arange(weeks) / 52) + noise
    for name, one in elasticity.items():
        logs = logs + one * np.log1p(spend[name] / spend[name].median())
    return spend, pd.Series(np.exp(logs), index=index)


@pytest.mark.parametrize(("first", "moved"), [(0.0, 0), (0.8, 1)])
def test_money_is_moved_to_what_brings_more_and_not_by_chance(first: float, moved: int) -> None:
    rng, moves, inside, size = np.random.default_rng(2), [], [], 80
    for _ in range(size):
        spend, made = world(rng, search=first, banner=0.0)
        told = marginal_response(spend, made)
        moves.append(told.move)
        for one in told.channels:
            if one.marginal is not None:
                at = (spend[one.channel].median() + spend[one.channel].tail(8).mean()) / made.tail(8).mean()
                true = (first if one.channel == "search" else 0.0) / at
                inside.append(one.marginal.ci_lower <= true <= one.marginal.ci_upper)
    assert np.mean(inside) >= 0.86, "90 in 100"
    right, wrong = (np.mean([move == way for move in moves]) for way in (("banner", "search"), ("search", "banner")))
    assert (right >= 0.7 and wrong == 0) if moved else right + wrong <= 0.06


def test_thin_data_are_refused_on_both_sides_of_each_floor() -> None:
    rng = np.random.default_rng(4)
    spend, made = world(rng, search=0.3)

    def reason(money: pd.DataFrame, outcome: pd.Series = made) -> str | None:
        return marginal_response(money, outcome).channels[0].reason

    assert (reason(spend), reason(spend.tail(26)), reason(spend.tail(25))) == (None, None, "short")
    for kept, expected in ((8, None), (7, "rare")):
        few = spend.where(np.arange(60)[:, None] % 7 == 3, 0.0)
        few.iloc[np.flatnonzero(few["search"])[kept:]] = 0.0
        assert reason(few) == expected
    steady = spend * 0 + 1000 + rng.normal(0, 20, (60, 1))
    assert reason(steady) == "flat"
    follows = (made.shift(1).bfill() / made.mean()) ** 8 * 1000 * np.exp(rng.normal(0, 0.1, 60))
    assert reason(follows.to_frame("search")) == "follows", "money that follows sales explains none"
    assert reason(spend, made.where(np.arange(60) != 9, 0.0)) == "no_outcome"
    assert marginal_response(spend, made).move is None, "one channel alone"
    assert marginal_response(pd.DataFrame(index=made.index), made).channels == ()
