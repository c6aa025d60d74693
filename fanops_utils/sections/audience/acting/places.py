"""Who gets a place at the next offline event: most by what they do, some by lot, first who has not been there lately."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import people
from fanops_utils.text import Message, People, Percent, Sentences, Unit, say, term

SMALL = 10
HOW: dict[str, Message] = {
    "score": term("by score", "how a place is given"),
    "lot": term("by lot", "how a place is given"),
}


def places(chosen: pd.DataFrame, table: pd.DataFrame, *, lately: int) -> Section:
    """Return who gets a place (*chosen*: `metrics.fair_places`) and how they fall on tiers (*table*: `places_by`).

    *lately*: days in which whoever came to an offline event stands behind the others.
    """
    if len(chosen) < SMALL:
        return Section.of(
            Finding.nothing(
                "places", say("fewer than ten members seen in 91 days to choose from (exports: fans, member events)")
            )
        )
    score, lot = int((chosen["how"] == "score").sum()), int((chosen["how"] == "lot").sum())
    again = int(chosen["again"].sum())
    finding = Finding(
        id="places",
        label=term("Places at the next offline event", "label of a finding"),
        code="chosen",
        title=say("{n} members for the next offline event: {score} by score, {lot} by lot", n=len(chosen), score=score, lot=lot),
        text=Sentences.of(
            say("Whoever came to one in the last {days} days stands behind all others.", days=lately),
            say("{again} of them have a place all the same: too few others were seen in 91 days.",
                again=People(again)) if again else None,
        ),
        estimate=float(len(chosen)), unit=Unit("count", term("members", "unit")), n=People(len(chosen)),
        method=say(
            "Score: the mean of the ranks of days seen, of acts other than visits (both in 91 days) and, where the shop is "
            "linked, of spend. Three places in ten are drawn by lot among all others seen in these days."
        ),
    )  # fmt: skip
    shown = table.assign(tier=table["tier"].astype(str).map(TIERS))
    columns = {
        "tier": term("Tier", "column"), "members": term("Members seen in 91 days", "column"),
        "share": term("Share of these members", "column"), "share_places": term("Share of places", "column"),
    }  # fmt: skip
    shares = dict.fromkeys(["share", "share_places"], Percent)
    caption = say("Places against the members seen in 91 days, by tier of today")
    listed = chosen.assign(how=cells(HOW[one] for one in chosen["how"]), score=chosen["score"].round(3))
    heads = {"how": term("Place given", "column"), "score": term("Score", "column")}
    handout = people("event_places", say("Members to invite to the next offline event"), listed, columns=heads)
    return Section.of(
        finding,
        charts.table(shown, columns=columns, formats=shares, people="members", caption=caption),
        handouts=(handout,),
    )
