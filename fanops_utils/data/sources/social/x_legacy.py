"""X before 2024: the 40 columns of tweet_activity_metrics, with times that state their offset."""

from __future__ import annotations

from fanops_utils.data.sources.shared.resaved import counts
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social.x import PLATFORM, posts_and_metrics

# The columns "promoted …" stand apart and are "-" where nothing was promoted.
LEGACY: Aliases = {
    "post_id": ("Tweet id",), "post_url": ("Tweet permalink",), "post_message": ("Tweet text",), "time": ("time",),
    "impressions": ("impressions",), "engagements": ("engagements",), "reposts": ("retweets",),
    "comments": ("replies",), "likes": ("likes", "favorites"), "profile_visits": ("user profile clicks",),
    "link_clicks": ("url clicks",), "follows": ("follows",),
    "impressions_paid": ("promoted impressions",),
}  # fmt: skip
COUNTS = (
    "impressions", "engagements", "reposts", "comments", "likes", "profile_visits", "link_clicks", "follows",
    "impressions_paid",
)  # fmt: skip


def parse_legacy(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their lifetime metrics: what was organic, and the impressions of promotion apart.

    The time is to the minute and carries its offset.
    """
    found = counts(sheet, COUNTS)
    metrics = {"shares" if name == "reposts" else name: values for name, values in found.items()}
    sheet.cells.reject("time", sheet.cells.raw("time").isna(), "the cell is empty")
    return posts_and_metrics(sheet, context, sheet.cells.iso_time("time", "UTC"), metrics, by_id=False)


SOURCES = (
    Source(
        "x", "tweet_activity", PLATFORM, LEGACY, frozenset({"post_id", "time", "impressions", "reposts"}), parse_legacy
    ),
)
