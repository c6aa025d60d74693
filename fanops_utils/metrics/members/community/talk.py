"""Talk: who writes, what it causes, in which groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days as day_of

if TYPE_CHECKING:
    import ibis

INACTIVE_DAYS = 60


def writers(messages: ibis.Table, *, halves_at: date | None = None) -> pd.DataFrame:
    """Return one row per writer: member_key, messages, threads, answers, replies (caused by others), repliers, words.

    Columns of *messages*: message_id, member_key, reply_to_id, words, date_day, author_role. Replies to oneself do
    not count; bots and the team are left out as writers. With *halves_at*, the column half is 0 before that day and 1
    from it on, and a writer has a row for each half.
    """
    import ibis

    half = (messages.date_day >= halves_at).cast("int64") if halves_at else ibis.literal(0)
    said = messages.mutate(half=half)
    parent = said.select(parent_id="message_id", parent_key="member_key", parent_half="half")
    replies = said.filter(said.reply_to_id.notnull())
    caused = replies.inner_join(parent, replies.reply_to_id == parent.parent_id)
    caused = caused.filter(caused.member_key != caused.parent_key)
    caused = caused.group_by(member_key=caused.parent_key, half=caused.parent_half).agg(
        replies=caused.count(), repliers=caused.member_key.nunique()
    )
    people = said.filter(~said.author_role.fill_null("member").isin(["team", "bot"]))
    wrote = people.group_by("member_key", "half").agg(
        messages=people.count(),
        answers=people.reply_to_id.count(),
        words=people.words.mean(),
    )
    frame = wrote.to_pandas().merge(caused.to_pandas(), on=["member_key", "half"], how="left")
    frame = frame.fillna({"replies": 0, "repliers": 0}).assign(threads=lambda f: f["messages"] - f["answers"])
    whole = ["messages", "answers", "threads", "replies", "repliers", "half"]
    return frame.astype(dict.fromkeys(whole, "int64")).sort_values(["member_key", "half"], ignore_index=True)


def quality(messages: ibis.Table) -> pd.DataFrame:
    """Return by month of *messages*: month, threads, answered (threads with a reply), replies, words (mean), rated,
    rating.

    Columns: message_id, reply_to_id, date_day, words, quality. rating is the mean of what readers rated, NaN where
    nothing is.
    """
    said = messages.mutate(month=messages.date_day.truncate("M"))
    threads = said.filter(said.reply_to_id.isnull())
    given = said.filter(said.reply_to_id.notnull()).select(answered_id="reply_to_id")
    heads = given.group_by("answered_id").agg(replies=given.count())
    joined = threads.left_join(heads, threads.message_id == heads.answered_id)
    of_threads = joined.group_by("month").agg(
        threads=joined.count(), answered=joined.answered_id.count(), replies=joined.replies.sum()
    )
    of_words = said.group_by("month").agg(
        words=said.words.mean(), rated=said.quality.count(), rating=said.quality.mean()
    )
    frame = of_threads.to_pandas().merge(of_words.to_pandas(), on="month", how="outer")
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[us]")
    counts = {"threads": 0, "answered": 0, "replies": 0, "rated": 0}
    return frame.fillna(counts).astype(dict.fromkeys(counts, "int64")).sort_values("month", ignore_index=True)


def group_table(
    groups: pd.DataFrame, members: pd.DataFrame, messages: ibis.Table, last_seen: pd.DataFrame, *, end: date
) -> pd.DataFrame:
    """Return one row per open group: group_id, name, kind, layer, capacity, members, inactive, active, messages, each.

    *groups*, *members* (group_members) are frames of one market, *messages* of the last 28 days to *end*, *last_seen*:
    member_key, last_active. inactive: not seen for 60 days or never; each is messages per active member, NaN without one;
    left and later joiners than *end* do not count; writing is per member in rows of `writers`.
    """
    seen = _places(members, last_seen, end)
    counts = seen.groupby("group_id")["inactive"].agg(members="size", inactive="sum")
    said = messages.group_by("group_id").agg(messages=messages.count()).to_pandas().set_index("group_id")
    table = groups[groups["closed_at"].isna()].set_index("group_id")[["name", "kind", "layer", "capacity"]]
    table = table.join(counts).join(said).fillna({"members": 0, "inactive": 0, "messages": 0})
    table = table.astype({"members": "int64", "inactive": "int64", "messages": "int64"})
    table["active"] = table["members"] - table["inactive"]
    table["each"] = table["messages"] / table["active"].where(table["active"] > 0)
    return table.assign(each=table["each"].astype(float).replace(np.inf, np.nan)).reset_index()


def silent_places(groups: pd.DataFrame, members: pd.DataFrame, last_seen: pd.DataFrame, *, end: date) -> pd.DataFrame:
    """Return who holds a place in an open group without having been seen for 60 days: member_key, group_id, name, days_away.

    Tables as in `group_table`. Who looks after a group (role other than member) is left out; days_away is null for whoever
    was never seen. Longest away first.
    """
    seen = _places(members[members["role"].fillna("member") == "member"], last_seen, end)
    seen = seen[seen["inactive"]].merge(groups.loc[groups["closed_at"].isna(), ["group_id", "name"]], on="group_id")
    away = (pd.Timestamp(end) - day_of(seen["last_active"])).dt.days.astype("Int64")
    table = seen.assign(days_away=away)[["member_key", "group_id", "name", "days_away"]]
    return table.sort_values("days_away", ascending=False, na_position="first", kind="stable", ignore_index=True)


def _places(members: pd.DataFrame, last_seen: pd.DataFrame, end: date) -> pd.DataFrame:
    """Return the places held in groups on the day *end*: group_id, member_key, last_active, inactive."""
    until = pd.Timestamp(end)
    inside = members[day_of(members["date_day"]) <= until]
    left = day_of(inside["left_at"])
    inside = inside[left.isna() | (left > until)]
    seen = inside[["group_id", "member_key"]].merge(
        last_seen[["member_key", "last_active"]], on="member_key", how="left"
    )
    last = day_of(seen["last_active"])
    return seen.assign(inactive=last.isna() | (last <= until - pd.Timedelta(days=INACTIVE_DAYS)))
