"""LinkedIn page exports: content (days and posts), followers and visitors. Workbooks of several sheets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.post_ids import linkedin_id, linkedin_time
from fanops_utils.data.sources.shared.publication import by_day, decoded
from fanops_utils.data.sources.shared.resaved import counts, printed_day
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted, fold, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import counted
from fanops_utils.workspace import Account

PLATFORM = ("linkedin",)
EPOCH_MS = re.compile(r"_(1[4-9]\d{11}|2\d{12})\b")

# the names of the fields stand apart from plain headers such as "Likes", which are other reports' columns
METRICS: Aliases = {
    "date": ("Date",), "impressions_total": ("Impressions (total)",), "reach_organic": ("Unique impressions (organic)",),
    "clicks_total": ("Clicks (total)",), "likes_total": ("Reactions (total)",), "comments_total": ("Comments (total)",),
    "shares_total": ("Reposts (total)",), "likes_organic": ("Reactions (organic)",),
    "comments_organic": ("Comments (organic)",),
}  # fmt: skip
POSTS: Aliases = {
    "post_message": ("Post title",), "post_url": ("Post link",), "paid": ("Post type",), "created_date": ("Created date",),
    "impressions": ("Impressions",), "views": ("Views", "Views (Excluding offsite video views)"), "clicks": ("Clicks",),
    "likes": ("Likes",), "comments": ("Comments",), "reposts": ("Reposts",), "follows": ("Follows",),
    "post_type": ("Content Type",),
}  # fmt: skip
FOLLOWERS: Aliases = {
    "date": ("Date",), "organic": ("Organic followers",), "followers_gained": ("Total followers",),
}  # fmt: skip
VISITORS: Aliases = {
    "date": ("Date",), "profile_visits": ("Total page views (total)",), "unique": ("Total unique visitors (total)",),
}  # fmt: skip
DIMENSIONS = {
    "location": "location", "job function": "job_function", "seniority": "seniority", "industry": "industry",
    "company size": "company_size",
}  # fmt: skip
POST_TYPES = {
    "video": "video", "image": "image", "multi image": "carousel", "multiple images": "carousel", "carousel": "carousel",
    "document": "carousel", "article": "link", "link": "link", "text": "text", "live video": "live",
}  # fmt: skip
PAID = {"organic": False, "sponsored": True}


def account_of(context: Context) -> Account:
    """Return the account of a LinkedIn file, which only the beginning of its name says."""
    handles = [one.handle for one in context.brand.accounts if one.platform == "linkedin"]
    return whose(context, PLATFORM, named=[name for name in handles if context.export.name.startswith(f"{name}_")])


def exported_at(context: Context, last: object = None) -> datetime:
    """Return the export moment: the file name's (milliseconds) unless the file holds a later day, the *last*."""
    found = EPOCH_MS.search(context.export.name)
    named = datetime.fromtimestamp(int(found.group(1)) / 1000, UTC) if found else None
    later = named is not None and isinstance(last, datetime) and not pd.isna(last) and named.date() < last.date()
    return context.exported_at(named=None if later else named)


def daily(sheet: Sheet, context: Context, values: dict[str, pd.Series], warnings: list[str]) -> Parsed:
    """Return *values* as days of table account_daily; the day of the export is unfinished."""
    days, said = printed_day(sheet, "date", context)
    sheet.cells.reject("date", sheet.cells.raw("date").isna(), "the cell is empty")
    exported = exported_at(context, days.max())
    frame = accepted(sheet, {
        "platform": "linkedin", "account_id": account_key(account_of(context)), "date_day": days, **values,
        "is_partial": days == pd.Timestamp(exported.date()), "tz": "UTC",
    })  # fmt: skip
    return Parsed({"account_daily": frame}, sheet.cells.rejects, sheet.rows_in, exported, [*said, *warnings])


def parse_metrics(sheet: Sheet, context: Context) -> Parsed:
    """Return days of the page, organic and sponsored together; reach is of organic posts.

    LinkedIn takes reactions and comments back on later days, so organic ones can be negative: kept, and said.
    """
    found = counts(sheet, METRICS.keys() - {"date"})
    warnings = []
    for name, word in (("likes_organic", "reactions"), ("comments_organic", "comments")):
        if negative := int((found.pop(name, pd.Series(dtype="Int64")) < 0).sum()):
            warnings.append(
                f"{counted(negative, 'day')} with negative organic {word}: LinkedIn corrected earlier counts; kept"
            )
    kept = {name.removesuffix("_total").removesuffix("_organic"): values for name, values in found.items()}
    return daily(sheet, context, kept, warnings)


def parse_followers(sheet: Sheet, context: Context) -> Parsed:
    """Return new followers per day: "Total followers" of this sheet are the new ones of the day, not all there are."""
    return daily(sheet, context, counts(sheet, ("followers_gained",)), [])


def parse_visitors(sheet: Sheet, context: Context) -> Parsed:
    """Return page views per day as visits of the profile."""
    return daily(sheet, context, counts(sheet, ("profile_visits",)), [])


def parse_posts(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their lifetime metrics: the minute from the activity's number where its UTC day is the printed."""
    cells = sheet.cells
    post_id = activity(sheet, "post_url")
    ids = decoded(post_id, linkedin_time, post_id.index)
    days, said = printed_day(sheet, "created_date", context, ids=ids)
    published = by_day(days, ids)
    published.refuse_impossible(cells, "created_date")
    exported = exported_at(context, days.max())
    metrics = counts(sheet, ("impressions", "views", "clicks", "likes", "comments", "reposts", "follows"))
    metrics["shares"] = metrics.pop("reposts", pd.Series(pd.NA, index=cells.frame.index, dtype="Int64"))
    same = {"platform": "linkedin", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account_of(context)), "post_url": cells.raw("post_url"),
        "post_message": cells.text("post_message"), **published.columns(),
        "post_type": cells.raw("post_type").str.casefold().map(POST_TYPES).astype("string"), "is_collab": False,
        "is_reply": False, "is_paid": cells.raw("paid").str.casefold().map(PAID).astype("boolean"),
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    tables = {"posts": posts, "post_metrics": lifetime}
    return Parsed(tables, cells.rejects, sheet.rows_in, exported, [*said, *published.warnings])


def activity(sheet: Sheet, column: str) -> pd.Series:
    """Return the number of the post in each link of *column*; links without one are rejected."""
    links = sheet.cells.required(column)
    found = links.map(linkedin_id, na_action="ignore").astype("string")
    sheet.cells.reject(column, links.notna() & found.isna(), "not the link of a LinkedIn post")
    return found


def find_dimension(grid: Grid) -> Sheet | None:
    """Return a sheet of followers by location, job function, …; None where *grid* is none."""
    header = [fold(cell) for cell in grid.rows[0]]
    if len(header) != 2 or header[0] not in DIMENSIONS or header[1] != "total followers":
        return None
    return sheet_at(grid, (0, {0: "segment", 1: "count"}))


def parse_dimension(sheet: Sheet, context: Context) -> Parsed:
    """Return followers by one dimension on the day of the export: here "Total followers" are all there are."""
    exported = exported_at(context)
    audience = accepted(sheet, {
        "platform": "linkedin", "account_id": account_key(account_of(context)), "snapshot_at": exported,
        "dimension": DIMENSIONS[fold(sheet.header[0])], "segment": sheet.cells.required("segment"),
        **counts(sheet, ("count",)),
    })  # fmt: skip
    return Parsed({"audience_snapshot": audience}, sheet.cells.rejects, sheet.rows_in, exported)


def _source(report: str, aliases: Aliases, needed: str, parse: Callable[[Sheet, Context], Parsed]) -> Source:
    return Source("linkedin", report, PLATFORM, aliases, frozenset(needed.split()), parse)


SOURCES = (
    _source("page_metrics", METRICS, "date impressions_total likes_total shares_total", parse_metrics),
    _source("page_posts", POSTS, "post_url created_date impressions reposts", parse_posts),
    _source("page_followers", FOLLOWERS, "date organic followers_gained", parse_followers),
    _source("page_visitors", VISITORS, "date profile_visits unique", parse_visitors),
    Source("linkedin", "page_audience", PLATFORM, {}, frozenset(), parse_dimension, find_dimension),
)
