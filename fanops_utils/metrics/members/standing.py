"""Members by stage or tier: how many, what they did, what they spent; how they came."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import buyers, days_within, points_issued
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.metrics.members.hours import FEWEST_THERE, busy_hours, hours_together

if TYPE_CHECKING:
    import ibis

YEAR = 365
ABLE, QUARTER = 4, 91
TENURES = ("first_quarter", "first_year", "longer")


def member_spend(fans: pd.DataFrame, orders: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.Series:
    """Return what each member has spent after refunds, by member_key; those without a linked shop account are not in it.

    *fans*: member_key, customer_key; *orders* (a frame, or in the engine): customer_key, date_day, total,
    refunded_amount, of one currency. Without any order nobody's spend is known, and nobody is in it.
    """
    need(fans, "member_key", "customer_key")
    each = buyers(orders, as_of=as_of).set_index("customer_key")["spent"]
    linked = fans.dropna(subset=["customer_key"]).drop_duplicates("member_key").set_index("member_key")["customer_key"]
    linked = linked if len(each) else linked[:0]
    return linked.astype("string").map(each).astype(float).fillna(0.0).rename("spend")


def value_by(members: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return per value of *column* (stage, tier): members, estimate with ci_lower and ci_upper (share of all), n, buyers, spend,
    spend_share, per_buyer. *members*: *column*, spend (null: no linked account, not zero; where it is null
    throughout, buyers and spend are null too)."""
    need(members, column, "spend")
    groups = members.groupby(column, observed=False)
    counts = groups.size()
    frame = wilson_frame(counts, pd.Series(len(members), index=counts.index))
    spend = groups["spend"].sum()
    buyers = members[members["spend"] > 0].groupby(column, observed=False).size().reindex(counts.index, fill_value=0)
    if members["spend"].isna().all():
        buyers = spend = pd.Series(np.nan, index=counts.index)
    total = float(spend.sum())
    frame = frame.assign(members=counts, buyers=buyers, spend=spend, spend_share=spend / total if total else np.nan,
                         per_buyer=(spend / buyers).where(buyers > 0))  # fmt: skip
    return frame.rename_axis(column).reset_index()


def composition(snapshot: pd.DataFrame, *, dimension: str) -> pd.DataFrame:
    """Return the newest composition of the followers of each platform: platform, segment, share. *snapshot*: audience_snapshot."""
    need(snapshot, "platform", "snapshot_at", "dimension", "segment", "share")
    rows = snapshot[(snapshot["dimension"] == dimension) & snapshot["share"].notna()]
    newest = rows.groupby("platform")["snapshot_at"].transform("max")
    return rows[rows["snapshot_at"] == newest][["platform", "segment", "share"]].reset_index(drop=True)


def personas(members: pd.DataFrame, hours: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a card per value of *column*: members, active_share (of active days), spend_share, busy, own_hours, way, lift.

    busy: the hours clearly above the others (`busy_hours`); own_hours: whether they are their own, else those of all, as
    their hours do not clearly differ; way: the way of joining they have most above the whole; lift: how many times as often as
    among all members. Values of fewer than ten members have no card.
    """
    need(members, column, "active_days_28", "acquisition", "spend")
    rows, whole = [], members["acquisition"].value_counts(normalize=True)
    together = hours_together(hours[hours["n"] >= FEWEST_THERE])
    days_all, spend_all = float(members["active_days_28"].sum()), float(members["spend"].sum())
    for name, part in members.groupby(column, observed=True):
        if len(part) < 10:
            continue
        common = part["acquisition"].value_counts()
        common = common[common >= 10]
        lift = (common / len(part) / whole.reindex(common.index)).sort_values(ascending=False)
        mine = hours[hours[column] == name]
        own = bool(mine["apart"].any())
        rows.append({
            column: name, "members": len(part),
            "active_share": float(part["active_days_28"].sum()) / days_all if days_all else np.nan,
            "spend_share": float(part["spend"].sum(min_count=1)) / spend_all if spend_all else np.nan,
            "busy": busy_hours(mine if own else together), "own_hours": own,
            "way": str(lift.index[0]) if len(lift) else "", "lift": float(lift.iloc[0]) if len(lift) else np.nan,
        })  # fmt: skip
    return pd.DataFrame(
        rows, columns=[column, "members", "active_share", "spend_share", "busy", "own_hours", "way", "lift"]
    )


def rewards_by(members: pd.DataFrame, bookings: pd.DataFrame | ibis.Table, column: str) -> pd.DataFrame:
    """Return how rewards fall on members: *column*, members, rewarded, estimate, ci_lower, ci_upper (ever rewarded), n, share.

    *members*: member_key, *column*; *bookings* (table points): member_key, kind, points. share: of all points issued.
    """
    issued = points_issued(bookings)
    got = members["member_key"].astype("string").map(issued).fillna(0.0).astype(float)
    rows = members.assign(got=got, rewarded=got > 0)
    each = rows.groupby(column, observed=True).agg(
        members=("got", "size"), rewarded=("rewarded", "sum"), got=("got", "sum")
    )
    rates = wilson_frame(each["rewarded"].astype("int64"), each["members"])
    total = float(got.sum())
    share = each["got"] / total if total else each["got"] * np.nan
    return each[["members", "rewarded"]].join(rates).assign(share=share).reset_index()


def rewards_beside(
    fans: pd.DataFrame, active_days: pd.DataFrame | ibis.Table, bookings: pd.DataFrame | ibis.Table, *, as_of: date
) -> pd.DataFrame:
    """Return how rewards fall on members who could earn them (active on four days or more in 91), by several columns at once.

    *fans*: member_key, market, joined_on; *active_days* (a frame, or in the engine): member_key, date_day; *bookings* as in
    `rewards_by`; all of all markets. Returned: column (eligible: all of them; tenure; market), value and the columns of
    `rewards_by`.
    """
    need(fans, "member_key", "market", "joined_on")
    often = days_within(active_days, start=as_of - timedelta(days=QUARTER - 1), end=as_of)
    often = often.set_axis(often.index.astype("string"))
    able = fans[fans["member_key"].astype("string").map(often).fillna(0) >= ABLE].drop_duplicates("member_key")
    tenure = (pd.Timestamp(as_of) - days(able["joined_on"])).dt.days
    old = np.select([tenure <= QUARTER, tenure < YEAR], TENURES[:2], TENURES[2])
    able = able.assign(eligible="eligible", tenure=pd.Categorical(old, categories=TENURES, ordered=True))
    parts = []
    for column in ("eligible", "tenure", "market") if len(able) else ():
        found = rewards_by(able, bookings, column)
        parts.append(found.rename(columns={column: "value"}).assign(column=column).astype({"value": "string"}))
    columns = ["column", "value", "members", "rewarded", "estimate", "ci_lower", "ci_upper", "n", "share"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
