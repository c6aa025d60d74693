"""The scorecard of partners: effect and service, quarter by quarter within their tier, and tier moves that do not flap.

Weights are ours (effect 50, service 30, innovation 20: the plans name the three parts, not their weights); a part without
data is left out and the others share its weight, said. A tier moves only where two quarters running lie beyond the border
by a third of the spread of all scores.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need

WEIGHTS = {"effect": 0.5, "service": 0.3, "innovation": 0.2}
FEWEST = 3  # deliveries of a quarter; below, no score
FEWEST_PEERS = 3  # of a tier; below, all partners are the peers
BORDERS = (40.0, 60.0)  # temporary below, strategic above; core between
BEYOND = 0.3
TIERS = ("temporary", "core", "strategic")
COLUMNS = ["partner", "quarter", "n", "effect", "service", "innovation", "score"]


def scorecard(paid: pd.DataFrame, *, ideas: pd.DataFrame | None = None, result: str = "engagements") -> pd.DataFrame:
    """Return the scores of each partner and whole quarter, 0 to 100, 50 the middle of its tier.

    Columns of *paid*: partner, tier, date_day, fee, *result*, due_at, published_at, rating (1-5; both service). *ideas*:
    partner, quarter, score (1-5), where somebody rates them. Returned: partner, quarter, n (deliveries), effect (log of
    result per fee), service (punctuality and rating), innovation, score (weighted mean of the parts with data; NaN below
    three deliveries). Parts are ranks among the partners of the tier in that quarter, of all where the tier has fewer than
    three.
    """
    need(paid, "partner", "tier", "date_day", "fee", result, "due_at", "published_at", "rating")
    if paid.empty:
        return pd.DataFrame(columns=COLUMNS)
    late = pd.to_datetime(paid["published_at"], utc=True) > pd.to_datetime(paid["due_at"], utc=True) + pd.Timedelta(
        days=1
    )
    frame = pd.DataFrame(
        {
            "partner": paid["partner"].astype(str).to_numpy(),
            "tier": paid["tier"].fillna("").astype(str).to_numpy(),
            "quarter": days(paid["date_day"]).dt.to_period("Q").astype(str).to_numpy(),
            "log": np.log(((paid[result].astype(float) + 0.5) / paid["fee"].astype(float)).to_numpy()),
            "punctual": (1.0 - late.astype(float))
            .where(paid["due_at"].notna() & paid["published_at"].notna())
            .to_numpy(),
            "rating": paid["rating"].astype(float).to_numpy(),
        }
    )
    grouped = frame.groupby(["partner", "quarter"])
    each = grouped.agg(
        tier=("tier", "first"),
        n=("log", "size"),
        effect=("log", "mean"),
        punctual=("punctual", "mean"),
        rating=("rating", "mean"),
    ).reset_index()
    each = each[each["n"] >= FEWEST].reset_index(drop=True)
    if ideas is not None and len(ideas):
        each = each.merge(ideas.rename(columns={"score": "ideas"}), on=["partner", "quarter"], how="left")
    each["ideas"] = each.get("ideas", np.nan)
    both = each[["punctual", "rating"]].assign(rating=(each["rating"] - 1) / 4)
    parts = pd.DataFrame({"effect": each["effect"], "service": both.mean(axis=1), "innovation": each["ideas"]})
    peers = _peers(each)
    ranked = pd.DataFrame({name: _ranks(parts[name], peers) for name in parts})
    weight = ranked.notna() * pd.Series(WEIGHTS)
    total = (ranked.fillna(0) * weight).sum(axis=1) / weight.sum(axis=1).where(weight.sum(axis=1) > 0)
    table = pd.concat([each[["partner", "quarter", "n"]], ranked, total.rename("score")], axis=1)
    return table[COLUMNS].sort_values(["quarter", "score"], ascending=[True, False], ignore_index=True)


def tier_moves(scores: pd.DataFrame, *, start: str = "core") -> pd.DataFrame:
    """Return the tier each partner's scores lead to: partner, periods, score (latest), before (latest), tier, moved.

    Columns of *scores*: partner, quarter, score. All begin as *start*. A move asks for two quarters running beyond the same
    border by 0.3 standard deviations of all scores, and goes to the tier of the weaker of the two.
    """
    need(scores, "partner", "quarter", "score")
    known = scores.dropna(subset=["score"])
    beyond = BEYOND * float(known["score"].std()) if len(known) > 2 else np.inf
    rows = []
    for name, part in known.sort_values("quarter").groupby("partner"):
        values, place, last = part["score"].to_numpy(), TIERS.index(start), TIERS.index(start)
        for now, following in pairwise(values):
            last, place = place, _moved(place, now, following, beyond)
        before = float(values[-2]) if len(values) > 1 else np.nan
        rows.append((name, len(values), float(values[-1]), before, TIERS[place], place - last))
    columns = ["partner", "periods", "score", "before", "tier", "moved"]
    return pd.DataFrame(rows, columns=columns).sort_values("score", ascending=False, ignore_index=True)


def punctuality(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Return per partner how many deliveries with an agreed day came late by more than a day: partner, n, late."""
    need(deliveries, "partner", "due_at", "published_at")
    known = deliveries.dropna(subset=["due_at", "published_at"])
    late = pd.to_datetime(known["published_at"], utc=True) > pd.to_datetime(known["due_at"], utc=True) + pd.Timedelta(
        days=1
    )
    frame = pd.DataFrame({"partner": known["partner"].astype(str), "late": late.astype("int64")})
    return frame.groupby("partner")["late"].agg(n="size", late="sum").reset_index()


def _moved(place: int, one: float, other: float, beyond: float) -> int:
    low, high = BORDERS
    weaker = min(one, other)
    if min(one, other) > high + beyond:
        return 2
    if place == 0 and weaker > low + beyond:
        return 1
    if max(one, other) < low - beyond:
        return 0
    if place == 2 and max(one, other) < high - beyond:
        return 1
    return place


def _peers(each: pd.DataFrame) -> pd.Series:
    size = each.groupby(["quarter", "tier"])["partner"].transform("size")
    return each["quarter"] + "/" + each["tier"].where(size >= FEWEST_PEERS, "")


def _ranks(values: pd.Series, peers: pd.Series) -> pd.Series:
    """Return middle ranks among *peers* as 0 to 100; NaN where a value is missing or nobody is there to compare with."""
    rank = values.groupby(peers).rank()
    number = values.groupby(peers).transform("count")
    return (100 * (rank - 0.5) / number).where(number > 1)
