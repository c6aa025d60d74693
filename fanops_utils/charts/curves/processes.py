"""Charts of what is watched: a process against its limits, and how many are still there after so long."""

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
from fanops_utils.text import Form, Number, Percent, Sayable, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 290.0  # px


def control_chart(
    frame: pd.DataFrame, *, x: str, y: str, words: Words, form: Form = Number, breaks: Sequence[tuple[Any, Sayable | None]] = (),
) -> Chart:  # fmt: skip
    """Draw *y* over the days *x* against the usual value and its limits: columns centre, lower, upper, alarm.

    Days where `alarm` holds are large orange diamonds. *breaks* are (day, note): limits and line are cut there. Missing
    values leave gaps; limits may change from day to day.
    """
    if frame.empty or frame[y].isna().all():
        return Chart.nothing(words)
    drawn = frame.sort_values(x).reset_index(drop=True)
    piece = sum(((drawn[x] >= day).astype(int) for day, _ in breaks), start=pd.Series(0, index=drawn.index))
    alarms = drawn[drawn["alarm"].fillna(False).astype(bool)]

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        for _, part in drawn.groupby(piece):
            _watched(axes, part, x, y)
        axes.scatter(alarms[x], alarms[y].astype(float), color=SERIES[3], marker="D", s=46, zorder=4)
        for day, note in breaks:
            axes.axvline(day, color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
            ax.at_top(axes, pen.text(note), day)
        keys: list[tuple[Sayable, str]] = [(term("■ usual range", "key of a chart"), MUTED)]
        if len(alarms):
            keys.append((term("◆ outside it", "key of a chart"), SERIES[3]))
        ax.head(axes, pen, words.axis, keys=keys)
        axes.margins(y=0.12)
        ax.date_axis(axes, pen)
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn)


def _watched(axes: Axes, part: pd.DataFrame, x: str, y: str) -> None:
    """Draw one unbroken stretch: its limits, its usual value, what was measured."""
    days, ends = part[x], (part["lower"].astype(float), part["upper"].astype(float))
    axes.fill_between(days, *ends, color=BAND, alpha=0.35, linewidth=0, step="mid")
    axes.step(days, part["centre"].astype(float), color=MUTED, linewidth=1, linestyle=(0, (4, 2)), where="mid")
    axes.plot(days, part[y].astype(float), color=SERIES[0], linewidth=1.4, marker="o", markersize=3.5)


def step_curve(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    words: Words,
    series: str | None = None,
    form: Form = Percent,
    whole: bool = True,
) -> Chart:
    """Draw what is left after each time: a step line per value of *series*, with its band (lower, upper) where known.

    *x* are times since the beginning, as numbers (days, weeks); *y* are fractions that hold from there on; a column
    censored counts those last seen then: ticks on the line. The axis is that from 0 to 1 unless not *whole*. Where there
    is a column `own`, only its lines are coloured.
    """
    if frame.empty or frame[y].isna().all():
        return Chart.nothing(words)
    drawn = frame.sort_values(x, kind="stable").reset_index(drop=True)
    lines = named_lines(drawn, series)

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        for line in lines:
            times, left = line.frame[x].astype(float), line.frame[y].astype(float)
            if {"lower", "upper"} <= set(drawn.columns):
                ends = line.frame["lower"].astype(float), line.frame["upper"].astype(float)
                axes.fill_between(times, *ends, color=line.colour, alpha=0.16, linewidth=0, step="post")
            axes.step(times, left, color=line.colour, linewidth=1.9, where="post")
            if len(times) == 1:
                axes.scatter(times, left, color=line.colour, s=26)
            if "censored" in drawn:
                seen = line.frame["censored"].fillna(0).to_numpy(float) > 0
                axes.scatter(times[seen], left[seen], color=line.colour, marker="|", s=50, zorder=3)
        if whole:
            axes.set_ylim(0, 1.02)
        else:
            axes.set_ylim(bottom=0)
        axes.set_xlim(min(0.0, float(drawn[x].min())), max(1.0, float(drawn[x].max())))
        name_lines(axes, pen, lines, x, y, words.axis)
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, Number, which="x")
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn.drop(columns="own", errors="ignore"))
