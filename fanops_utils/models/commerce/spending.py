"""How much customers spend per order: the gamma-gamma model. Source: Fader, Hardie and Lee 2005; Fader and Hardie 2013."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import gammaln

from fanops_utils.metrics.columns import need
from fanops_utils.models.commerce.buying import HIGH, LEAST_REPEATERS, LOW, NoStableFit, TooFewBuyers

TIED = 0.3  # correlation of how often and how much above which the model's assumption is doubtful


@dataclass(frozen=True)
class SpendingModel:
    """Gamma-gamma (p, q, gamma): `mean` is the population's value per order, `tie` its correlation with frequency."""

    p: float
    q: float
    gamma: float
    tie: float
    repeaters: int

    @property
    def mean(self) -> float:
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("nan")

    @property
    def tied(self) -> bool:
        """Whether frequent buyers spend so differently per order that the two models may not be multiplied."""
        return abs(self.tie) > TIED

    def expected(self, history: pd.DataFrame) -> np.ndarray:
        """Return the value per order expected of each customer of *history* (x, value; no repeat: the population's)."""
        x, value = history["x"].to_numpy(float), np.nan_to_num(history["value"].to_numpy(float))
        return self.p * (self.gamma + x * value) / (self.p * x + self.q - 1)


def fit_spending(history: pd.DataFrame, *, guarded: bool = True) -> SpendingModel | TooFewBuyers | NoStableFit:
    """Return the gamma-gamma model of *history*: x (repeat orders), value (mean of these); who has none is left out."""
    need(history, "x", "value")
    kept = history[(history["x"] > 0) & (history["value"] > 0)]
    if len(kept) < (LEAST_REPEATERS if guarded else 2):
        return TooFewBuyers(customers=len(history), repeaters=len(kept))
    x, value = kept["x"].to_numpy(float), kept["value"].to_numpy(float)
    scale = float(value.mean())
    unit = value / scale

    def loss(logs: np.ndarray) -> float:
        p, q, gamma = np.exp(logs)
        rows = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
        rows += (p * x - 1) * np.log(unit) + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * unit)
        return -float(rows.mean())

    starts = np.log(np.array([[6, 4, 0.5], [2, 3, 1], [1, 1.5, 1]]))
    bounds = [(LOW, HIGH)] * 3
    found = min(
        (optimize.minimize(loss, start, method="L-BFGS-B", bounds=bounds) for start in starts), key=lambda one: one.fun
    )
    for name, log in zip(("p", "q", "gamma"), found.x, strict=True):
        if log <= LOW + 0.01 or log >= HIGH - 0.01:
            return NoStableFit(name)
    p, q, gamma = np.exp(found.x)
    tie = float(np.corrcoef(x, value)[0, 1]) if x.std() > 0 and value.std() > 0 else 0.0
    return SpendingModel(float(p), float(q), float(gamma * scale), tie, len(kept))
