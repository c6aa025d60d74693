"""Whether chances come true as often as they say: on the past of series, in ten bins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.models.forecasts.drift import FEWEST_WEEKS, LEVEL_WEEKS, forecast, refusal

AHEAD, STEP = (4, 13, 26), 4  # weeks ahead; weeks from one origin to the next
ASKED = (-0.6, -0.3, -0.15, -0.05, 0.05, 0.15, 0.3, 0.6)  # targets, as logs of today's level
BINS = 10
FEWEST = 30  # chances of a bin below which nothing is said of their truth


@dataclass(frozen=True)
class Reliability:
    """Chances told on the past: `bins` with low, high, n, said and came (means; NaN where a bin is empty).

    `gap`: mean distance of said and came over the bins that hold at least 30; `covered`: how often 90 in 100 ranges held.
    """

    n: int
    gap: float
    covered: float
    bins: pd.DataFrame


def reliability(series: Iterable[tuple[np.ndarray, bool]]) -> Reliability:
    """Return how chances on the past of *series* (weeks, whether they are a stock) came true.

    At every fourth week of each the chance is told to reach eight levels about today's, 4, 13 and 26 weeks ahead, where it is
    not refused, before it is kept within 5 and 95 in 100. Origins and levels overlap: their number says more than it is worth.
    """
    said: list[float] = []
    came: list[bool] = []
    inside: list[bool] = []
    for weeks, stock in series:
        for ahead in AHEAD:
            for origin in range(max(FEWEST_WEEKS, ahead), len(weeks) - ahead + 1, STEP):
                past, seen = weeks[:origin], _seen(weeks, origin, ahead, stock)
                if seen <= 0 or refusal(past, ahead=ahead, stock=stock):
                    continue
                told = forecast(past, ahead=ahead, stock=stock)
                inside.append(told.quantile(0.05) <= seen <= told.quantile(0.95))
                level = float(past[-1] if stock else np.exp(np.log(past[-LEVEL_WEEKS:]).mean()))
                for asked in ASKED:
                    target = level * float(np.exp(asked))
                    said.append(told.above(target))
                    came.append(bool(seen >= target))
    bins = _binned(np.array(said), np.array(came, dtype=float))
    known = bins[bins["n"] >= FEWEST]
    gap = float((known["said"] - known["came"]).abs().mean()) if len(known) else np.nan
    return Reliability(len(said), gap, float(np.mean(inside)) if inside else np.nan, bins)


def _seen(weeks: np.ndarray, origin: int, ahead: int, stock: bool) -> float:
    if stock:
        return float(weeks[origin + ahead - 1])
    part = weeks[max(origin, origin + ahead - LEVEL_WEEKS) : origin + ahead]
    return float(np.exp(np.log(part).mean())) if (part > 0).all() else 0.0


def _binned(said: np.ndarray, came: np.ndarray) -> pd.DataFrame:
    at = np.minimum((said * BINS).astype(int), BINS - 1)
    rows = [
        (one / BINS, (one + 1) / BINS, int(mine.sum()), said[mine].mean() if mine.any() else np.nan,
         came[mine].mean() if mine.any() else np.nan)
        for one in range(BINS) for mine in [at == one]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["low", "high", "n", "said", "came"])
