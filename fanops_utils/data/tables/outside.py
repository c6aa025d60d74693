"""Accounts that are not the brand's: rivals and partners, as a listening tool counts them; and where followers come from."""

from __future__ import annotations

from fanops_utils.data.columns import count, day, moment, share, text
from fanops_utils.data.table import OWNER, define
from fanops_utils.data.tables.social import POST_TYPES

WATCHED = {
    "platform": OWNER["platform"], "handle": text("handle of the account", required=True),
    "owner": text("whose account it is", required=True, choices=("rival", "partner")),
    "brand": text("rival's name, as in brand.yml; null for a partner"),
    "partner_key": text("pseudonym of the partner, as in partners; null for a rival"),
    "market": text("market code"),
}  # fmt: skip

TABLES = (
    define("watched_daily", "one row per watched account of others and day", "platform handle date_day", {
        **WATCHED, "date_day": day("day as the tool cuts it", required=True),
        "followers_total": count("followers at the end of the day"), "posts_published": count("posts published that day"),
        "engagements": count("interactions with posts that day"), "views": count("views that day"),
    }, merge_columns=True),
    define("watched_posts", "one row per post of a watched account", "platform post_id", {
        **WATCHED, "post_id": text("the platform's id", required=True),
        "created_timestamp": moment("time of publication", required=True),
        "post_type": text("format", choices=POST_TYPES), "topic": text("topic as the tool labels it"),
        "followers": count("followers at publication"), "views": count("times viewed"),
        "likes": count("likes or reactions"), "comments": count("comments"), "shares": count("shares"),
        "repeated_comments": share("comments whose text stands under the post more than once"),
        "snapshot_at": moment("when the numbers were read"),
    }, local=("created_timestamp", "market")),
    define("follower_sources", "one row per account, day and source: where new followers came from",
           "platform account_id date_day source", {
        **OWNER, "date_day": day("day, or first day of the period", required=True),
        "period_end": day("last day of the period; null for one day"),
        "source": text("link, QR code, promotion code, search, … ; unknown is a source of its own", required=True),
        "campaign": text("id of the campaign's register"),
        "followers_gained": count("new followers through it"),
    }),
    define("content_tags", "one row per post as the team planned and tagged it", "platform post_id", {
        **OWNER, "post_id": text("the platform's id of the post", required=True), "market": text("market code"),
        "planned_for": day("day it was planned for"),
        "content_type": text("product, education, interaction, emotion, entertainment or as the team names it"),
        "series": text("series it belongs to; null for a post by itself"), "topic": text("topic or content pillar"),
        "origin": text("who made it: OGC the brand, PGC professionals, UGC a user, KOL a partner",
                       choices=("OGC", "PGC", "UGC", "KOL")),
        "making": text("original or curated", choices=("original", "curated")),
        "signed_off_at": moment("time of the reviewer's sign-off; null where there was none"),
    }),
)  # fmt: skip
