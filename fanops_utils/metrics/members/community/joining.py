"""Who comes in and stays: retention in its three definitions from the catalogue, and what screening let through."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days as day_of
from fanops_utils.metrics.members.retention import retention

if TYPE_CHECKING:
    import ibis

DAYS = (1, 7, 30)
RECENT = 180


def new_against_old(
    fans: pd.DataFrame, days: pd.DataFrame | ibis.Table, *, as_of: date, recent: int = RECENT
) -> pd.DataFrame:
    """Return D1, D7, D30 (seen on that very day) of who joined in the last *recent* days and of who joined before.

    Columns: day, cohort (recent, before), retained, estimate, ci_lower, ci_upper, n. Only members whose day is over.
    *fans*: member_key, joined_on; *days*: member_key, date_day.
    """
    since = pd.Timestamp(as_of - timedelta(days=recent))
    joined = day_of(fans["joined_on"])
    parts = []
    for cohort, mine in (("recent", joined > since), ("before", joined <= since)):
        for day in DAYS:
            found = retention(fans[mine], days, day=day, as_of=as_of)
            parts.append(found.assign(cohort=cohort, day=day))
    columns = ["day", "cohort", "retained", "estimate", "ci_lower", "ci_upper", "n"]
    return pd.concat(parts, ignore_index=True)[columns]


def screening(fans: pd.DataFrame, days: pd.DataFrame | ibis.Table, *, as_of: date) -> pd.DataFrame:
    """Return per answer of the screening on joining: screening, members, share, and who of them was seen from day 7 on.

    Columns of *fans*: member_key, joined_on, screening (null: not screened). Returned besides: retained, estimate,
    ci_lower, ci_upper, n (members seven days or longer).
    """
    asked = fans.assign(screening=fans["screening"].fillna("not screened"))
    counts = asked["screening"].value_counts()
    table = retention(asked, days, day=7, kind="unbounded", as_of=as_of, by="screening")
    table["members"] = table["screening"].map(counts).astype("int64")
    table["share"] = table["members"] / max(1, len(asked))
    return table.sort_values("members", ascending=False, ignore_index=True)


def goals(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return the goals of the first three months against the three months before: goal, before, now, change, wanted,
    reached.

    Columns of *monthly* (blocks of 28 days, the last six, oldest first): members, messages_each, activities (a week).
    Goals of the plans: members +30 %, messages per member +50 %, two to three themed activities a week (no change:
    wanted is 2). reached is hit, miss, or "cannot tell" where a side is not known.
    """
    rows = []
    last, first = monthly.tail(3), monthly.iloc[-6:-3]
    known = len(first) == 3
    for goal, wanted in (("members", 0.30), ("messages_each", 0.50)):
        if goal == "members":
            before = float(first[goal].iloc[-1]) if known else np.nan
            now = float(last[goal].iloc[-1]) if len(last) else np.nan
        else:
            before = float(first[goal].mean()) if known else np.nan
            now = float(last[goal].mean()) if len(last) else np.nan
        change = now / before - 1 if before > 0 else np.nan
        rows.append((goal, before, now, change, wanted, _reached(change, wanted)))
    pace = float(last["activities"].mean()) if len(last) else np.nan
    before = float(first["activities"].mean()) if known else np.nan
    rows.append(("activities", before, pace, np.nan, 2.0, _reached(pace, 2.0)))
    return pd.DataFrame(rows, columns=["goal", "before", "now", "change", "wanted", "reached"])


def _reached(value: float, wanted: float) -> str:
    return "cannot tell" if not np.isfinite(value) else "hit" if value >= wanted else "miss"


def months_of(fans: pd.DataFrame, weekly: pd.DataFrame, activities: pd.DataFrame, *, end: date) -> pd.DataFrame:
    """Return the last six blocks of 28 days to *end*, oldest first, for `goals`: members, messages_each, activities a
    week.

    Columns of *fans*: joined_on, left_on; of *weekly* (`talk_by_week` to *end*): active, messages; of *activities*:
    date_day. A block without talk or activities in the export at all is NaN: missing is not zero.
    """
    joined, left, held = day_of(fans["joined_on"]), day_of(fans["left_on"]), day_of(activities["date_day"])
    rows = []
    for back in range(5, -1, -1):
        last = pd.Timestamp(end) - pd.Timedelta(days=28 * back)
        inside = int(((joined <= last) & (left.isna() | (left > last))).sum())
        weeks = (
            weekly.iloc[len(weekly) - 4 * (back + 1) : len(weekly) - 4 * back]
            if len(weekly) >= 4 * (back + 1)
            else weekly[:0]
        )
        each = (
            weeks["messages"].sum() / weeks["active"].sum()
            if weeks["active"].sum() and weekly["messages"].sum()
            else np.nan
        )
        pace = float(held.between(last - pd.Timedelta(days=27), last).sum() / 4) if len(held) else np.nan
        rows.append((inside if inside else np.nan, each, pace))
    return pd.DataFrame(rows, columns=["members", "messages_each", "activities"])
