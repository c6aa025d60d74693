"""Where members and followers come from and what they do later; a source nobody knows stands by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.columns import days as day_of
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.metrics.members.retention import retention

if TYPE_CHECKING:
    import ibis

UNKNOWN = "unknown"
MAY_BE_BOT = "bot"  # part of what screening writes for an account it suspects


def members_by_source(fans: pd.DataFrame, days: pd.DataFrame | ibis.Table, *, start: date, end: date) -> pd.DataFrame:
    """Return per way of joining: source, joined, share, before, suspected, estimate, ci_lower, ci_upper, n.

    Members who joined from *start* to *end* and, as before, in as many days up to *start*. suspected: accounts that
    the screening suspects to be bots. The estimate is the share seen on day 30 or later, of all members who have had
    it by *end*. Columns of *fans*: member_key, joined_on, acquisition (null: source "unknown", never spread over the
    others), screening.
    """
    known = fans.assign(source=fans["acquisition"].fillna(UNKNOWN), joined=day_of(fans["joined_on"]))
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    inside = known[known["joined"].between(first, last)]
    earlier = known[known["joined"].between(first - (last - first) - timedelta(days=1), first - timedelta(days=1))]
    bots = inside[inside["screening"].fillna("").str.contains(MAY_BE_BOT)]
    table = pd.DataFrame({"joined": inside["source"].value_counts()})
    table["share"] = table["joined"] / max(1, len(inside))
    table["before"] = earlier["source"].value_counts().reindex(table.index).fillna(0).astype("int64")
    table["suspected"] = bots["source"].value_counts().reindex(table.index).fillna(0).astype("int64")
    kept = retention(known, days, day=30, kind="unbounded", as_of=end, by="source").set_index("source")
    table = table.join(kept[["retained", "estimate", "ci_lower", "ci_upper", "n"]])
    return table.rename_axis("source").sort_values("joined", ascending=False, kind="stable").reset_index()


def followers_by_source(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return per source of the ledger: source, gained, share. Columns: source, followers_gained; unknown is a source
    of its own.
    """
    gained = ledger.groupby(ledger["source"].fillna(UNKNOWN))["followers_gained"].sum().astype("int64")
    table = gained.rename("gained").rename_axis("source").sort_values(ascending=False, kind="stable").reset_index()
    return table.assign(share=table["gained"] / max(1, int(table["gained"].sum())))


def size_and_quality(fans: pd.DataFrame, active: pd.DataFrame) -> pd.DataFrame:
    """Return by week of *active*: date_day, members, mau, active_share, suspects_share: size beside quality.

    Columns of *fans*: joined_on, left_on, screening; of *active*: date_day (last days of weeks), mau.
    """
    joined, left = day_of(fans["joined_on"]), day_of(fans["left_on"])
    bots = fans["screening"].fillna("").str.contains(MAY_BE_BOT)
    rows = []
    for day, mau in zip(active["date_day"], active["mau"], strict=True):
        inside = (joined <= day) & (left.isna() | (left > day))
        members = int(inside.sum())
        rows.append(
            (
                day,
                members,
                int(mau),
                min(1.0, mau / members) if members else float("nan"),
                float(bots[inside].mean()) if members else float("nan"),
            )
        )
    return pd.DataFrame(rows, columns=["date_day", "members", "mau", "active_share", "suspects_share"])


def reasons_for_leaving(fans: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """Return why members left: reason, n, estimate, ci_lower, ci_upper; how many left, and how many gave a reason.

    Columns of *fans*: left_at, leave_reason; several reasons may stand in one cell, divided by ";": shares then add
    up to more than one. Shares are of those who gave a reason.
    """
    gone = fans[fans["left_at"].notna()]
    given = gone["leave_reason"].dropna()
    each = given.str.split(";").explode().str.strip()
    counts = each[each != ""].groupby(level=0).unique().explode().value_counts()
    table = counts.rename("given").rename_axis("reason").reset_index()
    table = table.join(wilson_frame(table["given"], pd.Series(len(given), index=table.index)))
    return table, len(gone), len(given)
