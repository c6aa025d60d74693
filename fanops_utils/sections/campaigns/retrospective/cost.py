"""What one extra unit of the metric cost, of everything that was spent."""

from __future__ import annotations

import numpy as np

from fanops_utils.metrics import FullCost
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.effect import NO_DAYS
from fanops_utils.text import Listed, Message, Money, Percent, Sentences, Span, Unit, say, term
from fanops_utils.workspace import Campaign

METHOD = say(
    "What was paid (planned, where nothing is booked) over the gain against the counterfactual, not over everything."
)


def spent(campaign: Campaign, whole: FullCost | None = None) -> float:
    """Return what the campaign cost: *whole* where it is known in its currency, else what was paid or planned."""
    if whole is not None and whole.currency == campaign.currency:
        return whole.amount
    return campaign.paid if campaign.payments else campaign.planned


def cost(found: CampaignEffect | None, campaign: Campaign, *, whole: FullCost | None = None) -> Section:
    """Return the section of what one extra unit cost."""
    return Section.of(answer(found, campaign, whole=whole))


def answer(found: CampaignEffect | None, campaign: Campaign, *, whole: FullCost | None = None) -> Finding:
    """Return what one extra unit of the metric cost, of the *whole* cost; nothing is divided by an effect that may be zero."""
    if found is None:
        return Finding.nothing("cost", NO_DAYS)
    amount, one, extra = spent(campaign, whole), words.per(campaign.metric), found.extra
    if not amount:
        return Finding.nothing("cost", term("the register names no cost", "why there is no data"))
    total = _total(campaign, amount)
    if not np.isfinite(extra.estimate) or extra.ci_lower <= 0 or found.verdict == "cannot tell":
        none = say(
            "There may be no extra {units} at all, so a cost for each has no upper bound and is not shown.",
            units=words.unit(campaign.metric),
        )
        title = say("What an extra {unit} cost cannot be said", unit=one)
        text = Sentences.of(total, none)
        return Finding(
            id="cost",
            title=title,
            text=text,
            severity="watch",
            method=say("Budget of the register."),
            code="open",
            weight="row",
        )
    each, low, high = (amount / gain for gain in (extra.estimate, extra.ci_upper, extra.ci_lower))
    divided = say(
        "Divided by {gain} more than otherwise: {each} each ({interval}).",
        gain=words.counted(campaign.metric, round(extra.estimate)),
        each=Money(each, campaign.currency),
        interval=Span.of(low, high, form=lambda value: Money(value, campaign.currency), level=found.level),
    )
    return Finding(
        id="cost",
        title=say("Each extra {unit} cost {money}", unit=one, money=Money(each, campaign.currency)),
        text=Sentences.of(total, divided),
        estimate=each,
        ci_lower=low,
        ci_upper=high,
        unit=Unit("money", term("per extra {unit}", "unit", unit=one), campaign.currency),
        n=found.n_live_days,
        method=METHOD,
        code="known",
    )


def _total(campaign: Campaign, amount: float) -> Message:
    planned = campaign.planned or amount
    lines = Listed.of(
        say("{item} {share}", item=line.item, share=Percent(line.amount / planned, 0)) for line in campaign.budget
    )
    money = Money(amount, campaign.currency)
    if campaign.payments:
        return say(
            "{money} were spent; {planned} had been planned ({lines}).",
            money=money,
            planned=Money(planned, campaign.currency),
            lines=lines,
        )
    return say("{money} were planned ({lines}).", money=money, lines=lines)
