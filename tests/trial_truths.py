"""What a sound read-out of a simulated trial should find, from its planted parameters alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.trials.truths import BroadTruth, PairTruth, SwitchTruth, TrialTruth
from fanops_utils.workspace import Experiment

Truth = TrialTruth | BroadTruth | SwitchTruth | PairTruth


def named(units: pd.DataFrame) -> pd.DataFrame:
    """Return generated *units* with the columns they have after an import."""
    keys = {
        "fan": "unit_key",
        "question": "unit_key",
        "post": "unit_key",
        "group": "variant",
        "assigned": "assigned_at",
        "recorded": "recorded_at",
    }
    return units.rename(columns=keys | {"cluster": "group_number"})


def expected(units: pd.DataFrame, experiment: Experiment, truth: Truth, metric: str, arm: str) -> float:
    """Return the planted effect of *arm* on *metric*, over the markets and days that its *units* (of `named`) have."""
    effect = truth.outcomes[metric].effect
    if isinstance(truth, TrialTruth):
        return effect * truth.arm_factors.get(arm, 1.0)
    if not isinstance(truth, BroadTruth):
        return effect
    ours = units[units["variant"] == arm]
    factor = ours["market"].map(lambda code: truth.market_factors.get(code, 1.0)).to_numpy(dtype=float)
    if truth.fading_days is not None and experiment.period is not None:
        day = (ours["assigned_at"].dt.tz_localize(None).dt.normalize() - pd.Timestamp(experiment.period.start)).dt.days
        factor = factor * np.exp(-day.to_numpy() / truth.fading_days)
    return effect * float(factor.mean())


def unbent(experiment: Experiment, *, alpha: float | None = None) -> Experiment:
    """Return *experiment* as one look at plain values: winsorising aims at another mean than the planted one."""
    metrics = tuple(one.model_copy(update={"winsorise": None}) for one in experiment.metrics)
    plain = {"metrics": metrics, "method": "fixed", "looks": None, "alpha": alpha or experiment.alpha}
    return experiment.model_copy(update=plain)
