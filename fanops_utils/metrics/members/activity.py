"""Members by what they did: last act, active days, spend; from the daily roll-up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import per_member

if TYPE_CHECKING:
    import ibis

RECENT_DAYS = 28


def member_activity(fans: pd.DataFrame, active_days: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return one row per fan who joined by *as_of*: what the log says of them up to that day.

    Columns of *fans*: member_key, joined_on, acquisition; of *active_days* (table fan_day): member_key, date_day,
    value, as a frame or in the
    engine (`warehouse.fan_days`). Returned: member_key, joined_on, acquisition, last_active (null: never seen),
    active_days_28 (of the 28
    days up to *as_of*), active_days_total, spend (0 where the log holds no purchase: it is complete for members).
    """
    need(fans, "member_key", "joined_on", "acquisition")
    members = fans[["member_key", "joined_on", "acquisition"]].assign(joined_on=days(fans["joined_on"]))
    members = members[members["joined_on"] <= pd.Timestamp(as_of)].set_index("member_key")
    did = _did(active_days, as_of)
    filled = {"active_days_28": 0, "active_days_total": 0, "spend": 0.0}
    return members.assign(**{str(name): did[name] for name in did}).fillna(filled).reset_index()


def _did(active_days: pd.DataFrame | ibis.Table, as_of: date) -> pd.DataFrame:
    """Return last_active, active_days_28, active_days_total and spend by member."""
    if not isinstance(active_days, pd.DataFrame):
        counted = per_member(active_days, as_of=as_of, recent_days=RECENT_DAYS)
        return counted.rename(columns={"active_days_recent": "active_days_28"}).set_index("member_key")
    need(active_days, "member_key", "date_day", "value")
    seen = active_days.assign(date_day=days(active_days["date_day"]))
    seen = seen[seen["date_day"] <= pd.Timestamp(as_of)]
    recent = seen[seen["date_day"] > pd.Timestamp(as_of) - pd.Timedelta(days=RECENT_DAYS)]
    each = seen.groupby("member_key")
    return pd.DataFrame({
        "last_active": each["date_day"].max(),
        "active_days_28": recent.groupby("member_key")["date_day"].nunique(),
        "active_days_total": each["date_day"].nunique(),
        "spend": each["value"].sum(),
    })  # fmt: skip
