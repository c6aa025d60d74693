"""A play looks before it speaks: where its metric stands, whether the thing still runs, what the ledger says, what comes up
in the calendar, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from fanops_utils import metrics
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.metrics.catalogue.together import Lookup, looks_ahead
from fanops_utils.playbook import Play
from fanops_utils.playbook.plays import play_id, role
from fanops_utils.playbook.targets import WINDOW
from fanops_utils.text import Day, Listed, Money, People, Range, Sayable, Sentences, Unit, Written, say, term, valued
from fanops_utils.workspace import Decision, Workspace
from fanops_utils.workspace.kinds import CALENDAR, TEAM
from fanops_utils.workspace.operations.calendar import Moment
from fanops_utils.workspace.operations.team import Team
from fanops_utils.workspace.registers.decision import Baseline

ENDED = {
    "kept": term("kept", "how a decision ended"),
    "changed": term("changed", "how a decision ended"),
    "stopped": term("stopped", "how a decision ended"),
}


def weighed(
    plays: Iterable[Play],
    workspace: Workspace,
    *,
    report: str,
    on: date | None,
    about: Mapping[str, str | None],
    measure: Lookup | None = None,
) -> tuple[Play, ...]:
    """Return *plays* with the baseline of their metric, a note of what stands around them, their owner as team.yml has it, and
    the day of their review as the ledger has it.

    *report* is the notebook's name and *about* its parameters: they make the ids the ledger knows plays by. A market (and
    platform) in *about* says where the metric is measured; a campaign or an experiment, whose days are looked at. The baseline
    is the catalogue's number over the 28 days before the day *on*, measured as its review will measure it; without one it
    stays what the report gave. *measure* stands in for the warehouse. Without a day nothing is weighed.
    """
    asked = tuple(plays)
    if on is None or not asked:
        return asked
    market, platform = about.get("market"), about.get("platform")
    look = measure or metrics.lookup(Store(workspace))
    decisions, moments = workspace.decisions, workspace.register(CALENDAR).moments
    currency = workspace.market(market).currency if market in workspace.markets else ""
    running = _running(workspace, about, on=on)
    told = []
    for play in asked:
        baseline, unit, counted = _measured(play, look, on=on, market=market, platform=platform, currency=currency)
        name = play_id(report, about, play.because, play.code)
        standing = _standing(play, baseline, unit, counted)
        same = [one for one in decisions if one.play == name]
        play = replace(play, review=_review_day(play, same), until=play.review)
        tried = _tried(same, on=on)
        note = [
            standing,
            running,
            tried,
            _coming(play, moments, market, on=on),
            _costs(play, workspace, about, currency),
        ]
        known = [one for one in note if one is not None]
        told.append(
            replace(
                play,
                action=_under_way(play.action, same),
                owner=_appointed(play.owner, workspace.register(TEAM), market),
                baseline=baseline or play.baseline,
                note=Sentences.of(play.note, *known) if known else play.note,
            )
        )
    return tuple(told)


def _appointed(owner: str, team: Team, market: str | None) -> str:
    """Return the name of the team's role that reports call *owner*; *owner* as it is where the team has none."""
    known = team.named(owner, market)
    return known.name if known else owner


def _measured(
    play: Play, look: Lookup, *, on: date, market: str | None, platform: str | None, currency: str
) -> tuple[Baseline | None, Unit | None, int]:
    """Return where the metric of *play* stands, its unit, and of how many; a complete count has no interval."""
    if play.metric_id is None:
        return None, None, 0
    if play.metric_id not in METRICS:  # a metric of an experiment, by its own name
        return None, None, 0
    unit = metrics.metric(play.metric_id).unit
    last = on - timedelta(days=1)
    asked = (play.metric_id, market, platform, last - timedelta(days=WINDOW - 1), last)
    now = look(*asked, None, currency) if unit.kind == "money" and currency else look(*asked)
    if now is None or not math.isfinite(now.estimate):
        return None, None, 0
    told = now.ci_lower < now.ci_upper
    low, high = (float(now.ci_lower), float(now.ci_upper)) if told else (None, None)
    if unit.kind == "money":
        unit = replace(unit, currency=currency)
    return Baseline(value=float(now.estimate), low=low, high=high), unit, int(now.n)


def _standing(play: Play, baseline: Baseline | None, unit: Unit | None, counted: int) -> Sayable | None:
    """Return where the metric of *play* stands: over which days, and of what a cohort did, of how many (*counted*) also."""
    if baseline is None or unit is None or play.metric_id is None:
        return None
    entry = metrics.metric(play.metric_id)
    name, value = entry.name, unit.value(baseline.value)
    if looks_ahead(entry) and entry.per is not None and baseline.low is not None and baseline.high is not None:
        return say(
            "In the newest 28 days that are old enough for it ({per}: {n}): {metric} {value} ({between}).",
            per=entry.per, n=People(counted), metric=name, value=value,
            between=Range(unit.value(baseline.low), unit.value(baseline.high)),
        )  # fmt: skip
    if baseline.low is None or baseline.high is None:
        return say("In the last 28 days of the data: {metric} {value}.", metric=name, value=value)
    between = Range(unit.value(baseline.low), unit.value(baseline.high))
    return say(
        "In the last 28 days of the data: {metric} {value} ({between}).", metric=name, value=value, between=between
    )


def _running(workspace: Workspace, about: Mapping[str, str | None], *, on: date) -> Sayable | None:
    """Return whether the campaign or experiment it is about is to come, runs or is over."""
    campaign, experiment = workspace.campaigns.get(about.get("campaign") or ""), about.get("experiment")
    design = workspace.experiments.get(experiment or "")
    if campaign is not None:
        start, end = campaign.live.start, campaign.whole.end
    elif design is not None and design.period is not None:
        start, end = design.period.start, design.period.end
    else:
        return None
    if on < start:
        return say("It starts on {day}.", day=Day.of(start))
    if on <= end:
        return say("It still runs, until {day}.", day=Day.of(end))
    return say("It ended on {day}: nothing of it runs any more.", day=Day.of(end))


def _costs(play: Play, workspace: Workspace, about: Mapping[str, str | None], currency: str) -> Sayable | None:
    """Return what it takes, where somebody wrote that down; of what is to be repeated also that nobody did."""
    campaign = workspace.campaigns.get(about.get("campaign") or "")
    if play.cost is not None:
        return say("It takes {cost}, as planned.", cost=Money(play.cost, campaign.currency if campaign else currency))
    if play.band is not None:
        return say("What it takes is in no register: hold it against what it may bring.")
    return None


def _open(same: list[Decision]) -> Decision | None:
    """Return the newest decision on the *same* play where nobody has closed it."""
    last = max(same, key=lambda one: one.date, default=None)
    return None if last is None or last.closed else last


def _review_day(play: Play, same: list[Decision]) -> date | None:
    """Return when *play* is looked at again: on the day that was agreed where somebody took it up, else on its own."""
    last = _open(same)
    return last.review if last is not None and last.review is not None else play.review


def _under_way(action: Sayable, same: list[Decision]) -> Sayable:
    """Return the *action*, marked where somebody took it up already: nobody is to begin it a second time."""
    last = _open(same)
    if last is None:
        return action
    return say("Under way since {day}: {action}", day=Day.of(last.date), action=action)


def _tried(decisions: list[Decision], *, on: date) -> Sayable | None:
    """Return what the ledger says of the same play: it is under way, or how it ended."""
    last = max(decisions, key=lambda one: one.date, default=None)
    if last is None:
        return None
    day = Day.of(last.date)
    if not last.closed:
        owner = role(str(last.owner))
        if last.review is None:
            return say("Taken up already on {day} ({owner}): wait for what comes of it.", day=day, owner=owner)
        if last.state(on) == "overdue":
            return say(
                "Taken up already on {day} ({owner}), and its review was due on {review}: close that one first.",
                day=day, owner=owner, review=Day.of(last.review),
            )  # fmt: skip
        return say(
            "Taken up already on {day} ({owner}): wait for its review on {review}.",
            day=day, owner=owner, review=Day.of(last.review),
        )  # fmt: skip
    if last.ended is None:
        return say("Decided on before, on {day}: “{outcome}”.", day=day, outcome=_worded(last))
    if last.outcome is None:
        return say("Decided on before, on {day}, and {ended}.", day=day, ended=ENDED[last.ended])
    return say(
        "Decided on before, on {day}, and {ended}: “{outcome}”.",
        day=day,
        ended=ENDED[last.ended],
        outcome=_worded(last),
    )


def _worded(one: Decision) -> Sayable:
    return valued(one.outcome) if one.outcome else Written("-")


def _coming(play: Play, moments: Iterable[Moment], market: str | None, *, on: date) -> Sayable | None:
    """Return what of the calendar falls between today and the review of a play whose numbers it would colour."""
    if play.review is None or play.metric_id is None:
        return None
    due = [
        one for one in moments
        if (not one.markets or market is None or market in one.markets)
        and one.period.start <= play.review and one.period.end >= on
    ]  # fmt: skip
    if not due:
        return None
    names = Listed.of(valued(one.name) for one in sorted(due, key=lambda one: one.date)[:3])
    return say("Unusual days before its review: {moments}.", moments=names)
