"""How loud each brand is: shares of mentions by week, because one piece of news makes hundreds of mentions at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import counts_of, cross_table, days, need

FEWEST_WEEKS = 4
COLUMNS = ["brand", "hits", "n", "estimate", "ci_lower", "ci_upper", "weeks"]


def weekly_shares(mentions: pd.DataFrame, *, brands: Sequence[str], level: float = 0.9) -> pd.DataFrame:
    """Return each brand's share of the mentions of all *brands*, with an interval that rests on weeks.

    Columns of *mentions*: date_day, brand. Returned: brand, hits, n, estimate, ci_lower, ci_upper, weeks (7-day blocks
    that end with the last day; a piece of a week at the start is left out), pair_lower, pair_upper (bounds of the share
    that the first of *brands* has of its mentions and this brand's together: above a half it is the louder of the two).
    Ratio over weeks, delta method on the logit, t with weeks - 1; no bounds below four weeks.
    """
    need(mentions, "date_day", "brand")
    kept = mentions[mentions["brand"].isin(list(brands))]
    block = weeks_back(kept["date_day"])
    counts = cross_table(kept, block, kept["brand"]).reindex(columns=list(brands), fill_value=0)
    whole = counts.loc[counts.index >= 0]
    rows = [
        (name, *clustered(whole[name].to_numpy(float), whole.sum(axis=1).to_numpy(float), level)) for name in brands
    ]
    first = whole[brands[0]].to_numpy(float)
    pairs = [clustered(first, first + whole[name].to_numpy(float), level)[3:5] for name in brands]
    return pd.DataFrame(rows, columns=COLUMNS).assign(
        pair_lower=[low for low, _ in pairs], pair_upper=[high for _, high in pairs]
    )


def weekly_rate(rows: pd.DataFrame, hit: str, *, by: str, values: Sequence[str], level: float = 0.9) -> pd.DataFrame:
    """Return the share of rows where the column *hit* (0/1, NaN unknown) holds, for each of *values* of *by*.

    Columns and method as in `weekly_shares`; `brand` names the value.
    """
    need(rows, "date_day", by, hit)
    known = rows[rows[hit].notna()]
    block, found = weeks_back(known["date_day"]), []
    for name in values:
        mine = known[by] == name
        number = counts_of(known[mine]).astype(float)
        parts = pd.DataFrame({"sum": known.loc[mine, hit].astype(float) * number, "size": number})
        grouped = parts.groupby(block[mine]).sum()
        grouped = grouped.loc[grouped.index >= 0]
        found.append((name, *clustered(grouped["sum"].to_numpy(float), grouped["size"].to_numpy(float), level)))
    return pd.DataFrame(found, columns=COLUMNS)


def weeks_back(column: pd.Series) -> pd.Series:
    """Return the number of each row's seven-day block, the last ending with the last day; -1 for a piece of a week."""
    day = days(column)
    if not len(day):
        return pd.Series(dtype="int64")
    back = (day.max() - day).dt.days // 7
    whole = ((day.max() - day.min()).days + 1) // 7
    return (whole - 1 - back).clip(lower=-1)


def clustered(hits: np.ndarray, total: np.ndarray, level: float) -> tuple[int, int, float, float, float, int]:
    """Return hits, n, share, its bounds and the number of clusters; a share of 0 or 1 has none."""
    seen = total > 0
    hits, total = hits[seen], total[seen]
    size, all_hits, n = int(seen.sum()), float(hits.sum()), float(total.sum())
    share = all_hits / n if n else np.nan
    if size < FEWEST_WEEKS or not 0 < share < 1:
        return int(all_hits), int(n), share, np.nan, np.nan, size
    rest = hits - share * total
    spread = np.sqrt(size / (size - 1) * np.sum(rest**2)) / n / (share * (1 - share))
    half = stats.t.ppf(0.5 + level / 2, size - 1) * spread
    logit = np.log(share / (1 - share))
    low, high = (float(1 / (1 + np.exp(-(logit + side * half)))) for side in (-1, 1))
    return int(all_hits), int(n), share, low, high, size


def excess_share(voice: tuple[float, float, float], market: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return share of voice less market share with its interval, each given as share, lower and upper bound.

    A market share without an error known has its own value as bounds. Source: Newcombe 1998, method 10 (square-and-add).
    """
    difference = voice[0] - market[0]
    low = difference - np.hypot(voice[0] - voice[1], market[2] - market[0])
    high = difference + np.hypot(voice[2] - voice[0], market[0] - market[1])
    return difference, float(low), float(high)


def negative_shares(mentions: pd.DataFrame, *, brands: Sequence[str], level: float = 0.9) -> pd.DataFrame:
    """Return the share of negative ones among each brand's mentions with a sentiment, as `weekly_rate`."""
    need(mentions, "sentiment")
    known = mentions[mentions["sentiment"].notna()]
    marked = known.assign(negative=(known["sentiment"] == "negative").astype(float))
    return weekly_rate(marked, "negative", by="brand", values=brands, level=level)
