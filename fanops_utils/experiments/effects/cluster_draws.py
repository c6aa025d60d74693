"""Clusters whose assignment is drawn again: arms beyond two to one, and averages in which every unit counts.

Welch's t of cluster means holds its level within two to one; beyond, and for averages of units, the same statistic is held
against what other assignments of the same clusters would have given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fanops_utils.experiments.effects.arms import arms_of
from fanops_utils.experiments.effects.clusters import are_uneven, too_few
from fanops_utils.experiments.effects.comparison import Comparison, TestCode, drawn_again
from fanops_utils.experiments.effects.cuped import cuped
from fanops_utils.experiments.statistics.randomised import features, randomised, ratio_error
from fanops_utils.workspace.registers.experiment import Experiment

SEED = 20261130  # the draws are the same at every reading: a verdict must not change by being read again


@dataclass(frozen=True, eq=False)
class Clusters:
    """The clusters of one metric: their totals, sizes (or total denominators) and arms, covariates taken out."""

    total: np.ndarray
    base: np.ndarray
    arm: np.ndarray


def draw_clusters(
    comparisons: Sequence[Comparison], moments: pd.DataFrame, clusters: pd.DataFrame, experiment: Experiment, *,
    covariates: Sequence[str] = (),
) -> tuple[Comparison, ...]:  # fmt: skip
    """Return *comparisons* of clusters with those that Welch's t does not answer drawn again, from *clusters* (of
    `clusters_of`).

    Each is read at its own level `alpha`. What has too few clusters stays untold.
    """
    names = tuple(covariates)
    arms = arms_of(moments, covariates=names)
    found = []
    for one in comparisons:
        base, other = arms[one.metric, one.control], arms[one.metric, one.treatment]
        held = too_few(base, other, alpha=one.alpha, least=experiment.clusters_needed)
        if held or base.suppressed or other.suppressed or not (are_uneven(base, other) or experiment.average == "unit"):
            found.append(one)
            continue
        theta = (
            cuped({name: arm for (metric, name), arm in arms.items() if metric == one.metric}).theta if names else None
        )
        found.append(_drawn(one, _clusters(clusters, one.metric, names, theta), experiment))
    return tuple(found)


def _clusters(table: pd.DataFrame, metric: str, names: Sequence[str], theta: np.ndarray | None) -> Clusters:
    ours = table[(table["metric"] == metric) & (table["n"] > 0)]
    size = ours["n"].to_numpy(dtype=float)
    base = size * ours["den_mean"].fillna(1.0).to_numpy(dtype=float)
    total = size * ours["mean"].to_numpy(dtype=float)
    if theta is not None:
        known = ours[[f"mean[{name}]" for name in names]].to_numpy(dtype=float)
        total = total - base * ((known - np.average(known, axis=0)) @ theta)
    kept = base > 0
    return Clusters(total[kept], base[kept], ours["variant"].to_numpy(dtype=object)[kept])


def _drawn(one: Comparison, clusters: Clusters, experiment: Experiment) -> Comparison:
    ours = np.isin(clusters.arm, [one.control, one.treatment])
    treated = clusters.arm[ours] == one.treatment
    by_unit = experiment.average == "unit"
    total, base = clusters.total[ours], clusters.base[ours]
    values, weights = (total, base) if by_unit else (total / base, np.ones_like(base))
    rng = np.random.default_rng(SEED)
    order = np.lexsort((values, weights))  # rows come in no order that means anything
    values, weights, treated = values[order], weights[order], treated[order]
    drawn = randomised(values, treated, alpha=one.alpha, rng=rng, base=weights)
    sides = {True: treated, False: ~treated}
    found: Mapping[bool, tuple[float, float]] = {
        side: ratio_error(features(values, weights)[mask].sum(axis=0), int(mask.sum())) for side, mask in sides.items()
    }
    test: TestCode = "cluster_units_drawn" if by_unit else "cluster_means_drawn"
    return drawn_again(
        replace(one, control_mean=found[False][0], treatment_mean=found[True][0]), drawn, test=test,
        errors=(found[True][1], found[False][1]), variance="clusters",
    )  # fmt: skip
