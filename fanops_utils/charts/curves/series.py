"""Charts over time and over the hours of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.curves.naming import name_lines, named_lines
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, Form, Sayable, Signed, is_few, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEWEST_PER_HOUR = 5
HEIGHT = 290.0  # px
Note = Sayable | str | None


def lines(
    frame: pd.DataFrame, *, x: str, y: str, words: Words, series: str | None = None, form: Form = Count, dates: bool = True,
    breaks: Sequence[tuple[Any, Note]] = (), marks: Sequence[tuple[Any, Any, Note]] = (), people: bool = False,
) -> Chart:  # fmt: skip
    """Draw *y* over *x*, one line per value of *series* (a message or name), each named at its end.

    Columns lower and upper, where there, draw a band. *breaks* are (day, note): the line is cut there. *marks* are
    (first day, last day, note): shaded spans. Missing values leave gaps. Without *dates*, *x* are plain numbers. Where
    there is a column `own`, only its lines are coloured and the others are grey. Names too long for a narrow drawing
    stand above it. With *people* values of fewer than ten are left out.
    """
    if people:
        frame = frame.assign(**{y: frame[y].astype(float).mask(frame[y].map(is_few))})
    if frame.empty or frame[y].isna().all():
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    drawings = named_lines(drawn, series)
    cuts = [day for day, _ in breaks]

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        _spans(axes, pen, breaks, marks)
        for line in drawings:
            for part in _unbroken(line.frame.sort_values(x), x, cuts):
                _line(axes, part, x, y, line.colour)
        axes.set_ylim(bottom=min(0.0, float(drawn[y].min())))
        name_lines(axes, pen, drawings, x, y, words.axis)
        if dates:
            ax.date_axis(axes, pen)
        else:
            axes.set_xticks(sorted(drawn[x].unique()))
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn.drop(columns="own", errors="ignore"))


def spans(frame: pd.DataFrame, *, start: str, days: int, where: str, note: Note) -> list[tuple[Any, Any, Note]]:
    """Return the marks for `lines`: a shaded span of *days* from *start* for each row where *where* holds."""
    chosen = frame.loc[frame[where].astype(bool), start]
    return [(first, first + pd.Timedelta(days=days), None if number else note) for number, first in enumerate(chosen)]


def hour_curve(curve: pd.DataFrame, naive: pd.DataFrame, *, words: Words) -> Chart:
    """Draw the adjusted effect of the hour with its band, and the plain hourly averages as diamonds.

    *curve* and *naive* are those of `models.PostingTime`; hours with fewer than five posts have no diamond.
    """
    if curve.empty:
        return Chart.nothing(words)
    averages = naive[naive["n"] >= FEWEST_PER_HOUR]
    day = pd.concat([curve, curve.head(1).assign(hour=24)], ignore_index=True)  # the wave closes at midnight
    beside = averages[["hour", "effect"]].rename(columns={"effect": "plain_average"})

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        axes.axhline(0, color=MUTED, linewidth=0.8)
        axes.fill_between(day["hour"], day["ci_lower"], day["ci_upper"], color=BAND, alpha=0.45, linewidth=0)
        axes.plot(day["hour"], day["effect"], color=SERIES[0], linewidth=2)
        axes.scatter(averages["hour"] + 0.5, averages["effect"], color=SERIES[1], s=24, zorder=3, marker="D")
        axes.margins(y=0.12)
        axes.set_xlim(0, 24)
        step = 6 if pen.narrow else 4
        axes.set_xticks(range(0, 25, step), [f"{hour:02d}:00" for hour in range(0, 25, step)])
        ax.foot(axes, pen, term("hour of publication, local time of the market", "axis"))
        adjusted, average = (
            term("— at equal format", "key of a chart"),
            term("◆ plain average of the hour", "key of a chart"),
        )
        ax.head(axes, pen, words.axis, keys=((adjusted, SERIES[0]), (average, SERIES[1])))
        ax.soften(axes, grid="y")
        ax.ticks(axes, pen, Signed, which="y")
        return finished(figure, pen)

    return Chart(words, draw, curve.merge(beside, on="hour", how="left"))


def _spans(axes: Axes, pen: Pen, breaks: Sequence[tuple[Any, Note]], marks: Sequence[tuple[Any, Any, Note]]) -> None:
    """Shade the *marks* and draw the *breaks*, each with its note."""
    for first, last, note in marks:
        axes.axvspan(first, last, color=SERIES[1], alpha=0.18, linewidth=0)
        ax.at_top(axes, pen.text(note), first)
    for day, note in breaks:
        axes.axvline(day, color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
        ax.at_top(axes, pen.text(note), day)


def _line(axes: Axes, part: pd.DataFrame, x: str, y: str, colour: str) -> None:
    """Draw one line, open where values are missing; a value between two missing ones is a dot."""
    values = part[y].astype(float)
    axes.plot(part[x], values, color=colour, linewidth=1.7)
    alone = values.notna() & values.shift().isna() & values.shift(-1).isna()
    if alone.any():
        axes.scatter(part[x][alone], values[alone], color=colour, s=14, zorder=3)
    if {"lower", "upper"} <= set(part.columns):
        band = part["lower"].astype(float), part["upper"].astype(float)
        axes.fill_between(part[x], *band, color=BAND, alpha=0.45, linewidth=0)


def _unbroken(group: pd.DataFrame, x: str, days: list[Any]) -> list[pd.DataFrame]:
    piece = sum((group[x] >= day).astype(int) for day in days) if days else pd.Series(0, index=group.index)
    return [part for _, part in group.groupby(piece) if len(part)]
