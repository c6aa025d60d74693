"""What all charts do to their axes: quiet grids, readable ticks, words set beside marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fanops_utils.charts.lettering import fold
from fanops_utils.colours import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Callable[[float], str]
NAME_CHARS, AXIS_CHARS = 22, 34
BEHIND = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}  # words are not crossed by a line behind them


def percent(value: float) -> str:
    """Return a fraction as a percentage with the digits that matter.

    >>> percent(0.0241), percent(0.3456), percent(0.002)
    ('2.41%', '34.6%', '0.20%')
    """
    return f"{value:.2%}" if abs(value) < 0.1 else f"{value:.1%}"


def signed(value: float) -> str:
    """Return a fraction as a percentage with its sign: growth, lift.

    >>> signed(0.0426), signed(-0.3)
    ('+4.3%', '-30.0%')
    """
    return f"{value:+.1%}"


def p_value(value: float) -> str:
    """Return a p-value for a cell: two digits, none below a thousandth.

    >>> p_value(0.0086), p_value(2.5e-8)
    ('0.0086', '<0.001')
    """
    return "<0.001" if value < 0.001 else f"{value:.2g}"


def whole(value: float) -> str:
    """Return a count with thousands separators."""
    return f"{value:,.0f}"


def soften(axes: Axes, *, grid: Any) -> None:
    """Leave the bottom axis and a faint grid; everything else is drawn by the data."""
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis=grid, color=RULE, linewidth=0.6)
    axes.tick_params(length=0)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)


def ticks(axes: Axes, form: Format, *, which: str) -> None:
    """Set about five ticks on axis *which* ("x" or "y"), written by *form*; counts only where whole numbers stand."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(4, integer=form is whole, min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda value, _position: form(value)))


def caption(axes: Axes, text: str, *, which: str = "x") -> None:
    """Name axis *which*, folded to the room beside it."""
    if which == "x":
        axes.set_xlabel(fold(text, AXIS_CHARS))
    else:
        axes.set_ylabel(fold(text, AXIS_CHARS))


def date_axis(axes: Axes) -> None:
    """Write the x axis as dates, no more than fit."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def folded(labels: Sequence[str]) -> list[str]:
    """Return row names folded to the room left of a horizontal chart."""
    return [fold(str(label), NAME_CHARS) for label in labels]


def row_height(labels: Sequence[str]) -> float:
    """Return the inches a row needs for the tallest of the folded *labels*."""
    return max([0.38, *(0.17 * (label.count("\n") + 1) + 0.1 for label in labels)])


def names(axes: Axes, places: Any, labels: Sequence[str]) -> None:
    """Name the rows of a horizontal chart in full ink."""
    axes.set_yticks(places, list(labels))
    for text in axes.get_yticklabels():
        text.set_color(INK)


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
