"""How far reviewers agree on the principles of content: marks given by two, each for themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson
from fanops_utils.workspace.operations.calendar import Piece

PRINCIPLES = ("authentic", "valuable", "novel", "consistent")
SCALE, LEAST = 5, 10  # marks from 1 to 5; pieces below which agreement is not told
AGREED = 0.6  # weighted kappa from which marks may be read without asking who gave them (Landis and Koch: substantial)


def agreement(pieces: Iterable[Piece]) -> pd.DataFrame:
    """Return for each principle: principle, mark (mean of all), marked (pieces), n (marked by two), kappa, lower, upper, state.

    kappa: Cohen's, weighted linearly, of the first two reviewers by name, with its large-sample 95% interval (Fleiss, Cohen
    and Everitt 1969; where all agreed, by Wilson's), NaN where all marks are the same. state: agreed (lower end from 0.6),
    apart (upper end below it), unsure, or few (fewer than ten pieces with two marks).
    """
    judged = [one for one in pieces if one.marks]
    rows = []
    for principle in PRINCIPLES:
        marks = [
            [getattr(one, principle) for one in sorted(piece.marks, key=lambda mark: str(mark.by))] for piece in judged
        ]
        pairs = [(given[0], given[1]) for given in marks if len(given) > 1]
        kappa, lower, upper = weighted_kappa(pairs)
        mean = float(np.mean([mark for given in marks for mark in given])) if marks else math.nan
        rows.append((principle, mean, len(judged), len(pairs), kappa, lower, upper, _state(len(pairs), lower, upper)))
    return pd.DataFrame(rows, columns=["principle", "mark", "marked", "n", "kappa", "lower", "upper", "state"])


def weighted_kappa(pairs: Iterable[tuple[int, int]]) -> tuple[float, float, float]:
    """Return Cohen's kappa of *pairs* of marks from 1 to 5, weighted linearly, with its 95% interval; NaN where none is."""
    from statsmodels.stats.inter_rater import cohens_kappa

    table = np.zeros((SCALE, SCALE))
    for one, other in pairs:
        table[one - 1, other - 1] += 1
    if not table.sum() or np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return math.nan, math.nan, math.nan
    if np.trace(table) == table.sum():
        return 1.0, _least(table), 1.0
    told = cohens_kappa(table, wt="linear")
    return float(told.kappa), max(float(told.kappa_low), -1.0), min(float(told.kappa_upp), 1.0)


def _least(table: np.ndarray) -> float:
    """Return the lower end where all agreed, which has no spread of its own: by Wilson's of their agreement, less chance."""
    shares = table.sum(axis=0) / table.sum()
    weights = 1 - np.abs(np.subtract.outer(np.arange(SCALE), np.arange(SCALE))) / (SCALE - 1)
    chance = float(shares @ weights @ shares)
    n = int(table.sum())
    return (wilson(n, n).ci_lower - chance) / (1 - chance)


def _state(n: int, lower: float, upper: float) -> str:
    if n < LEAST or math.isnan(lower):
        return "few"
    return "agreed" if lower >= AGREED else "apart" if upper < AGREED else "unsure"
