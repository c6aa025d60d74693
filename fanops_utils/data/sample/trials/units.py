"""Units of the experiments: assignment, outcomes, and what the log lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, to_utc, waking_hours
from fanops_utils.data.sample.period import LAST_DAY
from fanops_utils.data.sample.trials.broad import broad_arms, broad_outcomes, recorded_on
from fanops_utils.data.sample.trials.slots import paired_posts, switched_units
from fanops_utils.data.sample.trials.truths import BroadTruth, Outcome, PairTruth, SwitchTruth
from fanops_utils.workspace import Experiment, Workspace

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

HEAVY_TAIL = 1.0  # sd of the log mean from fan to fan


def trial_units(setting: Setting, name: str) -> pd.DataFrame:
    """Return one row per logged unit of the experiment *name*: fan, group, assigned, market and its outcomes.

    Of a switchback and of a test of posts, question and post stand in the place of fan, with slot and pair beside.
    Raises WorkspaceError where the workspace has no such experiment.
    """
    units = _units(setting, name)
    if setting.workspace.experiment(name).recorded_column is not None:
        units["recorded"] = f"{recorded_on(setting.workspace.experiment(name)).isoformat()}T12:00:00+00:00"
    return units


def _units(setting: Setting, name: str) -> pd.DataFrame:
    workspace, truth, rng = setting.workspace, setting.truths.trials[name], setting.rng(f"trial {name}")
    experiment, scale = workspace.experiment(name), setting.scale
    if isinstance(truth, SwitchTruth):
        return switched_units(workspace, experiment, truth, rng, scale=scale)
    if isinstance(truth, PairTruth):
        return paired_posts(workspace, experiment, truth, rng, scale=scale)
    size = round(truth.units_per_arm * scale) * len(experiment.allocation)
    if isinstance(truth, BroadTruth):
        return broad_units(workspace, experiment, truth, size, rng)
    arms = list(experiment.allocation)
    group = rng.choice(arms, size, p=list(experiment.allocation.values()))
    treated = group != experiment.control
    factors = {name: truth.arm_factors.get(name, 1.0) for name in experiment.treatments} | {experiment.control: 0.0}
    factor = pd.Series(group).map(factors).to_numpy(dtype=float)
    outcomes = {
        metric.name: outcome(metric.kind, truth.outcomes[metric.name], factor, rng) for metric in experiment.metrics
    }
    units = pd.DataFrame(
        {
            "fan": [f"F{number:07d}" for number in rng.choice(9_000_000, size, replace=False)],
            "group": group,
            "assigned": assigned(workspace, experiment, size, rng),
            "market": experiment.market or workspace.markets[0],
            **outcomes,
        }
    )
    kept = logged(treated, units[experiment.metrics[0].name].to_numpy() > 0, truth.lost_share, truth.lost_odds, rng)
    return units[kept].sort_values("assigned", ignore_index=True)


def broad_units(
    workspace: Workspace, experiment: Experiment, truth: BroadTruth, size: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per unit of a trial across markets, its cluster beside where units were assigned together."""
    start = pd.Timestamp(experiment.period.start if experiment.period else calendar()[-28])
    units = pd.DataFrame(broad_arms(experiment, truth, size, rng))
    units.insert(0, "fan", [f"F{number:07d}" for number in rng.choice(9_000_000, size, replace=False)])
    units.insert(2, "assigned", assigned(workspace, experiment, size, rng))
    units["day"] = (units["assigned"].dt.tz_localize(None).dt.normalize() - start).dt.days
    outcomes = broad_outcomes(experiment, truth, units, rng)
    units = units.drop(columns="day").assign(**outcomes)
    return units.sort_values("assigned", ignore_index=True)


def outcome(kind: str, truth: Outcome, factor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one outcome per unit, whose effect is taken *factor* times: 0 or 1, or a heavy-tailed count."""
    mean = truth.control + truth.effect * factor
    if kind == "conversion":
        return rng.binomial(1, mean)
    return rng.poisson(mean * rng.lognormal(-(HEAVY_TAIL**2) / 2, HEAVY_TAIL, len(mean)))


def assigned(workspace: Workspace, experiment: Experiment, size: int, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Return assignment times within the experiment's period, in the waking hours of its market."""
    zone = workspace.market(experiment.market or workspace.markets[0]).time_zone
    start = pd.Timestamp(experiment.period.start if experiment.period else calendar()[-28])
    end = pd.Timestamp(experiment.period.end if experiment.period else LAST_DAY)
    days = pd.date_range(start, end, unit="s")
    return to_utc(days[rng.integers(0, len(days), size)], waking_hours(size, rng), zone)


def logged(
    treated: np.ndarray, active: np.ndarray, lost_share: float, lost_odds: float, rng: np.random.Generator
) -> np.ndarray:
    """Return which units reached the log: of the treated, *lost_share* did not, inactive ones at *lost_odds*."""
    kept = np.ones(len(treated), dtype=bool)
    arm = np.flatnonzero(treated)
    weight = np.where(active[arm], 1.0, lost_odds)
    kept[rng.choice(arm, round(lost_share * len(arm)), replace=False, p=weight / weight.sum())] = False
    return kept
