"""Words that several topics share: platforms, formats of posts, what is counted, what it is divided by, columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from fanops_utils.text import Count, Message, Percent, Sayable, Texts, Written, say_n, term
from fanops_utils.workspace.platforms import PLATFORMS

FORMATS: dict[str, Message] = {
    "image": term("images", "format of posts"), "video": term("videos", "format of posts"),
    "short_video": term("short videos", "format of posts"), "carousel": term("carousels", "format of posts"),
    "story": term("stories", "format of posts"), "text": term("text posts", "format of posts"),
    "link": term("links", "format of posts"), "live": term("live streams", "format of posts"),
    "note": term("notes", "format of posts"), "other": term("other posts", "format of posts"),
}  # fmt: skip
FORMATS_FIRST: dict[str, Message] = {
    "image": term("Images", "format of posts, first word"), "video": term("Videos", "format of posts, first word"),
    "short_video": term("Short videos", "format of posts, first word"),
    "carousel": term("Carousels", "format of posts, first word"), "story": term("Stories", "format of posts, first word"),
    "text": term("Text posts", "format of posts, first word"), "link": term("Links", "format of posts, first word"),
    "live": term("Live streams", "format of posts, first word"), "note": term("Notes", "format of posts, first word"),
    "other": term("Other posts", "format of posts, first word"),
}  # fmt: skip
UNITS: dict[str, Message] = {
    "engagements": term("interactions", "what is counted"), "views": term("views", "what is counted"),
    "reach": term("accounts reached", "what is counted"), "impressions": term("impressions", "what is counted"),
    "profile_visits": term("profile visits", "what is counted"), "link_clicks": term("link clicks", "what is counted"),
    "followers_gained": term("new followers", "what is counted"), "orders": term("orders", "what is counted"),
}  # fmt: skip
UNITS_FIRST: dict[str, Message] = {
    "engagements": term("Interactions", "what is counted, first word"), "views": term("Views", "what is counted, first word"),
    "reach": term("Accounts reached", "what is counted, first word"),
    "impressions": term("Impressions", "what is counted, first word"),
    "profile_visits": term("Profile visits", "what is counted, first word"),
    "link_clicks": term("Link clicks", "what is counted, first word"),
    "followers_gained": term("New followers", "what is counted, first word"),
    "orders": term("Orders", "what is counted, first word"),
}  # fmt: skip
PER: dict[str, Message] = {
    "reach": term("person reached", "per"), "views": term("view", "per"), "impressions": term("impression", "per"),
    "engagements": term("interaction", "per"), "followers_gained": term("new follower", "per"),
    "profile_visits": term("profile visit", "per"), "link_clicks": term("link click", "per"),
}  # fmt: skip
RATES: dict[str, Message] = {
    "reach": term("interactions per person reached", "rate"), "views": term("interactions per view", "rate"),
    "impressions": term("interactions per impression", "rate"),
}  # fmt: skip
RATES_FIRST: dict[str, Message] = {
    "reach": term("Interactions per person reached", "rate, first word"),
    "views": term("Interactions per view", "rate, first word"),
    "impressions": term("Interactions per impression", "rate, first word"),
}
WAYS: dict[str, Message] = {
    "organic": term("organic discovery", "way of joining"), "search": term("search", "way of joining"),
    "referral": term("referrals", "way of joining"), "creator": term("creators", "way of joining"),
    "giveaway": term("giveaways", "way of joining"), "ad": term("advertising", "way of joining"),
    "event": term("events", "way of joining"),
}  # fmt: skip
COLUMNS: dict[str, Message] = {
    "acquisition": term("how they came", "column of data"), "screening": term("result of screening", "column of data"),
    "comments": term("comments", "column of data"),
    "engagements": term("interactions", "column of data"), "fee": term("fee", "column of data"),
    "followers": term("followers", "column of data"), "followers_total": term("followers", "column of data"),
    "impressions": term("impressions", "column of data"), "impressions_ctr": term("click-through rate", "column of data"),
    "joined_on": term("day of joining", "column of data"), "likes": term("likes", "column of data"),
    "reach": term("reach", "column of data"), "saves": term("saves", "column of data"),
    "shares": term("shares", "column of data"), "customer_key": term("customer", "column of data"),
    "total": term("amount", "column of data"), "source": term("channel", "column of data"),
    "views": term("views", "column of data"),
}  # fmt: skip


def platform(key: str) -> Sayable:
    """Return the name of a platform; one that is not known as it is written."""
    known = PLATFORMS.get(key)
    return Texts((("en", known.name), ("zh-Hans", known.name_zh))) if known else Written(key)


def language(code: str) -> Sayable:
    """Return the name of a language by its code (de, pt-BR) in the languages of the pages; another as it is written."""
    try:
        known = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Written(code)
    names = {said: known.get_display_name(said.replace("-", "_")) for said in ("en", "zh-Hans")}
    return Texts(tuple((said, name) for said, name in names.items() if name)) if all(names.values()) else Written(code)


def told_in(row: Mapping[Any, Any], column: str) -> Sayable:
    """Return *column* of a reference table in the languages it is given in: itself in English, `<column>:<language>` else."""
    start = f"{column}:"
    others = {str(name).removeprefix(start): text for name, text in row.items() if str(name).startswith(start)}
    said = {"en": str(row[column])} | {
        language: text for language, text in others.items() if isinstance(text, str) and text
    }
    return Texts(tuple(said.items())) if len(said) > 1 else Written(str(row[column]), "en")


def posts_of(post_type: str, *, first: bool = False) -> Sayable:
    """Return the posts of a format ("short videos"), as the *first* word of a sentence, a cell or a label where asked for."""
    return (FORMATS_FIRST if first else FORMATS).get(post_type) or Written(post_type)


def unit(metric: str, *, first: bool = False) -> Sayable:
    """Return what a metric counts, many of it and without a number ("interactions")."""
    return (UNITS_FIRST if first else UNITS).get(metric) or Written(metric)


def per(denominator: str) -> Sayable:
    """Return what something is divided by, one of it: "person reached" in "interactions per person reached"."""
    return PER.get(denominator) or Written(denominator)


def rate(denominator: str, *, first: bool = False) -> Message:
    """Return the rate of interactions by what they are divided by: reach, views or impressions."""
    return (RATES_FIRST if first else RATES)[denominator]


def way(acquisition: str) -> Sayable:
    """Return how somebody came, as it goes on after "through"; one that is not known as it is written."""
    return WAYS.get(acquisition) or Written(acquisition)


def column(name: str) -> Sayable:
    """Return what a column of the canonical tables holds, for the middle of a sentence."""
    return COLUMNS.get(name) or Written(name, "en")


def counted(metric: str, number: float) -> Sayable:
    """Return *number* of what a metric counts ("1 view", "3 views")."""
    match metric:
        case "engagements":
            return say_n("{n} interaction", "{n} interactions", n=number)
        case "views":
            return say_n("{n} view", "{n} views", n=number)
        case "reach":
            return say_n("{n} account reached", "{n} accounts reached", n=number)
        case "impressions":
            return say_n("{n} impression", "{n} impressions", n=number)
        case "profile_visits":
            return say_n("{n} profile visit", "{n} profile visits", n=number)
        case "link_clicks":
            return say_n("{n} link click", "{n} link clicks", n=number)
        case "followers_gained":
            return say_n("{n} new follower", "{n} new followers", n=number)
        case "orders":
            return say_n("{n} order", "{n} orders", n=number)
    return term("{number} {metric}", "number of something", number=Count(float(number)), metric=metric)


def days(number: float) -> Sayable:
    """Return a number of days ("1 day", "28 days")."""
    return say_n("{n} day", "{n} days", n=number)


def chance_of(share: float) -> Sayable:
    """Return a chance from draws, for sentences and cells: none is ever whole, its ends are said as over 99% and under 1%."""
    if share > 0.99:
        return term("over 99%", "chance")
    if share < 0.01:
        return term("under 1%", "chance")
    return Percent(share, 0)


def number_of_chance(share: float) -> float | None:
    """Return a chance from draws as the number beside a finding; None at its ends, where it is a bound and no number."""
    return share if 0.01 <= share <= 0.99 else None
