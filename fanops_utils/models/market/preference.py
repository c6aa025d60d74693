"""What a market likes that others do not: each topic's worth here against its worth in all markets, thin markets drawn to it.

The log of interactions is explained by the topic of each market, format and reach (free slope, like format the same in all
markets); a topic's effects over the markets are then drawn together as far as their own noise asks, the spread between
markets integrated over. A market with few posts thus says what all markets say until its own posts speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import ratio_of_sums
from fanops_utils.metrics.multiple import told_apart
from fanops_utils.metrics.shrinkage import integrated
from fanops_utils.models.content.design import design

LEVEL, FALSE = 0.9, 0.05  # of the intervals; of any mark in a report where markets are alike
FEWEST_MARKETS, FEWEST_FREE = 2, 10
SEPARATOR = "\x1f"
THIN = 10
KINDS = ("likes", "comments", "shares", "saves")
COLUMNS = ["topic", "n", "estimate", "ci_lower", "ci_upper", "own", "everywhere", "markets", "mark"]
HABITS = ["kind", "here", "ci_lower", "ci_upper", "elsewhere"]


class _Market(NamedTuple):
    """Effects of topics in one market against their mean there (log), their variances, and the posts of each."""

    effect: pd.Series
    variance: pd.Series
    n: pd.Series


def local_preference(
    posts: pd.DataFrame, *, market: str, size: str | None, factors: Sequence[str] = ("post_type",), seed: int = 0
) -> pd.DataFrame:
    """Return what each topic earns in *market* against what it earns in the other markets: COLUMNS, largest first.

    *posts* of all markets on one platform: market, topic, *factors*, *size* and what `interactions` reads. estimate: how much
    more a post of the topic is worth here than in the other market in the middle (fraction, 90 %), own: its worth here
    against the average topic, everywhere: in the markets together; mark: more, less or "" (at most one false mark in twenty
    reports, over the topics together), thin (under ten posts here: drawn to the others, never marked). Empty where fewer
    than two markets can be read.
    """
    need(posts, "market", "topic", *factors)
    read = _effects(posts, size, factors)
    if market not in read or len(read) < FEWEST_MARKETS:
        return pd.DataFrame(columns=COLUMNS)
    read = _levelled(read)
    rows, chances = [], []
    for topic in read[market].effect.index:
        names = [name for name, told in read.items() if topic in told.effect.index]
        if len(names) < FEWEST_MARKETS:
            continue
        effect = np.array([read[name].effect[topic] for name in names])
        drawn = integrated(effect, np.array([read[name].variance[topic] for name in names]), seed=seed)
        here = names.index(market)
        others = np.median(
            np.delete(drawn, here, axis=1), axis=1
        )  # another market with a taste of its own is no yardstick
        gap = drawn[:, here] - others
        low, high = np.quantile(gap, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        n = int(read[market].n[topic])
        told = gap.mean(), low, high, drawn[:, here].mean(), np.median(drawn, axis=1).mean()
        rows.append((topic, n, *np.expm1(told), len(names)))
        chances.append(min(1.0, 2 * float(min((gap <= 0).mean(), (gap >= 0).mean()))) if n >= THIN else 1.0)
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    clear = np.array(told_apart(chances, level=1 - FALSE), dtype=bool)
    way = np.where(table["estimate"] > 0, "more", "less")
    table["mark"] = np.where(table["n"] < THIN, "thin", np.where(clear, way, ""))
    return table.sort_values("estimate", ascending=False, ignore_index=True)


def _levelled(read: dict[str, _Market]) -> dict[str, _Market]:
    """Return *read* with each market's effects told against its topic in the middle, as the markets together have them.

    Against the mean, one topic that earns much here would push all others below what they earn elsewhere.
    """
    common = pd.DataFrame({name: told.effect for name, told in read.items()}).median(axis=1)
    return {name: told._replace(effect=told.effect - (told.effect - common[told.effect.index]).median())
            for name, told in read.items()}  # fmt: skip


def _effects(posts: pd.DataFrame, size: str | None, factors: Sequence[str]) -> dict[str, _Market]:
    """Return the effects of the topics in each market that has two of them; none where posts are too few for the model."""
    laid = design(posts, need_columns=["market", "topic"], size=size, factors=factors)
    cells = laid.used["market"].astype(str) + SEPARATOR + laid.used["topic"].astype(str)
    names, place = np.unique(cells.to_numpy(), return_inverse=True)
    x = np.column_stack([np.eye(len(names))[place], laid.beside])
    free = len(place) - x.shape[1]
    if free < FEWEST_FREE or np.linalg.matrix_rank(x) < x.shape[1]:
        return {}
    beta = np.linalg.lstsq(x, laid.y, rcond=None)[0]
    scatter = float(((laid.y - x @ beta) ** 2).sum()) / (free - 2)  # the wider one of t, as few posts estimate it
    spread = np.linalg.inv(x.T @ x)[: len(names), : len(names)] * scatter
    keys = pd.DataFrame([name.split(SEPARATOR, 1) for name in names], columns=["market", "topic"])
    count = np.bincount(place, minlength=len(names))
    read = {}
    for name, part in keys.groupby("market", sort=True):
        at = part.index.to_numpy()
        if len(at) < 2:
            continue
        centre = np.eye(len(at)) - 1 / len(at)
        values = centre @ beta[at], np.diag(centre @ spread[np.ix_(at, at)] @ centre), count[at]
        read[str(name)] = _Market(*(pd.Series(one, index=part["topic"].to_numpy()) for one in values))
    return read


def interaction_habits(posts: pd.DataFrame, *, market: str) -> pd.DataFrame:
    """Return which kinds of interactions make up those of *market*, and of the other markets: HABITS (shares, 95 %).

    *posts* of all markets on one platform: market, likes, comments, shares, saves. A kind no post tells of is left out.
    """
    told = [kind for kind in KINDS if kind in posts and posts[kind].notna().any()]
    known = posts.dropna(subset=told)
    total = known[told].astype(float).sum(axis=1)
    home = (known["market"] == market).to_numpy(bool)
    rows = []
    for kind in told:
        here = ratio_of_sums(numbers(known.loc[home, kind]), total[home])
        there = ratio_of_sums(numbers(known.loc[~home, kind]), total[~home])
        rows.append((kind, here.estimate, here.ci_lower, here.ci_upper, there.estimate))
    return pd.DataFrame(rows, columns=HABITS)
