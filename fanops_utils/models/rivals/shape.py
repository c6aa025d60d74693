"""The shape of a growth curve: steady, slowing towards a ceiling, or with a break in its pace.

A ceiling is only told where the account has come to 30 % of it: below, the fitted ceiling may be anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize

from fanops_utils.models.rivals.growth import (
    FEWEST_DAYS,
    PER,
    differences,
    followers,
    jumps_of,
    rounding_of,
    without_jumps,
)

STEP = 7
FEWEST_WEEKS = 26
NEAR_CEILING = 0.30
BETTER = 10.0  # how much smaller a criterion has to be before a shape is told
EDGE = 6  # weeks before and after a break


@dataclass(frozen=True)
class GrowthShape:
    """Which shape the growth has: `code` "steady", "break", "ceiling", "few" (under half a year).

    A break: `at` (day), pace `before` and `after` per 28 days (fractions). A ceiling: `ceiling` (followers) and
    `reached` (share of it, 0.3 or more).
    """

    code: Literal["steady", "break", "ceiling", "few"]
    at: pd.Timestamp | None = None
    before: float = np.nan
    after: float = np.nan
    ceiling: float = np.nan
    reached: float = np.nan


def growth_shape(daily: pd.DataFrame) -> GrowthShape:
    """Return the shape of `followers_total` over the days of *daily* (date_day, one account), its jumps taken out.

    Weekly log differences under three models, told apart by a Bayesian criterion that counts neighbouring weeks as half
    new: one pace; two paces with a break at least six weeks from the ends; a pace that falls with the share of a
    ceiling reached (logistic growth).
    """
    series = followers(daily)
    if len(series) < FEWEST_DAYS or (series.index[-1] - series.index[0]).days < FEWEST_WEEKS * STEP:
        return GrowthShape("few")
    log = without_jumps(series, jumps_of(series, rounding_of(series.to_numpy())))
    change = differences(log, STEP)
    ends = pd.date_range(end=log.index[-1], periods=len(change) + 1, freq=f"{STEP}D")
    level = np.exp(log.asfreq("D").interpolate().reindex(ends).to_numpy())
    steady = _criterion(float(np.sum((change - change.mean()) ** 2)), change.size, 1)
    broken, at = _broken(change)
    slowing, ceiling = _slowing(change, level)
    best = min(broken, slowing)
    if not best < steady - BETTER:
        return GrowthShape("steady")
    if slowing <= broken:
        reached = float(level[-1] / ceiling)
        return (
            GrowthShape("ceiling", ceiling=ceiling, reached=reached)
            if reached >= NEAR_CEILING
            else GrowthShape("steady")
        )
    paces = [float(np.expm1(part.mean() * PER / STEP)) for part in (change[:at], change[at:])]
    return GrowthShape("break", at=ends[at], before=paces[0], after=paces[1])


def _criterion(squares: float, n: int, parameters: int) -> float:
    return n / 2 * float(np.log(max(squares, 1e-300) / n)) + parameters * float(np.log(n))


def _broken(change: np.ndarray) -> tuple[float, int]:
    n = change.size
    squares = [(float(np.sum((change[:at] - change[:at].mean()) ** 2) + np.sum((change[at:] - change[at:].mean()) ** 2)), at)
               for at in range(EDGE, n - EDGE)]  # fmt: skip
    least, at = min(squares)
    return _criterion(least, n, 3), at


def _slowing(change: np.ndarray, level: np.ndarray) -> tuple[float, float]:
    """Return the criterion and the ceiling of logistic growth: the change of a week is r less log((1 - part of it))."""
    start, top = level[:-1], float(level.max())

    def squares(log_ceiling: float) -> tuple[float, float]:
        part = start / np.exp(log_ceiling)

        # Logistic: odds grow by exp(r) a week, so the change is log(exp(r) / (1 - part + part exp(r))).
        def miss(rate: float) -> float:
            return float(np.sum((change - (rate - np.log1p(part * np.expm1(rate)))) ** 2))

        found = optimize.minimize_scalar(miss, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-6})
        return float(found.fun), float(found.x)

    bounds = (np.log(top * 1.01), np.log(top * 100))
    found = optimize.minimize_scalar(lambda value: squares(value)[0], bounds=bounds, method="bounded")
    return _criterion(float(found.fun), change.size, 2), float(np.exp(found.x))
