"""Are there real groups among members? Only where they stand out from data of the same shape without any.

The null keeps each column's own values and their correlations (a Gaussian copula), so that counts with many zeros do not pass for
groups. "No groups found" is a respectable answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need

SIZES = range(2, 7)
NULLS, BOOTS = 20, 8
EXCESS, STABLE, SMALLEST = 0.05, 0.75, 0.05
SCORED = 1000  # rows the silhouette is taken on
LEAST = 300


@dataclass(frozen=True)
class Groups:
    """The verdict on groups: `status` found, none, few (members) or no_library; `labels` per row (-1: none).

    `excess` is how far the best silhouette lies above the best of the null, `stability` the agreement (adjusted Rand) of
    groups found again in resampled data, `smallest` the share of the smallest group.
    """

    status: str
    number: int = 0
    excess: float = np.nan
    stability: float = np.nan
    smallest: float = np.nan
    labels: np.ndarray | None = None


def find_groups(members: pd.DataFrame, features: Sequence[str], *, rng: np.random.Generator) -> Groups:
    """Return the groups of *members* by *features* (counts, never what is to be explained), or that there are none.

    Bars: excess .05, stability .75, smallest group 5 %. Needs scikit-learn; without it the status says so.
    """
    need(members, *features)
    try:
        from sklearn.cluster import KMeans
        from sklearn.metrics import adjusted_rand_score, silhouette_score
    except ImportError:
        return Groups("no_library")
    if len(members) < LEAST:
        return Groups("few")

    def fit(data: np.ndarray, number: int) -> np.ndarray:
        return KMeans(number, n_init=3, random_state=int(rng.integers(2**31))).fit(data).labels_

    def score(data: np.ndarray, number: int) -> float:
        labels = fit(data, number)
        place = rng.choice(len(data), min(SCORED, len(data)), replace=False)
        return float(silhouette_score(data[place], labels[place])) if len(set(labels[place])) > 1 else -1.0

    raw = members[list(features)].to_numpy(float)
    raw = raw[:, np.ptp(raw, axis=0) > 0]
    if raw.shape[1] < 2:
        return Groups("none")
    data = _scaled(raw)
    nulls = [_scaled(_copula(raw, rng)) for _ in range(NULLS)]
    excess = {k: score(data, k) - max(score(null, k) for null in nulls) for k in SIZES}
    best = max(excess, key=lambda k: excess[k])
    labels = fit(data, best)
    smallest = float(np.bincount(labels).min() / len(labels))
    agreed = []
    for _ in range(BOOTS):
        place = rng.choice(len(data), len(data))
        model = KMeans(best, n_init=3, random_state=int(rng.integers(2**31))).fit(data[place])
        agreed.append(adjusted_rand_score(labels, model.predict(data)))
    stability = float(np.mean(agreed))
    passed = excess[best] >= EXCESS and stability >= STABLE and smallest >= SMALLEST
    return Groups("found" if passed else "none", best, excess[best], stability, smallest, labels if passed else None)


def _scaled(raw: np.ndarray) -> np.ndarray:
    """Return log counts on a robust scale, clipped at 4."""
    logs = np.log1p(np.clip(raw, 0, None))
    centre = np.median(logs, axis=0)
    spread = np.subtract(*np.percentile(logs, [75, 25], axis=0)) / 1.349
    spread = np.where(spread > 0, spread, np.maximum(logs.std(axis=0), 1e-9))
    return np.clip((logs - centre) / spread, -4, 4)


def _copula(raw: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a draw with the columns' own values and the correlation of their normal scores, and nothing else."""
    rows, columns = raw.shape
    scores = stats.norm.ppf((stats.rankdata(raw, axis=0) - 0.5) / rows)
    correlation = np.corrcoef(scores, rowvar=False)
    drawn = rng.multivariate_normal(np.zeros(columns), correlation, rows, method="eigh")
    order = np.argsort(np.argsort(drawn, axis=0), axis=0)
    return np.take_along_axis(np.sort(raw, axis=0), order, axis=0)
