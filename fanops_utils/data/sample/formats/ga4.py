"""Visits of the web site, as explorations of Google Analytics export them: a file per quarter, newest day first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar
from fanops_utils.data.sample.formats.files import RawFile
from fanops_utils.data.sample.people.shop import PER_EURO
from fanops_utils.data.sample.worlds.channels.daily import log_activity
from fanops_utils.data.sample.worlds.channels.web import WebTruth
from fanops_utils.workspace import Campaign

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

# Channel group, source, medium, campaign; the share of usual visits.
CHANNELS: dict[tuple[str, str, str, str], float] = {
    ("Organic Search", "google", "organic", "(organic)"): 0.42,
    ("Direct", "(direct)", "(none)", "(direct)"): 0.31,
    ("Organic Social", "l.instagram.com", "referral", "(referral)"): 0.19,
    ("Email", "newsletter", "email", "weekly"): 0.08,
}
LINKS = {("Organic Social", "instagram", "social"): 0.65, ("Paid Social", "instagram", "paid"): 0.35}
SPLITS = ["Session default channel group", "Session source", "Session medium", "Session campaign"]
METRICS = ["Sessions", "Engaged sessions", "Key events", "Total revenue"]
COLUMNS = ["Date", *SPLITS, "Country", *METRICS]


def ga4_files(setting: Setting) -> list[RawFile]:
    """Return the visits of all markets since the first day that explorations still hold (fourteen months)."""
    rows = pd.concat(list(visits(setting)), ignore_index=True)
    rows = rows.sort_values(["Date", "Country", "Sessions"], ascending=[False, True, False], kind="stable")
    files = []
    for _, part in rows.groupby(pd.to_datetime(rows["Date"]).dt.to_period("Q"), sort=True):
        days = f"{part['Date'].min()}-{part['Date'].max()}"
        content = exploration(part, setting.workspace.brand.name, days)
        files.append(RawFile(f"ga4/Free_form_{days}.csv", "ga4", len(part), content))
    return files


def visits(setting: Setting) -> Iterator[pd.DataFrame]:
    """Yield the rows of each market: visits by day and channel, the shop's orders as key events, their worth in euro.

    A campaign's links carry part of the visits of its live days, those that it brought and some that would have come
    by another way: what is counted under its name is not its effect.
    """
    truth, workspace, orders = setting.truths.web, setting.workspace, setting.sales.orders
    days = calendar()[calendar() >= pd.Timestamp(truth.first_day)]
    for code in workspace.markets:
        rng, market = setting.rng(f"visits {code}"), workspace.market(code)
        level = truth.visits_per_reach * setting.market(code).reach
        activity = log_activity(setting, code, "visits")[-len(days) :]
        campaigns = [one for one in workspace.campaigns.values() if code in one.treated]
        total = rng.poisson(level * np.exp(activity) * _lift(truth, campaigns, days))
        ways, shares = _ways(truth, campaigns, days)
        counts = np.vstack([rng.multinomial(number, share) for number, share in zip(total, shares, strict=True)])
        local = orders.loc[orders["market"] == code, ["created", "total"]]
        place = days.get_indexer(local["created"].dt.tz_convert(market.time_zone).dt.tz_localize(None).dt.normalize())
        seen, paid = place[place >= 0], local["total"].to_numpy(dtype=float)[place >= 0]
        came = np.array([rng.choice(len(ways), p=shares[day]) for day in seen], dtype="int64")
        bought, worth = np.zeros(counts.shape, dtype="int64"), np.zeros(counts.shape)
        np.add.at(bought, (seen, came), 1)
        np.add.at(worth, (seen, came), paid / PER_EURO[market.currency])
        counts = np.maximum(counts, bought)
        engaged = np.maximum(rng.binomial(counts, truth.engaged_share), bought)
        table = pd.MultiIndex.from_product([days.strftime("%Y%m%d"), ways], names=["Date", "way"]).to_frame(index=False)
        table[SPLITS] = table.pop("way").tolist()
        table = table.assign(Country=market.name, Sessions=counts.ravel(), **{"Engaged sessions": engaged.ravel()})
        table = table.assign(**{"Key events": bought.ravel(), "Total revenue": worth.ravel().round(2)})
        yield table.loc[table["Sessions"] > 0, COLUMNS]


def _lift(truth: WebTruth, campaigns: list[Campaign], days: pd.DatetimeIndex) -> np.ndarray:
    lift = np.ones(len(days))
    for one in campaigns:
        lift[_live(one, days)] *= dict(truth.campaign_lifts).get(one.id, 1.0)
    return lift


def _ways(
    truth: WebTruth, campaigns: list[Campaign], days: pd.DatetimeIndex
) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Return the ways to the site, and per day the share of the visits that come by each."""
    ways: list[tuple[str, ...]] = list(CHANNELS)
    columns = [np.full(len(days), share) for share in CHANNELS.values()]
    for one in campaigns:
        for name in one.utm[:1]:
            linked = np.where(_live(one, days), truth.linked_share, 0.0)
            columns = [share * (1 - linked) for share in columns]
            ways += [(*way, name) for way in LINKS]
            columns += [linked * share for share in LINKS.values()]
    return ways, np.column_stack(columns)


def _live(campaign: Campaign, days: pd.DatetimeIndex) -> np.ndarray:
    return (days >= pd.Timestamp(campaign.live.start)) & (days <= pd.Timestamp(campaign.live.end))


def exploration(rows: pd.DataFrame, name: str, days: str) -> bytes:
    """Return *rows* as an exploration exports them: comment lines, header, totals with one cell more, rows."""
    line = "# ----------------------------------------"
    sums = rows[METRICS].sum()
    totals = ",".join(
        ["," * (len(SPLITS) + 1), *(f"{sums[one]:.2f}".removesuffix(".00") for one in METRICS), "Grand total"]
    )
    top = [line, f"# {name}", "# Free form-Free form 1", f"# {days}", line, "", ",".join(rows.columns), totals]
    body = rows.to_csv(index=False, header=False, lineterminator="\n", float_format="%.2f")
    return ("\n".join(top) + "\n" + body).encode()
