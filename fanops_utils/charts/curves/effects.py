"""The chart of a campaign's effect: what happened against what would have happened anyway."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACTUAL, WITHOUT = term("actual", "line of a chart"), term("without it", "line of a chart")


def campaign_gap(daily: pd.DataFrame | None, *, live: tuple[date, date], words: Words) -> Chart:
    """Draw what happened, what would have happened anyway with its band, and below it the gap added up.

    *daily* is that of `models.CampaignEffect`; None (no control market) draws nothing.
    """
    if daily is None or daily.empty:
        return Chart.nothing(words)
    drawn = daily.reset_index(drop=True)
    span: tuple[Any, Any] = (pd.Timestamp(live[0]), pd.Timestamp(live[1]))

    def draw(pen: Pen) -> str:
        figure, (upper, below) = new_figure(pen, height=400 if pen.narrow else 430, rows=2, ratios=[2.2, 1.0])
        _both(upper, drawn)
        if not pen.narrow:
            _named(upper, pen, drawn)
        _added_up(below, drawn[drawn["phase"] == "live"])
        for axes in (upper, below):
            axes.axvspan(*span, color=SERIES[1], alpha=0.12, linewidth=0)
            ax.soften(axes, grid="y")
            ax.ticks(axes, pen, Count, which="y")
        ax.at_top(upper, pen.text(term("live", "days of a campaign, in a chart")), span[0])
        upper.set_ylim(bottom=0)
        keys = [(f"● {pen.text(name)}", colour) for name, colour in ((ACTUAL, SERIES[0]), (WITHOUT, MUTED))]
        ax.head(upper, pen, words.axis, keys=keys if pen.narrow else ())
        ax.head(below, pen, term("gap, added up", "axis"))
        ax.date_axis(below, pen)
        return finished(figure, pen)

    return Chart(words, draw, drawn)


def _both(axes: Axes, daily: pd.DataFrame) -> None:
    """Draw what happened and what would have happened anyway."""
    days = daily["date_day"]
    axes.fill_between(days, daily["lower"], daily["upper"], color=BAND, alpha=0.45, linewidth=0)
    axes.plot(days, daily["counterfactual"], color=MUTED, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.plot(days, daily["actual"], color=SERIES[0], linewidth=1.8)


def _named(axes: Axes, pen: Pen, daily: pd.DataFrame) -> None:
    """Name both lines where they end."""
    last = daily.dropna(subset=["actual", "counterfactual"]).iloc[-1]
    above = 8 if last["actual"] >= last["counterfactual"] else -8
    end, bold = last["date_day"], {"fontweight": "bold", "va": "center"}
    ax.word(axes, pen.text(ACTUAL), (end, last["actual"]), shift=(6, above), color=SERIES[0], **bold)
    ax.word(axes, pen.text(WITHOUT), (end, last["counterfactual"]), shift=(6, -above), color=MUTED, **bold)


def _added_up(axes: Axes, during: pd.DataFrame) -> None:
    days, band = during["date_day"], (during["cumulative_lower"], during["cumulative_upper"])
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.fill_between(days, *band, color=BAND, alpha=0.45, linewidth=0)
    axes.plot(days, during["cumulative_gap"], color=SERIES[2], linewidth=1.8)
