"""Cells laid out in rows and columns: shaded by their value, numbers in them where they have room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fanops_utils.charts.canvas import LEADING, LETTER, SMALL, Canvas
from fanops_utils.charts.lettering import fitted, room
from fanops_utils.charts.pen import Pen
from fanops_utils.colours import INK, MUTED, SERIES
from fanops_utils.text import Form, Number, Percent, Sayable, Signed

FAINTEST, STRONGEST = 0.06, 0.6  # of the colour: words in ink can be read on all of it
TALL, FLAT, BETWEEN, GAP = 28.0, 20.0, 2.0, 10.0  # px
NAMES = 0.28  # of the width, at most
STEPS = 5  # of the key
MOSTLY = 0.8  # of the numbers fit, or none is written

Name = Sayable | str


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Values in rows and columns (NaN where there is none), their names, how they are written and shaded.

    Values below `centre`, where there is one, are orange. `framed` cells have an edge. `over` and `beside` name what
    columns and rows are. `brief`: shorter names of the rows, for where they head columns.
    """

    rows: Sequence[Name]
    columns: Sequence[Name]
    values: np.ndarray
    form: Form
    centre: float | None = None
    framed: frozenset[tuple[int, int]] = frozenset()
    over: Sayable | None = None
    beside: Sayable | None = None
    numbers: bool = True
    brief: Sequence[Name] | None = None

    def turned(self) -> Grid:
        """Return the grid with rows and columns exchanged."""
        framed = frozenset((column, row) for row, column in self.framed)
        return Grid(rows=self.columns, columns=self.brief or self.rows, values=self.values.T, form=self.form, centre=self.centre,
                    framed=framed, over=self.beside, beside=self.over, numbers=self.numbers)  # fmt: skip


def draw_grid(pen: Pen, grid: Grid) -> str:
    """Return *grid* as SVG of the pen's width: turned where it is wider than a narrow drawing bears."""
    if pen.narrow and len(grid.columns) > 12 and len(grid.rows) < len(grid.columns):
        grid = grid.turned()
    names = [fitted(pen.text(name), NAMES * pen.width, LETTER) for name in grid.rows]
    longest = max(room(name, LETTER) for name in names)
    above = pen.narrow and longest > 0.2 * pen.width
    if above:
        names = [fitted(pen.text(name), pen.width - 8, LETTER) for name in grid.rows]
    left = 0.0 if above else longest + GAP
    wide = min((pen.width - left) / len(grid.columns), 96.0)
    write = _writer(grid, pen, wide - BETWEEN)
    sheet = Canvas(pen.width)
    y = _heads(sheet, pen, grid, left, wide)
    for place, name in enumerate(names):
        lines = name.count("\n") + 1
        tall = TALL if write else FLAT
        if above:
            sheet.words(name, (0, y + 14))
            y += LEADING * lines + 3
        else:
            tall = max(tall, LEADING * lines + 2)
            sheet.words(name, (left - GAP, y + tall / 2 + 4.5 - (lines - 1) * LEADING / 2), anchor="end")
        _cells(sheet, grid, place, (left, y), (wide, tall), write)
        y += tall + (6 if above else 0)
    return sheet.svg(_scale(sheet, pen, grid, y + 8))


def _heads(sheet: Canvas, pen: Pen, grid: Grid, left: float, wide: float) -> float:
    """Write what columns are, and the names of as many of them as have room; return where the rows begin."""
    y = 0.0
    for what in (grid.over, grid.beside):
        if what is not None:
            text = fitted(pen.text(what), pen.width - 8, SMALL)
            sheet.words(text, (0, y + 12), size=SMALL, colour=MUTED)
            y += LEADING * (text.count("\n") + 1)
    written = [pen.text(name) for name in grid.columns]
    step = 1
    heads = [fitted(name, max(wide - 6, 40), SMALL) for name in written]
    while step < len(heads) and max(room(head, SMALL) for head in heads[::step]) + 6 > wide * step:
        step += 1
    lines = max(head.count("\n") + 1 for head in heads[::step])
    free = 0.0
    for place, head in list(enumerate(heads))[::step]:
        half = room(head, SMALL) / 2
        x = min(max(left + (place + 0.5) * wide, half), pen.width - half)
        if x - half < free:  # moved in from the edge, onto its neighbour
            continue
        free = x + half
        sheet.words(
            head, (x, y + 13 + (lines - head.count("\n") - 1) * LEADING), size=SMALL, colour=MUTED, anchor="middle"
        )
    return y + lines * LEADING + 4


def _cells(
    sheet: Canvas, grid: Grid, row: int, corner: tuple[float, float], size: tuple[float, float],
    write: Callable[[float], str] | None,
) -> None:  # fmt: skip
    wide, tall = size
    for column, value in enumerate(grid.values[row]):
        x, y = corner[0] + column * wide, corner[1]
        if np.isnan(value):
            continue
        colour, opacity = _shade(grid, float(value))
        sheet.box(x, y, wide - BETWEEN, tall - BETWEEN, colour=colour, opacity=opacity)
        if (row, column) in grid.framed:
            edge = [
                (x, y),
                (x + wide - BETWEEN, y),
                (x + wide - BETWEEN, y + tall - BETWEEN),
                (x, y + tall - BETWEEN),
                (x, y),
            ]
            sheet.trace(edge, colour=INK, thick=1.2)
        if write:
            middle = (x + (wide - BETWEEN) / 2, y + (tall - BETWEEN) / 2 + 4.3)
            sheet.words(write(float(value)), middle, size=SMALL, anchor="middle", inside=True)


def _shade(grid: Grid, value: float) -> tuple[str, float]:
    """Return the colour of *value* and how strong it is."""
    known = grid.values[np.isfinite(grid.values)]
    middle = grid.centre if grid.centre is not None else min(float(known.min()), 0.0) if known.min() < 0 else 0.0
    most = float(np.abs(known - middle).max()) or 1.0
    colour = SERIES[1] if grid.centre is not None and value < middle else SERIES[0]
    return colour, FAINTEST + (STRONGEST - FAINTEST) * abs(value - middle) / most


def _writer(grid: Grid, pen: Pen, space: float) -> Callable[[float], str] | None:
    """Return how numbers are written in cells *space* wide: without a per cent sign where that does not fit, or not at all."""
    if not grid.numbers:
        return None
    known = grid.values[np.isfinite(grid.values)]
    write: list[Callable[[float], str]] = [pen.number(grid.form)]
    if grid.form in (Percent, Signed):
        write.append(pen.number(lambda value: grid.form(value, 0)))  # type: ignore[call-arg]
        sign = grid.form is Signed
        write.append(pen.number(lambda value: Number(100 * value, 0, sign=sign)))
    for how in write:
        fit = [value for value in known if room(how(float(value)), SMALL) <= space]
        if len(fit) >= MOSTLY * len(known):  # the longest may stay away: the key tells the highest value
            return partial(_fitting, how, space)
    return None


def _fitting(how: Callable[[float], str], space: float, value: float) -> str:
    text = how(value)
    return text if room(text, SMALL) <= space else ""


def _scale(sheet: Canvas, pen: Pen, grid: Grid, y: float) -> float:
    """Draw which shade means which value, below the cells; return where it ends."""
    known = grid.values[np.isfinite(grid.values)]
    low, high = float(known.min()), float(known.max())
    first, last = pen.number(grid.form)(low), pen.number(grid.form)(high)
    if first == last:
        return y
    x = room(first, SMALL) + 6
    sheet.words(first, (0, y + 12), size=SMALL, colour=MUTED)
    for place in range(STEPS):
        colour, opacity = _shade(grid, low + (high - low) * place / (STEPS - 1))
        sheet.box(x + place * 22, y + 2, 21, 12, colour=colour, opacity=opacity)
    sheet.words(last, (x + STEPS * 22 + 6, y + 12), size=SMALL, colour=MUTED)
    return y + 20
