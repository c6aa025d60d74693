"""Did the campaign work: the verdict, what happened against what would have happened, and the market's own past."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import CampaignEffect, StructuralEffect
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.reasons import why
from fanops_utils.sections.campaigns.words import counted, form_of, unit_of
from fanops_utils.text import Level, Listed, Message, Number, Period, Sayable, Sentences, Signed, Span, Unit, say, say_n, term
from fanops_utils.workspace import Campaign

NO_DAYS = term("no daily totals of this metric were imported", "why there is no data")
CANNOT_TELL = say("It cannot be told whether the campaign worked")
SEVERITY: dict[str, Severity] = {"worked": "good", "no clear effect": "watch", "hurt": "alert", "cannot tell": "watch"}
METHOD = say(
    "Difference in differences of log daily totals against the pooled controls; the interval comes from placebo windows, "
    "the same computation on past periods in which nothing happened."
)
PAST_METHOD = say(
    "Structural time series: level, week, events noted in the registers; the interval is stretched by how far past "
    "forecasts missed."
)
OF_FORECAST = Unit("change", term("of a forecast from its own past", "unit"))


def effect(found: CampaignEffect | None, campaign: Campaign, *, level: float) -> Section:
    """Return whether the campaign worked, with the charts of the gap and of the market's own past."""
    finding = answer(found, campaign)
    return Section.of(finding, _gap(found, campaign, finding, level=level), _past(found, campaign, finding, level=level))


def answer(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return the verdict in four words with effect, interval and what would have been detectable."""
    if found is None:
        return Finding.nothing("effect", NO_DAYS)
    if not np.isfinite(found.log_effect.estimate):
        return _untold(found)
    one = found.effect
    return Finding(
        id="effect",
        title=_title(found, campaign),
        text=Sentences.of(why(found), _size(found, campaign), _detectable(found), _before(found)),
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
            return say("It worked: {change} {units} against what would have happened anyway", change=change, units=units)
        case "hurt":
            return say("It hurt: {change} {units} against what would have happened anyway", change=change, units=units)
        case "no clear effect":
            return say("No clear effect: {change} {units}, and chance alone does as much", change=change, units=units)
    return CANNOT_TELL


def _size(found: CampaignEffect, campaign: Campaign) -> Sayable:
    """Return the effect as a change and in units, each with its interval."""
    one, extra, form, days = found.effect, found.extra, form_of(found), found.n_live_days
    change = say(
        "The effect is {change} ({interval}).",
        change=form(one.estimate),
        interval=Span.of(one.ci_lower, one.ci_upper, form=form, level=found.level),
    )
    if not np.isfinite(extra.estimate):
        return change
    if extra.ci_upper < 0:
        fewer = say_n(
            "That is {amount} fewer than otherwise in {n} day ({interval}).",
            "That is {amount} fewer than otherwise in {n} days ({interval}).",
            n=days,
            amount=words.counted(campaign.metric, round(-extra.estimate)),
            interval=Span.of(-extra.ci_upper, -extra.ci_lower, form=_whole, level=found.level),
        )
        return Sentences.of(change, fewer)
    more = say_n(
        "That is {amount} more than otherwise in {n} day ({interval}).",
        "That is {amount} more than otherwise in {n} days ({interval}).",
        n=days,
        amount=words.counted(campaign.metric, round(extra.estimate)),
        interval=Span.of(extra.ci_lower, extra.ci_upper, form=_whole, level=found.level),
    )
    return Sentences.of(change, more)


def _whole(value: float) -> Number:
    return Number(value, 0)


def _detectable(found: CampaignEffect) -> Message | None:
    if not found.detectable or not np.isfinite(found.detectable):
        return None
    return say("An effect of {size} would have been found four times in five.", size=form_of(found)(found.detectable))


def _before(found: CampaignEffect) -> Message | None:
    if not np.isfinite(found.before_after):
        return None
    return say(
        "The plain change against the baseline weeks was {change}; season and trend are in it.",
        change=Signed(found.before_after),
    )


def _untold(found: CampaignEffect) -> Finding:
    """Return what is said where no control market gives an estimate: at most what the market's own past suggests."""
    own = found.structural
    if own is None or own.verdict == "cannot tell":
        return Finding(
            id="effect",
            title=CANNOT_TELL,
            text=Sentences.of(why(found), _before(found)),
            severity=SEVERITY[found.verdict],
            method=METHOD,
            code="cannot tell",
        )
    one = own.effect
    interval = Span.of(one.ci_lower, one.ci_upper, form=Signed, level=found.level)
    seen = say("Against the forecast: {change} ({interval}).", change=Signed(one.estimate), interval=interval)
    return Finding(
        id="effect",
        title=_suggested(own),
        text=Sentences.of(seen, why(found), _before(found)),
        severity="watch",
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=OF_FORECAST,
        n=one.n,
        method=PAST_METHOD,
        code=own.verdict,
    )


def _suggested(own: StructuralEffect) -> Message:
    change = Signed(own.effect.estimate)
    match own.verdict:
        case "suggestive rise":
            return say(
                "Without a control nothing is proved. Suggestive at most: {change} above what its past promised", change=change
            )
        case "suggestive fall":
            return say(
                "Without a control nothing is proved. Suggestive at most: {change} below what its past promised", change=change
            )
    return say("Without a control nothing is proved. No clear change against its past: {change}", change=change)


def _gap(found: CampaignEffect | None, campaign: Campaign, finding: Finding, *, level: float) -> charts.Chart:
    markets = {"metric": counted(campaign), "markets": Listed.of(campaign.treated), "level": Level(level)}
    subtitle = (
        say("{metric} in {markets}; controls {controls}; {level} bands", controls=Listed.of(campaign.controls), **markets)
        if campaign.controls
        else say("{metric} in {markets}; no controls; {level} bands", **markets)
    )
    baseline = Period.of(campaign.baseline.start, campaign.baseline.end)
    drawn = Words(
        title=say("What happened, and what would have happened anyway"),
        subtitle=subtitle,
        axis=term("per day", "axis"),
        alt=finding.title,
        caption=say("Baseline {period}; shaded: live", period=baseline),
    )
    live = (campaign.live.start, campaign.live.end)
    return charts.campaign_gap(found.daily if found else None, live=live, words=drawn)


def own_past(found: CampaignEffect | None) -> pd.DataFrame:
    """Return what came and what the market's own past promised, as lines: date_day, series, value, lower, upper."""
    columns = ["date_day", "series", "value", "lower", "upper"]
    if found is None or found.structural is None:
        return pd.DataFrame(columns=columns)
    daily = found.structural.daily
    came = daily.assign(series=[term("actual", "line of a chart")] * len(daily), value=daily["actual"], lower=np.nan, upper=np.nan)
    promised = daily.assign(series=[term("forecast", "line of a chart")] * len(daily), value=daily["forecast"])
    return pd.concat([came, promised])[columns].reset_index(drop=True)


def _past(found: CampaignEffect | None, campaign: Campaign, finding: Finding, *, level: float) -> charts.Chart:
    drawn = Words(
        title=say("What came, and what the market's own past promised"),
        subtitle=say("{metric}; {level} band; suggestive at most", metric=counted(campaign), level=Level(level)),
        axis=term("per day", "axis"),
        alt=finding.title,
        caption=say("Forecast from the days before the start"),
    )
    return charts.lines(own_past(found), x="date_day", y="value", series="series", words=drawn)
