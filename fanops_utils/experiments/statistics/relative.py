"""Relative lift: treatment over control, less one, with an interval that holds when the control is uncertain too."""

from __future__ import annotations

from typing import Any

import numpy as np

from fanops_utils.experiments.reasons import Reason


def fieller(
    mean: Any, error: Any, base: Any, base_error: Any, *, critical: Any, covariance: Any = 0.0
) -> tuple[Any, Any, Any]:
    """Return lift, lower and upper: *mean* / *base* - 1 with Fieller's interval; NaN where it is undefined.

    *error* and *base_error* are the variances of the two means, *critical* the two-sided critical value. Undefined
    where the control's mean is not above zero, or its interval contains zero: a percentage of what may be nothing.
    Source: Fieller 1954.
    """
    mean, base = np.asarray(mean, dtype=float), np.asarray(base, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        g = critical**2 * base_error / base**2
        ratio = mean / base
        slope = 0.0
        if np.any(covariance):
            slope = np.divide(covariance, base_error, out=np.zeros_like(g), where=np.asarray(base_error) > 0)
        middle = ratio - g * slope
        inside = error * (1 - g) + ratio**2 * base_error - (2 * ratio - g * slope) * covariance
        half = critical / base * np.sqrt(np.maximum(inside, 0))
        defined = (base > 0) & (g < 1)
        bounds = [np.where(defined, (middle + sign * half) / (1 - g) - 1, np.nan) for sign in (-1, 1)]
        return np.where(defined, ratio - 1, np.nan), bounds[0], bounds[1]


def why_undefined(base: float, base_error: float, *, critical: float) -> Reason | None:
    """Return why a lift over a control of mean *base* is undefined; None where it is defined."""
    if not base > 0:
        return Reason("control_not_positive")
    return Reason("control_may_be_zero") if critical**2 * base_error / base**2 >= 1 else None


def delta_lift(mean: Any, error: Any, base: Any, base_error: Any, *, critical: Any) -> tuple[Any, Any, Any]:
    """Return lift, lower and upper by the delta method: for reference; too low for skewed small samples."""
    base = np.asarray(base, dtype=float)
    ratio = np.asarray(mean) / base
    half = critical * np.sqrt(error / base**2 + ratio**2 * base_error / base**2)
    return ratio - 1, ratio - 1 - half, ratio - 1 + half
