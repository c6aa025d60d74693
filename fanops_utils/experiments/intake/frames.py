"""Units counted from a frame."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.experiments.intake.counts import DATED, Intake, Outcomes, families
from fanops_utils.experiments.intake.maturity import open_windows
from fanops_utils.experiments.intake.nested import nested_in_frame
from fanops_utils.experiments.moments.frames import UNKNOWN, label_text
from fanops_utils.metrics.columns import numbers
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric


def count_frame(units: pd.DataFrame, experiment: Experiment, *, as_of: date | None = None) -> Intake:
    """Return the intake of a frame with one row per unit, its columns named by `named_frame`.

    *as_of* is the last day the outcomes cover, by default the last day of exposure.
    """
    pairs = units[["unit_key", "variant"]].dropna().drop_duplicates()
    cells = {name: _cells(units, column) for name, column in families(units.columns).items()}
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
        covered=as_of or last_day,
        first_day=None if last_day is None or dated is None else dated.min().date(),
        nested=nested_in_frame(units, experiment),
        split_clusters=_split(units, experiment.cluster) if experiment.cluster else None,
        clusters=_clusters(units, experiment.cluster) if experiment.cluster else None,
        covariates_missing={one.column: int(units[one.column].isna().sum()) for one in experiment.covariates},
    )


def _cells(units: pd.DataFrame, column: str) -> dict[str, dict[str, int]]:
    known = units.loc[units["variant"].notna(), [column, "variant"]]
    values = known[column]
    if column == "assigned_at":
        values = pd.to_datetime(values).dt.normalize()
    pairs = [label_text(values).to_numpy(), known["variant"].astype(str).to_numpy()]
    counts = known.groupby(pairs).size().unstack(fill_value=0)
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
    arm = units["variant"].astype(object).where(units["variant"].notna(), UNKNOWN).astype(str).to_numpy()
    waiting = np.zeros(len(units), dtype=bool)
    if metric.window_days is not None and dated is not None and covered is not None:
        waiting = open_windows(units, metric, covered).to_numpy()
    counts = pd.DataFrame({"arm": arm, "gone": gone & ~waiting, "known": ~gone & ~waiting, "waiting": waiting})
    counts = counts.groupby("arm").sum()
    known = columns[0][~gone & ~waiting]
    odd &= ~waiting
    early = late = None
    if metric.window_days is not None and dated is not None and covered is not None:
        last = _days(dated) + pd.Timedelta(days=metric.window_days)  # the day its window ends; NaT is neither
        early = int(((last > pd.Timestamp(covered + DATED)) & ~gone).sum())
        late = int(((last <= pd.Timestamp(covered - DATED)) & gone).sum())
    return Outcomes(
        missing={str(name): int(n) for name, n in counts["gone"].items()},
        known={str(name): int(n) for name, n in counts["known"].items()},
        immature={str(name): int(n) for name, n in counts["waiting"].items()} if waiting.any() else {},
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
