"""A sparkline: how a number came to be what it is, in the space of a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fanops_utils.charts.canvas import Canvas, Point
from fanops_utils.colours import BAND, SERIES

WIDE, TALL, EDGE = 120.0, 28.0, 4.0


def sparkline(
    values: Sequence[float | None],
    *,
    lower: Sequence[float | None] | None = None,
    upper: Sequence[float | None] | None = None,
    own: bool = True,
) -> str:
    """Return *values* in their order as an SVG of 120 x 28 px without words, "" where there is none.

    Missing values leave gaps, the last value is a dot. *lower* and *upper* draw a band. Grey where it is not the
    report's *own* market. It says nothing by itself: the number beside it does, so it is hidden from screen readers.
    """
    numbers = _floats(values)
    if not np.isfinite(numbers).any():
        return ""
    band = None if lower is None or upper is None else (_floats(lower), _floats(upper))
    known = np.concatenate([numbers, *(band or ())])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))

    def at(place: int, value: float) -> Point:
        across = EDGE + (WIDE - 2 * EDGE) * (place / (len(numbers) - 1) if len(numbers) > 1 else 1.0)
        return across, TALL - EDGE - (TALL - 2 * EDGE) * ((value - low) / (high - low) if high > low else 0.5)

    sheet, colour = Canvas(WIDE), SERIES[0] if own else SERIES[5]
    for run in runs(numbers if band is None else numbers + band[0] + band[1]):
        if band is not None and len(run) > 1:
            edge = [at(place, band[1][place]) for place in run] + [at(place, band[0][place]) for place in run[::-1]]
            sheet.area(edge, colour=BAND, opacity=0.45)
    for run in runs(numbers):
        if len(run) > 1:
            sheet.trace([at(place, numbers[place]) for place in run], colour=colour, thick=1.6)
        else:
            sheet.disc(at(run[0], numbers[run[0]]), 1.4, colour=colour)
    last = int(np.flatnonzero(np.isfinite(numbers))[-1])
    sheet.disc(at(last, numbers[last]), 2.6, colour=colour)
    return sheet.svg(TALL)


def runs(values: np.ndarray) -> list[list[int]]:
    """Return the places of *values* that are known, as runs without a gap.

    >>> runs(np.array([1.0, 2.0, np.nan, 3.0]))
    [[0, 1], [3]]
    """
    known = np.flatnonzero(np.isfinite(values))
    return [part.tolist() for part in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if len(part)]


def _floats(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=float)
