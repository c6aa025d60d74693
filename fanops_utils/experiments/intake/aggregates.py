"""Counts, means, variances and covariances per arm (and day) from a vendor's or another tool's table, in place of units.

Columns of the CSV: variant, metric, n, mean; `var` or `sd`, but for shares; for a ratio den_mean, den_var and den_cov; by wish
missing, nonzero (units with a value other than 0), skewness, and day, of which those up to a day are added up: the day its n
units were assigned, so that of a metric with a window the days are left out whose window is not over. Without skewness a mean
in unequal arms is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.own_csv import read_own_csv
from fanops_utils.errors import DataError
from fanops_utils.experiments.moments.frames import tidy
from fanops_utils.experiments.moments.measure import SHARES
from fanops_utils.experiments.moments.shapes import COLUMNS as SHAPES
from fanops_utils.text import Day, Message, say
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

NEEDED, FURTHER = ("variant", "metric", "n", "mean"), ("den_mean", "den_var", "den_cov")
NUMBERS = {"n", "mean", "var", "sd", "missing", "nonzero", "skewness", *FURTHER}


@dataclass(frozen=True, eq=False)
class Aggregates:
    """Totals per arm and metric: `moments` as everywhere, `shapes` as far as the table has them, `last_day` where dated."""

    moments: pd.DataFrame = field(repr=False)
    shapes: pd.DataFrame = field(repr=False)
    last_day: date | None = None


def read_aggregates(folder: Path, experiment: Experiment, *, as_of: date | None = None) -> Aggregates:
    """Return the aggregates that the register's source names in the workspace at *folder*, up to the day *as_of*.

    Raises DataError for a file that is not there, an absent column, an arm or metric that is missing, or a value that cannot
    be, with its row.
    """
    path = (folder / str(experiment.source.aggregates)).resolve()
    if not path.is_relative_to(folder.resolve()) or not note_file(path).is_file():
        raise DataError(say("the file of the source is not there"), file=path, value=experiment.source.aggregates)
    table = read_own_csv(path, dtype={"variant": str, "metric": str})
    for name in NEEDED:
        if name not in table.columns:
            raise DataError(say("the table has no such column"), file=path, value=name, choices=list(table.columns))
    table = _checked(table, experiment, path)
    last = None
    if "day" in table.columns:
        table = table.assign(day=_days(table["day"], path))
        table = _seen(table, experiment, path, as_of)
        last = max(table["day"])
    rows = [
        _added(part, str(metric), str(variant), experiment.metric(str(metric)).kind)
        for (metric, variant), part in table.groupby(["metric", "variant"], sort=False)
    ]
    whole = pd.DataFrame(rows)
    moments = tidy(whole.drop(columns=["nonzero", "third"]).assign(clustered=False))
    return Aggregates(moments, _shapes(whole), last)


def _days(values: pd.Series, path: Path) -> pd.Series:
    days = pd.to_datetime(values, errors="coerce")
    for row, unread in enumerate(days.isna().tolist(), start=2):
        if unread:
            raise DataError(say("not a day"), file=path, row=row, column="day", value=values.iloc[row - 2])
    return days.dt.date


def _seen(table: pd.DataFrame, experiment: Experiment, path: Path, as_of: date | None) -> pd.DataFrame:
    """Return the rows of *table* up to *as_of* whose metric's window is over by then; by default up to its last day."""
    until = as_of or max(table["day"])
    windows = {metric.name: timedelta(days=metric.window_days or 0) for metric in experiment.metrics}
    seen = table[[day + windows[name] <= until for day, name in zip(table["day"], table["metric"], strict=True)]]
    left = set(zip(seen["metric"], seen["variant"], strict=True))
    for metric in windows:
        if not all((metric, arm) in left for arm in experiment.allocation):
            early = say(
                "by {day}, the units of no day have had their window in every arm", day=Day.of(until, form="iso")
            )
            raise DataError(early, file=path, value=metric)
    return seen


def _numbers(values: pd.Series, path: Path) -> pd.Series:
    """Return *values* as finite numbers; empty cells stay empty."""
    found = pd.to_numeric(values, errors="coerce")
    for row, wrong in enumerate((values.notna() & ~np.isfinite(found)).tolist(), start=2):
        if wrong:
            raise DataError(
                say("not a number"), file=path, row=row, column=str(values.name), value=values.iloc[row - 2]
            )
    return found


def _once(table: pd.DataFrame, path: Path) -> None:
    """Raise DataError where an arm has two rows of a metric, on a day where days are given: totals of parts, or a row twice."""
    again = table.duplicated([name for name in ("variant", "metric", "day") if name in table.columns])
    for row, twice in enumerate(again.tolist(), start=2):
        if twice:
            values = table.iloc[row - 2]
            raise DataError(
                say("the arm “{arm}” has two such rows of this metric", arm=str(values["variant"])), file=path, row=row,
                value=values["metric"],
            )  # fmt: skip


def _checked(table: pd.DataFrame, experiment: Experiment, path: Path) -> pd.DataFrame:
    ours = {metric.name: metric for metric in experiment.metrics}
    for name in set(table.columns) & NUMBERS:
        table[name] = _numbers(table[name], path)
    if "var" not in table.columns:
        table["var"] = table["sd"] ** 2 if "sd" in table.columns else np.nan
    for row, values in zip(range(2, len(table) + 2), table.to_dict("records"), strict=True):
        name, variant = values["metric"], values["variant"]
        if name not in ours:
            raise DataError(say("no such metric in the register"), file=path, row=row, value=name, choices=list(ours))
        if variant not in experiment.allocation:
            raise DataError(
                say("this arm was not planned"), file=path, row=row, value=variant, choices=experiment.allocation
            )
        if (fault := _fault(values, ours[name])) is not None:
            raise DataError(fault[1], file=path, row=row, column=fault[0], value=values.get(fault[0]))
    _once(table, path)
    found = set(zip(table["metric"], table["variant"], strict=True))
    for metric in ours:
        for arm in experiment.allocation:
            if (metric, arm) not in found:
                raise DataError(say("the arm “{arm}” has no row of this metric", arm=arm), file=path, value=metric)
    return table


def _fault(row: Mapping[Any, Any], metric: Metric) -> tuple[str, Message] | None:
    """Return the column of *row* that cannot be, and why; None where all can."""
    if not row["n"] >= 1 or row["n"] % 1:
        return "n", say("n is a whole number of units, one or more")
    if row["mean"] != row["mean"]:
        return "mean", say("a mean is a number")
    if not 0 <= row.get("nonzero", 0) <= row["n"] and row["nonzero"] == row["nonzero"]:
        return "nonzero", say("more units with a value than units")
    if row.get("missing", 0) < 0:
        return "missing", say("fewer than no units")
    if metric.is_share:
        return None if 0 <= row["mean"] <= 1 else ("mean", say("a share lies between 0 and 1"))
    if not row["var"] >= 0:
        return "var", say("a mean needs its variance ('var') or standard deviation ('sd')")
    if metric.kind == "ratio" and any(row.get(name) is None or row[name] != row[name] for name in FURTHER):
        return "den_mean", say("a ratio needs den_mean, den_var and den_cov")
    if metric.kind == "ratio" and row["den_cov"] ** 2 > row["var"] * row["den_var"] * (1 + 1e-6):
        return "den_cov", say("a covariance this large goes with no such variances")
    return None


def _added(part: pd.DataFrame, metric: str, variant: str, kind: str) -> dict[str, object]:
    """Return the days of one arm and metric as one row."""
    n = part["n"].to_numpy(dtype=float)
    total, mean = n.sum(), part["mean"].to_numpy(dtype=float)
    middle = float(np.average(mean, weights=n))
    found: dict[str, object] = {
        "variant": variant, "metric": metric, "kind": kind, "n": int(total), "units": int(total), "mean": middle,
        "missing": int(part["missing"].sum()) if "missing" in part.columns else 0,
        "nonzero": float(part["nonzero"].sum()) if "nonzero" in part.columns and part["nonzero"].notna().all() else np.nan,
    }  # fmt: skip
    var = mean * (1 - mean) * n / np.maximum(n - 1, 1) if kind in SHARES else part["var"].to_numpy(dtype=float)
    found["var"] = _together(n, var, mean, mean)
    if kind == "ratio":
        base = part["den_mean"].to_numpy(dtype=float)
        found |= {"den_mean": float(np.average(base, weights=n)),
                  "den_var": _together(n, part["den_var"].to_numpy(dtype=float), base, base),
                  "den_cov": _together(n, part["den_cov"].to_numpy(dtype=float), mean, base)}  # fmt: skip
    skew = part["skewness"].to_numpy(dtype=float) if "skewness" in part.columns else np.full(n.size, np.nan)
    second, away = var * (n - 1) / n, mean - middle
    found["third"] = float(np.average(skew * second**1.5 + 3 * second * away + away**3, weights=n))
    return found


def _together(n: np.ndarray, within: np.ndarray, left: np.ndarray, right: np.ndarray) -> float:
    """Return the covariance of all rows from those of its parts and their means."""
    inside = np.nansum((n - 1) * within)
    apart = np.sum(n * (left - np.average(left, weights=n)) * (right - np.average(right, weights=n)))
    return float((inside + apart) / (n.sum() - 1)) if n.sum() > 1 else np.nan


def _shapes(whole: pd.DataFrame) -> pd.DataFrame:
    means = whole[~whole["kind"].isin(SHARES)]
    second = means["var"] * (means["n"] - 1) / means["n"]
    if "den_mean" in means.columns:  # of a ratio, the linearised outcome has the variance that counts
        ratio = means["mean"] / means["den_mean"]
        left = (means["var"] - 2 * ratio * means["den_cov"] + ratio**2 * means["den_var"]) / means["den_mean"] ** 2
        second = second.where(means["kind"] != "ratio", left * (means["n"] - 1) / means["n"])
    known = means[["variant", "metric", "n", "nonzero"]].assign(second=second, third=means["third"])
    scale = (
        second / (means["var"] * (means["n"] - 1) / means["n"])
    ) ** 1.5  # a ratio's skewness is that of its numerator's row
    return known.assign(third=known["third"] * scale, low=np.nan, high=np.nan, gap=np.nan, most=np.nan)[SHAPES]


def unknown_shapes(moments: pd.DataFrame) -> pd.DataFrame:
    """Return the shapes of *moments* of which nothing but means and variances is known."""
    ours = moments[~moments["kind"].isin(SHARES) & ~moments["clustered"]]
    second = ours["var"] * (ours["n"] - 1) / ours["n"].where(ours["n"] > 0)
    return ours[["variant", "metric", "n"]].assign(second=second, **dict.fromkeys(
        ("nonzero", "third", "low", "high", "gap", "most"), np.nan
    ))[SHAPES]  # fmt: skip
