"""A chart as a report carries it: drawn once per language, its text as text, with alt text and the data behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from markupsafe import Markup

from fanops_utils.charts.columns import codes, heading
from fanops_utils.charts.pen import Pen
from fanops_utils.charts.words import Words
from fanops_utils.colours import CSS_VARIABLES
from fanops_utils.text import Sayable, is_few, markup, showing, shown_languages, term, valued
from fanops_utils.text.sentences.message import Worded
from fanops_utils.text.sentences.sayable import pack

# Columns of a chart's data that count people, or what an estimate rests on, which may be people.
PEOPLE = {
    "n",
    "members",
    "people",
    "buyers",
    "customers",
    "joined",
    "active",
    "left",
    "back",
    "subscribers",
    "redeemed",
    "invited",
}
Draw = Callable[[Pen], str]


@dataclass(frozen=True)
class Chart:
    """A chart with its words; `draw` draws it as SVG with a pen of one language, wide or narrow; `data` is what is drawn.

    `empty`: there was nothing to draw; a section leaves it out. `drawn` keeps the drawing of each language.
    """

    kind: ClassVar[str] = "chart"

    words: Words
    draw: Draw | None
    data: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: dict[tuple[str, bool], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def nothing(cls, words: Words) -> Chart:
        """Return the chart of no data."""
        return cls(words, None)

    @property
    def empty(self) -> bool:
        return self.draw is None

    def svg(self, language: str, *, narrow: bool = False) -> str:
        """Return the chart drawn in *language*, for a wide or a *narrow* place; empty where there is nothing to draw."""
        if self.draw is None:
            return ""
        if (
            language,
            narrow,
        ) not in self.drawn:  # what a chart shows of itself and what it carries are the same drawing
            self.drawn[language, narrow] = self.draw(Pen(language, narrow))
        return self.drawn[language, narrow]

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
        wide, narrow = (
            Markup(_themed(self.svg(language, narrow=narrow)))  # noqa: S704  (drawn here; its texts are escaped as XML)
            for narrow in (False, True)
        )
        return Markup("<figure>{}{}</p>{}{}</figure>").format(head, under, showing.drawing(wide, narrow), foot)

    def to_json(self) -> dict[str, Any]:
        """Return the chart as JSON-ready values: two drawings per language shown, words and data for all of them."""
        words, behind = self.words, _told(self.data)
        named = [codes(str(name)) for name in behind.columns]
        said = {"title": words.title, "subtitle": words.subtitle, "alt": words.alt, "caption": words.caption}
        return {
            "svg": {language: self.svg(language) for language in shown_languages()},
            "narrow": {language: self.svg(language, narrow=True) for language in shown_languages()},
            **{name: None if what is None else what.to_json() for name, what in said.items()},
            "columns": [heading(str(name)).to_json() for name in behind.columns],
            "rows": [[_cell(*cell) for cell in zip(row, named, strict=True)] for row in behind.itertuples(index=False)],
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return showing.bundle(self, plain=self.words.alt)


def _told(data: pd.DataFrame) -> pd.DataFrame:
    """Return the *data* behind a chart as they may be told: without counts of few people, or of few things an estimate rests on."""
    counts = [name for name in data.columns if name in PEOPLE and pd.api.types.is_numeric_dtype(data[name])]
    return (
        data.assign(**{name: data[name].astype("Float64").mask(data[name].map(is_few)) for name in counts})
        if counts
        else data
    )


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
