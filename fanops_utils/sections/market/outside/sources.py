"""Words of sourced sizes: what is counted, of which platform, in which unit and when."""

from __future__ import annotations

from fanops_utils.sections import words
from fanops_utils.text import Message, Sayable, Written, term

MEASURES: dict[str, Message] = {
    "ad audience": term("ad audience", "what is counted"),
    "ad audience 18+": term("ad audience 18+", "what is counted"),
    "ad reach": term("ad reach", "what is counted"),
    "daily active people": term("daily active people", "what is counted"),
    "daily active users": term("daily active users", "what is counted"),
    "ever use (survey)": term("ever use (survey)", "what is counted"),
    "internet users": term("internet users", "what is counted"),
    "monthly active accounts, Weixin and WeChat": term("monthly active accounts, Weixin and WeChat", "what is counted"),
    "monthly active recipients (DSA)": term("monthly active recipients (DSA)", "what is counted"),
    "monthly active users": term("monthly active users", "what is counted"),
    "monthly active users (more than)": term("monthly active users (more than)", "what is counted"),
    "monthly use (survey)": term("monthly use (survey)", "what is counted"),
    "most used platform (survey)": term("most used platform (survey)", "what is counted"),
    "social media penetration": term("social media penetration", "what is counted"),
    "social media user identities": term("social media user identities", "what is counted"),
    "users (not defined)": term("users (not defined)", "what is counted"),
}
OTHERS: dict[str, Sayable] = {  # platforms of the sources that no account of a brand is on
    "whatsapp": Written("WhatsApp"), "snapchat": Written("Snapchat"), "threads": Written("Threads"),
    "pinterest": Written("Pinterest"), "kakaotalk": Written("KakaoTalk"),
    "meta family": term("Meta's apps together", "platform of a source"),
    "all": term("all social media", "platform of a source"), "internet": term("the internet", "platform of a source"),
}  # fmt: skip
UNITS: dict[str, Message] = {"million": term("million", "unit of a size")}


def measure(name: str) -> Sayable:
    """Return what a source counts, in the language of the page; one that is not known as it is written."""
    return MEASURES.get(name, Written(name, "en"))


def platform(key: str) -> Sayable:
    """Return the name of a platform, also of one that no brand has an account on."""
    return OTHERS.get(key) or words.platform(key)


def unit(name: str) -> Sayable:
    """Return the unit of a size."""
    return UNITS.get(name, Written(name, "en"))


def time_of(as_of: str) -> Written:
    """Return the day, half year or stretch a size is of; a stretch as `2025-02 – 2025-06`."""
    return Written(as_of.replace(" to ", " – "))
