"""Heat maps, cohort triangles and migration matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.grids.cells import Grid, Name, draw_grid
from fanops_utils.charts.words import Words
from fanops_utils.text import Count, Form, Percent, Sayable, term

HIDDEN_BELOW = 10


def heat_map(
    frame: pd.DataFrame, *, x: str, y: str, value: str, words: Words, form: Form = Percent, centre: float | None = None,
    columns: Sequence[Any] | None = None, rows: Sequence[Any] | None = None, brief: Sequence[Any] | None = None,
    numbers: bool = True,
) -> Chart:  # fmt: skip
    """Draw *value* as shaded cells: a column per value of *x*, a row per value of *y* (messages, names or numbers).

    They stand in the order of *columns* and *rows*, else in that of the frame. What is not in the frame, or rests on a
    column n below 10, is an empty cell: missing is not zero. With a *centre* (no change, the mean) what lies below it is
    orange. `words.x_axis` names the columns, `words.axis` what is shaded. A map wider than a phone is turned there; its
    rows are then headed by their *brief* names, where given.
    """
    known = frame[frame["n"] >= HIDDEN_BELOW] if "n" in frame else frame
    known = known.dropna(subset=[value]).reset_index(drop=True)
    if known.empty:
        return Chart.nothing(words)
    across, down = list(columns or dict.fromkeys(frame[x])), list(rows or dict.fromkeys(frame[y]))
    values = _cells(known, x, y, value, across, down)
    grid = Grid(rows=_named(down), columns=_named(across), values=values, form=form, centre=centre, over=words.axis,
                beside=words.x_axis, numbers=numbers, brief=_named(brief) if brief else None)  # fmt: skip
    return Chart(words, lambda pen: draw_grid(pen, grid), known)


def cohort_triangle(
    frame: pd.DataFrame,
    *,
    cohort: str,
    age: str,
    value: str,
    words: Words,
    form: Form = Percent,
    size: str | None = "n",
) -> Chart:
    """Draw how much of each *cohort* (messages or names, oldest first) is left at each *age* (numbers): a cell each.

    Ages not yet reached are empty. The column *size*, where there, is how many the cohort began with: cohorts of fewer
    than 10 are left out. `words.x_axis` names the ages, `words.axis` what is shaded.
    """
    known = frame if size is None or size not in frame else frame[frame[size] >= HIDDEN_BELOW]
    known = known.dropna(subset=[value]).reset_index(drop=True)
    if known.empty:
        return Chart.nothing(words)
    down, across = list(dict.fromkeys(known[cohort])), sorted(known[age].unique())
    names: list[Name] = _named(down)
    if size is not None and size in frame:
        begun = known.groupby(cohort, sort=False)[size].max()
        names = [term("{name}  (n={n})", "row of a chart", name=name, n=Count(float(begun[each])))
                 for name, each in zip(names, down, strict=True)]  # fmt: skip
    values = _cells(known, age, cohort, value, across, down)
    grid = Grid(rows=names, columns=_named(across), values=values, form=form, over=words.axis, beside=words.x_axis)
    return Chart(words, lambda pen: draw_grid(pen, grid), known)


def migration_matrix(
    frame: pd.DataFrame, *, origin: str, target: str, share: str, words: Words, order: Sequence[Any] | None = None
) -> Chart:
    """Draw which *share* of each row's *origin* is where at the end (*target*): shares of a row add up to one.

    Stages (messages or names) stand in *order*, else in that of the frame; who stayed is framed. A row that rests on a
    column n below 10 is left empty. `words.axis` says what rows and columns are.
    """
    known = frame[frame["n"] >= HIDDEN_BELOW] if "n" in frame else frame
    known = known.dropna(subset=[share]).reset_index(drop=True)
    if known.empty:
        return Chart.nothing(words)
    stages = list(order or dict.fromkeys([*frame[origin], *frame[target]]))
    values = _cells(known, target, origin, share, stages, stages)
    stayed = frozenset((place, place) for place in range(len(stages)))
    grid = Grid(
        rows=_named(stages), columns=_named(stages), values=values, form=Percent, framed=stayed, over=words.axis
    )
    return Chart(words, lambda pen: draw_grid(pen, grid), known)


def _cells(frame: pd.DataFrame, x: str, y: str, value: str, across: Sequence[Any], down: Sequence[Any]) -> np.ndarray:
    """Return *value* by row and column, NaN where the frame has none."""
    column, row = ({key: place for place, key in enumerate(keys)} for keys in (across, down))
    cells = np.full((len(down), len(across)), np.nan)
    for left, top, number in zip(frame[x], frame[y], frame[value], strict=True):
        if left in column and top in row:
            cells[row[top], column[left]] = float(number)
    return cells


def _named(keys: Sequence[Any]) -> list[Name]:
    return [key if isinstance(key, Sayable | str) else key if not isinstance(key, int | float | np.number) else Count(float(key))
            for key in keys]  # fmt: skip
