"""How a cost grows with a size: a straight line (fixed and per unit), a power of the size, and a chart of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fanops_utils.charts import Chart, Words
from fanops_utils.charts.curves import axes as ax
from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.pen import Pen
from fanops_utils.colours import MUTED, SERIES
from fanops_utils.text import Number, Written

HEIGHT = 260.0  # px


@dataclass(frozen=True)
class Fit:
    """What a cost is at no size at all, what a unit adds, and the power of the size that it grows with.

    `exponent` is None below three sizes: a power through two points says nothing of the shape.
    """

    fixed: float
    per_unit: float
    exponent: float | None

    def at(self, sizes: np.ndarray) -> np.ndarray:
        """Return the cost on the straight line at *sizes*."""
        return self.fixed + self.per_unit * sizes

    def told(self, unit: str, digits: int = 2) -> str:
        """Return the fit in words; *unit* is what one more of is added."""
        power = "" if self.exponent is None else f"; as the size to the power of {self.exponent:.2f}"
        each = 0.0 if abs(self.per_unit) < 1e-9 else self.per_unit
        return f"{self.fixed:.{digits}f} fixed and {each:.3g} {unit}{power}"


def fitted(sizes: Sequence[float], costs: Sequence[float]) -> Fit:
    """Return the least-squares line through *costs* at *sizes*, and the slope of their logarithms (numpy's polyfit)."""
    if len(set(sizes)) < 2:
        raise ValueError("growth needs two sizes")
    x, y = np.asarray(sizes, dtype=float), np.asarray(costs, dtype=float)
    per_unit, fixed = np.polyfit(x, y, 1)
    exponent = float(np.polyfit(np.log(x), np.log(y), 1)[0]) if len(x) > 2 and (x > 0).all() and (y > 0).all() else None
    return Fit(float(fixed), float(per_unit), exponent)


def drawn(
    sizes: Sequence[float], costs: Sequence[float], fit: Fit, *, title: str, axis: str, x_axis: str, alt: str
) -> str:
    """Return a chart of *costs* (points) over *sizes* and the straight line of *fit*, as HTML that follows light and dark."""
    ends = np.asarray([0.0, max(sizes)])
    words = Words(
        title=Written(title, "en"), alt=Written(alt, "en"), axis=Written(axis, "en"), x_axis=Written(x_axis, "en")
    )

    def draw(pen: Pen) -> str:
        figure, (axes,) = new_figure(pen, height=HEIGHT)
        axes.plot(ends, fit.at(ends), color=MUTED, linewidth=1.5)
        axes.scatter(sizes, costs, color=SERIES[0], s=45, zorder=3)
        axes.set_xlim(0, 1.05 * max(sizes))
        axes.set_ylim(0, 1.1 * max(*costs, *fit.at(ends)))
        ax.head(axes, pen, words.axis)
        ax.foot(axes, pen, words.x_axis)
        ax.ticks(axes, pen, Number, which="x")
        ax.ticks(axes, pen, Number, which="y")
        ax.soften(axes, grid="y")
        return finished(figure, pen)

    return str(Chart(words, draw).html("en"))
