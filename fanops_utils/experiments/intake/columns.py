"""The columns of the units, named as everywhere else: key, variant and exposure."""

from __future__ import annotations

import ibis
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import Experiment


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
            raise DataError(say("the table has no such column"), value=name, choices=units.columns)
    return units.rename({new: old for old, new in columns_of(experiment).items() if old in units.columns})
