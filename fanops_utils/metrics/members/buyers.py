"""Members as buyers: what they were like in their first weeks, and whether they ordered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import bought_within, days_after

if TYPE_CHECKING:
    import ibis

FIRST = 28
ACTIVITY = ("0", "1-3", "4-9", "10+")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def newcomers(
    fans: pd.DataFrame,
    active_days: pd.DataFrame | ibis.Table,
    orders: pd.DataFrame | ibis.Table,
    inviters: pd.Series,
    *,
    as_of: date,
    within: int = 90,
) -> pd.DataFrame:
    """Return one row per member who joined at least *within* days before *as_of*: attributes, and bought (true or false).

    *fans*: member_key, customer_key, joined_on, acquisition, role; *active_days* (a frame, or in the engine):
    member_key, date_day; *orders* (likewise): customer_key, date_day, total, refunded_amount; *inviters*: keys of
    members who invited somebody. acquisition, role, activity (active days in the first 28, in classes), invited_others,
    weekday (of joining); bought: an order within so many days of joining. Activity and orders of the first weeks
    overlap in time: it goes with buying, it does not come before it.
    """
    need(fans, "member_key", "customer_key", "joined_on", "acquisition", "role")
    ripe = fans.assign(joined=days(fans["joined_on"])).dropna(subset=["joined"])
    ripe = ripe[ripe["joined"] <= pd.Timestamp(as_of) - pd.Timedelta(days=within)]
    if ripe.empty:
        return pd.DataFrame(
            columns=["member_key", "acquisition", "role", "activity", "invited_others", "weekday", "bought"]
        )
    often = days_after(active_days, ripe.rename(columns={"joined": "since"}), first=1, last=FIRST)
    bought = bought_within(orders, ripe.rename(columns={"joined": "since"}), last=within)["orders"] > 0
    place = np.digitize(often.to_numpy(float), [1, 4, 10])
    return pd.DataFrame({
        "member_key": ripe["member_key"],
        "acquisition": ripe["acquisition"], "role": ripe["role"],
        "activity": np.array(ACTIVITY)[place],
        "invited_others": np.where(ripe["member_key"].isin(set(inviters.dropna())), "yes", "no"),
        "weekday": np.array(WEEKDAYS)[ripe["joined"].dt.day_of_week],
        "bought": ripe["member_key"].isin(set(ripe.loc[bought, "member_key"])),
    })  # fmt: skip
