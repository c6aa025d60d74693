"""What stands in a row of a chart: intervals, dots, rings, bands, ticks and bars on a scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fanops_utils.charts.pen import Pen
from fanops_utils.colours import BAND, INK, SERIES
from fanops_utils.text import Form, Percent, Sayable

Kind = Literal["interval", "dot", "ring", "diamond", "cross", "tick", "band", "bar"]


@dataclass(frozen=True)
class Mark:
    """One mark on the scale of its row: from `at`, or from `at` `to` another value, which may lie beyond the scale.

    `track` moves it to the row's upper (-1) or lower (1) half; `thick` is its height in pixels; `inside` is written on
    a bar that has room for it.
    """

    kind: Kind
    at: float
    to: float | None = None
    colour: str = SERIES[0]
    track: float = 0
    thick: float | None = None
    opacity: float = 1
    inside: Sayable | None = None

    @property
    def known(self) -> bool:
        return not (np.isnan(self.at) or (self.to is not None and np.isnan(self.to)))


def interval(low: float, high: float, *, colour: str = SERIES[0], track: float = 0) -> Mark:
    """Return the interval from *low* to *high*; one that is not known is not drawn."""
    return Mark("interval", float(low), float(high), colour=colour, track=track)


def dot(at: float, *, colour: str = SERIES[0], kind: Kind = "dot", track: float = 0) -> Mark:
    """Return a value as a mark of its *kind*: dot, ring, diamond, cross or tick."""
    return Mark(kind, float(at), colour=colour, track=track)


def band(low: float, high: float, *, colour: str = BAND, thick: float | None = None, opacity: float = 0.55) -> Mark:
    """Return what is aimed at or promised, from *low* to *high*: infinite where it has no end."""
    return Mark("band", float(low), float(high), colour=colour, thick=thick, opacity=opacity)


def bar(
    to: float, *, start: float = 0.0, colour: str = SERIES[0], inside: Sayable | None = None, opacity: float = 1
) -> Mark:
    """Return a bar from *start* *to* a value."""
    return Mark("bar", float(start), float(to), colour=colour, inside=inside, opacity=opacity)


@dataclass(frozen=True)
class Row:
    """A row: its name (a message, or a text as written), its marks, and what is said of it at the end."""

    name: Sayable | str
    marks: tuple[Mark, ...]
    said: Sayable | Callable[[Pen], str] | None = None
    colour: str = INK
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Rows on one scale: how its numbers are written, its name, whether zero belongs to it, a value all are held against.

    A panel without `ticks` shows no scale; one of `dates` has days for values, by their ordinals.
    """

    rows: Sequence[Row]
    form: Form = Percent
    axis: Sayable | None = None
    zero: bool = False
    reference: float | None = None
    reference_label: Sayable | None = None
    limits: tuple[float, float] | None = None
    ticks: bool = True
    dates: bool = False


@dataclass(frozen=True)
class Key:
    """What a mark of a chart stands for."""

    kind: Kind
    text: Sayable | str
    colour: str
    opacity: float = 1
