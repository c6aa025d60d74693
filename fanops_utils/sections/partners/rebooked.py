"""Is a partner to be booked again? Its answer and why, partner by partner: the same table for a campaign and for a year.

What a fee brought never speaks alone: duties that nobody looked at and failed gates hold a partner back on both pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Message, Number, Range, Sayable, Signed, say, term
from fanops_utils.workspace.operations.partners import Partner

REBOOK: dict[str, Message] = {
    "yes": term("yes", "book a partner again"),
    "no": term("not at this fee", "book a partner again"),
    "open": term("open", "book a partner again"),
    "barred": term("no: it failed a gate", "book a partner again"),
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
    "unlabelled": term("more per fee; nobody checked its ad labelling yet", "why a partner is booked again"),
    "failed": term("failed a gate of partners.yml", "why a partner is booked again"),
}


def held_back(
    names: Iterable[str], known: Collection[Partner] | None, *, codes: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """Return what partners.yml (*known*; None: not asked) holds against booking each of *names* again.

    "failed": a gate; "unlooked": nobody looked at background or undertaking not to buy volume, or it stands in no register;
    "unlabelled": its labelling of advertising was never checked. *codes*: of names that a campaign's register gives; whoever
    has the code in partners.yml is meant.
    """
    if known is None:
        return {}
    by_name, by_code = {str(one.name): one for one in known}, {one.code: one for one in known if one.code}
    told = {str(name): by_name.get(str(name)) or by_code.get((codes or {}).get(str(name)) or "") for name in names}
    against = {name: _against(one) for name, one in told.items()}
    return {name: why for name, why in against.items() if why}


def _against(one: Partner | None) -> str:
    if one is not None and one.failed:
        return "failed"
    if one is None or not (one.background and one.no_bought_volume):
        return "unlooked"
    return "" if one.labelling else "unlabelled"


def rebooked(
    again: pd.DataFrame | None,
    *,
    caption: Message,
    questioned: Collection[str] = (),
    held: Mapping[str, str] | None = None,
    least: int = 0,
) -> charts.Table | None:
    """Return whom to book *again* and why (`models.rebooking`); None without a partner.

    Open stays, whatever a fee brought: who is *questioned* (numbers with a sign of having been bought), who has fewer than
    *least* deliveries, and, of those who would be booked, whose background or undertaking nobody looked at (*held*:
    `held_back`). Who failed a gate is not booked.
    """
    if again is None or again.empty:
        return None
    against = held or {}
    rows = [row | _held(row, questioned=questioned, held=against, least=least) for row in again.to_dict("records")]
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
    row: Mapping[Any, Any], *, questioned: Collection[str], held: Mapping[str, str], least: int
) -> dict[str, str]:
    """Return why a row stays open or is barred, where something holds it back; of one booked all the same, what is open."""
    against, yes = held.get(row["partner"], ""), row["rebook"] == "yes"
    if row["rebook"] != "no" and against == "failed":
        return {"rebook": "barred", "why": "failed"}
    if row["partner"] in questioned:
        return {"rebook": "open", "why": "question"}
    if row["rebook"] != "open" and int(row["deliveries"]) < least:
        return {"rebook": "open", "why": "seldom"}
    if yes and against == "unlooked":
        return {"rebook": "open", "why": "unlooked"}
    return {"why": "unlabelled"} if yes and against == "unlabelled" else {}


def _span(row: Mapping[Any, Any]) -> Range | None:
    low, high = float(row["ci_lower"]), float(row["ci_upper"])
    return None if pd.isna(low) or pd.isna(high) else Range.of(low, high, form=Signed)


def _rated(value: float) -> Number:
    return Number(value, 1)


def _kept(row: Mapping[Any, Any]) -> Message | None:
    due = int(row["due"])
    return say("{hits} of {n}", hits=due - int(row["late"]), n=due) if due else None
