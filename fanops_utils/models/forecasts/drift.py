"""The forecast: a shrunk, damped drift on weekly logs, mixed half and half with last year's course from 60 weeks on.

Closed form (random walk with drift whose size is drawn to zero, Gardner and McKenzie 1985 for the damping), Student t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

Refused = Literal["short", "far", "wide", "not_positive"]
FEWEST_WEEKS, SEASON, SEASONAL_FROM = 8, 52, 60
DRIFT_SD, DAMPING, USUAL_STEP, STEP_WORTH = 0.008, 0.98, 0.02, 10.0
LEVEL_WEEKS = 4
NEAR_WEEKS, NEAR_WIDER, FAR_WEEKS, FAR_WIDER = 4, 1.2, 26, 1.2
WIDEST = 4.0  # upper to lower end of the 80 % interval
LEAST, MOST = 0.05, 0.95  # odds beyond them are not claimed: on real series they came true far less often


@dataclass(frozen=True)
class Forecast:
    """The log of what a week *ahead* weeks away will bring: its centre, spread and degrees of freedom."""

    ahead: int
    mean: float
    sd: float
    df: int

    def quantile(self, part: float) -> float:
        """Return the value below which the number stays with chance *part*."""
        return float(np.exp(self.mean + self.sd * stats.t.ppf(part, self.df)))

    def above(self, target: float) -> float:
        """Return the chance of *target* or more, not clipped."""
        return float(stats.t.sf((np.log(target) - self.mean) / self.sd, self.df))


def forecast(weeks: np.ndarray, *, ahead: int, stock: bool = False) -> Forecast:
    """Return the forecast of *weeks* (whole weeks, oldest first, all above zero) *ahead* weeks away.

    *stock*: the last day's level (followers); else the mean of four weeks that end then. Raises ValueError below eight weeks.
    """
    if len(weeks) < FEWEST_WEEKS or ahead < 1:
        raise ValueError("a forecast needs eight weeks and looks at least one ahead")
    logs = np.log(np.asarray(weeks, dtype=float))
    plain = _drift(logs, ahead, stock)
    if len(logs) < SEASONAL_FROM:
        return plain
    return _mixed(plain, _seasonal(logs, ahead, stock, plain))


def refusal(weeks: np.ndarray, *, ahead: int, stock: bool = False) -> Refused | None:
    """Return why no odds are given: short history, a day further off than it reaches, an interval beyond 4 : 1; None: given."""
    known = np.asarray(weeks, dtype=float)
    if len(known) < FEWEST_WEEKS:
        return "short"
    if (known <= 0).any():
        return "not_positive"
    if ahead > len(known):
        return "far"
    told = forecast(known, ahead=ahead, stock=stock)
    return "wide" if told.quantile(0.9) > WIDEST * told.quantile(0.1) else None


def odds(weeks: np.ndarray, *, target: float, ahead: int, stock: bool = False, below: bool = False) -> float | None:
    """Return the chance to reach *target* (to stay at or *below* it) in *ahead* weeks, within 5 and 95 in 100; None: refused."""
    if target <= 0 or refusal(weeks, ahead=ahead, stock=stock):
        return None
    above = forecast(weeks, ahead=ahead, stock=stock).above(target)
    return float(np.clip(1 - above if below else above, LEAST, MOST))


def _drift(logs: np.ndarray, ahead: int, stock: bool) -> Forecast:
    steps = np.diff(logs)
    n = len(steps)
    centred = steps - steps.mean()
    plain = float(np.mean(centred**2))
    lags = max(2, min(8, n // 4))
    long = plain + 2 * sum((1 - lag / (lags + 1)) * float(np.sum(centred[lag:] * centred[:-lag])) / n
                           for lag in range(1, min(lags, n - 1) + 1))  # fmt: skip
    long = (n * max(long, 0.2 * plain) + STEP_WORTH * USUAL_STEP**2) / (n + STEP_WORTH)
    raw = (logs[-LEVEL_WEEKS:].mean() - logs[:LEVEL_WEEKS].mean()) / (n - LEVEL_WEEKS + 1)
    error = long / n
    weight = DRIFT_SD**2 / (DRIFT_SD**2 + error)
    level, reach = (logs[-1], float(ahead)) if stock else (logs[-LEVEL_WEEKS:].mean(), max(ahead - 1.5, 0.5))
    damped = (1 - DAMPING**reach) / (1 - DAMPING)
    variance = reach * long + damped**2 * weight * error + (0.0 if stock else max(plain - long, 0.0) / LEVEL_WEEKS)
    wider = NEAR_WIDER if ahead <= NEAR_WEEKS else FAR_WIDER if stock and ahead > FAR_WEEKS else 1.0
    return Forecast(ahead, float(level + weight * raw * damped), float(np.sqrt(variance)) * wider, max(n, 4))


def _seasonal(logs: np.ndarray, ahead: int, stock: bool, plain: Forecast) -> Forecast:
    """Return last year's week, moved by how far the last four weeks lie from the same four a year before."""
    at = len(logs) - 1 + ahead
    while at >= len(logs):
        at -= SEASON
    moved = logs[-LEVEL_WEEKS:].mean() - logs[-LEVEL_WEEKS - SEASON : -SEASON].mean()
    years = -(-ahead // SEASON)
    before = logs[at] if stock else logs[max(0, at - LEVEL_WEEKS + 1) : at + 1].mean()
    centre = before + moved * years
    return Forecast(ahead, float(centre), plain.sd, plain.df)


def _mixed(one: Forecast, other: Forecast) -> Forecast:
    mean = (one.mean + other.mean) / 2
    apart = ((one.mean - mean) ** 2 + (other.mean - mean) ** 2) / 2
    return Forecast(one.ahead, mean, float(np.sqrt((one.sd**2 + other.sd**2) / 2 + apart)), one.df)
