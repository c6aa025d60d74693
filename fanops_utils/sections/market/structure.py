"""How concentrated is the market? Attention earned by posts and mentions beside each other, each with its denominator."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Conversation, Earnings
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Count, Message, Number, Percent, Sayable, Sentences, Span, Unit, Written, say, term

FOUR = 4  # brands of the usual measure of concentration


def structure(earned: Earnings, talk: Conversation, *, platform: str, brand: str) -> Section:
    """Return what each brand's posts earn of all, and the sums of squares by interactions and by mentions."""
    table = earned.table
    if table.empty:
        why = say(
            "no post of a rival on {platform}: map a listening tool's file to watched_posts",
            platform=words.platform(platform),
        )
        return Section.of(Finding.nothing("structure", why))
    first = table.iloc[0]
    ours = table[table["is_ours"]]
    title = _title(table, platform)
    finding = Finding(
        id="structure", label=term("Largest share of interactions", "label of a finding"), about=Written(str(first["brand"])),
        code="ours" if first["is_ours"] else "rival", title=title, weight="row", severity="info",
        text=Sentences.of(
            None if ours.empty or first["is_ours"] else say(
                "{brand} earns {share} ({interval}).", brand=brand, share=Percent(float(ours.iloc[0]["share"])),
                interval=Span.of(ours.iloc[0]["ci_lower"], ours.iloc[0]["ci_upper"], level=0.9)),
            _concentration(earned, talk, len(table)),
            _four(earned, talk),
            say("Sales of the brands are in no file: these are shares of attention, no market shares."),
        ),
        estimate=float(first["share"]), ci_lower=float(first["ci_lower"]), ci_upper=float(first["ci_upper"]),
        unit=Unit("share", term("of interactions", "unit")), n=int(table["n"].sum()),
        method=say(
            "Likes, comments and shares of all posts in 84 days, saves left out as nobody sees those of others; bootstrap over "
            "each brand's posts, 90%. HHI: the sum of the squared shares, 1 where one brand has all, one over their number "
            "where all are equal."
        ),
    )  # fmt: skip
    columns: dict[str, Sayable] = {
        "brand": term("Brand", "column"), "n": term("Posts, 84 days", "column"), "earned": term("Interactions", "column"),
        "share": term("Share of interactions", "column"), "ci_lower": term("90% from", "column"), "ci_upper": term("to", "column"),
    }  # fmt: skip
    forms = {"earned": Count, "share": Percent, "ci_lower": Percent, "ci_upper": Percent}
    shown = charts.table(table, columns=columns, formats=forms, caption=say("Who earns the interactions"))
    return Section.of(finding, shown)


def _title(table: pd.DataFrame, platform: str) -> Message:
    """Return who earns most of the brands followed, where its interval lies above that of the next."""
    first, second = table.iloc[0], table.iloc[1]
    told: dict[str, Any] = {"brand": Written(str(first["brand"])), "platform": words.platform(platform), "n": len(table),
            "share": Percent(float(first["share"]))}  # fmt: skip
    if first["ci_lower"] > second["ci_upper"]:
        return say(
            "Of {n} brands followed, {brand} earns most interactions on {platform}: {share} of all theirs", **told
        )
    return say("Of {n} brands followed none clearly earns most interactions on {platform}; {brand} has {share}", **told)


def _concentration(earned: Earnings, talk: Conversation, brands: int) -> Message:
    told = {"hhi": Number(earned.hhi, digits=2), "even": Number(1 / brands, digits=2)}
    if talk.hhi != talk.hhi:
        return say("Concentration (HHI) by interactions {hhi}: {even} if all earned alike, 1 if one had all.", **told)
    return say(
        "Concentration (HHI) by interactions {hhi}, by mentions {loud}: {even} if all had alike, 1 if one had all.",
        **told, loud=Number(talk.hhi, digits=2),
    )  # fmt: skip


def _four(earned: Earnings, talk: Conversation) -> Message | None:
    """Return what the first four have, where there are more: of four brands the four have all."""
    if min(len(earned.table), len(talk.table)) <= FOUR or talk.hhi != talk.hhi:
        return None
    return say("The first four have {cr4} of the interactions and {loud} of the mentions.",
               cr4=Percent(earned.cr4), loud=Percent(talk.cr4))  # fmt: skip
