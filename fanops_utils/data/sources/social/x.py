"""X: posts, daily account overview and daily video overview. Days are UTC; the post's id holds the hour."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.dates import full_date
from fanops_utils.data.sources.shared.owners import account_key, owners, whose
from fanops_utils.data.sources.shared.post_ids import x_link, x_time
from fanops_utils.data.sources.shared.publication import by_day, decoded
from fanops_utils.data.sources.shared.resaved import counts
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source

PLATFORM = ("x",)
RANGE = re.compile(r"_(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})")
NOT_A_DAY = "not a day like Mon, Mar 23, 2026"

# Our shares are the reposts. "Shares" counts links copied and sent, "Media views" pictures too: they are not read.
ENGAGEMENT: Aliases = {
    "impressions": ("Impressions", "노출수"), "likes": ("Likes", "좋아요"), "engagements": ("Engagements",),
    "saves": ("Bookmarks", "북마크"), "comments": ("Replies", "답글"), "reposts": ("Reposts", "재게시"),
    "profile_visits": ("Profile visits",),
}  # fmt: skip
CONTENT: Aliases = {
    "post_id": ("Post id",), "date": ("Date", "날짜"), "post_message": ("Post text", "포스트 텍스트"),
    "post_url": ("Post Link",), **ENGAGEMENT, "follows": ("New follows",), "link_clicks": ("URL Clicks",),
}  # fmt: skip
OVERVIEW: Aliases = {
    "date": ("Date",), **ENGAGEMENT, "followers_gained": ("New follows",), "followers_lost": ("Unfollows",),
    "posts_published": ("Create Post",), "views": ("Video views",),
}  # fmt: skip
VIDEO: Aliases = {
    "date": ("Date",), "views": ("Views",), "watch_time_ms": ("Watch Time (ms)",),
    "completion_rate": ("Completion Rate",), "average_ms": ("Average Watch Time (ms)",),
}  # fmt: skip
COUNTS = (
    "impressions",
    "likes",
    "engagements",
    "saves",
    "comments",
    "reposts",
    "profile_visits",
    "follows",
    "link_clicks",
)
DAILY = (*COUNTS[:7], "followers_gained", "followers_lost", "posts_published", "views")


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their lifetime metrics: the minute from the id where its UTC day is the printed one.

    A post without id takes the one in its link, else it is quarantined. Text that starts with @ is a reply.
    """
    cells = sheet.cells
    printed = pd.to_datetime(cells.apply("date", full_date, NOT_A_DAY))
    return posts_and_metrics(sheet, context, printed, _shares(counts(sheet, COUNTS)))


def _shares(found: dict[str, pd.Series]) -> dict[str, pd.Series]:
    return {"shares" if name == "reposts" else name: values for name, values in found.items()}


def posts_and_metrics(
    sheet: Sheet, context: Context, printed: pd.Series, metrics: dict[str, pd.Series], *, by_id: bool = True
) -> Parsed:
    """Return the tables posts and post_metrics of a file of posts on X.

    *printed* are UTC days, to be refined by the ids, or with ``by_id=False`` times that state their offset.
    """
    cells = sheet.cells
    links = [x_link(url) if isinstance(url, str) else None for url in cells.raw("post_url").fillna("")]
    handles = pd.Series([link[0] if link else None for link in links], index=cells.frame.index, dtype="string")
    account, theirs = owners(context, "x", [handles])
    post_id = _post_id(cells, [link[1] if link else None for link in links])
    exported = context.exported_at(named=_range_end(context))
    publication = by_day(printed, decoded(post_id, x_time, post_id.index)) if by_id else None
    if publication:
        publication.refuse_impossible(cells, "date")
    when = publication.columns() if publication else {
        "created_timestamp": printed, "created_precision": "minute", "created_source": "export",
        "tz_source": "export_offset",
    }  # fmt: skip
    same = {"platform": "x", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account, "post_url": cells.raw("post_url"), "post_message": cells.text("post_message"),
        **when, "is_collab": theirs & handles.notna(),
        "is_reply": cells.raw("post_message").str.startswith("@").fillna(value=False),
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    warnings = publication.warnings if publication else []
    return Parsed({"posts": posts, "post_metrics": lifetime}, cells.rejects, sheet.rows_in, exported, warnings)


def _post_id(cells: Cells, linked: list[str | None]) -> pd.Series:
    """Return the id of each post, from its link where the cell is empty or spoilt; reject what has neither."""
    links = pd.Series(linked, index=cells.frame.index, dtype="string")
    if not cells.has("post_id"):
        cells.reject("post_url", links.isna(), "neither an id nor a link to the post")
        return links
    return cells.identifier("post_id", shape=r"[0-9]{1,20}", linked=links)


def _range_end(context: Context) -> datetime | None:
    found = RANGE.search(context.export.name)
    try:
        return datetime.combine(date.fromisoformat(found.group(2)), time(23, 59, 59), UTC) if found else None
    except ValueError:
        return None


def parse_overview(sheet: Sheet, context: Context) -> Parsed:
    """Return the account's days (UTC, newest first in the file); video views are the views. X gives no follower total."""
    return _parse_daily(sheet, context, _shares(counts(sheet, DAILY)))


def parse_video(sheet: Sheet, context: Context) -> Parsed:
    """Return daily video views, time watched and the fraction watched to the end."""
    cells = sheet.cells
    extra = {
        "watch_time_seconds": cells.number("watch_time_ms", scale=0.001),
        "completion_rate": cells.rate("completion_rate"),
    }
    return _parse_daily(sheet, context, {**counts(sheet, ("views",)), **extra})


def _parse_daily(sheet: Sheet, context: Context, values: dict[str, pd.Series]) -> Parsed:
    account, exported = whose(context, PLATFORM), context.exported_at(named=_range_end(context))
    days = pd.to_datetime(sheet.cells.apply("date", full_date, NOT_A_DAY)).astype("datetime64[us]")
    sheet.cells.reject("date", sheet.cells.raw("date").isna(), "the cell is empty")
    daily = accepted(sheet, {
        "platform": "x", "account_id": account_key(account), "date_day": days, **values,
        "is_partial": days == pd.Timestamp(context.exported_at().date()), "tz": "UTC",
    })  # fmt: skip
    return Parsed({"account_daily": daily}, sheet.cells.rejects, sheet.rows_in, exported)


SOURCES = (
    Source(
        "x",
        "content",
        PLATFORM,
        CONTENT,
        frozenset({"date", "post_message", "post_url", "impressions", "reposts"}),
        parse_content,
    ),
    Source(
        "x",
        "overview",
        PLATFORM,
        OVERVIEW,
        frozenset({"date", "impressions", "followers_lost", "reposts"}),
        parse_overview,
    ),
    Source(
        "x", "video", PLATFORM, VIDEO, frozenset({"date", "views", "watch_time_ms", "completion_rate"}), parse_video
    ),
)
