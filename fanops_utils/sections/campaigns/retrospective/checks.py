"""May a campaign's estimate be trusted: controls, placebos, drift before the start, days left out, events, the brief."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fanops_utils.models import CampaignEffect
from fanops_utils.models.campaign.verdicts import side_of
from fanops_utils.models.reasons import OneControlDecides
from fanops_utils.playbook import Check
from fanops_utils.playbook.checks import Status
from fanops_utils.playbook.plays import role
from fanops_utils.sections.campaigns.retrospective.effect import NO_DAYS
from fanops_utils.sections.campaigns.words import form_of
from fanops_utils.text import Day, Listed, Message, Percent, PValue, Sayable, Signed, Written, say, say_n, term
from fanops_utils.workspace import Campaign

FEW_CONTROLS, FEW_WINDOWS = 3, 6
NAMES: dict[str, Message] = {
    "daily_totals": term("Daily totals", "check"),
    "controls": term("Controls", "check"),
    "placebos": term("Quiet stretches", "check"),
    "pre_trend": term("Pre-trend", "check"),
    "one_control": term("One control at a time", "check"),
    "days_left_out": term("Days left out", "check"),
    "events": term("Events", "check"),
    "brief": term("Brief", "check"),
    "power": term("Power", "check"),
    "led_by": term("Who leads the retrospective", "check"),
}


def _check(code: str, status: Status, finding: Sayable, action: Sayable | None = None) -> Check:
    return Check(code=code, name=NAMES[code], status=status, finding=finding, action=action)


def checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return the checks of the estimate and of the brief it is held against."""
    return [*estimate_checks(found, campaign), *brief_checks(found, campaign)]


def estimate_checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return the checks of the estimate: controls, placebos, drift before the start, days left out, events."""
    if found is None:
        return [_check("daily_totals", "FAIL", NO_DAYS, say("Import the platform's daily files"))]
    return [_controls(found), _placebos(found), *_drift(found), *_one_control(found), *_days(found), *_events(campaign)]


def _controls(found: CampaignEffect) -> Check:
    number = found.n_controls
    if number >= FEW_CONTROLS:
        seen = say_n("{n} market without the campaign", "{n} markets without the campaign", n=number)
        return _check("controls", "PASS", seen)
    if number:
        few = say_n("only {n} control market", "only {n} control markets", n=number)
        return _check("controls", "REVIEW", few, say("A surprise in one of them passes for an effect"))
    action = say("Keep one next time; a before/after change is no effect")
    return _check("controls", "FAIL", say("no market was kept without the campaign"), action)


def _placebos(found: CampaignEffect) -> Check:
    placebo = found.placebo_time
    if placebo is None or not placebo.n:
        none = say("the history holds no quiet stretch to measure chance with")
        return _check("placebos", "FAIL", none, say("Import more history"))
    seen = say_n(
        "{n} quiet stretch before scatters by {spread}",
        "{n} quiet stretches before scatter by {spread}",
        n=placebo.n,
        spread=Percent(float(np.expm1(placebo.spread)), 1),
    )
    if placebo.n < FEW_WINDOWS:
        return _check("placebos", "REVIEW", seen, say("Few windows: wide intervals"))
    return _check("placebos", "PASS", seen)


def _drift(found: CampaignEffect) -> Iterator[Check]:
    drift = found.pre_trend
    if drift is None:
        return
    told = {"drift": Percent(abs(drift.slope) * 7, 2), "p": PValue(drift.p_value)}
    seen = (
        say("before the start it already gained {drift} a week on the others (p = {p})", **told)
        if drift.slope >= 0
        else say("before the start it already lost {drift} a week against the others (p = {p})", **told)
    )
    if drift.failed:
        yield _check("pre_trend", "FAIL", seen, say("The effect may be this drift going on"))
    elif drift.doubtful:
        yield _check("pre_trend", "REVIEW", seen, _carried_on(found))
    else:
        yield _check("pre_trend", "PASS", seen)


def _carried_on(found: CampaignEffect) -> Sayable:
    """Return what is left of the effect if the drift before the start went on."""
    drift, form = found.pre_trend, form_of(found)
    assert drift is not None
    left = found.log_effect.estimate - drift.drift
    return say(
        "Had it gone on, it alone would have made {drift}: of the {change} measured, {left} would be the campaign's",
        change=form(found.effect.estimate),
        drift=form(_as_said(drift.drift, found)),
        left=form(_as_said(left, found)),
    )


def _as_said(value: float, found: CampaignEffect) -> float:
    return value if found.scale == "difference" else float(np.expm1(value))


def _one_control(found: CampaignEffect) -> Iterator[Check]:
    if found.leave_one_out is None or not len(found.leave_one_out):
        return
    values = np.expm1(found.leave_one_out["estimate"].to_numpy(float))
    low, high = float(values.min()), float(values.max())
    seen = say(
        "leaving out any one control moves the effect between {low} and {high}", low=Signed(low), high=Signed(high)
    )
    if isinstance(found.reason, OneControlDecides):
        action = say(
            "Without {market} the answer would be another: see what happened there", market=found.reason.market
        )
        yield _check("one_control", "FAIL", seen, action)
    elif names := turning(found):
        action = (
            say("Near the edge: without {market} the interval would say otherwise", market=names[0])
            if len(names) == 1
            else say(
                "Near the edge: without any one of {markets} the interval would say otherwise", markets=Listed.of(names)
            )
        )
        yield _check("one_control", "REVIEW", seen, action)
    elif low < 0 < high and found.verdict in ("worked", "hurt"):
        yield _check("one_control", "REVIEW", seen, say("One market decides the result"))
    else:
        yield _check("one_control", "PASS", seen)


def turning(found: CampaignEffect) -> list[str]:
    """Return the controls without any one of which the interval would lie elsewhere; none where only estimates are known."""
    without = found.leave_one_out
    if without is None or "ci_lower" not in without or found.verdict == "cannot tell":
        return []
    side = (without["ci_lower"] > 0).astype(int) - (without["ci_upper"] < 0).astype(int)
    return [str(name) for name in without.loc[side != side_of(found.log_effect), "control"]]


def _days(found: CampaignEffect) -> Iterator[Check]:
    if found.n_dropped_days:
        seen = say_n("{n} day lacks a market or belongs to an earlier campaign",
                     "{n} days lack a market or belong to an earlier campaign", n=found.n_dropped_days)  # fmt: skip
        yield _check("days_left_out", "REVIEW", seen, say("They are left out in every market"))


def _events(campaign: Campaign) -> Iterator[Check]:
    inside = [event for event in campaign.events if campaign.live.start <= event.date <= campaign.live.end]
    if inside:
        listed = Listed.of(
            say("{day} {event}", day=Day.of(event.date, form="iso"), event=Written(event.note)) for event in inside
        )
        action = say("Their effect cannot be told from the campaign's")
        yield _check("events", "REVIEW", say("in the live weeks: {events}", events=listed), action)


def brief_checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return whether the brief is the one agreed on, and whether its target could have been seen at all."""
    match campaign.frozen_state():
        case "frozen":
            made = [_check("brief", "PASS", say("the register is as it was agreed"))]
        case "changed":
            action = say("See its history for what was changed")
            made = [_check("brief", "FAIL", say("the register was changed after it was agreed"), action)]
        case _:
            made = [_check("brief", "REVIEW", say("the register was never frozen"), say("Freeze the next brief"))]
    made += _led_by(campaign)
    target, seen = campaign.target_lift, found.detectable if found else None
    if found is None or target is None or seen is None or not np.isfinite(seen):
        return made
    text = say("at the interval it came to, {size} would be found four times in five (the plan, from the weeks before, may name "
               "another size); the target is {target}", size=form_of(found)(seen), target=Signed(target))  # fmt: skip
    if seen > target:
        return [*made, _check("power", "REVIEW", text, say("A target that small goes unseen more often than not"))]
    return [*made, _check("power", "PASS", text)]


def _led_by(campaign: Campaign) -> Iterator[Check]:
    """Yield whether somebody else than the owner leads the retrospective, where the register says who does."""
    if campaign.led_by is None:
        return
    led = say("{leader} leads it; {owner} owns the campaign", leader=role(campaign.led_by), owner=role(campaign.owner))
    if campaign.led_by == campaign.owner:
        yield _check("led_by", "REVIEW", led, say("Nobody judges their own work well: let somebody else lead it"))
    else:
        yield _check("led_by", "PASS", led)
