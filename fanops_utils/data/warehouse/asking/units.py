"""Units of an experiment from where its register says they lie: a warehouse table, a file, or a query of the workspace.

A query is `queries/<name>.sql` in the workspace: one SELECT over warehouse tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd

from fanops_utils.data import schema
from fanops_utils.data.warehouse.asking.queries import UNITS, arm_units
from fanops_utils.data.warehouse.asking.querying import HELD, own_engine, query_table
from fanops_utils.data.warehouse.engine import quoted
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import DataError, WorkspaceError
from fanops_utils.text import Sayable, Written, say
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.registers.experiment import Experiment

FOLDER = "queries"
SUFFIXES = (".csv", ".csv.gz", ".parquet")


def open_units(store: Store, experiment: Experiment, *, further: Sequence[str] = ()) -> pd.DataFrame:
    """Return the units of *experiment* as a frame, one row per unit in the order of their keys; raises as `unit_table`.

    Columns are those the register names, the exposure, the market, and *further* ones.
    """
    if experiment.source.table == UNITS:
        return arm_units(store, experiment=experiment.id)
    table = unit_table(store, experiment)
    wanted = (*experiment.unit_columns, experiment.exposure_column, "market", *further)
    kept = [name for name in dict.fromkeys(wanted) if name in table.columns]
    return table.select(*kept).order_by(experiment.unit_column).to_pandas()


def unit_table(store: Store, experiment: Experiment) -> ibis.Table:
    """Return the units of *experiment* as an Ibis table on DuckDB: what a read-out of many units is asked of.

    A column `experiment` selects the rows. Raises WorkspaceError for a source that is not there or not allowed, and
    DataError for an absent column or one that holds no numbers, each naming the file and the nearest choice.
    """
    source = experiment.source
    if source.aggregates is not None:
        raise WorkspaceError(
            say("the source of this experiment is a table of aggregates: it has no units"), value=experiment.id
        )
    if source.table is not None:
        table, origin = _of_warehouse(store, experiment), None
    elif source.file is not None:
        store.place.only_here(say("Reading the units of an experiment from a file"))
        table, origin = _of_file(store.workspace.path, source.file, experiment)
    else:
        table, origin = _of_query(store, str(source.query))
    if origin is not None or source.table != UNITS:
        _check(table, experiment, origin)
    return table.filter(table.experiment == experiment.id) if "experiment" in table.columns else table


def _of_warehouse(store: Store, experiment: Experiment) -> ibis.Table:
    name, register = str(experiment.source.table), store.workspace.path / "experiments" / f"{experiment.id}.yml"
    if name not in schema.TABLES:
        raise WorkspaceError(
            say("the source is no table of the warehouse"), file=register, value=name, choices=schema.TABLES
        )
    return store.table(name)


def _of_file(folder: Path, name: str, experiment: Experiment) -> tuple[ibis.Table, Path]:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise WorkspaceError(say("a source lies in the workspace"), file=folder / name, value=name)
    if not note_file(path).is_file():
        near = [str(one.relative_to(folder)) for one in sorted(path.parent.glob("*")) if one.name.endswith(SUFFIXES)]
        raise WorkspaceError(say("the file of the source is not there"), file=path, value=name, choices=near)
    if not path.name.endswith(SUFFIXES):
        raise WorkspaceError(say("a source is CSV or Parquet"), file=path, value=path.suffix, choices=SUFFIXES)
    engine = own_engine()
    try:
        engine.raw_sql(_reading(engine, path, experiment))
    except duckdb.Error as error:
        raise DataError(say("the file cannot be read ({error})", error=_first_line(error)), file=path) from None
    return engine.table(HELD), path


def _reading(engine: Any, path: Path, experiment: Experiment) -> str:
    """Return the SQL that opens *path*: Parquet stays where it is, CSV is read once, names and keys as text."""
    if path.suffix == ".parquet":
        return f"create view {HELD} as from read_parquet({quoted(path)})"
    header = engine.raw_sql(f"from read_csv({quoted(path)}, all_varchar = true, header = true) limit 0").description
    texts = {experiment.unit_column, experiment.variant_column, experiment.cluster, "market", *experiment.segments}
    listed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name, *_ in header if name in texts)
    return (
        f"create table {HELD} as from read_csv({quoted(path)}, header = true, sample_size = -1, types = {{{listed}}})"
    )


def _of_query(store: Store, name: str) -> tuple[ibis.Table, Path]:
    folder = store.workspace.path / FOLDER
    path = folder / f"{name}.sql"
    if not note_file(path).is_file() or path.parent != folder:
        known = [one.stem for one in sorted(folder.glob("*.sql"))]
        raise WorkspaceError(say("no such query in the workspace"), file=path, value=name, choices=known)
    return query_table(store, path.read_text(encoding="utf-8"), file=path), path


def _check(table: ibis.Table, experiment: Experiment, origin: Path | None) -> None:
    """Refuse units that lack a column of the register, or whose outcomes are no numbers."""
    for name in experiment.unit_columns:
        if name not in table.columns:
            raise DataError(say("the units have no such column"), file=origin, value=name, choices=table.columns)
    outcomes = {column for metric in experiment.metrics for column in metric.columns}
    for name in sorted(outcomes | {one.column for one in experiment.covariates}):
        kind = table[name].type()
        if not (kind.is_numeric() or kind.is_boolean()):
            _refuse(table, name, "float64", say("an outcome or covariate is a number"), origin)
    if experiment.exposure_column in table.columns and table[experiment.exposure_column].type().is_string():
        _refuse(table, experiment.exposure_column, "timestamp", say("the day of exposure is a date or time"), origin)


def _refuse(table: ibis.Table, name: str, kind: str, rule: Sayable, origin: Path | None) -> None:
    column = table[name].cast("string")
    odd = table.mutate(row=ibis.row_number()).filter(column.notnull() & column.try_cast(kind).isnull())
    found = odd.order_by("row").limit(1).select("row", value=odd[name].cast("string")).to_pandas()
    if found.empty:
        raise DataError(say("{rule}, not {type}", rule=rule, type=str(table[name].type())), file=origin, column=name)
    row = int(found["row"].iloc[0]) + 2 if origin is not None and origin.suffix != ".sql" else None
    raise DataError(rule, file=origin, row=row, column=name, value=found["value"].iloc[0])


def _first_line(error: Exception) -> Written:
    return Written(str(error).strip().splitlines()[0], "en")
