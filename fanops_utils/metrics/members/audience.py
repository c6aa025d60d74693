"""Who a campaign reached in the community: members who came during it, those who were there, and who stayed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import days_within
from fanops_utils.metrics.folds.tables import as_table, people_table
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.metrics.members.retention import retention
from fanops_utils.workspace.register import Period

if TYPE_CHECKING:
    import ibis

WINDOWS = ("before", "campaign")
FOLLOWED = 14


def campaign_audience(
    fans: pd.DataFrame, active_days: pd.DataFrame | ibis.Table, *, live: Period, level: float = 0.95
) -> pd.DataFrame:
    """Return who was active in the campaign and in the days of the same length before it: new, or there already.

    Columns of *fans*: member_key, joined_on; of *active_days* (a frame, or in the engine): member_key,
    date_day. Returned, one row per window (before, campaign): window, start, end, joined, active, active_new (joined
    within the window), estimate, ci_lower, ci_upper (share of the active who are new; Wilson), n, active_days_each (per
    active member).
    """
    need(fans, "member_key", "joined_on")
    joined = fans.assign(day=days(fans["joined_on"])).set_index(fans["member_key"].astype("string"))["day"]
    rows = []
    for window, period in zip(WINDOWS, (_before(live), live), strict=True):
        start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
        active = days_within(active_days, start=period.start, end=period.end)
        new = joined.reindex(active.index).between(start, end)
        each = float(active.sum()) / len(active) if len(active) else np.nan
        rows.append(
            (window, period.start, period.end, int(joined.between(start, end).sum()), len(active), int(new.sum()), each)
        )
    columns = ["window", "start", "end", "joined", "active", "active_new", "active_days_each"]
    table = pd.DataFrame(rows, columns=columns)
    return table.join(wilson_frame(table["active_new"], table["active"], level=level))


def stayed(
    fans: pd.DataFrame,
    active_days: pd.DataFrame | ibis.Table,
    *,
    live: Period,
    as_of: date,
    after: tuple[int, ...] = (7, 30),
    level: float = 0.95,
) -> pd.DataFrame:
    """Return who of those that joined in the campaign, and of those that joined before it, came back.

    `retention` on day N or later, N in *after*, for members who joined in the live days and in the same number of days
    before. Earlier members had longer to come back, so each is followed for the same time, to day N + 14; who has not
    had it by *as_of* is immature and left out. Columns: window, day, kind, retained, estimate, ci_lower, ci_upper, n,
    n_immature.
    """
    need(fans, "member_key", "joined_on")
    joined = days(fans["joined_on"])
    parts = []
    for window, period in zip(WINDOWS, (_before(live), live), strict=True):
        cohort = fans[joined.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
        for day in after:
            found = retention(_followed(cohort, day, as_of), _within(cohort, active_days, day), day=day,
                              kind="unbounded", as_of=as_of, level=level)  # fmt: skip
            found["n_immature"] = len(cohort) - found["n"]
            parts.append(found.assign(window=window))
    table = pd.concat(parts, ignore_index=True)
    return table[["window", *(name for name in table if name != "window")]]


def _followed(cohort: pd.DataFrame, day: int, as_of: date) -> pd.DataFrame:
    """Return the members whose N + 14 days are over."""
    return cohort[days(cohort["joined_on"]) + pd.Timedelta(days=day + FOLLOWED) <= pd.Timestamp(as_of)]


def _within(cohort: pd.DataFrame, active_days: pd.DataFrame | ibis.Table, day: int) -> ibis.Table:
    """Return the active days of *cohort* up to N + 14 days after joining."""
    table, people = as_table(active_days), cohort[["member_key", "joined_on"]]
    joined = people_table(people.rename(columns={"joined_on": "since"}))
    own = table.inner_join(joined, "member_key")
    return own.filter(own.date_day.delta(own.since, unit="day") <= day + FOLLOWED).select("member_key", "date_day")


def _before(live: Period) -> Period:
    return Period(start=live.start - timedelta(days=live.days), end=live.start - timedelta(days=1))
