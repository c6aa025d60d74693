"""Small multiples: the same line for many markets, on one scale, each in a panel of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fanops_utils.charts import scale
from fanops_utils.charts.canvas import LEADING, LETTER, SMALL, Canvas, Point
from fanops_utils.charts.chart import Chart
from fanops_utils.charts.lettering import fitted, room
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.scale import Scale
from fanops_utils.charts.strips.sparkline import runs
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, RULE, SERIES
from fanops_utils.text import Count, Form
from fanops_utils.text.sentences.forms import axis_day

PANEL, GAP = 92.0, 18.0  # px
LEAST = 0.4  # of a panel, for its name beside its last value


def small_multiples(
    frame: pd.DataFrame, *, x: str, y: str, series: str, words: Words, form: Form = Count, zero: bool = True,
    breaks: Sequence[Any] = (),
) -> Chart:  # fmt: skip
    """Draw *y* over the days *x*, a panel per value of *series* (a message or name), all on one scale, in their order.

    Columns lower and upper, where there, draw a band; missing values and *breaks* (days) leave gaps. Each panel tells its
    last value. Where there is a column `own`, only its panels are coloured. The scale begins at zero unless not *zero*.
    """
    if frame.empty or frame[y].isna().all():
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    groups = [(name, group.sort_values(x)) for name, group in drawn.groupby(series, sort=False)]
    columns = [y, *(name for name in ("lower", "upper") if name in drawn)]
    low, high = scale.reach(drawn[columns].to_numpy(float).ravel(), zero=zero)

    def draw(pen: Pen) -> str:
        sheet, across = Canvas(pen.width), min(2 if pen.narrow else 3, len(groups))
        axis = fitted(pen.text(words.axis), pen.width - 8, SMALL)
        sheet.words(axis, (0, 12), size=SMALL, colour=MUTED)
        ticks = scale.numbers(low, high, form, pen.text, most=2)
        left = max(room(text, SMALL) for _, text in ticks) + 6
        wide = (pen.width - left - GAP * (across - 1)) / across
        y_at = LEADING * (axis.count("\n") + 1) + 6
        for begin in range(0, len(groups), across):
            line = groups[begin : begin + across]
            heads = [_head(pen, name, group, y, form, wide) for name, group in line]
            under = any(_crowded(name, last, wide) for name, last in heads)  # the last values stand under the names
            lines = max(name.count("\n") + 1 for name, _ in heads)
            top = y_at + LEADING * (lines + under) + 6
            up = Scale(low, high, top + PANEL, top)
            for value, text in ticks:
                sheet.words(text, (left - 6, up(value) + 4), size=SMALL, colour=MUTED, anchor="end")
            for place, ((_, group), head) in enumerate(zip(line, heads, strict=True)):
                x_at = left + place * (wide + GAP)
                for value, _ in ticks:
                    sheet.line((x_at, up(value)), (x_at + wide, up(value)), colour=RULE)
                sheet.words(head[0], (x_at, y_at + 13), bold=True)
                sheet.words(head[1], (x_at + wide, y_at + 13 + LEADING * lines * under), anchor="end", colour=MUTED)
                _course(sheet, group, x, y, Scale(*_span(drawn[x]), x_at + 3, x_at + wide - 3), up, breaks)
            y_at = top + PANEL + 8
        _days(sheet, pen, drawn[x], left, wide, y_at)
        return sheet.svg(y_at + 22)

    return Chart(words, draw, drawn.drop(columns="own", errors="ignore"))


def _head(pen: Pen, name: Any, group: pd.DataFrame, y: str, form: Form, wide: float) -> tuple[str, str]:
    """Return the name of a panel and its last value."""
    known = group[y].dropna()
    last = pen.number(form)(float(known.iloc[-1])) if len(known) else ""
    beside = wide - room(last, LETTER) - 16
    return fitted(pen.text(name), beside if beside >= LEAST * wide else wide, LETTER), last


def _crowded(name: str, last: str, wide: float) -> bool:
    """Return whether a panel's *name* and its *last* value have no room beside each other."""
    return room(name.split("\n")[0], LETTER, bold=True) + room(last, LETTER) + 8 > wide


def _span(days: pd.Series) -> tuple[float, float]:
    return float(pd.Timestamp(days.min()).toordinal()), float(pd.Timestamp(days.max()).toordinal())


def _course(
    sheet: Canvas, group: pd.DataFrame, x: str, y: str, across: Scale, up: Scale, breaks: Sequence[Any]
) -> None:
    """Draw the line of one panel with its band, cut at *breaks* and where values are missing."""
    colour = SERIES[0] if "own" not in group or bool(group["own"].any()) else SERIES[5]
    piece = sum(((group[x] >= day).astype(int) for day in breaks), start=pd.Series(0, index=group.index))
    for _, part in group.groupby(piece):
        places = [across(float(pd.Timestamp(day).toordinal())) for day in part[x]]
        values = part[y].to_numpy(float)
        if "lower" in part and "upper" in part:
            lower, upper = part["lower"].to_numpy(float), part["upper"].to_numpy(float)
            for run in runs(lower + upper):
                edge = [(places[k], up(upper[k])) for k in run] + [(places[k], up(lower[k])) for k in run[::-1]]
                sheet.area(edge, colour=BAND, opacity=0.45)
        for run in runs(values):
            points: list[Point] = [(places[k], up(values[k])) for k in run]
            if len(points) > 1:
                sheet.trace(points, colour=colour)
            else:
                sheet.disc(points[0], 2.2, colour=colour)


def _days(sheet: Canvas, pen: Pen, days: pd.Series, left: float, wide: float, y: float) -> None:
    """Write the first and the last day under the first column of panels."""
    first, last = (pd.Timestamp(day).date() for day in (days.min(), days.max()))
    sheet.words(axis_day(first, pen.language, year=False), (left, y + 12), size=SMALL, colour=MUTED)
    if last != first:
        sheet.words(
            axis_day(last, pen.language, year=False), (left + wide, y + 12), size=SMALL, colour=MUTED, anchor="end"
        )
