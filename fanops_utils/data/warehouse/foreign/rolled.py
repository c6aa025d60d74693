"""Member events rolled up where they lie, for a warehouse that keeps no table fan_day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis

COUNTED = {"likes": "like", "comments": "comment", "shares": "share", "buys": "buy"}


def fan_days_of(events: ibis.Table) -> ibis.Table:
    """Return table fan_day as the roll-up of *events*, for a warehouse that keeps none: as an import counts it."""
    acts = {name: (events.event_name == act).fill_null(False).cast("int64").sum() for name, act in COUNTED.items()}
    return events.group_by("platform", "member_key", "date_day").agg(
        market=events.market.min(), events=events.count(), **acts, value=events.event_value.sum()
    )
