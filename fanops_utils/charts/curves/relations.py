"""Charts of two numbers against each other: labelled points, and promised chances against what came true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fanops_utils.charts.canvas import LETTER
from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.curves.margins import measured
from fanops_utils.charts.lettering import fold, room
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import INK, MUTED, SERIES
from fanops_utils.text import Form, Level, Number, Sayable, term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT, SIDE = 340.0, 18  # px; narrow characters of a label
MOST_LABELS = 40
Box = tuple[float, float, float, float]  # left, bottom, right, top: points within the axes


def scatter(
    frame: pd.DataFrame, *, x: str, y: str, label: str, words: Words, x_form: Form = Number, y_form: Form = Number,
    x_reference: float | None = None, y_reference: float | None = None,
) -> Chart:  # fmt: skip
    """Draw each row of *frame* as a named point: *y* over *x*, *label* messages or names.

    Columns ci_lower and ci_upper, where there, draw intervals of *y*; where there is a column `own`, only its points are
    coloured and they are named first. Points in a crowd stay unnamed: their names stand in the data. References are
    dashed lines, such as the mean of all.
    """
    drawn = frame.dropna(subset=[x, y]).reset_index(drop=True)
    if drawn.empty:
        return Chart.nothing(words)
    own = drawn["own"].to_numpy(bool) if "own" in drawn else np.ones(len(drawn), dtype=bool)
    colours = [SERIES[0] if mine else SERIES[5] for mine in own]

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        across, up = drawn[x].astype(float), drawn[y].astype(float)
        if "ci_lower" in drawn:
            axes.vlines(
                across, drawn["ci_lower"].astype(float), drawn["ci_upper"].astype(float), colors=colours, alpha=0.6
            )
        axes.scatter(across, up, c=colours, s=40, zorder=3)
        for line, value in ((axes.axvline, x_reference), (axes.axhline, y_reference)):
            if value is not None:
                line(value, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.margins(0.1)
        ax.head(axes, pen, words.axis)
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, x_form, which="x")
        ax.ticks(axes, pen, y_form, which="y")
        ax.soften(axes, grid="both")
        _label(figure, axes, pen, drawn[label].tolist(), np.column_stack([across, up]), own)
        return finished(figure, pen)

    return Chart(words, draw, drawn.drop(columns="own", errors="ignore"))


def _label(
    figure: Figure, axes: Axes, pen: Pen, names: Sequence[Sayable | str], points: np.ndarray, own: np.ndarray
) -> None:
    """Name the points, own ones first, each beside its point where neither a name nor a point is in the way."""
    wide, tall = (float(side) * 72 for side in figure.get_size_inches())
    sides = measured(figure)
    space = np.array([wide * (sides["right"] - sides["left"]), tall * (sides["top"] - sides["bottom"])])
    low = np.array([axes.get_xlim()[0], axes.get_ylim()[0]])
    high = np.array([axes.get_xlim()[1], axes.get_ylim()[1]])
    places = (points - low) / (high - low) * space
    taken: list[Box] = [(px - 4, py - 4, px + 4, py + 4) for px, py in places]
    for number in np.argsort(~own, kind="stable")[:MOST_LABELS]:
        text = fold(pen.text(names[number]), SIDE if not pen.narrow else SIDE - 4)
        for shift, ha, va, box in _beside(text, *places[number]):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= space[0] and box[3] <= space[1]
            if inside and not any(_meet(box, other) for other in taken):
                ax.word(
                    axes, text, tuple(points[number]), shift=shift, ha=ha, va=va, color=INK if own[number] else MUTED
                )
                taken.append(box)
                break


def _beside(text: str, px: float, py: float) -> list[tuple[tuple[float, float], str, str, Box]]:
    """Return where a name may stand beside its point: (shift, how it is set, the box it covers), best first."""
    size = LETTER * 0.75
    wide, tall = room(text, size), 1.25 * size * (text.count("\n") + 1)
    half = tall / 2
    return [
        ((7, 0), "left", "center", (px + 6, py - half, px + 8 + wide, py + half)),
        ((-7, 0), "right", "center", (px - 8 - wide, py - half, px - 6, py + half)),
        ((0, 6), "center", "bottom", (px - wide / 2, py + 5, px + wide / 2, py + 7 + tall)),
        ((0, -6), "center", "top", (px - wide / 2, py - 7 - tall, px + wide / 2, py - 5)),
    ]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def calibration(frame: pd.DataFrame, *, words: Words) -> Chart:
    """Draw what came true of what was given a chance: predicted, observed (fractions), ci_lower, ci_upper, n per bin.

    The dashed diagonal is where chances keep their word. Bins whose interval misses it are orange, those of fewer than
    30 cases grey.
    """
    drawn = frame.dropna(subset=["predicted", "observed"]).reset_index(drop=True) if len(frame) else frame
    if drawn.empty:
        return Chart.nothing(words)
    misses = (drawn["ci_lower"] > drawn["predicted"]) | (drawn["ci_upper"] < drawn["predicted"])
    few = drawn["n"] < 30 if "n" in drawn else pd.Series(False, index=drawn.index)
    colours = np.where(few, SERIES[5], np.where(misses, SERIES[3], SERIES[0])).tolist()
    most = min(1.0, 1.08 * float(np.nanmax(drawn[["predicted", "observed", "ci_upper"]].to_numpy(float))))

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=330 if pen.narrow else 400)
        axes.plot([0, most], [0, most], color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.vlines(drawn["predicted"], drawn["ci_lower"], drawn["ci_upper"], colors=colours, linewidth=2.2)
        axes.scatter(drawn["predicted"], drawn["observed"], c=colours, s=42, zorder=3)
        axes.set_xlim(0, most)
        axes.set_ylim(0, most)
        keys: list[tuple[Any, str]] = [(term("– – as promised", "key of a chart"), MUTED)]
        if bool((misses & ~few).any()):
            keys.append((term("● not as promised", "key of a chart"), SERIES[3]))
        ax.head(axes, pen, words.axis, keys=keys)
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, Level, which="x")
        ax.ticks(axes, pen, Level, which="y")
        ax.soften(axes, grid="both")
        return finished(figure, pen)

    return Chart(words, draw, drawn)
