"""What the spread of an outcome says: whether the middle moved or the tail, and whether most fans are better off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils.experiments import ReadOut, Restricted
from fanops_utils.experiments.intake.rows import Units
from fanops_utils.experiments.segments.spread import NO_METRIC, ORDER, spread_metric
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.readings.experiment_words import amount, best_of, held_back, named_arm
from fanops_utils.playbook.wording import percent
from fanops_utils.workspace import Experiment, Metric

INVALID_TITLE = "Neither middle nor tail is read from an invalid experiment"
MIDDLE = "Median"
METHOD = (
    "Differences of quantiles with the bootstrap of their ranks; the order of two units by Mann and Whitney, its interval "
    "by Brunner and Munzel. Plain values: neither winsorised nor adjusted; intervals not corrected for being several."
)
WHOLE = "Counts are whole numbers: their quantiles move by whole steps or not at all."


def spread_rows(table: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return the quantiles of *table* of `spread_effects` as they are drawn: label, estimate, ci_lower, ci_upper, n."""
    drawn = table[(table["part"] != ORDER) & (table["cannot_tell"] == "")]
    return drawn.assign(
        label=[named_arm(row["part"], row["treatment"], experiment) for row in drawn.to_dict("records")]
    )


def spread_label(experiment: Experiment) -> str:
    """Return the label of the mean or count that is read, or that there is none."""
    metric = spread_metric(experiment)
    return metric.label if metric else "No mean and no count"


def seen_as(units: Units) -> dict[str, str]:
    """Return what a report says where only totals were seen; nothing where units were."""
    if not isinstance(units, Restricted):
        return {}
    return {"Rows": f"not seen: totals only, of {units.least} units or more"}


def spread(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame, *, why_not: str = "") -> Finding:
    """Return whether the middle moved or the tail, from *table* of `spread_effects`; *why_not* says why it is not read."""
    if said := held_back("spread", INVALID_TITLE, found):
        return said
    metric = spread_metric(experiment)
    if metric is None or why_not or found is None:
        title = "There is no middle and no tail to read" if metric is None else "Middle and tail are not read here"
        return Finding("spread", title, f"{(why_not or NO_METRIC).capitalize()}.")
    arm = best_of(found, metric).treatment
    lines = [_line(row, metric, experiment) for row in table[table["treatment"] == arm].to_dict("records")]
    ours = table[(table["treatment"] == arm) & (table["part"] != ORDER)]
    sides = {row["part"]: int(row["ci_lower"] > 0) - int(row["ci_upper"] < 0) for row in ours.to_dict("records")}
    tail = any(side for part, side in sides.items() if part != MIDDLE)
    text = " ".join([*lines, *([WHOLE] if metric.kind == "count" else [])])
    title = f"{named_arm(metric.label, arm, experiment)}: {_moved(bool(sides.get(MIDDLE)), tail)}"
    return Finding("spread", title, text, "info", n=int(table["n"].max()), method=METHOD)


def _moved(middle: bool, tail: bool) -> str:
    if middle:
        return "middle and tail moved" if tail else "the middle moved, of the tail no change is shown"
    return (
        "the tail moved, of the middle no change is shown" if tail else "neither middle nor tail is shown to have moved"
    )


def _line(row: Mapping[Any, Any], metric: Metric, experiment: Experiment) -> str:
    label = named_arm(str(row["part"]), str(row["treatment"]), experiment)
    if row["cannot_tell"]:
        return f"{label}: cannot tell, {row['cannot_tell']}."
    if row["part"] == ORDER:
        between = f"{percent(row['ci_lower'])} to {percent(row['ci_upper'])}"
        return (
            f"Of one {experiment.unit} with '{row['treatment']}' and one with '{experiment.control}', drawn at random, the first "
            f"is above in {percent(row['estimate'])} of draws, ties half ({between}; {p_text(row['p_value'])}; 50%: no difference)."
        )
    return f"{label}: {amount(row['estimate'], metric)} ({amount(row['ci_lower'], metric)} to {amount(row['ci_upper'], metric)})."
