"""Where a platform is strong: sourced sizes of platforms, what may be put side by side, and how fast they grew.

A size compares with another only where both count the same thing (`measure`) in the same stretch of time (`as_of`). The
location quotient of a platform in a market is its part of the market's sizes over its part of the sizes of all markets;
where the inhabitants are known, its penetration over that of all markets together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need

QUOTIENTS = ["measure", "region", "platform", "figure", "unit", "as_of", "quotient", "markets"]
PENETRATION = ["region", "platform", "measure", "as_of", "share", "of", "quotient", "markets"]
SURVEYED = {"% of adults": "adults_asked", "% of internet users": "internet_users"}
GROWTH = ["platform", "region", "measure", "unit", "first", "last", "points", "figure_first", "figure_last", "per_year"]
FEWEST_POINTS, FEWEST_YEARS = 3, 1.0
PARTS = {"Q1": "01", "Q2": "04", "Q3": "07", "Q4": "10", "H1": "01", "H2": "07"}


def location_quotients(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return each size that may be compared, with the location quotient of its platform: QUOTIENTS.

    *sizes*: `outside.platform_sizes`. Taken are absolute sizes (unit million) that at least two markets have of at least two
    platforms by the same measure, each platform as of the same time everywhere; markets that lack one of these platforms
    are left out. quotient above 1: stronger here than in these markets together; `markets`: how many were compared.
    """
    need(sizes, "platform", "region", "figure", "unit", "measure", "as_of")
    counted = sizes[(sizes["unit"] == "million") & (sizes["region"].str.len() == 2) & (sizes["platform"] != "all")]
    parts = []
    for measure, one in counted.groupby("measure", sort=True):
        block = _block(one)
        if block is None:
            continue
        wide = block.pivot(index="region", columns="platform", values="figure")
        here, whole = wide.div(wide.sum(axis=1), axis=0), wide.sum() / wide.to_numpy().sum()
        long = (here / whole).stack().rename("quotient").reset_index()
        parts.append(block.merge(long, on=["region", "platform"]).assign(measure=measure, markets=len(wide)))
    return pd.concat(parts, ignore_index=True)[QUOTIENTS] if parts else pd.DataFrame(columns=QUOTIENTS)


def _block(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Return the largest set of markets and platforms without a hole, each platform as of one time; None under two by two."""
    common = rows.groupby(["platform", "as_of"])["region"].nunique().reset_index()
    common = common[common["region"] >= 2].sort_values(["region", "as_of"], ascending=False)
    chosen = common.drop_duplicates("platform")[["platform", "as_of"]]
    kept = rows.merge(chosen, on=["platform", "as_of"]).drop_duplicates(["region", "platform"])
    regions = kept.groupby("region")["platform"].nunique().sort_values(ascending=False)
    best, most = None, 0
    for number in range(2, len(regions) + 1):
        block = kept[kept["region"].isin(regions.index[:number])]
        full = block.groupby("platform")["region"].nunique()
        names = full.index[full == number]
        if len(names) >= 2 and number * len(names) > most:
            best, most = block[block["platform"].isin(names)], number * len(names)
    return best


def penetration(
    sizes: pd.DataFrame, people: pd.DataFrame, *, adults: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return what part of a market each platform has: PENETRATION.

    *sizes*: `outside.platform_sizes`; *people*: `outside.populations`; *adults*: how many live in a market, by its code,
    where the brand's own register says so. share: of inhabitants of all ages (`of`: inhabitants), of adults (adults), or as
    a survey found it (adults_asked, internet_users); it may exceed 1, for accounts are no persons. quotient: the share of
    inhabitants here over that of all markets with the same platform, measure and time together, NaN where this market is
    alone; `markets`: how many these are.
    """
    need(sizes, "platform", "region", "figure", "unit", "measure", "as_of")
    need(people, "market", "people")
    counted = sizes[(sizes["unit"] == "million") & (sizes["region"].str.len() == 2) & (sizes["platform"] != "all")]
    known = counted.merge(people[["market", "people"]], left_on="region", right_on="market")
    known = known.assign(size=known["figure"] * 1e6).drop_duplicates(["region", "platform", "measure", "as_of"])
    parts = [_compared(known)] if len(known) else []
    grown = counted["region"].map(dict(adults or {})).astype(float)
    parts.append(counted.assign(share=1e6 * counted["figure"] / grown, of="adults").dropna(subset=["share"]))
    asked = sizes[sizes["unit"].isin(list(SURVEYED)) & (sizes["region"].str.len() == 2)]
    parts.append(asked.assign(share=asked["figure"] / 100, of=asked["unit"].map(SURVEYED)))
    told = [part for part in parts if len(part)]
    if not told:
        return pd.DataFrame(columns=PENETRATION)
    found = pd.concat(told, ignore_index=True)
    order = {"region": True, "of": True, "measure": True, "share": False}
    return found.reindex(columns=PENETRATION).sort_values(
        list(order), ascending=list(order.values()), ignore_index=True
    )


def _compared(known: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of *known* (size, people) with share, quotient and markets; what nobody defines is compared with nothing."""
    alike = known.groupby(["platform", "measure", "as_of"])
    together = alike["size"].transform("sum") / alike["people"].transform("sum")
    markets, defined = alike["region"].transform("nunique"), ~known["measure"].str.contains("not defined")
    share = known["size"] / known["people"]
    quotient = (share / together).where(defined & (markets > 1))
    return known.assign(share=share, of="inhabitants", quotient=quotient, markets=markets)


def size_growth(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return how fast each dated series of sizes grew, from its first to its last point: GROWTH.

    A series: one platform, region, measure and unit with three dated points or more over a year or more. per_year: compound
    growth, a fraction. Nothing is carried on: three to six points say nothing of what comes.
    """
    need(sizes, "platform", "region", "figure", "unit", "measure", "as_of")
    dated = sizes.assign(day=[_day(str(one)) for one in sizes["as_of"]]).dropna(subset=["day"])
    rows = []
    for keys, part in dated.groupby(["platform", "region", "measure", "unit"], sort=True):
        series = part.sort_values("day").drop_duplicates("day")
        first, last = series.iloc[0], series.iloc[-1]
        years = (last["day"] - first["day"]).days / 365.25
        if len(series) < FEWEST_POINTS or years < FEWEST_YEARS:
            continue
        per_year = float((last["figure"] / first["figure"]) ** (1 / years) - 1)
        ends = first["as_of"], last["as_of"], len(series), first["figure"], last["figure"]
        rows.append((*keys, *ends, per_year))
    return pd.DataFrame(rows, columns=GROWTH)


def _day(as_of: str) -> pd.Timestamp:
    """Return the first day of a stretch as the sources write it: 2025-Q4, 2025-H1, 2023-02, 2023-02 to 2023-07, 2025."""
    start = as_of.split(" to ")[0].strip()
    year, _, part = start.partition("-")
    day = pd.to_datetime(f"{year}-{PARTS.get(part, part or '01')}", format="%Y-%m", errors="coerce")
    return day if isinstance(day, pd.Timestamp) else pd.Timestamp(np.datetime64("NaT"))
