"""Moments of a table from plain sums: the quick way, taken only where it gives the same digits.

Sums of squares are three times as fast as running variances, and lose digits where a mean is large against its
spread; a missing value would need a mask on every column of its measure. Both are seen in the sums themselves: then
nothing is returned and the careful way is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from operator import add, or_
from typing import Any

import ibis
import numpy as np
import pandas as pd
from ibis.expr import operations as ops

from fanops_utils.experiments.moments.frames import UNKNOWN, names_of, tidy
from fanops_utils.experiments.moments.measure import SHARES, Measure

GROUP = "group_{}"
HELD_ELSEWHERE = (ops.InMemoryTable, ops.SQLQueryResult, ops.Impure)  # Ibis has to bring these along
KEEPS_DIGITS = 1e3  # squared mean over variance: three of sixteen digits may go before 1e-9 is in danger
FOR_ONES = "ones"  # a denominator that is not there


def quick_moments(
    units: ibis.Table, measures: Sequence[Measure], *, by: Sequence[str], variant: str
) -> pd.DataFrame | None:
    """Return the moments of *measures* in each arm and cell of *by*, tidy, or None where sums would not do.

    They would not where a value is missing, NaN, infinite or not of its kind, where a key is null, or where a mean is
    large against its spread.
    """
    if any(one.winsorise for one in measures):
        return None
    names, rows = _answer(units, tuple(measures), tuple(by), variant)
    width = len(by) + 1
    labels = sorted(row[:width] for row in rows) if all(None not in row[:width] for row in rows) else []
    if not labels:
        return None
    values = np.array([row[width:] for row in sorted(rows, key=lambda row: row[:width])], dtype=float)  # None is NaN
    sums = dict(zip(names[width:], values.T, strict=True))
    if (sums["complete"] != sums["rows"]).any() or sums.get("faults", np.zeros(1)).any():
        return None
    parts = [_part(sums, one) for one in measures]
    if any(part is None for part in parts):
        return None
    cells = {name: [str(row[place]) for row in labels] * len(parts) for place, name in enumerate((*by, "variant"))}
    return tidy(cells | _stacked([part for part in parts if part], len(labels)), by=by)


def group_keys(units: ibis.Table, by: Sequence[str], variant: str) -> dict[str, Any]:
    """Return the keys of a cell: each column of *by* as labels, named by its place, and the arm as `variant`."""
    return {GROUP.format(place): _label(units[name]) for place, name in enumerate(by)} | {"variant": units[variant]}


def _label(column: Any) -> Any:
    dated = column.type().is_timestamp() or column.type().is_date()
    return (column.strftime("%Y-%m-%d") if dated else column.cast("string")).fill_null(UNKNOWN)


def _answer(
    units: ibis.Table, measures: tuple[Measure, ...], by: tuple[str, ...], variant: str
) -> tuple[tuple[str, ...], list[tuple]]:
    """Return the names and the rows of the sums.

    By DuckDB's own cursor, with a text that is written once for tables of one name and layout: writing it again and
    fetching through Arrow cost as much as summing half a million rows.
    """
    backend = units.get_backend()
    if backend.name != "duckdb" or units.op().find(HELD_ELSEWHERE):
        found = _asked(units, measures, by, variant).to_pyarrow()
        return tuple(found.column_names), list(zip(*found.to_pydict().values(), strict=True))
    names, text = _text(units.unbind().op(), measures, by, variant)
    return names, backend.raw_sql(text).fetchall()


@lru_cache(maxsize=64)
def _text(
    units: ops.Relation, measures: tuple[Measure, ...], by: tuple[str, ...], variant: str
) -> tuple[tuple[str, ...], str]:
    """Return names and DuckDB text of the sums of *units*, which are unbound: the cache holds no connection."""
    asked = _asked(units.to_expr(), measures, by, variant)
    return asked.columns, str(ibis.to_sql(asked, dialect="duckdb", pretty=False))


def _asked(units: ibis.Table, measures: Sequence[Measure], by: Sequence[str], variant: str) -> ibis.Table:
    keys = [value.name(name) for name, value in group_keys(units, by, variant).items()]
    return units.aggregate(by=keys, **_wanted(units, measures))


def _wanted(units: ibis.Table, measures: Sequence[Measure]) -> dict[str, Any]:
    """Return the sums to take, by name, each once however many measures want it.

    `complete` counts the rows that lack nothing, `faults` those with a value that is not of its kind.
    """
    column = {name: units[name] for one in measures for name in one.columns}
    values = {name: _summable(one) for name, one in column.items()}
    wanted: dict[str, Any] = {"rows": units.count(), "complete": reduce(add, values.values()).count()}
    wanted |= {f"sum {name}": value.sum() for name, value in values.items()}
    faults = []
    for one in measures:
        if one.denominator is not None:
            faults.append(column[one.denominator] < 0)
        if one.kind == "count":
            faults.append(column[one.column] < 0)
        if one.kind in SHARES and not column[one.column].type().is_boolean():
            faults.append((column[one.column] != 0) & (column[one.column] != 1))
        for _, left, right in _pairs(one):
            a, b = _term(one, left), _term(one, right)
            if _product(a, b) not in wanted:
                wanted[_product(a, b)] = _times(values[a], values[b]).sum()
    return wanted | ({"faults": reduce(or_, faults).sum()} if faults else {})


def _summable(column: Any) -> Any:
    """Return *column* as a number whose sum cannot overflow: small whole numbers as they are, others as floats."""
    small = column.type().is_integer() and column.type().nbytes <= 4
    return column if small or column.type().is_float64() else column.cast("float64")


def _times(left: Any, right: Any) -> Any:
    """Return a product that cannot overflow: of two small whole numbers an exact one."""
    return (left.cast("int64") if left.type().is_integer() and right.type().is_integer() else left) * right


def _term(measure: Measure, place: int) -> str:
    return (measure.column, measure.denominator or FOR_ONES, *measure.covariates)[place]


def _product(left: str, right: str) -> str:
    return "product " + " × ".join(sorted((left, right)))


def _pairs(measure: Measure) -> list[tuple[str, int, int]]:
    """Return the covariances to take; the variance of a share follows from its mean."""
    pairs = [pair for pair in names_of(measure) if FOR_ONES not in (_term(measure, pair[1]), _term(measure, pair[2]))]
    return [pair for pair in pairs if not (measure.kind in SHARES and pair[1:] == (0, 0))]


def _part(sums: Mapping[str, np.ndarray], measure: Measure) -> dict[str, Any] | None:
    """Return the moments of one measure, an array over cells each; None where the sums do not give them."""
    n = sums["rows"]
    mean = {name: sums[f"sum {name}"] / n for name in measure.columns}
    part: dict[str, Any] = {"mean": mean[measure.column]}
    if measure.denominator is not None:
        part["den_mean"] = mean[measure.denominator]
    part |= {f"mean[{name}]": mean[name] for name in measure.covariates}
    freedom, several = np.where(n > 1, n - 1, np.nan), n > 1
    for name, left, right in _pairs(measure):
        a, b = mean[_term(measure, left)], mean[_term(measure, right)]
        part[name] = (sums[_product(_term(measure, left), _term(measure, right))] - n * a * b) / freedom
        if left == right and not (a[several] ** 2 <= KEEPS_DIGITS * part[name][several]).all():
            return None
    if measure.kind in SHARES:
        part["var"] = part["mean"] * (1 - part["mean"]) * n / freedom
    if not all(np.isfinite(values[several]).all() for values in part.values()):
        return None
    size = n.astype("int64")
    named = {"metric": measure.name, "kind": measure.kind, "n": size, "units": size, "missing": 0 * size}
    return named | part | {"clustered": False}


def _stacked(parts: Sequence[Mapping[str, Any]], cells: int) -> dict[str, np.ndarray]:
    names = dict.fromkeys(name for part in parts for name in part)
    nothing = np.full(cells, np.nan)
    return {name: np.concatenate([np.broadcast_to(part.get(name, nothing), cells) for part in parts]) for name in names}
