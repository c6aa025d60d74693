"""How the numbers of a metric are said: differences and levels in its own unit."""

from __future__ import annotations

from fanops_utils.text import Message, Number, Percent, Points, Sayable, say
from fanops_utils.workspace import Metric


def amount(value: float, metric: Metric) -> Sayable:
    """Return a difference in the metric's unit, with its sign."""
    return Points(value) if metric.is_share else Number(value, sign=True)


def level(value: float, metric: Metric) -> Sayable:
    """Return a mean or share in the metric's unit."""
    return Percent(value) if metric.is_share else Number(value)


def no_history() -> Message:
    """Return why there is nothing to plan on; it goes on after "No data:"."""
    return say("no control arm of the warehouse has this metric")
