"""Was paid what is due? Commissions recalculated from the shop, returned orders taken back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import listing
from fanops_utils.sections.partners.words import MARKS, named
from fanops_utils.text import Count, Listed, Message, Money, Percent, Sentences, Unit, Written, say, say_n, term

BASES: dict[str, Message] = {
    "cps": term("share of sales", "basis of a settlement"), "cpa": term("amount per order", "basis of a settlement"),
    "fee": term("fixed fee", "basis of a settlement"),
}  # fmt: skip

MATTERS = 0.05  # of what is due: less is put right with the next statement and asks for nothing


def settlement(table: pd.DataFrame, *, periods: pd.DataFrame | None = None) -> Section:
    """Return where payments differ from what the terms make due (*table*: `models.settlement_check`).

    *periods* (`models.settlement_periods`) are handed over line by line, for the books.
    """
    if table.empty:
        return Section.of(Finding.nothing("settlement", say("no settlement; a mapping to settlements brings them")))
    wrong = table[table["state"].isin(["overpaid", "underpaid"])]
    first = wrong.iloc[0] if len(wrong) else table.iloc[0]
    matters = bool((wrong["difference"].abs() > MATTERS * wrong["due"].abs()).any())
    code = str(first["state"]) if len(wrong) else "unknown" if (table["state"] == "unknown").all() else "settled"
    title = _title(code, first, _unchecked(table), len(table))
    finding = Finding(
        id="settlement",
        about=Listed.of(named(one) for one in wrong.loc[wrong["state"] == code, "partner"].unique())
        if len(wrong)
        else None,
        label=term("Settlements that do not agree", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        weight="chapter" if matters else None,
        severity="watch" if matters else "info",
        text=Sentences.of(
            say(
                "{share} of its sales were returned; the commission on them was not taken back in full.",
                share=Percent(first["returned"]),
            )
            if code == "overpaid" and first["returned"] > 0
            else None,
            say_n(
                "{n} of {all} settlements does not agree.",
                "{n} of {all} settlements do not agree.",
                n=len(wrong),
                all=len(table),
            )
            if len(wrong)
            else None,
            say("They need the orders under the partners' codes (export: orders).") if code == "unknown" else None,
            say("Checked: share of sales and amounts per order; what was agreed as a fixed fee is not in the data."),
        ),
        estimate=float(len(wrong)) if code != "unknown" else None,
        unit=Unit("count", term("settlements", "unit")),
        n=len(table),
        method=say(
            "Rate times revenue reported, less the share of the code's orders returned or cancelled in the shop, period by period; "
            "differences up to 1% or one unit of the currency are rounding."
        ),
    )
    parts = [_table(part, str(currency)) for currency, part in table.groupby("currency")]
    return Section.of(finding, *parts, handouts=(_statement(periods),) if periods is not None else ())


def _title(code: str, first: pd.Series, unchecked: int, settlements: int) -> Message:
    """Return who was paid too much or too little, or what agrees with the shop, and how many settlements cannot be checked."""
    told = {"partner": named(first["partner"]), "amount": Money(abs(first["difference"]), str(first["currency"]))}
    if code == "overpaid":
        return say("{partner} was paid {amount} more than its terms make due", **told)
    if code == "underpaid":
        return say("{partner} was paid {amount} less than its terms make due", **told)
    if code == "unknown":
        return say("No settlement can be checked against the shop's orders")
    if unchecked:
        return say_n(
            "{n} of {all} settlements cannot be checked; the others agree with the shop's orders",
            "{n} of {all} settlements cannot be checked; the others agree with the shop's orders",
            n=unchecked, all=settlements,
        )  # fmt: skip
    return say("All settlements agree with the shop's orders")


def _unchecked(table: pd.DataFrame) -> int:
    """Return how many settlements by sales or orders cannot be checked; a fixed fee is not held against the shop at all."""
    return int(((table["state"] == "unknown") & (table["basis"] != "fee")).sum())


def _statement(periods: pd.DataFrame) -> Listing:
    """Return a line per partner, period and basis: what was sold, given back, due, paid and taken back."""
    heads = {
        "partner": term("Partner", "column"), "code": term("Code", "column"), "period_start": term("From", "column"),
        "period_end": term("To", "column"), "basis": term("Basis", "column"), "currency": term("Currency", "column"),
        "orders": term("Orders reported", "column"), "orders_shop": term("Orders in the shop", "column"),
        "revenue": term("Revenue reported", "column"), "back": term("Of it given back", "column"),
        "rate": term("Share of sales agreed", "column"), "per_order": term("Amount per order agreed", "column"),
        "due": term("Amount due", "column"), "paid_out": term("Paid", "column"), "clawed_back": term("Taken back", "column"),
        "paid": term("Paid, net", "column"), "difference": term("Difference", "column"),
    }  # fmt: skip
    amounts = ["revenue", "back", "due", "paid_out", "clawed_back", "paid", "difference"]
    told = periods.assign(
        partner=cells(named(one) for one in periods["partner"]),
        basis=cells(BASES.get(str(one), Written(str(one))) for one in periods["basis"]),
        difference=periods["paid"] - periods["due"],
    ).sort_values(["period_start", "code"], kind="stable")
    told = told.assign(**{name: told[name].astype(float).round(2) for name in amounts})
    return listing("settlement", say("Settlements, line by line, for the books"), told, columns=heads)


def _table(part: pd.DataFrame, currency: str) -> charts.Table:
    def money(amount: float) -> Money:
        return Money(amount, currency)

    columns = {
        "name": term("Partner", "column"),
        "periods": term("Periods", "column"),
        "orders": term("Orders reported", "column"),
        "orders_shop": term("Orders in the shop", "column"),
        "returned": term("Returned", "column"),
        "due": term("Amount due", "column"),
        "paid": term("Paid, net", "column"),
        "difference": term("Difference", "column"),
        "said": term("Conclusion", "column"),
    }
    shown = part.assign(
        name=cells(named(one) for one in part["partner"]), said=cells(MARKS[one] for one in part["state"])
    )
    forms: dict[str, Any] = {
        "orders": Count,
        "orders_shop": Count,
        "returned": Percent,
        "due": money,
        "paid": money,
        "difference": money,
    }
    return charts.table(
        shown,
        columns=columns,
        formats=forms,
        caption=say("Settlements in {currency}, all periods together", currency=currency),
    )
