"""The pulse of a community: who is there, how much they write, at which hours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.folds import actives, hour_by_weekday

if TYPE_CHECKING:
    import ibis

MONTH = 28
WEEK = 7


def pulse(days: ibis.Table, *, start: date, end: date) -> pd.DataFrame:
    """Return per day dau, wau, mau (28 days) and stickiness (mean DAU of 28 days ÷ MAU; NaN without a whole month).

    Columns of *days* (table fan_day): member_key, date_day.
    """
    counted = actives(days, start=start - timedelta(days=MONTH), end=end)
    mean = counted["dau"].rolling(MONTH).mean()
    counted["stickiness"] = mean / counted["mau"].where(counted["mau"] > 0)
    return counted[counted["date_day"] >= pd.Timestamp(start)].reset_index(drop=True)


def talk_by_week(messages: ibis.Table, days: ibis.Table, *, start: date, end: date) -> pd.DataFrame:
    """Return per whole week, counted back from *end*: week_start, active, messages, replies, each per active member.

    Columns of *messages*: date_day, reply_to_id; of *days*: member_key, date_day. Columns messages_each and
    replies_each are NaN in a week without active members.
    """
    weeks = max(0, ((end - start).days + 1) // WEEK)
    ends = [end - timedelta(days=WEEK * back) for back in range(weeks - 1, -1, -1)]
    table = pd.DataFrame({"week_start": pd.to_datetime([day - timedelta(days=WEEK - 1) for day in ends])})
    if not weeks:
        return table.assign(active=0, messages=0, replies=0, messages_each=np.nan, replies_each=np.nan)
    seen = actives(days, start=ends[0], end=end, windows={"wau": WEEK}).set_index("date_day")["wau"]
    since = ends[0] - timedelta(days=WEEK - 1)
    rows = messages.filter(messages.date_day >= since, messages.date_day <= end)
    counts = rows.group_by("date_day").agg(messages=rows.count(), replies=rows.reply_to_id.count()).to_pandas()
    place = (pd.to_datetime(counts["date_day"]) - pd.Timestamp(since)).dt.days // WEEK
    summed = counts.groupby(place)[["messages", "replies"]].sum().reindex(range(weeks), fill_value=0)
    table["active"] = seen.reindex(pd.to_datetime(ends)).fillna(0).to_numpy(dtype="int64")
    table[["messages", "replies"]] = summed.to_numpy(dtype="int64")
    base = table["active"].where(table["active"] > 0)
    return table.assign(messages_each=table["messages"] / base, replies_each=table["replies"] / base)


def rhythm(events: ibis.Table, days: ibis.Table, *, start: date, end: date) -> pd.DataFrame:
    """Return per weekday (0 Monday) and hour of the market's time: acts, rate (per active member and such an hour).

    Columns of *events*: date_day, minute_of_day; of *days*: member_key, date_day; both from *start* to *end*. An active
    member is one seen on any of these days; members says how many there are. The rate is NaN where there is none.
    """
    inside = days.filter(days.date_day >= start, days.date_day <= end)
    members = int(inside.member_key.nunique().to_pandas() or 0)
    counted = hour_by_weekday(events.filter(events.date_day >= start, events.date_day <= end))
    weekdays = pd.date_range(start, end).day_of_week.value_counts().reindex(range(WEEK), fill_value=0)
    chances = members * counted["weekday"].map(weekdays)
    return counted.rename(columns={"n": "acts"}).assign(
        members=members, rate=(counted["n"] / chances.where(chances > 0)).astype(float)
    )
