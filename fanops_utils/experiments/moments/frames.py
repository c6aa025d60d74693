"""Moments: the only table the tests read, one row per arm and metric; no unit leaves with it.

Columns: the columns grouped *by* (text), then

- variant, metric, kind
- n: independent units, that is clusters where units were assigned together; `units`: units with an outcome;
  `missing`: units without, never part of n
- mean, var (ddof 1): of the outcome, of the numerator of a ratio, or of the clusters' own means (of a ratio, their sum over
  sum): every cluster counts once
- den_mean, den_var, den_cov: of the denominator, with the outcome; NaN where there is none, as for clusters
- for each covariate x: mean[x], cov[x] with the outcome, den_cov[x] with the denominator, cov[x,z] between covariates.
  A unit without a covariate has the mean of all units: any value known beforehand keeps the comparison unbiased.
- clustered: whether n counts clusters; suppressed: whether the cell is too small to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.moments.measure import SHARES, Measure, as_measures
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment_metric import Kind

COLUMNS = (
    "variant", "metric", "kind", "n", "units", "missing", "mean", "var", "den_mean", "den_var", "den_cov", "clustered",
    "suppressed",
)  # fmt: skip
AS_THEY_ARE = ("variant", "metric", "kind", "n", "units", "missing")
FLAGS = ("clustered", "suppressed")
UNKNOWN = "not known"


def from_frame(
    units: pd.DataFrame,
    *,
    metrics: Mapping[str, Kind] | Iterable[Measure],
    variant: str = "variant",
    by: Sequence[str] = (),
    cluster: str | None = None,
) -> pd.DataFrame:
    """Return the moments of each metric in each arm (and cell of *by*) of *units*, one row per unit.

    *metrics* are measures, or the kind of each column. With *cluster*, units of one cluster and arm count as one.
    A cluster whose
    denominators add up to 0 has no ratio and is left out. Everything is computed around the mean, so large values keep
    their digits. Raises DataError for an absent column,
    a unit without variant or cluster, a conversion that is neither 0 nor 1, a negative count or denominator, or a
    value that is infinite.

    >>> units = pd.DataFrame({"variant": ["a", "a", "b", "b"], "opened": [1, 0, 1, None]})
    >>> from_frame(units, metrics={"opened": "conversion"})[["variant", "n", "missing", "mean"]].values.tolist()
    [['a', 2, 0, 0.5], ['b', 1, 1, 1.0]]
    """
    measures = as_measures(metrics)
    grouping = [name for name in (*by, variant) if name]
    need(units, *grouping, *([cluster] if cluster else []), *(name for one in measures for name in one.columns))
    for name in (variant, *([cluster] if cluster else [])):
        if units[name].isna().any():
            raise DataError(
                say("{n} units have no {column}", n=int(units[name].isna().sum()), column=name), column=name
            )
    labels = {name: units[name] if name == variant else label_text(units[name]) for name in grouping}
    keys = pd.DataFrame({name: column.astype(str).to_numpy() for name, column in labels.items()})
    grouped = keys.groupby(grouping, sort=True)
    code, cells = grouped.ngroup().to_numpy(), grouped.size().index.to_frame(index=False)
    groups = pd.factorize(units[cluster])[0] if cluster else None
    parts = [_measured(units, one, code, len(cells), groups) for one in measures]
    rows = [pd.concat([cells.rename(columns={variant: "variant"}), part], axis=1) for part in parts]
    return tidy(pd.concat(rows, ignore_index=True), by=by)


def from_counts(counts: Mapping[str, tuple[int, int]], *, metric: str, kind: Kind = "conversion") -> pd.DataFrame:
    """Return the moments of a conversion *metric* from (conversions, units) per variant.

    >>> from_counts({"a": (5, 83), "b": (12, 99)}, metric="opened")["n"].tolist()
    [83, 99]
    """
    rows = []
    for variant, (hits, n) in counts.items():
        if not 0 <= hits <= n or n == 0:
            raise DataError(
                say("arm {arm}: {hits} conversions of {n} units", arm=str(variant), hits=hits, n=n), column=metric
            )
        mean = hits / n
        var = mean * (1 - mean) * n / (n - 1) if n > 1 else np.nan
        rows.append({"variant": variant, "n": n, "units": n, "missing": 0, "mean": mean, "var": var})
    return tidy(pd.DataFrame(rows).assign(metric=metric, kind=kind, clustered=False))


def tidy(moments: pd.DataFrame | Mapping[str, Any], *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return *moments* with the module's columns in their order; what a metric does not have is NaN."""
    columns: dict[str, Any] = {}
    for name in (*by, *COLUMNS, *sorted({*moments} - {*COLUMNS, *by})):
        if name in by or name in AS_THEY_ARE:
            columns[name] = moments[name]
        elif name in FLAGS:
            columns[name] = np.asarray(moments[name], dtype=bool) if name in moments else False
        else:
            columns[name] = np.asarray(moments[name], dtype=float) if name in moments else np.nan
    return pd.DataFrame(columns, index=moments.index if isinstance(moments, pd.DataFrame) else None)


def label_text(column: pd.Series) -> pd.Series:
    """Return *column* as labels of a segment: text, days as 2026-11-22, nothing as 'not known'."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return column.astype(object).where(column.notna(), UNKNOWN).astype(str)


def cap(values: np.ndarray, share: float) -> np.ndarray:
    """Return *values* with those beyond the quantiles *share* and 1 - *share* set to them; NaN stays."""
    known = values[~np.isnan(values)]
    return np.clip(values, *np.quantile(known, [1 - share, share])) if known.size else values


def check_values(measure: Measure, values: np.ndarray, denominator: np.ndarray | None) -> None:
    """Raise DataError for a value the kind of *measure* cannot have."""
    named = [(measure.column, values)]
    if denominator is not None:
        named.append((str(measure.denominator), denominator))
    for name, column in named:
        if np.isinf(column).any():
            raise DataError(say("a value is infinite"), column=name)
    known = values[~np.isnan(values)]
    if measure.kind in SHARES and (bad := known[(known != 0) & (known != 1)]).size:
        raise DataError(say("a conversion is 0 or 1"), column=measure.column, value=bad[0])
    if measure.kind == "count" and (bad := known[known < 0]).size:
        raise DataError(say("a count is not negative"), column=measure.column, value=bad[0])
    if denominator is not None and (bad := denominator[denominator < 0]).size:
        raise DataError(say("a denominator is not negative"), column=measure.denominator, value=bad[0])


def names_of(measure: Measure) -> Iterator[tuple[str, int, int]]:
    """Yield the names of the covariances of a measure's terms (outcome 0, denominator 1, covariates 2…) and places."""
    yield "var", 0, 0
    yield "den_var", 1, 1
    yield "den_cov", 0, 1
    for place, name in enumerate(measure.covariates, start=2):
        yield f"cov[{name}]", 0, place
        yield f"den_cov[{name}]", 1, place
    numbered = list(enumerate(measure.covariates, start=2))
    for (left, one), (right, other) in combinations_with_replacement(numbered, 2):
        yield f"cov[{one},{other}]", left, right


def _measured(
    units: pd.DataFrame, measure: Measure, code: np.ndarray, cells: int, clusters: np.ndarray | None
) -> pd.DataFrame:
    values = numbers(units[measure.column])
    base = numbers(units[measure.denominator]) if measure.denominator else None
    check_values(measure, values, base)
    if measure.winsorise:
        values = cap(values, measure.winsorise)
    known = ~np.isnan(values) if base is None else ~(np.isnan(values) | np.isnan(base))
    extra = [_filled(numbers(units[name]), name)[known] for name in measure.covariates]
    terms = np.column_stack([values[known], (np.ones(len(values)) if base is None else base)[known], *extra])
    arm = code[known]
    counted = np.bincount(arm, minlength=cells)
    if clusters is not None:
        arm, terms = _cluster_means(arm, clusters[known], terms)
    n, mean, cov = _moments(arm, terms, cells)
    part = {
        "metric": measure.name, "kind": measure.kind, "n": n, "units": counted,
        "missing": np.bincount(code[~known], minlength=cells), "mean": mean[:, 0], "den_mean": mean[:, 1],
        **{f"mean[{name}]": mean[:, place] for place, name in enumerate(measure.covariates, start=2)},
        **{name: cov[:, left, right] for name, left, right in names_of(measure)},
        "clustered": clusters is not None,
    }  # fmt: skip
    if base is None or clusters is not None:
        part = {name: column for name, column in part.items() if not name.startswith("den_")}
    return pd.DataFrame(part)


def _filled(values: np.ndarray, name: str) -> np.ndarray:
    if np.isinf(values).any():
        raise DataError(say("a value is infinite"), column=name)
    gone = np.isnan(values)
    return np.where(gone, values[~gone].mean() if not gone.all() else 0.0, values) if gone.any() else values


def _cluster_means(arm: np.ndarray, cluster: np.ndarray, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return one row per cluster and arm: outcome over denominator, 1 for the denominator, covariates per unit."""
    pair, first = np.unique(np.column_stack([arm, cluster]), axis=0, return_inverse=True)
    totals = np.column_stack([np.bincount(first.ravel(), weights=column, minlength=len(pair)) for column in terms.T])
    size, kept = np.bincount(first.ravel(), minlength=len(pair)), totals[:, 1] > 0
    means = totals[kept] / size[kept, None]
    means[:, 0], means[:, 1] = totals[kept, 0] / totals[kept, 1], 1.0
    return pair[kept, 0], means


def _moments(arm: np.ndarray, terms: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = np.bincount(arm, minlength=cells)
    width = terms.shape[1]
    mean, cov = np.full((cells, width), np.nan), np.full((cells, width, width), np.nan)
    for one in range(width):
        total = np.bincount(arm, weights=terms[:, one], minlength=cells)
        np.divide(total, n, out=mean[:, one], where=n > 0)
    centred = terms - mean[arm]
    for one in range(width):
        for other in range(one, width):
            total = np.bincount(arm, weights=centred[:, one] * centred[:, other], minlength=cells)
            np.divide(total, n - 1, out=cov[:, one, other], where=n > 1)
    return n, mean, cov
