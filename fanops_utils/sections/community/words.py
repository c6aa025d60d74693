"""Words of the reports on community and growth: steps, kinds of cases, activities and groups, days of the week."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils.text import Message, Sayable, Written, in_words, say, term

SMALL = 10
FEW = 30
WEEKDAYS = (
    term("Monday", "weekday"),
    term("Tuesday", "weekday"),
    term("Wednesday", "weekday"),
    term("Thursday", "weekday"),
    term("Friday", "weekday"),
    term("Saturday", "weekday"),
    term("Sunday", "weekday"),
)
WEEKDAYS_BRIEF = (
    term("Mon", "weekday"), term("Tue", "weekday"), term("Wed", "weekday"), term("Thu", "weekday"), term("Fri", "weekday"),
    term("Sat", "weekday"), term("Sun", "weekday"),
)  # fmt: skip
STEPS: dict[str, Message] = {
    "visit": term("Visited", "step"),
    "like": term("Liked", "step"),
    "comment": term("Commented", "step"),
    "buy": term("Bought", "step"),
    "sign_up": term("Signed up", "step"),
    "attend": term("Came", "step"),
    "review": term("Wrote a review", "step"),
    "order": term("Ordered within 30 days", "step"),
    "sent": term("Invitations sent", "step"),
    "joined": term("Joined", "step"),
    "stayed": term("Seen from day 7 on", "step"),
    "ordered": term("Placed an order", "step"),
}
CASES: dict[str, Message] = {
    "question": term("Questions", "kind of case"),
    "complaint": term("Complaints", "kind of case"),
    "suggestion": term("Suggestions", "kind of case"),
    "violation": term("Violations", "kind of case"),
}
ACTIVITIES: dict[str, Message] = {
    "tasting": term("tasting", "kind of activity"),
    "quiz": term("quiz", "kind of activity"),
    "live_stream": term("live stream", "kind of activity"),
    "challenge": term("challenge", "kind of activity"),
    "meeting": term("meeting", "kind of activity"),
    "ama": term("question hour", "kind of activity"),
    "leaderboard": term("ranking", "kind of activity"),
    "timed_reward": term("reward for a time", "kind of activity"),
}
GROUPS: dict[str, Message] = {
    "theme": term("theme", "kind of group"),
    "region": term("region", "kind of group"),
    "interest": term("interest", "kind of group"),
    "industry": term("industry", "kind of group"),
    "new": term("newcomers", "layer of groups"),
    "active": term("active members", "layer of groups"),
    "silent": term("silent members", "layer of groups"),
}
SOURCES: dict[str, Message] = {
    "unknown": term("not known", "source"),
    "link": term("link", "source"),
    "qr_code": term("QR code", "source"),
    "promotion_code": term("promotion code", "source"),
    "search": term("search", "source"),
    "creator": term("creators", "source"),
    "organic": term("organic discovery", "source"),
    "referral": term("referrals", "source"),
    "giveaway": term("giveaways", "source"),
    "ad": term("advertising", "source"),
    "event": term("events", "source"),
}
RULES: dict[str, Message] = {
    "advertising": term("advertising", "rule broken"), "spam": term("spam", "rule broken"),
    "off_topic": term("off topic", "rule broken"), "attack": term("personal attack", "rule broken"),
    "insult": term("insult", "rule broken"),
    "politics": term("politics", "rule broken"), "rumour": term("rumour", "rule broken"),
}  # fmt: skip
REASONS: dict[str, Message] = {
    "too_many_messages": term("too many messages", "reason for leaving"),
    "nothing_for_me": term("nothing for me", "reason for leaving"),
    "moved_to_another_group": term("moved to another group", "reason for leaving"),
    "unfriendly_tone": term("unfriendly tone", "reason for leaving"),
    "no_time": term("no time", "reason for leaving"), "price": term("price", "reason for leaving"),
    "quality": term("quality", "reason for leaving"), "other": term("another reason", "reason for leaving"),
}  # fmt: skip
SCREENING: dict[str, Message] = {
    "passed": term("passed", "result of screening"),
    "failed": term("failed", "result of screening"),
    "suspected bot": term("suspected bot", "result of screening"),
    "not screened": term("not screened", "result of screening"),
}


def named(known: Mapping[str, Message], code: object) -> Sayable:
    """Return what *code* is called; one that is not known as it is written."""
    return known.get(str(code)) or Written("—" if code is None or pd.isna(code) else str(code))  # type: ignore[call-overload]


def called(known: Mapping[str, Message], code: object) -> Sayable:
    """Return what the team's *code* is called, however it is written; one that is not known in its own words."""
    return known.get(str(code).strip().casefold().replace(" ", "_")) or in_words(str(code))


def lacking(table: str) -> Message:
    """Return that a canonical *table* holds nothing here, and what brings it: goes on after "No data:"."""
    return say(
        "table {table} holds nothing of this market; an export of it, or a mapping for yours, brings it",
        table=Written(table),
    )


def short(key: object) -> Written:
    """Return a pseudonym as lists show it: its first eight characters."""
    return Written(str(key)[:8])
