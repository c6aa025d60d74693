"""Members by what they did: last act, active days, spend; from the daily roll-up."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.metrics.columns import days, need

RECENT_DAYS = 28


def member_activity(fans: pd.DataFrame, active_days: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return one row per fan who joined by *as_of*: what the log says of them up to that day.

    Columns of *fans*: member_key, joined_on, acquisition; of *active_days* (table fan_day): member_key, date_day,
    value. Returned: member_key, joined_on, acquisition, last_active (null: never seen), active_days_28 (of the 28
    days up to *as_of*), active_days_total, spend (0 where the log holds no purchase: it is complete for members).
    """
    need(fans, "member_key", "joined_on", "acquisition")
    need(active_days, "member_key", "date_day", "value")
    seen = active_days.assign(date_day=days(active_days["date_day"]))
    seen = seen[seen["date_day"] <= pd.Timestamp(as_of)]
    recent = seen[seen["date_day"] > pd.Timestamp(as_of) - pd.Timedelta(days=RECENT_DAYS)]
    per_member = seen.groupby("member_key")
    members = fans[["member_key", "joined_on", "acquisition"]].assign(joined_on=days(fans["joined_on"]))
    members = members[members["joined_on"] <= pd.Timestamp(as_of)].set_index("member_key")
    return (
        members.assign(
            last_active=per_member["date_day"].max(),
            active_days_28=recent.groupby("member_key")["date_day"].nunique(),
            active_days_total=per_member["date_day"].nunique(),
            spend=per_member["value"].sum(),
        )
        .fillna({"active_days_28": 0, "active_days_total": 0, "spend": 0.0})
        .reset_index()
    )
