"""A cell as a spreadsheet holds it: numbers as numbers, days as days, anything else as it is said in one language."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Literal, NamedTuple

from fanops_utils.reports.page.chrome import sayable
from fanops_utils.reports.page.text import plain
from fanops_utils.text import Count, Day, Level, Money, Number, People, Percent, Points, Sayable, Signed, Times, speak
from fanops_utils.text.sentences.values import Figure, real

Form = Literal["", "percent", "change", "count", "money", "number", "points", "day"]
FORMS: dict[type[Sayable], Form] = {
    Percent: "percent", Level: "percent", Signed: "change", Count: "count", People: "count", Money: "money", Number: "number",
    Times: "number", Points: "points",
}  # fmt: skip
FEWEST = 10  # people; fewer are not told


class Value(NamedTuple):
    """What a cell holds (a fraction stays a fraction, points are points), and the form it is shown in."""

    value: str | float | date | None
    form: Form = ""


def value_of(told: Any, language: str) -> Value:
    """Return the cell *told*, as JSON holds it, in *language*; a count of people below ten is said, not counted."""
    if told is None or (isinstance(told, int | float) and not isinstance(told, bool)):
        return _number(told, "")
    what = sayable(told)
    if isinstance(what, Day) and what.form == "iso":
        return Value(_day(what.iso), "day")
    if isinstance(what, People) and 0 < real(what.value) < FEWEST:
        return Value(plain(speak(what, language)))
    if (form := FORMS.get(type(what))) and isinstance(what, Figure | Level | Money | People | Points):
        return _number(real(what.value) * (100 if form == "points" else 1), form)
    return Value(spoken(what, language))


def spoken(told: Any, language: str) -> str:
    """Return *told*, a sayable or one as JSON holds it, as plain text in *language*; empty for nothing."""
    if told is None:
        return ""
    try:
        return plain(speak(sayable(told), language), 30_000)
    except Exception:  # a cell of somebody's own notebook: never a broken file
        return plain(told, 30_000)


def _number(value: float | None, form: Form) -> Value:
    if value is None or not math.isfinite(value):
        return Value(None, form)
    return Value(int(value) if form == "count" and value == int(value) else value, form)


def _day(iso: str) -> date | str:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return iso
