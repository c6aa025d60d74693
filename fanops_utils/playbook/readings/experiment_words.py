"""How the numbers of an experiment are said: differences, levels and limits in the unit of their metric."""

from __future__ import annotations

from datetime import date

import numpy as np

from fanops_utils.experiments import Comparison, ReadOut, improvement
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.wording import percent, points
from fanops_utils.workspace import Experiment, Metric

NO_UNITS = "no unit of this experiment was imported"
LEAST_SHORT = 0.001  # smaller amounts are written out: nobody reads -1.8e-05
INVALID = "The arms are not comparable: a difference may be the fault and not the treatment."
SEVERITY: dict[str, Severity] = {
    "ship": "good",
    "do not ship": "watch",
    "inconclusive: run on": "info",
    "inconclusive: stop": "info",
    "invalid": "alert",
}


def decision_metric(experiment: Experiment) -> Metric:
    """Return the first decision metric of the register."""
    return next(one for one in experiment.metrics if one.role == "decision")


def held_back(name: str, title: str, found: ReadOut | None) -> Finding | None:
    """Return the finding that nothing is read, without units or from an invalid experiment; None where it may be."""
    if found is None:
        return Finding.nothing(name, NO_UNITS)
    return Finding(name, title, INVALID) if found.verdict == "invalid" else None


def amount(value: float, metric: Metric) -> str:
    """Return a difference in the metric's unit, with its sign."""
    if metric.is_share:
        return points(value)
    if 0 < abs(value) < LEAST_SHORT:
        return np.format_float_positional(value, precision=3, fractional=False, sign=True)
    return f"{value:+,.3g}" if abs(value) < 1000 else f"{value:+,.0f}"


def level(value: float, metric: Metric) -> str:
    """Return a mean or share in the metric's unit."""
    return percent(value) if metric.is_share else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def bounds(one: Comparison, metric: Metric) -> str:
    """Return the interval of a comparison, or why there is none."""
    if one.cannot_tell:
        return f"cannot tell: {one.cannot_tell}"
    return f"{amount(one.ci_lower, metric)} to {amount(one.ci_upper, metric)}"


def interval(one: Comparison, metric: Metric) -> str:
    """Return the interval of a comparison with its level."""
    return f"{confidence(one.alpha)} CI {bounds(one, metric)}"


def confidence(alpha: float) -> str:
    """Return the level of an interval; looks leave odd ones.

    >>> confidence(0.05), confidence(0.0193)
    ('95%', '98.1%')
    """
    sure = (1 - alpha) * 100
    return f"{sure:.0f}%" if abs(sure - round(sure)) < 0.05 else f"{min(sure, 99.9):.1f}%"


def p_cell(value: float) -> str:
    """Return a p-value as a table cell; empty where there is none."""
    return "" if value != value else p_text(value).removeprefix("p ").removeprefix("= ")


def towards(metric: Metric) -> int:
    """Return 1 where more is better, -1 where less is."""
    return 1 if metric.direction == "increase" else -1


def best_of(found: ReadOut, metric: Metric) -> Comparison:
    """Return the comparison of *metric* that is read: the winner's, else the one that improves most; known ones first."""
    ours = [one for one in found.comparisons if one.metric == metric.name]
    winner = [one for one in ours if one.treatment == found.winner]
    known = [one for one in ours if not one.cannot_tell]
    return winner[0] if winner else max(known, key=lambda one: improvement(one, metric)[0]) if known else ours[0]


def named_arm(label: str, arm: str, experiment: Experiment) -> str:
    """Return *label* with the arm it is of, where there are several treatments."""
    return f"{label} ('{arm}')" if len(experiment.treatments) > 1 else label


def counted_name(experiment: Experiment) -> str:
    """Return what is compared where units are not: blocks, slots of time, or clusters."""
    if experiment.block is not None:
        return "blocks"
    return "slots" if experiment.design == "switchback" else "clusters"


def sentence(text: str) -> str:
    """Return *text* with its full stop."""
    return text if text.endswith(".") else f"{text}."


def day(value: date | None) -> str:
    """Return a day as text, or that it is not set."""
    return value.isoformat() if value else "not set"
