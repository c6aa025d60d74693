"""Charts of many experiments: faults by period, effects before and after shrinkage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.lettering import laid_out, width
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, Signed, term

MOST_TICKS = 7
TAIL = 0.99  # effects beyond this quantile are drawn at it
EXPERIMENTS = term("experiments", "axis")


def fault_periods(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw tests per period as bars, those that were invalid in orange: when, tests, faults."""
    if frame.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    places = np.arange(len(drawn))

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=280)
        axes.bar(places, drawn["tests"], color=BAND, width=0.85)
        axes.bar(places, drawn["faults"], color=SERIES[3], width=0.85)
        step = max(1, -(-len(drawn) // (MOST_TICKS // 2 if pen.narrow else MOST_TICKS)))
        periods = [pen.text(when) for when in drawn["when"]]
        axes.set_xticks(places[::step], [laid_out(name) for name in periods][::step])
        if len(drawn) > 1 and max(width(name) for name in periods) > 6:
            axes.tick_params(axis="x", labelrotation=30)
        tests, invalid = term("■ tests", "key of a chart"), term("■ invalid", "key of a chart")
        ax.head(axes, pen, EXPERIMENTS, keys=((tests, MUTED), (invalid, SERIES[3])))
        ax.foot(axes, pen, term("period of the test", "axis"))
        ax.ticks(axes, pen, Count, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return Chart(words, draw, drawn)


def effect_spread(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw how effects are spread as measured (grey) and after shrinkage (blue): lift and shrunk, fractions."""
    drawn = frame.dropna(subset=["lift", "shrunk"]) if len(frame) else frame
    if len(drawn) < 2:
        return Chart.nothing(words)
    top = float(max(drawn["lift"].quantile(TAIL), drawn["shrunk"].max()))
    low = float(min(drawn["lift"].min(), drawn["shrunk"].min(), 0))
    edges = np.linspace(low, top, 31 if len(drawn) > 60 else 13).tolist()

    def draw(pen: Pen) -> str:
        import seaborn  # here because it is slow to import

        figure, (axes,) = new_figure(pen, height=280)
        looks = (("lift", SERIES[5], {"fill": True, "alpha": 0.55, "linewidth": 0}),
                 ("shrunk", SERIES[0], {"fill": False, "linewidth": 2}))  # fmt: skip
        for column, colour, look in looks:
            values = drawn[column].clip(upper=top).to_numpy(float)
            seaborn.histplot(x=values, bins=edges, element="step", color=colour, ax=axes, **look)
        axes.set_ylabel("")
        measured, shrunk = term("■ as measured", "key of a chart"), term("□ with luck taken out", "key of a chart")
        ax.foot(axes, pen, words.axis)
        ax.ticks(axes, pen, Signed, which="x")
        ax.head(axes, pen, EXPERIMENTS, keys=((measured, SERIES[5]), (shrunk, SERIES[0])))
        ax.ticks(axes, pen, Count, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    data = drawn[["title", "lift", "shrunk"]].rename(columns={"title": "experiment"}) if "title" in drawn else drawn
    return Chart(words, draw, data.head(200).reset_index(drop=True))
