"""Is a partner to be booked again? Its answer and why, partner by partner: the same table for a campaign and for a year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Message, Number, Range, Sayable, Signed, say, term

REBOOK: dict[str, Message] = {
    "yes": term("yes", "book a partner again"),
    "no": term("not at this fee", "book a partner again"),
    "open": term("open", "book a partner again"),
}
WHY: dict[str, Message] = {
    "more": term("more per fee", "why a partner is booked again"),
    "less": term("less per fee", "why a partner is booked again"),
    "alike": term("not told apart", "why a partner is booked again"),
    "few": term("fewer than three paid deliveries, or nobody to compare with", "why a partner is booked again"),
    "no_fee": term("no fee is booked", "why a partner is booked again"),
    "question": term("numbers in question", "why a partner is booked again"),
    "late": term("more per fee, but most agreed days were missed", "why a partner is booked again"),
    "seldom": term("too few deliveries", "why a partner is booked again"),
    "unlooked": term(
        "more per fee, but nobody looked at its background or its undertaking not to buy volume",
        "why a partner is booked again",
    ),
}


def rebooked(
    again: pd.DataFrame | None,
    *,
    caption: Message,
    questioned: Collection[str] = (),
    unlooked: Collection[str] = (),
    least: int = 0,
) -> charts.Table | None:
    """Return whom to book *again* and why (`models.rebooking`); None without a partner.

    Open stays, whatever a fee brought: who is *questioned* (numbers with a sign of having been bought), who has fewer than
    *least* deliveries, and, of those who would be booked, who is *unlooked*: background or undertaking not looked at.
    """
    if again is None or again.empty:
        return None
    rows = [row | _held(row, questioned=questioned, unlooked=unlooked, least=least) for row in again.to_dict("records")]
    shown = again.assign(
        partner=cells(named(one) for one in again["partner"]),
        rebook=cells(REBOOK[str(row["rebook"])] for row in rows),
        why=cells(WHY[str(row["why"])] for row in rows),
        span=cells(_span(row) for row in again.to_dict("records")),
        kept=cells(_kept(row) for row in rows),
    )
    columns = {
        "partner": term("Partner", "column"),
        "rebook": term("Book again", "column"),
        "why": term("Why", "column of partners"),
        "deliveries": term("Deliveries", "column"),
        "estimate": term("Interactions per fee, against the average", "column"),
        "span": term("90% interval", "column"),
        "kept": term("On the agreed day", "column"),
        "rating": term("The team's rating, 1 to 5", "column"),
    }
    forms: dict[str, Callable[[float], Sayable]] = {"estimate": Signed, "rating": _rated}
    return charts.table(shown, columns=columns, formats=forms, caption=caption)


def _held(
    row: Mapping[Any, Any], *, questioned: Collection[str], unlooked: Collection[str], least: int
) -> dict[str, str]:
    """Return why a row stays open, where something holds it back."""
    asked = row["partner"] in questioned
    seldom = row["rebook"] != "open" and int(row["deliveries"]) < least
    bare = row["rebook"] == "yes" and row["partner"] in unlooked
    why = "question" if asked else "seldom" if seldom else "unlooked" if bare else ""
    return {"rebook": "open", "why": why} if why else {}


def _span(row: Mapping[Any, Any]) -> Range | None:
    low, high = float(row["ci_lower"]), float(row["ci_upper"])
    return None if pd.isna(low) or pd.isna(high) else Range.of(low, high, form=Signed)


def _rated(value: float) -> Number:
    return Number(value, 1)


def _kept(row: Mapping[Any, Any]) -> Message | None:
    due = int(row["due"])
    return say("{hits} of {n}", hits=due - int(row["late"]), n=due) if due else None
