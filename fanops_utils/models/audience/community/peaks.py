"""Unusual days of a daily count, its trend and its week taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_DAYS = 56
LIMIT = 4.0  # robust standard deviations: some two false alarms in a hundred years of normal days, more where tails are heavy


def unusual_days(daily: pd.DataFrame, *, value: str = "dau") -> pd.DataFrame:
    """Return *daily* with usual (trend and weekday), lower, upper and unusual (above, below, usual); empty below 56 days.

    Columns of *daily*: date_day (each day once, in order) and *value*, counts. Source of the method: robust STL with a
    period of seven days on the square root, where counts scatter alike; limits are four robust standard deviations (MAD)
    of the rest.
    """
    from statsmodels.tsa.seasonal import STL

    if len(daily) < LEAST_DAYS or not daily[value].sum():
        return daily.iloc[:0].assign(
            usual=pd.Series(dtype=float),
            lower=pd.Series(dtype=float),
            upper=pd.Series(dtype=float),
            unusual=pd.Series(dtype=object),
        )
    root = np.sqrt(daily[value].to_numpy(dtype=float))
    parts = STL(root, period=7, seasonal=35, trend=43, robust=True).fit()
    usual, rest = root - parts.resid, parts.resid
    spread = max(1.4826 * float(np.median(np.abs(rest - np.median(rest)))), 0.4)  # a Poisson count: at least about .5
    low, high = np.clip(usual - LIMIT * spread, 0, None), usual + LIMIT * spread
    found = np.where(root > high, "above", np.where(root < low, "below", "usual"))
    return daily.assign(usual=np.clip(usual, 0, None) ** 2, lower=low**2, upper=high**2, unusual=found)
