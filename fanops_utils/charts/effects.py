"""Charts of effects: a campaign against its counterfactual, an experiment's differences against zero."""

from __future__ import annotations

import pandas as pd

from fanops_utils.charts.chart import Chart, finish, new_figure
from fanops_utils.charts.figures import _dates, _soften, _ticks, percent, whole
from fanops_utils.charts.theme import BAND, INK, MUTED, SERIES


def campaign_gap(
    daily: pd.DataFrame, *, live: tuple[pd.Timestamp, pd.Timestamp], title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw *daily* (date_day, actual, counterfactual, lower, upper) and below it the gap added up since the start."""
    figure, (upper, below) = new_figure(height=4.9, rows=2, ratios=[2.2, 1.0])
    upper.fill_between(daily["date_day"], daily["lower"], daily["upper"], color=BAND, alpha=0.45, linewidth=0)
    upper.plot(daily["date_day"], daily["counterfactual"], color=MUTED, linewidth=1.4, linestyle=(0, (4, 2)))
    upper.plot(daily["date_day"], daily["actual"], color=SERIES[0], linewidth=1.8)
    during = daily[daily["date_day"].between(*live)]
    gap = (during["actual"] - during["counterfactual"]).cumsum()
    below.axhline(0, color=MUTED, linewidth=0.8)
    below.plot(during["date_day"], gap, color=SERIES[2], linewidth=1.8)
    if {"cumulative_lower", "cumulative_upper"} <= set(during.columns):
        below.fill_between(during["date_day"], during["cumulative_lower"], during["cumulative_upper"], color=BAND, alpha=0.45, linewidth=0)
    for axes in (upper, below):
        axes.axvspan(*live, color=SERIES[1], alpha=0.12, linewidth=0)
        _soften(axes, grid="y")
        _ticks(axes, whole, which="y")
    ends = daily.iloc[-1]
    for name, value, colour in (("actual", ends["actual"], SERIES[0]), ("without it", ends["counterfactual"], MUTED)):
        other = ends["counterfactual"] if name == "actual" else ends["actual"]
        shift = 7 if value >= other else -7
        upper.annotate(name, (ends["date_day"], value), xytext=(6, shift), textcoords="offset points", color=colour, fontsize=9.5, fontweight="bold", va="center", annotation_clip=False)
    upper.annotate("live", (live[0], 1.0), xycoords=("data", "axes fraction"), xytext=(3, -3), textcoords="offset points", va="top", color=MUTED, fontsize=9)
    upper.set_ylabel(axis)
    below.set_ylabel("gap, added up")
    _dates(below)
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=daily.reset_index(drop=True))


def experiment_effects(
    frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str, relative: bool = False
) -> Chart:
    """Draw one difference with its interval per row of *frame* (label, estimate, ci_lower, ci_upper) against zero.

    Columns smallest_effect and margin, where given, draw the effect that matters and the tolerated harm as ticks.
    """
    form = (lambda value: f"{value:+.1%}") if relative else (lambda value: f"{value * 100:+.2f} pp")
    figure, (axes,) = new_figure(height=1.45 + 0.5 * max(len(frame), 1))
    axes.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(frame.iloc[::-1].itertuples()):
        axes.hlines(place, row.ci_lower, row.ci_upper, color=SERIES[0], linewidth=2.4)
        axes.scatter([row.estimate], [place], color=SERIES[0], s=46, zorder=3)
        axes.annotate(form(row.estimate), (row.estimate, place), xytext=(0, 8), textcoords="offset points", ha="center", color=INK, fontsize=9.5)
        for name, word in (("smallest_effect", "matters from here"), ("margin", "tolerated harm")):
            limit = getattr(row, name, None)
            if limit is not None and pd.notna(limit):
                axes.plot([limit, limit], [place - 0.3, place + 0.3], color=SERIES[1], linewidth=1.6)
                axes.annotate(word, (limit, place - 0.3), xytext=(3, -1), textcoords="offset points", color=SERIES[1], fontsize=8.5, va="bottom")
    axes.set_yticks(range(len(frame)), list(frame["label"].iloc[::-1]))
    for text in axes.get_yticklabels():
        text.set_color(INK)
    axes.set_ylim(-0.6, len(frame) - 0.3)
    axes.margins(x=0.12)
    axes.set_xlabel(axis)
    _ticks(axes, form if not relative else percent, which="x")
    _soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))
