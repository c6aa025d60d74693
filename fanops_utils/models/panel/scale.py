"""The scale an outcome is compared on, chosen by a rule; the result carries the numbers the rule read.

Totals that are never zero: logs, so that an effect is a ratio. Counts with a rare zero: log(1 + x). Counts with many
zeros or few units a day: the ratio of the pooled totals of a period (a Poisson regression with market and period
effects gives the same), for log(1 + x) of small counts is no ratio. Rates: the plain difference, in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import Sayable, say

Scale = Literal["log", "log1p", "ratio", "difference"]
Outcome = Literal["total", "count", "rate"]
Zeros = Literal["refuse", "log1p"]
OUTCOMES: tuple[Outcome, ...] = ("total", "count", "rate")
RARE_ZEROS, LARGE_COUNT = 0.05, 20


@dataclass(frozen=True)
class ScaleChoice:
    """The scale, and what chose it: the share of market days at zero, and the smallest market's median a day."""

    scale: Scale
    zeros: float = 0.0
    smallest: float = float("nan")


LOG = ScaleChoice("log")


def choose_scale(values: pd.DataFrame, *, outcome: Outcome = "total", zeros: Zeros = "refuse") -> ScaleChoice:
    """Return the scale for *values* (days x markets) of an *outcome*.

    total: logs; a zero is refused unless *zeros* is "log1p". count: logs without any zero, log(1 + x) where at most
    5 % of the market days are zero and the smallest market's median is 20 or more, else the ratio of totals. rate:
    the difference. Raises DataError for a negative number, a zero among totals, or a rate outside 0-1.

    >>> choose_scale(pd.DataFrame({"US": [0, 2, 1], "DE": [3, 0, 1]}), outcome="count").scale
    'ratio'
    """
    if outcome not in OUTCOMES:
        raise DataError(say("not a kind of outcome"), value=outcome, choices=OUTCOMES)
    if outcome == "rate":
        _refuse(values, (values < 0) | (values > 1), say("a rate is a fraction from 0 to 1"))
        return ScaleChoice("difference")
    _refuse(values, values < 0, say("a total cannot be negative"))
    array = values.to_numpy(float)
    n_zero, known = int((array == 0).sum()), int((~np.isnan(array)).sum())
    if not n_zero:
        return LOG
    if outcome == "total" and zeros == "refuse":
        hint = say('Is it missing? Leave the day out; a true zero needs outcome="count", or zeros="log1p"')
        _refuse(values, values == 0, say("no logarithm of 0"), hint=hint)
    share, smallest = n_zero / known, float(values.median().min())
    rare = outcome == "total" or (share <= RARE_ZEROS and smallest >= LARGE_COUNT)
    return ScaleChoice("log1p" if rare else "ratio", share, smallest)


def _refuse(values: pd.DataFrame, bad: pd.DataFrame, message: Sayable, *, hint: Sayable | None = None) -> None:
    rows, columns = np.nonzero(bad.to_numpy(bool))
    if rows.size:
        row, column = int(rows[0]), int(columns[0])
        day = (
            pd.Timestamp(values.index[row]).date() if isinstance(values.index, pd.DatetimeIndex) else values.index[row]
        )
        found = float(values.to_numpy(float)[row, column])
        said = say(
            "{problem}: market {market} on {day}", problem=message, market=str(values.columns[column]), day=str(day)
        )
        raise DataError(said, column="value", value=f"{found:g}", hint=hint or "")
