"""The report's one sentence, and how far it may be leant on."""

from __future__ import annotations

from datetime import date

import numpy as np

from fanops_utils.metrics import FullCost
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section, Severity, TrustPanel
from fanops_utils.playbook import facts as head
from fanops_utils.playbook.facts import Facts
from fanops_utils.playbook.findings import RANK
from fanops_utils.playbook.plays import role
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.cost import spent
from fanops_utils.sections.campaigns.retrospective.effect import CANNOT_TELL, answer
from fanops_utils.sections.campaigns.retrospective.reasons import tested, told, why
from fanops_utils.sections.campaigns.words import form_of
from fanops_utils.text import (
    Listed,
    Message,
    Money,
    Percent,
    Period,
    Sayable,
    Sentences,
    Signed,
    Span,
    Written,
    say,
    say_n,
)
from fanops_utils.workspace import Campaign

FULL_HISTORY = 8


def confidence(found: CampaignEffect | None, trust: TrustPanel) -> Message:
    """Return how far the verdict may be leant on: high, moderate or low, and the rule that says so."""
    failed = sum(check.status == "FAIL" for check in trust.checks)
    if failed:
        return say_n("low ({n} check failed)", "low ({n} checks failed)", n=failed)
    if found is None:
        return say("low (there are no data)")
    if found.running:
        return say("low (its days are not all in yet)")
    if found.verdict == "cannot tell":
        return say("low (no verdict could be given)")
    windows = found.placebo_time.n if found.placebo_time else 0
    review = sum(check.status == "REVIEW" for check in trust.checks)
    if review:
        return say_n("moderate ({n} check to review)", "moderate ({n} checks to review)", n=review)
    if windows < FULL_HISTORY:
        return say_n(
            "moderate (only {n} quiet stretch to compare with)",
            "moderate (only {n} quiet stretches to compare with)",
            n=windows,
        )
    return say("high (every check passed, {windows} quiet stretches to compare with)", windows=windows)


def verdict(
    found: CampaignEffect | None,
    campaign: Campaign,
    *,
    paid_back: Section | Finding | None = None,
    confidence: Sayable | None = None,
    whole: FullCost | None = None,
    tracked: float = float("nan"),
    tone: Section | Finding | None = None,
) -> tuple[Sayable, Severity]:
    """Return the report's title with its few sentences, and their severity: answer, interval, money, confidence.

    *paid_back* is the return on the *whole* cost, by what a unit is assumed to be worth; *tracked*: orders under the
    campaign's codes, which are counted, NaN where none are known. What lost money for sure is as grave as its money, what soured
    the *tone* no success.
    """
    if found is None:
        return say("There is no data for the campaign “{campaign}”.", campaign=campaign.name), "info"
    finding = answer(found, campaign)
    sure = say("Confidence: {confidence}.", confidence=confidence) if confidence else None
    if finding.estimate is None or finding.ci_lower is None or finding.ci_upper is None:
        return Sentences.of(say("{sentence}.", sentence=finding.title), why(found)), finding.severity
    form = form_of(found) if finding.code == found.verdict else Signed
    interval = Span.of(finding.ci_lower, finding.ci_upper, form=form, level=found.level)
    if finding.code == "cannot tell":
        reason = told(found.reason) if found.reason else None
        return Sentences.of(_so_far(found, form(finding.estimate), interval), reason, sure), finding.severity
    if found.verdict == "cannot tell":
        reason, own = told(found.reason) if found.reason else None, found.structural
        return Sentences.of(_answered(finding, interval), reason, tested(own) if own else None, sure), finding.severity
    amount, back = spent(campaign, whole), _paid(paid_back)
    money = say("It cost {money}.", money=Money(amount, campaign.currency)) if amount else None
    title = Sentences.of(_short(found, campaign, form(finding.estimate)), back)
    size = say("{change} is against what the markets without the campaign say would have happened anyway ({interval}).",
               change=form(finding.estimate), interval=interval)  # fmt: skip
    back_of = _return(paid_back, found, campaign, cost=amount, tracked=tracked)
    heard = tone.finding if isinstance(tone, Section) else tone
    worse = heard if heard is not None and heard.code.startswith("worse") else None
    soured = say("{sentence}.", sentence=worse.title) if worse else None
    return Sentences.of(title, size, soured, money, back_of, sure), _gravest(finding, _of(paid_back), worse)


def _short(found: CampaignEffect, campaign: Campaign, change: Sayable) -> Message:
    told = {"change": change, "units": words.unit(campaign.metric)}
    match found.verdict:
        case "worked":
            return say("It worked: {change} {units}.", **told)
        case "hurt":
            return say("It hurt: {change} {units}.", **told)
    return say("No clear effect: {change} {units}, and chance alone does as much.", **told)


def _answered(finding: Finding, interval: Span) -> Message:
    return say("{answer} ({interval}).", answer=finding.title, interval=interval)


def _so_far(found: CampaignEffect, change: Sayable, interval: Span) -> Message:
    if found.running:
        return say("{answer}: so far {change} ({interval}).", answer=CANNOT_TELL, change=change, interval=interval)
    return say("{answer}: {change} ({interval}).", answer=CANNOT_TELL, change=change, interval=interval)


def _paid(paid_back: Section | Finding | None) -> Sayable | None:
    finding = _of(paid_back)
    return None if finding is None or finding.estimate is None else finding.verdict


def _gravest(effect: Finding, money: Finding | None, tone: Finding | None) -> Severity:
    """Return the severity of a report whose effect, money or tone may each be what has to be decided on."""
    lost: Severity = "alert" if money is not None and money.code == "not_paid" else effect.severity
    soured: Severity = "watch" if tone is not None else effect.severity
    return min(effect.severity, lost, soured, key=RANK.__getitem__)


def _return(
    paid_back: Section | Finding | None, found: CampaignEffect, campaign: Campaign, *, cost: float, tracked: float
) -> Message | None:
    finding = _of(paid_back)
    if finding is None or finding.estimate is None or finding.ci_lower is None or finding.ci_upper is None:
        return None
    interval = Span.of(finding.ci_lower, finding.ci_upper, form=Signed, level=found.level)
    change = Signed(finding.estimate)
    if not np.isfinite(tracked) or not cost:
        return say(
            "At the value assumed for a unit, the return on that is {change} ({interval}).",
            change=change,
            interval=interval,
        )
    if tracked < 1:
        return say(
            "At the value assumed for a unit the return on that is {change} ({interval}); tracked, no order came under its codes.",
            change=change,
            interval=interval,
        )
    told = {
        "change": change,
        "interval": interval,
        "needed": Money(cost / tracked / (campaign.margin or 1), campaign.currency),
    }
    if campaign.margin:
        return say_n(
            "At the value assumed for a unit the return on that is {change} ({interval}); {n} order came under its codes, and at a "
            "margin of {margin} it would have to be worth {needed} to pay.",
            "At the value assumed for a unit the return on that is {change} ({interval}); {n} orders came under its codes, and at "
            "a margin of {margin} each would have to be worth {needed} to pay.",
            n=round(tracked),
            margin=Percent(campaign.margin, 0),
            **told,
        )
    return say_n(
        "At the value assumed for a unit the return on that is {change} ({interval}); {n} order came under its codes, and its "
        "goods not counted, it would have to be worth {needed} to pay.",
        "At the value assumed for a unit the return on that is {change} ({interval}); {n} orders came under its codes, and their "
        "goods not counted, each would have to be worth {needed} to pay.",
        n=round(tracked),
        **told,
    )


def _of(answer: Section | Finding | None) -> Finding | None:
    return answer.finding if isinstance(answer, Section) else answer


def facts(campaign: Campaign, confidence: Sayable, *, as_of: date | None) -> Facts:
    """Return the small facts of the report's head."""
    return head(
        campaign=Written(campaign.name),
        objective=Written(campaign.objective),
        treated=Listed.of(campaign.treated),
        live=Period.of(campaign.live.start, campaign.live.end),
        owner=role(campaign.owner),
        confidence=confidence,
        data_as_of=as_of,
    )
