"""The chart of a campaign's effect: what happened against what would have happened anyway."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from fanops_utils.charts.axes import at_top, date_axis, soften, ticks, whole, word
from fanops_utils.charts.axes import caption as name_axis
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.colours import BAND, MUTED, SERIES


def campaign_gap(
    daily: pd.DataFrame | None, *, live: tuple[date, date], title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw what happened, what would have happened anyway with its band, and below it the gap added up.

    *daily* is that of `models.CampaignEffect`; None (no control market) draws nothing.
    """
    if daily is None or daily.empty:
        return nothing(title=title, subtitle=subtitle, why="Without a control market there is nothing to compare with.")
    figure, (upper, below) = new_figure(height=4.9, rows=2, ratios=[2.2, 1.0])
    days = daily["date_day"]
    upper.fill_between(days, daily["lower"], daily["upper"], color=BAND, alpha=0.45, linewidth=0)
    upper.plot(days, daily["counterfactual"], color=MUTED, linewidth=1.4, linestyle=(0, (4, 2)))
    upper.plot(days, daily["actual"], color=SERIES[0], linewidth=1.8)
    during = daily[daily["phase"] == "live"]
    below.axhline(0, color=MUTED, linewidth=0.8)
    below.fill_between(
        during["date_day"], during["cumulative_lower"], during["cumulative_upper"], color=BAND, alpha=0.45, linewidth=0
    )
    below.plot(during["date_day"], during["cumulative_gap"], color=SERIES[2], linewidth=1.8)
    span: tuple[Any, Any] = (pd.Timestamp(live[0]), pd.Timestamp(live[1]))
    for axes in (upper, below):
        axes.axvspan(*span, color=SERIES[1], alpha=0.12, linewidth=0)
        soften(axes, grid="y")
        ticks(axes, whole, which="y")
    last = daily.dropna(subset=["actual", "counterfactual"]).iloc[-1]
    above = 8 if last["actual"] >= last["counterfactual"] else -8
    end, bold = last["date_day"], {"fontweight": "bold", "va": "center"}
    word(upper, "actual", (end, last["actual"]), shift=(6, above), color=SERIES[0], **bold)
    word(upper, "without it", (end, last["counterfactual"]), shift=(6, -above), color=MUTED, **bold)
    at_top(upper, "live", span[0])
    upper.set_ylim(bottom=0)
    name_axis(upper, axis, which="y")
    name_axis(below, "gap, added up", which="y")
    date_axis(below)
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=daily.reset_index(drop=True))
