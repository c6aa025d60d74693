"""What is asked for against what is posted: the rate of each topic at equal reach and format, beside its share of the posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import wilson
from fanops_utils.metrics.shrinkage import integrated
from fanops_utils.metrics.social.engagement import interactions

FEWEST_POSTS, FEWEST = 80, 10
LEVEL = 0.9
SPACE = ["topic", "n", "demand", "supply", "gap", "ci_lower", "ci_upper"]
COLUMNS = ["topic", "n", "share", "share_lower", "share_upper", "estimate", "ci_lower", "ci_upper", "mark"]


@dataclass(frozen=True)
class Demand:
    """`table`, most asked for first: topic, n (posts), share of the posts with bounds (Wilson), estimate, ci_lower, ci_upper (rate
    against the average topic at equal reach and format; fractions), mark: gap (earns clearly more, posted less than an even
    share), more (earns clearly more), less (earns clearly less), even; "" where nothing is marked. `n_untold`: posts without a
    topic; `marked`: false under 80 posts.
    """

    table: pd.DataFrame
    n: int
    n_untold: int
    marked: bool


def demand_less_supply(posts: pd.DataFrame, *, topic: str = "topic", seed: int = 0, draws: int = 1000) -> pd.DataFrame:
    """Return the share of each topic in the interactions less its share in the posts, widest gap first.

    Columns: *topic* and what `interactions` reads; posts without either are left out. topic, n (posts), demand (share of the
    interactions of these posts), supply (share of the posts), gap, ci_lower, ci_upper (percentile bootstrap over posts,
    90 %). A topic that earns its reach with its format has that in its demand: `topic_demand` holds both equal.
    """
    need(posts, topic)
    top = numbers(interactions(posts))
    usable = ~np.isnan(top) & posts[topic].notna().to_numpy()
    names, place = np.unique(posts.loc[usable, topic].astype(str).to_numpy(), return_inverse=True)
    if len(names) < 2 or not top[usable].sum() > 0:
        return pd.DataFrame(columns=SPACE)
    cells = np.zeros((len(place), len(names)))
    cells[np.arange(len(place)), place] = 1
    weights = np.random.default_rng(seed).multinomial(len(place), np.full(len(place), 1 / len(place)), draws)
    earned = (weights * top[usable]) @ cells
    gaps = earned / earned.sum(axis=1, keepdims=True) - weights @ cells / len(place)
    low, high = np.quantile(gaps, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    demand, counts = top[usable] @ cells / top[usable].sum(), cells.sum(axis=0)
    supply = counts / len(place)
    table = pd.DataFrame({"topic": names, "n": counts.astype(int), "demand": demand, "supply": supply, "gap": demand - supply,
                          "ci_lower": low, "ci_upper": high})  # fmt: skip
    return table[SPACE].sort_values("gap", ascending=False, ignore_index=True)


def topic_demand(
    posts: pd.DataFrame, *, denominator: str = "reach", topic: str = "topic", post_type: str = "post_type"
) -> Demand:
    """Return which topics earn more than others, against how often they are posted.

    Columns: *topic*, *post_type*, *denominator* and what `interactions` reads. Log of interactions on topic, format and log
    reach (its slope free); topics drawn together, the spread between them integrated over; 90 %. Topics with fewer than ten
    posts are shown without a mark.
    """
    need(posts, topic, post_type, denominator)
    top, base = numbers(interactions(posts)), numbers(posts[denominator])
    usable = ~np.isnan(top) & (base > 0) & posts[topic].notna().to_numpy() & posts[post_type].notna().to_numpy()
    untold = int(posts[topic].isna().sum())
    used = posts[usable]
    names, place = np.unique(used[topic].astype(str).to_numpy(), return_inverse=True)
    counts = np.bincount(place, minlength=len(names))
    kinds = pd.get_dummies(used[post_type].astype(str), drop_first=True).to_numpy(float)
    free = len(used) - len(names) - kinds.shape[1] - 1
    if len(names) < 2 or free < 10 or counts.min() < 2:
        keep = counts >= 2
        if keep.sum() >= 2 and free >= 10:
            return topic_demand(
                posts[~posts[topic].isin(names[~keep])], denominator=denominator, topic=topic, post_type=post_type
            )
        return Demand(pd.DataFrame(columns=COLUMNS), len(used), untold, False)
    cells = np.zeros((len(used), len(names)))
    cells[np.arange(len(used)), place] = 1
    size = np.log(base[usable])
    x = np.column_stack([cells, kinds - kinds.mean(axis=0), size - size.mean()])
    y = np.log(top[usable] + 0.5)
    beta, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
    if rank < x.shape[1]:
        return Demand(pd.DataFrame(columns=COLUMNS), len(used), untold, False)
    scatter = float(((y - x @ beta) ** 2).sum() / free)
    variance = np.diag(np.linalg.inv(x.T @ x))[: len(names)] * scatter * free / max(free - 2, 1)
    drawn = integrated(beta[: len(names)], variance)
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    shares = [wilson(int(count), len(used), level=LEVEL) for count in counts]
    told = pd.DataFrame(
        {
            "topic": names,
            "n": counts,
            "share": [one.estimate for one in shares],
            "share_lower": [one.ci_lower for one in shares],
            "share_upper": [one.ci_upper for one in shares],
            "estimate": np.expm1(drawn.mean(axis=0)),
            "ci_lower": np.expm1(low),
            "ci_upper": np.expm1(high),
        }
    )
    marked = len(used) >= FEWEST_POSTS
    rare = told["share_upper"] < 1 / len(names)
    mark = np.where(told["ci_lower"] > 0, np.where(rare, "gap", "more"), np.where(told["ci_upper"] < 0, "less", "even"))
    told["mark"] = np.where((told["n"] >= FEWEST) & marked, mark, "")
    return Demand(told[COLUMNS].sort_values("estimate", ascending=False, ignore_index=True), len(used), untold, marked)
