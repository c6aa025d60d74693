"""Could chance have done this: the effect among past windows in which nothing happened."""

from __future__ import annotations

from typing import Literal

import numpy as np

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import CampaignEffect, Placebos
from fanops_utils.models.campaign.verdicts import FEWEST_PLACEBOS
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.campaigns.words import counted, form_of
from fanops_utils.text import Message, Percent, PValue, Sentences, Times, Unit, say, say_n, term
from fanops_utils.workspace import Campaign

METHOD = say(
    "The estimate repeated on past windows of the same length that end before the campaign, and in the live days on each "
    "control as if it had been treated. What the controls did in the past windows counts as four windows more. Where they "
    "scattered more than they used to, the interval is stretched."
)
STRETCHED = 1.05


TITLES: dict[str, Message] = {
    "as_much_before": say("Chance alone has done as much before"),
    "as_much_beside": say("A market without the campaign moved as much in the same days"),
    "apart": say("No quiet stretch before shows as much"),
}


def chance(found: CampaignEffect | None, campaign: Campaign) -> Section:
    """Return how the effect compares with windows in which nothing happened, and these drawn."""
    finding = answer(found, campaign)
    effects = found.placebo_time.effects if found and found.placebo_time else ()
    drawn = Words(
        title=say("The effect among windows in which nothing happened"),
        subtitle=say("{metric}, past windows as long as the live days seen", metric=counted(campaign)),
        axis=term("effect", "axis"),
        alt=finding.text,
        caption=say("Same markets, same length, before the baseline"),
    )
    known = found is not None and bool(np.isfinite(found.log_effect.estimate))
    return Section.of(
        finding, charts.placebos(effects, effect=found.effect.estimate if found and known else None, words=drawn)
    )


def answer(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return how often past windows show a gap as large as the effect."""
    placebo = found.placebo_time if found else None
    if found is None or placebo is None or not placebo.n:
        return Finding.nothing(
            "chance", term("no past window without a campaign to compare with", "why there is no data")
        )
    beyond = sum(abs(one) >= abs(found.log_effect.estimate) for one in placebo.effects)
    scatter = say("Quiet stretches scatter by {spread}.", spread=Percent(float(np.expm1(placebo.spread)), 1))
    least = say(
        "Placebo p = {p}; with so few windows it cannot fall below {least}.",
        p=PValue(placebo.p_value),
        least=PValue(placebo.p_smallest),
    )
    beside = moved_as_much(found)
    severity: Severity = "info" if beyond or beside or placebo.n < FEWEST_PLACEBOS else "good"
    code: Literal["as_much_before", "as_much_beside", "apart"] = (
        "as_much_before" if beyond else "as_much_beside" if beside else "apart"
    )
    return Finding(
        id="chance",
        title=TITLES[code],
        text=Sentences.of(
            _counts(found, placebo, beyond, days=placebo.length or campaign.live.days),
            scatter,
            _in_space(found),
            stretched(placebo),
        ),
        severity=severity,
        estimate=placebo.p_value,
        unit=Unit("number", term("placebo p-value", "unit")),
        n=placebo.n,
        method=Sentences.of(METHOD, least),
        weight="row",
        code=code,
    )


def moved_as_much(found: CampaignEffect) -> int:
    """Return how many controls, each taken for treated in the live days, moved as much as the effect."""
    space = found.placebo_space
    return sum(abs(one) >= abs(found.log_effect.estimate) for one in space.effects) if space else 0


def _in_space(found: CampaignEffect) -> Message | None:
    if found.placebo_space is None:
        return None
    return say_n(
        "In the live days themselves {moved} of {n} market without the campaign moved as much against the others.",
        "In the live days themselves {moved} of {n} markets without the campaign moved as much against the others.",
        n=found.placebo_space.n,
        moved=moved_as_much(found),
    )


def stretched(placebo: Placebos) -> Message | None:
    """Return how much wider the interval is for live days wilder than the past, where they were."""
    if placebo.stretch < STRETCHED:
        return None
    return say(
        "The markets without the campaign scattered more in these days than before, so the interval is {times} as wide.",
        times=Times(placebo.stretch),
    )


def _counts(found: CampaignEffect, placebo: Placebos, beyond: int, *, days: int) -> Message:
    change = form_of(found)(found.effect.estimate)
    if not beyond:
        return say_n(
            "In {n} quiet stretch of {days} days before, nothing moved by as much as {change}.",
            "In none of {n} quiet stretches of {days} days before did anything move by as much as {change}.",
            n=placebo.n,
            days=days,
            change=change,
        )
    return say_n(
        "In {n} of {windows} quiet stretches of {days} days before, it moved by as much as {change}.",
        "In {n} of {windows} quiet stretches of {days} days before, it moved by as much as {change}.",
        n=beyond,
        windows=placebo.n,
        days=days,
        change=change,
    )
