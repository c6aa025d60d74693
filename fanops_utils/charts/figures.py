"""Charts of one value per row: estimates with their intervals, bars, effects among placebos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.charts.axes import Format, names, percent, soften, ticks, whole, word
from fanops_utils.charts.chart import Chart, finish, new_figure, nothing
from fanops_utils.charts.theme import MUTED, SERIES

GREY_BELOW = 30


def intervals(
    frame: pd.DataFrame, *, label: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    form: Format = percent, reference: float | None = None, reference_label: str = "",
) -> Chart:  # fmt: skip
    """Draw one estimate with its interval per row of *frame* (label, estimate, ci_lower, ci_upper, n), first on top.

    Rows with fewer than 30 observations are grey, rows marked `hidden` are left out. *reference* draws a labelled
    vertical line.
    """
    kept = frame[~frame["hidden"]] if "hidden" in frame else frame
    drawn = kept.dropna(subset=["estimate"]).reset_index(drop=True)
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle)
    figure, (axes,) = new_figure(height=1.35 + 0.38 * max(len(drawn), 2))
    places = np.arange(len(drawn))[::-1]
    thin = drawn["n"].to_numpy() < GREY_BELOW if "n" in drawn else np.zeros(len(drawn), dtype=bool)
    colours = [SERIES[5] if few else SERIES[0] for few in thin]
    axes.hlines(places, drawn["ci_lower"].astype(float), drawn["ci_upper"].astype(float), colors=colours, linewidth=2.2)
    axes.scatter(drawn["estimate"].astype(float), places, c=colours, s=42, zorder=3)
    if reference is not None and np.isfinite(reference):
        axes.axvline(reference, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        place = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
        word(axes, reference_label, (reference, 1.0), shift=(0, 1), color=MUTED, fontsize=9, **place)
    for place, value in zip(places, drawn["estimate"], strict=True):
        word(axes, form(value), (value, place), shift=(0, 7), ha="center")
    counts = [f"  (n={whole(n)})" for n in drawn["n"]] if "n" in drawn else [""] * len(drawn)
    names(axes, places, [f"{name}{n}" for name, n in zip(drawn[label].astype(str), counts, strict=True)])
    axes.set_ylim(-0.6, len(drawn) - 0.1)
    axes.margins(x=0.08)
    axes.set_xlabel(axis)
    ticks(axes, form, which="x")
    soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


def bars(
    frame: pd.DataFrame, *, label: str, value: str, title: str, subtitle: str, axis: str, alt: str, caption: str,
    form: Format = percent,
) -> Chart:  # fmt: skip
    """Draw one zero-based bar per row of *frame*, in its order, each with its value; missing ones are left out."""
    import seaborn

    drawn = frame.dropna(subset=[value]).reset_index(drop=True)
    if drawn.empty:
        return nothing(title=title, subtitle=subtitle)
    figure, (axes,) = new_figure(height=1.3 + 0.36 * max(len(drawn), 2))
    plain = drawn.astype({value: float})
    seaborn.barplot(data=plain, y=label, x=value, ax=axes, color=SERIES[0], orient="h", errorbar=None, saturation=1)
    for place, number in enumerate(plain[value]):
        word(axes, form(number), (number, place), shift=(4, 0), va="center")
    axes.set_xlim(0, float(plain[value].max()) * 1.18)
    axes.set_ylabel("")
    axes.set_xlabel(axis)
    ticks(axes, form, which="x")
    soften(axes, grid="x")
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=drawn)


def placebos(
    effects: Sequence[float], *, effect: float | None, title: str, subtitle: str, axis: str, alt: str, caption: str
) -> Chart:
    """Draw log *effects* of windows in which nothing happened as dots, and the estimated *effect* (a fraction) apart."""
    if not len(effects) or effect is None:
        return nothing(title=title, subtitle=subtitle, why="There is no past window to compare with.")
    figure, (axes,) = new_figure(height=1.9)
    values = np.expm1(np.asarray(effects, dtype=float))
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.scatter(values, _stacked(values), color=SERIES[5], s=40, alpha=0.85)
    axes.scatter([effect], [0], color=SERIES[0], s=90, marker="D", zorder=3)
    word(
        axes,
        f"this campaign {effect:+.1%}",
        (effect, 0),
        shift=(0, 13),
        ha="center",
        color=SERIES[0],
        fontweight="bold",
    )
    axes.set_ylim(-0.8, 2.6)
    axes.set_yticks([])
    axes.margins(x=0.16)
    axes.set_xlabel(axis)
    ticks(axes, lambda value: f"{value:+.0%}", which="x")
    soften(axes, grid="x")
    data = pd.DataFrame({"window": [*("placebo" for _ in values), "campaign"], "effect": [*values, effect]})
    return finish(figure, title=title, subtitle=subtitle, alt=alt, caption=caption, data=data)


def _stacked(values: np.ndarray) -> np.ndarray:
    """Return heights that keep dots of nearly the same value from covering each other."""
    step = max(float(np.ptp(values)) / 30, 1e-9)
    level = pd.Series(np.round(values / step))
    return level.groupby(level).cumcount().to_numpy() * 0.45
