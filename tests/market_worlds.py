"""Simulated markets for the tests of the campaign models."""

from __future__ import annotations

import numpy as np
import pandas as pd

MARKETS = ["BR", "US", "MX", "DE", "FR", "JP"]


def world(
    rng: np.random.Generator,
    *,
    days: int = 448,
    lift: float = 0.0,
    live: int = 28,
    level: float = 7.0,
    end: str = "2026-05-10",
) -> pd.DataFrame:
    """Return daily totals of six markets that share two random walks; BR has the lift on the last *live* days."""
    count = len(MARKETS)
    common = np.cumsum(rng.normal(0, 0.015, (days, 2)), axis=0) @ rng.uniform(0.5, 1.5, (2, count))
    noise = rng.normal(0, 0.06 * np.sqrt(0.75), (days, count))
    for day in range(1, days):
        noise[day] += 0.5 * noise[day - 1]
    logs = level + common + noise + rng.normal(0, 0.05, (7, count))[np.arange(days) % 7]
    logs[-live:, 0] += np.log1p(lift)
    wide = pd.DataFrame(
        np.exp(logs),
        index=pd.date_range(end=end, periods=days, name="date_day"),
        columns=pd.Index(MARKETS, name="market"),
    )
    return wide.stack().rename("value").reset_index()
