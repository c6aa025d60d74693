"""Numbers and days that know what they are, and so how each language says them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fanops_utils.text.sentences import forms
from fanops_utils.text.sentences.sayable import Piece, Sayable, Tongue


def real(value: float | None) -> float:
    """Return a number as read from JSON, where one that is not known is null."""
    return math.nan if value is None else float(value)


def isoday(value: date) -> str:
    """Return a day (a date, datetime or Timestamp) as 2026-03-09; raise ValueError for one that is not known (NaT)."""
    if not isinstance(value, date) or value != value:
        raise ValueError(f"{value!r} is no day")
    return date(value.year, value.month, value.day).isoformat()


@dataclass(frozen=True)
class Figure(Sayable):
    """A number in one of its forms; one that is not known (NaN, infinite) reads "—"."""

    value: float

    def pieces(self, tongue: Tongue) -> list[Piece]:
        return [Piece(self.written(real(self.value), tongue.code), "number")]

    def written(self, value: float, code: str) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Percent(Figure):
    """A fraction as percent, three significant digits at most: 2.41%, 34.6%, 125%."""

    tag: ClassVar[str] = "percent"
    digits: int | None = None

    def written(self, value: float, code: str) -> str:
        return forms.percent(value, code, digits=self.digits)


@dataclass(frozen=True)
class Signed(Figure):
    """A fraction as percent with its sign, for changes: +8.0%, −12.3%."""

    tag: ClassVar[str] = "signed"
    digits: int = 1

    def written(self, value: float, code: str) -> str:
        return forms.percent(value, code, digits=self.digits, sign=True)


@dataclass(frozen=True)
class Count(Figure):
    """A count with thousands separators; a small mean keeps one decimal: 12,346, 2.1."""

    tag: ClassVar[str] = "count"

    def written(self, value: float, code: str) -> str:
        small = math.isfinite(value) and abs(value) < 20 and value != int(value)
        if small and value > 0 and not round(value, 1):
            return "<" + forms.decimal(0.1, code, digits=1)
        return forms.decimal(value, code, digits=1 if small else 0)


@dataclass(frozen=True)
class Number(Figure):
    """A number that is neither share nor count: with *digits* decimals, else three significant digits."""

    tag: ClassVar[str] = "number"
    digits: int | None = None
    sign: bool = False

    def written(self, value: float, code: str) -> str:
        if self.digits is not None:
            return forms.decimal(value, code, digits=self.digits, sign=self.sign)
        return ("+" if self.sign and value > 0 else "") + forms.significant(value, code)


@dataclass(frozen=True)
class PValue(Figure):
    """A p-value: two digits, none below a thousandth: 0.0086, <0.001; the sentence says what it is one of."""

    tag: ClassVar[str] = "p_value"

    def written(self, value: float, code: str) -> str:
        return "<0.001" if 0 <= value < 0.001 else forms.significant(value, code, digits=2)


@dataclass(frozen=True)
class Clock(Figure):
    """An hour of the day as hours and minutes, to the nearest ten minutes: 12:30."""

    tag: ClassVar[str] = "clock"

    def written(self, value: float, code: str) -> str:  # noqa: ARG002
        if not math.isfinite(value):
            return forms.NONE
        minutes = round(value * 6) * 10 % (24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True)
class Day(Sayable):
    """A day: in words in a sentence ("day": 9 March 2026), "iso" in a table (2026-03-09), or the "month" alone."""

    tag: ClassVar[str] = "day"

    iso: str
    form: str = "day"

    @classmethod
    def of(cls, value: date, *, form: str = "day") -> Day:
        """Return the day *value* (a date, datetime or Timestamp)."""
        return cls(isoday(value), form)

    def pieces(self, tongue: Tongue) -> list[Piece]:
        return [Piece(forms.day(date.fromisoformat(self.iso), tongue.code, form=self.form), "number")]
