"""Charts of effects: a campaign against its counterfactual, an experiment's differences against zero."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts.axes import at_top, date_axis, folded, names, row_height, soften, ticks, whole, word
from fanops_utils.charts.axes import caption as name_axis
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.colours import BAND, MUTED, SERIES

LIMITS = (("smallest_effect", "matters from here"), ("margin", "tolerated harm"))


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


def experiment_effects(frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str) -> Chart:
    """Draw one difference of fractions with its interval per row of *frame* (label, estimate, ci_lower, ci_upper).

    Columns smallest_effect and margin, where given, draw the effect that matters and the tolerated harm as ticks.
    """
    if frame.empty:
        return nothing(title=title, subtitle=subtitle, why="Nothing is compared: see the gates above.")
    labels = folded(frame["label"].astype(str).iloc[::-1].tolist())
    figure, (axes,) = new_figure(height=1.5 + max(0.62, row_height(labels)) * len(frame))
    axes.axvline(0, color=MUTED, linewidth=1)
    rows = frame.iloc[::-1].to_dict("records")
    for place, row in enumerate(rows):
        axes.hlines(place, row["ci_lower"], row["ci_upper"], color=SERIES[0], linewidth=2.4)
        axes.scatter([row["estimate"]], [place], color=SERIES[0], s=46, zorder=3)
        word(axes, f"{row['estimate'] * 100:+.2f} pp", (row["estimate"], place), shift=(0, 8), ha="center")
        for limit, _ in _limits(row):
            axes.vlines(limit, place - 0.28, place + 0.28, color=SERIES[1], linewidth=1.6)
    axes.margins(x=0.16)
    middle = float(np.mean(axes.get_xlim()))
    for place, row in enumerate(rows):
        for limit, text in _limits(row):  # towards the middle, where there is room
            side, shift = ("right", -4) if limit > middle else ("left", 4)
            small = {"color": SERIES[1], "fontsize": 8.5, "va": "bottom", "ha": side}
            word(axes, text, (limit, place - 0.3), shift=(shift, 0), **small)
    names(axes, range(len(frame)), labels)
    axes.set_ylim(-0.6, len(frame) - 0.4)
    name_axis(axes, axis)
    ticks(axes, lambda value: f"{value * 100:+.1f}", which="x")
    soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def _limits(row: dict[Any, Any]) -> list[tuple[float, str]]:
    return [(row[name], text) for name, text in LIMITS if pd.notna(row.get(name))]
