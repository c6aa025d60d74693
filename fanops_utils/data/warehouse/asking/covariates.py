"""Series that a campaign cannot touch, from outside the warehouse: what its brief names as a CSV of days."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from fanops_utils.data.own_csv import read_own_csv
from fanops_utils.errors import DataError
from fanops_utils.text import say
from fanops_utils.workspace import Campaign, Workspace
from fanops_utils.workspace.reads import note_file

DAY = "date_day"


def campaign_covariates(workspace: Workspace, campaign: Campaign) -> pd.DataFrame | None:
    """Return the series of the CSV that *campaign* names, one column each, by day; None where it names none.

    Raises DataError for a file that is not in the workspace, a day that is no day or stands twice, and a value that is
    no number, with its row.
    """
    if campaign.covariates is None:
        return None
    path = (workspace.path / campaign.covariates).resolve()
    if not path.is_relative_to(workspace.path.resolve()) or not note_file(path).is_file():
        raise DataError(say("the file of the covariates is not there"), file=path, value=campaign.covariates)
    table = read_own_csv(path, dtype=str)
    if DAY not in table.columns:
        raise DataError(say("the table has no such column"), file=path, value=DAY, choices=list(table.columns))
    day = pd.to_datetime(table.pop(DAY), format="%Y-%m-%d", errors="coerce")
    for row, unread in enumerate((day.isna() | day.duplicated()).tolist(), start=2):
        if unread:
            raise DataError(say("every day stands once, as year-month-day"), file=path, row=row, column=DAY)
    return (
        pd.DataFrame({name: _numbers(table[name], path) for name in table.columns})
        .set_index(day.to_numpy())
        .sort_index()
    )


def _numbers(values: pd.Series, path: Path) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").replace([math.inf, -math.inf], math.nan)
    for row, unread in enumerate(numbers.isna().tolist(), start=2):
        if unread:
            raise DataError(say("a covariate must be known on every day"), file=path, row=row, column=str(values.name))
    return numbers
