"""How many questions to expect in the next weeks, by topic, and whether the forecast has earned trust."""

from __future__ import annotations

import numpy as np
import pandas as pd

AHEAD = 4
ORIGINS = 8
LEAST_WEEKS = 16


def expected_questions(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return per topic the questions of a usual week ahead: topic, last_four, expected, lower, upper, error,
    naive_error, method, n.

    Columns of *weekly*: topic, week_start, n; every whole week, zeros included. Two forecasts are tried on the last
    eight origins, each four weeks ahead: the mean of the last four weeks (naive) and exponential smoothing of the
    level (weight .2); method is the one that erred less (mean absolute error of the sum of four weeks), level only
    where it wins. The range holds the errors of the origins around it (largest one; eight origins: some 89 %).
    Without 16 weeks a topic is left out.
    """
    rows = []
    for topic, part in weekly.groupby("topic"):
        counts = part.sort_values("week_start")["n"].to_numpy(dtype=float)
        if len(counts) < LEAST_WEEKS:
            continue
        errors: dict[str, list[float]] = {"naive": [], "level": []}
        for back in range(ORIGINS, 0, -1):
            past, then = counts[: len(counts) - AHEAD - back + 1], counts[len(counts) - AHEAD - back + 1 :][:AHEAD]
            for name, forecast in (("naive", _naive(past)), ("level", _level(past))):
                errors[name].append(float(then.mean() - forecast))
        error = {name: float(np.mean(np.abs(one))) for name, one in errors.items()}
        method = "level" if error["level"] < error["naive"] else "naive"
        ahead = _level(counts) if method == "level" else _naive(counts)
        reach = max(np.abs(errors[method]))
        rows.append(
            (
                topic,
                float(counts[-AHEAD:].mean()),
                ahead,
                max(0.0, ahead - reach),
                ahead + reach,
                error[method],
                error["naive"],
                method,
                len(counts),
            )
        )
    columns = ["topic", "last_four", "expected", "lower", "upper", "error", "naive_error", "method", "n"]
    return pd.DataFrame(rows, columns=columns).sort_values("expected", ascending=False, ignore_index=True)


def _naive(counts: np.ndarray) -> float:
    return float(counts[-AHEAD:].mean())


def _level(counts: np.ndarray, weight: float = 0.2) -> float:
    level = float(counts[:4].mean())
    for one in counts[4:]:
        level += weight * (one - level)
    return level
