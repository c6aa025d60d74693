"""What a campaign retrospective says: did it work, how sure is that, what did it cost, what remains."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics import FullCost
from fanops_utils.models import CampaignEffect
from fanops_utils.models.campaign.impact import FEWEST_PLACEBOS
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.readings.campaign_checks import NO_DAYS, checks
from fanops_utils.playbook.wording import PLATFORMS, UNITS, count, money, plural, signed, span
from fanops_utils.workspace import Campaign

__all__ = ["afterwards", "chance", "checks", "cost", "counted", "effect", "own_past", "plays", "target", "verdict"]

REVIEW_AFTER = timedelta(days=28)
SEVERITY: dict[str, Severity] = {"worked": "good", "no clear effect": "watch", "hurt": "alert", "cannot tell": "watch"}
METHOD = (
    "Difference in differences of log daily totals against the pooled controls; the interval comes from placebo windows, "
    "the same computation on past periods in which nothing happened."
)


def _known(found: CampaignEffect) -> bool:
    return bool(np.isfinite(found.log_effect.estimate))


def _detectable(found: CampaignEffect) -> str:
    return signed(found.detectable) if found.detectable and np.isfinite(found.detectable) else ""


def _spent(campaign: Campaign, whole: FullCost | None = None) -> float:
    if whole is not None and whole.currency == campaign.currency:
        return whole.amount
    return campaign.paid if campaign.payments else campaign.planned


def _unit(campaign: Campaign, *, several: bool) -> str:
    return UNITS.get(campaign.metric, (campaign.metric, campaign.metric))[int(several)]


def counted(campaign: Campaign) -> str:
    """Return what the campaign was measured by, in words: "Interactions on Instagram"."""
    unit = _unit(campaign, several=True)
    return f"{unit[:1].upper()}{unit[1:]} on {PLATFORMS.get(campaign.platform, campaign.platform)}"


def effect(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return the verdict in four words with effect, interval and what would have been detectable."""
    if found is None:
        return Finding.nothing("effect", NO_DAYS)
    before = (
        f"The plain change against the baseline weeks was {signed(found.before_after)}; season and trend are in it."
    )
    if not _known(found):
        return _untold(found, before)
    one, extra, many = found.effect, found.extra, _unit(campaign, several=True)
    low, middle, high, more = extra.ci_lower, extra.estimate, extra.ci_upper, "extra"
    if high < 0:
        low, middle, high, more = -high, -middle, -low, "fewer"
    titles = {
        "worked": f"It worked: {signed(one.estimate)} {many} against what would have happened anyway",
        "hurt": f"It hurt: {signed(one.estimate)} {many} against what would have happened anyway",
        "no clear effect": f"No clear effect: {signed(one.estimate)} {many}, and chance alone does that",
        "cannot tell": "It cannot be told whether the campaign worked",
    }
    seen = f" An effect of {_detectable(found)} would have been found four times in five." if _detectable(found) else ""
    text = (
        f"{found.rule} Estimated effect {signed(one.estimate)} "
        f"({span(one.ci_lower, one.ci_upper, form='signed', level=found.level)}), {count(middle)} {more} {many} in "
        f"{found.n_live_days} days ({span(low, high, form='count', level=found.level)}).{seen} {before}"
    )
    return Finding(
        id="effect",
        title=titles[found.verdict],
        text=text,
        severity=SEVERITY[found.verdict],
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit="fraction of the counterfactual",
        n=found.n_live_days,
        method=METHOD,
    )


def _untold(found: CampaignEffect, before: str) -> Finding:
    """Return what is said where no control market gives an estimate: at most what the market's own past suggests."""
    said = f"{found.rule} {before}" if np.isfinite(found.before_after) else found.rule
    own = found.structural
    if own is None or own.verdict == "cannot tell":
        return Finding(
            "effect", "It cannot be told whether the campaign worked", said, SEVERITY[found.verdict], method=METHOD
        )
    one = own.effect
    words = {"suggestive rise": "Suggestive at most: above", "suggestive fall": "Suggestive at most: below"}
    beside = (
        f"{words[own.verdict]} what the past promised" if own.verdict in words else "No clear change against its past"
    )
    return Finding(
        "effect", f"Without a control nothing is proved. {beside}: {signed(one.estimate)}", said, "watch", one.estimate,
        one.ci_lower, one.ci_upper, "fraction of a forecast from its own past", one.n,
        "Structural time series: level, week, events noted in the registers; interval stretched by how far past forecasts missed.",
    )  # fmt: skip


def own_past(found: CampaignEffect | None) -> pd.DataFrame:
    """Return what came and what the market's own past promised, as lines: date_day, line, value, lower, upper."""
    columns = ["date_day", "line", "value", "lower", "upper"]
    if found is None or found.structural is None:
        return pd.DataFrame(columns=columns)
    daily = found.structural.daily
    came = daily.assign(line="actual", value=daily["actual"], lower=np.nan, upper=np.nan)
    return pd.concat([came, daily.assign(line="forecast", value=daily["forecast"])])[columns].reset_index(drop=True)


def chance(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return how the effect compares with windows in which nothing happened."""
    placebo = found.placebo_time if found else None
    if found is None or placebo is None or not placebo.n:
        return Finding.nothing("chance", "no past window without a campaign to compare with")
    beyond = sum(abs(one) >= abs(found.log_effect.estimate) for one in placebo.effects)
    windows = plural(placebo.n, "past window", "past windows")
    text = (
        f"{beyond} of {windows} of {placebo.length or campaign.live.days} days show a gap as large as "
        f"{signed(found.effect.estimate)}; they scatter by {np.expm1(placebo.spread):.1%}. Placebo p = "
        f"{placebo.p_value:.2g}; so many windows cannot give less than {placebo.p_smallest:.2g}."
    )
    title = "Chance alone has done as much before" if beyond else "No past window shows an effect as large"
    severity: Severity = "info" if beyond or placebo.n < FEWEST_PLACEBOS else "good"
    return Finding(
        "chance", title, text, severity, placebo.p_value, unit="placebo p-value", n=placebo.n,
        method="The estimate repeated on past windows of the same length that end before the campaign.",
    )  # fmt: skip


def target(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return whether the target of the brief was reached, missed, or neither can be said."""
    if found is None:
        return Finding.nothing("target", NO_DAYS)
    if campaign.target_lift is None:
        return Finding(
            "target", "The brief names no target", "Without one, any result can be called a success.", "watch"
        )
    wanted = signed(campaign.target_lift)
    if not _known(found) or found.verdict == "cannot tell":
        return Finding("target", f"Whether the target of {wanted} was reached cannot be told", found.rule, "watch")
    one = found.effect
    interval = f"{signed(one.estimate)} ({span(one.ci_lower, one.ci_upper, form='signed', level=found.level)})"
    if one.ci_lower >= campaign.target_lift:
        title, text, severity = f"The target of {wanted} was reached", "lies wholly above it", "good"
    elif one.ci_upper < campaign.target_lift:
        title, text, severity = f"The target of {wanted} was missed", "lies wholly below it", "watch"
    else:
        title, text, severity = (
            f"The target of {wanted} lies inside the interval",
            "fits both reached and missed",
            "info",
        )
    return Finding(
        id="target",
        title=title,
        text=f"The effect of {interval} {text}.",
        severity=severity,  # type: ignore[arg-type]
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit="fraction of the counterfactual",
        n=found.n_live_days,
        method="The interval of the effect against the target written in the brief before the start.",
    )


def cost(found: CampaignEffect | None, campaign: Campaign, *, whole: FullCost | None = None) -> Finding:
    """Return what one extra unit of the metric cost, of the *whole* cost; nothing is divided by an effect that may be zero."""
    if found is None:
        return Finding.nothing("cost", NO_DAYS)
    spent, one, many = _spent(campaign, whole), _unit(campaign, several=False), _unit(campaign, several=True)
    if not spent:
        return Finding.nothing("cost", "the register names no cost")
    planned = campaign.planned or spent
    lines = ", ".join(f"{line.item} {line.amount / planned:.0%}" for line in campaign.budget)
    booked = (
        f"were spent; {money(planned, campaign.currency)} had been planned" if campaign.payments else "were planned"
    )
    total = f"{money(spent, campaign.currency)} {booked} ({lines})."
    extra = found.extra
    if not np.isfinite(extra.estimate) or extra.ci_lower <= 0 or found.verdict == "cannot tell":
        text = f"{total} There may be no extra {many} at all, so a cost per extra {one} has no upper bound and is not shown."
        return Finding(
            "cost", f"The cost of an extra {one} cannot be said", text, "watch", method="Budget of the register."
        )
    each, low, high = (spent / amount for amount in (extra.estimate, extra.ci_upper, extra.ci_lower))
    interval = f"{found.level:.0%} CI {money(low, campaign.currency)} to {money(high, campaign.currency)}"
    return Finding(
        id="cost",
        title=f"Each extra {one} cost {money(each, campaign.currency)}",
        text=f"{total} Divided by {count(extra.estimate)} extra {many}: {money(each, campaign.currency)} each ({interval}).",
        estimate=each,
        ci_lower=low,
        ci_upper=high,
        unit=f"{campaign.currency} per extra {one}",
        n=found.n_live_days,
        method="What was paid (planned, where nothing is booked) over the gain against the counterfactual, not over everything.",
    )


def afterwards(found: CampaignEffect | None) -> Finding:
    """Return whether the weeks after the campaign fell below, stayed above or came back to the counterfactual."""
    after = found.after if found else None
    if found is None or after is None or not np.isfinite(after.estimate):
        return Finding.nothing("afterwards", "no full fourteen days after the end, or no control market")
    estimate, lower, upper = (float(value) for value in np.expm1([after.estimate, after.ci_lower, after.ci_upper]))
    interval = span(lower, upper, form="signed", level=found.level)
    text = f"In the fourteen days after the end the gap was {signed(estimate)} ({interval})."
    if lower > 0 and found.verdict == "worked":
        title, more, severity = f"The effect lasted: {signed(estimate)} in the two weeks after", "", "good"
    elif upper < 0:
        title, more = f"A dip followed: {signed(estimate)} in the two weeks after", " Part of the gain was borrowed."
        severity = "watch"
    elif lower > 0:
        title, more, severity = f"Afterwards the market ran ahead: {signed(estimate)}", "", "info"
    else:
        title, more, severity = "Afterwards things went back to normal", " Nothing clear remains, up or down.", "info"
    return Finding(
        id="afterwards",
        title=title,
        text=text + more,
        severity=severity,  # type: ignore[arg-type]
        estimate=estimate,
        ci_lower=lower,
        ci_upper=upper,
        unit="fraction of the counterfactual",
        n=after.n,
        method="Computed as the effect, on the fourteen days after the end.",
    )


def plays(found: CampaignEffect | None, campaign: Campaign, *, on: date | None = None) -> tuple[Play, ...]:
    """Return what to keep, change or test next, by the verdict."""
    if found is None:
        return ()
    review, many = (on or date.today()) + REVIEW_AFTER, _unit(campaign, several=True)
    large = f"at least {_detectable(found)}, or it cannot be seen" if _detectable(found) else "not known"
    actions = {
        "worked": (
            "Keep: repeat the campaign in one further market and hold two comparable markets back",
            f"up to {signed(found.effect.estimate)}; first effects tend to shrink",
        ),
        "no clear effect": (
            "Change: plan a version whose expected effect can be seen before spending again, or drop it",
            large,
        ),
        "hurt": (
            "Stop: take the creative down where it still runs and read the comments of the live weeks",
            "back to normal",
        ),
        "cannot tell": ("Test next: agree control markets and four weeks of baseline before the next start", large),
    }
    action, expected = actions[found.verdict]
    made = [Play(action, f"{many.capitalize()} per day", expected, campaign.owner, review, "effect")]
    if campaign.value_per_unit is None and _spent(campaign):
        action = f"Agree what one extra {_unit(campaign, several=False)} is worth, so that the next report can say if it paid"
        made.append(Play(action, "Return on the budget", "becomes visible", campaign.owner, review, "cost"))
    return tuple(made)


def verdict(
    found: CampaignEffect | None,
    campaign: Campaign,
    *,
    paid_back: Finding | None = None,
    confidence: str = "",
    whole: FullCost | None = None,
) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity: word, effect, interval, money, confidence.

    *paid_back* is the finding of the return on the *whole* cost; *confidence* is "moderate: two checks to review".
    """
    if found is None:
        return f"There is no data for the campaign '{campaign.name}'.", "info"
    said = effect(found, campaign)
    if said.ci_lower is None or said.ci_upper is None:
        return f"{said.title}. {found.rule}", said.severity
    sure = f" Confidence {confidence}." if confidence else ""
    interval = span(said.ci_lower, said.ci_upper, form="signed", level=found.level)
    if found.verdict == "cannot tell":
        first = found.rule.split(". ")[0].rstrip(".")
        seen = f"{'so far ' if found.running else ''}{signed(said.estimate or 0.0)}, {interval}"
        return f"{said.title} ({seen}). {first}.{sure}", said.severity
    amount = _spent(campaign, whole)
    spent = f", for {money(amount, campaign.currency)}" if amount else ""
    back = f" {paid_back.title}." if paid_back is not None and paid_back.estimate is not None else ""
    return f"{said.title} ({interval}){spent}.{back}{sure}", said.severity
