"""E-mail: what Klaviyo and Mailchimp say of each mailing and of each subscriber.

Headers as readers of these files in public repositories list them: Klaviyo's campaigns ("Campaign Name, Tags, Subject, List, Send
Time, …") and profiles, Mailchimp's comparison of campaigns ("Title, Subject, List, Send Date, …") and its audience
("Email Address, …, MEMBER_RATING, OPTIN_TIME, …"). A mailing is a post on the platform `email`: opened mailings count as
reach, unsubscribing and complaining as negative feedback; programs that open mailings by themselves count among the openings.
Of subscribers nothing is kept but pseudonyms, the same as those of buyers, and when they came and left.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.sheet import Aliases
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.sources.shared.spelled import Report

MAILING: dict[str, tuple[str, ...]] = {
    "posts": ("platform", "account_id", "post_id", "post_message", "created_timestamp", "created_precision",
              "created_source", "tz_source", "is_collab", "is_reply"),
    "post_metrics": ("platform", "post_id", "metric_window", "snapshot_at", "impressions", "reach", "link_clicks",
                     "negative_feedback"),
}  # fmt: skip
SENT = {
    "created_precision": "minute", "created_source": "export", "tz_source": "assumed", "is_collab": False,
    "is_reply": False, "metric_window": "lifetime",
}  # fmt: skip
SUBSCRIBER = {"fans": ("platform", "member_key", "market", "joined_at", "left_at", "customer_key")}


def _turned_away(cells: Cells, _context: Context) -> pd.Series:
    """Return unsubscriptions and complaints together; unknown where either is."""
    return cells.count("unsubscribed") + cells.count("complaints")


def _market(cells: Cells, context: Context) -> pd.Series:
    """Return the market to which the subscriber's country belongs; null where none of the brand's has it."""
    markets = {country: market.code for market in context.brand.markets for country in market.country_codes}
    return cells.code("country_code").map(markets).astype("string")


KLAVIYO_CAMPAIGNS: Aliases = {
    "post_id": ("Campaign ID",), "campaign": ("Campaign Name",), "post_message": ("Subject",),
    "created_timestamp": ("Send Time",), "recipients": ("Total Recipients",), "reach": ("Unique Opens",),
    "impressions": ("Total Opens",), "link_clicks": ("Total Clicks",), "unsubscribed": ("Unsubscribes",),
    "complaints": ("Spam Complaints",),
}  # fmt: skip
MAILCHIMP_CAMPAIGNS: Aliases = {
    "post_id": ("Unique Id",), "campaign": ("Title",), "post_message": ("Subject",), "created_timestamp": ("Send Date",),
    "recipients": ("Total Recipients",), "reach": ("Unique Opens",), "impressions": ("Total Opens",),
    "link_clicks": ("Total Clicks",), "unsubscribed": ("Unsubscribes",), "complaints": ("Abuse Complaints",),
}  # fmt: skip
KLAVIYO_PROFILES: Aliases = {
    "member_key": ("Email",), "profile": ("Klaviyo ID",), "consent": ("Email Marketing Consent",),
    "joined_at": ("Profile Created On",), "added": ("Date Added",),
}  # fmt: skip
MAILCHIMP_AUDIENCE: Aliases = {
    "member_key": ("Email Address",), "rating": ("MEMBER_RATING",), "opted": ("OPTIN_TIME",),
    "confirmed": ("CONFIRM_TIME",), "left_at": ("UNSUB_TIME",), "country_code": ("CC",), "leid": ("LEID",),
    "euid": ("EUID",),
}  # fmt: skip


def _person(cells: Cells, context: Context) -> pd.Series:
    """Return the pseudonym of each address."""
    address = cells.required("member_key").str.casefold()
    cells.reject("member_key", address.notna() & ~address.str.contains("@", regex=False), "not an e-mail address")
    return Pseudonyms.of(context.workspace).keys(address)


def _buyer(cells: Cells, context: Context) -> pd.Series:
    """Return the same pseudonym, under which a shop's orders know the person."""
    return Pseudonyms.of(context.workspace).keys(cells.raw("member_key").str.casefold())


def _joined(cells: Cells, _context: Context) -> pd.Series:
    """Return when a subscriber confirmed, which Mailchimp always has, or else asked to be one."""
    return cells.iso_time("confirmed", "UTC").fillna(cells.iso_time("opted", "UTC"))


def _mailings(source: str, spellings: Aliases, formats: tuple[str, ...]) -> Report:
    needed = frozenset({"post_id", "post_message", "created_timestamp", "recipients", "reach", "impressions"})
    return Report(
        source, "campaigns", spellings, needed, MAILING, platform="email", constants=SENT,
        derived={"negative_feedback": _turned_away}, formats=formats, zone="", total_in="campaign",
    )  # fmt: skip


SOURCES = (
    _mailings("klaviyo", KLAVIYO_CAMPAIGNS, ()).as_source(),
    _mailings("mailchimp", MAILCHIMP_CAMPAIGNS, ("%b %d, %Y %I:%M %p",)).as_source(),
    Report(
        "klaviyo", "profiles", KLAVIYO_PROFILES, frozenset({"member_key", "profile", "joined_at"}), SUBSCRIBER,
        platform="email", derived={"member_key": _person, "customer_key": _buyer}, personal=True,
    ).as_source(),
    Report(
        "mailchimp", "audience", MAILCHIMP_AUDIENCE, frozenset({"member_key", "rating", "opted", "confirmed", "euid"}),
        SUBSCRIBER, platform="email", personal=True,
        derived={"member_key": _person, "customer_key": _buyer, "joined_at": _joined, "market": _market},
    ).as_source(),
)  # fmt: skip
