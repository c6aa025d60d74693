"""Change of a figure against the 28 days before and a year before, judged by how the figure moves by itself.

Two windows alone know nothing of drift, season and spikes: tests on their days find a change in one to two of five
quiet months, on counts nearly always. What a change has to exceed is the figure's own past changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days
from fanops_utils.metrics.multiple import holm

Kind = Literal["sum", "last", "rate"]
Judgment = Literal["up", "down", "unclear", "little_history", "unjudged"]
WINDOW = 28
STEP = 7
FEWEST_SEEN = 24  # days of a window with a value; below, the window is no window
YEAR = 364
LONGEST = 400  # days back that still say how the figure moves now
FEWEST_PAST = 3  # windows beside each other, after the live one
LITTLE_HISTORY = 84
YEARLY_WINDOWS = 12  # yearly changes before the live one: two years and 28 days
LEVEL = 0.1


@dataclass(frozen=True)
class Change:
    """A figure of the last 28 days and how it moved; `change` and `year` are fractions (0.05: up by 5 %), NaN unknown.

    `swing` is the half width within which the figure moves by itself in nine of ten quiet months (a fraction upwards),
    `p_value` how rare the change is among its past ones; `past` its values in windows side by side, oldest first, the
    live one last. The judgments are codes.
    """

    value: float
    change: float
    swing: float
    p_value: float
    judgment: Judgment
    year: float
    year_judgment: Judgment
    past: tuple[float, ...]


def change(daily: pd.DataFrame, *, value: str, kind: Kind = "sum", over: str | None = None) -> Change | None:
    """Return how *value* of the last 28 days compares with the 28 days before and those 364 days before.

    *daily* holds date_day and *value*, a row or several a day; "sum" adds the days (scaled to 28 where a few are
    missing), "last" takes the newest value of the window (a stock, followers say), "rate" divides the sum by that of
    *over*. A window with fewer than 24 days seen is not known. None where the last 28 days are not.

    Source of the method: log ratio against the rms of the account's own past 28-day changes (every 7 days, at most 400
    days back), t with the windows side by side; from 140 days. Below it no judgment, a first comparison from 84 days.
    """
    seen = _by_day(daily, value, over)
    windows = _windows(seen, kind)
    live = windows.get(0, np.nan)
    if not np.isfinite(live):
        return None
    step = _log_change(windows, 0, WINDOW)
    spread, freedom = _own_past(windows)
    p_value = _chance(step, spread, freedom)
    yearly = _log_change(windows, 0, YEAR)
    known = max((back for back, figure in windows.items() if np.isfinite(figure)), default=0) + WINDOW
    return Change(
        value=float(live),
        change=float(np.expm1(step)),
        swing=float(np.expm1(stats.t.ppf(1 - LEVEL / 2, freedom) * spread)) if np.isfinite(spread) else np.nan,
        p_value=p_value,
        judgment=_judgment(step, p_value, LEVEL, history=known),
        year=float(np.expm1(yearly)),
        year_judgment=_year_judgment(windows, yearly),
        past=tuple(float(windows.get(back, np.nan)) for back in range(12 * WINDOW, -1, -WINDOW) if back < known),
    )


def judged_together(changes: Mapping[str, Change | None], *, level: float = LEVEL) -> dict[str, Change]:
    """Return the *changes* of one page, judged so that any false one among them is as rare as *level* (Holm).

    What is not known is left out.
    """
    known = {name: one for name, one in changes.items() if one is not None}
    tested = [name for name, one in known.items() if np.isfinite(one.p_value)]
    corrected = dict(zip(tested, holm([known[name].p_value for name in tested]), strict=True))
    return {
        name: replace(one, judgment=_judgment(one.change, corrected[name], level, history=LONGEST))
        if name in corrected
        else one
        for name, one in known.items()
    }


def _by_day(daily: pd.DataFrame, value: str, over: str | None) -> pd.DataFrame:
    """Return the columns top and base (1 where there is none) by day, each day once, days between included."""
    top = pd.to_numeric(daily[value], errors="coerce").astype(float)
    base = pd.to_numeric(daily[over], errors="coerce").astype(float) if over else pd.Series(1.0, index=daily.index)
    known = top.notna() & base.notna()
    frame = pd.DataFrame({"day": days(daily["date_day"]), "top": top, "base": base})[known]
    summed = frame.groupby("day")[["top", "base"]].sum()
    return summed.asfreq("D") if len(summed) else summed


def _windows(seen: pd.DataFrame, kind: Kind) -> dict[int, float]:
    """Return the figure of each window by the days its end lies back; a window not known is NaN."""
    if seen.empty:
        return {}
    if kind == "last":
        figure = seen["top"].ffill(limit=WINDOW - FEWEST_SEEN)
    elif kind == "rate":
        total = seen.rolling(WINDOW, min_periods=FEWEST_SEEN).sum()
        figure = total["top"] / total["base"].where(total["base"] > 0)
    else:
        figure = seen["top"].rolling(WINDOW, min_periods=FEWEST_SEEN).mean() * WINDOW
    figure.iloc[: WINDOW - 1] = np.nan  # a window that began before the data did
    return {back: float(one) for back, one in enumerate(figure.to_numpy()[::-1])}


def _log_change(windows: Mapping[int, float], back: int, span: int) -> float:
    now, before = windows.get(back, np.nan), windows.get(back + span, np.nan)
    return float(np.log(now / before)) if now > 0 and before > 0 else np.nan


def _own_past(windows: Mapping[int, float]) -> tuple[float, int]:
    """Return the rms of the past 28-day log changes that do not touch the live window, and its degrees of freedom."""
    ends = range(WINDOW, LONGEST - 2 * WINDOW + 1, STEP)
    past = np.array([_log_change(windows, back, WINDOW) for back in ends])
    known = past[np.isfinite(past)]
    beside = (len(known) - 1) * STEP // WINDOW + 1 if len(known) else 0
    if beside < FEWEST_PAST:
        return np.nan, 0
    return float(np.sqrt(np.mean(known**2))), beside


def _chance(step: float, spread: float, freedom: int) -> float:
    """Return how rare a log change of *step* is; 1 where the figure never moved by itself (it may be rounded)."""
    if not np.isfinite(step) or not np.isfinite(spread):
        return np.nan
    return float(2 * stats.t.sf(abs(step) / spread, freedom)) if spread > 0 else 1.0


def _judgment(step: float, p_value: float, level: float, *, history: int) -> Judgment:
    if np.isfinite(p_value):
        return "unclear" if p_value > level else "up" if step > 0 else "down"
    return "little_history" if history >= LITTLE_HISTORY and np.isfinite(step) else "unjudged"


def _year_judgment(windows: Mapping[int, float], step: float) -> Judgment:
    """Return a judgment only where twelve yearly changes before this one are known: of two years and 28 days."""
    past = np.array([_log_change(windows, back, YEAR) for back in range(WINDOW, YEAR + 1, WINDOW)])
    known = past[np.isfinite(past)]
    if not np.isfinite(step) or len(known) < YEARLY_WINDOWS:
        return "unjudged"
    spread = float(np.sqrt(np.mean(known**2)))
    return _judgment(step, _chance(step, spread, len(known) - 1), LEVEL, history=LONGEST)
