"""Trials across markets: a trait of each fan drives history and outcomes, effects differ and fade, clusters hang together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.sample.period import LAST_DAY
from fanops_utils.data.sample.trials.truths import BroadTruth, Outcome
from fanops_utils.workspace import Experiment, Metric

BUYERS = 0.5  # of a heavy-tailed amount, most fans spend nothing
TRAIT_WEIGHT, TAIL_SD = 0.9, 0.7  # of the log amount: the fan's trait, and chance
SHOWN = 6.0  # mean denominator of a ratio
HISTORY = 40.0  # mean of what a fan spent before


def broad_outcomes(
    experiment: Experiment, truth: BroadTruth, units: pd.DataFrame, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return the columns of the metrics and covariates of *experiment* for *units* (group, day, market, cluster)."""
    size = len(units)
    treated = (units["group"] != experiment.control).to_numpy()
    factor = treated * units["market"].map(lambda code: truth.market_factors.get(code, 1.0)).to_numpy(dtype=float)
    if truth.fading_days is not None:
        factor = factor * np.exp(-units["day"].to_numpy() / truth.fading_days)
    trait = rng.normal(size=size)
    found: dict[str, np.ndarray] = {}
    for covariate in experiment.covariates:
        noise = rng.normal(scale=0.5, size=size)
        found[covariate.column] = np.round(HISTORY * np.exp(TRAIT_WEIGHT * trait + noise - 0.5), 2)
    together = _shared(units, truth, rng)
    for metric in experiment.metrics:
        found |= _columns(metric, truth.outcomes[metric.name], factor, trait, together, rng)
        if metric.window_days is not None and experiment.period is not None:
            open_days = (recorded_on(experiment) - experiment.period.start).days + 1 - metric.window_days
            column = found[metric.columns[0]].astype(float)
            found[metric.columns[0]] = np.where(units["day"] >= open_days, np.nan, column)
    return found


def recorded_on(experiment: Experiment) -> date:
    """Return the day up to which the outcomes of *experiment* are recorded: when the days its metrics name are over for all."""
    end = experiment.period.end if experiment.period is not None else LAST_DAY
    return end + timedelta(days=1 + max(metric.named_days or 0 for metric in experiment.metrics))


def _shared(units: pd.DataFrame, truth: BroadTruth, rng: np.random.Generator) -> np.ndarray:
    """Return what the units of a cluster have in common, around 0; nothing without clusters."""
    if not truth.clusters:
        return np.zeros(len(units))
    drawn = rng.normal(scale=truth.cluster_sd, size=truth.clusters)
    return (drawn - drawn.mean())[units["cluster"].to_numpy()]


def _columns(
    metric: Metric,
    truth: Outcome,
    factor: np.ndarray,
    trait: np.ndarray,
    together: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    mean = truth.control + truth.effect * factor
    if metric.kind == "ratio":
        shown = rng.poisson(SHOWN * np.exp(0.5 * trait - 0.125))
        return dict(zip(metric.columns, (rng.binomial(shown, mean), shown), strict=True))
    (column,) = metric.columns
    if metric.is_share:
        return {column: rng.binomial(1, np.clip(mean + together, 0, 1))}
    level = np.maximum(mean + together, 0.01) * np.exp(TRAIT_WEIGHT * trait - TRAIT_WEIGHT**2 / 2)
    if metric.kind == "count":
        return {column: rng.poisson(level)}
    buys = rng.random(len(mean)) < BUYERS
    tail = rng.lognormal(-(TAIL_SD**2) / 2, TAIL_SD, len(mean))
    return {column: np.round(np.where(buys, level / BUYERS * tail, 0.0), 2)}


def broad_arms(experiment: Experiment, truth: BroadTruth, size: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return group, market and, where units are assigned together, cluster of *size* units."""
    arms, shares = list(experiment.allocation), list(experiment.allocation.values())
    if not truth.clusters:
        group = rng.choice(arms, size, p=shares)
        markets = list(truth.market_factors)
        return {"group": group, "market": rng.choice(markets, size)}
    each = rng.permutation(np.resize(arms, truth.clusters))
    weight = rng.lognormal(0, 0.4, truth.clusters)
    cluster = rng.choice(truth.clusters, size, p=weight / weight.sum())
    market = next(iter(truth.market_factors))
    return {"group": each[cluster], "market": market, "cluster": cluster}
