"""Steps one after the other: what the invited do, and from sign-up over the event to review and order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.folds import days_after, first_days

if TYPE_CHECKING:
    import ibis

FIRST_WEEK = 7


def ladder(
    referrals: pd.DataFrame, days: pd.DataFrame | ibis.Table, *, as_of: pd.Timestamp, within: int = 60
) -> pd.DataFrame:
    """Return how far invitations get: step, members. Steps: sent, joined, stayed (seen from day 7 on), ordered.

    Columns of *referrals*: invited_key, invited_on, accepted_on, ordered_on; of *days* (a frame, or in the engine):
    member_key, date_day. Only invitations sent *within* days or longer before *as_of* count, so that each had its time.
    """
    ripe = referrals[referrals["invited_on"] + pd.Timedelta(days=within) <= as_of]
    joined = ripe.dropna(subset=["accepted_on"])
    starts = joined.rename(columns={"invited_key": "member_key", "accepted_on": "since"})[["member_key", "since"]]
    stayed = days_after(days, starts, first=FIRST_WEEK) > 0
    here = joined["invited_key"].isin(joined.loc[stayed, "invited_key"])
    ordered = here & joined["ordered_on"].notna()
    counts = [len(ripe), len(joined), int(here.sum()), int(ordered.sum())]
    return pd.DataFrame({"step": ["sent", "joined", "stayed", "ordered"], "members": counts})


def event_loop(
    events: pd.DataFrame | ibis.Table, orders: pd.DataFrame | ibis.Table, *, as_of: pd.Timestamp, within: int = 30
) -> pd.DataFrame:
    """Return how far a sign-up gets: step (sign_up, attend, review, order), members; of one activity each, in this order.

    Columns of *events* (a frame, or in the engine): member_key, subject, event_name, date_day; of *orders* (likewise):
    member_key, date_day. A sign-up counts once per member and activity; the order is one *within* days after the review. Sign-ups
    younger than that are left out.
    """
    at = first_days(events, ["sign_up", "attend", "review"])
    at = at[at["sign_up"].notna() & (at["sign_up"] + pd.Timedelta(days=within) <= as_of)]
    came = at["attend"] >= at["sign_up"]
    told = came & (at["review"] >= at["attend"])
    reviewed = at[told].rename(columns={"review": "since"})
    bought = days_after(orders, reviewed, last=within) > 0
    counts = [len(at), int(came.sum()), int(told.sum()), int(bought.sum())]
    return pd.DataFrame({"step": ["sign_up", "attend", "review", "order"], "members": counts})


def seeds(activity: pd.DataFrame, reach: pd.DataFrame, *, best: int = 20) -> pd.DataFrame:
    """Return members to begin with: member_key, score, active_days_28, brought, replies, spend; best first.

    The score is the mean of three ranks from 0 to 1: active days of the last 28, reach (people brought, replies
    caused), fit (spend; whoever bought nothing ranks last). Columns of *activity*: member_key, active_days_28, spend; of
    *reach*: member_key, brought, replies. Whoever was not active in 28 days is left out.
    """
    table = activity[activity["active_days_28"] > 0].merge(reach, on="member_key", how="left")
    table = table.fillna({"brought": 0, "replies": 0})
    if table.empty:
        return table.assign(score=pd.Series(dtype=float))
    rank = (
        table["active_days_28"].rank(pct=True)
        + (np.log1p(table["brought"]) + np.log1p(table["replies"])).rank(pct=True)
        + table["spend"].rank(pct=True)
    ) / 3
    columns = ["member_key", "score", "active_days_28", "brought", "replies", "spend"]
    found = table.assign(score=rank).sort_values("score", ascending=False, kind="stable").head(best)
    return found[columns].reset_index(drop=True)


def reach_of(talk: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """Return member_key, replies (drawn, of `writers`) and brought (invitations taken up) of everybody who has either."""
    taken = referrals[referrals["accepted_at"].notna() & (referrals["invited_key"] != referrals["inviter_key"])]
    brought = taken["inviter_key"].value_counts().rename("brought")
    replies = talk.groupby("member_key")["replies"].sum()
    both = pd.concat([replies, brought], axis=1).fillna(0).astype("int64")
    return both.rename_axis("member_key").reset_index()
