"""How a cost grows with a size: a straight line (fixed and per unit), a power of the size, and a chart of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.charts import Words, lines
from fanops_utils.text import Form, Number, Written


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


def drawn(sizes: Sequence[float], costs: Sequence[float], fit: Fit, *, title: str, axis: str, x_axis: str, alt: str,
          form: Form = Number) -> str:  # fmt: skip
    """Return a chart of *costs* over *sizes* and of the straight line of *fit*, as HTML that follows light and dark."""
    told = pd.DataFrame({"size": sizes, "cost": costs, "of": [Written("measured", "en")] * len(sizes)})
    between = np.asarray([min(sizes), max(sizes)], dtype=float)
    line = pd.DataFrame({"size": between, "cost": fit.at(between), "of": [Written("straight line", "en")] * 2})
    words = Words(
        title=Written(title, "en"), alt=Written(alt, "en"), axis=Written(axis, "en"), x_axis=Written(x_axis, "en")
    )
    chart = lines(
        pd.concat([told, line], ignore_index=True), x="size", y="cost", series="of", words=words, form=form, dates=False
    )
    return str(chart.html("en"))
