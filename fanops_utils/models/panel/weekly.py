"""Weekly totals read as days: each spread evenly over its seven days, and the periods compared cut to whole weeks.

So the windows, the chance measured on them and the degrees of freedom are those of weeks, by the computation for days.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.workspace.register import Period

FEWEST_WEEKS = 8


def is_weekly(daily: pd.DataFrame) -> bool:
    """Return whether all days of *daily* (date_day) lie whole weeks apart, over eight weeks or more."""
    need(daily, "date_day")
    seen = np.sort(days(daily["date_day"]).unique())
    return len(seen) >= FEWEST_WEEKS and bool((np.diff(seen) % np.timedelta64(7, "D") == np.timedelta64(0)).all())


def spread_over_days(weekly: pd.DataFrame, *, rate: bool = False) -> pd.DataFrame:
    """Return *weekly* (date_day: a week's first day, market, value) by day; a *rate* is that of every day of its week."""
    parts = weekly.assign(date_day=days(weekly["date_day"]), value=numbers(weekly["value"]) / (1 if rate else 7))
    return pd.concat([parts.assign(date_day=parts["date_day"] + pd.Timedelta(days=day)) for day in range(7)],
                     ignore_index=True)  # fmt: skip


def whole_weeks(period: Period, *, monday: date) -> Period | None:
    """Return the weeks that begin as the day *monday* does and lie wholly in *period*; None without one."""
    start = period.start + timedelta(days=(monday - period.start).days % 7)
    weeks = ((period.end - start).days + 1) // 7
    return Period(start=start, end=start + timedelta(days=7 * weeks - 1)) if weeks > 0 else None


def weeks_up_to(period: Period, *, monday: date) -> Period:
    """Return as many whole weeks as *period* has, rounded, that end no later than it does."""
    end = period.end - timedelta(days=((period.end - monday).days + 1) % 7)
    return Period(start=end - timedelta(days=7 * max(round(period.days / 7), 1) - 1), end=end)
