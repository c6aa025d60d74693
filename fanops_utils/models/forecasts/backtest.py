"""How forecasts like this one came out on the series' own past, beside last year's week and no change at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.models.forecasts.drift import FEWEST_WEEKS, LEVEL_WEEKS, SEASON, forecast

LOSSES = (0.1, 0.25, 0.5, 0.75, 0.9)
FEWEST_ORIGINS = 4


@dataclass(frozen=True)
class Backtest:
    """`origins` past forecasts: mean loss of ours and of the naive one (log scale), and how many fell into our 90 %.

    `naive`: seasonal (the value 52 weeks before) or last (no change), `better`: whether ours lost less. `error`,
    `naive_error`, `flat_error`: mean distance (log scale) from what came of our middle, of the naive one and of no change
    at all; `scaled`, `against_flat`: ours over theirs, below 1 where ours is nearer (NaN where they never err).
    """

    origins: int
    loss: float
    naive_loss: float
    covered: float
    naive: str
    error: float = float("nan")
    naive_error: float = float("nan")
    flat_error: float = float("nan")

    @property
    def scaled(self) -> float:
        return self.error / self.naive_error if self.naive_error > 0 else float("nan")

    @property
    def against_flat(self) -> float:
        return self.error / self.flat_error if self.flat_error > 0 else float("nan")

    @property
    def better(self) -> bool:
        return self.loss < self.naive_loss


def backtest(weeks: np.ndarray, *, ahead: int, stock: bool = False, step: int = 2) -> Backtest | None:
    """Return how forecasts *ahead* weeks away came out at every *step*-th week of the past; None below four of them.

    Origins overlap: their number says more than it is worth.
    """
    logs, rows = np.log(np.asarray(weeks, dtype=float)), []
    seasonal = len(weeks) >= SEASON + ahead + FEWEST_WEEKS
    first = max(FEWEST_WEEKS, ahead, SEASON if seasonal else 0)
    for origin in range(first, len(weeks) - ahead + 1, step):
        seen = float(logs[origin + ahead - 1] if stock else logs[origin + ahead - LEVEL_WEEKS : origin + ahead].mean())
        if not stock and ahead < LEVEL_WEEKS:
            seen = float(logs[origin : origin + ahead].mean())
        told = forecast(np.exp(logs[:origin]), ahead=ahead, stock=stock)
        steps = np.diff(logs[:origin])
        spread = float(steps.std()) * np.sqrt(ahead)
        centre = logs[origin + ahead - 1 - SEASON] if seasonal and ahead <= SEASON else logs[origin - 1]
        ours = [np.log(told.quantile(part)) for part in LOSSES]
        naive = [centre + spread * float(stats.norm.ppf(part)) for part in LOSSES]
        low, high = np.log(told.quantile(0.05)), np.log(told.quantile(0.95))
        flat = logs[origin - 1] if stock else logs[origin - LEVEL_WEEKS : origin].mean()
        apart = abs(seen - np.log(told.quantile(0.5))), abs(seen - centre), abs(seen - flat)
        rows.append((_loss(seen, ours), _loss(seen, naive), low <= seen <= high, *apart))
    if len(rows) < FEWEST_ORIGINS:
        return None
    table = pd.DataFrame(rows, columns=["loss", "naive", "inside", "error", "naive_error", "flat_error"])
    return Backtest(len(table), float(table["loss"].mean()), float(table["naive"].mean()), float(table["inside"].mean()),
                    "seasonal" if seasonal and ahead <= SEASON else "last",
                    *(float(table[name].mean()) for name in ("error", "naive_error", "flat_error")))  # fmt: skip


def _loss(seen: float, quantiles: list[float]) -> float:
    """Return the pinball loss over the quantiles."""
    return float(np.mean([max(part * (seen - at), (part - 1) * (seen - at))
                          for part, at in zip(LOSSES, quantiles, strict=True)]))  # fmt: skip
