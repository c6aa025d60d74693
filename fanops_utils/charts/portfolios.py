"""Charts of many experiments: faults by period, effects before and after shrinkage, rates against their promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.lettering import laid_out, width
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, Level, Percent, Signed, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_TICKS = 7
TAIL = 0.99  # effects beyond this quantile are drawn at it
EXPERIMENTS = term("experiments", "axis")


def fault_periods(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw tests per period as bars, those that were invalid in orange: when, tests, faults."""
    if frame.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    places, step = np.arange(len(drawn)), max(1, -(-len(drawn) // MOST_TICKS))

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=2.7)
        axes.bar(places, drawn["tests"], color=BAND, width=0.85)
        axes.bar(places, drawn["faults"], color=SERIES[3], width=0.85)
        periods = [pen.text(when) for when in drawn["when"]]
        axes.set_xticks(places[::step], [laid_out(name) for name in periods][::step])
        if len(drawn) > 1 and max(width(name) for name in periods) > 6:
            axes.tick_params(axis="x", labelrotation=30)
        tests, invalid = term("■ tests", "key of a chart"), term("■ invalid", "key of a chart")
        ax.key(axes, ((pen.text(tests), MUTED), (pen.text(invalid), SERIES[3])), step=0.3)
        ax.caption(axes, pen, term("period of the test", "axis"))
        ax.caption(axes, pen, EXPERIMENTS, which="y")
        ax.ticks(axes, pen, Count, which="y")
        ax.soften(axes, grid="y")
        return figure

    return Chart(words, draw, drawn)


def effect_spread(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw how effects are spread as measured (grey) and after shrinkage (blue): lift and shrunk, fractions."""
    drawn = frame.dropna(subset=["lift", "shrunk"]) if len(frame) else frame
    if len(drawn) < 2:
        return Chart.nothing(words)
    top = float(max(drawn["lift"].quantile(TAIL), drawn["shrunk"].max()))
    low = float(min(drawn["lift"].min(), drawn["shrunk"].min(), 0))
    edges = np.linspace(low, top, 31 if len(drawn) > 60 else 13).tolist()

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=2.7)
        axes.hist(drawn["lift"].clip(upper=top), bins=edges, color=SERIES[5], alpha=0.55)
        axes.hist(drawn["shrunk"], bins=edges, histtype="step", color=SERIES[0], linewidth=2)
        measured, shrunk = term("■ as measured", "key of a chart"), term("□ drawn to the mean", "key of a chart")
        ax.key(axes, ((pen.text(measured), SERIES[5]), (pen.text(shrunk), SERIES[0])), step=0.42)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, Signed, which="x")
        ax.caption(axes, pen, EXPERIMENTS, which="y")
        ax.ticks(axes, pen, Count, which="y")
        ax.soften(axes, grid="y")
        return figure

    data = drawn[["title", "lift", "shrunk"]].rename(columns={"title": "experiment"}) if "title" in drawn else drawn
    return Chart(words, draw, data.head(200).reset_index(drop=True))


def against_promise(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw simulated rates against what is promised: label, rate, nominal, band_lower, band_upper, within, valid.

    The band is where a method that keeps its promise ends up; dots outside it are orange, methods known to be not valid
    are crosses. The column label holds messages or names.
    """
    if frame.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    rows = drawn.iloc[::-1].to_dict("records")

    def draw(pen: Pen) -> Figure:
        labels = ax.folded([pen.text(row["label"]) for row in rows])
        figure, (axes,) = new_figure(height=0.9 + max(0.42, ax.row_height(labels)) * len(rows))
        for place, row in enumerate(rows):
            _promised(axes, pen, row, place)
        ax.names(axes, range(len(rows)), labels)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.margins(x=0.16)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, Level, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)


def _promised(axes: Axes, pen: Pen, row: dict[Any, Any], place: int) -> None:
    if pd.notna(row["nominal"]):
        wide = row["band_upper"] - row["band_lower"]
        axes.barh(place, wide, left=row["band_lower"], height=0.62, color=BAND, alpha=0.7)
        axes.vlines(row["nominal"], place - 0.31, place + 0.31, color=MUTED, linewidth=1.2)
    kept = pd.isna(row["within"]) or bool(row["within"])
    colour, mark = SERIES[0] if kept else SERIES[3], "o" if row["valid"] else "X"
    axes.scatter([row["rate"]], [place], color=colour, marker=mark, s=40, zorder=3)
    beside = np.nanmax([row["rate"], row["band_upper"]])  # a number on the band would be crossed by the promise
    ax.word(axes, pen.text(Percent(row["rate"], 1)), (beside, place), shift=(7, 0), va="center", fontsize=9)
