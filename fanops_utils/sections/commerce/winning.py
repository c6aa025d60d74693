"""What does a new customer cost, by channel, and what would one more cost?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import NextCustomer
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Money, People, Period, Sayable, Sentences, Span, Unit, Written, say, term

NO_MONEY = "points"


def winning(table: pd.DataFrame, following: NextCustomer, *, period: Period) -> Section:
    """Return the cost per new customer by channel (*table*: `metrics.winning_costs`) and of one more (`metrics.next_customer`)."""
    money = table[(table["channel"] == "all") & (table["currency"] != NO_MONEY) & (table["won"] > 0)]
    if money.empty:
        why = say("no cost and no new customer in the same year (exports: advertising, partners, orders)")
        return Section.of(Finding.nothing("winning", why))
    row = money.sort_values("cost", ascending=False).iloc[0]
    currency = str(row["currency"])
    each = Money(row["estimate"], currency)
    finding = Finding(
        id="winning",
        weight="chapter",
        label=term("Cost of a new customer", "label of a finding"),
        code="blended" if not np.isfinite(following.estimate) else "next_known",
        title=say("A new customer cost {money}, by the costs in the files, {period}", money=each, period=period),
        verdict=say("A new customer cost {money}, by the costs in the files, {period}.", money=each, period=period),
        text=Sentences.of(
            say("{cost} were spent and {won} customers were new ({period}): {money} each ({interval}), also counting "
                "those no channel "
                "was paid for.", cost=Money(row["cost"], currency), won=People(int(row["won"])), period=period, money=each,
                interval=Span.of(row["ci_lower"], row["ci_upper"], form=lambda amount: Money(amount, currency))),
            _next(following, currency),
            _partners(table),
            _counted(table),
        ),
        estimate=float(row["estimate"]), ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]),
        unit=Unit("money", term("per new customer", "unit"), currency), n=People(int(row["won"])),
        method=say("Costs divided by customers whose first order fell in the period. By channel: first orders in the "
                   "network's shop, under "
                   "a partner's code, or of an invited member. Poisson interval."),
    )  # fmt: skip
    return Section.of(finding, _table(table, period))


def _next(following: NextCustomer, currency: str) -> Sayable:
    if not np.isfinite(following.estimate):
        return say(
            "What one more would cost cannot be told: months with more spending did not clearly bring more, or there are too few."
        )
    return say("In months with more spending, one more customer went with {money} ({interval}).",
               money=Money(following.estimate, currency),
               interval=Span.of(following.ci_lower, following.ci_upper, form=lambda amount: Money(amount, currency)))  # fmt: skip


def _counted(table: pd.DataFrame) -> Sayable:
    if set(table["channel"]) <= {"all", "partners", "referral"}:
        return say("No advertising costs of this market are in the files: only partners and rewards are counted; people's time "
                   "and discounts are not.")  # fmt: skip
    return say("Only advertising, partners and rewards are counted; people's time and discounts are not.")


def _partners(table: pd.DataFrame) -> Sayable | None:
    if "partners" not in set(table["channel"]):
        return None
    return say("The row of partners sets all their fees against those customers alone who used a code: too high where others "
               "came without one.")  # fmt: skip


def _table(table: pd.DataFrame, period: Period) -> charts.Table:
    points = term("points", "currency of a cost")
    shown = table.assign(
        channel=table["channel"].map(names.source),
        currency=table["currency"].map(lambda code: points if code == NO_MONEY else Written(code)),
    )
    return charts.table(
        shown,
        columns={
            "channel": term("Channel", "column"), "currency": term("Currency", "column"), "cost": term("Cost", "column"),
            "won": term("New customers", "column"), "estimate": term("Each", "column"), "ci_lower": term("95% from", "column"),
            "ci_upper": term("to", "column, upper end"),
        },
        people="won",
        caption=say("Cost of new customers by channel, {period}; 95% intervals", period=period),
    )  # fmt: skip
