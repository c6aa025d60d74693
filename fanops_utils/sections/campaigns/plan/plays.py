"""What to do before a campaign starts, while it runs, and once it has ended."""

from __future__ import annotations

from datetime import date, timedelta

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.text import Message, Signed, say, term
from fanops_utils.workspace import Campaign

METRIC = term("Smallest effect that would be seen", "metric to move")


def plays(
    seen: Section | Finding, campaign: Campaign, *, on: date | None, better: Section | None = None
) -> tuple[Play, ...]:
    """Return what to do next by whether the campaign can be judged (*seen*: the detectable effect) and where it stands.

    *better* is what other lengths would show: where they show the target, they are what is asked for. It is looked at
    again on the day before the start; while it runs the day after its end; later, two weeks after *on*.
    """
    finding = seen.finding if isinstance(seen, Section) else seen
    review, made = _review(campaign, on), []
    action, expected = _by_the_calendar(finding, campaign, on)
    if on is None or on < campaign.live.start or on > campaign.live.end:
        action = _lengths(finding, campaign, better, over=on is not None and on > campaign.live.end) or action
    ahead = on is None or on < campaign.live.start
    starts = ahead and finding.code not in ("no_data", "never", "too_small")
    made.append(
        Play(action=action, metric=METRIC, expected=expected, owner=campaign.owner, review=review, because="detectable",
             metric_id=campaign.metric if starts else None,
             cost=campaign.planned if starts and campaign.budget else None)
    )  # fmt: skip
    if campaign.frozen_state() != "frozen" and ahead:
        made.append(
            Play(
                action=say("Freeze the brief"),
                metric=term("Brief frozen before the start", "metric to move"),
                expected=term("goals that stay where they are", "expected size"),
                owner=campaign.owner,
                review=review,
                because="agreement",
            )
        )
    return tuple(made)


def holds_until(campaign: Campaign, *, on: date | None) -> date | None:
    """Return the last day on which these plays stay as they are; None once the campaign has ended."""
    turns = (campaign.live.start - timedelta(days=2), campaign.live.start - timedelta(days=1), campaign.live.end)
    return next((day for day in turns if on is not None and on <= day), None)


def _review(campaign: Campaign, on: date | None) -> date:
    before, after = campaign.live.start - timedelta(days=1), campaign.live.end + timedelta(days=1)
    if on is None or on < before:
        return before
    return after if campaign.live.start <= on <= campaign.live.end else on + timedelta(days=14)


def _by_the_calendar(finding: Finding, campaign: Campaign, on: date | None) -> tuple[Message, Message]:
    if on is None or on < campaign.live.start:
        return _action(finding)
    return _next_time(finding) if on > campaign.live.end else _running(finding, campaign)


def _running(finding: Finding, campaign: Campaign) -> tuple[Message, Message]:
    """Return what to do while it runs: its size is settled, the markets held back are not."""
    read = {"day": campaign.live.end + timedelta(days=1)}
    if not campaign.controls:
        return (
            say(
                "It runs without a market held back: note what else happens in these weeks, and read it from {day}",
                **read,
            ),
            term("a hint, no verdict", "expected size"),
        )
    if finding.code in ("no_data", "never", "too_small"):
        return (
            say(
                "It runs: change nothing in the markets held back, read it from {day}, and expect no verdict unless it moves "
                "more than planned",
                **read,
            ),
            term("a verdict only on a large effect", "expected size"),
        )
    return (
        say("It runs: change nothing in the markets held back, and read it from {day}", **read),
        term("a verdict on what it brought", "expected size"),
    )


def _lengths(finding: Finding, campaign: Campaign, better: Section | None, *, over: bool) -> Message | None:
    """Return the advice to change the lengths, where that alone would show the target: no more markets, no larger effect."""
    size = None if better is None else better.finding.estimate
    if finding.code != "too_small" or size is None or campaign.target_lift is None or size > campaign.target_lift:
        return None
    told = {"size": Signed(size), "target": Signed(campaign.target_lift)}
    if over:
        return say(
            "It has ended: read what can be read of it, and give the next one the days before and during it that would have shown "
            "{size}; its target was {target}", **told,
        )  # fmt: skip
    return say("Change the lengths before money is spent: others would show {size}, and the target is {target}", **told)


def _next_time(finding: Finding) -> tuple[Message, Message]:
    """Return what to do where the campaign has ended: nothing of it can be planned any more."""
    if finding.code in ("no_data", "never", "too_small"):
        return (
            say(
                "It has ended: read what can be read of it, and plan the next one for a larger effect, more days or other markets"
            ),
            term("a verdict next time", "expected size"),
        )
    return say("It has ended: read it against this plan"), term("a verdict on what it brought", "expected size")


def _action(finding: Finding) -> tuple[Message, Message]:
    if finding.code in ("no_data", "never"):
        return (
            say("Hold at least one comparable market back, or say openly that the campaign will not be judged"),
            term("a verdict", "expected size"),
        )
    if finding.code == "too_small":
        return (
            say("Plan for a larger effect, more days or other markets before money is spent"),
            term("{size} or more", "expected size", size=Signed(finding.estimate or 0.0)),
        )
    return (
        say("Start as agreed, and change nothing in the markets held back"),
        term("a verdict on what it brought", "expected size"),
    )
