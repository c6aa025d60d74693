"""The members of the brand's own community: who joins, who is active, who takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.entries.people import days_asked, running_total, trailing_distinct, with_total
from fanops_utils.metrics.catalogue.estimates import LAST, LAST_SHARE, RATIO, SHARE, TOTAL
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios, shares, totals
from fanops_utils.text import term

if TYPE_CHECKING:
    import ibis

BY = ["market", "platform"]
PERSON = ["member_key"]
MONTH = 28
ACTS = ("likes", "comments", "shares", "buys")


def _active(asked: Asked, *, of_members: bool = False) -> ibis.Table:
    """Return all active days: where a window is full depends on the first and last day of the log, not of the question."""
    rows = asked.rows("fan_day")
    if not of_members:
        return rows
    fans = asked.everywhere().rows("fans").select("platform", "member_key", joined="date_day")
    both = rows.inner_join(fans, ["platform", "member_key"])
    return both.filter(both.date_day >= both.joined)


def _distinct(days: int) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        found = trailing_distinct(_active(asked), person=PERSON, by=BY, days=days, covered=asked.covered("fan_day", BY))
        return days_asked(found.assign(n=found["value"]), asked)

    return pieces


def _of_members(act: Callable[[ibis.Table], Any] | None) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = _active(asked, of_members=True)
        rows = rows.filter(act(rows)) if act else rows
        found = trailing_distinct(rows, person=PERSON, by=BY, days=MONTH, covered=asked.covered("fan_day", BY))
        joined = running_total(asked.rows("fans"), by=BY, covered=asked.covered("fans", BY))
        both = with_total(days_asked(found, asked), joined, by=BY)
        return both.rename(columns={"value": "top", "joined": "base"})

    return pieces


def _stickiness(asked: Asked) -> pd.DataFrame:
    """Return the mean of the daily actives of 28 days over the distinct actives of them."""
    covered = asked.covered("fan_day", BY)
    month = trailing_distinct(_active(asked), person=PERSON, by=BY, days=MONTH, covered=covered)
    daily = trailing_distinct(_active(asked), person=PERSON, by=BY, days=1, covered=covered).sort_values("date_day")
    mean = daily.groupby(BY, dropna=False)["value"].transform(lambda days: days.rolling(MONTH).mean())
    both = month.merge(daily.assign(mean=mean)[["date_day", *BY, "mean"]], on=["date_day", *BY])
    both = both[both["value"] > 0]
    return days_asked(both.assign(n=both["value"], value=both["mean"] / both["value"]).drop(columns="mean"), asked)


def _joined(asked: Asked) -> pd.DataFrame:
    return totals(asked.within(asked.rows("fans")), by=["date_day", *BY])


def _by_source(asked: Asked) -> pd.DataFrame:
    return totals(asked.within(asked.rows("fans")), by=["date_day", *BY, "acquisition"])


def _total_members(asked: Asked) -> pd.DataFrame:
    fans = asked.rows("fans")
    everyone = running_total(fans, by=BY, covered=asked.covered("fans", BY)).rename(columns={"joined": "value"})
    return days_asked(everyone.assign(n=everyone["value"]), asked)


def _referred(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("fans"))
    return shares(rows, rows.acquisition == "referral", by=["date_day", *BY])


def _acts(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("fan_day"))
    return ratios(rows, rows.events, by=["date_day", *BY])


def _back(asked: Asked) -> pd.DataFrame:
    """Return the members who were seen again after 28 days or more without a sign of them, in any market."""
    import ibis

    rows = asked.everywhere().rows("fan_day")
    own = ibis.window(group_by=["platform", "member_key"], order_by="date_day")
    rows = rows.mutate(before=rows.date_day.lag().over(own))
    back = asked.within(asked.those(rows.filter(rows.date_day > rows.before + ibis.interval(days=MONTH))))
    return totals(back, by=["date_day", *BY])


def _community(column: str) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = _community_days(asked)
        return totals(rows.filter(rows[column].notnull()), rows[column], by=["date_day", *BY])

    return pieces


def _community_days(asked: Asked) -> ibis.Table:
    rows = asked.within(asked.rows("community_daily"))
    return rows.filter(rows.interval == "day", ~rows.is_partial.fill_null(False))


def _writers(asked: Asked) -> pd.DataFrame:
    rows = _community_days(asked)
    return shares(rows, rows.communicators, of=rows.visitors, by=["date_day", *BY])


def _takes_part(rows: ibis.Table) -> Any:
    return sum((rows[name].fill_null(0) for name in ACTS[1:]), rows[ACTS[0]].fill_null(0)) > 0


ACTIVE = term("members seen", "counted")
METRICS = (
    Metric("members", "members", term("Members", "metric"),
           term("Everybody who has joined so far; who has left is in no file, so they are still counted", "metric"),
           words.MEMBERS, LAST, words.COUNT, ("fans.joined_at",), _total_members),
    Metric("members_joined", "members", term("New members", "metric"), term("How many joined the community", "metric"),
           term("members who joined", "counted"), TOTAL, words.COUNT, ("fans.joined_at",), _joined, gaps="zero",
           aliases=("new fans",)),
    Metric("members_joined_by_source", "members", term("New members by source", "metric"),
           term("How many joined, by how they came; whose source is not known stand apart and are not spread", "metric"),
           term("members who joined, by source", "counted"), TOTAL, words.COUNT, ("fans.joined_at", "fans.acquisition"),
           _by_source,
           gaps="zero", by=("platform", "acquisition"), direction="neither"),
    Metric("referred_member_share", "members", term("Members who came by referral", "metric"),
           term("What part of the new members another member brought; those without a known source are left out", "metric"),
           term("members who joined by referral", "counted"), SHARE, words.SHARE, ("fans.acquisition",), _referred,
           per=term("members who joined and whose source is known", "counted")),
    Metric("dau", "members", term("Daily active members (DAU)", "metric"), term("Distinct members seen on the day",
           "metric"),
           ACTIVE, LAST, words.COUNT, ("fan_day.date_day",), _distinct(1)),
    Metric("wau", "members", term("Weekly active members (WAU)", "metric"),
           term("Distinct members seen in the 7 days up to the day", "metric"), ACTIVE, LAST, words.COUNT,
           ("fan_day.date_day",),
           _distinct(7), window=7),
    Metric("mau", "members", term("Monthly active members (MAU)", "metric"),
           term("Distinct members seen in the 28 days up to the day: four weeks, so that months of different length do not "
                "show", "metric"), ACTIVE, LAST, words.COUNT, ("fan_day.date_day",), _distinct(MONTH), window=MONTH),
    Metric("stickiness", "members", term("Stickiness", "metric"),
           term("On what part of the days of four weeks a member who was seen at all was seen (DAU ÷ MAU)", "metric"),
           term("daily active members, mean of 28 days", "counted"), LAST, words.SHARE, ("fan_day.date_day",), _stickiness,
           per=term("members seen in the 28 days", "counted"), window=MONTH, aliases=("dau/mau",)),
    Metric("active_member_share", "members", term("Active share of members", "metric"),
           term("What part of all who ever joined was seen in the 28 days up to the day", "metric"),
           term("members seen in 28 days", "counted"), LAST_SHARE, words.SHARE, ("fan_day.date_day", "fans.joined_at"),
           _of_members(None), per=words.MEMBERS, window=MONTH),
    Metric("participation", "members", term("Participation", "metric"),
           term("What part of all who ever joined did something in the 28 days up to the day; looking alone does not "
                "count", "metric"),
           term("members who liked, commented, shared or bought in 28 days", "counted"), LAST_SHARE, words.SHARE,
           ("fan_day.likes", "fan_day.comments", "fan_day.shares", "fan_day.buys", "fans.joined_at"),
           _of_members(_takes_part), per=words.MEMBERS, window=MONTH, aliases=("participation rate",)),
    Metric("acts_per_active_member", "members", term("Acts per active member and day", "metric"),
           term("How much a member does on a day they are seen, visits included", "metric"), term("acts of members",
           "counted"),
           RATIO, words.NUMBER, ("fan_day.events",), _acts, per=term("member days", "counted")),
    Metric("members_back", "members", term("Members who came back", "metric"),
           term("Members seen again after more than 28 days without a sign of them", "metric"),
           term("members seen again after more than 28 days", "counted"), TOTAL, words.COUNT, ("fan_day.date_day",),
           _back, gaps="zero",
           aliases=("reactivated",)),
    Metric("community_new_members", "members", term("New members as the platform counts them", "metric"),
           term("Who joined the server or group, by its own statistics; not the same as the member list", "metric"),
           term("members who joined, by the platform's count", "counted"), TOTAL, words.COUNT,
           ("community_daily.new_members",),
           _community("new_members")),
    Metric("community_leavers", "members", term("Members who left", "metric"),
           term("Who left the server or group, by its own statistics", "metric"), term("members who left", "counted"),
           TOTAL,
           words.COUNT, ("community_daily.leavers",), _community("leavers"), direction="down"),
    Metric("community_messages", "members", term("Messages in the community", "metric"),
           term("How many messages were written", "metric"), term("messages", "counted"), TOTAL, words.COUNT,
           ("community_daily.messages",), _community("messages")),
    Metric("writing_share", "members", term("Writing share of visitors", "metric"),
           term("What part of a day's visitors of the community wrote something", "metric"),
           term("members who wrote that day", "counted"),
           SHARE, words.SHARE, ("community_daily.communicators", "community_daily.visitors"), _writers,
           per=term("members who visited that day", "counted")),
)  # fmt: skip
