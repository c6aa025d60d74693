"""The tables of an experiment's read-out, as frames: what is drawn, and what is printed."""

from __future__ import annotations

import pandas as pd

from fanops_utils.experiments import Comparison, ReadOut
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.readings.experiment_words import amount, bounds, held_back, level, p_cell, towards
from fanops_utils.workspace import Experiment, Metric

COPIED = (
    "metric",
    "treatment",
    "control_mean",
    "treatment_mean",
    "estimate",
    "ci_lower",
    "ci_upper",
    "p_value",
    "p_adjusted",
    "n",
)
LISTED = ["metric", "role", "arm", "control", "treatment", "difference", "interval", "p", "p_adjusted", "n", "missing"]
FALSE_SHARE = 0.05  # of the exploratory differences named, about so many are expected to be none


def shown(found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the comparisons with their labels, kinds and roles, and the limits as they lie on the chart.

    Columns: label, role, kind, share (is it a share of units?), metric, treatment, control_mean, treatment_mean,
    estimate, ci_lower, ci_upper, p_value, p_adjusted, n, smallest_effect and margin (on the side of the difference
    where they matter). Empty where nothing may be compared; what cannot be told is left out.
    """
    metrics = {metric.name: metric for metric in experiment.metrics}
    several = len(experiment.allocation) > 2
    told = [one for one in (found.comparisons if found else ()) if not one.cannot_tell]
    rows = [_row(one, metrics[one.metric], several=several) for one in told]
    return pd.DataFrame(rows, columns=["label", "role", "kind", "share", *COPIED, "smallest_effect", "margin"])


def listed(found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the comparisons as they are printed: metric, role, arm, control, treatment, difference, interval, p, n.

    All columns but n and missing are text, each value in the unit of its metric; p_adjusted is corrected within its
    role, `missing` units had no outcome.
    """
    metrics = {metric.name: metric for metric in experiment.metrics}
    rows = [
        {
            "metric": metrics[one.metric].label,
            "role": metrics[one.metric].role,
            "arm": one.treatment,
            "control": _known(one.control_mean, level(one.control_mean, metrics[one.metric])),
            "treatment": _known(one.treatment_mean, level(one.treatment_mean, metrics[one.metric])),
            "difference": _known(one.estimate, amount(one.estimate, metrics[one.metric])),
            "interval": bounds(one, metrics[one.metric]),
            "p": p_cell(one.p_value),
            "p_adjusted": "" if one.p_adjusted is None else p_cell(one.p_adjusted),
            "n": one.n,
            "missing": one.missing,
        }
        for one in (found.comparisons if found else ())
    ]
    return pd.DataFrame(rows, columns=LISTED)


def exploratory(found: ReadOut | None, experiment: Experiment) -> Finding:
    """Return which exploratory metrics moved, false discoveries held to one in twenty."""
    if said := held_back("exploratory", "Nothing is explored in an invalid experiment", found):
        return said
    metrics = {metric.name: metric for metric in experiment.metrics if metric.role == "exploratory"}
    ours = [one for one in (found.comparisons if found else ()) if one.metric in metrics]
    if not ours:
        return Finding("exploratory", "The register names no exploratory metric", "There is nothing to explore.")
    moved = [one for one in ours if one.p_adjusted is not None and one.p_adjusted < FALSE_SHARE]
    silent = all(one.cannot_tell for one in ours)
    title = "Exploratory metrics cannot be told" if silent else "No exploratory metric moved"
    title = f"{len(moved)} of {len(ours)} exploratory differences stand out" if moved else title
    lines = [_explored(one, metrics[one.metric]) for one in ours]
    return Finding(
        "exploratory",
        title,
        f"{' '.join(lines)} They suggest the next test and decide nothing.",
        n=max(one.n for one in ours),
        method="Benjamini-Hochberg over all exploratory differences; false discoveries held to 5%.",
    )


def _explored(one: Comparison, metric: Metric) -> str:
    if one.cannot_tell:
        return f"{metric.label} cannot be told: {one.cannot_tell}."
    p_value = one.p_value if one.p_adjusted is None else one.p_adjusted
    gone = f"; {one.missing:,} units without an outcome, left out" if one.missing else ""
    return (
        f"{metric.label} with '{one.treatment}': {amount(one.estimate, metric)} ({bounds(one, metric)}; "
        f"{p_text(p_value)} corrected{gone})."
    )


def _known(value: float, said: str) -> str:
    return said if value == value else ""


def _row(one: Comparison, metric: Metric, *, several: bool) -> dict[str, object]:
    side = towards(metric)
    return {
        "label": f"{metric.label} ({one.treatment})" if several else metric.label,
        "role": metric.role,
        "kind": metric.kind,
        "share": metric.is_share,
        **{name: getattr(one, name) for name in COPIED},
        "smallest_effect": side * metric.smallest_effect if metric.smallest_effect else None,
        "margin": -side * metric.margin if metric.margin else None,
    }
