"""Where followers are against where orders go, and groups of followers against the platform's own users."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.members.standing import composition

BASE = "all"  # account_id under which a mapping brings the platform's own users


def places_against_orders(
    snapshot: pd.DataFrame, orders: pd.Series, *, names: Mapping[str, str], accounts: frozenset[str]
) -> pd.DataFrame:
    """Return per country: place (its name), share (of the followers of *accounts*, by their size), orders, orders_share.

    *snapshot*: audience_snapshot (dimensions country and total); *orders*: orders by country code, of a year; *names*: what
    a country code is called in the platforms' exports. Accounts without a total count alike. Largest share first; countries
    with neither are left out.
    """
    need(snapshot, "account_id", "dimension", "segment", "share", "count", "snapshot_at")
    own = snapshot[snapshot["account_id"].isin(accounts)]
    own = own[own["snapshot_at"] == own.groupby("account_id")["snapshot_at"].transform("max")]
    totals = own[own["dimension"] == "total"].groupby("account_id")["count"].max().astype(float)
    rows = own[(own["dimension"] == "country") & own["share"].notna()]
    weight = rows["account_id"].map(totals).astype(float)
    weight = weight.fillna(totals.mean() if len(totals) else 1.0)
    if rows.empty or not weight.sum():
        return pd.DataFrame(columns=["place", "share", "orders", "orders_share"])
    every = float(weight.groupby(rows["account_id"]).first().sum())
    share = (rows["share"].astype(float) * weight).groupby(rows["segment"].astype(str)).sum() / every
    bought = orders.groupby(orders.index.map(lambda code: names.get(str(code), str(code)))).sum()
    table = pd.DataFrame({"share": share, "orders": bought}).fillna({"orders": 0})
    table["orders_share"] = table["orders"] / float(bought.sum()) if bought.sum() else float("nan")
    table = table.astype({"orders": "int64"}).sort_values("share", ascending=False, na_position="last")
    return table.rename_axis("place").reset_index()


def against_base(snapshot: pd.DataFrame, own: pd.DataFrame, *, dimension: str) -> pd.DataFrame:
    """Return groups of followers against the platform's own users: platform, segment, share, base, times (share over base).

    *snapshot*: audience_snapshot with rows of the account `all`, which a mapping of the platform's figures brings; *own*:
    `composition` of the own accounts in *dimension*. Empty where there are none.
    """
    base = composition(snapshot[snapshot["account_id"] == BASE], dimension=dimension)
    both = own.merge(base.rename(columns={"share": "base"}), on=["platform", "segment"])
    both = both[both["base"].astype(float) > 0]
    return both.assign(times=both["share"].astype(float) / both["base"].astype(float)).reset_index(drop=True)
