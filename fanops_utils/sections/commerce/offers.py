"""What did coupons add? Who got one against who was drawn by lot not to."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Money, People, Sayable, Sentences, Span, Unit, in_words, say, say_n, term


def offers(table: pd.DataFrame, *, currency: str, as_of: date | None) -> Section:
    """Return what the offers added (*table*: `models.offer_effects`), money in *currency*."""
    if table.empty or as_of is None:
        return Section.of(
            Finding.nothing(
                "offers", say("no coupon or sale offer in this market (export: offers, with who was held out)")
            )
        )
    finding = _finding(table, currency)
    measured = table[table["status"] == "measured"]
    chart = charts.intervals(
        measured.assign(offer=measured["offer"].map(in_words), n=measured["held_out"]), label="offer",
        form=lambda amount: Money(amount, currency, sign=True), reference=0, reference_label=term("no gain", "line in a chart"),
        words=Words(
            title=say("What each offer added per person"),
            subtitle=say("Net revenue of 28 days per person it was sent to, less that of who was held out, 95% intervals"),
            axis=term("{currency} per person", "axis", currency=currency), alt=finding.text,
            caption=say("Refunds taken off; n = people held out by lot"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart, _table(table, currency))


def _finding(table: pd.DataFrame, currency: str) -> Finding:
    measured = table[table["status"] == "measured"].sort_values("first")
    if measured.empty:
        return _unmeasured(table, currency)
    row = measured.iloc[-1]
    code = "gain" if row["ci_lower"] > 0 else "loss" if row["ci_upper"] < 0 else "unclear"
    told = {"offer": in_words(str(row["offer"])), "money": Money(row["estimate"], currency, sign=True)}
    interval = Span.of(row["ci_lower"], row["ci_upper"], form=lambda amount: Money(amount, currency, sign=True))
    title = _title(code, told)
    without = int((table["status"] == "no_holdout").sum())
    return Finding(
        id="offers",
        weight="chapter",
        label=term("What the last coupon added per person", "label of a finding"),
        code=code,
        about=told["offer"],
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("Against who was held out, each person it was sent to brought {money} ({interval}) in 28 days; those held "
                "out brought "
                "{base}.", money=told["money"], interval=interval, base=Money(row["base"], currency)),
            say("It could have shown a gain of {smallest} or more.", smallest=Money(row["smallest"], currency))
            if code == "unclear" else None,
            say("{redeemed} people used it; what they bought with it is not what it added.", redeemed=People(row["redeemed"])),
            say_n("{n} offer held nobody out, so nothing can be said of what it added.",
                  "{n} offers held nobody out, so nothing can be said of what they added.", n=without) if without else None,
        ),
        severity="good" if code == "gain" else "alert" if code == "loss" else "watch",
        estimate=float(row["estimate"]), ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]),
        unit=Unit("money", term("per person", "unit"), currency), n=People(int(row["sent"] + row["held_out"])),
        method=say("Difference of means between who was sent the offer and who was drawn by lot not to get it, Welch interval; "
                   "used or not. Refunds are taken off; the offer's own cost where it is in the same currency."),
    )  # fmt: skip


def _title(code: str, told: dict[str, Sayable]) -> Sayable:
    if code == "gain":
        return say("The coupon “{offer}” added {money} per person in 28 days", **told)
    if code == "loss":
        return say("The coupon “{offer}” cost more than it brought: {money} per person in 28 days", **told)
    return say("Whether the coupon {offer} added anything is not clear", offer=told["offer"])


def _unmeasured(table: pd.DataFrame, currency: str) -> Finding:
    """Return why no offer is measured: its buyers' orders are not there, its days not over, or nobody was held out."""
    states = set(table["status"])
    if "no_orders" in states:
        return Finding.nothing(
            "offers", say("no order of those who got an offer or were held out, in its 28 days (export: orders)")
        )
    if "no_holdout" not in states:
        return Finding.nothing("offers", say("no offer whose 28 days are over has thirty people in each arm"))
    return _not_extra(table, currency)


def _not_extra(table: pd.DataFrame, currency: str) -> Finding:
    sold = float(table["redeemed_revenue"].sum())
    return Finding(
        id="offers",
        label=term("What the last coupon added per person", "label of a finding"),
        code="no_holdout",
        title=say("What coupons added cannot be told: nobody was held out"),
        text=Sentences.of(
            say(
                "{money} were sold with a coupon. That is not extra: part of it would have been bought anyway.",
                money=Money(sold, currency),
            )
            if sold
            else None,
            say("A tenth to a half of the customers drawn by lot not to get the next one would answer it."),
        ),
        severity="watch",
        weight="chapter",
        verdict=say("What coupons added cannot be told: nobody was held out."),
        n=People(int(table["sent"].sum())),
    )


def _table(table: pd.DataFrame, currency: str) -> charts.Table:
    shown = table.assign(offer=table["offer"].map(in_words), status=table["status"].map(names.STATUS))
    return charts.table(
        shown,
        columns={
            "offer": term("Offer", "column"), "first": term("Sent on", "column"), "sent": term("Sent to", "column"),
            "held_out": term("Held out", "column"), "redeemed": term("Used", "column"),
            "redeemed_revenue": term("Sold with it (not extra), {currency}", "column", currency=currency),
            "estimate": term("Added per person, {currency}", "column", currency=currency), "status": term("Status", "column"),
        },
        people="redeemed",
        caption=say("Coupons and sale offers; messages to win members back are judged where members are"),
    )  # fmt: skip
