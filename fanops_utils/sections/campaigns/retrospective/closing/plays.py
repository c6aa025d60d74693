"""What to keep, change, stop or test next, by the verdict."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Play
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.cost import spent
from fanops_utils.sections.campaigns.words import form_of
from fanops_utils.text import Message, say, term
from fanops_utils.workspace import Campaign

REVIEW_AFTER = timedelta(days=28)


def plays(found: CampaignEffect | None, campaign: Campaign, *, on: date | None) -> tuple[Play, ...]:
    """Return what to do next by the verdict, to be reviewed 28 days after *on*; without a day there is nothing to date."""
    if found is None or on is None:
        return ()
    action, expected = _next(found)
    metric = term("{units} per day", "metric of a play", units=words.unit(campaign.metric, first=True))
    review, owner = on + REVIEW_AFTER, campaign.owner
    made = (Play(action=action, metric=metric, expected=expected, owner=owner, review=review, because="effect"),)
    if campaign.value_per_unit is not None or not spent(campaign):
        return made
    worth = say(
        "Agree what one extra {unit} is worth, so that the next report can say whether it paid",
        unit=words.per(campaign.metric),
    )
    back, visible = term("Return on the budget", "metric of a play"), term("becomes visible", "expected size of a play")
    return (*made, Play(action=worth, metric=back, expected=visible, owner=owner, review=review, because="cost"))


def _next(found: CampaignEffect) -> tuple[Message, Message]:
    match found.verdict:
        case "worked":
            size = form_of(found)(found.effect.estimate)
            return (
                say("Keep: repeat the campaign in one further market and hold two comparable markets back"),
                term("up to {size}; first effects tend to shrink", "expected size of a play", size=size),
            )
        case "no clear effect":
            return (
                say("Change: plan a version whose expected effect can be seen before spending again, or drop it"),
                _large(found),
            )
        case "hurt":
            return (
                say("Stop: take the creative down where it still runs and read the comments of the live weeks"),
                term("back to normal", "expected size of a play"),
            )
    return say("Test next: agree control markets and four weeks of baseline before the next start"), _large(found)


def _large(found: CampaignEffect) -> Message:
    if not found.detectable or not np.isfinite(found.detectable):
        return term("not known", "expected size of a play")
    size = form_of(found)(found.detectable)
    return term("at least {size}, or it cannot be seen", "expected size of a play", size=size)
