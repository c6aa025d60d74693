"""What the platforms report of the brand's accounts, day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import LAST, MEAN_OF_DAYS, TOTAL, Estimator
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.text import Message, term

KEYS = ["market", "platform"]
GROWTH_DAYS = 28


def account_days(asked: Asked, *columns: str) -> pd.DataFrame:
    """Return date_day, market, platform and the sums of *columns* over a market's accounts, finished days only.

    A day that one of the accounts running then lacks is left out: the sum would be too small. An account runs from its
    first to its last day of all, whichever days are asked for.
    """
    rows = asked.rows("account_daily")
    rows = rows.filter(~rows.is_partial.fill_null(False), *(rows[name].notnull() for name in columns))
    spans = rows.group_by([*KEYS, "account_id"]).agg(min=rows.date_day.min(), max=rows.date_day.max()).to_pandas()
    spans = spans.assign(**{end: pd.to_datetime(spans[end]).astype("datetime64[us]") for end in ("min", "max")})
    frame = asked.within(rows).select("date_day", *KEYS, "account_id", *columns).to_pandas()
    frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    found = frame.groupby([*KEYS, "date_day"], dropna=False)
    sums = found[list(columns)].sum().join(found.size().rename("seen")).reset_index()
    due = sums[[*KEYS, "date_day"]].merge(spans, on=KEYS)
    due = due[due["date_day"].between(due["min"], due["max"])].groupby([*KEYS, "date_day"], dropna=False).size()
    whole = sums.merge(due.rename("due").reset_index(), on=[*KEYS, "date_day"])
    kept = whole[whole["seen"] >= whole["due"]]
    return kept[["date_day", *KEYS, *columns]].astype(dict.fromkeys(columns, "float64")).reset_index(drop=True)


def _counted(column: str) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        frame = account_days(asked, column).rename(columns={column: "value"})
        return frame.assign(n=frame["value"])

    return pieces


def _days(column: str) -> Callable[[Asked], pd.DataFrame]:
    return lambda asked: _counted(column)(asked).assign(n=1)


def _net(asked: Asked) -> pd.DataFrame:
    frame = account_days(asked, "followers_gained", "followers_lost")
    value = frame["followers_gained"] - frame["followers_lost"]
    return frame[["date_day", *KEYS]].assign(value=value, n=frame["followers_gained"] + frame["followers_lost"])


def _growth(asked: Asked) -> pd.DataFrame:
    """Return the followers of a day over those of 28 days before, less 1; days without either are left out."""
    back = asked.start - timedelta(days=GROWTH_DAYS) if asked.start else None
    now = account_days(replace(asked, start=back), "followers_total")
    before = now.assign(date_day=now["date_day"] + pd.Timedelta(days=GROWTH_DAYS))
    both = now.merge(before, on=["date_day", *KEYS], suffixes=("", "_before"))
    both = both[both["followers_total_before"] > 0]
    if asked.start:
        both = both[both["date_day"] >= pd.Timestamp(asked.start)]
    value = both["followers_total"] / both["followers_total_before"] - 1
    return both[["date_day", *KEYS]].assign(value=value, n=both["followers_total"]).reset_index(drop=True)


def _per_follower(asked: Asked) -> pd.DataFrame:
    frame = account_days(asked, "engagements", "followers_total")
    rate = frame["engagements"] / frame["followers_total"].replace(0, np.nan)
    return frame[["date_day", *KEYS]].assign(value=rate, n=frame["followers_total"]).dropna(subset=["value"])


def _account(
    metric_id: str, column: str, texts: tuple[Message, Message, Message], *, estimator: Estimator = TOTAL, **more: Any
) -> Metric:
    pieces = _counted(column) if estimator is TOTAL else _days(column)
    return Metric(metric_id, "accounts", *texts, estimator, words.COUNT, (f"account_daily.{column}",), pieces, **more)


METRICS = (
    _account("followers", "followers_total", (
        term("Followers", "metric"),
        term("How many accounts follow the brand's account; the same person on two platforms counts twice", "metric"),
        words.FOLLOWERS), estimator=LAST, apart=("platform",), aliases=("fans", "followers_total")),
    _account("followers_gained", "followers_gained", (
        term("New followers", "metric"),
        term("How many accounts began to follow; those who left are not taken off", "metric"), words.GAINED),
        apart=("platform",)),
    _account("followers_lost", "followers_lost", (
        term("Followers lost", "metric"), term("How many accounts stopped following", "metric"), words.LOST),
        apart=("platform",), direction="down"),
    Metric("followers_net", "accounts", term("Net new followers", "metric"),
           term("New followers less those who left; only where the platform reports both", "metric"),
           term("new followers − followers lost", "counted"), TOTAL, words.COUNT,
           ("account_daily.followers_gained", "account_daily.followers_lost"), _net, apart=("platform",)),
    Metric("follower_growth_28d", "accounts", term("Growth of followers in 28 days", "metric"),
           term("By what part the number of followers has changed in four weeks; giveaways show in it, fans or not",
           "metric"),
           term("followers of the day ÷ followers 28 days before − 1", "counted"), LAST, words.CHANGE,
           ("account_daily.followers_total",), _growth, window=GROWTH_DAYS + 1, aliases=("follower growth",)),
    _account("impressions", "impressions", (
        term("Impressions", "metric"),
        term("How often content was shown; several platforms have replaced it by views, which are not the same", "metric"),
        words.IMPRESSIONS), apart=("platform",)),
    _account("views", "views", (
        term("Views", "metric"),
        term("How often content was viewed, as the platform counts a view: no two platforms do alike", "metric"),
        words.VIEWS),
        apart=("platform",)),
    _account("reach", "reach", (
        term("Daily reach", "metric"),
        term("Distinct accounts reached in a day; over several days the mean, for the same people come back", "metric"),
        words.REACH), estimator=MEAN_OF_DAYS, apart=("platform",), aliases=("reach per day",)),
    _account("profile_visits", "profile_visits", (
        term("Profile visits", "metric"), term("How often the profile was opened", "metric"), term("profile visits",
        "counted")),
        apart=("platform",)),
    _account("engagements", "engagements", (
        term("Interactions", "metric"),
        term("Interactions with all content of the account that day, old posts too, as the platform counts them", "metric"),
        words.INTERACTIONS), apart=("platform",), aliases=("interactions per day", "engagement")),
    _account("link_clicks", "link_clicks", (
        term("Clicks on the profile's link", "metric"), term("How often the link in the profile was followed", "metric"),
        words.LINK_CLICKS), apart=("platform",)),
    _account("watch_time", "watch_time_seconds", (
        term("Time watched", "metric"), term("How long all content was watched together", "metric"),
        term("seconds watched", "counted")), apart=("platform",)),
    Metric("engagement_rate_followers_daily", "accounts", term("Daily engagement rate by followers", "metric"),
           term("What the account's followers do in a day, on old posts too; over several days the mean. Not the rate of a "
                "post", "metric"),
           words.INTERACTIONS, MEAN_OF_DAYS, words.SHARE, ("account_daily.engagements", "account_daily.followers_total"),
           _per_follower, per=words.FOLLOWERS, apart=("platform",)),
)  # fmt: skip
