"""Life in the community: groups, messages, cases to answer, activities, and the ledger of points."""

from __future__ import annotations

from fanops_utils.data.columns import count, moment, number, text
from fanops_utils.data.table import OWNER, PERSON, define

CASES = ("question", "complaint", "suggestion", "violation")
PLATFORM, MARKET = {"platform": OWNER["platform"]}, {"market": text("market code")}

TABLES = (
    define("groups", "one row per chat group", "platform group_id", {
        **PLATFORM, "group_id": text("the platform's id of the group", required=True), **MARKET,
        "name": text("name of the group"),
        "kind": text("what gathers its members: theme, region, interest, industry, … as the team names it"),
        "layer": text("whom it is for: new, active, silent, … as the team names it"),
        "capacity": count("members it has room for"), "opened_at": moment("time of opening"),
        "closed_at": moment("time of closing; null while it is open"),
    }),
    define("group_members", "one row per member and chat group", "platform group_id member_key joined_at", {
        **PLATFORM, "group_id": text("the platform's id of the group", required=True), **PERSON, **MARKET,
        "joined_at": moment("time of joining the group", required=True),
        "left_at": moment("time of leaving it; null while a member"),
        "role": text("member, moderator, owner, … in this group"),
    }, local=("joined_at", "market")),
    define("messages", "one row per message of a chat group or forum; without its words", "platform message_id", {
        **PLATFORM, "message_id": text("the platform's id", required=True), **PERSON, **MARKET,
        "group_id": text("group it was written in"), "sent_at": moment("time of writing", required=True),
        "author_role": text("member, moderator, team or bot"),
        "reply_to_id": text("message it answers; null where it opens a thread"),
        "kind": text("chat, question, answer, … as the tool or the team labels it"),
        "topic": text("topic as the tool or the team labels it"),
        "words": count("words or, in scripts without spaces, characters"), "likes": count("likes or reactions"),
        "quality": number("rating of its quality by a reader, where it was sampled for one"),
    }, local=("sent_at", "market")),
    define("cases", "one row per question, complaint, suggestion or violation that somebody has to deal with",
           "platform case_id", {
        **PLATFORM, "case_id": text("id of the case", required=True), **MARKET,
        "kind": text("what it is", required=True, choices=CASES),
        "topic": text("topic, or the rule that was broken"), "group_id": text("group it arose in"),
        "message_id": text("message it arose from"), "member_key": text("pseudonym of the member it is about"),
        "opened_at": moment("time it arose", required=True),
        "first_response_at": moment("time of the first answer; null while there is none"),
        "closed_at": moment("time it was closed; null while it is open"),
        "handled_by_key": text("pseudonym of the moderator or colleague who dealt with it"),
        "handled_by": text("who dealt with it: moderator, team or bot"),
        "escalated_at": moment("time it was passed on to a colleague; null where it was not"),
        "outcome": text("answered, adopted, declined, warned, removed, banned, … as the team names it"),
        "reversed_at": moment("time the decision was taken back; null where it stands"),
        "asked_again_at": moment("time the same person asked the same again; null where not"),
        "rating": number("rating of the answer by the person who asked: 1-5"),
        "offered": number("compensation offered"), "taken": number("compensation taken up"),
        "currency": text("ISO 4217 of the compensation"),
    }, local=("opened_at", "market")),
    define("activities", "one row per event, online or offline: live stream, meeting, challenge, quiz, …",
           "platform activity_id", {
        **PLATFORM, "activity_id": text("id of the activity; acts of members name it as their subject", required=True),
        **MARKET, "kind": text("live_stream, tasting, quiz, leaderboard, timed_reward, … as the team names it", required=True),
        "title": text("title"), "venue": text("online, offline or both"),
        "starts_at": moment("begin", required=True), "ends_at": moment("end"),
        "campaign": text("id of the campaign's register"), "invited": count("members invited"),
        "signed_up": count("members who signed up"), "attended": count("members who came"),
        "viewers": count("distinct viewers; not additive"), "peak_viewers": count("most viewers at one time"),
        "average_watch_seconds": number("mean time watched per viewer; seconds"),
        "messages": count("messages written during it"), "orders": count("orders under its code or link"),
        "revenue": number("revenue under its code or link"), "cost": number("what it cost"),
        "currency": text("ISO 4217 of revenue and cost"), "rating": number("mean rating by participants: 1-5"),
        "ratings": count("ratings given"),
    }, local=("starts_at", "market")),
    define("points", "one row per booking of points", "platform booking_id", {
        **PLATFORM, "booking_id": text("id of the booking", required=True), **PERSON, **MARKET,
        "booked_at": moment("time of the booking", required=True),
        "kind": text("issued, redeemed, expired or corrected", required=True,
                     choices=("issued", "redeemed", "expired", "corrected")),
        "points": number("points added; negative where they were taken away", signed=True),
        "reason": text("what for: order, check_in, invitation, review, …"),
        "expires_at": moment("time the points issued run out; null where they do not"),
        "order_id": text("order they were issued or redeemed with"),
    }, local=("booked_at", "market")),
)  # fmt: skip
