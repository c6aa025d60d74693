"""What changed against the period before: split into mix and rate, with the luck of single posts as interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.metrics.social.engagement import interactions

FEWEST = 20
FEW_OF_GROUP = 3
LEVEL = 0.9
FALSE = 0.03  # so that any false part comes to at most one in twenty: the interval is a little short


@dataclass(frozen=True)
class Split:
    """Rate of interactions before and after, and what moved it: `mix` (other formats, topics, …) and `rate` (each earned
    more or less), fractions of the denominator, 90 %; `clear`: which of the two luck does not explain, at most one false in
    twenty over both. `code`: split, few (under 20 posts in a period), thin (a group of
    fewer than three posts carries over half of a part). `table`: *group*, n_before, n_after, weight_before, weight_after,
    rate_before, rate_after, mix, rate.
    """

    code: str
    before: float
    after: float
    mix: Interval
    rate: Interval
    n_before: int
    n_after: int
    table: pd.DataFrame
    clear: tuple[str, ...] = ()

    @property
    def change(self) -> float:
        return self.after - self.before


def change_split(
    posts: pd.DataFrame,
    *,
    day: str,
    since: pd.Timestamp,
    before: tuple[pd.Timestamp, pd.Timestamp],
    denominator: str,
    group: str = "post_type",
) -> Split:
    """Return how the pooled rate of the posts from *since* on differs from those of the days *before* (first, last).

    Columns: *day*, *group*, *denominator* and what `interactions` reads. Marshall and Edgeworth, exact; interval by leaving
    out one post after the other, t (n - 1): coverage .87 to .99.
    """
    need(posts, day, group, denominator)
    top, base = numbers(interactions(posts)), numbers(posts[denominator])
    usable = ~np.isnan(top) & (base > 0) & posts[group].notna().to_numpy()
    when = days(posts[day])
    late = (when >= since).to_numpy() & usable
    early = when.between(*before).to_numpy() & usable
    names, place = np.unique(posts[group].astype(str).to_numpy()[usable], return_inverse=True)
    where = np.full(len(posts), -1)
    where[usable] = place
    size = len(names)
    before_cells, after_cells = (_sums(where[mask], top[mask], base[mask], size) for mask in (early, late))
    n_before, n_after = int(early.sum()), int(late.sum())
    table = pd.DataFrame({group: names, "n_before": before_cells[2], "n_after": after_cells[2]})
    if min(n_before, n_after) < FEWEST:
        return Split("few", np.nan, np.nan, NOTHING, NOTHING, n_before, n_after, table)
    (t0, b0, m0), (t1, b1, m1) = before_cells, after_cells
    mix, rate, w0, w1, r0, r1 = _parts(t0, b0, t1, b1)
    drops = [(_less(t0, where, top, int(i)), _less(b0, where, base, int(i)), t1, b1) for i in np.flatnonzero(early)]
    drops += [(t0, b0, _less(t1, where, top, int(i)), _less(b1, where, base, int(i))) for i in np.flatnonzero(late)]
    number = len(drops)
    spread = _spread(drops)
    half = stats.t.ppf(0.5 + LEVEL / 2, number - 1) * spread
    judged = stats.t.isf(FALSE / 4, number - 1) * spread  # two sides of two parts
    clear = tuple(
        name for name, part, reach in zip(("mix", "rate"), (mix, rate), judged, strict=True) if abs(part.sum()) > reach
    )
    mixed, rated = (
        Interval(part.sum(), part.sum() - one, part.sum() + one, number)
        for part, one in zip((mix, rate), half, strict=True)
    )
    thin = np.minimum(m0, m1) < FEW_OF_GROUP
    heavy = any((np.abs(part[thin]) > abs(part.sum()) / 2).any() for part in (mix, rate) if part.sum())
    table = table.assign(weight_before=w0, weight_after=w1, rate_before=r0, rate_after=r1, mix=mix, rate=rate)
    return Split(
        "thin" if heavy else "split",
        float(t0.sum() / b0.sum()),
        float(t1.sum() / b1.sum()),
        mixed,
        rated,
        n_before,
        n_after,
        table,
        clear,
    )


def _sums(at: np.ndarray, top: np.ndarray, base: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return interactions, denominators and posts of each group."""
    return np.bincount(at, top, size), np.bincount(at, base, size), np.bincount(at, minlength=size)


def _spread(drops: Sequence[tuple[np.ndarray, ...]]) -> np.ndarray:
    """Return the standard errors of mix and rate by the jackknife: *drops* are the sums without one post each."""
    left, number = np.array([[part.sum() for part in _parts(*one)[:2]] for one in drops]), len(drops)
    return np.sqrt((number - 1) / number * ((left - left.mean(axis=0)) ** 2).sum(axis=0))


def _parts(t0: np.ndarray, b0: np.ndarray, t1: np.ndarray, b1: np.ndarray) -> tuple[np.ndarray, ...]:
    before, after = t0.sum() / b0.sum(), t1.sum() / b1.sum()
    w0, w1 = b0 / b0.sum(), b1 / b1.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        r0, r1 = t0 / b0, t1 / b1
    full0, full1 = np.where(b0 > 0, r0, r1), np.where(b1 > 0, r1, r0)  # a group of one period only is all mix
    full0, full1 = np.nan_to_num(full0), np.nan_to_num(full1)
    mix = (w1 - w0) * ((full0 + full1) / 2 - (before + after) / 2)
    return mix, (w0 + w1) / 2 * (full1 - full0), w0, w1, r0, r1


def _less(total: np.ndarray, where: np.ndarray, values: np.ndarray, post: int) -> np.ndarray:
    found = total.copy()
    found[where[post]] -= values[post]
    return found
