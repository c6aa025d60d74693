"""The rows a read-out may see: a frame of units, a table in an engine, or only what is left of a table without small cells.

Restricted staff read totals: every aggregation happens in the engine, cells of fewer than `least` units are emptied before
anything is computed of them, and what needs single units is not told. Numbers of large enough cells are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

import ibis
import pandas as pd

from fanops_utils.data import warehouse
from fanops_utils.errors import DataError
from fanops_utils.experiments.intake.aggregates import Aggregates, read_aggregates
from fanops_utils.experiments.intake.columns import columns_of, named_frame, named_table
from fanops_utils.experiments.intake.maturity import mature_frame, mature_table, windowed
from fanops_utils.experiments.intake.nested import nested_in_table
from fanops_utils.experiments.intake.slots import slot_table
from fanops_utils.experiments.moments.frames import from_frame
from fanops_utils.experiments.moments.measure import Measure
from fanops_utils.experiments.moments.privacy import suppress
from fanops_utils.experiments.moments.tables import from_table
from fanops_utils.experiments.reasons import Reason
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import Experiment

LEAST = 10  # units in a cell that may be shown
SINGLE = Reason("single_units")
Seen = Literal["units", "aggregates"]


@dataclass(frozen=True, eq=False)
class Restricted:
    """A table whose rows nobody sees: only its totals over cells of at least `least` units."""

    table: ibis.Table = field(repr=False)
    least: int = LEAST


Units: TypeAlias = pd.DataFrame | ibis.Table | Restricted | Aggregates


def open_rows(
    store: warehouse.Store,
    experiment: Experiment,
    *,
    see: Seen = "units",
    least: int = LEAST,
    as_of: date | None = None,
) -> Units:
    """Return the units of *experiment* as somebody may see them: `units` as a frame, `aggregates` as a restricted table.

    A source of aggregates has no units to see: its totals up to *as_of*.

    Raises DataError for another choice, and as `unit_table` does.
    """
    if experiment.source.aggregates is not None:
        return read_aggregates(store.workspace.path, experiment, as_of=as_of)
    if see == "units":
        if experiment.source.table == "experiment_units":
            return warehouse.open_units(store, experiment)
        # what repeats within one arm is the evidence against units, so it is opened though the register does not name it
        suspects = nested_in_table(named_table(warehouse.unit_table(store, experiment), experiment), experiment)
        return warehouse.open_units(store, experiment, further=tuple(suspects))
    if see != "aggregates":
        raise DataError(say("rows are seen as one of two"), value=see, choices=["units", "aggregates"])
    return Restricted(warehouse.unit_table(store, experiment), least)


def plain(units: Units) -> ibis.Table:
    """Return the table behind *units*, to aggregate in the engine that holds it; frames and totals have none."""
    if isinstance(units, pd.DataFrame | Aggregates):
        raise TypeError("these units lie in no engine")
    return units.table if isinstance(units, Restricted) else units


def unit_count(units: Units) -> int:
    """Return how many rows *units* have."""
    if isinstance(units, Aggregates):
        return int(units.moments.groupby("metric", sort=False)["units"].sum().iloc[0])
    return len(units) if isinstance(units, pd.DataFrame) else int(plain(units).count().to_pandas())


def columns_in(units: Units) -> tuple[str, ...]:
    """Return the names of the columns of *units*; totals have none."""
    if isinstance(units, Aggregates):
        return ()
    return tuple(str(name) for name in (units if isinstance(units, pd.DataFrame) else plain(units)).columns)


def units_by_arm(units: Units, experiment: Experiment) -> dict[str, int]:
    """Return the units in every planned arm of *experiment*; an arm without any counts 0."""
    column = experiment.variant_column
    if isinstance(units, Aggregates):
        first = units.moments[units.moments["metric"] == experiment.metrics[0].name].set_index("variant")
        together = (first["units"] + first["missing"]).to_dict()
        return {name: int(together[name]) for name in experiment.allocation}
    if isinstance(units, pd.DataFrame):
        found = units[column].value_counts().to_dict() if len(units) else {}
    else:
        table = plain(units)
        counted = table.group_by(variant=table[column].cast("string")).aggregate(n=ibis._.count()).to_pandas()
        found = dict(zip(counted["variant"], counted["n"], strict=True))
    return {name: int(found.get(name, 0)) for name in experiment.allocation}


def mature(units: Units, experiment: Experiment, *, as_of: date | None) -> Units:
    """Return *units* without the outcomes whose window is not over by the end of *as_of*; the same without windows or dates."""
    if as_of is None or not windowed(experiment) or isinstance(units, Aggregates):
        return units
    named = {new: old for old, new in columns_of(experiment).items()}
    if isinstance(units, pd.DataFrame):
        return mature_frame(named_frame(units, experiment), experiment, as_of).rename(columns=named)
    table = mature_table(named_table(plain(units), experiment), experiment, as_of)
    table = table.rename({old: new for new, old in named.items() if new in table.columns})
    return Restricted(table, units.least) if isinstance(units, Restricted) else table


def data_day(units: Units, experiment: Experiment) -> date | None:
    """Return the data's own date: the last day in the register's `recorded_column`, else of exposure; None where undated."""
    if isinstance(units, Aggregates):
        return units.last_day
    name = experiment.recorded_column or experiment.exposure_column
    if name not in columns_in(units):
        return None
    last = units[name].max() if isinstance(units, pd.DataFrame) else plain(units)[name].max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last).date()


def moments_of(
    units: Units, experiment: Experiment, measures: Iterable[Measure], *, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the moments of *measures* in the planned arms (and cells of *by*) of *units*, their columns as registered.

    A frame is summed here, a table in its engine; of a restricted one, small cells are emptied. Totals are as they came, and
    in no cells.
    """
    if isinstance(units, Aggregates):
        return units.moments if not by else units.moments.head(0).assign(**dict.fromkeys(by, ""))
    if isinstance(units, pd.DataFrame):
        found = from_frame(named_frame(units, experiment), metrics=measures, by=by, cluster=experiment.cluster)
    else:
        found = from_table(named_table(plain(units), experiment), metrics=measures, by=by, cluster=experiment.cluster)
    found = found[found["variant"].isin(list(experiment.allocation))].reset_index(drop=True)
    return suppress(found, least=units.least, by=by) if isinstance(units, Restricted) else found


def clusters_of(units: Units, experiment: Experiment, measures: Iterable[Measure]) -> pd.DataFrame:
    """Return the moments of *measures* in every cluster and planned arm: what a test of the clusters reads, not what is
    shown.
    """
    by = [str(experiment.cluster)]
    if isinstance(units, pd.DataFrame):
        found = from_frame(named_frame(units, experiment), metrics=measures, by=by)
    else:
        found = from_table(named_table(plain(units), experiment), metrics=measures, by=by)
    return found[found["variant"].isin(list(experiment.allocation))].reset_index(drop=True)


def slots_of(units: Units, experiment: Experiment) -> pd.DataFrame | None:
    """Return the slots of *units*, as `slot_table`; None where a slot is one unit (a post) and units are not to be seen."""
    if isinstance(units, Aggregates):
        return None
    if isinstance(units, Restricted):
        return slot_table(units.table, experiment) if experiment.cluster else None
    return slot_table(units, experiment)


def nothing_shown(units: Restricted, experiment: Experiment, measures: Iterable[Measure]) -> pd.DataFrame:
    """Return the moments of *measures* with every cell emptied: what may not be told keeps its arms and metrics."""
    return moments_of(Restricted(units.table, unit_count(units) + 1), experiment, measures)
