"""How metrics of registers are called and their numbers are said."""

from __future__ import annotations

from fanops_utils.metrics import known_as, metric
from fanops_utils.sections import words
from fanops_utils.text import Count, Money, Number, Percent, Points, Sayable, Signed, Times, in_words


def metric_name(metric_id: str) -> Sayable:
    """Return the name of a metric of the catalogue, or of what is counted; another in words."""
    known = known_as(metric_id)
    return metric(known).name if known else words.UNITS_FIRST.get(metric_id) or in_words(metric_id)


def value_in(metric_id: str, number: float | None) -> Sayable | None:
    """Return *number* in the unit of the metric; None where it is not known."""
    if number is None or number != number:
        return None
    known = known_as(metric_id)
    return metric(known).unit.value(number) if known else Number(number)


def value_of(unit: str, number: float | None, currency: str = "") -> Sayable | None:
    """Return *number* in the *unit* of a target (share, change, difference, count, number, times, money, days)."""
    if number is None or number != number:
        return None
    match unit:
        case "share":
            return Percent(number)
        case "change":
            return Signed(number)
        case "difference":
            return Points(number)
        case "times":
            return Times(number)
        case "money":
            return Money(number, currency)
        case "count":
            return Count(number)
    return Number(number)
