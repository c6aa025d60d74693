"""Sprout Social: Post Performance and Profile Performance, several networks and profiles in one file."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.post_ids import (
    instagram_time,
    linkedin_id,
    linkedin_time,
    tiktok_link,
    tiktok_time,
    x_link,
    x_time,
)
from fanops_utils.data.sources.shared.publication import MOMENT, Publication, by_minute
from fanops_utils.data.sources.shared.resaved import counts, printed_day, printed_time
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Account

NETWORKS = {
    "facebook": "facebook", "instagram": "instagram", "fb instagram": "instagram", "x": "x", "twitter": "x",
    "x (formerly twitter)": "x", "linkedin": "linkedin", "tiktok": "tiktok", "youtube": "youtube", "bluesky": "bluesky",
}  # fmt: skip
PLATFORMS = ("facebook", "instagram", "x", "linkedin", "tiktok", "youtube", "bluesky")
POSTS: Aliases = {
    "date": ("Date",), "post_id": ("Post ID",), "network": ("Network",), "post_kind": ("Post Type",),
    "post_type": ("Content Type",), "profile": ("Profile",), "post_url": ("Link",), "post_message": ("Post",),
    "impressions": ("Impressions",), "impressions_paid": ("Paid Impressions",), "reach": ("Reach",),
    "reach_paid": ("Paid Reach",), "engagements": ("Engagements",), "reactions": ("Reactions",), "likes": ("Likes",),
    "comments": ("Comments",), "shares": ("Shares",), "saves": ("Saves",), "link_clicks": ("Post Link Clicks",),
    "clicks": ("Post Clicks (All)",), "negative_feedback": ("Negative Feedback",), "views": ("Video Views",),
    "views_paid": ("Paid Video Views",),
}  # fmt: skip
PROFILES: Aliases = {
    "date": ("Date",), "network": ("Network",), "profile": ("Profile",), "followers_total": ("Audience",),
    "growth": ("Net Audience Growth",), "posts_published": ("Published Posts (Total)",),
    "impressions": ("Impressions",), "engagements": ("Engagements",), "views": ("Video Views",),
}  # fmt: skip
POST_COUNTS = (
    "impressions", "impressions_paid", "reach", "reach_paid", "engagements", "reactions", "likes", "comments", "shares",
    "saves", "link_clicks", "clicks", "negative_feedback", "views", "views_paid",
)  # fmt: skip
DAY_COUNTS = ("followers_total", "posts_published", "impressions", "engagements", "views")
CONTENT_TYPES = {
    "photo": "image", "image": "image", "video": "video", "reel": "short_video", "carousel": "carousel",
    "album": "carousel", "document": "carousel", "link": "link", "text": "text", "story": "story", "live": "live",
}  # fmt: skip
ASSUMED = "UTC"


def _whose(sheet: Sheet, context: Context) -> tuple[pd.Series, pd.Series, dict[str, Account]]:
    """Return platform and account of each row, and the accounts by key; rows of others are rejected by their profile."""
    cells = sheet.cells
    network = cells.required("network")
    platform = network.str.casefold().map(NETWORKS).astype("string")
    cells.reject("network", network.notna() & platform.isna(), "not a network fanops knows")
    ours = [one for one in context.brand.accounts if one.platform in PLATFORMS]
    names = {(str(one.platform), name.casefold()): one for one in ours for name in (one.handle, one.id) if name}
    profile = cells.required("profile").str.removeprefix("@").str.casefold()
    found = [names.get((str(place), str(name))) for place, name in zip(platform, profile, strict=True)]
    if context.account:
        told = [one for one in ours if context.account in (one.handle, one.id)]
        only = {str(one.platform): one for one in told}
        found = [one or only.get(str(place)) for one, place in zip(found, platform, strict=True)]
    keys = pd.Series([account_key(one) if one else None for one in found], index=network.index, dtype="string")
    strangers = keys.isna() & platform.notna() & profile.notna()
    cells.reject("profile", strangers, "brand.yml has no account of this handle or id on the network")
    if sheet.rows_in and keys.isna().all():
        shown = cells.raw("profile").dropna()
        raise ImportRefused(
            "no profile in the file is an account in brand.yml", file=context.export.label,
            value=shown.iloc[0] if len(shown) else "", choices=[one.handle for one in ours],
        )  # fmt: skip
    return platform, keys, {account_key(one): one for one in found if one}


def parse_posts(sheet: Sheet, context: Context) -> Parsed:
    """Return posts of all profiles and their lifetime metrics; reactions are the likes where the file has them.

    Sprout prints times in the zone of its reporting settings, which the file does not name: each profile's rows are
    read in the zone of its market, and ids that hold a time prove or correct it.
    """
    cells = sheet.cells
    platform, account, accounts = _whose(sheet, context)
    post_id = cells.identifier("post_id").str.replace(r"^\d+_(?=\d+$)", "", regex=True)
    ids = _decoded(platform, post_id, cells.raw("post_url"))
    published, said = _published(sheet, context, ids, account, accounts)
    metrics = counts(sheet, POST_COUNTS)
    metrics["likes"] = metrics.pop("reactions", metrics.get("likes", _empty(cells))).fillna(
        metrics.get("likes", _empty(cells))
    )
    same = {"platform": platform, "post_id": post_id}
    kind = cells.raw("post_type").str.casefold().map(CONTENT_TYPES).astype("string")
    exported = context.exported_at()
    posts = accepted(sheet, {
        **same, "account_id": account, "account_name": cells.text("profile"), "post_url": cells.raw("post_url"),
        "post_message": cells.text("post_message"), "post_type": kind, **published, "is_collab": False,
        "is_reply": cells.raw("post_kind").str.contains("reply", case=False).fillna(value=False),
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    return Parsed({"posts": posts, "post_metrics": lifetime}, cells.rejects, sheet.rows_in, exported, said)


def _empty(cells: Cells) -> pd.Series:
    return pd.Series(pd.NA, index=cells.frame.index, dtype="Int64")


def _decoded(platform: pd.Series, post_id: pd.Series, url: pd.Series) -> pd.Series:
    """Return the time in each row's id or link, as its network writes it."""
    found = [_moment(str(one), "" if pd.isna(number) else str(number), "" if pd.isna(link) else str(link))
             for one, number, link in zip(platform, post_id, url, strict=True)]  # fmt: skip
    return pd.Series(found, index=platform.index, dtype=MOMENT)


def _moment(platform: str, number: str, link: str) -> datetime | None:
    match platform:
        case "instagram":
            return instagram_time(link)
        case "x":
            linked = x_link(link)
            return x_time(linked[1] if linked else number)
        case "tiktok":
            video = tiktok_link(link)
            return tiktok_time(video[1] if video else number)
        case "linkedin":
            return linkedin_time(linkedin_id(link) or linkedin_id(number) or number)
    return None


def _published(
    sheet: Sheet, context: Context, ids: pd.Series, account: pd.Series, accounts: dict[str, Account]
) -> tuple[dict[str, pd.Series], list[str]]:
    """Return the columns on publication, each zone of the markets read for itself, and warnings."""
    zones = {market.code: market.time_zone for market in context.brand.markets}
    zone_of = account.map({key: zones.get(one.market or "", ASSUMED) for key, one in accounts.items()}).fillna(ASSUMED)
    parts: list[Publication] = []
    said: list[str] = []
    before = len(sheet.cells.rejects)
    for zone in sorted(zone_of.unique()) or [ASSUMED]:
        rows = zone_of.index[zone_of == zone]
        del sheet.cells.rejects[before:]
        printed, about = printed_time(sheet, "date", context, zone=zone, ids=ids)
        parts.append(by_minute(printed[rows], ids[rows], zone=f"the time of {zone}"))
        said += [one for one in [*about, *parts[-1].warnings] if one not in said]
    sheet.cells.reject("date", sheet.cells.raw("date").isna(), "the cell is empty")
    columns = [pd.DataFrame(part.columns()) for part in parts]
    whole = pd.concat(columns).reindex(zone_of.index)
    return {str(name): whole[name] for name in whole}, said


def parse_profiles(sheet: Sheet, context: Context) -> Parsed:
    """Return days of all profiles: audience at the end of the day, posts published, impressions, engagements, views."""
    platform, account, _ = _whose(sheet, context)
    days, said = printed_day(sheet, "date", context)
    sheet.cells.reject("date", sheet.cells.raw("date").isna(), "the cell is empty")
    exported = context.exported_at()
    frame = accepted(sheet, {
        "platform": platform, "account_id": account, "date_day": days, **counts(sheet, DAY_COUNTS),
        "is_partial": days == pd.Timestamp(exported.date()),
    })  # fmt: skip
    return Parsed({"account_daily": frame}, sheet.cells.rejects, sheet.rows_in, exported, said)


SOURCES = (
    Source(
        "sprout",
        "posts",
        PLATFORMS,
        POSTS,
        frozenset({"date", "post_id", "network", "profile", "impressions"}),
        parse_posts,
    ),
    Source(
        "sprout",
        "profiles",
        PLATFORMS,
        PROFILES,
        frozenset({"date", "network", "profile", "followers_total"}),
        parse_profiles,
    ),
)
