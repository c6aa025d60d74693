"""How the numbers of a metric are said: differences, levels, intervals and p-values, in its own unit."""

from __future__ import annotations

import re

from fanops_utils.experiments import LookState
from fanops_utils.metrics import known_as
from fanops_utils.text import Form, Message, Money, Number, Percent, Points, PValue, Sayable, Span, Written, say, term
from fanops_utils.workspace import Experiment, Metric

CURRENCY = re.compile(r"[A-Z]{3}")
SUREST = 0.999  # levels beyond are not told apart
LEAST_P = 0.001


def amounts(metric: Metric) -> Form:
    """Return the form of the metric's differences, with their sign."""
    if metric.in_percent:
        return Points
    return lambda value: _counted(value, metric, sign=True)


def amount(value: float, metric: Metric) -> Sayable:
    """Return a difference in the metric's unit, with its sign."""
    return amounts(metric)(float(value))


def level(value: float, metric: Metric) -> Sayable:
    """Return a mean or share in the metric's unit."""
    return Percent(value) if metric.in_percent else _counted(value, metric)


def _counted(value: float, metric: Metric, *, sign: bool = False) -> Sayable:
    """Return an amount in what the metric is counted in: money, its own word, or a bare number where the register has none."""
    if metric.unit is None:
        return Number(value, sign=sign)
    if CURRENCY.fullmatch(metric.unit):
        return Money(float(value), metric.unit, sign=sign)
    return term("{amount} {unit}", "amount with its unit", amount=Number(value, sign=sign), unit=Written(metric.unit))


def named(metric: Metric) -> Sayable:
    """Return what *metric* is called, with its cap where it has one: a capped mean is another number."""
    if metric.winsorise is None:
        return Written(metric.label)
    return say("{metric}, capped at its {share} quantile", metric=metric.label, share=Percent(metric.winsorise, 1))


def per_unit(change: Sayable, metric: Metric, experiment: Experiment) -> Sayable:
    """Return *change* per unit of the experiment, of a mean or a count; shares and ratios say their own."""
    return (
        say("{change} per {unit}", change=change, unit=experiment.unit) if metric.kind in ("mean", "count") else change
    )


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


def used_up(state: LookState, experiment: Experiment) -> bool:
    """Return whether the looks so far have used all of the error allowed, as it is said: to a hundredth of a percent."""
    return state.spent >= experiment.alpha - 0.00005


def towards(metric: Metric) -> int:
    """Return 1 where more is better, -1 where less is."""
    return 1 if metric.direction == "increase" else -1


def moves(metric: Metric) -> str | None:
    """Return the id of the metric of the catalogue that an experiment's metric moves; None where it is one of its own."""
    return metric.metric_id or known_as(metric.name)
