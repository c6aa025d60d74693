"""Are the numbers real? Signs that call for a question, never a verdict."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import MARKS, SIGNS, named
from fanops_utils.text import Listed, Message, Number, Percent, Sentences, Unit, say, say_n, term


def authenticity(table: pd.DataFrame) -> Section:
    """Return which partners' numbers ask for a question (*table*: `models.authenticity`)."""
    known = table[table["state"] != "unknown"]
    if known.empty:
        return Section.of(
            Finding.nothing(
                "authenticity",
                say("no watched account of a partner; a mapping to watched_daily and watched_posts brings them"),
            )
        )
    asked, signs = known[known["state"] == "question"], known[known["state"] == "sign"]
    seen = [name for name in SIGNS if known[name].notna().any()]
    code = "question" if len(asked) else "sign" if len(signs) else "none"
    finding = Finding(
        id="authenticity",
        label=term("Partners whose numbers ask for a question", "label of a finding"),
        code=code,
        weight="chapter" if code != "none" else None,
        title=(title := _title(code, asked, signs, known=len(known), seen=len(seen))),
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            *(_told(row) for row in (*asked.to_dict("records"), *signs.to_dict("records"))),
            say("Looked at: {signs}. The rest has no numbers.", signs=Listed.of(SIGNS[name] for name in seen))
            if len(seen) < len(SIGNS)
            else None,
            say("A sign is a reason to ask, no proof. Followers bought in small portions over weeks leave none."),
        ),
        severity="watch" if code != "none" else "info",
        estimate=float(len(asked) + len(signs)),
        unit=Unit("count", term("partners", "unit")),
        n=len(known),
        method=say(
            "Growth: days with a gain beyond eight median deviations and 1% of followers, without a post of three times "
            "the usual views "
            "in the week before. Views per follower, likes per view: robust standard deviations around partners of the "
            "same size, at "
            "least a third of spread. Question: 10% unexplained growth, or two of four signs. None of 600 simulated "
            "honest creators."
        ),
    )
    columns = {
        "name": term("Partner", "column"),
        "growth": term("Growth no post explains", "column"),
        "views": term("Views per follower against its size, in usual swings", "column"),
        "likes": term("Likes per view against its size, in usual swings", "column"),
        "comments": term("Comments that repeat", "column"),
        "said": term("Conclusion", "column"),
    }
    shown = known.assign(
        name=cells(named(one) for one in known["partner"]), said=cells(MARKS[one] for one in known["state"])
    )
    told = charts.table(
        shown,
        columns=columns,
        formats={"growth": Percent, "comments": Percent, "views": _off, "likes": _off},
        caption=say("All partners that are watched"),
    )
    return Section.of(finding, told)


def _off(deviations: float) -> Number:
    return Number(deviations, 1, sign=True)


def _title(code: str, asked: pd.DataFrame, signs: pd.DataFrame, *, known: int, seen: int) -> Message:
    """Return what is said of all partners; *seen*: signs of the four that could be looked at, *known*: partners watched."""
    if code == "question":
        return say_n(
            "Ask {n} partner about its numbers: {partners}",
            "Ask {n} partners about their numbers: {partners}",
            n=len(asked) + len(signs),
            partners=Listed.of(named(one) for one in (*asked["partner"], *signs["partner"])),
        )
    if code == "sign":
        return say_n(
            "{n} partner shows one odd sign: {partners}",
            "{n} partners show one odd sign each: {partners}",
            n=len(signs),
            partners=Listed.of(named(one) for one in signs["partner"]),
        )
    if seen < len(SIGNS):
        return say_n(
            "{seen} of {all} signs can be looked at: nothing odd is seen there in the numbers of the {n} watched partner",
            "{seen} of {all} signs can be looked at: nothing odd is seen there in the numbers of the {n} watched partners",
            n=known,
            seen=seen,
            all=len(SIGNS),
        )
    return say_n(
        "Nothing odd is seen in the numbers of the {n} watched partner",
        "Nothing odd is seen in the numbers of the {n} watched partners",
        n=known,
    )


def _told(row: dict[Any, Any]) -> Message:
    signs = Listed.of(SIGNS[str(one)] for one in row["signs"])
    if "growth" in row["signs"]:
        return say(
            "{partner}: {signs}; {share} of its followers came in them.",
            partner=named(row["partner"]),
            signs=signs,
            share=Percent(float(row["growth"])),
        )
    return say("{partner}: {signs}.", partner=named(row["partner"]), signs=signs)
