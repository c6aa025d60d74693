"""Charts of a plan: power by units, and the smallest effect by weeks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.curves.naming import Line, name_lines
from fanops_utils.charts.forms import difference
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Count, Level, Sayable, say, term


def power_curves(frame: pd.DataFrame, *, names: Sequence[Sayable | str], power: float, words: Words) -> Chart:
    """Draw power over units per arm (units, power, times), one curve per multiple of the effect, named by *names*.

    The planned *power* is a dashed line.
    """
    if frame.empty:
        return Chart.nothing(words)
    drawn, most = frame.reset_index(drop=True), float(frame["units"].max())
    curves = [group for _, group in drawn.groupby("times", sort=False)]
    if len(curves) != len(names):
        raise ValueError(f"{len(curves)} curves, {len(names)} names")
    drawings = [
        Line(name, curve, SERIES[number]) for number, (name, curve) in enumerate(zip(names, curves, strict=True))
    ]

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=300)
        axes.axhline(power, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        planned = pen.text(say("planned {power}", power=Level(power)))
        ax.word(axes, planned, (most, power), shift=(0, 3), ha="right", color=MUTED)
        for line in drawings:
            axes.plot(line.frame["units"], line.frame["power"], color=line.colour, linewidth=1.9)
        axes.set_xlim(0, most)
        axes.set_ylim(0, 1.04)
        ax.ticks(axes, pen, Count, which="x")
        ax.foot(axes, pen, term("units per arm", "axis"))
        name_lines(axes, pen, drawings, "units", "power", term("chance to find it", "axis"))
        ax.ticks(axes, pen, Level, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn)


def reach_by_week(frame: pd.DataFrame, *, share: bool, wanted: float | None, words: Words) -> Chart:
    """Draw the smallest effect found after each week (weeks, effect), the effect that matters as a dashed line."""
    drawn = frame.dropna(subset=["effect"])
    if drawn.empty:
        return Chart.nothing(words)
    form, final = difference(share=share), drawn.iloc[-1]

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=270)
        axes.plot(drawn["weeks"], drawn["effect"], color=SERIES[0], linewidth=1.8, marker="o", markersize=5)
        if wanted is not None:
            axes.axhline(wanted, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 3)))
            matters, last = pen.text(term("matters from here", "limit in a chart")), float(drawn["weeks"].max())
            ax.word(axes, matters, (last, wanted), shift=(0, 3), ha="right", color=SERIES[1])
        number = pen.number(form)(final["effect"])
        ax.word(axes, number, (final["weeks"], final["effect"]), shift=(8, 0), va="center")
        axes.set_ylim(bottom=0)
        weeks = drawn["weeks"].tolist()
        axes.set_xticks(weeks[:: -(-len(weeks) // (8 if pen.narrow else 16))])
        ax.foot(axes, pen, term("weeks of exposure", "axis"))
        ax.head(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, frame.reset_index(drop=True))
