"""Does the budget keep to its bands?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import (
    Listed,
    Message,
    Money,
    Number,
    Percent,
    Sayable,
    Sentences,
    Unit,
    Written,
    say,
    say_n,
    term,
)
from fanops_utils.workspace import Campaign

NO_COST = term("the register names no cost", "why there is no data")
METHOD = say("Shares of content, people, tools and reserve; the bands are the house's rule, not a law.")
OUTSIDE = ["above", "below", "nothing"]
CATEGORIES: dict[str, Message] = {
    "content": term("Content", "category of a budget"),
    "people": term("People", "category of a budget"),
    "tools": term("Tools", "category of a budget"),
    "reserve": term("Reserve", "category of a budget"),
    "media": term("Media", "category of a budget"),
}
READINGS: dict[str, Message] = {
    "inside": term("inside", "against a band"),
    "above": term("above", "against a band"),
    "below": term("below", "against a band"),
    "nothing": term("no money", "against a band"),
    "no_band": term("no band", "against a band"),
}


def budget(shares: pd.DataFrame, campaign: Campaign) -> Section:
    """Return whether the planned budget keeps to its bands (*shares*: `metrics.budget_shares`)."""
    columns = {
        "category": term("Category", "column"),
        "amount": term("Planned, {currency}", "column", currency=campaign.currency),
        "share": term("Share", "column"),
        "low": term("From", "column of a band"),
        "high": term("To", "column of a band"),
        "reading": term("Against the band", "column"),
    }
    shown = shares.assign(category=shares["category"].map(_category), reading=shares["reading"].map(READINGS))
    formats = {"share": Percent, "low": _whole, "high": _whole, "amount": lambda value: Number(value, 0)}
    caption = say("Budget of the register by category")
    return Section.of(answer(shares, campaign), charts.table(shown, columns=columns, formats=formats, caption=caption))


def answer(shares: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return the parts of the budget outside their bands."""
    if not campaign.planned:
        return Finding.nothing("budget", NO_COST)
    outside = shares[shares["reading"].isin(OUTSIDE)].to_dict("records")
    total = say("{money} in all; media is left out of the shares.", money=Money(campaign.planned, campaign.currency))
    title = say("The budget keeps to its bands")
    if outside:
        title = say_n(
            "{n} part of the budget lies outside its band",
            "{n} parts of the budget lie outside their bands",
            n=len(outside),
        )
    parts = say("{parts}.", parts=Listed.of(_part(row) for row in outside)) if outside else None
    return Finding(
        id="budget",
        title=title,
        text=Sentences.of(parts, total),
        severity="watch" if outside else "good",
        estimate=campaign.planned,
        unit=Unit("money", term("planned", "unit"), campaign.currency),
        method=METHOD,
        code="outside" if outside else "inside",
    )


def _part(row: Mapping[Any, Any]) -> Message:
    ends = {"category": _category(row["category"]), "low": _whole(row["low"]), "high": _whole(row["high"])}
    if row["reading"] == "nothing":
        return term("{category}: no money (band {low} to {high})", "part of a budget", **ends)
    return term("{category}: {share} (band {low} to {high})", "part of a budget", share=Percent(row["share"]), **ends)


def _category(name: str) -> Sayable:
    return CATEGORIES.get(name) or Written(name)


def _whole(value: float) -> Percent:
    return Percent(value, 0)
