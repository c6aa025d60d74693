"""What all charts do to their axes: quiet grids, readable ticks, words set beside marks, names of axes across."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fanops_utils.charts.canvas import LETTER, SMALL
from fanops_utils.charts.lettering import fitted, laid_out, room, width
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.scale import LONG, at_step
from fanops_utils.colours import INK, MUTED, PAPER, RULE
from fanops_utils.text import Count, Form, Sayable
from fanops_utils.text.sentences.forms import axis_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINT = 0.75  # of a pixel
LINE = 12.0  # points from line to line
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
    most = 2 if longest > LONG else 3 if pen.narrow and which == "x" else 4
    axis.set_major_locator(MaxNLocator(most, integer=form is Count, min_n_ticks=2))

    def label(value: float, _position: int | None) -> str:
        return laid_out(pen.text(at_step(form, value, axis.get_majorticklocs().tolist())))

    axis.set_major_formatter(FuncFormatter(label))


def head(axes: Axes, pen: Pen, what: Sayable | None, *, keys: Iterable[tuple[Sayable | str, str]] = ()) -> None:
    """Write above *axes*, from the left edge of the figure: the name of the y axis, then the key, (text, colour)."""
    lines: list[list[tuple[float, str, str]]] = []
    x, space = 0.0, pen.width * POINT - 8
    for text, colour in keys:
        said = fitted(pen.text(text), (pen.width - 24) / 1.08, SMALL)  # bold letters are broader
        wide = room(said, SMALL * POINT, bold=True) + 12
        if not lines or x + wide > space:
            lines.append([])
            x = 0.0
        lines[-1].append((x, said, colour))
        lines += [[] for _ in range(said.count("\n"))]
        x += wide
    up = 5.0 + LINE * (len(lines) - 1)
    for place, line in enumerate(lines):
        for start, said, colour in line:
            _over(axes, said, start, up - (place + said.count("\n")) * LINE, color=colour, fontweight="bold")
    if what is not None:
        _over(
            axes,
            fitted(pen.text(what), pen.width - 16, SMALL),
            0.0,
            5.0 + LINE * len(lines) + bool(lines) * 3,
            color=MUTED,
        )


def _over(axes: Axes, text: str, x: float, up: float, **look: Any) -> None:
    """Write *text* above *axes*, *x* points from the left edge of the figure, *up* points above the top."""
    at: Any = ("figure points", "axes fraction")
    word(axes, text, (2 + x, 1.0), shift=(0, up), xycoords=at, va="bottom", fontsize=SMALL * POINT, **look)


def foot(axes: Axes, pen: Pen, what: Sayable | None) -> None:
    """Name the x axis, below its ticks."""
    axes.set_xlabel(fitted(pen.text(what), 0.86 * pen.width, SMALL))


def date_axis(axes: Axes, pen: Pen) -> None:
    """Write the x axis as days in the pen's language, no more than fit; the year stands where it begins."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    if axes.dataLim.width == 0:  # a single day: else the axis runs over years
        axes.set_xlim(axes.dataLim.x0 - 3, axes.dataLim.x0 + 3)
    locator = AutoDateLocator(minticks=3, maxticks=4 if pen.narrow else 7)
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


def word(axes: Axes, text: str, at: tuple[Any, Any], *, shift: tuple[float, float] = (0, 0), **options: Any) -> None:
    """Write *text* beside the point *at*, moved by *shift* points; never clipped at the edge of the axes."""
    style = {"fontsize": LETTER * POINT, "color": INK, "annotation_clip": False, **options}
    axes.annotate(text, at, xytext=shift, textcoords="offset points", **style)


def above(axes: Axes, text: str, x: Any) -> None:
    """Write a small note above the top edge, centred on *x*."""
    place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
    word(axes, text, (x, 1.0), shift=(0, 1), color=MUTED, fontsize=SMALL * POINT, **place)


def at_top(axes: Axes, text: str, x: Any) -> None:
    """Write a small note inside the top edge, to the right of *x*."""
    word(
        axes,
        text,
        (x, 1.0),
        shift=(3, -3),
        xycoords=("data", "axes fraction"),
        va="top",
        color=MUTED,
        fontsize=SMALL * POINT,
    )
