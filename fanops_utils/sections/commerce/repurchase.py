"""Who buys again? By the quarter of the first order, against the plans' 30 % and their +20 % a quarter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Day, People, Percent, Sayable, Sentences, Signed, Span, Unit, say, say_n, term

TARGET, RISE = 0.30, 0.20
Z = 1.96


def repurchase(
    whole: pd.DataFrame,
    quarters: pd.DataFrame,
    *,
    within: int,
    as_of: date | None,
    days: int | None = None,
    orders: int = 0,
    customers: int = 0,
) -> Section:
    """Return what part of new customers buys again within so many days (`metrics.repurchase`, in all and by quarter).

    *days*: *whole* holds only first orders of the last so many days that are over, as the target counts them. How many
    *orders* and *customers* there are tells, where there is no answer, what is missing.
    """
    if whole.empty or as_of is None:
        return Section.of(Finding.nothing("repurchase", _why_not(orders, customers, within)))
    row = whole.iloc[0]
    share = Percent(row["estimate"])
    shown: dict[str, Any] = {
        "share": share,
        "within": within,
        "days": days,
        "day": Day.of(as_of - timedelta(days=within)),
    }
    title = (
        say("{share} of those who first bought in the {days} days to {day} bought again within {within} days", **shown)
        if days
        else say("{share} of new customers buy again within {within} days", share=share, within=within)
    )
    code = "below" if row["ci_upper"] < TARGET else "above" if row["ci_lower"] > TARGET else "around"
    finding = Finding(
        id="repurchase",
        weight="chapter",
        label=term("New customers who buy again", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("As the target counts them: a first order in {days} days, and {within} days since.", days=days, within=within)
            if days
            else None,
            say("{again} of {n} customers bought again within {within} days of their first order: {share} ({interval}).",
                again=People(int(row["again"])), n=People(int(row["n"])), within=within, share=share,
                interval=Span.of(row["ci_lower"], row["ci_upper"])),
            _against_target(code), _rise(quarters),
        ),
        severity="alert" if code == "below" and row["estimate"] < TARGET / 2 else "watch" if code == "below" else
                 "good" if code == "above" else "info",
        estimate=float(row["estimate"]), ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]),
        unit=Unit("share", term("of new customers", "unit")), n=People(int(row["n"])),
        method=say("Customers whose days were over by {day}; a second order on the first day is none. Wilson interval.", day=as_of),
    )  # fmt: skip
    return Section.of(finding, _by_quarter(quarters, within, alt=finding.text))


def _by_quarter(quarters: pd.DataFrame, within: int, *, alt: Sayable) -> charts.Chart:
    return charts.intervals(
        quarters.assign(cohort=quarters["cohort"].map(lambda day: Day.of(day, form="month"))), label="cohort",
        reference=TARGET, reference_label=term("plan: 30%", "line in a chart"),
        words=Words(
            title=say("New customers who buy again"),
            subtitle=say("Share within {within} days of the first order, by the quarter it fell in (its first month), 95% "
                         "intervals",
                         within=within),
            axis=term("share of new customers", "axis"), alt=alt,
            caption=say("Quarters whose customers all had {within} days; n = new customers", within=within),
        ),
    )  # fmt: skip


def _why_not(orders: int, customers: int, within: int) -> Sayable:
    if orders and not customers:
        return say_n("{n} order, but no customer behind it: map customer_key of orders",
                     "{n} orders, but no customer behind any of them: map customer_key of orders", n=orders)  # fmt: skip
    if orders:
        return say("no customer's first order lies {days} days back yet", days=within)
    return say("no customer first ordered long enough ago (export: orders)")


def _against_target(code: str) -> Sayable:
    if code == "below":
        return say("The plans ask for 30% in three to five years; it is clearly below.")
    if code == "above":
        return say("The plans ask for 30% in three to five years; it is clearly above, if they mean these days.")
    return say("The plans ask for 30% in three to five years; it is not to be told apart from that.")


def _rise(quarters: pd.DataFrame) -> Sayable | None:
    """Return how the newest whole quarter moved on the one before, read as a relative change."""
    if len(quarters) < 2 or (quarters["again"].iloc[-2:] == 0).any():
        return None
    before, now = (quarters.iloc[place] for place in (-2, -1))
    log = float(np.log(now["estimate"] / before["estimate"]))
    error = float(np.sqrt(sum((1 - one["estimate"]) / one["again"] for one in (before, now))))
    low, high = np.expm1(log - Z * error), np.expm1(log + Z * error)
    told = {"change": Signed(float(np.expm1(log))), "interval": Span.of(low, high, form=Signed)}
    if low > RISE:
        return say("The newest quarter rose on the one before by {change} ({interval}), more than the +20% the plans ask for, "
                   "read as a part of the rate.", **told)  # fmt: skip
    if high < RISE:
        return say("The newest quarter changed on the one before by {change} ({interval}): not the +20% the plans ask for, read "
                   "as a part of the rate.", **told)  # fmt: skip
    return say("The newest quarter changed on the one before by {change} ({interval}): whether that is the +20% the plans ask "
               "for cannot be told.", **told)  # fmt: skip
