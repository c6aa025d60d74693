"""Points: how many are issued, used, left to expire, and what is still owed?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import PointsOwed
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Count, Money, People, Percent, Sayable, Sentences, Span, Unit, say, term

FEW = 30


def points(
    owed: PointsOwed,
    used: pd.DataFrame,
    months: pd.DataFrame,
    *,
    worth: float | None,
    currency: str,
    as_of: date | None,
) -> Section:
    """Return the books of points (`metrics.points_owed`, `used_share`, `points_by_month`); *worth*: of a point, in *currency*."""
    if as_of is None or not owed.issued:
        return Section.of(Finding.nothing("points", say("no points were booked in this market (export: points)")))
    finding = _finding(owed, used, worth, currency)
    chart = charts.lines(
        months.assign(kind=months["kind"].map(names.BOOKINGS)), x="month", y="points", series="kind", form=Count,
        words=Words(
            title=say("Points by month"), subtitle=say("Points issued, redeemed and expired in each whole month"),
            axis=term("points a month", "axis"), alt=finding.text, caption=say("Bookings to {day}", day=as_of),
        ),
    )  # fmt: skip
    table = charts.table(
        used.assign(reason=used["reason"].map(names.reason)),
        columns={
            "reason": term("Issued for", "column"), "n": term("Members", "column"), "issued": term("Points", "column"),
            "estimate": term("Used before they ran out", "column"), "ci_lower": term("From", "column"),
            "ci_upper": term("To", "column"),
        },
        formats={"issued": Count, **dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent)},
        people="n",
        caption=say("Points whose life was over by {day}; 95% intervals", day=as_of),
    )  # fmt: skip
    return Section.of(finding, chart, table)


def _finding(owed: PointsOwed, used: pd.DataFrame, worth: float | None, currency: str) -> Finding:
    known = np.isfinite(owed.used.estimate)
    ranked = used[used["n"] >= FEW].sort_values("estimate", ascending=False)
    leads = len(ranked) > 1 and side_of_all(ranked.iloc[0], ranked.iloc[1:]) > 0
    return Finding(
        id="points",
        label=term("Points still owed", "label of a finding"),
        code="leads" if leads else "owed",
        title=say("Members hold {points} points that can still be used", points=Count(owed.owed)),
        verdict=say("Members hold {points} points that can still be used.", points=Count(owed.owed)),
        text=Sentences.of(
            say("{issued} points were issued, {redeemed} redeemed, {expired} ran out; {members} members hold {owed}.",
                issued=Count(owed.issued), redeemed=Count(owed.redeemed), expired=Count(owed.expired),
                members=People(owed.members), owed=Count(owed.owed)),
            say("{share} ({interval}) of the points whose life is over were used; at that, {expected} of those held will be.",
                share=Percent(owed.used.estimate), interval=Span.of(max(owed.used.ci_lower, 0), min(owed.used.ci_upper, 1)),
                expected=Count(round(owed.expected))) if known else say("Not one has run out yet: what part will be used is "
                                                                        "not known."),
            _worth(owed, worth, currency),
            say("{expiring} of them run out within 90 days.", expiring=Count(owed.expiring)) if owed.expiring else None,
            say("Points for {reason} are used most: {share}.", reason=names.reason(str(ranked.iloc[0]["reason"])),
                share=Percent(ranked.iloc[0]["estimate"])) if leads else None,
        ),
        estimate=owed.owed,
        unit=Unit("count", term("points", "unit")),
        n=People(owed.members),
        method=say("Sum of all bookings per member. Used: what did not expire, of the points whose life is over; the "
                   "interval rests "
                   "on members."),
    )  # fmt: skip


def _worth(owed: PointsOwed, worth: float | None, currency: str) -> Sayable:
    if worth is None:
        return say("What a point is worth was not given (parameter point_value), so there is no liability in money.")
    most = Money(owed.owed * worth, currency)
    if not np.isfinite(owed.expected):
        return say("At {point} a point that is a liability of {most} at most.", point=Money(worth, currency), most=most)
    return say("At {point} a point that is a liability of {most} at most, {money} as points were used so far.",
               point=Money(worth, currency), most=most, money=Money(owed.expected * worth, currency))  # fmt: skip
