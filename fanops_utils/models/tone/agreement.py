"""How well two readings of the same texts agree: kappa, and how many negatives are found and how many others left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

SHOWN_KAPPA = 0.3  # below it a scorer's tone is not shown
PLAIN_KAPPA, PLAIN_SPECIFICITY, PLAIN_ROWS = (
    0.5,
    0.9,
    300,
)  # from there on its share of negatives may be held against 15 %


@dataclass(frozen=True)
class Agreement:
    """*n* texts read twice: `kappa` (Cohen, chance taken off), `sensitivity` and `specificity` of negative; NaN: not known."""

    n: int
    kappa: float
    sensitivity: float
    specificity: float

    @property
    def shown(self) -> bool:
        """Whether it is good enough to show counts by tone."""
        return self.kappa >= SHOWN_KAPPA

    @property
    def plain(self) -> bool:
        """Whether its share of negatives may be held against a limit, not only against its own past."""
        return self.n >= PLAIN_ROWS and self.kappa >= PLAIN_KAPPA and self.specificity >= PLAIN_SPECIFICITY


def agreement(truth: Sequence[str], told: Sequence[str]) -> Agreement:
    """Return how *told* agrees with *truth*, text by text.

    >>> agreement(["negative", "neutral"] * 5, ["negative", "neutral"] * 5)
    Agreement(n=10, kappa=1.0, sensitivity=1.0, specificity=1.0)
    """
    first, second = np.asarray(truth, dtype=object), np.asarray(told, dtype=object)
    if not len(first):
        return Agreement(0, np.nan, np.nan, np.nan)
    kinds = sorted({*first, *second})
    by_chance = sum(float(np.mean(first == kind)) * float(np.mean(second == kind)) for kind in kinds)
    same = float(np.mean(first == second))
    kappa = (same - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
    bad = first == "negative"
    sensitivity = float(np.mean(second[bad] == "negative")) if bad.any() else np.nan
    specificity = float(np.mean(second[~bad] != "negative")) if (~bad).any() else np.nan
    return Agreement(len(first), kappa, sensitivity, specificity)


def between_labellers(labelled: pd.DataFrame) -> Agreement:
    """Return how two labellers agree on the texts of *labelled* (table labelled_texts) that both read: the most usual pair."""
    wide = labelled.pivot_table(index="text_id", columns="labeller", values="sentiment", aggfunc="first")
    pairs = [wide[[a, b]].dropna() for at, a in enumerate(wide) for b in list(wide)[at + 1 :]]
    best = max(pairs, key=len, default=None)
    if best is None:
        return agreement([], [])
    return agreement(best.iloc[:, 0].tolist(), best.iloc[:, 1].tolist())
