"""Units whose window is not over: their outcomes are left out, whoever exported them already."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pandas as pd

from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric


def windowed(experiment: Experiment) -> tuple[Metric, ...]:
    """Return the metrics of *experiment* that have a window."""
    return tuple(metric for metric in experiment.metrics if metric.window_days is not None)


def open_windows(units: pd.DataFrame, metric: Metric, covered: date) -> pd.Series:
    """Return which of *units* (column assigned_at) have not been in for the window of *metric* by the end of *covered*."""
    dated = pd.to_datetime(units["assigned_at"])
    day = (dated.dt.tz_localize(None) if dated.dt.tz is not None else dated).dt.normalize()
    return day > pd.Timestamp(covered - timedelta(days=metric.window_days or 0))


def mature_frame(units: pd.DataFrame, experiment: Experiment, covered: date | None) -> pd.DataFrame:
    """Return *units* (named as everywhere) without the outcomes of units whose window is not over."""
    if covered is None or "assigned_at" not in units.columns:
        return units
    for metric in windowed(experiment):
        early = open_windows(units, metric, covered)
        if early.any():
            units = units.assign(**{name: units[name].astype("Float64").mask(early) for name in metric.columns})
    return units


def mature_table(units: ibis.Table, experiment: Experiment, covered: date | None) -> ibis.Table:
    """Return what `mature_frame` returns, of a table of any engine."""
    if covered is None or "assigned_at" not in units.columns:
        return units
    for metric in windowed(experiment):
        early = units.assigned_at.cast("timestamp").date() > covered - timedelta(days=metric.window_days or 0)
        units = units.mutate(**{
            name: ibis.ifelse(early.fill_null(False), ibis.null("float64"), units[name].cast("float64"))
            for name in metric.columns
        })  # fmt: skip
    return units
