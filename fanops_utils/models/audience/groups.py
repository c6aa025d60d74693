"""Are there real groups among members? Only where they stand out from data of the same shape without any.

The null keeps each column's own values and their correlations (a Gaussian copula), so that counts with many zeros do not pass for
groups. "No groups found" is a respectable answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need

if TYPE_CHECKING:
    from sklearn.cluster import KMeans

SIZES = range(2, 7)
NULLS, BOOTS = 20, 8
EXCESS, STABLE, SMALLEST = 0.05, 0.75, 0.05
NEARLY = 0.04  # as far above the null: then the larger number of groups, as the silhouette merges small ones
SCORED = 1000  # rows the silhouette is taken on
LEAST = 300


@dataclass(frozen=True)
class Groups:
    """The verdict on groups: `status` found, none, few (members) or no_library; `labels` per row (-1: none).

    `excess` is how far the best silhouette lies above the best of the null, `stability` the agreement (adjusted Rand) of
    groups found again in resampled data, `smallest` the share of the smallest group; NaN where there are none.
    """

    status: str
    number: int = 0
    excess: float = np.nan
    stability: float = np.nan
    smallest: float = np.nan
    labels: np.ndarray | None = None


def find_groups(members: pd.DataFrame, features: Sequence[str], *, rng: np.random.Generator) -> Groups:
    """Return the groups of *members* by *features* (counts, never what is to be explained), or that there are none.

    Bars: excess .05, stability .75, smallest group 5 %; of the numbers of groups that stand out nearly alike (.04) the
    largest that passes them. Found in a hundred draws each: 1, 0, 0 without groups (many zeros, skewed, even; 500 members), 98
    times all four of four planted 3 standard deviations apart (3,000). Needs scikit-learn; without it the status says so.
    """
    need(members, *features)
    if find_spec("sklearn") is None:
        return Groups("no_library")
    if len(members) < LEAST:
        return Groups("few")
    raw = members[list(features)].to_numpy(float)
    raw = raw[:, np.ptp(raw, axis=0) > 0]
    if raw.shape[1] < 2:
        return Groups("none")
    data = _scaled(raw)
    excess = _excess(data, raw, rng)
    nearly = [number for number in excess if excess[number] >= max(excess.values()) - NEARLY]
    for number in sorted(nearly, reverse=True):
        labels = _fit(data, number, rng).labels_
        smallest, stability = float(np.bincount(labels).min() / len(labels)), _stability(data, labels, number, rng)
        if stability >= STABLE and smallest >= SMALLEST:
            return Groups("found", number, excess[number], stability, smallest, labels)
    return Groups("none")


def _excess(data: np.ndarray, raw: np.ndarray, rng: np.random.Generator) -> dict[int, float]:
    """Return by number of groups how far the silhouette lies above the best of the null, where that is far enough."""
    seen = {number: _silhouette(data, number, rng) for number in SIZES}
    excess = dict.fromkeys(SIZES, np.inf)
    for _ in range(NULLS):
        null = _scaled(_copula(raw, rng))
        excess = {number: min(far, seen[number] - _silhouette(null, number, rng)) for number, far in excess.items()}
        excess = {number: far for number, far in excess.items() if far >= EXCESS}
        if not excess:  # more draws can only raise their best
            break
    return excess


def _fit(data: np.ndarray, number: int, rng: np.random.Generator) -> KMeans:
    from sklearn.cluster import KMeans

    return KMeans(number, n_init=3, random_state=int(rng.integers(2**31))).fit(data)


def _silhouette(data: np.ndarray, number: int, rng: np.random.Generator) -> float:
    from sklearn.metrics import silhouette_score

    labels = _fit(data, number, rng).labels_
    place = rng.choice(len(data), min(SCORED, len(data)), replace=False)
    return float(silhouette_score(data[place], labels[place])) if len(set(labels[place])) > 1 else -1.0


def _stability(data: np.ndarray, labels: np.ndarray, number: int, rng: np.random.Generator) -> float:
    """Return how alike (adjusted Rand) groups are that are found in redrawn members."""
    from sklearn.metrics import adjusted_rand_score

    draws = (data[rng.choice(len(data), len(data))] for _ in range(BOOTS))
    return float(np.mean([adjusted_rand_score(labels, _fit(drawn, number, rng).predict(data)) for drawn in draws]))


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
