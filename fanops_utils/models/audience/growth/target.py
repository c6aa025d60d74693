"""Whether a count that grows reaches its target in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

LEAST_WEEKS, WIDEST, DAMP = 8, 4.0, 0.98
LEAST_PROBABILITY = 0.05
Refusal = Literal["", "history", "horizon", "wide"]


@dataclass(frozen=True)
class Outlook:
    """What a stock is expected to be: expected, lower, upper (80 %) and the probability to reach the target.

    probability is clipped to 5-95 %; refused says why there is none: history (under eight whole weeks), horizon (longer
    than the history), wide (80 % interval wider than 4 : 1).
    """

    expected: float
    lower: float
    upper: float
    probability: float
    refused: Refusal
    weeks: int
    ahead: int


def outlook(weekly: pd.Series, *, ahead: int, target: float, stock: bool = True) -> Outlook:
    """Return where *weekly* (whole weeks, oldest first, positive) stands in *ahead* weeks, against *target*.

    Source of the method: damped drift of weekly logs, shrunk to none; its settings were tuned on simulated series and
    checked on real ones (nine of ten 90 % intervals hold). Widened by a fifth up to four weeks ahead, and for stocks
    beyond 26. No ceiling is estimated.
    """
    known = weekly[weekly > 0].to_numpy(dtype=float)
    refused: Refusal = "history" if len(known) < LEAST_WEEKS else "horizon" if ahead > len(known) else ""
    if refused:
        return Outlook(np.nan, np.nan, np.nan, np.nan, refused, len(known), ahead)
    log = np.log(known)
    middle, spread, freedom = _drifted(log, ahead, stock=stock)
    low, high = (middle + spread * float(stats.t.ppf(p, freedom)) for p in (0.1, 0.9))
    hit = float(stats.t.sf((np.log(target) - middle) / spread, freedom))
    ends = (float(np.exp(middle)), float(np.exp(low)), float(np.exp(high)))
    if high - low > np.log(WIDEST):
        return Outlook(*ends, np.nan, "wide", len(known), ahead)
    hit = min(max(hit, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return Outlook(*ends, hit, "", len(known), ahead)


def _drifted(log: np.ndarray, ahead: int, *, stock: bool) -> tuple[float, float, int]:
    """Return mean, standard deviation and degrees of freedom of the log in *ahead* weeks."""
    steps = np.diff(log)
    n = len(steps)
    centred = steps - steps.mean()
    variance = max(float(np.mean(centred**2)), 1e-12)
    lags = max(2, min(8, n // 4))
    long = variance + 2 * sum(
        (1 - lag / (lags + 1)) * float(np.sum(centred[lag:] * centred[:-lag])) / n
        for lag in range(1, lags + 1)
        if lag < n
    )
    scale = (n * max(long, 0.2 * variance) + 10 * 0.02**2) / (n + 10)
    raw = (log[-4:].mean() - log[:4].mean()) / max(1, n - 3)
    noise = scale / n
    weight = 0.008**2 / (0.008**2 + noise)
    level = log[-1] if stock else log[-4:].mean()
    reach = float(ahead) if stock else max(ahead - 1.5, 0.5)
    effective = (1 - DAMP**reach) / (1 - DAMP)
    total = reach * scale + effective**2 * weight * noise + (0 if stock else max(variance - scale, 0) / 4)
    wider = 1.2 if ahead <= 4 or (stock and ahead > 26) else 1.0
    return float(level + weight * raw * effective), wider * float(np.sqrt(total)), max(n, 4)


def pace_needed(now: float, target: float, *, weeks: int) -> float:
    """Return by what fraction a week *now* has to grow to stand at *target* in *weeks*; NaN where one is not positive."""
    return float((target / now) ** (1 / weeks) - 1) if now > 0 and target > 0 and weeks > 0 else float("nan")


def weekly_total(joined: pd.Series, left: pd.Series, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return per whole week, counted back from *end*: date_day (its last day), joined, left, members (who is in).

    *joined* and *left* are days, null where nobody knows of one. Everybody who joined before *start* counts from the first
    week on.
    """
    weeks = max(0, ((end - start).days + 1) // 7)
    ends = pd.DatetimeIndex([end - pd.Timedelta(weeks=back) for back in range(weeks - 1, -1, -1)])
    table = pd.DataFrame({"date_day": ends})
    for name, days in (("joined", joined.dropna()), ("left", left.dropna())):
        counts = np.searchsorted(
            np.sort(days.to_numpy(dtype="datetime64[us]")), ends.to_numpy(dtype="datetime64[us]"), "right"
        )
        before = np.searchsorted(
            np.sort(days.to_numpy(dtype="datetime64[us]")),
            (ends - pd.Timedelta(weeks=1)).to_numpy(dtype="datetime64[us]"),
            "right",
        )
        table[name], table[f"{name}_so_far"] = counts - before, counts
    table["members"] = table["joined_so_far"] - table["left_so_far"]
    return table.drop(columns=["joined_so_far", "left_so_far"])
