"""The comparisons of a read-out as they are drawn and as they are printed."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.experiments import Comparison, ReadOut
from fanops_utils.sections.experiments.amounts import amount, amounts, level, sureness, towards
from fanops_utils.sections.experiments.readout.reading import ROLES, named_arm
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Level, Listed, Number, PValue, Range, Sayable, Written, in_words, say, term
from fanops_utils.workspace import Experiment, Metric

DRAWN = ["label", "metric", "share", "estimate", "ci_lower", "ci_upper", "n", "smallest_effect", "margin"]
COLUMNS = {
    "metric": term("Metric", "column"), "role": term("Role", "column"), "arm": term("Arm", "column"),
    "control": term("Control", "column"), "treatment": term("Treatment", "column"), "difference": term("Difference", "column"),
    "interval": term("Interval", "column"), "p": term("p-value", "column"), "p_adjusted": term("p-value, corrected", "column"),
    "n": term("Units", "column"), "missing": term("Without outcome", "column"),
}  # fmt: skip


def drawn(found: ReadOut | None, experiment: Experiment, *, role: str) -> pd.DataFrame:
    """Return the comparisons of metrics in a *role* with the limits as they lie on the chart.

    Columns: label, metric, share (is it a share of units?), estimate, ci_lower, ci_upper, n, smallest_effect and margin
    (on the side of the difference where they matter). Empty where nothing may be compared; what cannot be told is left out.
    """
    metrics = {metric.name: metric for metric in experiment.metrics if metric.role == role}
    told = [one for one in (found.comparisons if found else ()) if one.metric in metrics and not one.cannot_tell]
    return pd.DataFrame([_row(one, metrics[one.metric], experiment) for one in told], columns=DRAWN)


def _row(one: Comparison, metric: Metric, experiment: Experiment) -> dict[str, Any]:
    side = towards(metric)
    return {
        "label": named_arm(metric.label, one.treatment, experiment), "metric": one.metric, "share": metric.in_percent,
        "estimate": one.estimate, "ci_lower": one.ci_lower, "ci_upper": one.ci_upper, "n": one.n,
        "smallest_effect": side * metric.smallest_effect if metric.smallest_effect else math.nan,
        "margin": -side * metric.margin if metric.margin else math.nan,
    }  # fmt: skip


def compared(found: ReadOut | None, experiment: Experiment) -> charts.Table:
    """Return all comparisons as a table, each value in the unit of its metric; p_adjusted is corrected within its role."""
    listed = [_cells(one, experiment.metric(one.metric)) for one in (found.comparisons if found else ())]
    levels = Listed.of(
        Level(one) for one in sorted({sureness(one.alpha) for one in (found.comparisons if found else ())})
    )
    caption = say(
        "All metrics of the register (decision metrics corrected by Holm, exploratory ones by false-discovery rate)"
    )
    if levels.items:
        caption = say(
            "All metrics of the register (decision metrics corrected by Holm, exploratory ones by false-discovery rate); "
            "intervals: {levels}", levels=levels,
        )  # fmt: skip
    numbers = dict.fromkeys(("control", "treatment", "difference", "interval", "p", "p_adjusted"), Number)
    return charts.table(pd.DataFrame(listed, columns=list(COLUMNS)), columns=COLUMNS, formats=numbers, caption=caption)


def _cells(one: Comparison, metric: Metric) -> dict[str, Any]:
    return {
        "metric": Written(metric.label), "role": ROLES[metric.role], "arm": in_words(one.treatment),
        "control": _known(one.control_mean, level(one.control_mean, metric)),
        "treatment": _known(one.treatment_mean, level(one.treatment_mean, metric)),
        "difference": _known(one.estimate, amount(one.estimate, metric)),
        "interval": limits(one, metric),
        "p": _known(one.p_value, PValue(one.p_value)),
        "p_adjusted": None if one.p_adjusted is None else _known(one.p_adjusted, PValue(one.p_adjusted)),
        "n": one.n, "missing": one.missing,
    }  # fmt: skip


def limits(one: Comparison, metric: Metric) -> Sayable:
    """Return the interval of a comparison, or why there is none."""
    if one.cannot_tell:
        return say("cannot be told: {why}", why=because(one.cannot_tell))
    return Range.of(one.ci_lower, one.ci_upper, form=amounts(metric))


def _known(value: float, told: Sayable) -> Sayable | None:
    return told if value == value else None
