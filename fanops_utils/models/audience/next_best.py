"""What to offer a member next: what goes with what they took, held against what most members take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import sparse

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.intervals import Interval, mean_t

LEAST_PEOPLE, LEAST_ITEMS, LEAST_TAKERS = 100, 4, 10
HELD, OFFERED = 56, 3


@dataclass(frozen=True)
class NextBest:
    """What to offer next. `personal`: whether what goes together is the better guess; `gain`: by how much it hits more often
    (`hits`) than the most popular (`popular`), of `judged` people who took something new in the days held back.

    `pairs`: item, takers, following, likeness (cosine), the nearest items of each; `people`: person, place (1 the first), item.
    """

    personal: bool
    hits: float
    popular: float
    gain: Interval
    judged: int
    offered: int
    pairs: pd.DataFrame
    people: pd.DataFrame


@dataclass(frozen=True)
class TooLittleTaken:
    """There is too little to learn from: items taken by ten people or more, people who took something new later."""

    items: int
    people: int
    least_items: int = LEAST_ITEMS
    least_people: int = LEAST_PEOPLE


def next_best(
    taken: pd.DataFrame, *, as_of: date, held: int = HELD, offered: int = OFFERED
) -> NextBest | TooLittleTaken:
    """Return what to offer to whom next, from *taken*: person, item, date_day (topics, activities, products; each once counts).

    Items are alike by the cosine of who took them; a person is offered what is most like all they took and have not taken
    yet. Judged on the last *held* days by what they newly took: against the most popular items not yet taken. Where it does not
    clearly hit more often, the popular ones are offered. Fewer than four items or a hundred people to judge by: TooLittleTaken.
    """
    need(taken, "person", "item", "date_day")
    rows = taken[["person", "item", "date_day"]].dropna()
    rows = rows.assign(day=days(rows["date_day"]))
    rows = rows[rows["day"] <= pd.Timestamp(as_of)].sort_values("day").drop_duplicates(["person", "item"])
    takers = rows["item"].value_counts()
    rows = rows[rows["item"].isin(takers.index[takers >= LEAST_TAKERS])]
    items = pd.Index(sorted(rows["item"].unique()))
    cut = pd.Timestamp(as_of) - timedelta(days=held)
    before, later = rows[rows["day"] <= cut], rows[rows["day"] > cut]
    later = later[later["person"].isin(set(before["person"]))]
    if len(items) < LEAST_ITEMS or later["person"].nunique() < LEAST_PEOPLE:
        return TooLittleTaken(len(items), int(later["person"].nunique()))
    offered = min(offered, max(1, len(items) // 4))
    people, matrix = _matrix(before, items)
    judged = people.isin(set(later["person"]))
    _, new = _matrix(later, items, people=people)
    likeness = _likeness(matrix)
    own, popular = (
        _hit(_best(score, matrix, offered), new)[judged] for score in (matrix @ likeness, _popularity(matrix))
    )
    gain = mean_t(own.astype(float) - popular.astype(float))
    everybody, whole = _matrix(rows, items)
    alike = _likeness(whole)
    personal = bool(gain.ci_lower > 0)
    best = _best(whole @ alike if personal else _popularity(whole), whole, offered)
    return NextBest(
        personal, float(own.mean()), float(popular.mean()), gain, int(judged.sum()), offered,
        _pairs(alike, items, np.asarray(whole.sum(axis=0)).ravel(), offered), _offers(best, everybody, items),
    )  # fmt: skip


def _matrix(
    rows: pd.DataFrame, items: pd.Index, *, people: pd.Index | None = None
) -> tuple[pd.Index, sparse.csr_matrix]:
    known = pd.Index(sorted(rows["person"].unique())) if people is None else people
    place = known.get_indexer(pd.Index(rows["person"]))
    inside = place >= 0
    cells = (np.ones(int(inside.sum())), (place[inside], items.get_indexer(pd.Index(rows["item"]))[inside]))
    return known, sparse.csr_matrix(cells, shape=(len(known), len(items)))


def _likeness(matrix: sparse.csr_matrix) -> np.ndarray:
    """Return the cosine of each two items; none is like itself."""
    together = (matrix.T @ matrix).toarray()
    size = np.sqrt(np.maximum(np.diag(together), 1))
    alike = together / np.outer(size, size)
    np.fill_diagonal(alike, 0.0)
    return alike


def _popularity(matrix: sparse.csr_matrix) -> np.ndarray:
    return np.tile(np.asarray(matrix.sum(axis=0)), (matrix.shape[0], 1))


def _best(score: np.ndarray, matrix: sparse.csr_matrix, offered: int) -> np.ndarray:
    """Return the places of the best items of each person, -1 where there is none left to offer."""
    open_to = np.where(matrix.toarray() > 0, -np.inf, np.asarray(score, dtype=float))
    order = np.argsort(-open_to, axis=1, kind="stable")[:, :offered]
    return np.where(np.isfinite(np.take_along_axis(open_to, order, axis=1)), order, -1)


def _hit(best: np.ndarray, new: sparse.csr_matrix) -> np.ndarray:
    taken = np.take_along_axis(new.toarray(), np.maximum(best, 0), axis=1) * (best >= 0)
    return np.asarray(taken.any(axis=1), dtype=bool)


def _pairs(alike: np.ndarray, items: pd.Index, takers: np.ndarray, offered: int) -> pd.DataFrame:
    rows = [
        (items[place], int(takers[place]), items[other], float(alike[place, other]))
        for place in range(len(items))
        for other in np.argsort(-alike[place], kind="stable")[:offered]
        if alike[place, other] > 0
    ]
    return pd.DataFrame(rows, columns=["item", "takers", "following", "likeness"])


def _offers(best: np.ndarray, people: pd.Index, items: pd.Index) -> pd.DataFrame:
    person, place = np.nonzero(best >= 0)
    return pd.DataFrame({"person": people[person], "place": place + 1, "item": items[best[person, place]]})
