"""The platforms of a market side by side, each by its own definitions, and the accounts the register promises."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import ratio_of_sums
from fanops_utils.metrics.social.engagement import DENOMINATORS, interactions
from fanops_utils.workspace.registers.brand import Account

WINDOW = 28
SILENT = 28
FILLED = 0.8
SIDES = [
    "platform",
    "followers",
    "followers_change",
    "gained",
    "posts",
    "denominator",
    "rate",
    "rate_lower",
    "rate_upper",
    "views",
    "quotient",
]
AUDIT = ["platform", "handle", "market", "last_day", "last_post", "posts", "state"]


def usual_denominator(posts: pd.DataFrame) -> str | None:
    """Return what interactions of these posts can be divided by: the first of reach, views, impressions that most posts have."""
    for name in ("reach", "views", "impressions"):
        if name in posts and len(posts) and (numbers(posts[name]) > 0).mean() >= FILLED:
            return name
    return next((name for name in DENOMINATORS if name in posts and (numbers(posts[name]) > 0).any()), None)


def platforms_side_by_side(
    accounts: pd.DataFrame, posts: pd.DataFrame, *, market: str, until: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per platform of *market*: what its accounts and posts did in the 28 days to *until*.

    *accounts*: rows of account_daily of all markets; *posts*: of this market. Returned: platform, followers (last count),
    followers_change (fraction of 28 days), gained (new followers), posts, denominator (what its rate is divided by: rates of
    different denominators do not compare), rate with bounds (95 %, posts of a year), views, quotient (share of the market's
    views on this platform over that share in all markets; 1 = as elsewhere). NaN: the export does not tell.
    """
    need(accounts, "platform", "market", "date_day")
    day = days(accounts["date_day"])
    window = accounts[(day > until - pd.Timedelta(days=WINDOW)) & (day <= until)]
    views = (
        window.assign(views=window["views"].astype("Float64"))
        .groupby(["market", "platform"])["views"]
        .sum(min_count=1)
        .astype(float)
    )
    whole = views.groupby("platform").sum()
    own = views[views.index.get_level_values("market") == market].droplevel("market")
    published = days(posts["created_local"]) if len(posts) else pd.Series(dtype="datetime64[us]")
    rows = []
    home = accounts[accounts["market"] == market]
    for name in sorted({*home["platform"].dropna(), *(posts["platform"].dropna() if len(posts) else ())}):
        mine = home[home["platform"] == name]
        theirs = posts[posts["platform"] == name] if len(posts) else posts
        told = theirs[published[theirs.index] > until - pd.Timedelta(days=365)] if len(theirs) else theirs
        recent = int((published[theirs.index] > until - pd.Timedelta(days=WINDOW)).sum()) if len(theirs) else 0
        base = usual_denominator(told) if len(told) else None
        rate = ratio_of_sums(numbers(interactions(told)), numbers(told[base])) if base and len(told) > 1 else None
        here, there = float(own.get(name, np.nan)), float(whole.get(name, np.nan))
        share = (here / own.sum()) / (there / whole.sum()) if here > 0 and there > 0 and len(whole) > 1 else np.nan
        bounds = (rate.estimate, rate.ci_lower, rate.ci_upper) if rate else (np.nan,) * 3
        rows.append((name, *_followers(mine, until), recent, base or "", *bounds, here, share))
    return pd.DataFrame(rows, columns=SIDES)


def account_audit(
    register: Sequence[Account], accounts: pd.DataFrame, posts: pd.DataFrame, *, until: pd.Timestamp
) -> pd.DataFrame:
    """Return what the data hold of each account of the register: last day, last post, posts in 28 days, state.

    *register*: accounts of brand.yml; *accounts*, *posts*: account_daily and posts with platform, account_id. State: active,
    silent (no post for 28 days), no_posts (days, but no file of posts), no_data.
    """
    rows = []
    for one in register:
        names = [name for name in (one.id, one.handle) if name]
        mine, theirs = (
            frame[(frame["platform"] == one.platform) & frame["account_id"].isin(names)] for frame in (accounts, posts)
        )
        last_day = days(mine["date_day"]).max() if len(mine) else pd.NaT
        when = days(theirs["created_local"]) if len(theirs) else pd.Series(dtype="datetime64[us]")
        last = when.max() if len(when) else pd.NaT
        recent = int((when > until - pd.Timedelta(days=SILENT)).sum())
        state = "active" if recent else "silent" if pd.notna(last) else "no_posts" if pd.notna(last_day) else "no_data"
        rows.append((one.platform, one.handle, one.market or "", last_day, last, recent, state))
    return pd.DataFrame(rows, columns=AUDIT)


def _followers(daily: pd.DataFrame, until: pd.Timestamp) -> tuple[float, float, float]:
    """Return followers, their change over 28 days, and new followers in them; NaN where the export has none."""
    day = days(daily["date_day"])
    totals = daily.assign(day=day).dropna(subset=["followers_total"]) if "followers_total" in daily else daily.iloc[:0]
    last = change = np.nan
    if len(totals):
        by_day = totals.groupby("day")["followers_total"].sum().astype(float)
        last = float(by_day.iloc[-1])
        then = by_day[by_day.index <= until - pd.Timedelta(days=WINDOW)]
        change = last / float(then.iloc[-1]) - 1 if len(then) and then.iloc[-1] > 0 else np.nan
    inside = daily[(day > until - pd.Timedelta(days=WINDOW)) & (day <= until)]
    known = inside["followers_gained"].dropna() if "followers_gained" in inside else pd.Series(dtype=float)
    return last, change, float(known.sum()) if len(known) else np.nan
