"""Duties of the market's law, each with its source and the day it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Check, Finding, Section
from fanops_utils.sections.market.outside.standing import STANDINGS
from fanops_utils.text import Listed, Message, Sentences, Unit, Written, say, say_n, term

REQUIRED: dict[str, tuple[str, ...]] = {
    "advertising": ("advertising and influencers",),
    "age": ("minors",),
    "data": ("data protection", "data transfer", "breach clock"),
}
DUTIES: dict[str, Message] = {
    "advertising": term("labelling of advertising", "duty of a market"),
    "age": term("age limits", "duty of a market"),
    "data": term("personal data", "duty of a market"),
}
OLD_DAYS = 182


def missing_duties(laws: pd.DataFrame, market: str) -> tuple[str, ...]:
    """Return which of the duties that must be registered for *market* have no row (*laws*: `outside.regulations`)."""
    topics = set(laws.loc[laws["market"] == market, "topic"])
    return tuple(code for code, names in REQUIRED.items() if not topics & set(names))


def registered(laws: pd.DataFrame, *, market: str, on: date | None) -> Check:
    """Return whether each duty needed has a row: a missing one fails the market, rows read long ago are to be read again."""
    name = term("Law of the market", "check")
    missing = missing_duties(laws, market)
    mine = laws[laws["market"] == market]
    if missing:
        found = say("no registered duty on {duties}", duties=Listed.of(DUTIES[one] for one in missing))
        action = say(
            "Begin nothing new in this market until counsel has named the duty and it stands in regulations.csv"
        )
        return Check(code="law", name=name, status="FAIL", finding=found, action=action)
    if _age(mine, on) > OLD_DAYS:
        old = say("the registered duties were read more than six months ago")
        return Check(code="law", name=name, status="REVIEW", finding=old, action=say("Read them again"))
    found = say_n("{n} duty is registered, none of those needed is missing",
                  "{n} duties are registered, none of those needed is missing", n=len(mine))  # fmt: skip
    return Check(code="law", name=name, status="PASS", finding=found)


def _age(mine: pd.DataFrame, on: date | None) -> int:
    """Return how many days before *on* the oldest row was read."""
    return (pd.Timestamp(on) - pd.to_datetime(mine["accessed"]).min()).days if on and len(mine) else 0


def law(laws: pd.DataFrame, *, market: str, on: date | None) -> Section:
    """Return whether the duties of *market* are registered: a missing row fails, an old one is to be read again."""
    mine = laws[laws["market"] == market]
    missing = missing_duties(laws, market)
    code = "missing" if missing else "old" if _age(mine, on) > OLD_DAYS else "registered"
    named = Listed.of(DUTIES[one] for one in missing)
    title = (
        say("Not cleared for new activity: no registered duty on {duties}", duties=named)
        if missing
        else say("The registered duties are more than six months old: read them again")
        if code == "old"
        else say_n("{n} duty of this market is registered", "{n} duties of this market are registered", n=len(mine))
    )
    finding = Finding(
        id="law",
        label=term("Duties registered", "label of a finding"),
        code=code,
        title=title,
        weight="chapter" if missing else "row",
        severity="alert" if missing else "watch" if code == "old" else "info",
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("A missing row means that nobody has found the duty, not that there is none.") if missing else None,
            say(
                "From public sources, read on the day in the table; no legal advice. Ask counsel of the market before acting."
            ),
        ),
        estimate=float(len(mine)),
        unit=Unit("count", term("duties", "unit")),
        n=len(mine),
        method=say(
            "Needed of each market: labelling of advertising, age limits, personal data. A row is old after 182 days."
        ),
    )
    columns = {
        "what": term("Law", "column"),
        "says": term("Duty", "column"),
        "number": term("Its number, as the source gives it", "column"),
        "since": term("Since", "column"),
        "read": term("Read on", "column"),
        "stands": term("Standing", "column"),
    }
    shown = pd.DataFrame(
        {
            "what": [Written(str(one), "en") for one in mine["law_en"]],
            "says": [Written(str(one), "en") for one in mine["duty"]],
            "number": [_number(row) for row in mine.to_dict("records")],
            "since": [Written(str(one)) if pd.notna(one) else None for one in mine["in_force_since"]],
            "read": [Written(str(one)) for one in mine["accessed"]],
            "stands": [STANDINGS[str(one)] for one in mine["standing"]],
        }
    )
    return Section.of(
        finding,
        charts.table(shown, columns=columns, caption=say("Duties of this market, as their sources tell them"))
        if len(mine)
        else None,
    )


def _number(row: Mapping[Any, Any]) -> Written | None:
    """Return the age, the days or the fine that belong to a duty, with their unit; without them it may say nothing."""
    told = [str(row[one]) for one in ("number", "number_unit") if pd.notna(row.get(one))]
    return Written(" ".join(told), "en") if told else None
