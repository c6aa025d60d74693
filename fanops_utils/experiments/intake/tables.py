"""Units counted inside the engine that holds their table: no row leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ibis
import pandas as pd

from fanops_utils.experiments.intake.counts import DATED, Intake, Outcomes, families
from fanops_utils.experiments.intake.nested import nested_in_table
from fanops_utils.experiments.moments.frames import UNKNOWN
from fanops_utils.experiments.moments.measure import SHARES
from fanops_utils.workspace.registers.experiment import Experiment


def count_table(units: ibis.Table, experiment: Experiment, *, as_of: date | None = None) -> Intake:
    """Return the intake of a table with one row per unit, its columns named by `named_table`; no row leaves it."""
    whole: Mapping[str, Any] = _whole(units, experiment)
    last = whole.get("last_day")
    last_day = None if last is None or pd.isna(last) else pd.Timestamp(last).date()
    by_arm = units.group_by(variant=units.variant.cast("string").fill_null(UNKNOWN)).aggregate(
        rows=ibis._.count(), **_outcome_counts(units, experiment, as_of or last_day)
    )
    arms = by_arm.order_by("variant").to_pandas()
    known_arms = arms[arms["variant"] != UNKNOWN]
    keyed = units.filter(units.unit_key.notnull() & units.variant.notnull())
    pairs = keyed.group_by("unit_key").aggregate(rows=ibis._.count(), arms=keyed.variant.nunique())
    twice = pairs.aggregate(repeated=(pairs.rows - pairs.arms).sum(), crossed=(pairs.arms > 1).sum()).to_pandas()
    return Intake(
        rows=_int(whole["rows"]),
        arms={str(name): int(n) for name, n in zip(known_arms["variant"], known_arms["rows"], strict=True)},
        unidentified=_int(whole["unidentified"]),
        repeated=_int(twice["repeated"].iloc[0]),
        crossed=_int(twice["crossed"].iloc[0]),
        outcomes={metric.name: _outcomes_of(arms, place) for place, metric in enumerate(experiment.metrics)},
        cells={name: _table_cells(units, column) for name, column in families(units.columns).items()},
        outside=_int(whole["outside"]) if "outside" in whole else None,
        last_day=last_day,
        covered=as_of or last_day,
        first_day=None if last_day is None else pd.Timestamp(whole["first_day"]).date(),
        nested=nested_in_table(units, experiment),
        split_clusters=_table_split(units, experiment.cluster) if experiment.cluster else None,
        clusters=_table_clusters(units, experiment.cluster) if experiment.cluster else None,
        covariates_missing={one.column: _int(whole[f"gone_{one.column}"]) for one in experiment.covariates},
    )


def _whole(units: ibis.Table, experiment: Experiment) -> Mapping[str, Any]:
    wanted: dict[str, Any] = {
        "rows": units.count(),
        "unidentified": (units.unit_key.isnull() | units.variant.isnull()).cast("int64").sum(),
    }
    wanted |= {f"gone_{one.column}": _gone(units[one.column]).cast("int64").sum() for one in experiment.covariates}
    if "assigned_at" in units.columns:
        day = units.assigned_at.cast("timestamp").date()
        wanted["last_day"], wanted["first_day"] = day.max(), day.min()
        if experiment.period:
            outside = (day < experiment.period.start - DATED) | (day > experiment.period.end + DATED)
            wanted["outside"] = outside.cast("int64").sum()
    found = units.aggregate(**wanted).to_pandas()
    return {name: found[name].iloc[0] for name in found.columns} | {"rows": _int(found["rows"].iloc[0])}


def _gone(column: Any) -> Any:
    return column.isnull() | column.isnan() if column.type().is_floating() else column.isnull()


def _outcome_counts(units: ibis.Table, experiment: Experiment, covered: date | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for place, metric in enumerate(experiment.metrics):
        columns = [units[name] for name in metric.columns]
        gone = _gone(columns[0])
        for other in columns[1:]:
            gone = gone | _gone(other)
        value = columns[0].cast("float64")
        odd = value.isinf()
        if metric.kind in SHARES:
            odd = odd | value.notin([0.0, 1.0])
        if metric.kind == "count":
            odd = odd | (value < 0)
        if metric.kind == "ratio":
            base = columns[1].cast("float64")
            odd = odd | base.isinf() | (base < 0)
            value = ibis.ifelse(base > 0, value / base, 0.0)
        waiting: Any = ibis.literal(False)
        if metric.window_days is not None and covered is not None and "assigned_at" in units.columns:
            since = units.assigned_at.cast("timestamp").date()
            waiting = (since > covered - timedelta(days=metric.window_days)).fill_null(False)
            wanted[f"immature_{place}"] = waiting.cast("int64").sum()
        wanted[f"missing_{place}"] = (gone & ~waiting).cast("int64").sum()
        wanted[f"known_{place}"] = (~gone & ~waiting).cast("int64").sum()
        wanted[f"odd_{place}"] = (odd.fill_null(False) & ~gone & ~waiting).cast("int64").sum()
        seen = ibis.ifelse(gone | waiting, ibis.null("float64"), value)
        wanted[f"low_{place}"], wanted[f"high_{place}"] = seen.min(), seen.max()
        if metric.window_days is not None and covered is not None and "assigned_at" in units.columns:
            day, window = units.assigned_at.cast("timestamp").date(), timedelta(days=metric.window_days)
            early, late = (day > covered + DATED - window) & ~gone, (day <= covered - DATED - window) & gone
            wanted[f"early_{place}"] = early.fill_null(False).cast("int64").sum()
            wanted[f"late_{place}"] = late.fill_null(False).cast("int64").sum()
    return wanted


def _outcomes_of(arms: pd.DataFrame, place: int) -> Outcomes:
    missing = {str(name): _int(n) for name, n in zip(arms["variant"], arms[f"missing_{place}"], strict=True)}
    known = {str(name): _int(n) for name, n in zip(arms["variant"], arms[f"known_{place}"], strict=True)}
    immature = {}
    if f"immature_{place}" in arms.columns and arms[f"immature_{place}"].sum():
        immature = {str(name): _int(n) for name, n in zip(arms["variant"], arms[f"immature_{place}"], strict=True)}
    return Outcomes(
        missing=missing,
        known=known,
        immature=immature,
        odd=int(arms[f"odd_{place}"].fillna(0).sum()),
        low=float(arms[f"low_{place}"].astype("float64").min()),
        high=float(arms[f"high_{place}"].astype("float64").max()),
        **{name: int(arms[f"{name}_{place}"].sum()) for name in ("early", "late") if f"{name}_{place}" in arms.columns},
    )


def _table_cells(units: ibis.Table, column: str) -> dict[str, dict[str, int]]:
    value = units[column]
    label = value.cast("timestamp").strftime("%Y-%m-%d") if column == "assigned_at" else value.cast("string")
    known = units.filter(units.variant.notnull())
    counted = known.group_by(cell=label.fill_null(UNKNOWN), variant=known.variant.cast("string")).aggregate(
        n=ibis._.count()
    )
    found: dict[str, dict[str, int]] = {}
    for row in counted.order_by("cell", "variant").to_pandas().itertuples():
        found.setdefault(str(row.cell), {})[str(row.variant)] = _int(row.n)
    return found


def _table_split(units: ibis.Table, cluster: str) -> int:
    arms = units.group_by(cluster).aggregate(arms=units.variant.nunique())
    return _int(arms.aggregate(split=(arms.arms > 1).cast("int64").sum()).to_pandas()["split"].iloc[0])


def _table_clusters(units: ibis.Table, cluster: str) -> dict[str, int]:
    known = units.filter(units.variant.notnull())
    arms = known.group_by(variant=known.variant.cast("string")).aggregate(n=known[cluster].nunique()).to_pandas()
    return {str(name): _int(n) for name, n in zip(arms["variant"], arms["n"], strict=True)}


def _int(value: Any) -> int:
    return 0 if value is None or pd.isna(value) else int(value)
