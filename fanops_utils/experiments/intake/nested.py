"""Columns that give clusters away: their values repeat, and none of them is in two arms, though units were drawn one by one.

Weeks of stores read as units find differences that are not there. Drawn one by one, a store's weeks would have come into both
arms; where no store's did, the stores were assigned. The store may stand in the key of its weeks alone (store 17, week 3: 17-w3):
what lies before its last sign that is no letter or digit, and after its first, is tried as a column is.
"""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd

from fanops_utils.workspace.registers.experiment import Experiment

CHANCE = 1e-6  # below, values that each lie in one arm are no accident
KEY = "unit_key"
PARTS = (r"[^0-9A-Za-z]+[0-9A-Za-z]*$", r"^[0-9A-Za-z]*[^0-9A-Za-z]+")  # what is taken off a key: its end, its start
Found = dict[str, tuple[int, float]]


def candidates(columns: list[str], experiment: Experiment) -> list[str]:
    """Return the columns of *columns* (named as everywhere) that could be what was assigned."""
    outcomes = {column for metric in experiment.metrics for column in metric.columns}
    known = {"unit_key", "variant", "assigned_at", "experiment", *outcomes, *experiment.independent}
    known |= {str(experiment.recorded_column)}
    known |= {one.column for one in experiment.covariates}
    return [name for name in columns if name not in known]


def nested_in_frame(units: pd.DataFrame, experiment: Experiment) -> Found:
    """Return the columns of *units* whose values repeat within one arm each: values, rows to a value."""
    if experiment.cluster is not None or experiment.block is not None:
        return {}
    found = {}
    for name in candidates([str(column) for column in units.columns], experiment):
        column = units[name]
        if not (pd.api.types.is_integer_dtype(column) or pd.api.types.is_object_dtype(column)
                or pd.api.types.is_string_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype)):  # fmt: skip
            continue
        known = units["variant"].notna() & column.notna()
        try:
            counts = _counts(column[known], units.loc[known, "variant"]) if _repeats(column) else None
        except TypeError:  # lists and the like
            continue
        if counts is not None and (seen := _nested(counts.to_numpy())) is not None:
            found[name] = seen
    return found | _within_key(units, experiment)


def _within_key(units: pd.DataFrame, experiment: Experiment) -> Found:
    """Return `KEY` where a part of the units' keys repeats within one arm each."""
    key = units.get(KEY)
    if key is None or KEY in experiment.independent or not pd.api.types.is_string_dtype(key.dropna()):
        return {}
    kept = units["variant"].notna() & key.notna()
    key, arm = key[kept].astype(str), units.loc[kept, "variant"]
    for off in PARTS if key.str.contains(r"[^0-9A-Za-z]").all() else ():
        part = key.str.replace(off, "", regex=True)
        if _repeats(part) and (seen := _nested(_counts(part, arm).to_numpy())) is not None:
            return {KEY: seen}
    return {}


def nested_in_table(units: ibis.Table, experiment: Experiment) -> Found:
    """Return what `nested_in_frame` returns, counted in the engine of *units*."""
    if experiment.cluster is not None or experiment.block is not None:
        return {}
    names = [
        name for name in candidates(list(units.columns), experiment)
        if units[name].type().is_integer() or units[name].type().is_string()
    ]  # fmt: skip
    found: Found = {}
    for name in names:
        if (seen := _nested_value(units, units[name])) is not None:
            found[name] = seen
    if KEY in units.columns and KEY not in experiment.independent and units[KEY].type().is_string():
        if not units[KEY].re_search(r"[^0-9A-Za-z]").all().to_pandas():
            return found
        for off in PARTS:
            if (seen := _nested_value(units, units[KEY].re_replace(off, ""))) is not None:
                return found | {KEY: seen}
    return found


def _nested_value(units: ibis.Table, value: ibis.Value) -> tuple[int, float] | None:
    """Return what `_nested` returns of a *value* of the rows of *units*, counted in their engine."""
    rows = units.select(value=value, variant=units.variant.cast("string"))
    rows = rows.filter(rows.variant.notnull() & rows.value.notnull())
    cells = rows.group_by("value", "variant").aggregate(n=ibis._.count())
    values = cells.group_by("value").aggregate(arms=cells.n.count(), n=cells.n.sum())
    many = values.filter(values.n > 1)
    seen = many.aggregate(crossing=(many.arms > 1).cast("int64").sum(), kept=many.n.count()).to_pandas().iloc[0]
    if not seen["kept"] or seen["crossing"]:
        return None
    counts = cells.to_pandas().pivot_table(index="value", columns="variant", values="n", fill_value=0)
    return _nested(counts.to_numpy())


def _counts(column: pd.Series, arms: pd.Series) -> pd.DataFrame:
    return pd.crosstab(column.to_numpy(dtype=object), arms.astype(str).to_numpy(dtype=object))


def _repeats(column: pd.Series) -> bool:
    return bool(column.duplicated().any())


def _nested(counts: np.ndarray) -> tuple[int, float] | None:
    """Return values and rows to each of *counts* (value x arm) where each lies in one arm, beyond chance; else None.

    One value to an arm is the arm by another name.
    """
    size = counts.sum(axis=1)
    if ((counts > 0).sum(axis=1) > 1).any() or ((counts > 0).sum(axis=0) < 2).any():
        return None
    shares = counts.sum(axis=0) / counts.sum()
    alone = sum(float(share) ** size[size > 1].astype(float) for share in shares)  # chance that a value is in one arm
    if np.log(np.maximum(alone, 1e-300)).sum() > np.log(CHANCE):
        return None
    return int(size.size), float(size.mean())
