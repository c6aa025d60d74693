"""From numbers and days to places on a sheet, and the ticks that tell which is where."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from fanops_utils.charts.lettering import width
from fanops_utils.text import Count, Form, Percent, Sayable, Signed
from fanops_utils.text.sentences.forms import axis_day

LONG = 9  # numbers longer than that leave room for two or three ticks


@dataclass(frozen=True)
class Scale:
    """A linear scale: from *low* to *high* in the data, from *start* to *end* on the sheet."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.start + (self.end - self.start) * (value - self.low) / span

    def within(self, value: float) -> float:
        """Return the place of *value*, or the end of the scale it lies beyond."""
        return self(min(max(value, self.low), self.high))


def reach(values: np.ndarray, *, zero: bool = False, pad: float = 0.04) -> tuple[float, float]:
    """Return what a scale of the finite *values* runs from and to: padded, down to zero where *zero* belongs to it."""
    known = values[np.isfinite(values)]
    known = np.append(known, 0.0) if zero or not len(known) else known
    low, high = float(known.min()), float(known.max())
    if low == high:
        aside = abs(low) * 0.1 or 1.0
        low, high = (low, high + aside) if zero and low >= 0 else (low - aside, high + aside)
    span = high - low
    return low - (0 if zero and low == 0 else pad * span), high + (0 if zero and high == 0 else pad * span)


def numbers(
    low: float, high: float, form: Form, write: Callable[[Sayable], str], *, most: int = 4
) -> list[tuple[float, str]]:
    """Return at most *most* + 1 ticks between *low* and *high*, written by *form*: (value, text).

    Counts stand at whole numbers; percentages have the digits that their step needs.
    """
    from matplotlib.ticker import MaxNLocator

    longest = max(width(write(form(end))) for end in (low, high))
    finder = MaxNLocator(min(most, 2 if longest > LONG else most), integer=form is Count, min_n_ticks=2)
    span = (high - low) * 1e-6
    places = [float(place) for place in finder.tick_values(low, high) if low - span <= place <= high + span]
    return [(place, write(at_step(form, place, places))) for place in places]


def at_step(form: Form, value: float, places: Sequence[float]) -> Sayable:
    """Return *value* as a tick among *places*: a percentage has the digits that their step needs."""
    value = 0.0 if len(places) > 1 and abs(value) < 1e-9 * abs(places[1] - places[0]) else float(value)
    if form not in (Percent, Signed) or len(places) < 2:
        return form(value)
    step = abs(places[1] - places[0]) * 100
    digits = next((digits for digits in range(4) if abs(round(step, digits) - step) < 1e-6), 4)
    return Percent(value, digits) if form is Percent else Signed(value, digits)


def days(first: date, last: date, language: str, *, most: int = 7) -> list[tuple[date, str]]:
    """Return at most *most* ticks from *first* to *last*: (day, text); the year stands where it begins."""
    from matplotlib.dates import AutoDateLocator, num2date

    finder, shown, ticks = AutoDateLocator(minticks=min(3, most), maxticks=most), set(), []
    noon = datetime.min.time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a span of years between its own steps: it takes the next one
        places = finder.tick_values(datetime.combine(first, noon), datetime.combine(last, noon))
    for place in places:
        day = num2date(place).date()
        if first <= day <= last:
            ticks.append((day, axis_day(day, language, year=day.year not in shown)))
            shown.add(day.year)
    return ticks or [(first, axis_day(first, language, year=True))]
