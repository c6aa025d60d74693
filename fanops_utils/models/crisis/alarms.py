"""Alarms: the day rule, the rule of two hours running, and the plans' rules beside them, as codes and numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.models.crisis.baseline import baseline

DAY_ALPHA, DAYS_BACK, FEWEST_DAYS = 0.0007, 56, 28
WATCH_ALPHA, HOUR_ALPHA, HOUR_DAYS_BACK, FEWEST_HOUR_DAYS = 1e-3, 1e-4, 28, 14
FLOOR = 10  # negatives below which nothing is called a crisis
DAY_WORTH, HOUR_WORTH = 5.0, 4.0
RISE, SHARE, WEEKS_BACK = 3.0, 0.15, 8  # +300 % against the same weekdays; negative share
CHANGE_LEVEL = 0.998  # two-sided: one day in a thousand above by chance
HOURS = 24


def day_alarms(
    counts: pd.Series,
    *,
    alpha: float = DAY_ALPHA,
    floor: int = FLOOR,
    forget: bool = True,
    back: int = DAYS_BACK,
    fewest: int = FEWEST_DAYS,
) -> pd.DataFrame:
    """Return each day of *counts* (negatives, indexed by unbroken days) against the *back* days before.

    Returned: date_day, count, expected, upper (the highest usual count), p_value, alarm. NaN before *fewest* days are known. At
    alpha .0007 a brand gets at most about one false alarm a year between 0.5 and 30 negatives a day.
    """
    days, values = pd.DatetimeIndex(counts.index), counts.to_numpy(float)
    frame = pd.DataFrame({"date_day": days, "count": values})
    weekend = (days.day_of_week >= 5).astype("int64")
    past, cells = _before(values, back, np.nan), _before(weekend, back, 0)
    usual = baseline(past, cells, weekend[:, None], worth=DAY_WORTH, forget=forget)
    enough = np.isfinite(past).sum(axis=1) >= fewest
    frame["expected"] = np.where(enough, usual.expected[:, 0], np.nan)
    frame["upper"] = np.where(enough, np.maximum(usual.upper(alpha)[:, 0], floor - 1), np.nan)
    frame["p_value"] = np.where(enough, usual.p_value(values[:, None])[:, 0], np.nan)
    return frame.assign(alarm=(frame["p_value"] < alpha) & (frame["count"] >= floor))


def hour_alarms(
    counts: np.ndarray,
    days: pd.DatetimeIndex,
    *,
    alpha: float = WATCH_ALPHA,
    floor: int = FLOOR,
    forget: bool = True,
    fewest: int = FEWEST_HOUR_DAYS,
) -> pd.DataFrame:
    """Return each hour of *counts* (days x 24, local hours) against the same hours of the 28 days before, from *fewest* days on.

    Returned: date_day, hour, count, expected, p_value, alarm: two hours running below *alpha*, the second with at least
    *floor* negatives. One hour alone fires 16-24 days a year at a quiet brand.
    """
    size = len(days)
    weekend = (days.day_of_week >= 5).astype("int64")
    cells = np.arange(HOURS)[None, :] + HOURS * weekend[:, None]
    past = _before(counts.astype(float), HOUR_DAYS_BACK, np.nan).reshape(size, -1)
    kinds = _before(cells, HOUR_DAYS_BACK, 0).reshape(size, -1)
    usual = baseline(past, kinds, cells, worth=HOUR_WORTH, forget=forget)
    enough = np.isfinite(past).sum(axis=1) >= fewest * HOURS
    p_value = np.where(enough[:, None], usual.p_value(counts), np.nan).ravel()
    low = np.nan_to_num(p_value, nan=1.0) < alpha
    both = low & np.append(False, low[:-1])
    return pd.DataFrame({
        "date_day": np.repeat(days, HOURS), "hour": np.tile(np.arange(HOURS), size), "count": counts.ravel(),
        "expected": np.where(enough[:, None], usual.expected, np.nan).ravel(), "p_value": p_value,
        "alarm": both & (counts.ravel() >= floor),
    })  # fmt: skip


def plan_rules(
    days: pd.DataFrame, *, rise: float = RISE, share: float = SHARE, floor: int = FLOOR, plain: bool = True
) -> pd.DataFrame:
    """Return the plans' rules for each of *days* (date_day, negatives, labelled; unbroken).

    Returned: usual (median of the same weekday of the eight weeks before), risen: 1 + *rise* times that, and at least
    *floor*; estimate, ci_lower, ci_upper, n (negative share, Wilson), share_high: its lower bound above *share*.
    Where labels are not *plain* (a scorer's that errs too often), the share says nothing by itself: share_high is then that
    the day's lies above that of the 56 days before beyond chance (one day in a thousand).
    """
    negatives = days["negatives"].to_numpy(float)
    same = np.stack([_shifted(negatives, 7 * week) for week in range(1, WEEKS_BACK + 1)], axis=1)
    known = np.isfinite(same).sum(axis=1) >= WEEKS_BACK // 2
    usual = np.full(len(days), np.nan)
    if known.any():
        usual[known] = np.nanmedian(same[known], axis=1)
    risen = known & (negatives >= (1 + rise) * np.nan_to_num(usual)) & (negatives >= floor)
    shares = wilson_frame(days["negatives"], days["labelled"])
    limit = share if plain else _usual_share(days)
    lower = (
        shares["ci_lower"]
        if plain
        else wilson_frame(days["negatives"], days["labelled"], level=CHANGE_LEVEL)["ci_lower"]
    )
    high = (lower > limit).to_numpy() & (negatives >= floor)
    return pd.DataFrame({"date_day": days["date_day"].to_numpy(), "usual": usual, "risen": risen}).join(
        shares.reset_index(drop=True).assign(share_high=high)
    )


def _usual_share(days: pd.DataFrame) -> np.ndarray:
    """Return the upper end of the negative share of the 56 days before each day; NaN below 28 days."""
    sums = days[["negatives", "labelled"]].astype(float).shift(1).rolling(DAYS_BACK, min_periods=FEWEST_DAYS).sum()
    known = sums.dropna()
    ends = wilson_frame(known["negatives"], known["labelled"])["ci_upper"].to_numpy(float)
    return pd.Series(ends, index=known.index, dtype=float).reindex(days.index).to_numpy()


def warning_level(*, statistic: bool, risen: bool, share_high: bool, grave: bool = False) -> int | None:
    """Return the level of a day: 1 worst, 3 least, None for none.

    3: the count is far above its baseline, or a plan's rule alone fired. 2: it is, and one plan's rule fired. 1: both
    fired too, or a *grave* sign (a loud voice, a word of the grave list) came with it.
    """
    rules = int(risen) + int(share_high)
    if statistic and (rules == 2 or grave):
        return 1
    if statistic and rules:
        return 2
    return 3 if statistic or rules else None


def _before(values: np.ndarray, back: int, fill: float) -> np.ndarray:
    """Return for each row the *back* rows before it, oldest first; *fill* where there are none."""
    size = len(values)
    at = np.arange(size)[:, None] + np.arange(-back, 0)[None, :]
    found = values[np.maximum(at, 0)]
    there = (at >= 0).reshape(at.shape + (1,) * (values.ndim - 1))
    return np.where(there, found, fill).astype(float if np.isnan(fill) else values.dtype)


def _shifted(values: np.ndarray, by: int) -> np.ndarray:
    return np.append(np.full(min(by, len(values)), np.nan), values[: max(len(values) - by, 0)])
