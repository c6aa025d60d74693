"""Charts of campaigns: targets against their bands, money from cost to return, estimates drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.words import Words
from fanops_utils.colours import BAND, MUTED, RULE, SERIES
from fanops_utils.text import Count, Form, Message, Percent, Signed, say, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VERDICT_COLOURS = {"hit": SERIES[2], "miss": SERIES[3]}
QUANTILE_BARS = ((0.05, 0.95, 5, 0.35), (0.1, 0.9, 11, 0.55), (0.25, 0.75, 18, 1.0))  # from, to, how thick, how solid


def targets(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw each target's band and what was measured, with its interval: one row per target that is a fraction.

    *frame* is that of `metrics.target_table` with a column `change`: whether the value is a change, which has a sign,
    or a share. Metric and window may be messages. A target without an upper end has a band that runs to the edge. What
    was not measured keeps its row and says so.
    """
    drawn = frame[frame["unit"] == "fraction"].reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    values = drawn[["low", "high", "estimate", "ci_lower", "ci_upper"]].to_numpy(float)
    least, most = min(0.0, float(np.nanmin(values))), float(np.nanmax(values))
    edge, places = most + 0.15 * (most - least), np.arange(len(drawn))[::-1]
    rows = drawn.to_dict("records")

    def draw(pen: Pen) -> Figure:
        named = [
            term("{metric} ({window})", "row of a chart", metric=row["metric"], window=row["window"]) for row in rows
        ]
        labels = ax.folded([pen.text(name) for name in named])
        figure, (axes,) = new_figure(height=0.9 + max(0.7, ax.row_height(labels)) * max(len(rows), 2))
        axes.set_xlim(least - 0.05 * (most - least), edge)
        for place, row in zip(places, rows, strict=True):
            end = row["high"] if np.isfinite(row["high"]) else edge
            axes.barh(place, end - row["low"], left=row["low"], height=0.36, color=BAND, alpha=0.55, linewidth=0)
            _measured(axes, pen, row, float(place))
        axes.axvline(0, color=MUTED, linewidth=0.8)
        ax.names(axes, places, labels)
        axes.set_ylim(-0.6, len(rows) - 0.1)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, Signed, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)


def _measured(axes: Axes, pen: Pen, row: dict[Any, Any], place: float) -> None:
    estimate, low, high = (float(row[name]) for name in ("estimate", "ci_lower", "ci_upper"))
    if not np.isfinite(estimate):
        missing = pen.text(term("not measured", "target in a chart"))
        ax.word(axes, missing, (float(row["low"]), place), shift=(-4, 0), va="center", ha="right", color=MUTED)
        return
    colour = VERDICT_COLOURS.get(row["verdict"], SERIES[5])
    if np.isfinite(low) and np.isfinite(high):
        axes.hlines(place, low, high, color=colour, linewidth=2.4)
    axes.scatter([estimate], [place], color=colour, s=46, zorder=3)
    verdict = _verdict(row["verdict"], Signed(estimate) if row["change"] else Percent(estimate))
    ax.word(axes, pen.text(verdict), (estimate, place), shift=(0, 14), ha="center", color=colour)


def _verdict(code: str, value: Percent | Signed) -> Message:
    if code == "hit":
        return term("{value} hit", "target in a chart", value=value)
    if code == "miss":
        return term("{value} miss", "target in a chart", value=value)
    return term("{value} cannot tell", "target in a chart", value=value)


def waterfall(frame: pd.DataFrame, *, words: Words, form: Form = Count) -> Chart:
    """Draw *frame* (item, amount, and total: whether the row is a sum of those above) as steps from top to bottom.

    Costs are negative amounts; a total is drawn from zero. The column item holds messages or names.
    """
    drawn = frame.dropna(subset=["amount"]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    total, amount = drawn["total"].to_numpy(bool), drawn["amount"].to_numpy(float)
    sums = np.cumsum(np.where(total, 0.0, amount))
    starts, ends = np.where(total, 0.0, sums - amount), np.where(total, amount, sums)
    low, high = min(0.0, starts.min(), ends.min()), max(0.0, starts.max(), ends.max())
    places = np.arange(len(drawn))[::-1]

    def draw(pen: Pen) -> Figure:
        labels, number = ax.folded([pen.text(item) for item in drawn["item"]]), pen.number(form)
        figure, (axes,) = new_figure(height=0.8 + ax.row_height(labels) * max(len(drawn), 2))
        colours = np.where(total, SERIES[0], np.where(amount < 0, SERIES[3], SERIES[2]))
        _steps(axes, places, starts, ends, colours.tolist())
        ax.room_for_numbers(axes, pen, amount, form, low=low, high=high)
        for place, start, end, value in zip(places, starts, ends, amount, strict=True):
            tip, shift, side = (max(start, end), 4, "left") if value >= 0 else (min(start, end), -4, "right")
            ax.word(axes, number(value), (tip, place), shift=(shift, 0), va="center", ha=side)
        axes.axvline(0, color=MUTED, linewidth=0.8)
        ax.names(axes, places, labels)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)


def _steps(axes: Axes, places: np.ndarray, starts: np.ndarray, ends: np.ndarray, colours: list[str]) -> None:
    """Draw the bars of a waterfall and what joins them."""
    axes.barh(places, ends - starts, left=starts, color=colours, height=0.62, linewidth=0)
    axes.vlines(ends[:-1], places[1:] - 0.31, places[:-1] + 0.31, color=RULE, linewidth=1)


def spread(quantiles: pd.DataFrame | None, *, words: Words) -> Chart:
    """Draw a distribution by its quantiles (quantile, roi): nested bars of half, eight and nine tenths, the median."""
    if quantiles is None or quantiles.empty:
        return Chart.nothing(words)
    at = quantiles.set_index("quantile")["roi"].astype(float)
    low, high = min(float(at.min()), 0.0), max(float(at.max()), 0.0)

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=1.5)
        for lower, upper, wide, solid in QUANTILE_BARS:
            axes.hlines(0, at[lower], at[upper], color=SERIES[0] if solid == 1 else BAND, linewidth=wide, alpha=solid)
        axes.scatter([at[0.5]], [0], color=SERIES[1], s=70, zorder=3)
        orange = {"color": SERIES[1], "fontweight": "bold"}
        median = pen.text(say("median {value}", value=Signed(at[0.5])))
        ax.word(axes, median, (at[0.5], 0), shift=(0, 15), ha="center", **orange)
        axes.axvline(0, color=MUTED, linewidth=1.2)
        ax.at_top(axes, pen.text(term("paid for itself", "from here on, in a chart")), 0.0)
        axes.set_xlim(low - 0.12 * (high - low), high + 0.35 * (high - low))
        axes.set_ylim(-1.2, 2.2)
        axes.set_yticks([])
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, Signed, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, quantiles)


def drawn_together(frame: pd.DataFrame, *, label: str, words: Words, form: Form = Signed) -> Chart:
    """Draw each row's own estimate as a ring and its shrunken one, with its interval, as a dot; best on top.

    *frame* is that of `models.league_table`, its *label* messages or names. Rows without a shrunken estimate show the
    ring alone.
    """
    drawn = frame.dropna(subset=["estimate"]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    shown, places = drawn["shrunk"].fillna(drawn["estimate"]).astype(float), np.arange(len(drawn))[::-1]

    def draw(pen: Pen) -> Figure:
        labels, number = ax.folded([pen.text(name) for name in drawn[label]]), pen.number(form)
        figure, (axes,) = new_figure(height=1.0 + max(0.5, ax.row_height(labels)) * max(len(drawn), 2))
        axes.axvline(0, color=MUTED, linewidth=0.8)
        axes.hlines(
            places, drawn["ci_lower"].astype(float), drawn["ci_upper"].astype(float), color=SERIES[0], linewidth=2.4
        )
        axes.scatter(drawn["estimate"].astype(float), places, facecolors="none", edgecolors=SERIES[1], s=52, zorder=4)
        axes.scatter(drawn["shrunk"].astype(float), places, color=SERIES[0], s=44, zorder=3)
        for place, value in zip(places, shown, strict=True):
            ax.word(axes, number(value), (value, place), shift=(0, 8), ha="center", bbox=ax.BEHIND)
        measured, together = term("○ as measured", "key of a chart"), term("● with luck taken out", "key of a chart")
        ax.key(axes, ((pen.text(measured), SERIES[1]), (pen.text(together), SERIES[0])), step=0.42)
        ax.names(axes, places, labels)
        axes.set_ylim(-0.6, len(drawn) - 0.1)
        axes.margins(x=0.1)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)
