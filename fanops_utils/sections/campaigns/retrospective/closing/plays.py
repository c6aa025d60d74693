"""What to keep, change, stop or test next, by the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models import CampaignEffect
from fanops_utils.models.campaign.verdicts import FEWEST_CONTROLS, FEWEST_PLACEBOS, SHORTEST_BASELINE
from fanops_utils.models.reasons import OneControlDecides
from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.retrospective.cost import spent
from fanops_utils.sections.campaigns.words import STATES, form_of
from fanops_utils.sections.expecting import expected
from fanops_utils.text import Listed, Message, Sayable, Signed, Written, say, say_n, term
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.decision import Decision, DecisionKind

REVIEW_AFTER, SOON = timedelta(days=28), timedelta(days=14)
WEEKS_EACH = 6  # slots of either kind, of which the read-out needs ten in all


def plays(
    found: CampaignEffect | None,
    campaign: Campaign,
    *,
    on: date | None,
    decisions: Iterable[Decision] = (),
    markets: pd.DataFrame | None = None,
    paid_back: Section | Finding | None = None,
    drawn: Interval | None = None,
    in_all: int | None = None,
    tone: Section | Finding | None = None,
) -> tuple[Play, ...]:
    """Return what to do next by the verdict, to be reviewed 28 days after *on*; without a day there is nothing to date.

    *decisions* are those taken on the campaign: what was tried before is not asked for again as if it were new.
    *markets* are the effects by treated market (part, estimate, ci_lower, ci_upper), where several were treated.
    *paid_back* is the return on the cost: what moved people and lost money is not repeated as it is.
    *in_all*: the brand's markets, where known: with too few to hold any back, another design is advised.
    *tone*: where it turned worse, what the complaints are about is read before anything like it is repeated.
    *drawn* is the effect read together with those of other campaigns (`models.effect_again`), where there are enough.
    """
    if found is None or on is None:
        return ()
    decisions = tuple(decisions)
    action, size, kind = _next(found, campaign, on=on, decisions=decisions, markets=markets, in_all=in_all)
    expects: Sayable = size
    because = "effect"
    money = paid_back.finding if isinstance(paid_back, Section) else paid_back
    told_before = any(is_repeat(one) for one in decisions)
    if (
        kind == "keep"
        and money is not None
        and (money.code == "not_paid" or (money.code == "open" and not told_before))
    ):
        action, expects, kind = _cheaper(money), _break_even(money), "change" if money.code == "not_paid" else "test"
        because = money.id
    reason = None
    if kind == "keep" and told_before:  # it was kept once already: what is asked for is another version of it
        kind, reason = "change", _reason(decisions)
    again = expected(found.effect, drawn, relative=found.scale != "difference") if kind == "keep" else None
    if again is not None:  # a repeat as it was: another version brings something else
        expects = again.said(form=form_of(found))
    metric = term("{units} per day", "metric of a play", units=words.unit(campaign.metric, first=True))
    review, owner = on + REVIEW_AFTER, campaign.owner
    one = Play(
        action=action, metric=metric, expected=expects, owner=owner, review=review, because=because, kind=kind,
        metric_id=campaign.metric, band=again.band if again else None,
        cost=campaign.planned if again and campaign.budget else None, reason=reason,
    )  # fmt: skip
    heard = _complaints(tone, campaign, review=on + SOON)
    if campaign.value_per_unit is not None or not spent(campaign):
        return (one, *heard)
    worth = say(
        "Agree what one extra {unit} is worth, so that the next report can say whether it paid",
        unit=words.per(campaign.metric),
    )
    back, visible = term("Return on the budget", "metric of a play"), term("becomes visible", "expected size of a play")
    return (one, *heard, Play(action=worth, metric=back, expected=visible, owner=owner, review=review, because="cost"))


def _complaints(tone: Section | Finding | None, campaign: Campaign, *, review: date) -> tuple[Play, ...]:
    """Return what to do about a tone that turned worse, nothing where it did not."""
    heard = tone.finding if isinstance(tone, Section) else tone
    if heard is None or not heard.code.startswith("worse"):
        return ()
    action = say(
        "Read what the negative mentions in {markets} since {day} are about, before anything like it is repeated",
        markets=Listed.of(campaign.treated), day=campaign.live.start,
    )  # fmt: skip
    metric = term("Share of negative mentions", "metric of a play")
    back = term("back to the baseline's", "expected size of a play")
    return (Play(action=action, metric=metric, expected=back, owner=campaign.owner, review=review, because="tone"),)


def _next(
    found: CampaignEffect,
    campaign: Campaign,
    *,
    on: date,
    decisions: tuple[Decision, ...],
    markets: pd.DataFrame | None,
    in_all: int | None,
) -> tuple[Message, Message, DecisionKind]:
    match found.verdict:
        case "worked":
            size = form_of(found)(found.effect.estimate)
            most = term("up to {size}; first effects tend to shrink", "expected size of a play", size=size)
            return _again(decisions, markets), most, "keep"
        case "no clear effect":
            change = say("Change: plan a version whose expected effect can be seen before spending again, or drop it")
            return change, _large(found), "change"
        case "hurt":
            return _stopped(campaign, on=on), term("back to normal", "expected size of a play"), "stop"
    if found.running:
        end = {"day": campaign.live.end}
        wait = say("Let it run to {day}, change nothing in the markets held back, and read it then", **end)
        load = say("Import the days up to {day} and read it again", **end)
        return wait if on <= campaign.live.end else load, term("a verdict", "expected size"), "test"
    if isinstance(found.reason, OneControlDecides):
        look = say(
            "Find out what happened in {market} in the live weeks; if it was something of its own, leave it out of the controls "
            "of the next brief",
            market=found.reason.market,
        )
        return look, term("a verdict next time", "expected size"), "test"
    return _designed(campaign, in_all=in_all), _large(found), "test"


def _designed(campaign: Campaign, *, in_all: int | None) -> Message:
    """Return the design that would answer a campaign as long as this one: markets, baseline, history; or weeks, or members."""
    if in_all is not None and in_all <= FEWEST_CONTROLS:
        return say_n(
            "Test next: with {n} market none can be held back. Draw by lot in which whole weeks it runs, {weeks} with it and "
            "{weeks} without; or hold one member in ten back by lot. Plan either as an experiment",
            "Test next: with {n} markets too few can be held back. Draw by lot in which whole weeks it runs, {weeks} with it and "
            "{weeks} without; or hold one member in ten back by lot. Plan either as an experiment",
            n=in_all,
            weeks=WEEKS_EACH,
        )
    return say(
        "Test next: before the next start hold {markets} comparable markets back and agree a baseline of {baseline} days; "
        "{days} days of daily totals before the start are needed, so that chance can be measured",
        markets=FEWEST_CONTROLS,
        baseline=SHORTEST_BASELINE,
        days=SHORTEST_BASELINE + FEWEST_PLACEBOS * campaign.live.days,
    )


def _cheaper(money: Finding) -> Message:
    """Return what follows an effect that did not pay, or of which that is open, at the value assumed for a unit."""
    if money.code == "not_paid":
        return say(
            "Change: it moved people and lost money at the value assumed for a unit. Do not repeat it at this cost: find what "
            "of it can go, or what a unit is really worth"
        )
    return say(
        "Test next: it moved people. {paid} Repeat it in one market only, cheaper, with two comparable markets held back, and "
        "check first what a unit is really worth",
        paid=money.verdict or say("Whether it paid is open."),
    )


def _break_even(money: Finding) -> Message:
    if money.estimate is None:
        return term("not known", "expected size of a play")
    return term("from {change} to at least the cost back", "expected size of a play", change=Signed(money.estimate))


def _stopped(campaign: Campaign, *, on: date) -> Message:
    """Return what to stop: the creative while it runs; of a campaign that is over there is nothing to take down."""
    if on <= campaign.whole.end:
        return say("Stop: take the creative down where it still runs and read the comments of the live weeks")
    return say("Stop: do not repeat it, and read the comments of the live weeks for what put people off")


def _again(decisions: tuple[Decision, ...], markets: pd.DataFrame | None) -> Message:
    """Return what follows an effect: a repeat, unless the ledger says that one is under way or came to nothing."""
    repeats = [one for one in decisions if is_repeat(one)]
    if last := max(repeats, key=lambda one: one.date, default=None):
        if not last.closed:
            return say(
                "Wait for what comes of “{decision}” ({owner}) before repeating it once more",
                decision=Written(last.action), owner=role(last.owner),
            )  # fmt: skip
        if last.ended in ("changed", "stopped"):
            return say(
                "Do not repeat it as it is: that was tried (“{outcome}”). Find what differed, then test a changed version",
                outcome=_outcome(last),
            )
        if last.ended is None:
            return say(
                "Before it is repeated once more, weigh what came of the last time: “{outcome}”", outcome=_outcome(last)
            )
    if markets is not None and (silent := _silent(markets)):
        return say(
            "Keep it where it worked, hold two comparable markets back, and find first why nothing clear came of it in {markets}",
            markets=Listed.of(silent),
        )
    return say("Keep: repeat the campaign in one further market and hold two comparable markets back")


def _reason(decisions: tuple[Decision, ...]) -> Message | None:
    """Return why what worked is not repeated as it is: the effect alone would say the opposite."""
    last = max((one for one in decisions if is_repeat(one)), key=lambda one: one.date)
    return say("It worked, but its repeat was not kept") if last.ended in ("changed", "stopped") else None


def is_repeat(one: Decision) -> bool:
    """Return whether a decision took up this report's advice to repeat its campaign; keeping some part of it is none."""
    return one.kind == "keep" and one.play == f"campaign_retrospective.{one.campaign}.effect"


def _outcome(one: Decision) -> Sayable:
    return Written(one.outcome) if one.outcome else STATES["reviewed"]


def _silent(markets: pd.DataFrame) -> list[str]:
    """Return the treated markets whose own interval does not lie above zero, where several were treated."""
    known = markets.dropna(subset=["estimate", "ci_lower"])
    return [str(part) for part in known.loc[known["ci_lower"] <= 0, "part"]] if len(known) > 1 else []


def _large(found: CampaignEffect) -> Message:
    if not found.detectable or not np.isfinite(found.detectable):
        return term("not known", "expected size of a play")
    size = form_of(found)(found.detectable)
    return term("at least {size}, or it cannot be seen", "expected size of a play", size=size)
