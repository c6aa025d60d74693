"""Orders, advertising and web traffic."""

from __future__ import annotations

from fanops_utils.data.columns import count, day, moment, number, text
from fanops_utils.data.table import OWNER, define

TABLES = (
    define("orders", "one row per order; no names, addresses, e-mails or phones", "order_id", {
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
    }, local=("created_timestamp", "country")),
    define("order_lines", "one row per line of an order", "order_id line_no", {
        "order_id": text("the shop's id", required=True), "line_no": count("line within the order, from 1"),
        "sku": text("article"), "title": text("name of the article"), "quantity": count("pieces"),
        "price": number("price per piece"), "discount": number("discount on the line"),
    }),
    define("ads_daily", "one row per advertisement and day: spend and what it is said to have brought",
           "platform account_id date_day period_start campaign_name ad_group_name ad_name breakdown attribution_setting", {
        **OWNER,
        "date_day": day("day as the platform cuts it; null where the file has only a total of a period"),
        "metric_window": text("one day, or a period that cannot be split", required=True, choices=("day", "period")),
        "period_start": day("first day counted; null for one day"),
        "period_end": day("last day counted; null for one day"),
        "account_name": text("advertising account"),
        "campaign_id": text("the platform's id"), "campaign_name": text("campaign"),
        "ad_group_id": text("the platform's id"), "ad_group_name": text("ad set or ad group"),
        "ad_id": text("the platform's id"), "ad_name": text("advertisement or creative"),
        "breakdown": text("audience split the row belongs to, as the file names it"),
        "attribution_setting": text("windows in which the platform credits itself"),
        "currency": text("ISO 4217", required=True), "spend": number("cost in the currency"),
        "impressions": count("times shown"), "reach": count("distinct accounts reached; not additive"),
        "frequency": number("impressions per account reached; not additive"),
        "clicks": count("all clicks"), "link_clicks": count("clicks through to the destination"),
        "landing_page_views": count("pages loaded after a click"),
        "engagements": count(
            "interactions with the advertisement, as the platform counts them; TikTok: paid likes, comments, shares"
        ),
        "result_type": text("what a result is on this row; changes from row to row"),
        "results": number("results of that type"),
        "conversions": number("purchases or sign-ups the platform credits to the advertisement"),
        "conversions_value": number("their value in the currency"),
    }, merge_columns=True),
    define("web_daily", "one row per day and group of visits on the web site",
           "property date_day period_start channel_group source medium campaign country page_path", {
        "property": text("web property, as the export or the mapping names it", required=True),
        "date_day": day("day in the property's time zone; null where the file has only a total of a period"),
        "metric_window": text("one day, or a period that cannot be split", required=True, choices=("day", "period")),
        "period_start": day("first day counted; null for one day"),
        "period_end": day("last day counted; null for one day"),
        "channel_group": text("default channel group"), "source": text("where the visit came from"),
        "medium": text("kind of link"), "campaign": text("utm_campaign"), "country": text("country as named"),
        "page_path": text("page"),
        "sessions": count("visits"), "engaged_sessions": count("visits that lasted, converted or went on"),
        "active_users": count("distinct users; not additive over days"),
        "new_users": count("users for the first time"), "views": count("pages viewed"),
        "event_count": count("events"), "key_events": number("conversions as the property defines them"),
        "average_engagement_seconds": number("engagement time per active user; seconds"),
        "total_revenue": number("revenue in the property's currency", signed=True),
    }, merge_columns=True),
)  # fmt: skip
