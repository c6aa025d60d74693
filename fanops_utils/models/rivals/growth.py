"""Growth of a watched account: jumps set apart, differences beside each other, and no more than its rounding shows.

A regression of the log of followers on time would trust its interval: it covers the truth in one case of four, and one
giveaway turns the trend. So a giveaway's day is taken out and told, and growth is the mean of differences that do not
overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers

PER = 28
FEWEST_DAYS = 56
JUMP_MADS, JUMP_LEAST = 6.0, 0.02
MAD = 1.4826


@dataclass(frozen=True)
class AccountGrowth:
    """Growth of one account per 28 days as a fraction, without its jumps, with an interval (90 %).

    `code`: "growing", "shrinking", "unclear", "rounded" (the whole change is below two steps of the platform's
    rounding), "few" (under eight weeks). `jumps`: date_day, change (fraction). `step`: days between the counts compared,
    `n` such differences. `rounding`: step to which counts are rounded. `with_jumps`: growth as it happened.
    """

    code: Literal["growing", "shrinking", "unclear", "rounded", "few"]
    estimate: float
    ci_lower: float
    ci_upper: float
    with_jumps: float
    jumps: pd.DataFrame
    step: int
    n: int
    n_days: int
    followers: float
    rounding: float


def account_growth(daily: pd.DataFrame, *, level: float = 0.9) -> AccountGrowth:
    """Return the growth of `followers_total` over the days of *daily* (date_day, one row a day of one account).

    Jump days: |log change - median| above 6 MAD, two rounding steps and 2 %. Differences of 7 days (under 120 days of
    history), 14 (under 200) or 28, t on their number.
    """
    series = followers(daily)
    lasting = int((series.index[-1] - series.index[0]).days) + 1 if len(series) else 0
    rounding = rounding_of(series.to_numpy()) if len(series) else np.nan
    last = float(series.iloc[-1]) if len(series) else np.nan
    told: dict[str, Any] = {"n_days": len(series), "followers": last, "rounding": rounding}
    jumps = jumps_of(series, rounding)
    if lasting < FEWEST_DAYS or len(series) < FEWEST_DAYS // 2:
        empty: dict[str, Any] = {"estimate": np.nan, "ci_lower": np.nan, "ci_upper": np.nan, "with_jumps": np.nan}
        return AccountGrowth(code="few", jumps=jumps, step=0, n=0, **empty, **told)
    step = 7 if lasting < 120 else 14 if lasting < 200 else 28
    changes = differences(without_jumps(series, jumps), step)
    middle = float(changes.mean())
    half = float(stats.t.ppf(0.5 + level / 2, changes.size - 1) * changes.std(ddof=1) / np.sqrt(changes.size))
    whole = float(np.log(series.iloc[-1] / series.iloc[0])) * PER / max(lasting - 1, 1)
    ends = tuple(float(np.expm1(value * PER / step)) for value in (middle, middle - half, middle + half))
    moved = abs(float(series.iloc[-1] - series.iloc[0]))
    code: Literal["growing", "shrinking", "unclear", "rounded"] = (
        "rounded" if rounding > 1 and moved < 2 * rounding
        else "growing" if ends[1] > 0 else "shrinking" if ends[2] < 0 else "unclear"
    )  # fmt: skip
    return AccountGrowth(code=code, estimate=ends[0], ci_lower=ends[1], ci_upper=ends[2], with_jumps=float(np.expm1(whole)),
                         jumps=jumps, step=step, n=changes.size, **told)  # fmt: skip


def followers(daily: pd.DataFrame) -> pd.Series:
    """Return the counts of *daily* by day, above zero, in order; a day that stands twice keeps its last count."""
    need(daily, "date_day", "followers_total")
    series = pd.Series(numbers(daily["followers_total"]), index=pd.DatetimeIndex(days(daily["date_day"])))
    series = series[series > 0].sort_index()
    return series[~series.index.duplicated(keep="last")]


def rounding_of(counts: np.ndarray) -> float:
    """Return the step to which *counts* are rounded: the largest power of ten (or half of one) that divides nearly all."""
    whole = np.rint(counts)
    for power in (1e6, 5e5, 1e5, 5e4, 1e4, 5e3, 1e3, 500.0, 100.0, 50.0, 10.0):
        if np.mean(np.mod(whole, power) == 0) >= 0.95:
            return power
    return 1.0


def jumps_of(series: pd.Series, rounding: float) -> pd.DataFrame:
    """Return the days on which the count leapt: date_day, change (a fraction)."""
    log = np.log(series.to_numpy())
    span = np.diff(series.index.to_numpy()).astype("timedelta64[D]").astype(float)
    change = np.diff(log)
    if not change.size:
        return pd.DataFrame({"date_day": pd.Series(dtype="datetime64[ns]"), "change": pd.Series(dtype=float)})
    usual = float(np.median(change / span))
    away = change - usual * span
    mad = MAD * float(np.median(np.abs(away - np.median(away))))
    least = np.maximum(2 * rounding / series.to_numpy()[:-1], JUMP_LEAST) if rounding > 1 else JUMP_LEAST
    far = np.abs(away) > np.maximum(JUMP_MADS * mad, least)
    return pd.DataFrame({"date_day": series.index[1:][far], "change": np.expm1(away[far])})


def without_jumps(series: pd.Series, jumps: pd.DataFrame) -> pd.Series:
    """Return the log of *series* with its jumps taken out of all later days."""
    taken = pd.Series(np.log1p(numbers(jumps["change"])), index=pd.DatetimeIndex(jumps["date_day"]))
    return np.log(series) - taken.reindex(series.index, fill_value=0.0).cumsum()


def differences(log: pd.Series, step: int) -> np.ndarray:
    """Return changes of *log* over *step* days that do not overlap, the last one ending on the last day."""
    daily = log.asfreq("D").interpolate()
    return np.diff(daily.iloc[::-step].iloc[::-1].to_numpy())
