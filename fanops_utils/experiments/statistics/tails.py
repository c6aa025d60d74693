"""Tails of the normal and of t, for numbers and arrays, by their own functions: tiny p-values do not turn into 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


def normal_p(z: Any) -> Any:
    """Return the two-sided p-value of *z*.

    >>> bool(normal_p(20.0) > 1e-90)
    True
    """
    return 2 * special.ndtr(-np.abs(z))


def t_p(t: Any, df: Any) -> Any:
    """Return the two-sided p-value of *t* with *df* degrees of freedom; infinite df is the normal."""
    finite = np.isfinite(df)
    return np.where(finite, 2 * special.stdtr(np.where(finite, df, 1.0), -np.abs(t)), normal_p(t))


def normal_critical(alpha: Any) -> Any:
    """Return the value a standard normal exceeds, in size, with probability *alpha*."""
    return -special.ndtri(np.asarray(alpha) / 2)


def t_critical(alpha: Any, df: Any) -> Any:
    """Return the value t with *df* degrees of freedom exceeds, in size, with probability *alpha*."""
    finite = np.isfinite(df)
    return np.where(finite, -special.stdtrit(np.where(finite, df, 1.0), np.asarray(alpha) / 2), normal_critical(alpha))
