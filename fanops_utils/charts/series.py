"""Charts over time and over the hours of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts.axes import BEHIND, Format, at_top, date_axis, signed, soften, ticks, whole, word
from fanops_utils.charts.axes import caption as name_axis
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.charts.lettering import fold
from fanops_utils.colours import BAND, MUTED, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEWEST_PER_HOUR = 5
HEIGHT = 3.5
END_CHARS = 16


def lines(
    frame: pd.DataFrame, *, x: str, y: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    series: str | None = None, form: Format = whole, dates: bool = True, x_axis: str = "",
    breaks: Sequence[tuple[Any, str]] = (), marks: Sequence[tuple[Any, Any, str]] = (),
) -> Chart:  # fmt: skip
    """Draw *y* over *x*, one line per value of *series*, each named at its end.

    Columns lower and upper, where there, draw a band. *breaks* are (day, note): the line is cut there. *marks* are
    (first day, last day, note): shaded spans. Missing values leave gaps. Without *dates*, *x* are plain numbers.
    """
    if frame.empty or frame[y].isna().all():
        return nothing(title=title, subtitle=subtitle)
    figure, (axes,) = new_figure(height=HEIGHT)
    ends = []
    for number, (name, group) in enumerate([("", frame)] if series is None else frame.groupby(series, sort=False)):
        colour, ordered = SERIES[number % len(SERIES)], group.sort_values(x)
        for part in _unbroken(ordered, x, [day for day, _ in breaks]):
            _line(axes, part, x, y, colour)
        last = ordered.dropna(subset=[y])
        if name and len(last):
            ends.append((float(last[y].iloc[-1]), last[x].iloc[-1], str(name), colour))
    for first, last_day, note in marks:
        axes.axvspan(first, last_day, color=SERIES[1], alpha=0.18, linewidth=0)
        at_top(axes, note, first)
    for day, note in breaks:
        axes.axvline(day, color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
        at_top(axes, note, day)
    axes.set_ylim(bottom=min(0.0, float(frame[y].min())))
    _name_ends(axes, ends)
    if dates:
        date_axis(axes)
    else:
        axes.set_xticks(sorted(frame[x].unique()))
    name_axis(axes, x_axis)
    name_axis(axes, axis, which="y")
    ticks(axes, form, which="y")
    soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def spans(frame: pd.DataFrame, *, start: str, days: int, where: str, note: str) -> list[tuple[Any, Any, str]]:
    """Return the marks for `lines`: a shaded span of *days* from *start* for each row where *where* holds."""
    chosen = frame.loc[frame[where].astype(bool), start]
    return [(first, first + pd.Timedelta(days=days), "" if number else note) for number, first in enumerate(chosen)]


def hour_curve(
    curve: pd.DataFrame, naive: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw the adjusted effect of the hour with its band, and the plain hourly averages as diamonds.

    *curve* and *naive* are those of `models.HourEffect`; hours with fewer than five posts have no diamond.
    """
    if curve.empty:
        return nothing(title=title, subtitle=subtitle)
    figure, (axes,) = new_figure(height=HEIGHT)
    plain = naive[naive["n"] >= FEWEST_PER_HOUR]
    day = pd.concat([curve, curve.head(1).assign(hour=24)], ignore_index=True)  # the wave closes at midnight
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.fill_between(day["hour"], day["ci_lower"], day["ci_upper"], color=BAND, alpha=0.45, linewidth=0)
    axes.plot(day["hour"], day["effect"], color=SERIES[0], linewidth=2)
    axes.scatter(plain["hour"] + 0.5, plain["effect"], color=SERIES[1], s=24, zorder=3, marker="D")
    axes.margins(y=0.12)
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 4), [f"{hour:02d}:00" for hour in range(0, 25, 4)])
    axes.set_xlabel("hour of publication, local time of the market")
    name_axis(axes, axis, which="y")
    for place, text, colour in (
        (0.0, "— at equal format", SERIES[0]),
        (0.36, "◆ plain average of the hour", SERIES[1]),
    ):
        at = (place, 1.0)
        word(axes, text, at, shift=(0, 5), xycoords="axes fraction", color=colour, fontweight="bold", va="bottom")
    soften(axes, grid="y")
    ticks(axes, signed, which="y")
    beside = plain[["hour", "effect"]].rename(columns={"effect": "plain_average"})
    data = curve.merge(beside, on="hour", how="left")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=data)


def _line(axes: Axes, part: pd.DataFrame, x: str, y: str, colour: str) -> None:
    """Draw one line, open where values are missing; a value between two missing ones is a dot."""
    values = part[y].astype(float)
    axes.plot(part[x], values, color=colour, linewidth=1.7)
    alone = values.notna() & values.shift().isna() & values.shift(-1).isna()
    if alone.any():
        axes.scatter(part[x][alone], values[alone], color=colour, s=14, zorder=3)
    if {"lower", "upper"} <= set(part.columns):
        band = part["lower"].astype(float), part["upper"].astype(float)
        axes.fill_between(part[x], *band, color=BAND, alpha=0.45, linewidth=0)


def _unbroken(group: pd.DataFrame, x: str, days: list[Any]) -> list[pd.DataFrame]:
    piece = sum((group[x] >= day).astype(int) for day in days) if days else pd.Series(0, index=group.index)
    return [part for _, part in group.groupby(piece) if len(part)]


def _name_ends(axes: Axes, ends: list[tuple[float, Any, str, str]]) -> None:
    """Name each line at its right end, pushed apart so that names never overlap."""
    low, high = axes.get_ylim()
    points = (high - low) / (HEIGHT * 72 * 0.6)
    placed = -np.inf
    for value, when, name, colour in sorted(ends):
        label = fold(name, END_CHARS)
        tall = 14 * (label.count("\n") + 1) * points
        placed = max(value, placed + tall / 2)
        bold = {"fontweight": "bold", "va": "center", "bbox": BEHIND}
        word(axes, label, (when, value), shift=(8, (placed - value) / points), color=colour, **bold)
        placed += tall / 2
