"""Scenarios hold what comes, are refused where the past is too short, and say how they did against last year's week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import models


def weeks(rng: np.random.Generator, n: int, *, season: float = 0.0) -> pd.Series:
    level = np.cumsum(rng.normal(0.002, 0.02, n)) + season * np.sin(2 * np.pi * np.arange(n) / 52)
    return pd.Series(
        1000 * np.exp(level + rng.normal(0, 0.05, n)), index=pd.date_range("2024-01-01", periods=n, freq="W-MON")
    )


def test_the_scenarios_hold_what_comes_in_eight_of_ten() -> None:
    rng, inside = np.random.default_rng(3), []
    for _ in range(60):
        known = weeks(rng, 93)
        table = models.outlook({"engagements": known.iloc[:80]}).table.set_index("ahead")
        low, middle, high = table.loc[13, ["low", "middle", "high"]].to_numpy(float)
        assert low < middle < high
        inside.append(low <= np.exp(np.log(known.iloc[89:93]).mean()) <= high)
    assert 0.68 <= np.mean(inside) <= 0.97


def test_the_past_says_how_such_forecasts_did() -> None:
    found = models.outlook({"engagements": weeks(np.random.default_rng(4), 104)})
    past = found.backtests["engagements"]
    assert past is not None and past.naive == "seasonal" and past.origins >= 10
    assert 0 < past.scaled < 1.5 and 0 < past.against_flat < 2
    strong = models.outlook({"engagements": weeks(np.random.default_rng(5), 160, season=0.8)}).backtests["engagements"]
    assert strong is not None and strong.scaled > 1, (
        "where last year repeats itself, repeating it is better, and it is said"
    )


def test_what_cannot_be_told_has_its_reason() -> None:
    short, empty = weeks(np.random.default_rng(6), 7), pd.Series(dtype=float)
    holes = weeks(np.random.default_rng(7), 30).mask(np.arange(30) == 4, 0.0)
    table = models.outlook({"engagements": short, "followers": empty, "mentions": holes}).table
    assert set(table.loc[table["figure"] != "mentions", "code"]) == {"short"}
    assert set(table.loc[table["figure"] == "mentions", "code"]) == {"not_positive"}
    assert table[["low", "middle", "high"]].isna().all().all()
