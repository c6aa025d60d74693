"""Moments: the only table the tests read, one row per variant and metric; no unit leaves with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers

Kind = Literal["conversion", "mean"]
COLUMNS = ("variant", "metric", "kind", "n", "missing", "mean", "var")


def from_frame(units: pd.DataFrame, *, variant: str = "variant", metrics: Mapping[str, Kind]) -> pd.DataFrame:
    """Return n, missing, mean and variance (ddof 1) of each metric in each arm of *units*, one row per unit.

    Columns: *variant* and the names in *metrics*, which give each metric's kind. Missing outcomes are counted, never
    part of n. The variance is computed around the mean, so large values keep their digits. Returned columns: variant,
    metric, kind, n, missing, mean, var; NaN where n is too small. Raises DataError for an absent column, a unit
    without variant, or a conversion that is neither 0 nor 1.

    >>> units = pd.DataFrame({"variant": ["a", "a", "b", "b"], "opened": [1, 0, 1, None]})
    >>> from_frame(units, metrics={"opened": "conversion"})[["variant", "n", "missing", "mean"]].values.tolist()
    [['a', 2, 0, 0.5], ['b', 1, 1, 1.0]]
    """
    need(units, variant, *metrics)
    if units[variant].isna().any():
        raise DataError(f"{int(units[variant].isna().sum())} units have no variant", column=variant)
    code, names = pd.factorize(units[variant], sort=True)
    parts = []
    for name, kind in metrics.items():
        values = numbers(units[name])
        if kind == "conversion" and (bad := values[~np.isnan(values) & (values != 0) & (values != 1)]).size:
            raise DataError("a conversion is 0 or 1", column=name, value=bad[0])
        table = _moments(code, values, len(names))
        parts.append(table.assign(variant=[str(label) for label in names], metric=name, kind=kind))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def from_counts(counts: Mapping[str, tuple[int, int]], *, metric: str) -> pd.DataFrame:
    """Return the moments of a conversion *metric* from (conversions, units) per variant.

    >>> from_counts({"a": (5, 83), "b": (12, 99)}, metric="opened")["n"].tolist()
    [83, 99]
    """
    rows = []
    for variant, (hits, n) in counts.items():
        if not 0 <= hits <= n or n == 0:
            raise DataError(f"arm {variant}: {hits} conversions of {n} units", column=metric)
        mean = hits / n
        rows.append((variant, metric, "conversion", n, 0, mean, mean * (1 - mean) * n / (n - 1) if n > 1 else np.nan))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _moments(code: np.ndarray, values: np.ndarray, arms: int) -> pd.DataFrame:
    known = ~np.isnan(values)
    arm, seen = code[known], values[known]
    n = np.bincount(arm, minlength=arms)
    total = np.bincount(arm, weights=seen, minlength=arms)
    mean = np.divide(total, n, out=np.full(arms, np.nan), where=n > 0)
    square = np.bincount(arm, weights=(seen - mean[arm]) ** 2, minlength=arms)
    var = np.divide(square, n - 1, out=np.full(arms, np.nan), where=n > 1)
    missing = np.bincount(code[~known], minlength=arms)
    return pd.DataFrame({"n": n, "missing": missing, "mean": mean, "var": var})
