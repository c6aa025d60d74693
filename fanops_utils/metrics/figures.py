"""The figures at the head of a market's and a community's report, each with its change, judged together."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pandas as pd

from fanops_utils.metrics import folds
from fanops_utils.metrics.change import LONGEST, WINDOW, YEAR, Change, change, judged_together
from fanops_utils.metrics.columns import counts_of, days, need

SUMMED = ("engagements", "views", "profile_visits", "link_clicks")  # of days: reach is not, people return
STEP = 7


def market_changes(accounts: pd.DataFrame, mentions: pd.DataFrame, *, platform: str, brand: str) -> dict[str, Change]:
    """Return the figures of a market by name: followers, what the accounts on *platform* earned, mentions of *brand*.

    *accounts*: rows of account_daily of one market (followers of *platform*, else of the platform that counts most);
    *mentions*: date_day, brand, sentiment. "negative" is the share of the brand's labelled mentions. Judged together;
    what no file tells is left out.
    """
    need(accounts, "date_day", "platform")
    own = accounts[accounts["platform"] == platform]
    figures: dict[str, Change | None] = {"followers": _followers(accounts, platform)}
    for name in SUMMED:
        if name in own and own[name].notna().any():
            figures[name] = change(own, value=name)
    ours = mentions[mentions["brand"] == brand]
    if len(ours):
        figures["mentions"] = change(
            _each_day(days(ours["date_day"]), days(mentions["date_day"]).max(), counts_of(ours)), value="n"
        )
        labelled = ours[ours["sentiment"].notna()]
        number = counts_of(labelled).astype(float)
        negative = labelled.assign(
            negative=(labelled["sentiment"] == "negative").astype(float) * number, labelled=number
        )
        by_day = negative.groupby("date_day", as_index=False)[["negative", "labelled"]].sum()
        figures["negative"] = change(_every_day(by_day), value="negative", kind="rate", over="labelled")
    return judged_together(figures)


def followers_of(accounts: pd.DataFrame, *, platform: str, market: str) -> pd.DataFrame:
    """Return date_day, market, platform, followers_total of *platform*, or, where it tells no totals of *market*, of the one
    that does.

    *accounts*: rows of account_daily of all markets. A day that one of a market's accounts lacks is left out, not small.
    """
    need(accounts, "date_day", "platform", "market", "account_id")
    columns = ["date_day", "market", "platform", "followers_total"]
    known = (
        accounts.dropna(subset=["followers_total", "market"]) if "followers_total" in accounts else accounts.iloc[:0]
    )
    here = known.loc[known["market"] == market, "platform"].value_counts()
    if here.empty:
        return pd.DataFrame(columns=columns)
    chosen = platform if platform in here.index else str(here.index[0])
    counted = known[known["platform"] == chosen]
    keys = ["market", "platform", "date_day"]
    summed = counted.groupby(keys)["followers_total"].agg(["sum", "size"])
    whole = counted.groupby("market")["account_id"].nunique()
    full = summed["size"] >= whole.reindex(summed.index.get_level_values("market")).to_numpy()
    found = summed[full].reset_index().rename(columns={"sum": "followers_total"})
    return found[columns].astype({"followers_total": "float64"})


def member_changes(fans: pd.DataFrame, active: pd.DataFrame | ibis.Table, *, as_of: date) -> dict[str, Change]:
    """Return the figures of a community by name: members active in 28 days, members who joined in 28 days.

    *fans*: member_key, joined_on; *active* (table fan_day): member_key, date_day. Judged together.
    """
    need(fans, "member_key", "joined_on")
    until = pd.Timestamp(as_of)
    joined = days(fans["joined_on"]).dropna()
    joined = joined[joined <= until]
    figures: dict[str, Change | None] = {"active": change(_active(active, as_of), value="active", kind="last")}
    if len(joined):
        figures["joined"] = change(_each_day(joined, until), value="n")
    return judged_together(figures)


def shop_changes(orders: pd.DataFrame | ibis.Table, *, as_of: date) -> dict[str, Change]:
    """Return the figures of a shop by name: orders, revenue (after refunds), returning (share of orders). Judged together.

    *orders* (a frame, or in the engine): customer_key, date_day, total, refunded_amount, of one currency, from the first.
    """
    rows = folds.sold_by_day(orders, as_of=as_of)
    if rows.empty:
        return {}
    daily = rows.set_index("date_day").reindex(pd.date_range(rows["date_day"].min(), as_of), fill_value=0.0)
    daily = daily.rename_axis("date_day").reset_index()
    return judged_together({
        "orders": change(daily, value="orders"),
        "revenue": change(daily, value="revenue"),
        "returning": change(daily, value="returning", kind="rate", over="orders"),
    })  # fmt: skip


def _followers(accounts: pd.DataFrame, platform: str) -> Change | None:
    if "followers_total" not in accounts:
        return None
    known = accounts.dropna(subset=["followers_total"])
    if known.empty:
        return None
    counted = known["platform"].value_counts()
    chosen = platform if platform in counted.index else str(counted.index[0])
    return change(known[known["platform"] == chosen], value="followers_total", kind="last")


def _each_day(events: pd.Series, until: pd.Timestamp, number: pd.Series | None = None) -> pd.DataFrame:
    """Return how many *events* (a row may stand for a *number*) fell on each day from the first to *until*: none is zero."""
    counts = events.value_counts() if number is None else number.groupby(events).sum()
    counts = counts.reindex(pd.date_range(events.min(), until), fill_value=0)
    return pd.DataFrame({"date_day": counts.index, "n": counts.to_numpy(float)})


def _every_day(by_day: pd.DataFrame) -> pd.DataFrame:
    whole = pd.date_range(by_day["date_day"].min(), by_day["date_day"].max())
    return by_day.set_index("date_day").reindex(whole, fill_value=0.0).rename_axis("date_day").reset_index()


def _active(active: pd.DataFrame | ibis.Table, until: date) -> pd.DataFrame:
    """Return how many members were active in the 28 days to each seventh day, the last one *until*."""
    table = ibis.memtable(active[["member_key", "date_day"]]) if isinstance(active, pd.DataFrame) else active
    first = table.filter(table.date_day <= until).date_day.min().to_pandas() if len(table.columns) else None
    if first is None or pd.isna(first):
        return pd.DataFrame({"date_day": [pd.Timestamp(until)], "active": [np.nan]})
    start = max(
        pd.Timestamp(first) + pd.Timedelta(days=WINDOW - 1), pd.Timestamp(until) - pd.Timedelta(days=LONGEST + YEAR)
    )
    if start > pd.Timestamp(until):
        return pd.DataFrame({"date_day": [pd.Timestamp(until)], "active": [np.nan]})
    counted = folds.actives(table, start=start.date(), end=until, windows={"active": WINDOW})
    weekly = counted.iloc[::-1].iloc[::STEP].iloc[::-1]
    return weekly.astype({"active": float}).reset_index(drop=True)
