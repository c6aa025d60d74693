"""What the gates need to know of the units, counted from a frame or inside the engine that holds a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.experiments.measure import SHARES
from fanops_utils.experiments.moments import UNKNOWN, label_text
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.workspace.experiment import Experiment, Metric

DATED = timedelta(days=1)  # assignment may be logged in another time zone than the period is meant in


@dataclass(frozen=True)
class Outcomes:
    """One metric: units without an outcome, with one, by arm; values it cannot have; smallest and largest value.

    Of a metric with a window, `early` outcomes are there though their window is not over, and `late` ones are missing
    though it is, by more than the day that a time zone may shift; None where that cannot be told.
    """

    missing: dict[str, int]
    known: dict[str, int]
    odd: int
    low: float
    high: float
    early: int | None = None
    late: int | None = None


@dataclass(frozen=True)
class Intake:
    """The units as counted: `cells` are units per (market or day, its value, variant); None is not known."""

    rows: int
    arms: dict[str, int]
    unidentified: int
    repeated: int
    crossed: int
    outcomes: dict[str, Outcomes]
    cells: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    outside: int | None = None
    last_day: date | None = None
    split_clusters: int | None = None
    clusters: dict[str, int] | None = None
    covariates_missing: dict[str, int] = field(default_factory=dict)


def columns_of(experiment: Experiment) -> dict[str, str]:
    """Return how the columns of the units are renamed: key, variant and exposure as everywhere else."""
    named = {
        experiment.unit_column: "unit_key", experiment.variant_column: "variant",
        experiment.exposure_column: "assigned_at",
    }  # fmt: skip
    return {old: new for old, new in named.items() if old != new}


def named_frame(units: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the rows of *experiment* with its columns named unit_key, variant and assigned_at; refuse what lacks one."""
    if "experiment" in units.columns:
        units = units[units["experiment"] == experiment.id]
    need(units, *experiment.unit_columns)
    return units.rename(columns=columns_of(experiment))


def named_table(units: ibis.Table, experiment: Experiment) -> ibis.Table:
    """Return what `named_frame` returns, as a table of the engine that holds *units*."""
    if "experiment" in units.columns:
        units = units.filter(units.experiment == experiment.id)
    for name in experiment.unit_columns:
        if name not in units.columns:
            raise DataError("the table has no such column", value=name, choices=units.columns)
    return units.rename({new: old for old, new in columns_of(experiment).items() if old in units.columns})


def count_frame(units: pd.DataFrame, experiment: Experiment, *, as_of: date | None = None) -> Intake:
    """Return the intake of a frame with one row per unit, its columns named by `named_frame`.

    *as_of* is the last day the outcomes cover, by default the last day of exposure.
    """
    pairs = units[["unit_key", "variant"]].dropna().drop_duplicates()
    cells = {name: _cells(units, column) for name, column in _families(units.columns).items()}
    dated = pd.to_datetime(units["assigned_at"]) if "assigned_at" in units.columns else None
    last = dated.max() if dated is not None else None
    last_day = None if last is None or pd.isna(last) else last.date()
    return Intake(
        rows=len(units),
        arms={str(name): int(count) for name, count in units["variant"].value_counts().items()},
        unidentified=int(units[["unit_key", "variant"]].isna().any(axis=1).sum()),
        repeated=int(units.duplicated(["unit_key", "variant"]).sum()),
        crossed=int(pairs.loc[pairs["unit_key"].duplicated(), "unit_key"].nunique()),
        outcomes={metric.name: _outcomes(units, metric, dated, as_of or last_day) for metric in experiment.metrics},
        cells=cells,
        outside=_outside(dated, experiment) if dated is not None else None,
        last_day=last_day,
        split_clusters=_split(units, experiment.cluster) if experiment.cluster else None,
        clusters=_clusters(units, experiment.cluster) if experiment.cluster else None,
        covariates_missing={one.column: int(units[one.column].isna().sum()) for one in experiment.covariates},
    )


def _families(columns: Any) -> dict[str, str]:
    return {name: column for name, column in (("market", "market"), ("day", "assigned_at")) if column in columns}


def _cells(units: pd.DataFrame, column: str) -> dict[str, dict[str, int]]:
    known = units.loc[units["variant"].notna(), [column, "variant"]]
    values = known[column]
    if column == "assigned_at":
        values = pd.to_datetime(values).dt.normalize()
    counts = pd.crosstab(label_text(values).to_numpy(), known["variant"].astype(str).to_numpy())
    return {str(cell): {str(arm): int(n) for arm, n in row.items()} for cell, row in counts.iterrows()}


def _outcomes(units: pd.DataFrame, metric: Metric, dated: pd.Series | None, covered: date | None) -> Outcomes:
    columns = [numbers(units[name]) for name in metric.columns]
    gone = np.isnan(columns[0])
    odd = np.isinf(columns[0])
    if metric.is_share:
        odd |= ~gone & ~np.isin(columns[0], [0, 1])
    if metric.kind == "count":
        odd |= columns[0] < 0
    if metric.kind == "ratio":
        gone |= np.isnan(columns[1])
        odd |= np.isinf(columns[1]) | (columns[1] < 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            columns[0] = np.where(columns[1] > 0, columns[0] / columns[1], 0.0)
    arm = units["variant"].astype(object).where(units["variant"].notna(), UNKNOWN).astype(str)
    counts = pd.crosstab(arm.to_numpy(), gone).reindex(columns=[False, True], fill_value=0)
    known = columns[0][~gone]
    early = late = None
    if metric.window_days is not None and dated is not None and covered is not None:
        last = _days(dated) + pd.Timedelta(days=metric.window_days)  # the day its window ends; NaT is neither
        early = int(((last > pd.Timestamp(covered + DATED)) & ~gone).sum())
        late = int(((last <= pd.Timestamp(covered - DATED)) & gone).sum())
    return Outcomes(
        missing={str(name): int(n) for name, n in counts[True].items()},
        known={str(name): int(n) for name, n in counts[False].items()},
        odd=int(odd.sum()),
        low=float(known.min()) if known.size else np.nan,
        high=float(known.max()) if known.size else np.nan,
        early=early,
        late=late,
    )


def _days(dated: pd.Series) -> pd.Series:
    return (dated.dt.tz_localize(None) if dated.dt.tz is not None else dated).dt.normalize()


def _outside(dated: pd.Series, experiment: Experiment) -> int | None:
    if experiment.period is None:
        return None
    days = _days(dated)
    first, last = (pd.Timestamp(day) for day in (experiment.period.start - DATED, experiment.period.end + DATED))
    return int(((days < first) | (days > last)).sum())


def _split(units: pd.DataFrame, cluster: str) -> int:
    return int((units.groupby(cluster)["variant"].nunique() > 1).sum())


def _clusters(units: pd.DataFrame, cluster: str) -> dict[str, int]:
    return {str(name): int(n) for name, n in units.groupby("variant")[cluster].nunique().items()}


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
        cells={name: _table_cells(units, column) for name, column in _families(units.columns).items()},
        outside=_int(whole["outside"]) if "outside" in whole else None,
        last_day=last_day,
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
        wanted["last_day"] = day.max()
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
        wanted[f"missing_{place}"] = gone.cast("int64").sum()
        wanted[f"odd_{place}"] = (odd.fill_null(False) & ~gone).cast("int64").sum()
        seen = ibis.ifelse(gone, ibis.null("float64"), value)
        wanted[f"low_{place}"], wanted[f"high_{place}"] = seen.min(), seen.max()
        if metric.window_days is not None and covered is not None and "assigned_at" in units.columns:
            day, window = units.assigned_at.cast("timestamp").date(), timedelta(days=metric.window_days)
            early, late = (day > covered + DATED - window) & ~gone, (day <= covered - DATED - window) & gone
            wanted[f"early_{place}"] = early.fill_null(False).cast("int64").sum()
            wanted[f"late_{place}"] = late.fill_null(False).cast("int64").sum()
    return wanted


def _outcomes_of(arms: pd.DataFrame, place: int) -> Outcomes:
    missing = {str(name): _int(n) for name, n in zip(arms["variant"], arms[f"missing_{place}"], strict=True)}
    rows = {str(name): _int(n) for name, n in zip(arms["variant"], arms["rows"], strict=True)}
    return Outcomes(
        missing=missing,
        known={name: rows[name] - missing[name] for name in rows},
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
