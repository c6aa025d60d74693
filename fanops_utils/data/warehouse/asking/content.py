"""What the team says of its posts, how they fill up with time, and its live streams."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, between, dated
from fanops_utils.data.warehouse.asking.posts import own_posts, post_table
from fanops_utils.data.warehouse.store import Store

TAGS = ["planned_for", "content_type", "series", "making", "signed_off_at"]
BOTH = ["topic", "origin"]
PARTS = ["likes", "comments", "shares", "saves"]


def tagged_posts(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None, mature_days: int = 7
) -> pd.DataFrame:
    """Return `post_table` with what the team tagged: planned_for, content_type, series, making, signed_off_at.

    Topic and origin are the team's where it gave one, else the export's.
    """
    posts = post_table(store, market=market, start=start, end=end, mature_days=mature_days)
    tags = store.table("content_tags").select("platform", "post_id", *TAGS, *BOTH).to_pandas()
    both = posts.merge(tags, on=["platform", "post_id"], how="left", suffixes=("", "_tagged"))
    filled = {name: both[f"{name}_tagged"].fillna(both[name]) for name in BOTH}
    return both.assign(**filled).drop(columns=[f"{name}_tagged" for name in BOTH])


def post_readings(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return one row per own post and lifetime reading: platform, post_id, post_type, date_day, age_hours, interactions.

    Interactions as exported, else the sum of their parts as far as known. Posts known to the day only are left out: their
    age is not known to the hour.
    """
    posts = own_posts(store, market)
    posts = posts.filter(posts.created_precision == "minute", *between(posts.date_day, start, end))
    posts = posts.select("platform", "post_id", "post_type", "date_day", "created_timestamp")
    metrics = store.table("post_metrics")
    read = metrics.filter(metrics.metric_window == "lifetime")
    read = read.select("platform", "post_id", "snapshot_at", "engagements", "views", *PARTS)
    both = posts.inner_join(read, ["platform", "post_id"])
    frame = both.order_by("platform", "post_id", "snapshot_at").to_pandas()
    later = pd.to_datetime(frame["snapshot_at"], utc=True) - pd.to_datetime(frame["created_timestamp"], utc=True)
    parts = frame[PARTS].sum(axis=1, min_count=1)
    told = frame.assign(age_hours=later.dt.total_seconds() / 3600, interactions=frame["engagements"].fillna(parts))
    told = told[told["age_hours"] > 0].drop(columns=["created_timestamp", "engagements", *PARTS])
    return dated(told.reset_index(drop=True))


def live_streams(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return the live streams of table activities (kind live_stream), by their begin, with date_day."""
    table = store.table("activities")
    here = [table.market == market] if market else []
    streams = table.filter(table.kind == "live_stream", *here, *between(table.date_day, start, end))
    return dated(streams.drop(*PROVENANCE).order_by("starts_at", "activity_id").to_pandas())
