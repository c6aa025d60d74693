"""Moments of a table in the engine that holds it: one aggregation, and no row leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from fanops_utils.data.warehouse.asking.quantiles import quantiles
from fanops_utils.errors import DataError
from fanops_utils.experiments.moments.frames import names_of, tidy
from fanops_utils.experiments.moments.measure import SHARES, Measure, as_measures
from fanops_utils.experiments.moments.sums import GROUP, group_keys, quick_moments
from fanops_utils.text import Message, say
from fanops_utils.workspace.registers.experiment_metric import Kind

TERMS = "m{}_{}"


def from_table(
    units: ibis.Table,
    *,
    metrics: Mapping[str, Kind] | Iterable[Measure],
    variant: str = "variant",
    by: Sequence[str] = (),
    cluster: str | None = None,
) -> pd.DataFrame:
    """Return what `moments.from_frame` returns of the same rows, aggregated by the engine that holds *units*.

    Raises DataError as `from_frame` does; null and NaN are both missing.
    """
    measures = as_measures(metrics)
    grouping = (*by, variant, *([cluster] if cluster else []))
    for name in (*grouping, *(name for one in measures for name in one.columns)):
        if name not in units.columns:
            raise DataError(say("the table has no such column"), value=name, choices=units.columns)
    named = {GROUP.format(place): name for place, name in enumerate(by)}
    if not cluster and (quick := quick_moments(units, measures, by=by, variant=variant)) is not None:
        return quick
    keys = group_keys(units, by, variant)
    rows, checks = prepared(units, measures, keys, cluster)
    if cluster:
        rows = _clustered(rows, measures, list(keys))
    found = rows.group_by(list(keys)).aggregate(
        **_aggregates(rows, measures, clustered=bool(cluster)), **{name: rows[name].sum() for name in checks}
    )
    frame = found.order_by(list(keys)).to_pandas()
    _refuse(frame, measures, cluster)
    parts = [_part(frame, place, one, clustered=bool(cluster)) for place, one in enumerate(measures)]
    moments = pd.concat(parts, ignore_index=True).rename(columns=named)
    return tidy(moments.assign(variant=moments["variant"].astype(str)), by=by)


def _number(column: Any) -> Any:
    """Return *column* as a float that is null where it is missing, NaN or infinite."""
    value = column.cast("float64")
    if not column.type().is_floating():
        return value
    return ibis.ifelse(column.isnan() | column.isinf(), ibis.null("float64"), value)


def prepared(
    units: ibis.Table, measures: Sequence[Measure], keys: Mapping[str, Any], cluster: str | None
) -> tuple[ibis.Table, list[str]]:
    """Return the keys, the terms of each measure and 0/1 columns that count what must not be."""
    terms: dict[str, Any] = {}
    checks: dict[str, Any] = {}
    for place, one in enumerate(measures):
        outcome = _number(units[one.column])
        checks |= _faults(units, one, place)
        if one.winsorise:
            bounds = quantiles(units, outcome, low=1 - one.winsorise, high=one.winsorise)
            low, high = (bounds.select(name).as_scalar() for name in ("low", "high"))
            outcome = ibis.ifelse(outcome.isnull(), outcome, outcome.clip(low, high))
        base = _number(units[one.denominator]) if one.denominator else None
        if base is not None:
            outcome = ibis.ifelse(base.isnull(), ibis.null("float64"), outcome)
        known = outcome.notnull()
        terms[TERMS.format(place, 0)] = outcome
        if base is not None:
            terms[TERMS.format(place, 1)] = ibis.ifelse(known, base, ibis.null("float64"))
        for number, name in enumerate(one.covariates, start=2):
            value = _number(units[name])
            filled = value.fill_null(value.mean().as_scalar()).fill_null(0.0)
            terms[TERMS.format(place, number)] = ibis.ifelse(known, filled, ibis.null("float64"))
    group = {"cluster": units[cluster]} if cluster else {}
    whose = {"no_variant": keys["variant"].isnull().cast("int64")}
    whose |= {"no_cluster": units[cluster].isnull().cast("int64")} if cluster else {}
    return units.select(**keys, **group, **terms, **checks, **whose), [*checks, *whose]


def _faults(units: ibis.Table, measure: Measure, place: int) -> dict[str, Any]:
    """Return one column per measure that is 1 where a value is infinite or not of its kind."""
    columns = [units[name] for name in measure.columns]
    bad = [column.isinf() for column in columns if column.type().is_floating()]
    outcome = columns[0]
    if measure.kind in SHARES and not outcome.type().is_boolean():
        bad.append(_number(outcome).notin([0.0, 1.0]))
    if measure.kind == "count":
        bad.append(outcome < 0)
    if measure.denominator:
        bad.append(columns[1] < 0)
    if not bad:
        return {}
    found = bad[0].fill_null(False)
    for one in bad[1:]:
        found = found | one.fill_null(False)
    return {f"bad_{place}": found.cast("int64")}


def _clustered(rows: ibis.Table, measures: Sequence[Measure], keys: list[str]) -> ibis.Table:
    """Return one row per cluster and arm: its own mean of each term, units with and without an outcome."""
    totals: dict[str, Any] = {}
    for place, one in enumerate(measures):
        outcome = rows[TERMS.format(place, 0)]
        totals[f"units_{place}"], totals[f"missing_{place}"] = outcome.count(), outcome.isnull().sum()
        size = outcome.count().cast("float64").nullif(0)
        base = rows[TERMS.format(place, 1)].sum().nullif(0) if one.denominator else size
        totals[TERMS.format(place, 0)] = outcome.sum() / base
        for number in range(2, 2 + len(one.covariates)):
            total = rows[TERMS.format(place, number)].sum()
            totals[TERMS.format(place, number)] = ibis.ifelse(base.isnull(), ibis.null("float64"), total / size)
    checks = {name: rows[name].sum() for name in rows.columns if name.startswith(("bad_", "no_"))}
    return rows.group_by([*keys, "cluster"]).aggregate(**totals, **checks)


def _aggregates(rows: ibis.Table, measures: Sequence[Measure], *, clustered: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, one in enumerate(measures):
        outcome = rows[TERMS.format(place, 0)]
        found[f"n_{place}"] = outcome.count()
        found[f"units_{place}"] = rows[f"units_{place}"].sum() if clustered else outcome.count()
        found[f"missing_{place}"] = rows[f"missing_{place}"].sum() if clustered else outcome.isnull().sum()
        for number in _terms(one, clustered=clustered):
            found[f"mean_{place}_{number}"] = rows[TERMS.format(place, number)].mean()
        for _, left, right in _pairs(one, clustered=clustered):
            a, b = rows[TERMS.format(place, left)], rows[TERMS.format(place, right)]
            if not (one.kind in SHARES and left == right == 0 and not clustered):  # p (1 - p) says it
                found[f"cov_{place}_{left}_{right}"] = a.var(how="sample") if left == right else a.cov(b, how="sample")
    return found


def _terms(measure: Measure, *, clustered: bool) -> list[int]:
    base = [1] if measure.denominator and not clustered else []
    return [0, *base, *range(2, 2 + len(measure.covariates))]


def _pairs(measure: Measure, *, clustered: bool) -> list[tuple[str, int, int]]:
    kept = _terms(measure, clustered=clustered)
    return [pair for pair in names_of(measure) if pair[1] in kept and pair[2] in kept]


def _refuse(frame: pd.DataFrame, measures: Sequence[Measure], cluster: str | None) -> None:
    for name, column in (("no_variant", "variant"), ("no_cluster", cluster)):
        if name in frame.columns and frame[name].sum():
            raise DataError(
                say("{n} units have no {column}", n=int(frame[name].sum()), column=str(column)), column=column
            )
    for place, one in enumerate(measures):
        count = int(frame[f"bad_{place}"].sum()) if f"bad_{place}" in frame.columns else 0
        if count:
            raise DataError(_wrong(one.kind, count), column=one.column)


def _wrong(kind: str, n: int) -> Message:
    match kind:
        case "conversion":
            return say("{n} units: the conversion is neither 0 nor 1", n=n)
        case "retention":
            return say("{n} units: the retention is neither 0 nor 1", n=n)
        case "count":
            return say("{n} units: the count is negative or infinite", n=n)
        case "ratio":
            return say("{n} units: the ratio is infinite, or its denominator negative", n=n)
        case _:
            return say("{n} units: the {kind} is infinite", n=n, kind=kind)


def _part(frame: pd.DataFrame, place: int, measure: Measure, *, clustered: bool) -> pd.DataFrame:
    keys = [name for name in frame.columns if name == "variant" or name.startswith("group_")]
    n = frame[f"n_{place}"].astype("int64")
    part = frame[keys].assign(
        metric=measure.name, kind=measure.kind, n=n, units=frame[f"units_{place}"].astype("int64"),
        missing=frame[f"missing_{place}"].astype("int64"), clustered=clustered,
    )  # fmt: skip
    names = {0: "mean", 1: "den_mean"} | {k: f"mean[{x}]" for k, x in enumerate(measure.covariates, start=2)}
    for number in _terms(measure, clustered=clustered):
        part[names[number]] = frame[f"mean_{place}_{number}"].astype("float64")
    for name, left, right in _pairs(measure, clustered=clustered):
        column = f"cov_{place}_{left}_{right}"
        values = frame[column].astype("float64") if column in frame.columns else _binary(part["mean"], n)
        part[name] = values.where(n > 1)
    return part


def _binary(mean: pd.Series, n: pd.Series) -> pd.Series:
    return mean * (1 - mean) * n / (n - 1).where(n > 1, np.nan)
