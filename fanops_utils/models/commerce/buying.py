"""How often customers will buy again: the BG/NBD model, fitted by maximum likelihood.

Source: Fader, Hardie and Lee 2005, "Counting your customers the easy way". It knows no season.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import gammaln, hyp2f1

from fanops_utils.metrics.columns import need
from fanops_utils.models.reasons import Reason

LEAST_CUSTOMERS, LEAST_REPEATERS, ENOUGH = 300, 100, 1000
LOW, HIGH = -7.0, 9.0  # bounds of the log parameters
LARGEST = 1000.0
NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True)
class TooFewBuyers(Reason, code="too_few_buyers"):
    """There are *customers* customers, *repeaters* of whom bought again; too few for a forecast."""

    customers: int
    repeaters: int
    least: int = LEAST_CUSTOMERS
    least_repeaters: int = LEAST_REPEATERS


@dataclass(frozen=True)
class NoStableFit(Reason, code="no_stable_fit"):
    """The parameter *name* ran to the end of its range: the data do not tell it."""

    name: str


@dataclass(frozen=True)
class BuyingModel:
    """BG/NBD: buying rates are gamma (r, alpha per week), the chance to leave after an order is beta (a, b).

    `covariance` is that of the log parameters (inverse Hessian), `penalised` whether few customers asked for a penalty.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int
    repeaters: int
    penalised: bool
    covariance: np.ndarray = field(repr=False, compare=False)

    @property
    def parameters(self) -> np.ndarray:
        return np.array([self.r, self.alpha, self.a, self.b])

    def expected(self, history: pd.DataFrame, *, weeks: float) -> np.ndarray:
        """Return the orders expected of each customer of *history* (x, t_x, T) in the next *weeks*."""
        return expected_orders(self.parameters, history, weeks=weeks)

    def alive(self, history: pd.DataFrame) -> np.ndarray:
        """Return the chance that each customer still buys; it is 1 for everyone who bought once: never rank by it."""
        x, t_x, age = (history[name].to_numpy(float) for name in ("x", "t_x", "T"))
        gone = self.a / (self.b + np.maximum(x, 1) - 1) * ((self.alpha + age) / (self.alpha + t_x)) ** (self.r + x)
        return 1 / (1 + np.where(x > 0, gone, 0.0))


def fit_buying(history: pd.DataFrame, *, guarded: bool = True) -> BuyingModel | TooFewBuyers | NoStableFit:
    """Return the BG/NBD model of *history*: x (repeat orders), t_x (weeks to the last), T (weeks since the first).

    *guarded* refuses fewer than 300 customers or 100 who bought again, and shrinks the parameters a little below 1,000.
    A parameter at the end of its range is refused in any case.
    """
    need(history, "x", "t_x", "T")
    customers, repeaters = len(history), int((history["x"] > 0).sum())
    if repeaters == 0 or (guarded and (customers < LEAST_CUSTOMERS or repeaters < LEAST_REPEATERS)):
        return TooFewBuyers(customers=customers, repeaters=repeaters)
    rows = history.groupby(["x", "t_x", "T"]).size()
    x, t_x, age = (rows.index.get_level_values(name).to_numpy(float) for name in ("x", "t_x", "T"))
    weights = rows.to_numpy(float)
    penalised = guarded and customers < ENOUGH

    def loss(logs: np.ndarray) -> float:
        value = -float(weights @ _log_likelihood(np.exp(logs), x, t_x, age))
        return (value + (2 * float(logs @ logs) if penalised else 0.0)) / customers

    rate = max(float(np.average(x, weights=weights) / np.average(age, weights=weights)), 1e-4)
    starts = np.log(np.array([[1, 1 / rate, 1, 1], [0.3, 0.3 / rate, 0.8, 2.5], [1, 1, 1, 1]]))
    bounds = [(LOW, HIGH)] * 4
    found = min(
        (optimize.minimize(loss, start, method="L-BFGS-B", bounds=bounds) for start in starts), key=lambda one: one.fun
    )
    fitted = np.exp(found.x)
    for name, log, value in zip(NAMES, found.x, fitted, strict=True):
        if log <= LOW + 0.01 or log >= HIGH - 0.01 or value > LARGEST:
            return NoStableFit(name)
    whole = float(weights @ _log_likelihood(fitted, x, t_x, age))
    spread = _inverse_hessian(lambda logs: loss(logs) * customers, found.x)
    r, alpha, a, b = (float(value) for value in fitted)
    return BuyingModel(r, alpha, a, b, whole, customers, repeaters, penalised, spread)


def expected_orders(parameters: np.ndarray, history: pd.DataFrame, *, weeks: float) -> np.ndarray:
    """Return the orders expected in the next *weeks* under *parameters* (r, alpha, a, b), a number per customer."""
    r, alpha, a, b = parameters
    a = a + 1e-6 if abs(a - 1) < 1e-6 else a
    x, t_x, age = (history[name].to_numpy(float) for name in ("x", "t_x", "T"))
    with np.errstate(over="ignore"):
        series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + age + weeks))
        left = 1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x) * series
        gone = a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
    return (a + b + x - 1) / (a - 1) * left / (1 + np.where(x > 0, gone, 0.0))


def _log_likelihood(parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
    r, alpha, a, b = parameters
    stays = -(r + x) * np.log(alpha + age)
    with np.errstate(divide="ignore"):
        leaves = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    stayed = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + stayed
    return common + np.logaddexp(stays, np.where(x > 0, leaves, -np.inf))


def _inverse_hessian(loss: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Return the covariance of log parameters: the inverse of the second differences of *loss*; NaN where it has none."""
    size = len(at)
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            e, f = np.eye(size)[i] * step, np.eye(size)[j] * step
            corners = loss(at + e + f) - loss(at + e - f) - loss(at - e + f) + loss(at - e - f)
            hessian[i, j] = hessian[j, i] = corners / (4 * step**2)
    try:
        found = np.linalg.inv(hessian)
    except np.linalg.LinAlgError:
        return np.full((size, size), np.nan)
    return found if (np.diag(found) > 0).all() else np.full((size, size), np.nan)
