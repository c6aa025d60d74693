"""Did the campaign work: the verdict, what happened against what would have happened, and the market's own past."""

from __future__ import annotations

import numpy as np

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.past import before, drawn, of_its_past
from fanops_utils.sections.campaigns.retrospective.reasons import why
from fanops_utils.sections.campaigns.words import counted, form_of, unit_of
from fanops_utils.text import (
    Level,
    Listed,
    Message,
    Number,
    Period,
    Sayable,
    Sentences,
    Span,
    say,
    say_n,
    term,
)
from fanops_utils.workspace import Campaign

NO_DAYS = term("no daily totals of this metric were imported", "why there is no data")
CANNOT_TELL = say("It cannot be told whether the campaign worked")
SEVERITY: dict[str, Severity] = {"worked": "good", "no clear effect": "watch", "hurt": "alert", "cannot tell": "watch"}
METHOD = say(
    "Difference in differences of log daily totals against the median of the controls' changes; the interval comes from placebo "
    "windows, the same computation on past periods in which nothing happened, and is wider where the controls scatter more."
)


def effect(found: CampaignEffect | None, campaign: Campaign, *, level: float) -> Section:
    """Return whether the campaign worked, with the charts of the gap and of the market's own past."""
    finding = answer(found, campaign)
    return Section.of(
        finding, _gap(found, campaign, finding, level=level), drawn(found, campaign, alt=finding.text, level=level)
    )


def answer(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return the verdict in four words with effect, interval and what would have been detectable."""
    if found is None:
        return Finding.nothing("effect", NO_DAYS)
    own = found.structural
    if own is not None and own.verdict != "cannot tell":
        return of_its_past(found, own)
    if not np.isfinite(found.log_effect.estimate):
        return _untold(found)
    one = found.effect
    return Finding(
        id="effect",
        title=_title(found, campaign),
        text=Sentences.of(why(found), _size(found, campaign), _detectable(found), before(found)),
        severity=SEVERITY[found.verdict],
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=unit_of(found),
        n=found.n_live_days,
        method=METHOD,
        code=found.verdict,
    )


def _title(found: CampaignEffect, campaign: Campaign) -> Message:
    change, units = form_of(found)(found.effect.estimate), words.unit(campaign.metric)
    match found.verdict:
        case "worked":
            return say(
                "It worked: {change} {units} against what would have happened anyway", change=change, units=units
            )
        case "hurt":
            return say("It hurt: {change} {units} against what would have happened anyway", change=change, units=units)
        case "no clear effect":
            return say("No clear effect: {change} {units}, and chance alone does as much", change=change, units=units)
    return CANNOT_TELL


def _size(found: CampaignEffect, campaign: Campaign) -> Sayable:
    """Return the effect as a change and in units, each with its interval."""
    one, extra, form = found.effect, found.extra, form_of(found)
    change = say(
        "The effect is {change} ({interval}).",
        change=form(one.estimate),
        interval=Span.of(one.ci_lower, one.ci_upper, form=form, level=found.level),
    )
    if not np.isfinite(extra.estimate):
        return change
    return Sentences.of(change, _in_units(extra, campaign, days=found.n_live_days, level=found.level))


def _in_units(extra: Interval, campaign: Campaign, *, days: int, level: float) -> Message:
    if extra.ci_upper < 0:
        return say_n(
            "That is {amount} fewer than otherwise in {n} day ({interval}).",
            "That is {amount} fewer than otherwise in {n} days ({interval}).",
            n=days,
            amount=words.counted(campaign.metric, round(-extra.estimate)),
            interval=Span.of(-extra.ci_upper, -extra.ci_lower, form=_whole, level=level),
        )
    if extra.ci_lower > 0:
        return say_n(
            "That is {amount} more than otherwise in {n} day ({interval}).",
            "That is {amount} more than otherwise in {n} days ({interval}).",
            n=days,
            amount=words.counted(campaign.metric, round(extra.estimate)),
            interval=Span.of(extra.ci_lower, extra.ci_upper, form=_whole, level=level),
        )
    return say_n(
        "That is a difference of {amount} in {n} day ({interval}).",
        "That is a difference of {amount} in {n} days ({interval}).",
        n=days,
        amount=words.counted(campaign.metric, round(extra.estimate)),
        interval=Span.of(extra.ci_lower, extra.ci_upper, form=_signed, level=level),
    )


def _whole(value: float) -> Number:
    return Number(value, 0)


def _signed(value: float) -> Number:
    return Number(value, 0, sign=True)


def _detectable(found: CampaignEffect) -> Message | None:
    if not found.detectable or not np.isfinite(found.detectable):
        return None
    return say("An effect of {size} would have been found four times in five.", size=form_of(found)(found.detectable))


def _untold(found: CampaignEffect) -> Finding:
    return Finding(
        id="effect",
        title=CANNOT_TELL,
        text=Sentences.of(why(found), before(found)),
        severity=SEVERITY[found.verdict],
        method=METHOD,
        code="cannot tell",
    )


def _gap(found: CampaignEffect | None, campaign: Campaign, finding: Finding, *, level: float) -> charts.Chart:
    markets = {"metric": counted(campaign), "markets": Listed.of(campaign.treated), "level": Level(level)}
    subtitle = (
        say(
            "{metric} in {markets}; controls {controls}; {level} bands",
            controls=Listed.of(campaign.controls),
            **markets,
        )
        if campaign.controls
        else say("{metric} in {markets}; no controls; {level} bands", **markets)
    )
    baseline = Period.of(campaign.baseline.start, campaign.baseline.end)
    texts = Words(
        title=say("What happened, and what would have happened anyway"),
        subtitle=subtitle,
        axis=term("per day", "axis"),
        alt=finding.text,
        caption=say("Baseline {period}; shaded: live", period=baseline),
    )
    live = (campaign.live.start, campaign.live.end)
    return charts.campaign_gap(found.daily if found else None, live=live, words=texts)
