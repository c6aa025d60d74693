"""Charts of a plan: power by units, and the smallest effect by weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.words import Words
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Count, Level, Sayable, say, term

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=3.0)
        axes.axhline(power, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        planned = pen.text(say("planned {power}", power=Level(power)))
        ax.word(axes, planned, (most, power), shift=(0, 3), ha="right", color=MUTED, fontsize=9)
        for number, (name, curve) in enumerate(zip(names, curves, strict=True)):
            axes.plot(curve["units"], curve["power"], color=SERIES[number], linewidth=1.9)
            end = float(curve["power"].iloc[-1])
            bold = {"color": SERIES[number], "va": "center", "fontweight": "bold"}
            ax.word(axes, pen.text(name), (most, end), shift=(6, -13 * number if end > 0.9 else 0), **bold)
        axes.set_xlim(0, most)
        axes.set_ylim(0, 1.04)
        ax.ticks(axes, pen, Count, which="x")
        ax.caption(axes, pen, term("units per arm", "axis"))
        ax.caption(axes, pen, term("chance to find it", "axis"), which="y")
        ax.ticks(axes, pen, Level, which="y")
        ax.soften(axes, grid="y")
        return figure

    return Chart(words, draw, drawn)


def reach_by_week(frame: pd.DataFrame, *, share: bool, wanted: float | None, words: Words) -> Chart:
    """Draw the smallest effect found after each week (weeks, effect), the effect that matters as a dashed line."""
    drawn = frame.dropna(subset=["effect"])
    if drawn.empty:
        return Chart.nothing(words)
    form, final = ax.difference(share=share), drawn.iloc[-1]

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=2.8)
        axes.plot(drawn["weeks"], drawn["effect"], color=SERIES[0], linewidth=1.8, marker="o", markersize=5)
        if wanted is not None:
            axes.axhline(wanted, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 3)))
            matters, last = pen.text(term("matters from here", "limit in a chart")), float(drawn["weeks"].max())
            ax.word(axes, matters, (last, wanted), shift=(0, 3), ha="right", color=SERIES[1], fontsize=9)
        number = pen.number(form)(final["effect"])
        ax.word(axes, number, (final["weeks"], final["effect"]), shift=(8, 0), va="center")
        axes.set_ylim(bottom=0)
        axes.set_xticks(drawn["weeks"].tolist())
        ax.caption(axes, pen, term("weeks of exposure", "axis"))
        ax.caption(axes, pen, words.axis, which="y")
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return figure

    return Chart(words, draw, frame.reset_index(drop=True))
