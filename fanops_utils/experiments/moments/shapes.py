"""Shapes: what means and variances do not say of an outcome, in one row per arm and metric: its skew and its largest unit.

Columns: variant, metric, n, nonzero (units whose outcome is not 0), second and third (central moments of the outcome about its
own arm's mean; of a ratio, of the linearised outcome), low and high (the furthest units from that mean). Two more are of all
arms together: `gap`, how much further from the median the largest value lies than the second, and `most`, the largest value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd

from fanops_utils.experiments.moments.frames import cap
from fanops_utils.experiments.moments.measure import SHARES, Measure
from fanops_utils.experiments.moments.tables import TERMS, prepared
from fanops_utils.metrics.columns import numbers

COLUMNS = ["variant", "metric", "n", "nonzero", "second", "third", "low", "high", "gap", "most"]


@dataclass(frozen=True, eq=False)
class Values:
    """The units of one metric: outcomes, denominators (None where it has none), covariates and arms; nothing is missing."""

    outcome: np.ndarray
    base: np.ndarray | None
    known: np.ndarray
    arm: np.ndarray

    def linearised(self, mask: np.ndarray) -> np.ndarray:
        """Return the outcomes of the units of *mask* about their mean; of a ratio, linearised."""
        y = self.outcome[mask]
        if self.base is None:
            return y - y.mean()
        x = self.base[mask]
        return (y - y.sum() / x.sum() * x) / x.mean()


def values_of(units: pd.DataFrame, measure: Measure, arms: Sequence[str]) -> Values:
    """Return the *measure* of the *units* in *arms* that have it, capped as it says."""
    outcome = numbers(units[measure.column])
    if measure.winsorise:
        outcome = cap(outcome, measure.winsorise)
    base = numbers(units[measure.denominator]) if measure.denominator else None
    arm = units["variant"].astype(str).to_numpy(dtype=object)
    kept = ~np.isnan(outcome) & np.isin(arm, list(arms))
    if base is not None:
        kept &= ~np.isnan(base)
    known = np.column_stack(
        [np.zeros((len(units), 0)), *(numbers(units[name])[:, None] for name in measure.covariates)]
    )
    known = np.where(np.isnan(known), np.nanmean(known, axis=0) if known.size else 0.0, known)
    return Values(outcome[kept], None if base is None else base[kept], known[kept], arm[kept])


def shapes_of_frame(units: pd.DataFrame, measures: Iterable[Measure], arms: Sequence[str]) -> pd.DataFrame:
    """Return the shapes of *measures* that are no shares, of *units* with a column `variant`; arms of fewer than two
    left out.
    """
    rows = []
    for measure in measures:
        if measure.kind in SHARES:
            continue
        values = values_of(units, measure, arms)
        gap = _gap(values.outcome)
        for arm in arms:
            mask = values.arm == arm
            if mask.sum() < 2 or (values.base is not None and values.base[mask].sum() <= 0):
                continue
            left = values.linearised(mask)
            rows.append((arm, measure.name, int(mask.sum()), int(np.count_nonzero(values.outcome[mask])), np.mean(left**2),
                         np.mean(left**3), left.min(), left.max(), gap, values.outcome.max()))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def shapes_of_table(
    units: ibis.Table, measures: Iterable[Measure], moments: pd.DataFrame, arms: Sequence[str]
) -> pd.DataFrame:
    """Return what `shapes_of_frame` returns, summed in the engine of *units* about the means of *moments*."""
    asked = [one for one in measures if one.kind not in SHARES]
    if not asked:
        return pd.DataFrame(columns=COLUMNS)
    rows, _ = prepared(units, asked, {"variant": units.variant.cast("string")}, None)
    wanted: dict[str, Any] = {}
    for place, measure in enumerate(asked):
        ours = moments[(moments["metric"] == measure.name) & moments["variant"].isin(list(arms))]
        left = _linearised(rows, place, ours, ratio=measure.denominator is not None)
        outcome = rows[TERMS.format(place, 0)]
        wanted |= {
            f"n_{place}": left.count(), f"nonzero_{place}": (outcome != 0).cast("int64").sum(),
            f"second_{place}": (left**2).mean(), f"third_{place}": (left**3).mean(), f"low_{place}": left.min(),
            f"high_{place}": left.max(), f"most_{place}": outcome.max(),
        }  # fmt: skip
    found = rows.group_by("variant").aggregate(**wanted).to_pandas()
    parts = []
    for place, measure in enumerate(asked):
        named = {f"{name}_{place}": name for name in COLUMNS if f"{name}_{place}" in found.columns}
        part = (
            found[["variant", *named]].rename(columns=named).assign(metric=measure.name, gap=_gap_in(rows, place, arms))
        )
        parts.append(part[part["variant"].isin(list(arms)) & (part["n"] > 1)])
    whole = pd.concat(parts, ignore_index=True)[COLUMNS]
    return whole.astype(dict.fromkeys(("second", "third", "low", "high", "most"), "float64"))


def _linearised(rows: ibis.Table, place: int, moments: pd.DataFrame, *, ratio: bool) -> ibis.Value:
    outcome, branches = rows[TERMS.format(place, 0)].cast("float64"), []
    for row in moments.to_dict("records"):
        mean, base = row["mean"], row["den_mean"]
        if mean != mean or (ratio and not base > 0):
            continue
        value = (outcome - mean / base * rows[TERMS.format(place, 1)]) / base if ratio else outcome - mean
        branches.append((rows["variant"] == row["variant"], value))
    return ibis.cases(*branches, else_=ibis.null("float64")) if branches else outcome * ibis.null("float64")


def _gap_in(rows: ibis.Table, place: int, arms: Sequence[str]) -> float:
    """Return `_gap` of one outcome, computed in the engine: no value leaves it."""
    outcome = rows[TERMS.format(place, 0)].cast("float64")
    known = rows.filter(outcome.notnull() & rows["variant"].isin(list(arms))).select(value=outcome)
    down = ibis.row_number().over(ibis.window(order_by=known.value.desc()))
    ranked = known.mutate(rank=down, last=known.value.count().over(ibis.window()) - 1)
    half = ranked["last"] / 2
    low, high = (ranked.value.max(where=ranked["rank"] == end) for end in (half.floor(), half.ceil()))
    second, middle = ranked.value.max(where=ranked["rank"] == 1), (low + high) / 2
    times = (ranked.value.max() - middle) / (second - middle)
    gap = ibis.ifelse(second > middle, times, ibis.null("float64"))
    found = ranked.aggregate(gap=gap, n=ranked.count()).to_pandas()
    return float(found["gap"].iloc[0]) if found["n"].iloc[0] >= 3 and not pd.isna(found["gap"].iloc[0]) else np.nan


def _gap(values: np.ndarray) -> float:
    if values.size < 3:
        return np.nan
    middle = float(np.median(values))
    second, largest = np.sort(np.partition(values, values.size - 2)[-2:])
    return float((largest - middle) / (second - middle)) if second > middle else np.nan
