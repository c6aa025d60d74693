"""Where it moved: the treated markets, their other platforms, and the control markets beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import told_apart
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.parts import AS_WHOLE, LUCK
from fanops_utils.sections.campaigns.words import between
from fanops_utils.text import Level, Listed, Message, Sayable, Sentences, Signed, say, say_n, term
from fanops_utils.workspace import Campaign


def places(
    by_market: pd.DataFrame, by_platform: pd.DataFrame, controls: pd.DataFrame, campaign: Campaign, *, level: float
) -> Section:
    """Return how markets, platforms and controls moved in the live days, and every one of them drawn."""
    findings = (
        platforms(by_platform, campaign, level=level), markets(by_market, campaign, level=level), spilled(controls, level=level)
    )  # fmt: skip
    drawn = Words(
        title=say("Where something moved in the live days"),
        subtitle=say(
            "Change against the controls; {level} intervals; controls: each against the others", level=Level(level)
        ),
        axis=term("effect", "axis"),
        alt=Sentences.of(*(say("{sentence}.", sentence=finding.title) for finding in findings)),
        caption=say("One in ten stands out by chance alone"),
    )
    nothing = term("nothing", "reference line")
    frame = rows(by_market, by_platform, controls)
    return Section.of(
        *findings,
        charts.intervals(frame, label="place", form=Signed, reference=0.0, reference_label=nothing, words=drawn),
    )


def markets(table: pd.DataFrame, campaign: Campaign, *, level: float) -> Finding:
    """Return how the treated markets compare; with a single one there is nothing to compare."""
    if len(campaign.treated) == 1:
        text = say(
            "The effect of the whole is that of the market; nothing says whether it would be the same elsewhere."
        )
        title = say("One market was treated: {market}", market=campaign.treated[0])
        return Finding(id="markets", title=title, text=text, code="one")
    known = table[table["estimate"].notna()]
    if known.empty:
        why = term("no treated market can be held against the controls alone", "why there is no data")
        return Finding.nothing("markets", why)
    told = [
        say("{part}: {change}.", part=row["part"], change=between(row, level=level)) for row in known.to_dict("records")
    ]
    gaps = known["apart_p"].to_numpy(float)
    clear = told_apart(gaps if len(known) > 2 else gaps[:1], level=level)  # two differ from each other, once
    apart = known[np.broadcast_to(clear, len(known))]
    title = say("No treated market clearly differs")
    if len(apart):
        title = say("Apart from the other treated markets: {markets}", markets=Listed.of(apart["part"]))
    code = "apart" if len(apart) else "alike"
    return Finding(id="markets", title=title, text=Sentences.of(*told, LUCK), n=len(known), method=AS_WHOLE, code=code)


def platforms(table: pd.DataFrame, campaign: Campaign, *, level: float) -> Finding:
    """Return whether the treated markets moved on their other platforms too."""
    known = _with_interval(table)
    if known.empty:
        why = term("no other platform of the treated markets has daily files and controls", "why there is no data")
        return Finding.nothing("platforms", why)
    told = [
        say("{part}: {change}.", part=_platform(row["part"]), change=between(row, level=level))
        for row in known.to_dict("records")
    ]
    moved = _moved(known, level)
    title = say("Outside {platform} nothing clear moved", platform=words.platform(campaign.platform))
    if len(moved):
        title = say(
            "Other platforms moved too: {platforms}", platforms=Listed.of(_platform(part) for part in moved["part"])
        )
    code = "moved" if len(moved) else "still"
    return Finding(
        id="platforms", title=title, text=Sentences.of(*told, LUCK), n=len(known), method=AS_WHOLE, code=code
    )


def _platform(part: tuple[str, str]) -> Message:
    platform, metric = part
    named = {"platform": words.platform(platform), "units": words.unit(metric)}
    return term("{platform} {units}", "what moved on a platform", **named)


def spilled(table: pd.DataFrame, *, level: float) -> Finding:
    """Return whether a control market moved by itself in the live days: then the effect found is off by part of it."""
    known = _with_interval(table)
    if known.empty:
        why = term("fewer than three control markets, so none can be held against the others", "why there is no data")
        return Finding.nothing("spillover", why)
    moved = _moved(known, level)
    if moved.empty:
        text = say_n("The {n} control, held against the others, shows no clear effect.",
                     "Each of {n} controls, held against the others, shows no clear effect.", n=len(known))  # fmt: skip
        title = say("No control market moved by itself")
        return Finding(
            id="spillover",
            title=title,
            text=text,
            severity="good",
            n=len(known),
            method=AS_WHOLE,
            code="still",
            weight="row",
        )
    told = [
        say("{part}: {change}.", part=row["part"], change=between(row, level=level)) for row in moved.to_dict("records")
    ]
    weighs = say("A control that rises makes the effect look smaller, one that falls larger.")
    title = say("Moved without the campaign: {markets}", markets=Listed.of(moved["part"]))
    return Finding(
        id="spillover", title=title, text=Sentences.of(*told, weighs, LUCK), severity="watch", n=len(known),
        method=AS_WHOLE, code="moved",
    )  # fmt: skip


def rows(by_market: pd.DataFrame, by_platform: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """Return every part as rows to be drawn: place, estimate, ci_lower, ci_upper, own (not a control)."""
    listed: list[tuple[Sayable, Mapping[Any, Any]]] = [
        *(
            (term("{market}, treated", "row of a chart", market=row["part"]), row)
            for row in by_market.to_dict("records")
        ),
        *((_platform(row["part"]), row) for row in by_platform.to_dict("records")),
        *(
            (term("{market}, control", "row of a chart", market=row["part"]), row)
            for row in controls.to_dict("records")
        ),
    ]
    drawn = [(place, row["estimate"], row["ci_lower"], row["ci_upper"]) for place, row in listed]
    frame = pd.DataFrame(drawn, columns=["place", "estimate", "ci_lower", "ci_upper"])
    return frame.assign(own=[place < len(listed) - len(controls) for place in range(len(listed))])


def _with_interval(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["estimate"].notna() & table["ci_lower"].notna()]


def _moved(known: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the rows that stand out among all of *known*, read together."""
    return known[told_apart(known["p_value"].to_numpy(float), level=level)]
