"""Charts of one value per row: estimates with their intervals, bars, effects among placebos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts import axes as ax
from fanops_utils.charts.chart import Chart, Pen, new_figure
from fanops_utils.charts.words import Words
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Form, Percent, Sayable, Signed, say, term

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HIDDEN_BELOW, GREY_BELOW = 10, 30


def intervals(
    frame: pd.DataFrame, *, label: str, words: Words, form: Form = Percent, reference: float | None = None,
    reference_label: Sayable | None = None,
) -> Chart:  # fmt: skip
    """Draw one estimate with its interval per row of *frame* (label, estimate, ci_lower, ci_upper, n), first on top.

    The column *label* holds messages or names as written. Rows with fewer than 30 observations are grey; those with
    fewer than 10, or marked `hidden`, are left out. *reference* draws a labelled vertical line.
    """
    kept = frame[~frame["hidden"].astype(bool)] if "hidden" in frame else frame
    kept = kept[kept["n"] >= HIDDEN_BELOW] if "n" in kept else kept
    drawn = kept.dropna(subset=["estimate"]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    thin = drawn["n"].to_numpy() < GREY_BELOW if "n" in drawn else np.zeros(len(drawn), dtype=bool)
    colours = [SERIES[5] if few else SERIES[0] for few in thin]

    def draw(pen: Pen) -> Figure:
        labels = ax.folded([_name(pen, row, label) for row in drawn.to_dict("records")])
        figure, (axes,) = new_figure(height=0.8 + ax.row_height(labels) * max(len(drawn), 2))
        places = np.arange(len(drawn))[::-1]
        axes.hlines(
            places, drawn["ci_lower"].astype(float), drawn["ci_upper"].astype(float), colors=colours, linewidth=2.2
        )
        axes.scatter(drawn["estimate"].astype(float), places, c=colours, s=42, zorder=3)
        if reference is not None and np.isfinite(reference):
            axes.axvline(reference, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
            ax.above(axes, pen.text(reference_label), reference)
        number = pen.number(form)
        for place, value in zip(places, drawn["estimate"], strict=True):
            ax.word(axes, number(value), (value, place), shift=(0, 7), ha="center", bbox=ax.BEHIND)
        ax.names(axes, places, labels)
        axes.set_ylim(-0.6, len(drawn) - 0.1)
        axes.margins(x=0.08)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)


def _name(pen: Pen, row: dict[Any, Any], label: str) -> str:
    return pen.text(ax.counted(row[label], row["n"]) if "n" in row else row[label])


def bars(frame: pd.DataFrame, *, label: str, value: str, words: Words, form: Form = Percent) -> Chart:
    """Draw one zero-based bar per row of *frame*, in its order, each with its value; missing ones are left out.

    The column *label* holds messages or names as written.
    """
    drawn = frame.dropna(subset=[value]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    numbers = drawn[value].to_numpy(float)

    def draw(pen: Pen) -> Figure:
        import seaborn  # here because it is slow to import

        labels = ax.folded([pen.text(name) for name in drawn[label]])
        figure, (axes,) = new_figure(height=0.8 + ax.row_height(labels) * max(len(drawn), 2))
        places, number = np.arange(len(drawn))[::-1], pen.number(form)
        rows = pd.DataFrame({"row": places, "value": numbers})
        look = {"color": SERIES[0], "orient": "h", "errorbar": None, "saturation": 1, "native_scale": True}
        seaborn.barplot(data=rows, y="row", x="value", ax=axes, **look)
        axes.set_ylabel("")
        for place, amount in zip(places, numbers, strict=True):
            side, shift = ("left", 4) if amount >= 0 else ("right", -4)
            ax.word(axes, number(amount), (amount, place), shift=(shift, 0), va="center", ha=side)
        ax.room_for_numbers(axes, pen, numbers, form, low=min(numbers.min(), 0.0), high=max(numbers.max(), 0.0))
        axes.set_ylim(-0.5, len(drawn) - 0.5)
        ax.names(axes, places, labels)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, form, which="x")
        ax.soften(axes, grid="x")
        return figure

    return Chart(words, draw, drawn)


def placebos(effects: Sequence[float], *, effect: float | None, words: Words) -> Chart:
    """Draw log *effects* of windows in which nothing happened as dots, the estimated *effect* (a fraction) apart."""
    if not len(effects) or effect is None:
        return Chart.nothing(words)
    values = np.expm1(np.asarray(effects, dtype=float))
    heights = _stacked(values, reach=float(np.ptp([*values, effect])))

    def draw(pen: Pen) -> Figure:
        figure, (axes,) = new_figure(height=1.5)
        axes.axvline(0, color=MUTED, linewidth=0.8)
        axes.scatter(values, heights, color=SERIES[5], s=40, alpha=0.85)
        axes.scatter([effect], [0], color=SERIES[0], s=90, marker="D", zorder=3)
        blue = {"color": SERIES[0], "fontweight": "bold"}
        named = pen.text(say("this campaign {effect}", effect=Signed(effect)))
        ax.word(axes, named, (effect, 0), shift=(0, 13), ha="center", **blue)
        axes.set_ylim(-0.8, max(2.6, float(heights.max()) + 0.8))
        axes.set_yticks([])
        axes.margins(x=0.24)
        ax.caption(axes, pen, words.axis)
        ax.ticks(axes, pen, Signed, which="x")
        ax.soften(axes, grid="x")
        return figure

    windows = [*[term("past window", "row of a chart")] * len(values), term("this campaign", "row of a chart")]
    return Chart(words, draw, pd.DataFrame({"window": windows, "effect": [*values, effect]}))


def _stacked(values: np.ndarray, *, reach: float) -> np.ndarray:
    """Return heights that keep dots of nearly the same value from covering each other, on an axis *reach* wide."""
    level = pd.Series(np.round(values / max(reach / 30, 1e-9)))
    return level.groupby(level).cumcount().to_numpy() * 0.45
