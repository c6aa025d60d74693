"""Always-valid inference: intervals that hold at every look together, however many there are and whenever they stop.

A mixture over effects of a likelihood ratio stays below 1 / alpha for ever with probability 1 - alpha. The price is
width: about half the power of one planned look. Sources: Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize, special


def tuning(best_at: float, *, alpha: float = 0.05) -> float:
    """Return the mixture's variance that makes the bound tightest at intrinsic time *best_at*.

    >>> round(tuning(100), 5)
    12.60056
    """
    odds = 2 * np.log(1 / alpha)
    return float(best_at / (odds + np.log1p(odds)))


def mixture_bound(time: Any, *, best_at: float, alpha: float = 0.05) -> Any:
    """Return how far a sum with variance *time* may stray at any time with probability *alpha*.

    >>> round(float(mixture_bound(100.0, best_at=100)), 5)
    30.35209
    """
    rho = tuning(best_at, alpha=alpha)
    return np.sqrt((time + rho) * (np.log1p(np.asarray(time) / rho) + 2 * np.log(1 / alpha)))


def log_mixture(total: Any, time: Any, *, best_at: float, alpha: float = 0.05) -> Any:
    """Return the logarithm of the normal mixture at a sum *total* with variance *time*."""
    rho = tuning(best_at, alpha=alpha)
    return np.log(rho / (np.asarray(time) + rho)) / 2 + np.asarray(total) ** 2 / (2 * (np.asarray(time) + rho))


def critical(fraction: Any, *, alpha: float = 0.05) -> Any:
    """Return the value |z| must exceed when *fraction* of the planned information is in; tightest at all of it."""
    return mixture_bound(fraction, best_at=1.0, alpha=alpha) / np.sqrt(fraction)


def always_p(z: Any, fraction: Any, *, alpha: float = 0.05) -> Any:
    """Return the always-valid p-value of *z* at *fraction*: below alpha exactly where `critical` is exceeded."""
    mixture = log_mixture(np.asarray(z) * np.sqrt(fraction), fraction, best_at=1.0, alpha=alpha)
    return np.minimum(np.exp(-mixture), 1.0)


def share_interval(hits: int, n: int, *, best_at: float = 100.0, alpha: float = 0.05) -> tuple[float, float]:
    """Return the interval of a share that holds at every n together (beta-binomial mixture).

    *best_at* is the n at which it is tightest.
    """
    weight = max(tuning(best_at, alpha=alpha) - 1, 1e-3)

    def excess(share: float) -> float:
        a, b = weight * share, weight * (1 - share)
        mixture = special.betaln(hits + a, n - hits + b) - special.betaln(a, b)
        return float(mixture - hits * np.log(share) - (n - hits) * np.log1p(-share) - np.log(1 / alpha))

    edge = 1e-12
    seen = min(max(hits / n, edge), 1 - edge)
    low = optimize.brentq(excess, edge, seen) if hits and excess(edge) > 0 else 0.0
    high = optimize.brentq(excess, seen, 1 - edge) if hits < n and excess(1 - edge) > 0 else 1.0
    return float(low), float(high)
