"""What a sale of some days added once the orders it only drew forward are counted.

The days of a sale always look good. Net is what was sold in the sale and in the 28 days after it, against the weekday
profile of the eight weeks before, scaled by the markets that had no sale; how far such a figure lies from zero by itself is read
from the same window slid over the time before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers

PROFILE, LEVEL, AFTER = 56, 28, 28  # days: weekday profile, level, after the sale
LEAST_WINDOWS = 5
Status = Literal["measured", "too_early", "little_history", "too_few"]


@dataclass(frozen=True)
class SaleEffect:
    """Orders beyond what was expected: `gross` in the sale itself, `net` with the days after it, with its interval.

    `days` has date_day, orders, expected; `windows` non-overlapping windows of the time before gave the interval;
    `controls` are the markets without a sale that scaled the expectation.
    """

    status: Status
    start: date
    end: date
    gross: float = np.nan
    net: float = np.nan
    ci_lower: float = np.nan
    ci_upper: float = np.nan
    expected: float = np.nan
    windows: int = 0
    controls: tuple[str, ...] = ()
    days: pd.DataFrame | None = None


def sale_effect(
    daily: pd.DataFrame,
    *,
    market: str,
    start: date,
    end: date,
    as_of: date,
    others: tuple[str, ...] = (),
    level: float = 0.95,
) -> SaleEffect:
    """Return what the sale from *start* to *end* in *market* added, net of orders drawn forward.

    *daily*: date_day, market, orders (a day without a row had none). *others*: markets without a sale around then.
    status: too_early until 28 days after the sale, little_history without five windows before, too_few below an order a
    day.
    """
    need(daily, "date_day", "market", "orders")
    first, last, now = pd.Timestamp(start), pd.Timestamp(end), pd.Timestamp(as_of)
    if last + pd.Timedelta(days=AFTER) > now:
        return SaleEffect("too_early", start, end)
    table = _wide(daily, now)
    if market not in table:
        return SaleEffect("too_few", start, end)
    controls = tuple(name for name in others if name in table and name != market and table[name].mean() >= 1)
    own = table[market].to_numpy(float)
    rest = table[list(controls)].sum(axis=1).to_numpy(float) if controls else None
    at, length = int((first - table.index[0]).days), int((last - first).days) + 1
    span = length + AFTER
    starts = np.arange(at - span, PROFILE - 1, -7)[::-1] if at > 0 else np.array([], dtype=int)
    if len(starts) < LEAST_WINDOWS or starts[-1] - starts[0] < (LEAST_WINDOWS - 1) * span / 2:
        return SaleEffect("little_history", start, end, controls=controls)
    if own[max(0, at - PROFILE) : at].mean() < 1:
        return SaleEffect("too_few", start, end, controls=controls)
    expected = _expected(own, rest, at, span)
    actual = own[at : at + span]
    before = []
    for place in starts:
        usual = _expected(own, rest, int(place), span)
        before.append((own[place : place + span].sum() - usual.sum()) / usual.sum())
    apart = max(2, int((starts[-1] - starts[0]) // span) + 1)
    spread = float(np.sqrt(np.mean(np.square(before)))) * expected.sum()
    net = float(actual.sum() - expected.sum())
    half = float(stats.t.ppf(0.5 + level / 2, apart - 1)) * spread
    shown = pd.DataFrame({"date_day": table.index[at : at + span], "orders": actual, "expected": expected})
    return SaleEffect("measured", start, end, float((actual - expected)[:length].sum()), net, net - half, net + half,
                      float(expected.sum()), apart, controls, shown)  # fmt: skip


def _wide(daily: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Return orders by day and market, zero on days between the first and *until* without a row."""
    rows = pd.DataFrame({"day": days(daily["date_day"]), "market": daily["market"], "n": numbers(daily["orders"])})
    rows = rows[rows["day"] <= until].dropna(subset=["market"])
    if rows.empty:
        return pd.DataFrame(index=pd.DatetimeIndex([until]))
    table = rows.pivot_table(index="day", columns="market", values="n", aggfunc="sum")
    return table.reindex(pd.date_range(rows["day"].min(), until)).fillna(0.0)


def _expected(own: np.ndarray, rest: np.ndarray | None, at: int, span: int) -> np.ndarray:
    """Return what *span* days from *at* on would have sold: weekday profile and level of the time before, moved by the rest."""
    usual = _profile(own, at, span)
    if rest is None:
        return usual
    theirs = _profile(rest, at, span).sum()
    moved = rest[at : at + span].sum() / theirs if theirs > 0 else 1.0
    return usual * moved


def _profile(series: np.ndarray, at: int, span: int) -> np.ndarray:
    before = series[at - PROFILE : at]
    weekday = before.reshape(-1, 7).mean(axis=0)
    shape = weekday / weekday.mean() if weekday.mean() > 0 else np.ones(7)
    level = before[-LEVEL:].mean()
    return level * shape[np.arange(span) % 7]
