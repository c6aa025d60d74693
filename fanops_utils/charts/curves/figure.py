"""A figure of the pen's width and its SVG: type in the sizes of light drawings, text as text, the same bytes for the same data."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fanops_utils.charts.canvas import FAMILIES, LETTER, SMALL
from fanops_utils.charts.curves.margins import measured
from fanops_utils.charts.lettering import clean, laid_out, written
from fanops_utils.charts.pen import Pen
from fanops_utils.colours import INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PIXELS = 96  # an inch
POINT = 0.75  # of a pixel
STYLE: Any = {
    "svg.fonttype": "none", "text.parse_math": False, "font.size": LETTER * POINT, "font.family": ["DejaVu Sans"],
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": RULE, "xtick.color": MUTED, "ytick.color": MUTED,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "grid.color": RULE, "axes.labelpad": 4,
    "axes.labelsize": SMALL * POINT, "xtick.labelsize": SMALL * POINT, "ytick.labelsize": SMALL * POINT,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip
COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)


def new_figure(
    pen: Pen, *, height: float, rows: int = 1, ratios: Sequence[float] | None = None, shared: bool = True
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the pen's width, *height* pixels high, with *rows* axes under each other.

    They share the x axis unless not *shared*.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(pen.width / PIXELS, height / PIXELS))
        grid = {"height_ratios": list(ratios)} if ratios else None
        axes = figure.subplots(rows, 1, sharex=shared and rows > 1, gridspec_kw=grid)
    return figure, [axes] if rows == 1 else list(axes)


def finished(figure: Figure, pen: Pen) -> str:
    """Return *figure* as SVG, its margins measured by the words that stand in them."""
    import matplotlib as mpl
    from matplotlib.text import Text

    figure.subplots_adjust(**measured(figure))
    for text in figure.findobj(Text):
        text.set_text(laid_out(clean(text.get_text())))
        text.set_parse_math(False)  # a dollar sign in the data is a dollar sign
    buffer = io.StringIO()
    style = STYLE | {"svg.hashsalt": f"fanops {pen.narrow}"}  # both drawings stand in one page
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # glyphs the layout font lacks are drawn by the reader's fonts
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = COMMENT.sub("", written(buffer.getvalue()))
    return svg[svg.find("<svg") :].replace("<svg ", f'<svg font-family="{FAMILIES}" ', 1)
