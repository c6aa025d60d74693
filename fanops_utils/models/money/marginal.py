"""Where a little more money would bring a little more: outcome by week against spending by channel, or why that is not told.

A regression of logs (diminishing returns), with a trend and from a year on a season; errors that hang together from week to week
(Newey and West 1987), made wider for few weeks. Weeks that move together prove no cause: spending that follows sales is refused,
and what is left is a reason for an experiment, not for a new budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.intervals import Interval

Reason = Literal["short", "rare", "flat", "follows", "no_outcome"]
FEWEST_WEEKS, YEAR = 26, 52
FEWEST_SPENT = 8  # weeks with spending
LEAST_SPREAD = 0.25  # of the log of spending: less tells nothing apart
LAGS, RECENT = 4, 8
WIDER = 1.25  # of the errors: with memory in few weeks they come out too small (90 % covered .81-.88 without)
SURE = 0.98  # level at which money is told to be moved, over all pairs
FOLLOWS = 0.05  # chance below which spending is taken to follow last week's outcome


@dataclass(frozen=True)
class Response:
    """What one more unit of money in *channel* brings at the spending of the last eight weeks; `reason` where it is not told.

    `spent`: mean of those weeks.
    """

    channel: str
    spent: float
    weeks: int
    marginal: Interval | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Reallocation:
    """Channels with their responses; `move`: from and to, where the difference is clear of chance; else None."""

    channels: tuple[Response, ...]
    move: tuple[str, str] | None
    difference: Interval | None = None


def marginal_response(spend: pd.DataFrame, outcome: pd.Series, *, level: float = 0.9) -> Reallocation:
    """Return the marginal response of *outcome* (by Monday) to each column of *spend* (by Monday, one currency).

    Refused per channel: short (under 26 weeks in common), rare (under 8 with spending), flat (it hardly varied), follows
    (this week's spending is told by last week's outcome). Moving money is told for two channels or more that are not refused,
    where the difference of best and worst is clear of zero at a level that allows for all pairs.
    """
    weeks = spend.index.intersection(outcome.index).sort_values()
    money = spend.reindex(weeks).fillna(0.0).astype(float)
    made = outcome.reindex(weeks).astype(float)
    reasons = {str(name): _refused(money[name], made) for name in money}
    recent = {str(name): float(money[name].tail(RECENT).mean()) if len(money) else np.nan for name in money}
    usable = [name for name, reason in reasons.items() if reason is None]
    told = _fitted(money[usable], made, recent, level) if usable else None
    channels = tuple(
        Response(name, recent[name], len(weeks), None if told is None or reason else told[0][name], reason)
        for name, reason in reasons.items()
    )
    move, difference = told[1] if told is not None else (None, None)
    return Reallocation(channels, move, difference)


def _refused(money: pd.Series, made: pd.Series) -> Reason | None:
    if len(money) < FEWEST_WEEKS:
        return "short"
    if (made <= 0).any():
        return "no_outcome"
    if (money > 0).sum() < FEWEST_SPENT:
        return "rare"
    logs = _logs(money)
    if logs.std() < LEAST_SPREAD:
        return "flat"
    return "follows" if _follows(logs, np.log(made.to_numpy(float))) < FOLLOWS else None


def _logs(money: pd.Series) -> np.ndarray:
    return np.asarray(np.log1p(money.to_numpy(float) / _unit(money)))


def _unit(money: pd.Series) -> float:
    return float(money[money > 0].median())


def _follows(spent: np.ndarray, made: np.ndarray) -> float:
    """Return the chance that spending is told so well by the outcome of the week before, where it does not follow it."""
    n = len(spent) - 1
    design = np.column_stack([np.ones(n), np.arange(n), spent[:-1], made[:-1]])
    told, *_ = np.linalg.lstsq(design, spent[1:], rcond=None)
    left = spent[1:] - design @ told
    spare = n - design.shape[1]
    error = np.sqrt(left @ left / spare * np.linalg.pinv(design.T @ design)[3, 3])
    return float(2 * stats.t.sf(abs(told[3] / error), spare)) if error > 0 else 1.0


def _fitted(
    money: pd.DataFrame, made: pd.Series, recent: dict[str, float], level: float
) -> tuple[dict[str, Interval], tuple[tuple[str, str] | None, Interval | None]]:
    names, n = [str(one) for one in money], len(made)
    at = np.arange(n, dtype=float)
    season = [np.sin(2 * np.pi * at / YEAR), np.cos(2 * np.pi * at / YEAR)] if n >= YEAR else []
    design = np.column_stack([*(_logs(money[name]) for name in names), np.ones(n), at / n, *season])
    logs = np.log(made.to_numpy(float))
    inverse = np.linalg.pinv(design.T @ design)
    told = inverse @ design.T @ logs
    spare = n - design.shape[1]
    covered = WIDER**2 * inverse @ _together(design * (logs - design @ told)[:, None]) @ inverse * n / spare
    per_money = np.array([float(made.tail(RECENT).mean()) / (_unit(money[name]) + recent[name]) for name in names])
    size = len(names)
    marginal, cover = told[:size] * per_money, covered[:size, :size] * np.outer(per_money, per_money)
    wide = float(stats.t.ppf(0.5 + level / 2, spare))
    found = {name: _interval(marginal[i], wide * np.sqrt(cover[i, i]), n) for i, name in enumerate(names)}
    return found, _moved(names, marginal, cover, spare, n)


def _moved(
    names: list[str], marginal: np.ndarray, cover: np.ndarray, spare: int, n: int
) -> tuple[tuple[str, str] | None, Interval | None]:
    if len(names) < 2:
        return None, None
    pairs = len(names) * (len(names) - 1) / 2
    best, worst = int(marginal.argmax()), int(marginal.argmin())
    gap = float(marginal[best] - marginal[worst])
    error = float(np.sqrt(max(cover[best, best] + cover[worst, worst] - 2 * cover[best, worst], 0.0)))
    told = _interval(gap, float(stats.t.isf((1 - SURE) / 2 / pairs, spare)) * error, n)
    return ((names[worst], names[best]) if told.ci_lower > 0 else None), told


def _interval(centre: float, half: float, n: int) -> Interval:
    return Interval(float(centre), float(centre - half), float(centre + half), n)


def _together(scores: np.ndarray) -> np.ndarray:
    """Return the sum of products of *scores*, those of neighbouring weeks weighing less the further apart (Bartlett)."""
    total = scores.T @ scores
    for lag in range(1, LAGS + 1):
        apart = scores[lag:].T @ scores[:-lag]
        total += (1 - lag / (LAGS + 1)) * (apart + apart.T)
    return np.asarray(total)
