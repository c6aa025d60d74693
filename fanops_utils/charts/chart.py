"""A chart as a report carries it: drawn once per language, its text as text, with alt text and the data behind it."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from markupsafe import Markup

from fanops_utils.charts.columns import codes, heading
from fanops_utils.charts.lettering import clean, laid_out, written
from fanops_utils.charts.words import Words
from fanops_utils.colours import CSS_VARIABLES, INK, MUTED, RULE
from fanops_utils.text import Form, Sayable, markup, showing, shown_languages, speak, term, valued
from fanops_utils.text.message import Worded
from fanops_utils.text.sayable import pack

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.4  # inches: narrow enough that its type can be read on a phone
FAMILIES = '-apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
STYLE: Any = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "fanops", "font.size": 10, "font.family": ["DejaVu Sans"],
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": RULE, "xtick.color": MUTED, "ytick.color": MUTED,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "grid.color": RULE,
    "axes.labelsize": 9.5, "xtick.labelsize": 9.5, "ytick.labelsize": 9.5, "figure.facecolor": "none",
    "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip


@dataclass(frozen=True)
class Pen:
    """The hand that letters a chart in one language."""

    language: str

    def text(self, what: Sayable | str | None) -> str:
        """Return *what* in the pen's language; a text that is no message, nor one of a register, stays as it is written."""
        if isinstance(what, Worded):
            return speak(valued(what), self.language)
        return "" if what is None else what if isinstance(what, str) else speak(what, self.language)

    def number(self, form: Form) -> Callable[[float], str]:
        """Return the function that writes a number as *form* says it."""
        return lambda value: speak(form(float(value)), self.language)


Draw = Callable[[Pen], "Figure"]


@dataclass(frozen=True)
class Chart:
    """A chart with its words; `draw` draws it with a pen of one language, `data` is what is drawn.

    `empty`: there was nothing to draw; a section leaves it out. `drawn` keeps the drawing of each language.
    """

    kind: ClassVar[str] = "chart"

    words: Words
    draw: Draw | None
    data: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def nothing(cls, words: Words) -> Chart:
        """Return the chart of no data."""
        return cls(words, None)

    @property
    def empty(self) -> bool:
        return self.draw is None

    def svg(self, language: str) -> str:
        """Return the chart drawn in *language*: SVG with its text as text; empty where there is nothing to draw."""
        if self.draw is None:
            return ""
        if language not in self.drawn:  # what a chart shows of itself and what it carries are the same drawing
            self.drawn[language] = _written(self.draw(Pen(language)))
        return self.drawn[language]

    def html(self, language: str) -> Markup:
        """Return the chart as HTML: title, drawing, caption."""
        if self.draw is None:
            return Markup("")
        words = self.words
        head = Markup("<p><b>{}</b>").format(markup(words.title, language))
        under = (
            Markup('<br><span class="small">{}</span>').format(markup(words.subtitle, language))
            if words.subtitle
            else ""
        )
        foot = (
            Markup('<figcaption class="small">{}</figcaption>').format(markup(words.caption, language))
            if words.caption
            else ""
        )
        drawn = Markup(_themed(self.svg(language)))  # noqa: S704  (drawn here; its texts are escaped as XML)
        return Markup("<figure>{}{}</p>{}{}</figure>").format(head, under, drawn, foot)

    def to_json(self) -> dict[str, Any]:
        """Return the chart as JSON-ready values: a drawing per language shown, words and data for all of them."""
        words = self.words
        named = [codes(str(name)) for name in self.data.columns]
        told = {"title": words.title, "subtitle": words.subtitle, "alt": words.alt, "caption": words.caption}
        return {
            "svg": {language: self.svg(language) for language in shown_languages()},
            **{name: None if what is None else what.to_json() for name, what in told.items()},
            "columns": [heading(str(name)).to_json() for name in self.data.columns],
            "rows": [
                [_cell(*cell) for cell in zip(row, named, strict=True)] for row in self.data.itertuples(index=False)
            ],
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.words.alt)


def _themed(svg: str) -> str:
    """Return *svg* for a place with a light and a dark look: its colours are those of the style around it."""
    for colour, variable in CSS_VARIABLES.items():
        svg = svg.replace(colour, variable)
    return svg[svg.find("<svg") :]


def _cell(value: Any, named: Mapping[str, Sayable]) -> Any:
    """Return a value of the data behind a chart as JSON: a message, a text, a number, a day, or None where missing.

    *named*: what the codes of its column are called.
    """
    said = named.get(value, value) if isinstance(value, str) else value
    if isinstance(said, Sayable | Worded):
        return valued(said).to_json()
    if isinstance(value, bool | np.bool_):
        return (term("yes", "cell of a table") if value else term("no", "cell of a table")).to_json()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return pack(value) if isinstance(value, int | float | str) or hasattr(value, "__float__") else str(value)


def new_figure(
    *, height: float, rows: int = 1, ratios: Sequence[float] | None = None, shared: bool = True
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the report's width with *rows* axes under each other, which share the x axis unless not *shared*."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        grid = {"height_ratios": list(ratios)} if ratios else None
        axes = figure.subplots(rows, 1, sharex=shared and rows > 1, gridspec_kw=grid)
    return figure, [axes] if rows == 1 else list(axes)


def _written(figure: Figure) -> str:
    import matplotlib as mpl
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_text(laid_out(clean(text.get_text())))
        text.set_parse_math(False)  # a dollar sign in the data is a dollar sign
    buffer = io.StringIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # glyphs the layout font lacks are drawn by the reader's fonts
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return written(buffer.getvalue())
