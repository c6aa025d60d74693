"""Messages: sentences in English with typed values, looked up in the reader's language when they are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any, ClassVar

import numpy as np

from fanops_utils.text.sentences import forms
from fanops_utils.text.sentences.sayable import Piece, Sayable, Tongue
from fanops_utils.text.sentences.values import Count, Day

Value = Sayable | str | int | date


@dataclass(frozen=True)
class Message(Sayable):
    """A sentence or word: the English text is its key; `many` and `count` choose its plural, `context` its sense."""

    tag: ClassVar[str] = "say"

    text: str
    values: tuple[tuple[str, Sayable], ...] = ()
    context: str | None = None
    many: str | None = None
    count: float | None = None

    def pieces(self, tongue: Tongue) -> list[Piece]:
        said = tongue.translate(self.text, context=self.context, many=self.many, count=self.count)
        values = dict(self.values)
        pieces: list[Piece] = []
        for before, name, _form, _conversion in Formatter().parse(said):
            if before:
                pieces.append(Piece(before))
            if name is not None:
                pieces += values[name].pieces(tongue)
        return pieces


class Worded(str):
    """A text of a register that gives it in several languages: for all code its first text, said in the reader's own."""

    __slots__ = ("texts",)

    texts: tuple[tuple[str, str], ...]

    def __new__(cls, texts: Mapping[str, str]) -> Worded:
        worded = super().__new__(cls, next(iter(texts.values())))
        worded.texts = tuple(texts.items())
        return worded

    def __reduce__(self) -> tuple[type[Worded], tuple[dict[str, str]]]:
        return Worded, (dict(self.texts),)  # a copy is made of the texts


@dataclass(frozen=True)
class Written(Sayable):
    """Text as somebody wrote it: a name, a title, a note of a register; never translated, `lang` where it is known.

    A register's text in several languages is said in the reader's.
    """

    tag: ClassVar[str] = "written"

    text: str
    lang: str = ""

    def pieces(self, tongue: Tongue) -> list[Piece]:
        if isinstance(self.text, Worded):
            return Texts(self.text.texts).pieces(tongue)
        return [Piece(self.text, "written", self.lang)] if self.text else []

    def to_json(self) -> dict[str, Any]:
        return Texts(self.text.texts).to_json() if isinstance(self.text, Worded) else super().to_json()


def in_words(code: str) -> Written:
    """Return an id of a register or of the data in words, where nothing names it: five minute tea for five_minute_tea.

    >>> in_words("five_minute_tea").text
    'five minute tea'
    """
    return Written(code if isinstance(code, Worded) else code.replace("_", " ").strip() or code)


@dataclass(frozen=True)
class Texts(Sayable):
    """What a register says, in the languages it says it in; elsewhere as first written, marked with its language."""

    tag: ClassVar[str] = "texts"

    texts: tuple[tuple[str, str], ...]

    def pieces(self, tongue: Tongue) -> list[Piece]:
        said = dict(self.texts)
        alike = next((lang for lang in said if forms.written_alike(lang, tongue.code)), None)
        if tongue.code in said or alike:
            return [Piece(said.get(tongue.code) or said[str(alike)], "written")]
        lang, text = self.texts[0]
        return [Piece(text, "written", lang)]


@dataclass(frozen=True)
class Sentences(Sayable):
    """Whole sentences after each other, set apart as the language does."""

    tag: ClassVar[str] = "sentences"

    parts: tuple[Sayable, ...]

    @classmethod
    def of(cls, *parts: Sayable | None) -> Sentences:
        """Return the sentences *parts*; None (does not apply) is left out."""
        return cls(tuple(part for part in parts if part is not None))

    def pieces(self, tongue: Tongue) -> list[Piece]:
        return _joined(self.parts, tongue, term(" ", "between sentences"))


@dataclass(frozen=True)
class Listed(Sayable):
    """Things in a row: "how" is "and" (a, b and c), "or" or "plain" (a, b, c)."""

    tag: ClassVar[str] = "listed"

    items: tuple[Sayable, ...]
    how: str = "plain"

    @classmethod
    def of(cls, items: Iterable[Value], *, how: str = "plain") -> Listed:
        """Return the list of *items*; texts count as written."""
        return cls(tuple(valued(item) for item in items), how)

    def pieces(self, tongue: Tongue) -> list[Piece]:
        between = term(", ", "between items of a list")
        if self.how == "plain" or len(self.items) < 2:
            return _joined(self.items, tongue, between)
        last = (
            term(" and ", "before the last item of a list")
            if self.how == "and"
            else term(" or ", "before the last item of a list")
        )
        return [*_joined(self.items[:-1], tongue, between), *last.pieces(tongue), *self.items[-1].pieces(tongue)]


def _joined(parts: tuple[Sayable, ...], tongue: Tongue, between: Message) -> list[Piece]:
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        if place:
            pieces += between.pieces(tongue)
        pieces += part.pieces(tongue)
    return pieces


def say(text: str, /, **values: Value) -> Message:
    """Return the message *text*, an English sentence with a `{name}` for each of *values*.

    Values are sayables; a text counts as Written, a whole number as Count, a day as Day. A float is refused: what it is
    (a share, a change, money) decides how it is said. *text* is a literal: that is how the catalogues find it.

    >>> str(say("{market} has {n} posts", market="Brazil", n=1240))
    'Brazil has 1,240 posts'
    """
    return Message(text, _values(text, values))


def say_n(one: str, many: str, /, *, n: float, **values: Value) -> Message:
    """Return the message for the number *n*, which stands in the text as `{n}`.

    >>> str(say_n("{n} post", "{n} posts", n=1)), str(say_n("{n} post", "{n} posts", n=3))
    ('1 post', '3 posts')
    """
    return Message(one, _values(many, {**values, "n": Count(float(n))}), None, many, float(n))


def term(text: str, context: str, /, **values: Value) -> Message:
    """Return a word or short phrase in the sense of *context*, which tells translators where it stands.

    >>> str(term("share", "interaction"))
    'share'
    """
    return Message(text, _values(text, values), context)


def valued(value: Value) -> Sayable:
    """Return *value* as a sayable; raise TypeError for one whose form is not known."""
    if isinstance(value, Sayable):
        return value
    if isinstance(value, str):
        return Written(value)
    if isinstance(value, bool):
        raise TypeError("a truth value is not said: choose between two messages")
    if isinstance(value, int | np.integer):
        return Count(float(value))
    if isinstance(value, date):
        return Day.of(value)
    raise TypeError(f"how is {value!r} said? Give Percent, Signed, Count, Money, …")


def _values(text: str, values: dict[str, Any]) -> tuple[tuple[str, Sayable], ...]:
    named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if lacking := named - values.keys():
        raise TypeError(f"{text!r} needs {', '.join(sorted(lacking))}")
    return tuple((name, valued(value)) for name, value in values.items())
