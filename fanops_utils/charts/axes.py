"""What all charts do to their axes: quiet grids, readable ticks, words set beside marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fanops_utils.charts.chart import Pen
from fanops_utils.charts.lettering import fold, laid_out, width
from fanops_utils.colours import INK, MUTED, PAPER, RULE
from fanops_utils.text import Count, Form, Number, Percent, Sayable, Signed, term
from fanops_utils.text.forms import axis_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_CHARS, AXIS_CHARS = 22, 34
LONG = 9  # numbers longer than that leave room for two or three ticks
BEHIND = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}  # words are not crossed by a line behind them


def soften(axes: Axes, *, grid: Any) -> None:
    """Leave the bottom axis and a faint grid; everything else is drawn by the data."""
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis=grid, color=RULE, linewidth=0.6)
    axes.tick_params(length=0)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)


def ticks(axes: Axes, pen: Pen, form: Form, *, which: str) -> None:
    """Set at most five ticks on axis *which* ("x" or "y"), written by *form*, as many as their numbers leave room for.

    Counts stand at whole numbers; percentages have the digits that their step needs.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis, ends = (axes.xaxis, axes.get_xlim()) if which == "x" else (axes.yaxis, axes.get_ylim())
    longest = max(width(pen.number(form)(end)) for end in ends) if which == "x" else 0
    most = 2 if longest > LONG else 4
    axis.set_major_locator(MaxNLocator(most, integer=form is Count, min_n_ticks=2))

    def label(value: float, _position: int | None) -> str:
        return laid_out(pen.text(_at_step(form, value, axis.get_majorticklocs())))

    axis.set_major_formatter(FuncFormatter(label))


def _at_step(form: Form, value: float, places: Any) -> Sayable:
    if form not in (Percent, Signed) or len(places) < 2:
        return form(float(value))
    step = abs(places[1] - places[0]) * 100
    digits = next((digits for digits in range(4) if abs(round(step, digits) - step) < 1e-6), 4)
    return Percent(float(value), digits) if form is Percent else Signed(float(value), digits)


def room_for_numbers(axes: Axes, pen: Pen, values: np.ndarray, form: Form, *, low: float, high: float) -> None:
    """Set the x axis from *low* to *high*, with room for what stands beside the marks: negative *values* on the left."""
    sides = [[pen.number(form)(value) for value in part] for part in (values[values < 0], values[values >= 0])]
    left, right = (min(0.03 + 0.026 * max((width(text) for text in side), default=-1), 0.36) for side in sides)
    whole = ((high - low) or 1.0) / (1 - left - right)
    axes.set_xlim(low - left * whole, high + right * whole)


def caption(axes: Axes, pen: Pen, what: Sayable | None, *, which: str = "x") -> None:
    """Name axis *which*, folded to the room beside it."""
    if which == "x":
        axes.set_xlabel(fold(pen.text(what), AXIS_CHARS))
    else:
        axes.set_ylabel(fold(pen.text(what), AXIS_CHARS))


def date_axis(axes: Axes, pen: Pen) -> None:
    """Write the x axis as days in the pen's language, no more than fit; the year stands where it begins."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    shown: set[int] = set()

    def written(value: float, position: int | None) -> str:
        if position == 0:
            shown.clear()
        day = num2date(value).date()
        first = day.year not in shown
        shown.add(day.year)
        return laid_out(axis_day(day, pen.language, year=first))

    axes.xaxis.set_major_formatter(FuncFormatter(written))


def difference(*, share: bool) -> Form:
    """Return the form of a difference whose unit stands beside the axis: percentage points of a share, else its own unit.

    >>> str(difference(share=True)(0.0341)), str(difference(share=False)(1.8409))
    ('+3.41', '+1.84')
    """
    return (lambda value: Number(value * 100, 2, sign=True)) if share else (lambda value: Number(value, sign=True))


def counted(name: Sayable | str, n: float) -> Sayable:
    """Return the *name* of a row with the number of what it rests on."""
    return term("{name}  (n={n})", "row of a chart", name=name, n=Count(float(n)))


def folded(labels: Sequence[str]) -> list[str]:
    """Return row names folded to the room left of a horizontal chart."""
    return [fold(str(label), NAME_CHARS) for label in labels]


def row_height(labels: Sequence[str]) -> float:
    """Return the inches a row needs for the tallest of the folded *labels*."""
    return max([0.38, *(0.17 * (label.count("\n") + 1) + 0.1 for label in labels)])


def names(axes: Axes, places: Any, labels: Sequence[str]) -> None:
    """Name the rows of a horizontal chart in full ink."""
    axes.set_yticks(places, [laid_out(label) for label in labels])
    for text in axes.get_yticklabels():
        text.set_color(INK)
        text.set_multialignment("right")


def word(axes: Axes, text: str, at: tuple[Any, Any], *, shift: tuple[float, float] = (0, 0), **options: Any) -> None:
    """Write *text* beside the point *at*, moved by *shift* points; never clipped at the edge of the axes."""
    style = {"fontsize": 9.5, "color": INK, "annotation_clip": False, **options}
    axes.annotate(text, at, xytext=shift, textcoords="offset points", **style)


def above(axes: Axes, text: str, x: Any) -> None:
    """Write a small note above the top edge, centred on *x*."""
    place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
    word(axes, text, (x, 1.0), shift=(0, 1), color=MUTED, fontsize=9, **place)


def at_top(axes: Axes, text: str, x: Any) -> None:
    """Write a small note inside the top edge, to the right of *x*."""
    word(axes, text, (x, 1.0), shift=(3, -3), xycoords=("data", "axes fraction"), va="top", color=MUTED, fontsize=9)


def key(axes: Axes, parts: Iterable[tuple[str, str]], *, step: float = 0.5) -> None:
    """Write the key of a chart, (text, colour), side by side above its top edge, *step* of the axis apart."""
    for number, (text, colour) in enumerate(parts):
        bold: dict[str, Any] = {"color": colour, "fontweight": "bold", "va": "bottom", "xycoords": "axes fraction"}
        word(axes, text, (step * number, 1.0), shift=(0, 4), **bold)
