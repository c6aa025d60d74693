"""From partners' public posts into the community: who used a code, who of them is a member, joined after it, and stayed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.columns import days as day_of
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.folds import buyers_by_code, days_after
from fanops_utils.metrics.intervals import wilson_frame

if TYPE_CHECKING:
    import ibis

KEPT_FROM = 30
COUNTS = ["people", "members", "after", "ripe", "kept"]


def joined_by_code(
    orders: pd.DataFrame | ibis.Table,
    fans: pd.DataFrame,
    active: pd.DataFrame | ibis.Table,
    codes: Collection[str],
    *,
    as_of: date,
) -> pd.DataFrame:
    """Return per code who came through it: code, people, members, after, ripe, kept, estimate, ci_lower, ci_upper, n.

    people: customers with an order under the code; members: those of them known in the community by a linked account; after:
    members who joined on the day of their first such order or later; ripe: members who have had 30 days since; kept: seen on
    day 30 after it or later; the estimate is kept of ripe (Wilson). The row "" holds all codes, each person once.
    Columns of *orders*: customer_key, date_day, discount_code, total, refunded_amount; of *fans*: member_key, customer_key,
    joined_on; of *active*: member_key, date_day.
    """
    need(fans, "member_key", "customer_key", "joined_on")
    used = buyers_by_code(orders, codes).dropna(subset=["customer_key"])
    if used.empty:
        return pd.DataFrame(columns=["code", *COUNTS, "estimate", "ci_lower", "ci_upper", "n"])
    linked = fans.dropna(subset=["customer_key"]).drop_duplicates("customer_key").astype({"customer_key": "string"})
    joined = linked.set_index("customer_key")
    every = used.sort_values("first").drop_duplicates("customer_key").assign(code="")
    rows = pd.concat([every, used], ignore_index=True)
    known = rows["customer_key"].astype("string")
    rows = rows.assign(
        member_key=known.map(joined["member_key"]),
        joined_on=day_of(known.map(joined["joined_on"])),
        since=rows["first"],
    )
    inside = rows["member_key"].notna()
    ripe = inside & (rows["since"] + pd.Timedelta(days=KEPT_FROM) <= pd.Timestamp(as_of))
    seen = days_after(active, rows.loc[ripe, ["member_key", "since"]], first=KEPT_FROM) > 0
    told = rows.assign(
        people=1, members=inside.astype(int), after=(inside & (rows["joined_on"] >= rows["since"])).astype(int),
        ripe=ripe.astype(int), kept=seen.reindex(rows.index, fill_value=False).astype(int),
    )  # fmt: skip
    table = told.groupby("code", sort=True)[COUNTS].sum().astype("int64").reset_index()
    return table.join(wilson_frame(table["kept"], table["ripe"]))
