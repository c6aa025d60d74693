"""The canonical tables: columns, types, units and keys; every import ends in them.

All metrics are nullable and never filled with zero, rates are fractions, times are UTC, ids are text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pyarrow as arrow

from fanops_utils.data.columns import Column, count, day, flag, moment, number, share, text
from fanops_utils.errors import DataError

POST_TYPES = ("image", "video", "short_video", "carousel", "story", "text", "link", "live", "note")
WINDOWS = ("lifetime", "period", "day")


@dataclass(frozen=True)
class Table:
    """One canonical table; `open` tables accept further numeric columns, named by the mapping."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    open: bool = False
    merge_columns: bool = field(default=False, metadata={"doc": "a later row fills gaps of an earlier one"})

    @property
    def payload(self) -> list[str]:
        """Columns that carry facts: all but the provenance."""
        return [name for name in self.columns if name not in PROVENANCE]

    def schema(self) -> pa.DataFrameSchema:
        """Return the pandera schema that a frame of this table must pass."""
        columns = {
            name: pa.Column(spec.dtype, checks=spec.check, nullable=not spec.required, description=spec.description)
            for name, spec in self.columns.items()
        }
        return pa.DataFrameSchema(columns, name=self.name, strict=not self.open)

    def failures(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return what in *frame*, already conformed, is against the schema: index, column, check, failure_case."""
        telling = [
            name for name, spec in self.columns.items() if spec.required or (spec.check and frame[name].notna().any())
        ]
        try:
            self.schema().select_columns(telling).validate(frame[telling], lazy=True)
        except pandera.errors.SchemaErrors as error:
            return error.failure_cases
        return pd.DataFrame(columns=["index", "column", "check", "failure_case"])

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return *frame* with exactly this table's columns, in order and in type; absent ones are null."""
        extra = [name for name in frame.columns if name not in self.columns]
        if extra and not self.open:
            raise DataError(f"table {self.name} has no such column", column=extra[0], choices=self.columns)
        ready = {
            name: frame[name].astype(spec.dtype)
            if name in frame
            else pd.Series(None, index=frame.index, dtype=spec.dtype)
            for name, spec in self.columns.items()
        }
        ready.update({name: frame[name].astype("Float64") for name in extra})
        return pd.DataFrame(ready, index=frame.index)

    def arrow_schema(self, frame: pd.DataFrame) -> arrow.Schema:
        """Return the Arrow schema that *frame* is stored with."""
        return arrow.schema(
            [(name, self.columns[name].arrow if name in self.columns else arrow.float64()) for name in frame.columns]
        )


PROVENANCE: dict[str, Column] = {
    "source_file": text("file the row came from, relative to the workspace where it lies there"),
    "source_row": count("record number in that file, 1 = first record after the header"),
    "exported_at": moment("when the platform wrote the file; decides which of two exports is newer"),
    "imported_at": moment("when the row was loaded"),
}

OWNER = {
    "platform": text("platform as in brand.yml", required=True),
    "account_id": text("account as in brand.yml (id, or handle where it has none)", required=True),
}
PERSON = {"member_key": text("pseudonym of a member: keyed HMAC-SHA256 of the platform's id", required=True)}


def _table(name: str, description: str, key: str, columns: dict[str, Column], **options: bool) -> Table:
    return Table(name, description, tuple(key.split()), {**columns, **PROVENANCE}, **options)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table("posts", "one row per post: what was published, when", "platform post_id", {
            **OWNER,
            "account_name": text("display name of the account that published"),
            "post_id": text("the platform's id", required=True),
            "post_url": text("permanent link"),
            "post_message": text("caption or title, as written"),
            "post_type": text("format", choices=POST_TYPES),
            "created_timestamp": moment("time of publication"),
            "created_precision": text("minute or day; null where the file has no date", choices=("minute", "day")),
            "created_source": text("export column or decoded post id", choices=("export", "post_id")),
            "tz_source": text("how the zone is known", choices=("proved", "export_offset", "declared", "assumed")),
            "is_scheduled": flag("uploaded earlier than published"),
            "is_collab": flag("published by another account, shown on ours too"),
            "is_reply": flag("an answer, not a post of its own"),
            "is_paid": flag("boosted or sponsored"),
            "duration_seconds": number("length; seconds"),
            "language": text("language of the text, BCP 47"),
            "topic": text("topic or content pillar, as the export or the mapping names it"),
        }),
        _table("post_metrics", "one row per post, window and snapshot: how it did",
               "platform post_id metric_window period_start snapshot_at", {
            "platform": OWNER["platform"],
            "post_id": text("the platform's id", required=True),
            "metric_window": text("lifetime at export, a period, or one day", required=True, choices=WINDOWS),
            "period_start": day("first day counted; null for lifetime"),
            "period_end": day("last day counted; null for lifetime"),
            "snapshot_at": moment("when the numbers were read", required=True),
            "impressions": count("times shown (before a rename to views: not the same metric)"),
            "views": count("times viewed"),
            "reach": count("distinct accounts reached; never summed over posts or days"),
            "likes": count("likes or reactions"),
            "comments": count("comments or replies"),
            "shares": count("shares, reposts, forwards"),
            "saves": count("saves or bookmarks"),
            "clicks": count("all clicks"),
            "link_clicks": count("clicks on a link"),
            "profile_visits": count("visits of the profile from the post"),
            "follows": count("net new followers from the post", signed=True),
            "engagements": count("interactions as the platform counts them"),
            "new_viewers": count("viewers who had not watched the account before"),
            "watch_time_seconds": number("total time watched; seconds"),
            "average_view_duration_seconds": number("mean time watched per view; seconds"),
            "impressions_ctr": share("clicks per impression of the thumbnail"),
        }),
        _table("account_daily", "one row per account and day", "platform account_id date_day", {
            **OWNER,
            "date_day": day("day as the platform cuts it", required=True),
            **{name: count(text_, signed=True) for name, text_ in {
                "followers_total": "followers at the end of the day",
                "followers_gained": "new followers that day",
                "followers_lost": "followers lost that day",
                "impressions": "times shown", "views": "times viewed",
                "reach": "distinct accounts reached that day; not additive over days",
                "viewers": "distinct viewers that day; not additive over days",
                "new_viewers": "viewers for the first time", "returning_viewers": "viewers who came back",
                "profile_visits": "visits of the profile", "engagements": "interactions with content",
                "likes": "likes", "comments": "comments", "shares": "shares", "saves": "saves",
                "link_clicks": "clicks on the profile's link",
            }.items()},
            "is_partial": flag("the platform had not finished counting the day"),
        }, merge_columns=True),
        _table("audience_snapshot", "composition of the followers on one day",
               "platform account_id snapshot_at dimension segment", {
            **OWNER,
            "snapshot_at": moment("when the composition was read", required=True),
            "dimension": text("gender, gender_age, country, city", required=True),
            "segment": text("the group", required=True),
            "share": share("part of the followers"),
            "count": count("followers in the group"),
        }),
        _table("audience_activity_hourly", "followers active per hour", "platform account_id date_day hour", {
            **OWNER,
            "date_day": day("day as the platform cuts it", required=True),
            "hour": count("hour 0-23 as the platform cuts it"),
            "active_followers": count("followers active in the hour"),
            "is_partial": flag("the platform had not finished counting the day"),
        }),
        _table("orders", "one row per order; no names, addresses, e-mails or phones", "order_id", {
            "order_id": text("the shop's id", required=True),
            "order_name": text("number shown to the customer"),
            "created_timestamp": moment("time of the order", required=True),
            "customer_key": text("pseudonym of the buyer"),
            "currency": text("ISO 4217", required=True),
            "subtotal": number("before shipping and taxes"), "discount_code": text("code used"),
            "discount_amount": number("discount on the order"), "shipping": number("shipping charged"),
            "taxes": number("taxes"), "total": number("amount charged"),
            "refunded_amount": number("amount paid back"),
            "financial_status": text("paid, refunded, …"), "fulfillment_status": text("fulfilled, …"),
            "cancelled_at": moment("time of cancellation"),
            "source": text("sales channel as the shop names it"), "country": text("ISO 3166 of the shipping address"),
        }),
        _table("order_lines", "one row per line of an order", "order_id line_no", {
            "order_id": text("the shop's id", required=True), "line_no": count("line within the order, from 1"),
            "sku": text("article"), "title": text("name of the article"), "quantity": count("pieces"),
            "price": number("price per piece"), "discount": number("discount on the line"),
        }),
        _table("fans", "one row per community member", "platform member_key", {
            "platform": OWNER["platform"], **PERSON,
            "market": text("market code"), "joined_at": moment("time of joining"),
            "acquisition": text("how the member came: organic, referral, giveaway, …"),
        }),
        _table("member_events", "one row per act of a member", "platform member_key event_timestamp event_name", {
            "platform": OWNER["platform"], **PERSON,
            "market": text("market code"),
            "event_timestamp": moment("time of the act", required=True),
            "event_name": text("visit, like, comment, share, buy, …", required=True),
            "event_value": number("money or points where the act has some", signed=True),
        }),
        _table("mentions", "one row per public mention of us or a rival", "platform mention_id", {
            "platform": OWNER["platform"],
            "mention_id": text("the listening tool's id", required=True),
            "mentioned_at": moment("time of the mention", required=True),
            "market": text("market code"), "brand": text("brand mentioned, as in brand.yml", required=True),
            "sentiment": text("as labelled by the tool", choices=("positive", "neutral", "negative")),
            "topic": text("topic as labelled by the tool"),
        }),
        _table("experiment_units", "one row per unit of an experiment; outcomes are the further columns",
               "experiment unit_key", {
            "experiment": text("id of the experiment's register", required=True),
            "unit_key": text("pseudonym of the unit", required=True),
            "variant": text("arm the unit was assigned to", required=True),
            "market": text("market code"),
            "assigned_at": moment("time of assignment"),
        }, open=True),
    )
}  # fmt: skip

SYSTEM_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("import_log", "one row per file imported", ("file",), {
            "file": text("path, from the workspace where it lies inside it; archive members behind a slash"),
            "fingerprint": text("hash of the bytes and of the registers that decide how they are read"),
            "status": text("loaded, unchanged or refused"), "source": text("platform, or mapping"),
            "report_type": text("report, or name of the mapping"), "rows_in": count("records in the file"),
            "rows_loaded": count("records loaded"), "rows_quarantined": count("records set aside"),
            "rows_duplicate": count("records already there"), "warnings": text("what to know, one per line"),
            "exported_at": moment("when the platform wrote the file"), "imported_at": moment("when it was imported"),
        }),
        Table("quarantine", "one row per record that could not be loaded", ("file", "source_row", "column"), {
            "file": text("as in import_log"), "source_row": count("record number in the file"),
            "column": text("column of the file"), "value": text("the cell, as written"), "reason": text("why not"),
        }),
        Table("fan_day", "one row per member and day: what member_events holds, counted", ("platform", "member_key", "date_day"), {
            "platform": text("platform"), "member_key": text("pseudonym of the member"), "market": text("market code"),
            "date_day": day("day in the market's time zone"), "events": count("acts that day"),
            "likes": count("likes"), "comments": count("comments"), "shares": count("shares"), "buys": count("purchases"),
            "value": number("money or points of the day", signed=True),
        }),
    )
}  # fmt: skip


def table(name: str) -> Table:
    """Return the table *name*, canonical or the warehouse's own; raise DataError naming the nearest one."""
    known = {**TABLES, **SYSTEM_TABLES}
    if name not in known:
        raise DataError("no such table", value=name, choices=known)
    return known[name]
