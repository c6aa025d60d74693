"""Trials in which what is drawn is a stretch of time or a pair of posts: switchback of slots, posts in pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import autoregression, to_utc
from fanops_utils.data.sample.trials.truths import PairTruth, SwitchTruth
from fanops_utils.workspace import Experiment, Metric, Workspace

SHAPE = 2.0  # of the gamma distribution of a waiting time
POST_HOURS = (12.0, 18.0)  # of the two posts of a pair


def switched_units(
    workspace: Workspace, experiment: Experiment, truth: SwitchTruth, rng: np.random.Generator, *, scale: float
) -> pd.DataFrame:
    """Return one row per question of a switchback: question, group, assigned, market, slot, slot_day, outcomes."""
    days = _days(experiment)
    (treatment,) = experiment.treatments
    half = truth.slots // 2
    first = rng.random(len(days)) < 0.5
    on = np.concatenate([[morning] * half + [not morning] * half for morning in first]).astype(float)
    before = np.concatenate([on[:1], on[:-1]])
    factor = (1 - truth.carried) * on + truth.carried * before
    level = np.tile(truth.season, len(days)) + _together(len(on), truth, rng)
    of = np.repeat(np.arange(len(on)), rng.poisson(truth.units_per_slot * scale, len(on)))
    hours = 24 / truth.slots * (of % truth.slots + rng.random(len(of)))
    zone = workspace.market(str(experiment.market)).time_zone
    units = pd.DataFrame(
        {
            "question": [f"Q{number:06d}" for number in rng.choice(900_000, len(of), replace=False)],
            "group": np.where(on[of] > 0, treatment, experiment.control),
            "assigned": to_utc(days[of // truth.slots], hours, zone),
            "market": experiment.market,
            "slot": of + 1,
            "slot_day": of // truth.slots + 1,
        }
    )
    for metric in experiment.metrics:
        planted = truth.outcomes[metric.name]
        mean = planted.control * (1 + level[of]) + planted.effect * factor[of]
        units[metric.columns[0]] = _drawn(metric, mean, rng)
    return units.sort_values("assigned", ignore_index=True)


def paired_posts(
    workspace: Workspace, experiment: Experiment, truth: PairTruth, rng: np.random.Generator, *, scale: float
) -> pd.DataFrame:
    """Return one row per post of a test in pairs: post, group, assigned, market, pair, outcomes.

    The two posts of a pair go out on one day at two hours; which of them is treated is drawn.
    """
    days, pairs = _days(experiment), max(round(truth.pairs * scale), 12)
    (treatment,) = experiment.treatments
    day = np.linspace(0, len(days) - 1, pairs).round().astype(int)
    pair, place = np.repeat(np.arange(pairs), 2), np.tile([0, 1], pairs)
    treated = (place == (rng.random(pairs) < 0.5)[pair]).astype(float)
    hours = np.array(POST_HOURS)[place] + rng.random(2 * pairs)
    zone = workspace.market(str(experiment.market)).time_zone
    units = pd.DataFrame(
        {
            "post": [f"P{number:06d}" for number in rng.choice(900_000, 2 * pairs, replace=False)],
            "group": np.where(treated > 0, treatment, experiment.control),
            "assigned": to_utc(days[day[pair]], hours, zone),
            "market": experiment.market,
            "pair": pair + 1,
        }
    )
    spread = _spread(truth.pair_sd, pairs, rng)[pair] * _spread(truth.post_sd, 2 * pairs, rng)
    reach = rng.poisson(truth.reach * _spread(0.3, 2 * pairs, rng))
    for metric in experiment.metrics:
        planted = truth.outcomes[metric.name]
        mean = (planted.control + planted.effect * treated) * spread
        if metric.kind == "ratio":
            units = units.assign(
                **dict(zip(metric.columns, (rng.binomial(reach, np.minimum(mean, 1)), reach), strict=True))
            )
        else:
            units[metric.columns[0]] = rng.poisson(mean)
    return units.sort_values("assigned", ignore_index=True)


def _days(experiment: Experiment) -> pd.DatetimeIndex:
    assert experiment.period is not None
    return pd.date_range(experiment.period.start, experiment.period.end, unit="s")


def _together(size: int, truth: SwitchTruth, rng: np.random.Generator) -> np.ndarray:
    """Return what the units of each slot have in common, slots in a row alike, around 0."""
    fresh = np.sqrt(1 - truth.persistence**2)
    return truth.slot_sd * autoregression(fresh * rng.normal(size=size), truth.persistence)


def _spread(sd: float, size: int, rng: np.random.Generator) -> np.ndarray:
    return rng.lognormal(-(sd**2) / 2, sd, size)


def _drawn(metric: Metric, mean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if metric.is_share:
        return rng.binomial(1, np.clip(mean, 0, 1))
    if metric.kind == "count":
        return rng.poisson(mean)
    return np.round(rng.gamma(SHAPE, mean / SHAPE), 1)
