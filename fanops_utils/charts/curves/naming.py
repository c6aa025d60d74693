"""Lines and their names: at their ends where there is room, above the chart where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.lettering import fold, width
from fanops_utils.charts.pen import Pen
from fanops_utils.colours import SERIES
from fanops_utils.text import Sayable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

END_CHARS, SHORT = 16, 10  # narrow characters of a name at an end: wide drawings, narrow ones
MOST = 5  # lines named at their ends


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name, its values, its colour."""

    name: Sayable | str | None
    frame: pd.DataFrame
    colour: str


def named_lines(frame: pd.DataFrame, series: str | None) -> list[Line]:
    """Return the lines of *frame*, one per value of *series*: with a column own, its lines are coloured and drawn last."""
    if series is None:
        return [Line(None, frame, SERIES[0])]
    groups = list(frame.groupby(series, sort=False))
    if "own" not in frame:
        return [Line(name, group, SERIES[place % len(SERIES)]) for place, (name, group) in enumerate(groups)]  # type: ignore[arg-type]
    coloured = [place for place in range(len(SERIES)) if place != 5]
    lines = []
    for name, group in sorted(groups, key=lambda pair: bool(pair[1]["own"].any())):
        own = bool(group["own"].any())
        lines.append(Line(name, group, SERIES[coloured.pop(0)] if own and coloured else SERIES[5]))  # type: ignore[arg-type]
    return lines


def name_lines(axes: Axes, pen: Pen, lines: list[Line], x: str, y: str, axis: Sayable | None) -> None:
    """Name *lines* at their right ends, pushed apart, or above *axes* where they are long or many; name the *axis* above."""
    shown = [(line, pen.text(line.name)) for line in lines if line.name and line.frame[y].notna().any()]
    space = SHORT if pen.narrow else END_CHARS
    long = any(width(name) > (SHORT if pen.narrow else 4 * END_CHARS) for _, name in shown)
    if long or len(shown) > MOST:
        ax.head(axes, pen, axis, keys=[(f"● {name}", line.colour) for line, name in shown])
        return
    ax.head(axes, pen, axis)
    ends = []
    for line, name in shown:
        last = line.frame.sort_values(x).dropna(subset=[y]).iloc[-1]
        ends.append((float(last[y]), last[x], fold(name, space), line.colour))
    ends.sort(key=lambda end: end[0])
    low, high = axes.get_ylim()
    points = (high - low) / (float(axes.get_figure(root=True).get_size_inches()[1]) * 72 * 0.6)  # type: ignore[union-attr]
    heights = [14 * (label.count("\n") + 1) * points for _, _, label, _ in ends]
    for (value, when, label, colour), place in zip(ends, _apart([end[0] for end in ends], heights, high), strict=True):
        bold = {"fontweight": "bold", "va": "center", "bbox": ax.BEHIND}
        ax.word(axes, label, (when, value), shift=(8, (place - value) / points), color=colour, **bold)


def _apart(values: list[float], heights: list[float], top: float) -> list[float]:
    """Return places near ascending *values* where names of these *heights* do not touch, none above *top* if that may be.

    >>> _apart([1.0, 1.0], [0.5, 0.5], 1.0)
    [0.25, 0.75]
    """
    places, floor = [], -np.inf
    for value, tall in zip(values, heights, strict=True):
        places.append(max(value, floor + tall / 2))
        floor = places[-1] + tall / 2
    ceiling = top
    for number in reversed(range(len(places))):
        places[number] = min(places[number], ceiling - heights[number] / 2)
        ceiling = places[number] - heights[number] / 2
    return places
