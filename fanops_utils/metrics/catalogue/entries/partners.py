"""Creators, ambassadors and members who bring others: what they deliver, what it costs, whom they bring."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.entries.people import days_asked, trailing_distinct
from fanops_utils.metrics.catalogue.entries.retained import last_day
from fanops_utils.metrics.catalogue.estimates import COST, LAST, RATIO, SHARE, TOTAL
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios, shares, totals
from fanops_utils.text import term

BY = ["date_day", "market", "platform"]
ACTIVE_DAYS, ANSWER_DAYS, BROUGHT_DAYS = 90, 14, 60


def _deliveries(asked: Asked) -> pd.DataFrame:
    return totals(asked.within(asked.rows("partners")), by=BY)


def _active(asked: Asked) -> pd.DataFrame:
    rows = asked.rows("partners").filter(lambda t: t.date_day.notnull())
    covered = asked.covered("partners", BY[1:2])
    found = trailing_distinct(rows, person=["partner_key"], by=BY[1:2], days=ACTIVE_DAYS, covered=covered)
    return days_asked(found.assign(n=found["value"]), asked)


def _rate(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("partners"))
    return ratios(rows, rows.engagements, rows.reach, by=BY)


def _cost(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("partners"))
    rows = rows.filter(rows.fee.notnull(), rows.engagements.notnull(), rows.currency.notnull())
    frame = rows.group_by([*BY, "currency"]).agg(top=rows.fee.sum(), base=rows.engagements.sum()).to_pandas()
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))


def _fees(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("partners"))
    return totals(rows.filter(rows.currency.notnull()), rows.fee, by=[*BY, "currency"])


def _invitations(asked: Asked) -> pd.DataFrame:
    return totals(asked.within(asked.rows("referrals")), by=BY)


def _taken_up(asked: Asked) -> pd.DataFrame:
    """Return invitations taken up within 14 days; those younger than that by the last day known are left out."""
    import ibis

    rows = asked.within(asked.rows("referrals"))
    until = last_day(asked, "referrals")
    if until is None:
        return shares(rows.filter(False), rows.accepted_at.notnull(), by=BY)
    span = ibis.interval(days=ANSWER_DAYS)
    rows = rows.filter(rows.date_day + span <= ibis.literal(until))
    return shares(rows, rows.accepted_at.notnull() & (rows.accepted_at <= rows.invited_at + span), by=BY)


def _brought(asked: Asked) -> pd.DataFrame:
    """Return per member who joined 60 days ago or longer how many they brought within 60 days, inviting or not.

    A person counts for whoever they came through first; nobody brings themselves.
    """
    import ibis

    every = asked.everywhere().rows("referrals")
    taken = every.filter(
        every.accepted_at.notnull(), every.invited_key.notnull(), every.invited_key != every.inviter_key
    )
    first = ibis.window(group_by="invited_key", order_by=["accepted_at", "referral_id"])
    taken = taken.mutate(place=ibis.row_number().over(first)).filter(ibis._.place == 0)
    taken = taken.select("platform", member_key="inviter_key", accepted_at="accepted_at")
    fans = asked.within(asked.rows("fans"))
    until = last_day(asked, "fan_day")
    if until is None:
        return ratios(fans.filter(False), fans.member_key.length(), by=BY)
    span = ibis.interval(days=BROUGHT_DAYS)
    fans = fans.filter(fans.date_day + span <= ibis.literal(until))
    both = fans.select("platform", "member_key", "joined_at").inner_join(taken, ["platform", "member_key"])
    both = both.filter(both.accepted_at >= both.joined_at, both.accepted_at <= both.joined_at + span)
    each = both.group_by(["platform", "member_key"]).agg(brought=both.count())
    joined = fans.left_join(each, ["platform", "member_key"])
    return ratios(joined, joined.brought.fill_null(0), by=BY)


METRICS = (
    Metric("partner_deliveries", "partners", term("Deliveries of partners", "metric"),
           term("Posts, videos and events that partners delivered", "metric"), term("deliveries of partners", "counted"),
           TOTAL, words.COUNT,
           ("partners.deliverable_id",), _deliveries, gaps="zero", direction="neither"),
    Metric("partners_active", "partners", term("Active partners and ambassadors", "metric"),
           term("Distinct partners with a delivery in the 90 days up to the day: active, not enrolled", "metric"),
           term("partners with a delivery", "counted"), LAST, words.COUNT, ("partners.partner_key",), _active,
           window=ACTIVE_DAYS,
           by=(), aliases=("ambassadors active", "active ambassadors")),
    Metric("partner_engagement_rate", "partners", term("Engagement rate of partners by reach", "metric"),
           term("What part of those whom partners reached did something", "metric"),
           term("interactions with posts of partners", "counted"), RATIO,
           words.SHARE, ("partners.engagements", "partners.reach"), _rate, per=term("accounts reached by partners",
           "counted")),
    Metric("partner_fees", "partners", term("Fees of partners", "metric"),
           term("What deliveries cost, on the day they were published", "metric"), term("fees of partners", "counted"),
           TOTAL, words.MONEY,
           ("partners.fee",), _fees, gaps="zero", direction="neither", by=("platform", "currency")),
    Metric("partner_cpe", "partners", term("Partners' cost per interaction", "metric"),
           term("Fees per interaction with what partners delivered", "metric"), term("fees of partners", "counted"), COST,
           words.MONEY,
           ("partners.fee", "partners.engagements"), _cost, per=term("interactions with posts of partners", "counted"),
           direction="down",
           by=("platform", "currency")),
    Metric("invitations", "partners", term("Invitations sent", "metric"), term("How many invitations members sent",
           "metric"),
           term("invitations", "counted"), TOTAL, words.COUNT, ("referrals.referral_id",), _invitations, gaps="zero"),
    Metric("invitation_conversion", "partners", term("Invitations taken up", "metric"),
           term("What part of the invitations was taken up within 14 days; younger ones are left out", "metric"),
           term("invitations taken up within 14 days", "counted"), SHARE, words.SHARE, ("referrals.accepted_at",
           "referrals.invited_at"), _taken_up,
           per=term("invitations sent 14 days ago or more", "counted"), window=ANSWER_DAYS + 1),
    Metric("k_factor", "partners", term("People a member brings (K)", "metric"),
           term("How many people a member who joined that day brought within 60 days, whether they invited or not; members who "
                "have not had them are left out", "metric"),
           term("people who took up an invitation within 60 days of their inviter's joining", "counted"), RATIO, words.NUMBER,
           ("referrals.accepted_at", "referrals.inviter_key", "fans.joined_at"), _brought,
           per=term("members who joined 60 days ago or more", "counted"), window=BROUGHT_DAYS + 1,
           aliases=("k", "viral coefficient")),
)  # fmt: skip
