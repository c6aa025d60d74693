"""Values that need a word of the language: points, money, intervals, periods, hidden counts, durations, ages."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from babel.numbers import get_currency_name

from fanops_utils.text.sentences import forms
from fanops_utils.text.sentences.message import Message, Written, say_n, term
from fanops_utils.text.sentences.sayable import Piece, Sayable, Tongue
from fanops_utils.text.sentences.values import Count, Day, Number, Percent, isoday, real

Form = Callable[[float], Sayable]


@dataclass(frozen=True)
class Phrase(Sayable):
    """A value said by a message of its own."""

    def message(self, tongue: Tongue) -> Sayable:
        """Return what is said in *tongue*."""
        raise NotImplementedError

    def pieces(self, tongue: Tongue) -> list[Piece]:
        whole = "".join(piece.text for piece in self.message(tongue).pieces(tongue))
        return [Piece(whole, "number")]


@dataclass(frozen=True)
class Points(Phrase):
    """A difference of two fractions in percentage points, with the decimals such fractions have: −0.82 pp, +16.5 pp."""

    tag: ClassVar[str] = "points"

    value: float
    sign: bool = True
    digits: int | None = None

    def message(self, tongue: Tongue) -> Sayable:  # noqa: ARG002
        value = real(self.value)
        digits = forms.places_of(abs(value)) if self.digits is None else self.digits
        return term("{number} pp", "percentage points", number=Number(value * 100, digits, self.sign))


@dataclass(frozen=True)
class Times(Phrase):
    """A ratio as a multiple: 2.1×."""

    tag: ClassVar[str] = "times"

    value: float
    digits: int | None = None

    def message(self, tongue: Tongue) -> Sayable:  # noqa: ARG002
        number = Number(real(self.value), self.digits)
        return term("{number}×", "a multiple", number=number) if math.isfinite(number.value) else number


@dataclass(frozen=True)
class Money(Phrase):
    """An amount with its currency (ISO code); cents only where they matter: USD 12,346, USD 0.12."""

    tag: ClassVar[str] = "money"

    value: float
    currency: str
    sign: bool = False

    def message(self, tongue: Tongue) -> Sayable:
        value = real(self.value)
        amount = Number(value, 0 if round(abs(value), 2) >= 100 else 2 if round(abs(value), 2) else None, self.sign)
        english = tongue.code.startswith("en")
        name = self.currency if english else str(get_currency_name(self.currency, locale=forms.locale(tongue.code)))
        return term("{currency} {amount}", "money", currency=Written(name), amount=amount)


@dataclass(frozen=True)
class Span(Sayable):
    """An interval with its level, both ends in one form: 95% CI 2.00% to 3.00%."""

    tag: ClassVar[str] = "span"

    lower: Sayable
    upper: Sayable
    level: float = 0.95

    @classmethod
    def of(cls, lower: float, upper: float, *, form: Form = Percent, level: float = 0.95) -> Span:
        """Return the interval from *lower* to *upper*, each said by *form*."""
        return cls(form(float(lower)), form(float(upper)), level)

    def pieces(self, tongue: Tongue) -> list[Piece]:
        ends = {"lower": self.lower, "upper": self.upper}
        return term("{level} CI {lower} to {upper}", "interval", level=Level(self.level), **ends).pieces(tongue)


@dataclass(frozen=True)
class Range(Sayable):
    """From one value to another, as tables and brackets write it: 2.00% – 3.00%."""

    tag: ClassVar[str] = "range"

    lower: Sayable
    upper: Sayable

    @classmethod
    def of(cls, lower: float, upper: float, *, form: Form = Percent) -> Range:
        """Return the range from *lower* to *upper*, each said by *form*."""
        return cls(form(float(lower)), form(float(upper)))

    def pieces(self, tongue: Tongue) -> list[Piece]:
        return [*self.lower.pieces(tongue), Piece(" – "), *self.upper.pieces(tongue)]


@dataclass(frozen=True)
class Level(Sayable):
    """The level of an interval: 95%, 99.5%."""

    tag: ClassVar[str] = "level"

    value: float

    def pieces(self, tongue: Tongue) -> list[Piece]:
        value = real(self.value)
        whole = math.isfinite(value) and abs(value * 100 - round(value * 100)) < 1e-5  # a single-precision 0.1 is 10%
        return [Piece(forms.percent(value, tongue.code, digits=0 if whole else 1), "number")]


@dataclass(frozen=True)
class Period(Sayable):
    """The days from one to another, both included; open ends are said."""

    tag: ClassVar[str] = "period"

    first: str | None
    last: str | None
    form: str = "day"

    @classmethod
    def of(cls, first: date | None, last: date | None, *, form: str = "day") -> Period:
        """Return the period from *first* to *last*; None is an open end."""
        return cls(isoday(first) if first else None, isoday(last) if last else None, form)

    def pieces(self, tongue: Tongue) -> list[Piece]:
        if self.first and self.last:
            ends = {"first": Day(self.first, self.form), "last": Day(self.last, self.form)}
            return term("{first} to {last}", "period", **ends).pieces(tongue)
        if self.first:
            return term("since {first}", "period", first=Day(self.first, self.form)).pieces(tongue)
        if self.last:
            return term("until {last}", "period", last=Day(self.last, self.form)).pieces(tongue)
        return term("undated", "period").pieces(tongue)


FEWEST_TOLD = 10


@dataclass(frozen=True)
class People(Phrase):
    """A count of people as it may be told: below ten it stays hidden, here already: nothing carries it any further."""

    tag: ClassVar[str] = "people"

    value: float

    def __post_init__(self) -> None:
        if is_few(real(self.value)):
            object.__setattr__(self, "value", FEWEST_TOLD - 1)

    def message(self, tongue: Tongue) -> Sayable:  # noqa: ARG002
        value = real(self.value)
        if value == 0:
            return term("none", "count of people")
        return term("fewer than ten", "number of people") if value < FEWEST_TOLD else Count(value)


def is_few(people: float | None) -> bool:
    """Return whether *people* are some, and fewer than may be told."""
    return people is not None and 0 < people < FEWEST_TOLD


@dataclass(frozen=True)
class Seconds(Phrase):
    """How long something took: 7 s, 2 min 15 s."""

    tag: ClassVar[str] = "seconds"

    value: float

    def message(self, tongue: Tongue) -> Sayable:  # noqa: ARG002
        if not math.isfinite(real(self.value)):
            return Number(math.nan)
        minutes, rest = divmod(round(self.value), 60)
        if minutes:
            return term("{minutes} min {seconds} s", "duration", minutes=minutes, seconds=rest)
        return term("{seconds} s", "duration", seconds=rest)


def days_between(first: date, last: date) -> Message:
    """Return the number of days from *first* to *last* in words.

    >>> str(days_between(date(2026, 3, 1), date(2026, 3, 2)))
    '1 day'
    """
    return say_n("{n} day", "{n} days", n=(last - first).days)


__all__ = ["Form", "Level", "Money", "People", "Period", "Points", "Range", "Seconds", "Span", "days_between"]
