"""Engagement of posts: the rate with its denominator named, averaged both ways, by group with shrinkage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import Interval, interval_frame, mean_t, median_bootstrap, ratio_of_sums
from fanops_utils.metrics.shrinkage import shrink
from fanops_utils.text import say

Denominator = Literal["reach", "views", "impressions"]
DENOMINATORS: tuple[Denominator, ...] = ("reach", "views", "impressions")
PARTS = ("likes", "comments", "shares", "saves")
HIDDEN_BELOW, GREYED_BELOW = 10, 30


@dataclass(frozen=True)
class EngagementRate:
    """Interactions per *denominator*, as fractions: three averages that answer different questions.

    `mean_of_posts`: the rate of the average post. `pooled`: all interactions over all of the denominator, so
    large posts weigh more. `median`: the post in the middle.
    """

    denominator: str
    mean_of_posts: Interval
    pooled: Interval
    median: Interval
    n_posts: int
    n_used: int
    n_dropped: int

    @property
    def table(self) -> pd.DataFrame:
        """One row per average: measure, estimate, ci_lower, ci_upper, n."""
        frame = interval_frame([self.mean_of_posts, self.pooled, self.median])
        frame.insert(0, "measure", ["mean of posts", "pooled", "median post"])
        return frame


def interactions(posts: pd.DataFrame) -> pd.Series:
    """Return the interactions of each post (Float64, null where the export tells nothing).

    `engagements` as the platform exported it, where it did. Else the sum of those of likes, comments, shares
    and saves that are known: a platform that reports no saves is not charged for them. All unknown: null, not 0.

    >>> posts = pd.DataFrame({"likes": [3, None], "comments": [None, None], "engagements": [None, None]})
    >>> interactions(posts).tolist()
    [3.0, <NA>]
    """
    parts = [name for name in PARTS if name in posts.columns]
    if not parts and "engagements" not in posts.columns:
        need(posts, "engagements")
    known = {name: posts[name].astype("Float64") for name in parts}
    total = pd.DataFrame(known, index=posts.index, dtype="Float64").sum(axis=1, min_count=1).astype("Float64")
    if "engagements" in posts.columns:
        total = posts["engagements"].astype("Float64").fillna(total)
    return total.rename("interactions")


def engagement_rate(
    posts: pd.DataFrame,
    *,
    denominator: Denominator = "reach",
    level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> EngagementRate:
    """Return interactions per *denominator* over *posts*, one row per post.

    Columns: the denominator and what `interactions` reads. Posts whose interactions or denominator is missing, or
    whose denominator is zero, are dropped and counted. Fractions. Intervals: t (mean of posts), delta method
    (pooled), percentile bootstrap (median; seed 0 unless *rng* is given). Raises DataError for an unknown
    denominator. Views and impressions are different metrics: never compare rates of the two.
    """
    top, base = _pairs(posts, denominator)
    rate = top / base
    return EngagementRate(
        denominator=denominator,
        mean_of_posts=mean_t(rate, level=level),
        pooled=ratio_of_sums(top, base, level=level),
        median=median_bootstrap(rate, rng=rng or np.random.default_rng(0), level=level),
        n_posts=len(posts),
        n_used=rate.size,
        n_dropped=len(posts) - rate.size,
    )


def by_group(
    posts: pd.DataFrame, group: str, *, denominator: Denominator = "reach", level: float = 0.95
) -> pd.DataFrame:
    """Return the engagement of each value of the column *group*, most interactions per post first.

    Columns: *group*, n_posts; mean_interactions with mean_ci_lower, mean_ci_upper (t, posts whose interactions are
    known); estimate, ci_lower, ci_upper (pooled rate, delta method) and n (posts used for it); shrunk (the rate
    drawn to the average of all groups as far as its own noise asks: empirical Bayes, so that small groups neither
    win nor lose by luck); hidden (fewer than 10 posts: do not show) and enough (30 or more: below it, grey).
    Posts without a group are left out. Raises DataError for an unknown column or denominator.
    """
    need(posts, group)
    rows = []
    for name, part in posts.groupby(group, observed=True):
        mean = mean_t(numbers(interactions(part)), level=level)
        pooled = ratio_of_sums(*_pairs(part, denominator), level=level)
        rows.append((name, len(part), mean, pooled, _rate_variance(part, denominator)))
    frame = interval_frame([pooled for *_, pooled, _ in rows])
    means = interval_frame([mean for _, _, mean, _, _ in rows])
    frame.insert(0, group, [row[0] for row in rows])
    frame.insert(1, "n_posts", [row[1] for row in rows])
    frame.insert(2, "mean_interactions", means["estimate"])
    frame.insert(3, "mean_ci_lower", means["ci_lower"])
    frame.insert(4, "mean_ci_upper", means["ci_upper"])
    frame["shrunk"] = shrink(frame["estimate"].to_numpy(float), np.array([row[-1] for row in rows], dtype=float))
    frame["hidden"], frame["enough"] = frame["n"] < HIDDEN_BELOW, frame["n"] >= GREYED_BELOW
    return frame.sort_values("mean_interactions", ascending=False, ignore_index=True)


def _pairs(posts: pd.DataFrame, denominator: str) -> tuple[np.ndarray, np.ndarray]:
    if denominator not in DENOMINATORS:
        raise DataError(say("not a denominator of engagement"), value=denominator, choices=DENOMINATORS)
    need(posts, denominator)
    top, base = numbers(interactions(posts)), numbers(posts[denominator])
    usable = ~np.isnan(top) & (base > 0)
    return top[usable], base[usable]


def _rate_variance(posts: pd.DataFrame, denominator: str) -> float:
    top, base = _pairs(posts, denominator)
    if top.size < 2:
        return np.nan
    residual = top - top.sum() / base.sum() * base
    return float(top.size / (top.size - 1) * np.sum(residual**2) / base.sum() ** 2)
