"""Tables of Fivetran's social packages (dbt_social_media_reporting), as files: one row per post of several platforms.

Columns as the package's documentation lists them (version of 2026): "created_timestamp, post_id, post_message, page_id,
page_name, post_url, source_relation, platform, clicks, impressions, likes, shares, comments". The package turns what is not
known into 0, and fills columns from others: YouTube's clicks are its views, Instagram's impressions its views. So those are
read as what they are, and a 0 that the package writes for every post of a platform is not read at all.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.shared.spelled import moments
from fanops_utils.errors import ImportRefused

POSTS: Aliases = {
    "created": ("created_timestamp",), "post_id": ("post_id",), "post_message": ("post_message",),
    "page_id": ("page_id",), "page_name": ("page_name",), "post_url": ("post_url",),
    "relation": ("source_relation",), "platform": ("platform",), "clicks": ("clicks",),
    "impressions": ("impressions",), "likes": ("likes",), "shares": ("shares",), "comments": ("comments",),
}  # fmt: skip
PLATFORMS = {
    "facebook": "facebook",
    "instagram": "instagram",
    "linkedin": "linkedin",
    "twitter": "x",
    "youtube": "youtube",
}
# What a column of the package holds on each platform, where it holds something: (platform, column) -> ours.
MEANING = {
    ("instagram", "impressions"): "views", ("instagram", "likes"): "likes", ("instagram", "comments"): "comments",
    ("facebook", "clicks"): "clicks", ("facebook", "impressions"): "impressions", ("facebook", "likes"): "likes",
    ("linkedin", "clicks"): "clicks", ("linkedin", "impressions"): "impressions", ("linkedin", "likes"): "likes",
    ("linkedin", "comments"): "comments", ("linkedin", "shares"): "shares",
    ("x", "clicks"): "clicks", ("x", "impressions"): "impressions", ("x", "likes"): "likes",
    ("x", "comments"): "comments", ("x", "shares"): "shares",
    ("youtube", "clicks"): "views", ("youtube", "likes"): "likes", ("youtube", "comments"): "comments",
    ("youtube", "shares"): "shares",
}  # fmt: skip
COUNTED = ("clicks", "impressions", "likes", "shares", "comments")


def parse_posts(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their lifetime metrics, as of the export; pages that brand.yml does not name are set aside.

    Raises ImportRefused where no page of the file is an account of the brand.
    """
    cells, exported = sheet.cells, context.exported_at()
    printed = cells.required("platform").str.casefold()
    platform = printed.map(PLATFORMS).astype("string")
    cells.reject("platform", printed.notna() & platform.isna(), "not a platform of this package")
    account = _accounts(sheet, context, platform)
    created = moments(cells, "created", (), "UTC", required=True)
    metrics: dict[str, pd.Series] = {}
    for column in COUNTED:
        values = cells.count(column)
        for (where, from_), name in MEANING.items():
            of_it = (platform == where).fillna(value=False)
            if from_ == column and bool((values[of_it] > 0).fillna(value=False).any()):
                metrics[name] = metrics.get(name, pd.Series(pd.NA, index=values.index, dtype="Int64")).mask(
                    of_it, values
                )
    same = {"platform": platform, "post_id": cells.identifier("post_id")}
    posts = accepted(sheet, {
        **same, "account_id": account, "account_name": cells.text("page_name"), "post_url": cells.raw("post_url"),
        "post_message": cells.text("post_message"), "created_timestamp": created, "created_precision": "minute",
        "created_source": "export", "tz_source": "declared", "is_collab": False, "is_reply": False,
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    said = ["what this package writes as 0 for all posts of a platform is not known: left out"]
    return Parsed({"posts": posts, "post_metrics": lifetime}, cells.rejects, sheet.rows_in, exported, said)


def _accounts(sheet: Sheet, context: Context, platform: pd.Series) -> pd.Series:
    cells, ours = sheet.cells, context.brand.accounts
    names = {
        (str(one.platform), name.casefold()): account_key(one) for one in ours for name in (one.id, one.handle) if name
    }
    alone = {
        one.platform: account_key(one) for one in ours if sum(one.platform == other.platform for other in ours) == 1
    }
    found = pd.Series(pd.NA, index=platform.index, dtype="string")
    for evidence in (cells.raw("page_id"), cells.raw("page_name").str.removeprefix("@")):
        keys = [names.get((str(at), str(name).casefold())) for at, name in zip(platform, evidence, strict=True)]
        found = found.fillna(pd.Series(keys, index=platform.index, dtype="string"))
    nameless = cells.raw("page_id").isna() & cells.raw("page_name").isna()
    found = found.fillna(platform.map(alone).astype("string").where(nameless))
    stranger = platform.notna() & found.isna()
    if sheet.rows_in and found.isna().all():
        raise ImportRefused(
            "no page in the file is an account in brand.yml", file=context.export.label,
            value=str(cells.raw("page_name").iloc[0]), choices=[one.handle for one in ours],
        )  # fmt: skip
    cells.reject("page_name", stranger, "brand.yml has no account of this id or handle on the platform")
    return found


SOURCES = (
    Source(
        "fivetran", "social_posts", tuple(PLATFORMS.values()), POSTS,
        frozenset({"created", "post_id", "page_id", "platform", "impressions", "likes", "comments"}), parse_posts,
    ),
)  # fmt: skip
