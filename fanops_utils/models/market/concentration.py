"""How a market's attention is shared out: what each brand's posts earn, and how concentrated that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.models.rivals.posts import COUNTED

DAYS, LEVEL, DRAWS = 84, 0.9, 1000


@dataclass(frozen=True)
class Earnings:
    """`table`, most first: brand, is_ours, n (posts), earned (interactions), share (of all earned) with bounds,
    pair_lower, pair_upper (bounds of ours in what the two earned together; NaN without posts of ours).
    `hhi`: sum of the squared shares, `cr4`: of the four that earn most; NaN where fewer than two brands have posts.
    """

    table: pd.DataFrame
    hhi: float
    cr4: float


def earnings(posts: pd.DataFrame, *, brand: str, rivals: Sequence[str], until: pd.Timestamp, seed: int = 0) -> Earnings:
    """Return the share of each brand in the interactions that the posts of all brands earned in the 84 days to *until*.

    Columns of *posts*: brand, date_day, likes, comments, shares; a post of which none is known is left out. Interval:
    percentile bootstrap, the posts of each brand drawn by themselves, 90 %.
    """
    need(posts, "brand", "date_day", *COUNTED)
    day = days(posts["date_day"])
    known = posts[posts[list(COUNTED)].notna().any(axis=1) & (day > until - pd.Timedelta(days=DAYS)) & (day <= until)]
    earned = known[list(COUNTED)].astype(float).sum(axis=1)
    by = {name: earned[known["brand"] == name].to_numpy() for name in dict.fromkeys([brand, *rivals])}
    by = {name: values for name, values in by.items() if len(values)}
    columns = ["brand", "is_ours", "n", "earned", "share", "ci_lower", "ci_upper", "pair_lower", "pair_upper"]
    if len(by) < 2 or not sum(values.sum() for values in by.values()) > 0:
        return Earnings(pd.DataFrame(columns=columns), np.nan, np.nan)
    rng = np.random.default_rng(seed)
    sums = np.array([values.sum() for values in by.values()])
    drawn = np.stack([rng.choice(values, (DRAWS, len(values))).sum(axis=1) for values in by.values()], axis=1)
    shares, spread = sums / sums.sum(), drawn / drawn.sum(axis=1, keepdims=True)
    bounds = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(spread, bounds, axis=0)
    mine = drawn[:, [list(by).index(brand)]] if brand in by else np.full((DRAWS, 1), np.nan)
    pair_low, pair_high = np.quantile(mine / (mine + drawn), bounds, axis=0)
    table = pd.DataFrame({
        "brand": list(by), "is_ours": [name == brand for name in by], "n": [len(values) for values in by.values()],
        "earned": sums, "share": shares, "ci_lower": low, "ci_upper": high,
        "pair_lower": pair_low, "pair_upper": pair_high,
    })  # fmt: skip
    ordered = table.sort_values("share", ascending=False, ignore_index=True)
    return Earnings(ordered, float((shares**2).sum()), float(np.sort(shares)[::-1][:4].sum()))
