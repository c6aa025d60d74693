"""What could spoil the reading: overlapping campaigns, short baselines, renames, no market held back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Day, Listed, Message, Period, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace import Campaign

SHORT_BASELINE = 42


def risks(
    campaign: Campaign, others: Iterable[Campaign], breaks: pd.DataFrame, *, markets: int, on: date | None = None
) -> Section:
    """Return what could spoil the reading of *campaign*, with *markets* in the data, as it stands on the day *on*."""
    return Section.of(answer(campaign, others, breaks, markets=markets, on=on))


def answer(
    campaign: Campaign, others: Iterable[Campaign], breaks: pd.DataFrame, *, markets: int, on: date | None = None
) -> Finding:
    """Return the points that are open before the start or, once it has started, that were left open."""
    points = [*_of_the_brief(campaign), *_of_the_calendar(campaign, others), *_of_breaks(campaign, breaks)]
    if not points:
        clear = say_n(
            "{n} market, one campaign, no change of definition.",
            "{n} markets, one campaign, no change of definition.",
            n=markets,
        )
        return Finding(
            id="risks", title=say("Nothing known stands in the way"), text=clear, severity="good", code="clear"
        )
    started = on is not None and on >= campaign.live.start
    return Finding(
        id="risks",
        title=say_n("{n} thing may spoil the reading", "{n} things may spoil the reading", n=len(points))
        if started
        else say_n("{n} thing to settle before the start", "{n} things to settle before the start", n=len(points)),
        text=Sentences.of(*points),
        severity="watch",
        estimate=float(len(points)),
        unit=Unit("count", term("open points", "unit")),
        code="left_open" if started else "open",
    )


def _of_the_brief(campaign: Campaign) -> Iterable[Message]:
    if not campaign.controls:
        yield say("No market is held back: the verdict can be a hint at best.")
    elif len(campaign.controls) == 1:
        yield say(
            "Only {market} is held back: whatever happens there will look like an effect.", market=campaign.controls[0]
        )
    if campaign.baseline.days < SHORT_BASELINE:
        yield say_n(
            "The baseline has {n} day; {least} or more steady the comparison.",
            "The baseline has {n} days; {least} or more steady the comparison.",
            n=campaign.baseline.days,
            least=SHORT_BASELINE,
        )
    if campaign.value_per_unit is None and campaign.margin is None:
        yield say("Neither a value per unit nor a margin is agreed: no return can be computed.")


def _of_the_calendar(campaign: Campaign, others: Iterable[Campaign]) -> Iterable[Message]:
    for one in others:
        shared = set(one.treated) & {*campaign.treated, *campaign.controls}
        together = one.live.start <= campaign.live.end and campaign.baseline.start <= one.live.end
        if one.id != campaign.id and shared and together:
            yield say(
                "“{campaign}” runs in {markets}: {period}.",
                campaign=one.name,
                markets=Listed.of(sorted(shared)),
                period=Period.of(one.live.start, one.live.end),
            )
    for event in campaign.events:
        if campaign.live.start <= event.date <= campaign.live.end:
            noted = {"day": Day.of(event.date), "event": Written(event.note)}
            if event.market:
                yield say("{day}: {event} ({market}).", market=event.market, **noted)
            else:
                yield say("{day}: {event}.", **noted)


def _of_breaks(campaign: Campaign, breaks: pd.DataFrame) -> Iterable[Message]:
    inside = breaks["date"].between(pd.Timestamp(campaign.baseline.start), pd.Timestamp(campaign.live.end))
    own = (breaks["platform"] == campaign.platform) & (breaks["metric"] == campaign.metric)
    for row in breaks[inside & own].to_dict("records"):
        yield say(
            "What {platform} counts as {metric} changes in {month}: {note}.",
            platform=words.platform(str(row["platform"])),
            metric=words.unit(str(row["metric"])),
            month=Day.of(row["date"], form="month"),
            note=words.told_in(row, "note"),
        )
