"""Charts of an experiment's read-out: differences per metric, looks against their bounds, segments, days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import STYLE, WIDTH, Chart, finish, new_figure, nothing
from fanops_utils.charts.figures import intervals
from fanops_utils.colours import BAND, MUTED, SERIES

LIMITS = (("smallest_effect", "matters from here"), ("margin", "tolerated harm"))
GATED = "Nothing is compared: see the gates above."
NO_LOOK = "There is no difference to hold against a bound."
PANEL, ROOM = 0.66, 0.3  # inches of a row; share of the axis that a limit's name needs


def points(value: float) -> str:
    """Return a difference of two shares in percentage points, without the unit.

    >>> points(0.0341)
    '+3.41'
    """
    return f"{value * 100:+.2f}"


def plain(value: float) -> str:
    """Return a difference in its own unit, with its sign.

    >>> plain(1.8409), plain(-0.02)
    ('+1.84', '-0.02')
    """
    return f"{value:+,.3g}"


def metric_differences(
    frame: pd.DataFrame, *, title: str, subtitle: str, alt: str, caption: str, why: str = GATED
) -> Chart:
    """Draw the differences of *frame* (of `readings.experiment.shown`), each metric on an axis of its own unit.

    Shares in percentage points, other metrics in their own unit. Orange ticks are the smallest effect that matters
    and the tolerated harm. *why* stands in the place of an empty frame.
    """
    if frame.empty:
        return nothing(title=title, subtitle=subtitle, why=why)
    groups = [group for _, group in frame.groupby("metric", sort=False)]
    heights = [max(PANEL, ax.row_height(_names(group))) * len(group) + 0.42 for group in groups]
    figure, panels = _panels(heights)
    for axes, group in zip(panels, groups, strict=True):
        _differences(axes, group)
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def _panels(heights: list[float]) -> tuple[Any, list[Any]]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, sum(heights) + 0.7), layout="constrained")
        panels = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    return figure, [row[0] for row in panels]


def _names(group: pd.DataFrame) -> list[str]:
    unit = np.where(group["share"], ", percentage points", ", own unit")
    return ax.folded([f"{label}{of}" for label, of in zip(group["label"], unit, strict=True)])


def _differences(axes: Any, group: pd.DataFrame) -> None:
    form = points if bool(group["share"].iloc[0]) else plain
    rows = group.iloc[::-1].to_dict("records")
    axes.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(rows):
        axes.hlines(place, row["ci_lower"], row["ci_upper"], color=SERIES[0], linewidth=2.4)
        axes.scatter([row["estimate"]], [place], color=SERIES[0], s=42, zorder=3)
        ax.word(axes, form(row["estimate"]), (row["estimate"], place), shift=(0, 7), ha="center")
        for name, _ in LIMITS:
            if pd.notna(row[name]):
                axes.vlines(row[name], place - 0.3, place + 0.3, color=SERIES[1], linewidth=1.6)
    axes.margins(x=0.2)
    _limit_words(axes, rows)
    ax.names(axes, range(len(rows)), _names(group)[::-1])
    axes.set_ylim(-0.62, len(rows) - 0.38)
    ax.ticks(axes, form, which="x")
    ax.soften(axes, grid="x")


def _limit_words(axes: Any, rows: list[dict[Any, Any]]) -> None:
    """Name the limits: once where all rows share one, beside the tick on the side that has room."""
    low, high = axes.get_xlim()
    for name, text in LIMITS:
        known = [(place, row[name]) for place, row in enumerate(rows) if pd.notna(row[name])]
        shared = len({value for _, value in known}) == 1
        for place, value in known[:1] if shared else known:
            away = value >= 0 and high - value > ROOM * (high - low)  # from zero, whose line would cross the words
            right = away or (value < 0 and value - low < ROOM * (high - low))
            side, shift = ("left", 4) if right else ("right", -4)
            small = {"color": SERIES[1], "fontsize": 8.5, "va": "center", "ha": side, "bbox": ax.BEHIND}
            ax.word(axes, text, (value, place - 0.36), shift=(shift, 0), **small)


def quantile_differences(
    frame: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str, why: str = GATED
) -> Chart:
    """Draw the differences of quantiles of *frame* (of `readings.experiment.spread_rows`), *why* where there is none."""
    if frame.empty:
        return nothing(title=title, subtitle=subtitle, why=why)
    parts = {"title": title, "subtitle": subtitle, "axis": axis, "alt": alt, "caption": caption}
    return intervals(frame, label="label", reference=0, form=plain, **parts)


def look_bounds(frame: pd.DataFrame, *, title: str, subtitle: str, alt: str, caption: str) -> Chart:
    """Draw z of the decision metric at each look against the bound it had to pass: fraction, bound, z."""
    drawn = frame.dropna(subset=["z"])
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle, why=NO_LOOK)
    figure, (axes,) = new_figure(height=3.3)
    share = frame["fraction"].astype(float)
    limit = frame["bound"].astype(float).where(np.isfinite(frame["bound"].astype(float)))
    for side in (1, -1):
        axes.plot(share, side * limit, color=SERIES[1], linewidth=1.6, marker="_", markersize=9)
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.plot(drawn["fraction"], drawn["z"], color=SERIES[0], linewidth=1.6, marker="o", markersize=6)
    last, first = drawn.iloc[-1], frame.iloc[0]
    ax.word(axes, f"z {last['z']:+.2f}", (last["fraction"], last["z"]), shift=(8, 0), color=SERIES[0], va="center",
            fontweight="bold")  # fmt: skip
    if np.isfinite(first["bound"]):  # on the side where the looks are not
        side = -1 if drawn["z"].mean() >= 0 else 1
        ax.word(axes, "bound to pass", (first["fraction"], side * first["bound"]), shift=(0, 8 * side), color=SERIES[1],
                ha="left", va="bottom" if side > 0 else "top", fontweight="bold")  # fmt: skip
    axes.set_xlim(0, 1.16)
    axes.margins(y=0.18)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    ax.caption(axes, "share of the planned data")
    ax.caption(axes, "difference in standard errors", which="y")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def segment_effects(
    frame: pd.DataFrame, *, share: bool, title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw each segment's own estimate with its interval, grey, and what it shrinks to, blue (label, …, shrunk, n)."""
    drawn = frame.dropna(subset=["estimate", "ci_lower"])
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle, why="There is no segment to be compared.")
    form = points if share else plain
    labels = ax.folded([f"{row['label']}  (n={row['n']:,})" for row in drawn.to_dict("records")])[::-1]
    figure, (axes,) = new_figure(height=1.6 + max(0.62, ax.row_height(labels)) * len(drawn))
    axes.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(drawn.iloc[::-1].to_dict("records")):
        axes.hlines(place - 0.12, row["ci_lower"], row["ci_upper"], color=SERIES[5], linewidth=1.8)
        axes.scatter([row["estimate"]], [place - 0.12], color=SERIES[5], s=26, zorder=3)
        if pd.notna(row["shrunk"]):
            axes.hlines(place + 0.12, row["shrunk_lower"], row["shrunk_upper"], color=SERIES[0], linewidth=2.4)
            axes.scatter([row["shrunk"]], [place + 0.12], color=SERIES[0], s=46, marker="D", zorder=3)
            ax.word(
                axes, form(row["shrunk"]), (row["shrunk"], place + 0.12), shift=(0, 6), ha="center", color=SERIES[0]
            )
    ax.names(axes, range(len(drawn)), labels)
    axes.set_ylim(-0.6, len(drawn) - 0.35)
    axes.margins(x=0.08)
    _key(axes, (("◆ drawn to the mean", SERIES[0]), ("● on its own", SERIES[5])))
    ax.caption(axes, axis)
    ax.ticks(axes, form, which="x")
    ax.soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def daily_effects(
    frame: pd.DataFrame, *, share: bool, title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw the effect by day of exposure with its intervals: day, estimate, ci_lower, ci_upper."""
    if frame.empty:
        return nothing(title=title, subtitle=subtitle, why="There is no day to be compared.")
    form: Callable[[float], str] = points if share else plain
    figure, (axes,) = new_figure(height=3.4)
    axes.axhline(0, color=MUTED, linewidth=1)
    axes.vlines(frame["day"], frame["ci_lower"], frame["ci_upper"], color=BAND, linewidth=3)
    axes.scatter(frame["day"], frame["estimate"], color=SERIES[0], s=22, zorder=3)
    usual = float(np.average(frame["estimate"], weights=1 / frame["standard_error"].clip(lower=1e-12) ** 2))
    axes.axhline(usual, color=SERIES[1], linewidth=1.4, linestyle=(0, (4, 2)))
    ax.word(axes, f"mean {form(usual)}", (1.0, usual), shift=(4, 0), xycoords=("axes fraction", "data"), color=SERIES[1],
            va="center")  # fmt: skip
    ax.date_axis(axes)
    ax.caption(axes, axis, which="y")
    ax.ticks(axes, form, which="y")
    ax.soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def _key(axes: Any, parts: tuple[tuple[str, str], ...]) -> None:
    for number, (text, colour) in enumerate(parts):
        at = (0.0 + 0.5 * number, 1.0)
        ax.word(axes, text, at, shift=(0, 4), xycoords="axes fraction", color=colour, fontweight="bold", va="bottom")
