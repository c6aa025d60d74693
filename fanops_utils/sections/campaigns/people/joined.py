"""Who was active in the live days: members who had just joined, or those who were there already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Message, People, Percent, Sentences, Span, Unit, say, term

NOBODY = term("the community's tables hold no member of these markets", "why there is no data")
SMALL = 10
METHOD = say("Members of the treated markets' communities; a member without a campaign might have come anyway.")


def joined(table: pd.DataFrame | None) -> Section:
    """Return how many of those active in the live days had joined in them (*table*: `metrics.campaign_audience`)."""
    return Section.of(answer(table))


def answer(table: pd.DataFrame | None) -> Finding:
    """Return the share of new members among the active, against the days before."""
    if table is None or table.empty or not table["active"].sum():
        return Finding.nothing("audience", NOBODY)
    before, during = table.to_dict("records")
    if during["active"] < SMALL:
        title, text = say("Fewer than ten members were active"), say("Too few to say who they were.")
        return Finding(id="audience", title=title, text=text, severity="watch", code="few")
    code = _code(before, during)
    return Finding(
        id="audience",
        title=_title(code),
        text=Sentences.of(*_counts(before, during), _share(before, during)),
        estimate=during["estimate"],
        ci_lower=during["ci_lower"],
        ci_upper=during["ci_upper"],
        unit=Unit("share", term("new members among the active", "unit")),
        n=People(int(during["active"])),
        method=METHOD,
        code=code,
    )


def _code(before: dict[Any, Any], during: dict[Any, Any]) -> str:
    if not before["active"]:
        return "no_before"
    change = difference_of(during, before)
    return "fewer" if change.ci_upper < 0 else "more" if change.ci_lower > 0 else "same"


def _title(code: str) -> Message:
    match code:
        case "more":
            return say("More of the active were new than in the days before")
        case "fewer":
            return say("Fewer of the active were new than in the days before")
        case "no_before":
            return say("Nobody was active in the days before: newcomers have nothing to be held against")
    return say("No clear rise in newcomers among the active")


def _counts(before: dict[Any, Any], during: dict[Any, Any]) -> tuple[Message, Message]:
    active = say(
        "Members active in the live days: {active}; in as many days before: {before}.",
        active=People(during["active"]),
        before=People(before["active"]),
    )
    return active, say(
        "Members who joined: {joined}; before: {before}.",
        joined=People(during["joined"]),
        before=People(before["joined"]),
    )


def _share(before: dict[Any, Any], during: dict[Any, Any]) -> Message:
    values = {
        "share": Percent(during["estimate"]),
        "interval": Span.of(during["ci_lower"], during["ci_upper"]),
    }
    if np.isfinite(before["estimate"]):
        share = Percent(before["estimate"])
        return say("New among the active: {share} ({interval}); before: {before}.", before=share, **values)
    return say("New among the active: {share} ({interval}); before, nobody was active.", **values)
