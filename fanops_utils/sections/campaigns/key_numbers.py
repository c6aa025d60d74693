"""The figures at the head of the reports on campaigns."""

from __future__ import annotations

import numpy as np

from fanops_utils.metrics.targets import against_band
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import KeyNumber, KeyNumbers, Section
from fanops_utils.playbook.key_numbers import Reached
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.words import COUNTED, form_of
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Count, Number, Sayable, Signed, Span, say, say_n, term
from fanops_utils.workspace import Campaign


def of_retrospective(
    found: CampaignEffect | None, campaign: Campaign, *, visits: CampaignEffect | None, under_code: float, cost: Section,
    paid_back: Section, spoke: Section,
) -> KeyNumbers:  # fmt: skip
    """Return the strip: units more than otherwise, cost of one, return, visits of the site, orders by code, users' share.

    *under_code*: orders of the live days under the campaign's codes, NaN where none are known.
    """
    orders, level = term("Orders under a code", "key number"), found.level if found else None
    return KeyNumbers.of(
        _extra(found, campaign),
        measured(
            cost,
            term("Cost of an extra {unit}", "key number", unit=words.per(campaign.metric)),
            name="cost",
            level=level,
        ),
        measured(paid_back, term("Return on the cost", "key number"), name="roi", level=level),
        _visits(visits, campaign),
        KeyNumber(id="under_code", label=orders, value=Count(under_code)) if np.isfinite(under_code) else None,
        measured(spoke, term("Published by users", "key number"), metric="ugc_share", level=COUNTED),
    )


def of_plan(seen: Section, budget: Section, risks: Section, campaign: Campaign) -> KeyNumbers:
    """Return the strip: the smallest effect that would be seen, days and markets, money, what is to be settled."""
    target = None if campaign.target_lift is None else say("target {size}", size=Signed(campaign.target_lift))
    held = say_n("{n} market held back", "{n} markets held back", n=len(campaign.controls))
    return KeyNumbers.of(
        measured(seen, term("Smallest effect that would be seen", "key number"), target=target),
        KeyNumber(id="live_days", label=term("Live days", "key number"), value=Count(campaign.live.days), note=held),
        measured(budget, term("Budget", "key number")),
        measured(risks, term("To settle before the start", "key number")) if risks.finding.code == "open" else None,
    )


def of_league(tally: Section, ranking: Section, learnt: Section) -> KeyNumbers:
    """Return the strip: campaigns that worked, the largest effect, decisions that came back with an outcome."""
    finished = _of_all(tally)
    return KeyNumbers.of(
        measured(tally, term("Campaigns that worked", "key number"), note=finished),
        measured(ranking, term("Largest effect", "key number")),
        measured(learnt, term("Decisions with an outcome", "key number"), note=_of_all(learnt)),
    )


def _of_all(section: Section) -> Sayable | None:
    number = section.finding.n
    return None if number is None else say("of {n}", n=number)


def _extra(found: CampaignEffect | None, campaign: Campaign) -> KeyNumber | None:
    if found is None or not np.isfinite(found.extra.estimate):
        return None
    one, units = found.extra, words.unit(campaign.metric, first=True)
    if one.ci_upper < 0:
        lost = Span(Count(-one.ci_upper), Count(-one.ci_lower), found.level)
        label = term("{units} lost", "key number", units=units)
        return KeyNumber(id="extra", metric=campaign.metric, label=label, value=Count(-one.estimate), note=lost)
    label = (
        term("{units} more than otherwise", "key number", units=units)
        if one.ci_lower > 0
        else term("{units}, more or fewer than otherwise", "key number", units=units)
    )
    note = Span(_whole(one.ci_lower), _whole(one.ci_upper), found.level)
    return KeyNumber(id="extra", metric=campaign.metric, label=label, value=_whole(one.estimate), note=note)


def _visits(visits: CampaignEffect | None, campaign: Campaign) -> KeyNumber | None:
    if visits is None or visits.verdict == "cannot tell" or not np.isfinite(visits.effect.estimate):
        return None
    one, form = visits.effect, form_of(visits)
    asked = next((goal for goal in campaign.targets if goal.metric == "site traffic"), None)
    target: Sayable | None = None
    reached: Reached | None = None
    if asked is not None:
        target = say("target {size}", size=form(asked.low))
        reached = against_band(one, asked.low, asked.high)[0]
    label = term("Visits of the site", "key number")
    return KeyNumber(id="visits", metric="site_sessions", label=label, value=form(one.estimate), target=target,
                     note=Span.of(one.ci_lower, one.ci_upper, form=form, level=visits.level), reached=reached)  # fmt: skip


def _whole(value: float) -> Sayable:
    return Number(value, 0, sign=True)
