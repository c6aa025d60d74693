"""Member events rolled up once, at import: what each member did on each day of their own market."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.schema import SYSTEM_TABLES
from fanops_utils.workspace import Brand

COUNTED = {"likes": "like", "comments": "comment", "shares": "share", "buys": "buy"}


def roll_up(events: pd.DataFrame, brand: Brand) -> pd.DataFrame:
    """Return *events* (table member_events) as table fan_day; days are cut in the market's time zone, else UTC."""
    zones = {market.code: market.time_zone for market in brand.markets}
    zone = events["market"].map(zones).fillna("UTC")
    local = pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]")
    for name in zone.unique():
        here = zone == name
        local[here] = events.loc[here, "event_timestamp"].dt.tz_convert(name).dt.tz_localize(None).dt.normalize()
    columns = {name: (events["event_name"] == act).astype("int64") for name, act in COUNTED.items()}
    frame = events[["platform", "member_key", "market"]].assign(
        date_day=local, events=1, value=events["event_value"], **columns
    )
    groups = frame.groupby(["platform", "member_key", "date_day"], sort=True)
    rolled = (
        groups[["events", *COUNTED]]
        .sum()
        .assign(market=groups["market"].first(), value=groups["value"].sum(min_count=1))
    )
    return SYSTEM_TABLES["fan_day"].conform(rolled.reset_index())
