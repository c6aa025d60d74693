"""Budget pacing: spent so far against the plan, and what will have been spent on the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import Interval
from fanops_utils.text import say
from fanops_utils.workspace.register import Period

Pace = Literal["over", "under", "on_pace", "cannot_tell"]
FEWEST_DAYS, TOLERANCE = 7, 0.05


@dataclass(frozen=True)
class Pacing:
    """`spent` and `planned` to date; `forecast` of the whole at completion, with its prediction interval.

    `pace`: over or under where the forecast's interval, at `level`, lies beyond the budget by more than 5 %, on_pace
    where it lies within 5 % of it or holds it, cannot_tell below seven days of spending. `daily`: date_day, spent, planned (both
    cumulative), forecast, lower, upper (cumulative, from the day after *as_of*; NaN before).
    """

    spent: float
    planned: float
    budget: float
    days_seen: int
    days_left: int
    forecast: Interval
    pace: Pace
    level: float
    daily: pd.DataFrame


def pacing(
    spend: pd.DataFrame,
    *,
    budget: float,
    period: Period,
    as_of: date,
    plan: pd.Series | None = None,
    level: float = 0.9,
) -> Pacing:
    """Return how the *budget* of *period* is being spent by the last complete day *as_of*.

    Columns of *spend*: date_day, spend (one currency; several rows a day are added; a day without a row cost
    nothing). *plan*: share of the budget per day (indexed by date, adding up to 1), by default the same every day.
    The days to come cost, relative to the plan, what the days seen cost: the scatter of that ratio, its memory from
    day to day and the uncertainty of its mean make the interval (t). Raises DataError for a budget of zero or less, a
    plan that does not add up to 1, or a day spent below zero.
    """
    need(spend, "date_day", "spend")
    if budget <= 0:
        raise DataError(say("pacing needs a budget above zero"), value=budget)
    calendar = pd.date_range(period.start, period.end, freq="D")
    shares = _shares(plan, calendar)
    seen = calendar <= pd.Timestamp(as_of)
    cost = pd.Series(numbers(spend["spend"]), index=days(spend["date_day"])).groupby(level=0).sum()
    per_day = cost.reindex(calendar).fillna(0.0).to_numpy()
    if (per_day[seen] < 0).any():
        raise DataError(say("a day cannot cost less than nothing"), column="spend", value=float(per_day[seen].min()))
    spent, n_seen = float(per_day[seen].sum()), int(seen.sum())
    forecast, half = _ahead(per_day[seen], shares[seen] * budget, shares[~seen] * budget, level)
    end, wide = spent + float(forecast.sum()), float(half[-1]) if half.size else 0.0
    whole = Interval(end, max(end - wide, spent), end + wide, n_seen)
    reached = np.cumsum(np.where(seen, per_day, 0.0))
    ahead = spent + np.cumsum(forecast)
    nothing = np.full(n_seen, np.nan)
    daily = pd.DataFrame({
        "date_day": calendar, "spent": np.where(seen, reached, np.nan), "planned": np.cumsum(shares) * budget,
        "forecast": np.append(nothing, ahead), "lower": np.append(nothing, np.maximum(ahead - half, spent)),
        "upper": np.append(nothing, ahead + half),
    })  # fmt: skip
    planned = float(shares[seen].sum() * budget)
    pace = _pace(whole, budget, n_seen)
    return Pacing(spent, planned, budget, n_seen, len(calendar) - n_seen, whole, pace, level, daily)


def _shares(plan: pd.Series | None, calendar: pd.DatetimeIndex) -> np.ndarray:
    if plan is None:
        return np.full(len(calendar), 1 / len(calendar))
    shares = plan.set_axis(pd.DatetimeIndex(plan.index)).reindex(calendar).fillna(0.0).to_numpy(float)
    if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
        raise DataError(
            say("the plan's shares add up to 1 over the period, and none is negative"), value=float(shares.sum())
        )
    return shares


def _ahead(cost: np.ndarray, planned: np.ndarray, to_come: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what each day to come costs, and half the width of the interval of their running total."""
    if not to_come.size or cost.size < 2 or planned.sum() <= 0:
        return to_come, np.full(to_come.size, np.nan)
    ratio = cost.sum() / planned.sum()
    left = cost - ratio * planned
    spread = float(left.std(ddof=1))
    memory = float(np.clip(np.corrcoef(left[:-1], left[1:])[0, 1], 0, 0.9)) if cost.size > 3 and spread > 0 else 0.0
    stretch = (1 + memory) / (1 - memory)  # how far days that follow one another repeat the same news
    ahead = np.arange(1, to_come.size + 1)
    known = planned.sum() / planned.size
    scale = np.cumsum(to_come) / known if known > 0 else ahead
    variance = spread**2 * stretch * (ahead + scale**2 / cost.size)
    return ratio * to_come, float(stats.t.ppf(0.5 + level / 2, cost.size - 1)) * np.sqrt(variance)


def _pace(whole: Interval, budget: float, n_seen: int) -> Pace:
    if n_seen < FEWEST_DAYS:
        return "cannot_tell"
    if whole.ci_lower > budget * (1 + TOLERANCE):
        return "over"
    return "under" if whole.ci_upper < budget * (1 - TOLERANCE) else "on_pace"
