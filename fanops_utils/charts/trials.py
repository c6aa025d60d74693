"""Charts of an experiment's read-out: differences per metric, looks against their bounds, segments, days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.figures import intervals
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, SERIES
from fanops_utils.text import Form, Level, Number, Sayable, say, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMITS = {
    "smallest_effect": term("matters from here", "limit in a chart"),
    "margin": term("tolerated harm", "limit in a chart"),
}
PANEL, ROOM = 0.66, 0.3  # inches of a row; share of the axis that a limit's name needs


def metric_differences(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw the differences of *frame*, each metric on an axis of its own unit.

    Columns: metric, label (messages or names), share, estimate, ci_lower, ci_upper, smallest_effect, margin. Shares in
    percentage points, other metrics in their own unit. Orange ticks are the smallest effect that matters and the
    tolerated harm.
    """
    if frame.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)
    groups = [group.iloc[::-1].to_dict("records") for _, group in drawn.groupby("metric", sort=False)]

    def draw(pen: Pen) -> Figure:
        labels = [ax.folded([pen.text(_with_unit(row)) for row in rows]) for rows in groups]
        heights = [max(PANEL, ax.row_height(named)) * len(named) + 0.42 for named in labels]
        figure, panels = new_figure(height=sum(heights) + 0.2, rows=len(groups), ratios=heights, shared=False)
        for axes, rows, named in zip(panels, groups, labels, strict=True):
            _differences(axes, pen, rows, named)
        return figure

    return Chart(words, draw, drawn)


def _with_unit(row: dict[Any, Any]) -> Sayable:
    if row["share"]:
        return term("{name}, percentage points", "row of a chart", name=row["label"])
    return term("{name}, own unit", "row of a chart", name=row["label"])


def _differences(axes: Axes, pen: Pen, rows: list[dict[Any, Any]], labels: list[str]) -> None:
    form = ax.difference(share=bool(rows[0]["share"]))
    number = pen.number(form)
    axes.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(rows):
        axes.hlines(place, row["ci_lower"], row["ci_upper"], color=SERIES[0], linewidth=2.4)
        axes.scatter([row["estimate"]], [place], color=SERIES[0], s=42, zorder=3)
        ax.word(axes, number(row["estimate"]), (row["estimate"], place), shift=(0, 7), ha="center")
        for name in LIMITS:
            if pd.notna(row[name]):
                axes.vlines(row[name], place - 0.3, place + 0.3, color=SERIES[1], linewidth=1.6)
    axes.margins(x=0.2)
    _limit_words(axes, pen, rows)
    ax.names(axes, range(len(rows)), labels)
    axes.set_ylim(-0.66, len(rows) - 0.38)
    ax.ticks(axes, pen, form, which="x")
    ax.soften(axes, grid="x")


def _limit_words(axes: Axes, pen: Pen, rows: list[dict[Any, Any]]) -> None:
    """Name the limits: once where all rows share one, beside the tick on the side that has room."""
    low, high = axes.get_xlim()
    for name, limit in LIMITS.items():
        known = [(place, row[name]) for place, row in enumerate(rows) if pd.notna(row[name])]
        shared = len({value for _, value in known}) == 1
        for place, value in known[:1] if shared else known:
            away = value >= 0 and high - value > ROOM * (high - low)  # from zero, whose line would cross the words
            right = away or (value < 0 and value - low < ROOM * (high - low))
            side, shift = ("left", 4) if right else ("right", -4)
            small = {"color": SERIES[1], "fontsize": 8.5, "va": "center", "ha": side, "bbox": ax.BEHIND}
            down = -11 if name == "margin" and _close(rows[place], within=2 * ROOM * (high - low)) else 0
            ax.word(axes, pen.text(limit), (value, place - 0.36), shift=(shift, down), **small)


def _close(row: dict[Any, Any], *, within: float) -> bool:
    """Return whether the names of both limits of a row would stand in each other's way."""
    limits = [float(row[name]) for name in LIMITS if pd.notna(row[name])]
    return len(limits) == 2 and abs(limits[0] - limits[1]) < within


def quantile_differences(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw the differences of quantiles of *frame*: label (messages or names), estimate, ci_lower, ci_upper, n."""
    if frame.empty:
        return Chart.nothing(words)
    return intervals(frame, label="label", reference=0, form=ax.difference(share=False), words=words)


def look_bounds(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw z of the decision metric at each look against the bound it had to pass: fraction, bound, z."""
    looked = frame.dropna(subset=["z"])
    if looked.empty:
        return Chart.nothing(words)
    drawn = frame.reset_index(drop=True)

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=2.8)
        axes.axhline(0, color=MUTED, linewidth=0.8)
        _bound(axes, pen, drawn, side=-1 if looked["z"].mean() >= 0 else 1)  # named where the looks are not
        axes.plot(looked["fraction"], looked["z"], color=SERIES[0], linewidth=1.6, marker="o", markersize=6)
        last, bold = looked.iloc[-1], {"color": SERIES[0], "va": "center", "fontweight": "bold"}
        reached = pen.text(say("z {value}", value=Number(last["z"], 2, sign=True)))
        ax.word(axes, reached, (last["fraction"], last["z"]), shift=(8, 0), **bold)
        axes.set_xlim(0, 1.16)
        axes.margins(y=0.18)
        ax.caption(axes, pen, term("share of the planned data", "axis"))
        ax.caption(axes, pen, term("difference in standard errors", "axis"), which="y")
        ax.ticks(axes, pen, Level, which="x")
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
        ax.ticks(axes, pen, Number, which="y")
        ax.soften(axes, grid="y")
        return figure

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


def segment_effects(frame: pd.DataFrame, *, share: bool, words: Words) -> Chart:
    """Draw each segment's own estimate with its interval, grey, and what it shrinks to, blue (label, …, shrunk, n)."""
    drawn = frame.dropna(subset=["estimate", "ci_lower"])
    if drawn.empty:
        return Chart.nothing(words)
    form, rows = ax.difference(share=share), drawn.iloc[::-1].to_dict("records")

    def draw(pen: Pen) -> Figure:
        labels = ax.folded([pen.text(ax.counted(row["label"], row["n"])) for row in rows])
        figure, (axes,) = new_figure(height=1.1 + max(0.62, ax.row_height(labels)) * len(rows))
        axes.axvline(0, color=MUTED, linewidth=1)
        for place, row in enumerate(rows):
            _segment(axes, pen, row, place, form)
        ax.names(axes, range(len(rows)), labels)
        axes.set_ylim(-0.6, len(rows) - 0.35)
        axes.margins(x=0.08)
        shrunk, alone = term("◆ drawn to the mean", "key of a chart"), term("● on its own", "key of a chart")
        ax.key(axes, ((pen.text(shrunk), SERIES[0]), (pen.text(alone), SERIES[5])))
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, frame.reset_index(drop=True))


def _segment(axes: Axes, pen: Pen, row: dict[Any, Any], place: int, form: Form) -> None:
    axes.hlines(place - 0.12, row["ci_lower"], row["ci_upper"], color=SERIES[5], linewidth=1.8)
    axes.scatter([row["estimate"]], [place - 0.12], color=SERIES[5], s=26, zorder=3)
    if pd.notna(row["shrunk"]):
        at, blue = (row["shrunk"], place + 0.12), SERIES[0]
        axes.hlines(place + 0.12, row["shrunk_lower"], row["shrunk_upper"], color=blue, linewidth=2.4)
        axes.scatter([row["shrunk"]], [place + 0.12], color=blue, s=46, marker="D", zorder=3)
        ax.word(axes, pen.number(form)(row["shrunk"]), at, shift=(0, 6), ha="center", color=blue)


def daily_effects(frame: pd.DataFrame, *, share: bool, words: Words) -> Chart:
    """Draw the effect by day of exposure with its intervals: day, estimate, standard_error, ci_lower, ci_upper."""
    if frame.empty:
        return Chart.nothing(words)
    drawn, form = frame.reset_index(drop=True), ax.difference(share=share)
    usual = float(np.average(drawn["estimate"], weights=1 / drawn["standard_error"].clip(lower=1e-12) ** 2))

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=2.9)
        axes.axhline(0, color=MUTED, linewidth=1)
        axes.vlines(drawn["day"], drawn["ci_lower"], drawn["ci_upper"], color=BAND, linewidth=3)
        axes.scatter(drawn["day"], drawn["estimate"], color=SERIES[0], s=22, zorder=3)
        axes.axhline(usual, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 2)))
        mean, at = pen.text(say("mean {value}", value=form(usual))), ("axes fraction", "data")
        ax.word(axes, mean, (1.0, usual), shift=(4, 0), xycoords=at, color=SERIES[1], va="center")
        ax.date_axis(axes, pen)
        ax.caption(axes, pen, words.axis, which="y")
        ax.ticks(axes, pen, form, which="y")
        ax.soften(axes, grid="y")
        return figure

    return Chart(words, draw, drawn)
