"""Charts of campaigns: targets against their bands, money from cost to return, estimates drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.colours import BAND, MUTED, RULE, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERDICT_COLOURS = {"hit": SERIES[2], "miss": SERIES[3], "cannot tell": SERIES[5]}


def targets(frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str) -> Chart:
    """Draw each target's band and what was measured, with its interval: one row per target that is a fraction.

    *frame* is that of `metrics.target_table`. A target without an upper end has a band that runs to the edge. What
    was not measured keeps its row and says so.
    """
    drawn = frame[frame["unit"] == "fraction"].reset_index(drop=True)
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle, why="The brief names no target that is a share or a change.")
    labels = ax.folded([f"{row['metric']} ({row['window']})" for row in drawn.to_dict("records")])
    figure, (axes,) = new_figure(height=1.4 + max(0.7, ax.row_height(labels)) * max(len(drawn), 2))
    places = np.arange(len(drawn))[::-1]
    values = drawn[["low", "high", "estimate", "ci_lower", "ci_upper"]].to_numpy(float)
    least, most = min(0.0, float(np.nanmin(values))), float(np.nanmax(values))
    edge = most + 0.15 * (most - least)
    axes.set_xlim(least - 0.05 * (most - least), edge)
    for place, row in zip(places, drawn.to_dict("records"), strict=True):
        end = row["high"] if np.isfinite(row["high"]) else edge
        axes.barh(place, end - row["low"], left=row["low"], height=0.36, color=BAND, alpha=0.55, linewidth=0)
        _measured(axes, row, float(place))
    axes.axvline(0, color=MUTED, linewidth=0.8)
    ax.names(axes, places, labels)
    axes.set_ylim(-0.6, len(drawn) - 0.1)
    ax.caption(axes, axis)
    ax.ticks(axes, ax.signed, which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


def _measured(axes: Axes, row: dict[Any, Any], place: float) -> None:
    estimate, low, high = (float(row[name]) for name in ("estimate", "ci_lower", "ci_upper"))
    if not np.isfinite(estimate):
        ax.word(axes, "not measured", (float(row["low"]), place), shift=(-4, 0), va="center", ha="right", color=MUTED)
        return
    colour = VERDICT_COLOURS[row["verdict"]]
    if np.isfinite(low) and np.isfinite(high):
        axes.hlines(place, low, high, color=colour, linewidth=2.4)
    axes.scatter([estimate], [place], color=colour, s=46, zorder=3)
    said = ax.signed(estimate) if "anyway" in row["denominator"] else ax.percent(estimate)
    ax.word(axes, f"{said} {row['verdict']}", (estimate, place), shift=(0, 14), ha="center", color=colour)


def waterfall(
    frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str, form: ax.Format = ax.whole
) -> Chart:
    """Draw *frame* (item, amount, and total: whether the row is a sum of those above) as steps from top to bottom.

    Costs are negative amounts; a total is drawn from zero.
    """
    drawn = frame.dropna(subset=["amount"]).reset_index(drop=True)
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle)
    labels = ax.folded(drawn["item"].astype(str).tolist())
    figure, (axes,) = new_figure(height=1.3 + ax.row_height(labels) * max(len(drawn), 2))
    total, amount = drawn["total"].to_numpy(bool), drawn["amount"].to_numpy(float)
    ends = np.cumsum(np.where(total, 0.0, amount))
    starts = np.where(total, 0.0, ends - amount)
    ends = np.where(total, amount, ends)
    places = np.arange(len(drawn))[::-1]
    colours = np.where(total, SERIES[0], np.where(amount < 0, SERIES[3], SERIES[2]))
    axes.barh(places, ends - starts, left=starts, color=colours.tolist(), height=0.62, linewidth=0)
    axes.vlines(ends[:-1], places[1:] - 0.31, places[:-1] + 0.31, color=RULE, linewidth=1)
    low, high = min(0.0, starts.min(), ends.min()), max(0.0, starts.max(), ends.max())
    room = 0.2 * (high - low or 1)
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    for place, start, end, number in zip(places, starts, ends, amount, strict=True):
        tip, shift, side = (max(start, end), 4, "left") if number >= 0 else (min(start, end), -4, "right")
        ax.word(axes, form(number), (tip, place), shift=(shift, 0), va="center", ha=side)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    ax.names(axes, places, labels)
    ax.caption(axes, axis)
    ax.ticks(axes, form, which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


def spread(quantiles: pd.DataFrame | None, *, title: str, subtitle: str, axis: str, alt: str, caption: str) -> Chart:
    """Draw a distribution by its quantiles (quantile, roi): nested bars of half, eight and nine tenths, the median."""
    if quantiles is None or quantiles.empty:
        return nothing(title=title, subtitle=subtitle, why="No return can be told: see the reading below.")
    at = quantiles.set_index("quantile")["roi"].astype(float)
    figure, (axes,) = new_figure(height=1.9)
    for lower, upper, wide, solid in ((0.05, 0.95, 5, 0.35), (0.1, 0.9, 11, 0.55), (0.25, 0.75, 18, 1.0)):
        axes.hlines(0, at[lower], at[upper], color=SERIES[0] if solid == 1 else BAND, linewidth=wide, alpha=solid)
    axes.scatter([at[0.5]], [0], color=SERIES[1], s=70, zorder=3)
    orange = {"color": SERIES[1], "fontweight": "bold"}
    ax.word(axes, f"median {ax.signed(at[0.5])}", (at[0.5], 0), shift=(0, 15), ha="center", **orange)
    axes.axvline(0, color=MUTED, linewidth=1.2)
    ax.at_top(axes, "paid for itself", 0.0)
    low, high = min(float(at.min()), 0.0), max(float(at.max()), 0.0)
    axes.set_xlim(low - 0.12 * (high - low), high + 0.35 * (high - low))
    axes.set_ylim(-1.2, 2.2)
    axes.set_yticks([])
    ax.caption(axes, axis)
    ax.ticks(axes, ax.signed, which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=quantiles)


def drawn_together(
    frame: pd.DataFrame, *, label: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    form: ax.Format = ax.signed,
) -> Chart:  # fmt: skip
    """Draw each row's own estimate as a ring and its shrunken one, with its interval, as a dot; best on top.

    *frame* is that of `models.league_table`. Rows without a shrunken estimate show the ring alone.
    """
    kept = frame.dropna(subset=["estimate"]).reset_index(drop=True)
    if kept.empty:
        return nothing(title=title, subtitle=subtitle, why="No estimate is there to be compared.")
    labels = ax.folded(kept[label].astype(str).tolist())
    figure, (axes,) = new_figure(height=1.5 + max(0.5, ax.row_height(labels)) * max(len(kept), 2))
    places = np.arange(len(kept))[::-1]
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.hlines(places, kept["ci_lower"].astype(float), kept["ci_upper"].astype(float), color=SERIES[0], linewidth=2.4)
    axes.scatter(kept["estimate"].astype(float), places, facecolors="none", edgecolors=SERIES[1], s=52, zorder=4)
    axes.scatter(kept["shrunk"].astype(float), places, color=SERIES[0], s=44, zorder=3)
    shown = kept["shrunk"].fillna(kept["estimate"]).astype(float)
    for place, value in zip(places, shown, strict=True):
        ax.word(axes, form(value), (value, place), shift=(0, 8), ha="center", bbox=ax.BEHIND)
    for place, text, colour in ((0.0, "○ as measured", SERIES[1]), (0.42, "● drawn together", SERIES[0])):
        bold = {"color": colour, "fontweight": "bold", "va": "bottom"}
        ax.word(axes, text, (place, 1.0), shift=(0, 5), xycoords="axes fraction", **bold)
    ax.names(axes, places, labels)
    axes.set_ylim(-0.6, len(kept) - 0.1)
    axes.margins(x=0.1)
    ax.caption(axes, axis)
    ax.ticks(axes, form, which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=kept)
