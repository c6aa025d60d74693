"""The chart forms of the reports: estimates with intervals, series over time, hours of the day, bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts.chart import Chart, finish, new_figure, show
from fanops_utils.charts.theme import BAND, INK, MUTED, PAPER, RULE, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Callable[[float], str]


def percent(value: float) -> str:
    """Return a fraction as a percentage with the digits that matter.

    >>> percent(0.0241), percent(0.3456), percent(0.002)
    ('2.41%', '34.6%', '0.20%')
    """
    return f"{value:.2%}" if abs(value) < 0.1 else f"{value:.1%}"


def whole(value: float) -> str:
    """Return a count with thousands separators."""
    return f"{value:,.0f}"


def _soften(axes: Axes, *, grid: str) -> None:
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis=grid, color=RULE, linewidth=0.6)  # type: ignore[arg-type]
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    axes.spines["top"].set_visible(False)
    axes.spines["right"].set_visible(False)


def _ticks(axes: Axes, form: Format, *, which: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda value, _: form(value)))


def intervals(
    frame: pd.DataFrame, *, label: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    form: Format = percent, reference: float | None = None, reference_label: str = "",
) -> Chart:  # fmt: skip
    """Draw one estimate with its interval per row of *frame* (label, estimate, ci_lower, ci_upper, n), best on top.

    Rows with fewer than 30 observations are grey. *reference* draws a labelled vertical line.
    """
    drawn = frame.dropna(subset=["estimate"]).reset_index(drop=True)
    figure, (axes,) = new_figure(height=1.35 + 0.38 * max(len(drawn), 2))
    places = np.arange(len(drawn))[::-1]
    grey = (drawn["n"] < 30) if "n" in drawn else pd.Series(data=False, index=drawn.index)
    colours = np.where(grey.to_numpy(dtype=bool), SERIES[5], SERIES[0])
    axes.hlines(places, drawn["ci_lower"].astype(float), drawn["ci_upper"].astype(float), colors=colours, linewidth=2.2)
    axes.scatter(drawn["estimate"].astype(float), places, c=colours, s=42, zorder=3)
    if reference is not None:
        axes.axvline(reference, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(reference_label, (reference, len(drawn) - 0.45), xytext=(4, 0), textcoords="offset points", color=MUTED, fontsize=9)
    for place, value in zip(places, drawn["estimate"], strict=True):
        axes.annotate(form(value), (value, place), xytext=(0, 7), textcoords="offset points", ha="center", color=INK, fontsize=9.5)
    names = drawn[label].astype(str)
    counts = [f"{name}  (n={whole(n)})" for name, n in zip(names, drawn["n"], strict=True)] if "n" in drawn else list(names)
    axes.set_yticks(places, counts)
    for text in axes.get_yticklabels():
        text.set_color(INK)
    axes.set_ylim(-0.6, len(drawn) - 0.1)
    axes.set_xlabel(axis)
    _ticks(axes, form, which="x")
    _soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


def lines(
    frame: pd.DataFrame, *, x: str, y: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    series: str | None = None, form: Format = whole, breaks: Sequence[tuple[Any, str]] = (),
    marks: Sequence[tuple[Any, Any, str]] = (),
) -> Chart:  # fmt: skip
    """Draw *y* over *x*, one line per value of *series*, each named at its end.

    Columns lower and upper, where there, draw a band. *breaks* are (day, note): the line is cut there. *marks* are
    (first day, last day, note): shaded spans. Missing values leave gaps.
    """
    import seaborn

    figure, (axes,) = new_figure(height=3.5)
    groups = [("", frame)] if series is None else list(frame.groupby(series, sort=False))
    ends = []
    for number, (name, group) in enumerate(groups):
        colour = SERIES[number % len(SERIES)]
        for part in _unbroken(group.sort_values(x), x, [day for day, _ in breaks]):
            seaborn.lineplot(data=part, x=x, y=y, ax=axes, color=colour, linewidth=1.7, errorbar=None, legend=False)
            if {"lower", "upper"} <= set(part.columns):
                axes.fill_between(part[x], part["lower"].astype(float), part["upper"].astype(float), color=BAND, alpha=0.45, linewidth=0)
        last = group.sort_values(x).dropna(subset=[y])
        if name and len(last):
            ends.append((float(last[y].iloc[-1]), last[x].iloc[-1], str(name), colour))
    for first, last_day, note in marks:
        axes.axvspan(first, last_day, color=SERIES[1], alpha=0.16, linewidth=0)
        axes.annotate(note, (first, 1.0), xycoords=("data", "axes fraction"), xytext=(2, -2), textcoords="offset points", va="top", fontsize=9, color=MUTED)
    for day, note in breaks:
        axes.axvline(day, color=MUTED, linewidth=1, linestyle=(0, (2, 2)))
        axes.annotate(note, (day, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2), textcoords="offset points", va="top", fontsize=9, color=MUTED)
    _name_ends(axes, ends)
    _dates(axes)
    axes.set_xlabel("")
    axes.set_ylabel(axis)
    _ticks(axes, form, which="y")
    _soften(axes, grid="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=frame.reset_index(drop=True))


def _unbroken(group: pd.DataFrame, x: str, days: list[Any]) -> list[pd.DataFrame]:
    piece = sum((group[x] >= day).astype(int) for day in days) if days else pd.Series(0, index=group.index)
    return [part for _, part in group.groupby(piece) if len(part)]


def _name_ends(axes: Axes, ends: list[tuple[float, Any, str, str]]) -> None:
    """Name each line at its right end, pushed apart so that names never overlap."""
    low, high = axes.get_ylim()
    step, placed = (high - low) * 0.065, -np.inf
    for value, when, name, colour in sorted(ends):
        placed = max(value, placed + step)
        axes.annotate(
            name, xy=(when, value), xytext=(8, (placed - value) / (high - low) * 185), textcoords="offset points",
            color=colour, fontsize=9.5, fontweight="bold", va="center", annotation_clip=False,
        )  # fmt: skip


def _dates(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def hour_curve(
    curve: pd.DataFrame, naive: pd.DataFrame, *, title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw the adjusted effect of the hour (hour, effect, ci_lower, ci_upper) and the raw means (hour, effect) as dots."""
    figure, (axes,) = new_figure(height=3.4)
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.fill_between(curve["hour"], curve["ci_lower"], curve["ci_upper"], color=BAND, alpha=0.45, linewidth=0)
    axes.plot(curve["hour"], curve["effect"], color=SERIES[0], linewidth=2)
    axes.scatter(naive["hour"], naive["effect"], color=SERIES[1], s=22, zorder=3, marker="D")
    axes.annotate("adjusted for format", (curve["hour"].iloc[2], curve["effect"].iloc[2]), xytext=(4, 14),
                  textcoords="offset points", color=SERIES[0], fontsize=9.5, fontweight="bold")  # fmt: skip
    top = naive.loc[naive["effect"].idxmax()]
    axes.annotate("◆ raw mean of the posts", (top["hour"], top["effect"]), xytext=(0, 9), textcoords="offset points",
                  ha="right", color=SERIES[1], fontsize=9.5, fontweight="bold")  # fmt: skip
    axes.margins(y=0.18)
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    axes.set_xlabel("hour of publication, local time of the market")
    axes.set_ylabel(axis)
    _soften(axes, grid="y")
    _ticks(axes, lambda value: f"{value:+.0%}", which="y")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=curve)


def bars(
    frame: pd.DataFrame, *, label: str, value: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    form: Format = percent,
) -> Chart:  # fmt: skip
    """Draw one zero-based bar per row of *frame*, in its order, each with its value; missing ones are left out."""
    import seaborn

    drawn = frame.dropna(subset=[value]).reset_index(drop=True)
    figure, (axes,) = new_figure(height=1.3 + 0.36 * max(len(drawn), 2))
    seaborn.barplot(data=drawn.astype({value: float}), y=label, x=value, ax=axes, color=SERIES[0], orient="h", errorbar=None, saturation=1)
    for place, number in enumerate(drawn[value]):
        axes.annotate(form(number), (number, place), xytext=(4, 0), textcoords="offset points", va="center", color=INK, fontsize=9.5)
    axes.set_xlim(0, float(drawn[value].max()) * 1.18 if len(drawn) else 1)
    axes.set_ylabel("")
    axes.set_xlabel(axis)
    _ticks(axes, form, which="x")
    _soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


__all__ = ["PAPER", "bars", "hour_curve", "intervals", "lines", "percent", "show", "whole"]
