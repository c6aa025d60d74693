"""What is known of single members, under pseudonyms, and of the communities they form."""

from __future__ import annotations

from fanops_utils.data.columns import count, day, flag, moment, number, share, text
from fanops_utils.data.table import OWNER, PERSON, define

TABLES = (
    define("fans", "one row per community member", "platform member_key", {
        "platform": OWNER["platform"], **PERSON,
        "market": text("market code"), "joined_at": moment("time of joining"),
        "acquisition": text("how the member came: organic, referral, giveaway, …"),
    }, local=("joined_at", "market")),
    define("member_events", "one row per act of a member", "platform member_key event_timestamp event_name", {
        "platform": OWNER["platform"], **PERSON,
        "market": text("market code"),
        "event_timestamp": moment("time of the act", required=True),
        "event_name": text("visit, like, comment, share, buy, …", required=True),
        "event_value": number("money or points where the act has some", signed=True),
    }, local=("event_timestamp", "market")),
    define("experiment_units", "one row per unit of an experiment; outcomes are the further columns",
           "experiment unit_key", {
        "experiment": text("id of the experiment's register", required=True),
        "unit_key": text("pseudonym of the unit", required=True),
        "variant": text("arm the unit was assigned to", required=True),
        "market": text("market code"),
        "assigned_at": moment("time of assignment"),
    }, open=True),
    define("referrals", "one row per invitation: who brought whom", "platform referral_id", {
        "platform": OWNER["platform"],
        "referral_id": text("id of the invitation", required=True),
        "inviter_key": text("pseudonym of the member who invited", required=True),
        "invited_key": text("pseudonym of the person invited; null until the invitation is taken up"),
        "market": text("market code"), "channel": text("where the invitation was sent"),
        "invited_at": moment("time of the invitation", required=True),
        "accepted_at": moment("time of joining; null where it was not taken up"),
        "first_order_at": moment("time of the invited person's first order"),
        "reward": number("money or points paid for it"), "currency": text("ISO 4217 of the reward; null for points"),
    }, local=("invited_at", "market")),
    define("partners", "one row per partner and delivery: creator, ambassador, affiliate", "partner_key deliverable_id", {
        "partner_key": text("pseudonym of the partner", required=True),
        "deliverable_id": text("id of the post, video or event delivered", required=True),
        "platform": text("platform of the delivery"), "market": text("market code"),
        "tier": text("nano, micro, mid, macro, mega or as the brand names it"),
        "campaign": text("id of the campaign's register"), "post_id": text("the platform's id of the post"),
        "code": text("discount or tracking code"),
        "published_at": moment("time of publication"),
        "followers": count("followers at publication"), "reach": count("distinct accounts reached"),
        "views": count("times viewed"), "engagements": count("interactions"),
        "orders": count("orders under the code"), "revenue": number("revenue under the code"),
        "fee": number("paid for the delivery"), "currency": text("ISO 4217 of fee and revenue"),
    }, local=("published_at", "market")),
    define("survey_answers", "one row per answer to one question", "survey respondent_key question", {
        "survey": text("id of the survey and its wave", required=True),
        "respondent_key": text("pseudonym of the respondent", required=True),
        "question": text("id of the question", required=True),
        "market": text("market code"), "answered_at": moment("time of the answer"),
        "score": number("answer as a number: 0-10 for a recommendation, 1-5 for a rating", signed=True),
        "choice": text("answer as an option"),
        "weight": number("weight of the respondent"),
    }, local=("answered_at", "market")),
    define("community_daily", "one row per community and interval", "platform community_id interval_start interval", {
        "platform": OWNER["platform"],
        "community_id": text("server, group or forum, as in brand.yml", required=True),
        "interval_start": day("first day of the interval, as the platform cuts it", required=True),
        "interval": text("length of the interval", required=True, choices=("day", "week", "month")),
        **{name: count(meaning) for name, meaning in {
            "total_membership": "members at the end", "new_members": "members who joined", "leavers": "members who left",
            "visitors": "distinct members who came; not additive", "communicators": "distinct members who wrote; not additive",
            "messages": "messages written", "joins_discovery": "joined through discovery", "joins_invite": "joined by invitation",
            "joins_vanity": "joined by the vanity link", "joins_other": "joined otherwise",
            "muters": "members who muted the community",
        }.items()},
        "pct_communicated": share("visitors who wrote"),
        "messages_per_communicator": number("messages per member who wrote"),
        "speaking_minutes": number("minutes spoken; minutes"),
        "pct_retained_week1": share("joiners seen again one week later; null until that week is over"),
        "pct_opened_channels": share("joiners who opened a channel"),
        "is_partial": flag("the interval had not ended"),
    }, merge_columns=True),
    define("community_channel", "one row per channel of a community and interval",
           "platform community_id channel_id interval_start interval", {
        "platform": OWNER["platform"],
        "community_id": text("server, group or forum, as in brand.yml", required=True),
        "channel_id": text("the platform's id", required=True), "channel_name": text("name of the channel"),
        "interval_start": day("first day of the interval, as the platform cuts it", required=True),
        "interval": text("length of the interval", required=True, choices=("day", "week", "month")),
        "readers": count("distinct members who read; not additive"),
        "chatters": count("distinct members who wrote; not additive"), "messages": count("messages written"),
        "listeners": count("distinct members who listened; not additive"),
        "speakers": count("distinct members who spoke; not additive"),
    }),
)  # fmt: skip
