"""Posts as notebooks read them: the newest reading of each, or the one nearest an equal age."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, accounts, between, of_accounts, wall_clock
from fanops_utils.data.warehouse.store import Store

TOLERANCE = 0.25


def post_table(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None, mature_days: int = 7
) -> pd.DataFrame:
    """Return one row per own post with its newest lifetime or period metrics.

    Adds market, created_local and hour_local (fan-local wall clock, null where only the day is known). Of readings
    taken at the same moment the lifetime one counts before one of a period, and of periods the longest. Collaborations
    published by others, replies, and posts read within *mature_days* of publication are left out; posts without a
    date only count where no period is asked for.
    """
    posts = own_posts(store, market)
    posts = posts.filter(between(posts.date_day, start, end)) if start or end else posts
    metrics = store.table("post_metrics").filter(ibis._.metric_window != "day")
    metrics = metrics.semi_join(posts, ["platform", "post_id"])
    newest = ibis.window(
        group_by=["platform", "post_id"],
        order_by=[
            ibis.desc("snapshot_at"),
            ibis.asc("metric_window"),
            ibis.asc("period_start"),
        ],  # "lifetime" < "period"
    )
    metrics = metrics.mutate(rank=ibis.row_number().over(newest)).filter(ibis._.rank == 0).drop("rank")
    joined = posts.left_join(metrics.drop(*PROVENANCE), ["platform", "post_id"])
    frame = joined.drop("platform_right", "post_id_right").order_by("platform", "post_id").to_pandas()
    age = pd.to_datetime(frame["snapshot_at"], utc=True) - pd.to_datetime(frame["created_timestamp"], utc=True)
    frame = wall_clock(frame, "created_timestamp")
    return frame[~(age < pd.Timedelta(days=mature_days))].reset_index(drop=True)


def with_topics(store: Store, posts: pd.DataFrame) -> pd.DataFrame:
    """Return *posts* (`post_table`) whose topic is the one the team tagged them with (content_tags), else the one they came
    with."""
    tags = store.table("content_tags")
    told = tags.filter(tags.topic.notnull()).select("platform", "post_id", tagged=tags.topic).to_pandas()
    joined = posts.merge(told.drop_duplicates(["platform", "post_id"]), on=["platform", "post_id"], how="left")
    return joined.assign(topic=joined["tagged"].fillna(joined["topic"])).drop(columns="tagged")


def post_metrics_at_age(
    store: Store, hours: float, *, market: str | None = None, tolerance: float = TOLERANCE
) -> pd.DataFrame:
    """Return one row per own post with its lifetime metrics as read when it was about *hours* old.

    Of the readings within *tolerance* (a fraction of *hours*) of that age the nearest counts, of two equally near the
    earlier; a post without one keeps null metrics: what was not read at that age is missing, not small. Adds market,
    created_local, hour_local and age_hours (age at the reading). Posts whose time of publication is known to the day
    only are left out where *hours* is below 72; so are undated ones, collaborations published by others and replies.
    """
    posts = own_posts(store, market)
    posts = posts.filter(
        posts.created_timestamp.notnull(), *([posts.created_precision == "minute"] if hours < 72 else [])
    )
    frame = wall_clock(posts.order_by("platform", "post_id").to_pandas(), "created_timestamp")
    metrics = store.table("post_metrics")
    read = metrics.filter(metrics.metric_window == "lifetime").drop(*PROVENANCE)
    both = read.inner_join(posts.select("platform", "post_id", "created_timestamp"), ["platform", "post_id"])
    age = both.snapshot_at.epoch_seconds() - both.created_timestamp.epoch_seconds()
    near = (
        both.filter((age - 3600 * hours).abs() <= 3600 * (tolerance * hours) + 1).drop("created_timestamp").to_pandas()
    )
    near = near.merge(frame[["platform", "post_id", "created_timestamp"]], on=["platform", "post_id"])
    exact = pd.to_datetime(near["snapshot_at"], utc=True) - pd.to_datetime(near["created_timestamp"], utc=True)
    near["age_hours"] = exact.dt.total_seconds() / 3600
    near["far"] = (near["age_hours"] - hours).abs()
    near = near[near["far"] <= tolerance * hours].sort_values(["far", "age_hours"])
    near = near.drop_duplicates(["platform", "post_id"]).drop(columns=["far", "created_timestamp"])
    return frame.merge(near, on=["platform", "post_id"], how="left")


def own_posts(store: Store, market: str | None) -> ibis.Table:
    """Return what the brand's accounts published themselves, of one market or of all, with their market."""
    posts = of_accounts(store.table("posts"), accounts(store.workspace.brand, market))
    return posts.filter(~posts.is_collab.fill_null(False), ~posts.is_reply.fill_null(False)).drop(*PROVENANCE)
