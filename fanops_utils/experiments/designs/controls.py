"""What the workspace knows of an experiment's metrics without treatment: the control arms of past experiments."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from fanops_utils.data.warehouse import Store, open_units, unit_table
from fanops_utils.data.warehouse.asking.queries import UNITS
from fanops_utils.errors import DataError, FanopsError
from fanops_utils.experiments.designs.design import Baseline
from fanops_utils.experiments.designs.history import baseline
from fanops_utils.experiments.intake.aggregates import read_aggregates
from fanops_utils.experiments.intake.columns import columns_of
from fanops_utils.experiments.intake.rows import unit_count
from fanops_utils.experiments.moments.measure import Measure, measures_of
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

LEAST_HISTORY = 50  # outcomes


@dataclass(frozen=True)
class Past:
    """What history has of one metric: its baseline (None where too little, or constant), units, origins, traffic a day.

    `last_day` is the last day on which units of the `origins` were assigned, None where they are undated.
    """

    metric: Metric
    measure: Measure
    units: pd.DataFrame
    origins: tuple[str, ...]
    units_per_day: float
    baseline: Baseline | None
    last_day: date | None = None

    @property
    def effect(self) -> float | None:
        """What is to be found, with its sign: the smallest improvement that matters, else the harm not tolerated.

        Upwards where a share would have to fall below zero. None without a baseline, or where neither is registered.
        """
        metric = self.metric
        size = metric.smallest_effect or metric.margin
        if self.baseline is None or size is None:
            return None
        falls = (metric.direction == "decrease") == (metric.smallest_effect is not None)
        return -size if falls and not (metric.is_share and self.baseline.mean <= size) else size


def assigned(store: Store, experiment: Experiment) -> int:
    """Return how many units of *experiment* are in already; none while the file its register names is not there."""
    file = experiment.source.file or experiment.source.aggregates
    if file is not None and not note_file(store.workspace.path / file).is_file():
        return 0
    if experiment.source.aggregates is not None:
        return unit_count(read_aggregates(store.workspace.path, experiment))
    return int(unit_table(store, experiment).count().to_pandas())


def history(store: Store, experiment: Experiment) -> dict[str, Past]:
    """Return what the warehouse knows of each metric of *experiment*: units of the control arms that have its columns.

    The experiment's own units are left out; only where no other experiment has the metric, its own control arm stands
    in, and `origins` says so.
    """
    table = _known_units(store)
    registers = store.workspace.experiments
    found = {}
    for measure, metric in zip(measures_of(experiment), experiment.metrics, strict=True):
        plain = replace(measure, covariates=tuple(name for name in measure.covariates if name in table.columns))
        found[metric.name] = _past(table, registers, experiment, metric, plain)
    return found


def _known_units(store: Store) -> pd.DataFrame:
    """Return the units of all registered experiments, wherever their registers say they lie, in one frame."""
    parts = [store.table(UNITS).to_pandas()]
    for name, register in store.workspace.experiments.items():
        if register.source.table != UNITS:
            with suppress(FanopsError):  # what cannot be opened yet is no history
                units = open_units(store, register).rename(columns=columns_of(register))
                parts.append(units.assign(experiment=name))
    dated = [
        part.assign(assigned_at=pd.to_datetime(part["assigned_at"], utc=True) if "assigned_at" in part else pd.NaT)
        for part in parts
        if len(part)
    ]
    return pd.concat(dated, ignore_index=True) if dated else parts[0]


def _past(
    table: pd.DataFrame, registers: Mapping[str, Experiment], experiment: Experiment, metric: Metric, measure: Measure
) -> Past:
    known = set(metric.columns) <= set(table.columns)
    rows = table.dropna(subset=list(metric.columns)) if known else table.head(0)
    others = [name for name in rows["experiment"].unique() if name != experiment.id and name in registers]
    origins = others or [name for name in rows["experiment"].unique() if name in registers]
    rows = rows[rows["experiment"].isin(origins)]
    first, last = rows["assigned_at"].min(), rows["assigned_at"].max()
    days = (last - first).days + 1 if pd.notna(last) else 0
    control = rows["experiment"].map({name: one.control for name, one in registers.items()})
    units = rows[rows["variant"] == control].rename(columns=columns_of(experiment))
    enough = len(units) >= LEAST_HISTORY
    cluster = experiment.cluster if experiment.cluster in units.columns and enough else None
    if cluster is not None and units[cluster].isna().any():
        cluster = None
    try:
        base = baseline(units, measure, cluster=cluster) if enough else None
    except DataError:
        base = None
    if base is not None and not base.sd > 0:
        base = None  # what never varies says nothing of how units differ
    per_day = len(rows) / days / max(len(origins), 1) if days else 0.0
    last_day = last.date() if pd.notna(last) else None
    return Past(metric, measure, units, tuple(str(name) for name in origins), per_day, base, last_day)


def last_day(past: Mapping[str, Past]) -> date | None:
    """Return the last day history reaches to, None where it is undated or there is none."""
    return max((one.last_day for one in past.values() if one.last_day), default=None)
