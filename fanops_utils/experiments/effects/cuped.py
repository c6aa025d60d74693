"""CUPED: what was known of the units before the test is taken out of the outcome, by one regression for all arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from fanops_utils.experiments.effects.arms import Arm


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Arms after adjustment: `theta` per covariate, pooled over all arms, and the share of variance it took away."""

    arms: dict[str, Arm]
    theta: np.ndarray
    variance_cut: float


def cuped(arms: Mapping[str, Arm]) -> Adjusted:
    """Return *arms* of one metric with their estimates and variances adjusted for their covariates.

    theta solves the pooled within-arm normal equations, so two arms give the estimate of the regression of outcome on
    arm and covariates; means are adjusted to the mean of all units. A covariate that does not vary takes nothing.
    Sources: Deng, Xu, Kohavi, Walker 2013; Lin 2013.
    """
    weights = np.array([arm.n - 1 for arm in arms.values()], dtype=float)
    usable = [place for place, arm in enumerate(arms.values()) if arm.n > 1]
    listed = list(arms.values())
    if not usable:
        return Adjusted(dict(arms), np.zeros(listed[0].x_mean.size), 0.0)
    x_var = sum(weights[place] * listed[place].x_var for place in usable)
    x_cov = sum(weights[place] * listed[place].x_cov for place in usable)
    theta = _solved(np.atleast_2d(x_var), np.atleast_1d(x_cov))
    sizes = np.array([arm.n for arm in listed], dtype=float)
    known = sizes > 0
    centre = np.average([listed[place].x_mean for place in np.flatnonzero(known)], axis=0, weights=sizes[known])
    adjusted = {name: _adjusted(arm, theta, centre) for name, arm in arms.items()}
    before = sum(weights[place] * listed[place].variance for place in usable)
    after = sum(weights[place] * list(adjusted.values())[place].variance for place in usable)
    return Adjusted(adjusted, theta, float(1 - after / before) if before > 0 else 0.0)


def _solved(x_var: np.ndarray, x_cov: np.ndarray) -> np.ndarray:
    if x_cov.size == 1:  # the usual case, without the cost of a decomposition
        return x_cov / x_var[0] if x_var[0, 0] > 0 else np.zeros(1)
    return np.linalg.pinv(x_var, rcond=1e-12, hermitian=True) @ x_cov


def _adjusted(arm: Arm, theta: np.ndarray, centre: np.ndarray) -> Arm:
    if arm.n < 2:
        return arm
    variance = arm.variance - 2 * theta @ arm.x_cov + theta @ arm.x_var @ theta
    return replace(arm, mean=float(arm.mean - theta @ (arm.x_mean - centre)), variance=max(float(variance), 0.0))
