"""The chart of a campaign's effect: what happened against what would have happened anyway."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Count, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def campaign_gap(daily: pd.DataFrame | None, *, live: tuple[date, date], words: Words) -> Chart:
    """Draw what happened, what would have happened anyway with its band, and below it the gap added up.

    *daily* is that of `models.CampaignEffect`; None (no control market) draws nothing.
    """
    if daily is None or daily.empty:
        return Chart.nothing(words)
    drawn = daily.reset_index(drop=True)
    span: tuple[Any, Any] = (pd.Timestamp(live[0]), pd.Timestamp(live[1]))

    def draw(pen: Pen) -> Figure:
        figure, (upper, below) = new_figure(height=4.4, rows=2, ratios=[2.2, 1.0])
        _both(upper, pen, drawn)
        _added_up(below, drawn[drawn["phase"] == "live"])
        for axes in (upper, below):
            axes.axvspan(*span, color=SERIES[1], alpha=0.12, linewidth=0)
            ax.soften(axes, grid="y")
            ax.ticks(axes, pen, Count, which="y")
        ax.at_top(upper, pen.text(term("live", "days of a campaign, in a chart")), span[0])
        upper.set_ylim(bottom=0)
        ax.caption(upper, pen, words.axis, which="y")
        ax.caption(below, pen, term("gap, added up", "axis"), which="y")
        ax.date_axis(below, pen)
        return figure

    return Chart(words, draw, drawn)


def _both(axes: Axes, pen: Pen, daily: pd.DataFrame) -> None:
    """Draw what happened and what would have happened anyway, each named at its end."""
    days = daily["date_day"]
    axes.fill_between(days, daily["lower"], daily["upper"], color=BAND, alpha=0.45, linewidth=0)
    axes.plot(days, daily["counterfactual"], color=MUTED, linewidth=1.4, linestyle=(0, (4, 2)))
    axes.plot(days, daily["actual"], color=SERIES[0], linewidth=1.8)
    last = daily.dropna(subset=["actual", "counterfactual"]).iloc[-1]
    above = 8 if last["actual"] >= last["counterfactual"] else -8
    end, bold = last["date_day"], {"fontweight": "bold", "va": "center"}
    actual, without = pen.text(term("actual", "line of a chart")), pen.text(term("without it", "line of a chart"))
    ax.word(axes, actual, (end, last["actual"]), shift=(6, above), color=SERIES[0], **bold)
    ax.word(axes, without, (end, last["counterfactual"]), shift=(6, -above), color=MUTED, **bold)


def _added_up(axes: Axes, during: pd.DataFrame) -> None:
    days, band = during["date_day"], (during["cumulative_lower"], during["cumulative_upper"])
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.fill_between(days, *band, color=BAND, alpha=0.45, linewidth=0)
    axes.plot(days, during["cumulative_gap"], color=SERIES[2], linewidth=1.8)
