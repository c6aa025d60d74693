"""What partners sold: orders under their codes as what they are, and what the shop's own series shows around deliveries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.intervals import NOTHING, Interval

FEWEST = 10
BEFORE, AFTER = 14, 3
LEVEL = 0.9
FEWEST_BUYERS = 10


@dataclass(frozen=True)
class SeriesEffect:
    """Orders of a market on the days after a delivery against the two weeks before: `factor` (1 = as before), 90 %.

    `n` counts the deliveries it rests on, `n_left` those left out (days missing, or too near another one).
    """

    factor: Interval
    n: int
    n_left: int

    @property
    def evident(self) -> bool:
        return bool(self.factor.ci_lower > 1 or self.factor.ci_upper < 1)


def code_sales(deliveries: pd.DataFrame, orders: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Return what was ordered under each partner's code: partner, code, market, orders, share, buyers, first, last.

    *deliveries*: partner, code, market; *orders* under codes: discount_code, market, customer_key, date_day; *daily*:
    market, date_day, value (all orders). `share`: of the market's orders since the first under the code. Partners
    without a code are left out, and those in markets without any order at all: there no shop's orders were imported. Who used
    a code may have come anyway, and others came without typing it: no effect is read from it.
    """
    need(deliveries, "partner", "code", "market")
    need(orders, "discount_code", "market", "customer_key", "date_day")
    need(daily, "market", "date_day", "value")
    shop = orders.assign(code=orders["discount_code"].astype("string").str.upper(), day=days(orders["date_day"]))
    each, rows, sold_in = days(daily["date_day"]), [], set(daily.loc[daily["value"] > 0, "market"])
    for (name, code, market), _ in deliveries.dropna(subset=["code"]).groupby(["partner", "code", "market"]):
        mine = shop[shop["code"] == str(code).upper()]
        if mine.empty and market not in sold_in:
            continue
        first, last = mine["day"].min(), mine["day"].max()
        home = float(daily.loc[(daily["market"] == market) & (each >= first), "value"].sum()) if len(mine) else 0.0
        share = float((mine["market"] == market).sum()) / home if home else np.nan
        rows.append((str(name), str(code), str(market), len(mine), share, mine["customer_key"].nunique(), first, last))
    columns = ["partner", "code", "market", "orders", "share", "buyers", "first", "last"]
    return pd.DataFrame(rows, columns=columns).sort_values("orders", ascending=False, ignore_index=True)


def series_effect(deliveries: pd.DataFrame, daily: pd.DataFrame) -> SeriesEffect:
    """Return how many more orders a market has in the three days from a delivery on, over all deliveries together.

    *deliveries*: market, date_day; *daily*: market, date_day, value (orders; a day without one is zero). Each delivery: log of
    the mean of its days over the mean of the fourteen days before, weekdays taken out; t over market and week, for deliveries
    that overlap share their days. Below ten such there is no answer; a single partner's series never tells anything.
    """
    need(deliveries, "market", "date_day")
    need(daily, "market", "date_day", "value")
    changes, left = [], 0
    for market, part in daily.groupby("market"):
        series = part.set_index(days(part["date_day"]))["value"].astype(float).asfreq("D", fill_value=0.0)
        given = days(deliveries.loc[deliveries["market"] == market, "date_day"]).drop_duplicates()
        level = _without_weekdays(series, given)
        for day in given:
            after = level[day : day + pd.Timedelta(days=AFTER - 1)]
            before = level[day - pd.Timedelta(days=BEFORE) : day - pd.Timedelta(days=1)]
            if len(after) < AFTER or len(before) < BEFORE or not before.sum() > 0:
                left += 1
                continue
            week = (day - pd.Timestamp("2000-01-03")).days // 7
            changes.append((f"{market}/{week}", np.log((after.mean() + 0.5 / AFTER) / (before.mean() + 0.5 / BEFORE))))
    frame = pd.DataFrame(changes, columns=["cluster", "log"])
    means = frame.groupby("cluster")["log"].mean().to_numpy()
    if len(means) < FEWEST:
        return SeriesEffect(NOTHING, len(frame), left)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(means) - 1)) * means.std(ddof=1) / np.sqrt(len(means))
    estimate, lower, upper = np.exp([means.mean(), means.mean() - half, means.mean() + half]).tolist()
    return SeriesEffect(Interval(estimate, lower, upper, len(frame)), len(frame), left)


def _without_weekdays(series: pd.Series, given: pd.Series) -> pd.Series:
    """Return *series* over the usual of its weekday, that of days away from the deliveries *given*, which may keep a weekday."""
    index = pd.DatetimeIndex(series.index)
    near = np.zeros(len(index), dtype=bool)
    for day in given:
        near |= (index >= day) & (index < day + pd.Timedelta(days=AFTER))
    weekday = index.day_of_week
    away = series[~near].groupby(weekday[~near]).mean().reindex(range(7))
    usual = pd.Series(away.to_numpy()[weekday], index=index).fillna(series.mean())
    return series / usual.where(usual > 0) * series.mean()


def buyer_overlap(deliveries: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return how far the buyers of two partners' codes are the same people: first, second, buyers_first,
    buyers_second, both, share.

    *orders*: discount_code, customer_key (pseudonyms). `share`: of all buyers of the two, Jaccard. Pairs in which one has fewer
    than ten buyers are left out.
    """
    need(deliveries, "partner", "code")
    need(orders, "discount_code", "customer_key")
    bought = orders.dropna(subset=["discount_code", "customer_key"])
    code = bought["discount_code"].astype("string").str.upper()
    people = {}
    for (name, own), _ in deliveries.dropna(subset=["code"]).groupby(["partner", "code"]):
        people[str(name)] = set(bought.loc[code == str(own).upper(), "customer_key"])
    names = sorted(name for name, keys in people.items() if len(keys) >= FEWEST_BUYERS)
    rows = []
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            both, whole = len(people[first] & people[second]), len(people[first] | people[second])
            rows.append((first, second, len(people[first]), len(people[second]), both, both / whole))
    columns = ["first", "second", "buyers_first", "buyers_second", "both", "share"]
    return pd.DataFrame(rows, columns=columns).sort_values("share", ascending=False, ignore_index=True)
