"""What is seen of rivals: their accounts day by day, their posts, and ours in the same terms."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, between, dated
from fanops_utils.data.warehouse.asking.posts import post_table
from fanops_utils.data.warehouse.asking.queries import account_daily
from fanops_utils.data.warehouse.store import Store

DAYS = ["brand", "platform", "handle", "market", "date_day", "followers_total", "posts_published", "engagements"]
POSTS = [
    "brand",
    "platform",
    "handle",
    "post_id",
    "date_day",
    "post_type",
    "topic",
    "followers",
    "likes",
    "comments",
    "shares",
]
MATURE_DAYS = 7


def brand_days(
    store: Store, *, platform: str, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return brand, platform, handle, market, date_day, followers_total, posts_published, engagements of rivals and us.

    Ours are the accounts of brand.yml on *platform*, under the brand's own name.
    """
    table = store.table("watched_daily")
    wanted = [table.platform == platform, table.brand.notnull(), *([table.market == market] if market else [])]
    theirs = table.filter(*wanted, *between(table.date_day, start, end)).select(*DAYS).to_pandas()
    own = account_daily(store, market=market, start=start, end=end)
    own = (
        own[own["platform"] == platform]
        .assign(brand=store.workspace.brand.name)
        .rename(columns={"account_id": "handle"})
    )
    both = [frame for frame in (dated(theirs), own.reindex(columns=DAYS)) if len(frame)]
    frame = pd.concat(both, ignore_index=True) if both else theirs
    return frame.sort_values(["brand", "handle", "date_day"], ignore_index=True)


def brand_posts(
    store: Store, *, platform: str, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return the posts of rivals and ours on *platform*: brand, handle, post_id, date_day, post_type, topic, followers.

    likes, comments, shares are counted alike for all; saves, which nobody sees of a rival, are not. Posts read within
    seven days are left out. Our followers are those of the day, or of the days before it where that one was not counted.
    """
    table = store.table("watched_posts")
    wanted = [table.platform == platform, table.brand.notnull(), *([table.market == market] if market else [])]
    rows = table.filter(*wanted, *between(table.date_day, start, end)).drop(*PROVENANCE).to_pandas()
    age = pd.to_datetime(rows["snapshot_at"], utc=True) - pd.to_datetime(rows["created_timestamp"], utc=True)
    theirs = dated(rows[~(age < pd.Timedelta(days=MATURE_DAYS))])[POSTS]
    own = _ours(store, platform, market, start, end)
    both = [frame for frame in (theirs, own) if len(frame)]
    frame = pd.concat(both, ignore_index=True) if both else theirs
    return frame.sort_values(["brand", "date_day", "post_id"], ignore_index=True)


def _ours(store: Store, platform: str, market: str | None, start: date | None, end: date | None) -> pd.DataFrame:
    posts = post_table(store, market=market, start=start, end=end)
    posts = posts[posts["platform"] == platform].rename(columns={"account_id": "handle"})
    posts = posts.assign(brand=store.workspace.brand.name, date_day=posts["created_local"].dt.normalize())
    daily = account_daily(store, market=market).rename(columns={"account_id": "handle", "followers_total": "followers"})
    daily = daily.dropna(subset=["followers"])[["platform", "handle", "date_day", "followers"]].sort_values("date_day")
    known = posts.dropna(subset=["date_day"]).sort_values("date_day")
    if not len(daily) or not len(known):
        return posts.reindex(columns=POSTS)
    known = known.astype({"date_day": "datetime64[us]"})
    week = pd.Timedelta(days=7)
    joined = pd.merge_asof(known, daily, on="date_day", by=["platform", "handle"], tolerance=week)
    return joined.reindex(columns=POSTS)
