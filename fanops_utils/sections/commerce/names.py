"""Words of the commerce reports: plans, sources, rules, channels, what points are for, attributes of members."""

from __future__ import annotations

from fanops_utils.sections import words
from fanops_utils.text import Message, Sayable, in_words, term

PLANS: dict[str, Message] = {
    "basic": term("Basic", "plan"), "advanced": term("Advanced", "plan"), "vip": term("VIP", "plan"),
    "monthly": term("Monthly", "plan"), "yearly": term("Yearly", "plan"),
}  # fmt: skip
SOURCES: dict[str, Message] = {
    "referral": term("Referral", "source of customers"), "social": term("Social", "source of customers"),
    "search": term("Search", "source of customers"), "organic": term("Organic", "source of customers"),
    "creator": term("Creators", "source of customers"), "giveaway": term("Giveaways", "source of customers"),
    "partners": term("All partners; customers by their codes", "source of customers"),
    "all": term("All channels together", "source of customers"),
}  # fmt: skip
RULES: dict[str, Message] = {
    "channel": term("Placed in a network's shop", "rule of attribution"),
    "link": term("Site conversions from social links", "rule of attribution"),
    "code": term("Under a partner's or member's code", "rule of attribution"),
    "survey": term("Buyers who name social when asked", "rule of attribution"),
    "member": term("Placed by a community member", "rule of attribution"),
    "referral": term("Placed by an invited member", "rule of attribution"),
}
BOOKINGS: dict[str, Message] = {
    "issued": term("Issued", "booking of points"), "redeemed": term("Redeemed", "booking of points"),
    "expired": term("Expired", "booking of points"), "corrected": term("Corrected", "booking of points"),
}  # fmt: skip
REASONS: dict[str, Message] = {
    "order": term("Orders", "reason for points"), "invitation": term("Invitations", "reason for points"),
    "review": term("Reviews", "reason for points"), "check_in": term("Check-ins", "reason for points"),
}  # fmt: skip
ATTRIBUTES: dict[str, Message] = {
    "acquisition": term("how they came", "attribute of members"),
    "activity": term("active days in the first 28", "attribute of members"),
    "role": term("role in the community", "attribute of members"),
    "invited_others": term("having invited others", "attribute of members"),
    "weekday": term("weekday of joining", "attribute of members"),
}
STATUS: dict[str, Message] = {
    "measured": term("measured", "status of an offer"), "no_holdout": term("nobody held out", "status of an offer"),
    "few": term("too few people", "status of an offer"), "too_early": term("still runs", "status of an offer"),
    "no_orders": term("no orders in the data", "status of an offer"),
}  # fmt: skip


def plan(name: str) -> Sayable:
    """Return the name of a plan; one that is not known as it is written."""
    return PLANS.get(name) or in_words(name)


def source(name: str) -> Sayable:
    """Return the name of a source or channel; a network by its own name, what is not known as it is written."""
    return SOURCES.get(name) or words.platform(name)


def reason(name: str) -> Sayable:
    """Return what points are issued for; what is not known as it is written."""
    return REASONS.get(name) or in_words(name)


def attribute(name: str) -> Sayable:
    """Return the name of an attribute of members; one that is not known as it is written."""
    return ATTRIBUTES.get(name) or in_words(name)
