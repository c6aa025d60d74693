"""Why a model says nothing, or less than asked, in sentences."""

from __future__ import annotations

import numpy as np

from fanops_utils.models import CampaignEffect, StructuralEffect, reasons
from fanops_utils.sections import words
from fanops_utils.text import Level, Message, Percent, Points, PValue, Sayable, Sentences, Signed, Written, say, say_n

SUGGESTIVE = say("Without a control market this is suggestive at most: whatever else changed in those weeks is in it.")
FORECAST = say("Rests on a forecast: whatever else changed in those weeks is in it, so this is suggestive at most.")
PEEKING = say("Read every day until it looks good, a campaign that did nothing is found to work sooner or later.")
SAID: dict[str, Message] = {
    "no_totals": say("There are no daily totals of this metric."),
    "no_treated": say("No market with the campaign has data on four fifths of the baseline's and the live days."),
    "no_controls_left": say("None of the control markets has enough data: nothing is left to compare with."),
    "no_control": say("There is no control market: a change against the weeks before is not an effect."),
    "no_whole_week": say("The totals are weekly, and no whole week lies in the live days."),
    "zero_day": say("A day without a single unit of the metric has no logarithm."),
}


def told(reason: reasons.Reason) -> Sayable:
    """Return the sentence of *reason*."""
    if reason.code in SAID:
        return SAID[reason.code]
    match reason:
        case reasons.TooEarly(days, of, least):
            return say("It has run {days} of {of} days; a first reading needs {least}.", days=days, of=of, least=least)
        case reasons.Running(days, of):
            return say("The data end before the campaign does: {days} of its {of} days are in them.", days=days, of=of)
        case reasons.Weekly(live, baseline):
            return say(
                "The totals are weekly: compared are {live} whole weeks of the live days with {baseline} weeks before.",
                live=live, baseline=baseline,
            )  # fmt: skip
        case reasons.FewWindows(n, least):
            return say_n(
                "The history holds {n} comparable past window; {least} are needed.",
                "The history holds {n} comparable past windows; {least} are needed.",
                n=n,
                least=least,
            )
        case reasons.ShortPast(least):
            return say("A forecast needs {least} days before the start and four fifths of the live days.", least=least)
        case reasons.FewControls(least):
            return say("A weighted mix needs at least {least} controls.", least=least)
        case reasons.Refused(error):
            return say("The data allow no estimate: {error}.", error=error)
        case reasons.Drifted(p_value, drift, in_points):
            return say(
                "The gap to the controls already drifted before the start (p = {p}), by {drift} until the campaign's middle.",
                p=PValue(p_value),
                drift=Points(drift) if in_points else Signed(drift),
            )
    return _of_design(reason)


def _of_design(reason: reasons.Reason) -> Sayable:
    match reason:
        case reasons.FewMarkets(n, least):
            return say_n(
                "Only {n} market was held back; a verdict needs {least}, for nobody can say which of so few moved by itself.",
                "Only {n} markets were held back; a verdict needs {least}, for nobody can say which of so few moved by itself.",
                n=n,
                least=least,
            )
        case reasons.ShortBaseline(days, least):
            return say("The baseline has {days} days; a verdict needs {least}.", days=days, least=least)
        case reasons.BaselineCut(days, of):
            return say(
                "Of the baseline's {of} days the last {days} are used: with all of them the history holds too few past "
                "windows to measure chance by.",
                days=days,
                of=of,
            )
        case reasons.OneControlDecides(market):
            return say("Without the control market {market} the answer would be another.", market=market)
    return _of_markets(reason)


def _of_markets(reason: reasons.Reason) -> Sayable:
    match reason:
        case reasons.OneControl(market):
            return say("{market} is the only control market: a surprise there passes for an effect.", market=market)
        case reasons.FewDays("live", days, of):
            return say("Only {days} of {of} live days have data in every market.", days=days, of=of)
        case reasons.FewDays(_, days, of):
            return say("Only {days} of {of} baseline days have data in every market.", days=days, of=of)
        case reasons.MarketLeftOut(market, days, of, "live"):
            return say("{market} is left out: {days} of {of} live days have data.", market=market, days=days, of=of)
        case reasons.MarketLeftOut(market, days, of, _):
            return say("{market} is left out: {days} of {of} baseline days have data.", market=market, days=days, of=of)
    return _of_breaks(reason)


def _of_breaks(reason: reasons.Reason) -> Sayable:
    match reason:
        case reasons.MetricChanged(platform, metric, when, note):
            return say(
                "{platform} changed on {day} what its {metric} count, inside the days compared ({note}). Before and after are "
                "not one series.",
                platform=words.platform(platform),
                metric=words.unit(metric),
                day=when,
                note=Written(note, "en"),
            )
        case reasons.DaysLeftOut("before", metric, when, note):
            return say(
                "Days before {day} are left out: {metric} were counted in another way then ({note}).",
                metric=words.unit(metric),
                day=when,
                note=Written(note, "en"),
            )
        case reasons.DaysLeftOut(_, metric, when, note):
            return say(
                "Days from {day} on are left out: {metric} are counted in another way since ({note}).",
                metric=words.unit(metric),
                day=when,
                note=Written(note, "en"),
            )
    raise TypeError(f"no sentence says the reason {reason.code}")


def why(found: CampaignEffect) -> Sayable:
    """Return what gave the verdict of *found*, in a sentence or more."""
    level = Level(found.level)
    if found.reason is None:
        match found.verdict:
            case "worked":
                return say("Chance alone rarely does as much (sure to {level}).", level=level)
            case "hurt":
                return say("Chance alone rarely does as much harm (sure to {level}).", level=level)
        return say("No effect at all is still well possible.")
    if isinstance(found.reason, reasons.Running):
        reading = say("The estimate is a reading so far, not a verdict.")
        return Sentences.of(told(found.reason), reading, PEEKING)
    return Sentences.of(told(found.reason), hinted(found), *_of_its_past(found))


def hinted(found: CampaignEffect) -> Message | None:
    """Return what the interval points at where no verdict may rest on it."""
    match found.hint:
        case "rise":
            return say("As a hint and no more, the interval points to a rise.")
        case "fall":
            return say("As a hint and no more, the interval points to a fall.")
        case "nothing":
            return say("Even the interval as it stands does not exclude that nothing happened.")
    return None


def _of_its_past(found: CampaignEffect) -> tuple[Sayable, ...]:
    own = found.structural
    if own is None:
        return ()
    if own.reason is not None:
        return (told(own.reason),)
    level = Level(found.level)
    match own.verdict:
        case "suggestive rise":
            read = say("It is above what its own past led one to expect, at {level}.", level=level)
        case "suggestive fall":
            read = say("It is below what its own past led one to expect, at {level}.", level=level)
        case _:
            read = say("Its own past led one to expect about as much, at {level}.", level=level)
    said: tuple[Sayable, ...] = (
        (read,) if own.verdict == "no clear effect" else (read, FORECAST if own.n_beside else SUGGESTIVE)
    )
    if own.days_left_out:
        said += (say_n("{n} live day is left out: it had an event the past never had.",
                       "{n} live days are left out: they had events the past never had.", n=own.days_left_out),)  # fmt: skip
    return said


def tested(own: StructuralEffect) -> Message:
    """Return how strong the answer from the markets' *own* past is: how often its forecast was held against the past."""
    match own.strength:
        case "untested":
            return say(
                "No stretch of the past is long enough to try the forecast on: how sure it is, is the model's own word."
            )
        case "little tested":
            return say_n("The forecast could be tried on {n} stretch of the past only, so its interval is wide.",
                         "The forecast could be tried on {n} stretches of the past only, so its interval is wide.",
                         n=own.effect.n)  # fmt: skip
    return say_n("The forecast was tried on {n} stretch of the past.", "The forecast was tried on {n} stretches of the past.",
                 n=own.effect.n)  # fmt: skip


def scale(found: CampaignEffect) -> Sayable | None:
    """Return on which scale the effect was compared, where it is not the usual one."""
    zeros, smallest = (
        Percent(found.choice.zeros),
        int(found.choice.smallest) if np.isfinite(found.choice.smallest) else 0,
    )
    match found.scale:
        case "difference":
            return say("Rates are compared by their difference in points.")
        case "log1p":
            return say(
                "Zero on {share} of the market days (smallest market's median: {median} a day): compared as log(1 + x).",
                share=zeros,
                median=smallest,
            )
        case "ratio":
            return say(
                "Zero on {share} of the market days (smallest market's median: {median} a day): compared as the ratio of "
                "totals, for logarithms of small counts mislead.",
                share=zeros,
                median=smallest,
            )
    return None
