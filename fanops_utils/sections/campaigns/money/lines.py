"""The lines of a budget: what was planned, what was paid, what is left, and why."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.cells import cells
from fanops_utils.text import Listed, Message, Money, Number, Percent, Sayable, Sentences, Unit, Written, say, term
from fanops_utils.workspace import Campaign

METHOD = say("Payments booked in the register.")


def lines(table: pd.DataFrame, campaign: Campaign) -> Section:
    """Return how the payments booked stand against the budget, line by line (*table*: `metrics.cost_lines`)."""
    currency = campaign.currency
    columns = {
        "item": term("Line", "column of a budget"),
        "planned": term("Planned, {currency}", "column", currency=currency),
        "paid": term("Paid, {currency}", "column", currency=currency),
        "left": term("Left, {currency}", "column", currency=currency),
    }
    why = reasons(campaign)
    if why:
        columns["why"] = term("Why", "column of a budget")
        table = table.assign(why=cells(why.get(str(item)) for item in table["item"]))
    whole = dict.fromkeys(["planned", "paid", "left"], lambda value: Number(value, 0))
    return Section.of(
        answer(table, campaign), charts.table(table, columns=columns, caption=say("Cost lines"), formats=whole)
    )


def reasons(campaign: Campaign) -> dict[str, Listed]:
    """Return what the payments of each line note about why it cost more or less; lines without a note are left out."""
    noted: dict[str, list[Sayable]] = {}
    for payment in campaign.payments:
        if payment.note:
            noted.setdefault(str(payment.item), []).append(Written(payment.note))
    return {item: Listed.of(notes) for item, notes in noted.items()}


def answer(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return how the payments booked stand against the budget."""
    if table.empty:
        return Finding.nothing("lines", term("the register names no budget", "why there is no data"))
    planned, paid = float(table["planned"].sum()), float(table["paid"].sum())
    if not campaign.payments:
        text = say(
            "{planned} is planned. What is not booked is unknown, not zero.", planned=Money(planned, campaign.currency)
        )
        unit, title = Unit("money", term("planned", "unit"), campaign.currency), say("No payment is booked yet")
        return Finding(
            id="lines", title=title, text=text, severity="watch", estimate=planned, unit=unit, code="none_booked"
        )
    over = table.loc[table["over"], "item"].tolist()
    unsaid = [item for item in over if str(item) not in reasons(campaign)]
    sums = {"paid": Money(paid, campaign.currency), "planned": Money(planned, campaign.currency)}
    severity: Severity = "watch" if over or paid > planned else "info"
    return Finding(
        id="lines",
        weight="row",
        title=say("{share} of the budget is booked as paid, advertisements apart", share=Percent(paid / planned))
        if planned
        else say("Money was paid without a budget"),
        text=Sentences.of(
            say(
                "Of {planned} planned, {paid} is booked as paid; what advertising accounts billed is not in it.", **sums
            ),
            _over(over),
            _unsaid(unsaid),
        ),
        severity=severity,
        estimate=paid,
        unit=Unit("money", term("paid", "unit"), campaign.currency),
        method=METHOD,
        code="overdrawn" if severity == "watch" else "within",
    )


def _unsaid(items: list[str]) -> Message | None:
    return say("No payment notes why: {items}.", items=Listed.of(items)) if items else None


def _over(items: list[str]) -> Message:
    if items:
        return say("More was paid than planned for: {items}.", items=Listed.of(items))
    return say("No line is overdrawn.")
