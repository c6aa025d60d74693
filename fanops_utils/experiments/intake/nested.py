"""Columns that give clusters away: their values repeat, each in one arm, though units were drawn one by one.

Weeks of stores read as units find differences that are not there. Drawn one by one, a store's weeks would have come into both
arms; where hardly any store's did, the stores were assigned, though one of them may have changed arms midway. The
store may stand in the key of its weeks alone (store 17, week 3: 17-w3, 2026-10-05/17, S17W03): what is left of a key without its
first or last parts is tried as a column is, parts being what lies between signs, and numbers.
"""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.workspace.registers.experiment import Experiment

CHANCE = 1e-6  # below, values that each lie in one arm are no accident
CROSSING = 0.1  # of the values that repeat: so many may lie in two arms
SCREENED = 20_000  # rows that show quickly whether values repeat within arms
KEY = "unit_key"
_SIGN, _NUMBER = r"[^0-9A-Za-z]", "[0-9]"
PARTS = tuple(  # what is taken off a key, and what it must hold for that: parts between signs, or numbers, at its end, its start
    pattern
    for n in (0, 1, 2)
    for pattern in (
        (_SIGN, rf"(?:{_SIGN}+[0-9A-Za-z]+){{{n}}}{_SIGN}+[0-9A-Za-z]*$"),
        (_SIGN, rf"^[0-9A-Za-z]*{_SIGN}+(?:[0-9A-Za-z]+{_SIGN}+){{{n}}}"),
        (_NUMBER, rf"[0-9]+(?:[^0-9]+[0-9]+){{{n}}}[^0-9]*$"), (_NUMBER, rf"^[^0-9]*[0-9]+(?:[^0-9]+[0-9]+){{{n}}}[^0-9]*"),
    )
)  # fmt: skip
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
    found: Found = {}
    for name in candidates([str(column) for column in units.columns], experiment):
        column = units[name]
        if not _names(column):
            continue
        known = units["variant"].notna() & column.notna()
        try:
            seen = _nested_in(column[known], units.loc[known, "variant"])
        except TypeError:  # lists and the like
            continue
        if seen is not None:
            found[name] = seen
    return found | _within_key(units, experiment)


def _within_key(units: pd.DataFrame, experiment: Experiment) -> Found:
    """Return `KEY` where a part of the units' keys repeats within one arm each."""
    key = units.get(KEY)
    if key is None or KEY in experiment.independent or not pd.api.types.is_string_dtype(key.dropna()):
        return {}
    kept = units["variant"].notna() & key.notna()
    key, arm = key[kept].astype(str), units.loc[kept, "variant"].astype(str)
    if all(
        name in one for one, name in zip(key, arm, strict=True)
    ):  # a key made of its arm's name says nothing of who was drawn
        key = pd.Series(
            [one.replace(name, "") for one, name in zip(key, arm, strict=True)], index=key.index, dtype=object
        )
    held = {sign: bool(key.str.contains(sign).all()) for sign in (_SIGN, _NUMBER)}
    for off in (off for sign, off in PARTS if held[sign]):
        if not _may_be(key.head(SCREENED).str.replace(off, "", regex=True), arm.head(SCREENED)):
            continue
        if (seen := _nested_in(key.str.replace(off, "", regex=True), arm)) is not None:
            return {KEY: seen}
    return {}


def _names(column: pd.Series) -> bool:
    """Return whether *column* may name something: text, or whole numbers, which a gap makes floats."""
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_float_dtype(column):
        known = column.dropna()
        return bool(len(known)) and bool((known % 1 == 0).all())
    return (pd.api.types.is_integer_dtype(column) or pd.api.types.is_object_dtype(column)
            or pd.api.types.is_string_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype))  # fmt: skip


def _may_be(values: pd.Series, arms: pd.Series) -> bool:
    """Return whether any of *values* repeat, and at least half of these in one arm."""
    counts = _counts(values, arms)
    many = counts[counts.sum(axis=1) > 1]
    return bool(len(many)) and float(((many > 0).sum(axis=1) > 1).mean()) <= 0.5


def nested_in_table(units: ibis.Table, experiment: Experiment) -> Found:
    """Return what `nested_in_frame` returns, counted in the engine of *units*."""
    if experiment.cluster is not None or experiment.block is not None:
        return {}
    names = [
        name for name in candidates(list(units.columns), experiment)
        if units[name].type().is_integer() or units[name].type().is_string() or _whole(units, name)
    ]  # fmt: skip
    found: Found = {}
    for name in names:
        if (seen := _nested_value(units, units[name])) is not None:
            found[name] = seen
    if KEY in units.columns and KEY not in experiment.independent and units[KEY].type().is_string():
        key, arm = units[KEY], units.variant.cast("string")
        if bool(key.contains(arm).all().to_pandas()):
            key = key.replace(arm, "")
        held = {sign: bool(key.re_search(sign).all().to_pandas()) for sign in (_SIGN, _NUMBER)}
        for off in (off for sign, off in PARTS if held[sign]):
            if (seen := _nested_value(units, key.re_replace(off, ""))) is not None:
                return found | {KEY: seen}
    return found


def _whole(units: ibis.Table, name: str) -> bool:
    """Return whether the column *name* holds whole numbers as floats."""
    if not units[name].type().is_floating():
        return False
    value = units[name]
    known = units.filter(value.notnull() & ~value.isnan())
    return bool(known.aggregate(whole=(known[name] == known[name].floor()).all()).to_pandas()["whole"].eq(True).all())


def _nested_value(units: ibis.Table, value: ibis.Value) -> tuple[int, float] | None:
    """Return what `_nested` returns of a *value* of the rows of *units*, counted in their engine."""
    rows = units.select(value=value, variant=units.variant.cast("string"))
    rows = rows.filter(rows.variant.notnull() & rows.value.notnull())
    rows = rows.filter(~rows.value.isnan()) if value.type().is_floating() else rows
    cells = rows.group_by("value", "variant").aggregate(n=ibis._.count())
    values = cells.group_by("value").aggregate(arms=cells.n.count(), n=cells.n.sum())
    many = values.filter(values.n > 1)
    seen = many.aggregate(crossing=(many.arms > 1).cast("int64").sum(), kept=many.n.count()).to_pandas().iloc[0]
    if not seen["kept"] or seen["crossing"] > CROSSING * seen["kept"]:
        return None
    counts = cells.to_pandas().pivot_table(index="value", columns="variant", values="n", fill_value=0)
    return _nested(counts.to_numpy())


def _counts(column: pd.Series, arms: pd.Series) -> np.ndarray:
    """Return how often each value of *column* (none missing) stands in each arm: pandas' crosstab calls Python for every cell."""
    values, arm = (pd.factorize(one.to_numpy(dtype=object))[0] for one in (column, arms.astype(str)))
    shape = (values.max(initial=-1) + 1, arm.max(initial=-1) + 1)
    return np.bincount(values * shape[1] + arm, minlength=shape[0] * shape[1]).reshape(shape)


def _nested_in(column: pd.Series, arms: pd.Series) -> tuple[int, float] | None:
    return _nested(_counts(column, arms)) if column.duplicated().any() else None


def _nested(counts: np.ndarray) -> tuple[int, float] | None:
    """Return values and rows to each of *counts* (value x arm) where nearly each lies in one arm, beyond chance; else None.

    The chance that at least so many lie in one arm is bounded by that of the likeliest so many, times the ways to choose
    them. One value to an arm is the arm by another name.
    """
    size, alone = counts.sum(axis=1), (counts > 0).sum(axis=1) == 1
    many = size > 1
    repeating, kept = int(many.sum()), int((many & alone).sum())
    if repeating - kept > CROSSING * repeating or ((counts[many & alone] > 0).sum(axis=0) < 2).any():
        return None
    shares = counts.sum(axis=0) / counts.sum()
    chance = sum(float(share) ** size[many].astype(float) for share in shares)  # that a value is in one arm
    likeliest = np.log(np.maximum(np.sort(chance)[::-1][:kept], 1e-300)).sum()
    ways = special.gammaln(repeating + 1) - special.gammaln(kept + 1) - special.gammaln(repeating - kept + 1)
    if likeliest + ways > np.log(CHANCE):
        return None
    return int(size.size), float(size.mean())
