"""Weights that are positive and add up to one: the least-squares fit behind synthetic control and synthetic DiD."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from fanops_utils.errors import DataError
from fanops_utils.text import say

NEAR_ENOUGH = 1e-6


def simplex_weights(target: np.ndarray, donors: np.ndarray, *, ridge: float = 0.0) -> np.ndarray:
    """Return the weights w >= 0, sum 1, that minimise mean((target - donors w)^2) + ridge sum(w^2).

    *donors*: rows as in *target*, a column per donor. Non-negative least squares on the donors' distances to the
    target with the row 1'w = 1 below them, whose solution is the one on the simplex but for its length (Lawson and
    Hanson 1974): an active-set method that ends at the optimum. A gradient solver on raw units meets its tolerance at
    the start and returns equal weights as if they were a fit; so the result is held against the condition of an
    optimum (no donor is worth moving weight to), and DataError says where it fails.

    >>> simplex_weights(np.array([1.0, 2.0]), np.array([[0.0, 2.0], [1.0, 3.0]])).round(4).tolist()
    [0.5, 0.5]
    """
    count = donors.shape[1]
    distance = (donors - target[:, None]) / np.sqrt(len(target))
    scale = float(np.sqrt(np.sum(distance.mean(axis=1) ** 2))) or 1.0  # of equal weights: the fit to beat
    parts = [distance / scale, np.sqrt(ridge) / scale * np.eye(count)] if ridge else [distance / scale]
    rows = np.vstack([*parts, np.ones((1, count))])
    wanted = np.zeros(len(rows))
    wanted[-1] = 1.0
    weights = nnls(rows, wanted)[0]
    weights = weights / weights.sum()
    gradient = rows[:-1].T @ (rows[:-1] @ weights)
    if not np.isfinite(weights).all() or float(gradient @ weights - gradient.min()) > NEAR_ENOUGH:
        raise DataError(say("the weights of the donors did not converge: no synthetic control can be told from them"))
    return weights
