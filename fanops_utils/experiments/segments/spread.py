"""Where in the distribution an effect lies: the middle, the upper tail, or the order of two units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.experiments.intake.columns import named_frame
from fanops_utils.experiments.intake.rows import Units
from fanops_utils.experiments.readout.decision import ReadOut
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.quantiles import TailReading, better_off, quantile_difference, rank_test
from fanops_utils.metrics.columns import numbers
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Metric

QUANTILES = {"q50": 0.5, "q90": 0.9, "q99": 0.99}
MIDDLE, ORDER = "q50", "order"
COLUMNS = ["part", "treatment", "estimate", "ci_lower", "ci_upper", "p_value", "n", "cannot_tell"]


def spread_metric(experiment: Experiment) -> Metric | None:
    """Return the mean or count that is read: the first by role (decision, guardrail, exploratory); None without one."""
    for role in ("decision", "guardrail", "exploratory"):
        for metric in experiment.metrics:
            if metric.role == role and metric.kind in ("mean", "count"):
                return metric
    return None


def why_no_spread(units: Units, experiment: Experiment) -> Reason | None:
    """Return why quantiles are not read of *units*; None where they are."""
    if spread_metric(experiment) is None:
        return Reason("no_mean_or_count")
    if experiment.cluster or experiment.counts_slots:
        return Reason("together")
    return None if isinstance(units, pd.DataFrame) else Reason("rows_unseen")


def spread_effects(
    units: Units, experiment: Experiment, found: ReadOut | None, *, rng: np.random.Generator
) -> pd.DataFrame:
    """Return what moved, of plain values: part (q50, q90, q99, or the order of two units), treatment, estimate, interval, p, n.

    Quantiles are differences in the metric's unit; the order is P(a treated unit is above a control unit). Intervals at
    the register's alpha, not corrected. Empty where *found* is invalid or `why_no_spread` gives a reason.
    """
    metric = spread_metric(experiment)
    if metric is None or found is None or not found.comparisons or not isinstance(units, pd.DataFrame):
        return pd.DataFrame(columns=COLUMNS)
    if why_no_spread(units, experiment):
        return pd.DataFrame(columns=COLUMNS)
    named = named_frame(units, experiment)
    values = {str(name): numbers(part[metric.columns[0]]) for name, part in named.groupby("variant")}
    rows = []
    for arm in experiment.treatments:
        pair = values[arm], values[experiment.control]
        for part, share in QUANTILES.items():
            read = quantile_difference(*pair, share=share, rng=rng, alpha=experiment.alpha)
            rows.append(_row(part, arm, read, np.nan))
        rows.append(_row(ORDER, arm, better_off(*pair, alpha=experiment.alpha), rank_test(*pair)[1]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(part: str, arm: str, read: TailReading, p_value: float) -> tuple:
    gap = read.difference
    return part, arm, gap.estimate, gap.ci_lower, gap.ci_upper, p_value, gap.n, read.cannot_tell
