"""How posts did: rates and means over the posts of a day, each as last read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import RATIO, SHARE, SIGNED_RATIO, TOTAL, Estimator
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios, shares, totals
from fanops_utils.text import Message, Unit, term

if TYPE_CHECKING:
    import ibis

BY = ["date_day", "market", "platform"]
MATURE_DAYS = 7
PARTS = ("likes", "comments", "shares", "saves")
VIDEO = ("video", "short_video", "live")


def own_posts(asked: Asked) -> ibis.Table:
    """Return the brand's own posts: no answers, and nothing that another account published."""
    posts = asked.within(asked.rows("posts"))
    return posts.filter(~posts.is_collab.fill_null(False), ~posts.is_reply.fill_null(False))


def read_posts(asked: Asked) -> ibis.Table:
    """Return own posts with their newest reading, at least seven days after publication, and their interactions.

    Of readings of one moment the lifetime one counts before one of a period, of periods the longest. Interactions as
    `metrics.interactions` has them.
    """
    import ibis

    metrics = asked.store.table("post_metrics").filter(ibis._.metric_window != "day")
    newest = ibis.window(group_by=["platform", "post_id"], order_by=[
        ibis.desc("snapshot_at"), ibis.asc("metric_window"), ibis.asc("period_start"),
    ])  # fmt: skip
    metrics = metrics.mutate(rank=ibis.row_number().over(newest)).filter(ibis._.rank == 0)
    kept = ["platform", "post_id", "snapshot_at", "engagements", *PARTS, "reach", "views", "impressions",
    "impressions_paid",
            "link_clicks", "follows", "watch_time_seconds", "completion_rate", "negative_feedback"]  # fmt: skip
    joined = own_posts(asked).inner_join(metrics.select(*kept), ["platform", "post_id"])
    joined = joined.filter(joined.snapshot_at >= joined.created_timestamp + ibis.interval(days=MATURE_DAYS))
    known = ibis.coalesce(*(joined[name] for name in PARTS)).notnull()
    parts = sum((joined[name].fill_null(0) for name in PARTS), ibis.literal(0))
    return joined.mutate(interactions=ibis.coalesce(joined.engagements, ibis.ifelse(known, parts, ibis.null("int64"))))


def _ratio(top: str, base: str | None = None) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = read_posts(asked)
        return ratios(rows, rows[top], rows[base] if base else None, by=BY)

    return pieces


def _by_followers(asked: Asked) -> pd.DataFrame:
    rows = read_posts(asked)
    counted = asked.store.table("account_daily").select("platform", "account_id", "date_day", "followers_total")
    joined = rows.inner_join(counted, ["platform", "account_id", "date_day"])
    return ratios(joined, joined.interactions, joined.followers_total, by=BY)


def _published(asked: Asked) -> pd.DataFrame:
    return totals(own_posts(asked), by=BY)


def _of_posts(hit: Callable[[Any], Any]) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = own_posts(asked)
        return shares(rows, hit(rows), by=BY)

    return pieces


def _rate(
    metric_id: str, texts: tuple[Message, Message, Message, Message], top: str, base: str, unit: Unit = words.SHARE,
    estimator: Estimator = RATIO, **more: Any,
) -> Metric:  # fmt: skip
    name, about, counted, per = texts
    parts = ("engagements", *PARTS) if top == "interactions" else (top,)
    sources = tuple(f"post_metrics.{column}" for column in (*parts, base))
    return Metric(
        metric_id, "posts", name, about, counted, estimator, unit, sources, _ratio(top, base), per=per, **more
    )


def _mean(
    metric_id: str, texts: tuple[Message, Message, Message], top: str, unit: Unit = words.NUMBER, **more: Any
) -> Metric:
    name, about, counted = texts
    sources = tuple(
        f"post_metrics.{column}" for column in (("engagements", *PARTS) if top == "interactions" else (top,))
    )
    return Metric(metric_id, "posts", name, about, counted, RATIO, unit, sources, _ratio(top), per=words.POSTS, **more)


METRICS = (
    Metric("posts_published", "posts", term("Posts published", "metric"),
           term("The brand's own posts; answers and what others published with us are not counted", "metric"), words.POSTS,
           TOTAL, words.COUNT, ("posts.post_id",), _published, direction="neither", gaps="zero"),
    _rate("engagement_rate_reach", (
        term("Engagement rate by reach", "metric"),
        term("What part of those reached by posts did something with them; all interactions over all of the reach, so large "
             "posts weigh more", "metric"), words.INTERACTIONS, words.REACH), "interactions", "reach",
        aliases=("engagement rate", "interactions per person reached")),
    _rate("engagement_rate_views", (
        term("Engagement rate by views", "metric"),
        term("Interactions per view of posts; a view is what the platform calls one", "metric"), words.INTERACTIONS,
        words.VIEWS), "interactions", "views", apart=("platform",)),
    _rate("engagement_rate_impressions", (
        term("Engagement rate by impressions", "metric"),
        term("Interactions per time a post was shown; several platforms no longer report it", "metric"),
        words.INTERACTIONS, words.IMPRESSIONS), "interactions", "impressions", apart=("platform",)),
    Metric("engagement_rate_followers", "posts", term("Engagement rate by followers", "metric"),
           term("Interactions of a post per follower on the day it was published; the rate that benchmarks publish. Needs a "
                "daily count of followers", "metric"), words.INTERACTIONS, RATIO, words.SHARE,
           ("post_metrics.engagements", *(f"post_metrics.{name}" for name in PARTS), "account_daily.followers_total"),
           _by_followers, per=term("followers on the day of publication", "counted")),
    _mean("engagements_per_post", (
        term("Interactions per post", "metric"), term("What a post earns in the mean; few large posts make most of it",
        "metric"),
        words.INTERACTIONS), "interactions"),
    _mean("views_per_post", (term("Views per post", "metric"), term("How often a post is viewed in the mean", "metric"),
                             words.VIEWS), "views", apart=("platform",)),
    _mean("reach_per_post", (term("Reach per post", "metric"), term("How many accounts a post reaches in the mean",
        "metric"),
                             words.REACH), "reach"),
    _rate("comment_rate", (term("Comment rate", "metric"), term("Comments per account reached: how much is talked",
        "metric"),
                           term("comments", "counted"), words.REACH), "comments", "reach"),
    _rate("share_rate", (term("Share rate", "metric"), term("Shares per account reached: how much is passed on", "metric"),
                         term("shares", "counted"), words.REACH), "shares", "reach"),
    _rate("save_rate", (term("Save rate", "metric"), term("Saves per account reached: how much is kept for later",
        "metric"),
                        term("saves", "counted"), words.REACH), "saves", "reach"),
    _rate("link_click_rate", (
        term("Link click rate of posts", "metric"), term("Clicks on a post's link per account reached", "metric"),
        words.LINK_CLICKS, words.REACH), "link_clicks", "reach"),
    _rate("follow_rate", (
        term("Follow rate", "metric"), term("Net new followers that came from posts, per account reached", "metric"),
        term("net new followers from the post", "counted"), words.REACH), "follows", "reach",
        estimator=SIGNED_RATIO),
    _rate("average_view_duration", (
        term("Time watched per view", "metric"), term("How long a view lasts in the mean", "metric"),
        term("seconds watched", "counted"), words.VIEWS), "watch_time_seconds", "views", words.SECONDS,
        apart=("platform",)),
    _mean("completion_rate", (
        term("Completion rate", "metric"), term("What part of views reaches the end of the video; the mean of the videos",
        "metric"),
        term("completion rates of videos", "counted")), "completion_rate", words.SHARE),
    _rate("negative_feedback_rate", (
        term("Negative feedback rate", "metric"),
        term("How often a post is hidden, reported or unliked, per account reached", "metric"),
        term("negative reactions", "counted"), words.REACH), "negative_feedback", "reach", direction="down"),
    _rate("paid_impression_share", (
        term("Paid share of impressions", "metric"), term("What part of the impressions of posts was bought", "metric"),
        term("impressions by advertising", "counted"), words.IMPRESSIONS), "impressions_paid", "impressions",
        direction="neither", apart=("platform",)),
    Metric("video_share", "posts", term("Video share of posts", "metric"),
           term("What part of the posts is video, short or long, or live", "metric"), term("video posts", "counted"), SHARE,
           words.SHARE, ("posts.post_type",), _of_posts(lambda rows: rows.post_type.isin(VIDEO)), per=words.POSTS,
           direction="neither"),
)  # fmt: skip
