"""Charts of an experiment's read-out over time: looks against their bounds, the effect by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.forms import difference
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Level, Number, say, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def look_bounds(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw z of the decision metric at each look against the bound it had to pass: fraction, bound, z."""
    looked = frame.dropna(subset=["z"])
    if looked.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=280)
        axes.axhline(0, color=MUTED, linewidth=0.8)
        _bound(axes, pen, drawn, side=-1 if looked["z"].mean() >= 0 else 1)  # named where the looks are not
        axes.plot(looked["fraction"], looked["z"], color=SERIES[0], linewidth=1.6, marker="o", markersize=6)
        last, bold = looked.iloc[-1], {"color": SERIES[0], "va": "center", "fontweight": "bold"}
        reached = pen.text(say("z {value}", value=Number(last["z"], 2, sign=True)))
        ax.word(axes, reached, (last["fraction"], last["z"]), shift=(8, 0), **bold)
        axes.set_xlim(0, 1.16)
        axes.margins(y=0.18)
        ax.foot(axes, pen, term("share of the planned data", "axis"))
        ax.head(axes, pen, term("difference in standard errors", "axis"))
        ax.ticks(axes, pen, Level, which="x")
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
        ax.ticks(axes, pen, Number, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn)


def _bound(axes: Axes, pen: Pen, looks: pd.DataFrame, *, side: int) -> None:
    """Draw the bound above and below zero, and name it on one *side* where the first look has one."""
    share, bound = looks["fraction"].astype(float), looks["bound"].astype(float)
    limit = bound.where(np.isfinite(bound))
    for sign in (1, -1):
        axes.plot(share, sign * limit, color=SERIES[1], linewidth=1.6, marker="_", markersize=9)
    if np.isfinite(bound.iloc[0]):
        named = {"color": SERIES[1], "ha": "left", "va": "bottom" if side > 0 else "top", "fontweight": "bold"}
        at = (share.iloc[0], side * bound.iloc[0])
        ax.word(axes, pen.text(term("bound to pass", "limit in a chart")), at, shift=(0, 8 * side), **named)


def daily_effects(frame: pd.DataFrame, *, share: bool, words: Words) -> Chart:
    """Draw the effect by day of exposure with its intervals: day, estimate, standard_error, ci_lower, ci_upper."""
    if frame.empty:
        return Chart.nothing(words)
    drawn, form = frame.reset_index(drop=True), difference(share=share)
    usual = float(np.average(drawn["estimate"], weights=1 / drawn["standard_error"].clip(lower=1e-12) ** 2))

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=280)
        axes.axhline(0, color=MUTED, linewidth=1)
        axes.vlines(drawn["day"], drawn["ci_lower"], drawn["ci_upper"], color=BAND, linewidth=3)
        axes.scatter(drawn["day"], drawn["estimate"], color=SERIES[0], s=22, zorder=3)
        axes.axhline(usual, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 2)))
        mean: str = pen.text(say("mean {value}", value=form(usual)))
        if pen.narrow:
            ax.head(axes, pen, words.axis, keys=((mean, SERIES[1]),))
        else:
            at = ("axes fraction", "data")
            ax.word(axes, mean, (1.0, usual), shift=(4, 0), xycoords=at, color=SERIES[1], va="center")
            ax.head(axes, pen, words.axis)
        ax.date_axis(axes, pen)
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn)
