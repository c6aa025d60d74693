"""Sensitivity: would the answer be another with the choices that could have been made otherwise?"""

from __future__ import annotations

import pandas as pd

from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.intake.rows import Units, moments_of
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.experiments.readout.comparing import compared
from fanops_utils.workspace.registers.experiment import Experiment

COLUMNS = [
    "metric", "treatment", "covariates", "winsorised", "registered", "estimate", "ci_lower", "ci_upper", "p_value",
    "variance_cut", "n",
]  # fmt: skip


def sensitivity(units: Units, experiment: Experiment, *, alpha: float | None = None) -> pd.DataFrame:
    """Return every comparison with and without covariates and winsorising, as far as the register has them.

    Columns: metric, treatment, covariates (adjusted for them?), winsorised, registered (is it what the register
    says?), estimate, ci_lower, ci_upper, p_value, variance_cut, n. Only the registered row decides.
    """
    level, rows = alpha or experiment.alpha, []
    capped = {metric.name for metric in experiment.metrics if metric.winsorise is not None}
    for winsorised in (True, False) if capped else (True,):
        measures = measures_of(experiment, winsorised=winsorised)
        if not winsorised:
            measures = tuple(one for one in measures if one.name in capped)
        moments = moments_of(units, experiment, measures)
        for adjusted in (True, False) if experiment.covariates else (False,):
            for one in compared(
                moments, experiment, alpha=level, units=units, adjusted=adjusted, winsorised=winsorised
            ):
                is_capped = winsorised and one.metric in capped
                registered = adjusted == bool(experiment.covariates) and is_capped == (one.metric in capped)
                rows.append((one.metric, one.treatment, adjusted, is_capped, registered, *_numbers(one)))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["metric", "treatment", "registered"], ascending=[True, True, False], ignore_index=True)


def _numbers(one: Comparison) -> tuple[float, float, float, float, float | None, int]:
    return one.estimate, one.ci_lower, one.ci_upper, one.p_value, one.variance_cut, one.n
