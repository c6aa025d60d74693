"""A chart as a report carries it: SVG with its text as text, alt text, source line and the data behind it."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.charts.lettering import clean, fold
from fanops_utils.colours import INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.4  # inches: narrow enough that its type can be read on a phone
TITLE_CHARS, SUBTITLE_CHARS = 46, 62
USUAL_HEAD = 0.55  # inches: one line of title, one of subtitle
STYLE: Any = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "fanops", "font.size": 10, "font.family": ["DejaVu Sans"],
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": RULE, "xtick.color": MUTED, "ytick.color": MUTED,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "grid.color": RULE,
    "axes.labelsize": 9.5, "xtick.labelsize": 9.5, "ytick.labelsize": 9.5, "figure.facecolor": "none",
    "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A drawn chart; `alt` says the finding and its key numbers, `data` is what was drawn."""

    svg: str
    alt: str
    caption: str
    data: pd.DataFrame

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = {
            "columns": [str(name) for name in self.data.columns],
            "rows": [_cells(row) for row in self.data.itertuples(index=False)],
        }
        metadata = {"alt": self.alt, "caption": self.caption, "data": shown}
        return {"image/svg+xml": self.svg, "text/plain": self.alt}, {"image/svg+xml": metadata}


def _cells(row: Any) -> list[str]:
    return [show(value) for value in row]


def show(value: object) -> str:
    """Return a value as a person reads it: four significant digits, dates as days, missing as an empty cell.

    >>> show(1234.5678), show(0.0123456), show(None)
    ('1,235', '0.01235', '')
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def new_figure(*, height: float, rows: int = 1, ratios: list[float] | None = None) -> tuple[Figure, list[Axes]]:
    """Return a figure of the report's width with *rows* axes under each other."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.subplots(rows, 1, sharex=rows > 1, gridspec_kw={"height_ratios": ratios} if ratios else None)
    return figure, [axes] if rows == 1 else list(axes)


def finish(figure: Figure, *, title: str, subtitle: str, alt: str, caption: str, data: pd.DataFrame) -> Chart:
    """Return *figure* as a Chart under its title (what is to be seen) and subtitle (metric, denominator, period)."""
    import matplotlib as mpl
    from matplotlib.text import Text

    head, under = fold(title, TITLE_CHARS), fold(subtitle, SUBTITLE_CHARS)
    lines = head.count("\n") + 1, under.count("\n") + 1
    taken = 0.24 * lines[0] + 0.19 * lines[1] + 0.12
    height = figure.get_figheight() + max(taken - USUAL_HEAD, 0.0)  # a long title takes no room from the data
    band = taken / height
    figure.set_layout_engine("constrained", rect=(0.0, 0.0, 1.0, 1.0 - band))
    figure.set_figheight(height)
    figure.text(0.005, 1.0 - 0.02 / height, head, ha="left", va="top", fontsize=12, fontweight="bold", color=INK)
    below = 1.0 - (0.24 * lines[0] + 0.05) / height
    figure.text(0.005, below, under, ha="left", va="top", fontsize=9.5, color=MUTED)
    for text in figure.findobj(Text):
        text.set_text(clean(text.get_text()))
        text.set_parse_math(False)  # a dollar sign in the data is a dollar sign
    buffer = io.StringIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # glyphs the layout font lacks are drawn by the reader's fonts
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return Chart(buffer.getvalue(), alt, caption, data)


def nothing(*, title: str, subtitle: str, why: str = "There is no data for this chart.") -> Chart:
    """Return a chart that says there is nothing to draw."""
    figure, (axes,) = new_figure(height=1.5)
    axes.set_axis_off()
    axes.text(0.5, 0.5, why, ha="center", va="center", color=MUTED, fontsize=10.5, transform=axes.transAxes)
    return finish(figure, title=title, subtitle=subtitle, alt=f"{title}: {why}", caption="", data=pd.DataFrame())
