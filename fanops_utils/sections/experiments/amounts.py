"""How the numbers of a metric are said: differences, levels, intervals and p-values, in its own unit."""

from __future__ import annotations

from fanops_utils.text import Form, Message, Number, Percent, Points, PValue, Sayable, Span, say, term
from fanops_utils.workspace import Metric

SUREST = 0.999  # levels beyond are not told apart
LEAST_P = 0.001


def amounts(metric: Metric) -> Form:
    """Return the form of the metric's differences, with their sign."""
    return Points if metric.is_share else lambda value: Number(value, sign=True)


def amount(value: float, metric: Metric) -> Sayable:
    """Return a difference in the metric's unit, with its sign."""
    return amounts(metric)(float(value))


def level(value: float, metric: Metric) -> Sayable:
    """Return a mean or share in the metric's unit."""
    return Percent(value) if metric.is_share else Number(value)


def between(lower: float, upper: float, *, form: Form) -> Message:
    """Return a range for the middle of a sentence: +0.30 to +0.50."""
    return term("{lower} to {upper}", "range", lower=form(float(lower)), upper=form(float(upper)))


def interval(lower: float, upper: float, metric: Metric, *, alpha: float) -> Span:
    """Return an interval of a difference with its level; looks leave odd ones."""
    return Span.of(lower, upper, form=amounts(metric), level=sureness(alpha))


def sureness(alpha: float) -> float:
    """Return the level of an interval judged at *alpha*, to a tenth of a percent.

    >>> sureness(0.05), sureness(0.0193), sureness(1e-9)
    (0.95, 0.981, 0.999)
    """
    return min(round(1 - alpha, 3), SUREST)


def p_value(value: float) -> Message:
    """Return a p-value as method lines tell it: p = 0.0086, p < 0.001."""
    return say("p < 0.001") if value < LEAST_P else say("p = {p}", p=PValue(value))


def towards(metric: Metric) -> int:
    """Return 1 where more is better, -1 where less is."""
    return 1 if metric.direction == "increase" else -1
