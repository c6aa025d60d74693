"""Rows laid out: names beside their marks where there is room, above them on narrow screens; numbers in a column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from fanops_utils.charts import scale
from fanops_utils.charts.canvas import LEADING, LETTER, SMALL, Canvas
from fanops_utils.charts.lettering import fitted, room
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.rows.glyphs import draw_mark
from fanops_utils.charts.rows.marks import Key, Mark, Panel, Row
from fanops_utils.charts.scale import Scale
from fanops_utils.colours import INK, MUTED, RULE

GAP, EDGE, TRACK = 12.0, 8.0, 9.0
NAMES, NUMBERS, BESIDE_NAME = 0.34, 0.3, 0.5  # of the width, at most; of a narrow one, beside the name
ROW, BELOW, APART = 30.0, 18.0, 8.0  # px: a row at least; its marks where the name stands above, what follows them


class _Layout:
    """Where names, marks and numbers of all panels stand on a sheet of the pen's width."""

    def __init__(self, panels: Sequence[Panel], pen: Pen) -> None:
        rows = [row for panel in panels for row in panel.rows]
        said = [fitted(_said(row, pen), (BESIDE_NAME if pen.narrow else NUMBERS) * pen.width, LETTER) for row in rows]
        self.numbers = max((room(text, LETTER, bold=True) for text in said), default=0.0)
        aside = self.numbers + GAP if self.numbers else 0.0
        space = pen.width - aside if pen.narrow else NAMES * pen.width
        names = [fitted(pen.text(row.name), space, LETTER) for row in rows]
        widest = max((room(name, LETTER, bold=True) for name in names), default=0.0)
        self.left = EDGE if pen.narrow else min(widest + GAP, NAMES * pen.width + 3 * GAP)
        self.right = pen.width - (0 if pen.narrow else aside)
        self.names = dict(zip(map(id, rows), zip(names, said, strict=True), strict=True))

    def tall(self, row: Row, pen: Pen) -> float:
        """Return the height *row* needs for its name, its number and its marks."""
        lines = max(text.count("\n") + 1 for text in self.names[id(row)])
        marks = max((_tall(mark) for mark in row.marks), default=0.0)
        return (
            lines * LEADING + 4 + max(BELOW, marks) + APART if pen.narrow else max(ROW, lines * LEADING + 8, marks + 8)
        )


def _tall(mark: Mark) -> float:
    return 2 * abs(mark.track) * TRACK + (mark.thick or 12.0)


def draw_rows(pen: Pen, panels: Sequence[Panel], *, keys: Sequence[Key] = ()) -> str:
    """Return *panels* under each other as SVG of the pen's width, *keys* above them."""
    sheet, layout = Canvas(pen.width), _Layout(panels, pen)
    top = _keys(sheet, pen, keys)
    count = 0
    for panel in panels:
        top, count = _panel(sheet, pen, panel, layout, top, count)
    return sheet.svg(top + 2)


def _keys(sheet: Canvas, pen: Pen, keys: Sequence[Key]) -> float:
    """Write the key, as many lines as it needs; return where it ends."""
    x, y, below = 0.0, 14.0, 0.0
    for key in keys:
        text = fitted(pen.text(key.text), pen.width - 24, SMALL)
        if x and x + 18 + room(text, SMALL) > pen.width:
            x, y, below = 0.0, y + below + LEADING + 4, 0.0
        below = max(below, LEADING * text.count("\n"))
        at = Scale(0.0, 1.0, x, x + 14)
        draw_mark(sheet, _sample(key), at, y - 4)
        sheet.words(text, (x + 20, y), size=SMALL, colour=MUTED)
        x += 20 + room(text, SMALL) + 18
    return y + below + 10 if keys else 4.0


def _sample(key: Key) -> Mark:
    if key.kind in ("interval", "band", "bar"):
        return Mark(key.kind, 0, 1, colour=key.colour, thick=4 if key.kind == "interval" else 11, opacity=key.opacity)
    return Mark(key.kind, 0.5, colour=key.colour, thick=10, opacity=key.opacity)


def _panel(sheet: Canvas, pen: Pen, panel: Panel, layout: _Layout, top: float, count: int) -> tuple[float, int]:
    low, high = panel.limits or _limits(panel)
    ticks = _ticks(panel, pen, low, high) if panel.ticks else []
    half = max((room(text, SMALL) / 2 for _, text in ticks), default=0.0)
    across = Scale(low, high, max(layout.left, half) + 2, min(layout.right, pen.width - half) - 4)
    first = _reference(sheet, pen, panel, across, top)
    heights = [layout.tall(row, pen) for row in panel.rows]
    y = first + sum(heights)
    starts = [float(start) for start in first + np.cumsum([0.0, *heights[:-1]])]
    placed = list(zip(panel.rows, starts, heights, strict=True))
    for above, below in (
        [(start + _above(layout, row), start + tall) for row, start, tall in placed] if pen.narrow else [(first, y)]
    ):
        for value, _ in ticks:
            sheet.line((across(value), above), (across(value), below), colour=RULE)
        if low <= 0 <= high and panel.ticks:
            sheet.line((across(0), above), (across(0), below), colour=MUTED)
        if panel.reference is not None and np.isfinite(panel.reference):
            sheet.line((across(panel.reference), above - 2), (across(panel.reference), below), colour=MUTED, dash="4 3")
    for row, start, tall in placed:
        _row(sheet, pen, row, layout, across, start, tall)
    for number, (value, text) in enumerate(ticks, start=count + 1):
        label = Canvas(pen.width)
        label.words(text, (across(value), y + 15), size=SMALL, colour=MUTED, anchor="middle")
        sheet.grouped(f"xtick_{number}", label.parts)
    y += LEADING * max((text.count("\n") + 1 for _, text in ticks), default=0) + 4
    if panel.axis is not None:
        start = 0.0 if pen.narrow else min(across.start, 0.5 * pen.width)
        name = fitted(pen.text(panel.axis), pen.width - start - EDGE, SMALL)
        sheet.words(name, (start, y + 13), size=SMALL, colour=MUTED)
        y += LEADING * (name.count("\n") + 1) + 4
    return y + 4, count + len(ticks)


def _said(row: Row, pen: Pen) -> str:
    return row.said(pen) if callable(row.said) else pen.text(row.said)


def _ticks(panel: Panel, pen: Pen, low: float, high: float) -> list[tuple[float, str]]:
    if not panel.dates:
        return scale.numbers(low, high, panel.form, pen.text, most=3 if pen.narrow else 4)
    first, last = date.fromordinal(math.ceil(low)), date.fromordinal(math.floor(high))
    days = scale.days(first, last, pen.language, most=4 if pen.narrow else 6)
    return [(float(day.toordinal()), text) for day, text in days]


def _limits(panel: Panel) -> tuple[float, float]:
    ends = [end for row in panel.rows for mark in row.marks for end in (mark.at, mark.to) if end is not None]
    return scale.reach(
        np.array([*ends, *([panel.reference] if panel.reference is not None else [])], float), zero=panel.zero
    )


def _reference(sheet: Canvas, pen: Pen, panel: Panel, across: Scale, top: float) -> float:
    """Name the value that all rows are held against, above them; return where the rows begin."""
    if panel.reference is None or panel.reference_label is None or not np.isfinite(panel.reference):
        return top
    text = fitted(pen.text(panel.reference_label), 0.6 * pen.width, SMALL)
    half, x = room(text, SMALL) / 2, across(panel.reference)
    x = min(max(x, half + 2), pen.width - half - 2)
    sheet.words(text, (x, top + 12), size=SMALL, colour=MUTED, anchor="middle")
    return top + LEADING * (text.count("\n") + 1) + 3


def _above(layout: _Layout, row: Row) -> float:
    """Return the height that the name of *row* takes above its marks, on a narrow screen: no line runs through it."""
    return LEADING * max(text.count("\n") + 1 for text in layout.names[id(row)]) + 4


def _row(sheet: Canvas, pen: Pen, row: Row, layout: _Layout, across: Scale, top: float, tall: float) -> None:
    name, said = layout.names[id(row)]
    lines = name.count("\n") + 1
    above = _above(layout, row) if pen.narrow else 0.0
    middle = top + above + (tall - above - (APART if pen.narrow else 0.0)) / 2
    ends = Scale(across.low, across.high, across.start, across.end)
    for mark in row.marks:
        if mark.known:
            draw_mark(sheet, mark, ends, middle + mark.track * TRACK, pen)
    if pen.narrow:
        sheet.words(name, (2, top + 15), bold=row.strong)
        sheet.words(said, (pen.width - 2, top + 15), colour=row.colour, anchor="end", bold=True)
        return
    sheet.words(name, (layout.left - GAP, _first(middle, lines)), anchor="end", bold=row.strong, colour=INK)
    sheet.words(said, (pen.width, _first(middle, said.count("\n") + 1)), colour=row.colour, anchor="end", bold=True)


def _first(middle: float, lines: int) -> float:
    """Return the baseline of the first of *lines* that are centred on *middle*."""
    return middle + 4.5 - (lines - 1) * LEADING / 2
