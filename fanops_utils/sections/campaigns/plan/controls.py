"""Which markets can stand in for the treated ones, by how they moved with them so far."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Listed, Message, Number, Sentences, say, say_n, term
from fanops_utils.workspace import Campaign

NO_HISTORY = term("no daily totals of this metric before the start", "why there is no data")
NO_CONTROLS = term("no market is held back", "why there is no data")
METHOD = say("Last 26 weeks before the start: changes of weekly means of logs; 0.2 or more is taken as moving with it.")


def controls(proposed: pd.DataFrame | None, campaign: Campaign, *, others: Iterable[Campaign] = ()) -> Section:
    """Return which markets move with the treated ones (*proposed*: `models.propose_controls`); *others* had campaigns too."""
    return Section.of(answer(proposed, campaign, others=others))


def answer(proposed: pd.DataFrame | None, campaign: Campaign, *, others: Iterable[Campaign] = ()) -> Finding:
    """Return the markets that can stand in, those planned that cannot, and those left out that could."""
    if proposed is None or proposed.empty:
        return Finding.nothing("controls", NO_HISTORY if campaign.controls else NO_CONTROLS)
    good = proposed.loc[proposed["proposed"], "market"].tolist()
    weak = [code for code in campaign.controls if code in set(proposed["market"]) - set(good)]
    unused, busy = [code for code in good if code not in campaign.controls], _busy(campaign, others)
    return Finding(
        id="controls",
        title=_title(len(good), campaign),
        text=Sentences.of(
            _moved(proposed, campaign),
            _weak(weak),
            _unused([code for code in unused if code not in busy]),
            _had_its_own([code for code in unused if code in busy]),
        ),
        severity="info" if good else "alert",
        n=len(good),
        method=METHOD,
        code="some" if good else "none",
    )


def _title(number: int, campaign: Campaign) -> Message:
    if not number:
        return say("No market moves with the treated ones")
    treated = Listed.of(campaign.treated, how="and")
    return say_n("{n} market moves with {treated}", "{n} markets move with {treated}", n=number, treated=treated)


def _moved(proposed: pd.DataFrame, campaign: Campaign) -> Message:
    each = (
        term(
            "{market} {correlation}",
            "correlation of a market",
            market=row["market"],
            correlation=Number(row["correlation"], 2),
        )
        for row in proposed.to_dict("records")
    )
    treated = Listed.of(campaign.treated, how="and")
    return say("Correlation of the weekly changes with {treated}: {markets}.", treated=treated, markets=Listed.of(each))


def _weak(markets: list[str]) -> Message | None:
    if not markets:
        return None
    return say("Planned as controls, but moving on their own: {markets}. They add noise.", markets=Listed.of(markets))


def _busy(campaign: Campaign, others: Iterable[Campaign]) -> set[str]:
    """Return the markets that had a campaign of their own between the start of the baseline and the end of the live days."""
    return {
        market
        for one in others
        if one.id != campaign.id and one.live.start <= campaign.live.end and one.live.end >= campaign.baseline.start
        for market in one.treated
    }


def _had_its_own(markets: list[str]) -> Message | None:
    if not markets:
        return None
    return say("Rightly left out, with a campaign of their own in these weeks: {markets}.", markets=Listed.of(markets))


def _unused(markets: list[str]) -> Message | None:
    if not markets:
        return None
    return say("Not in the plan, though they would serve: {markets}.", markets=Listed.of(markets))
