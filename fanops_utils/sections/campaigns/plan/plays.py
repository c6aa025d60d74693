"""What to do before a campaign starts."""

from __future__ import annotations

from datetime import date, timedelta

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.text import Message, Signed, say, term
from fanops_utils.workspace import Campaign

METRIC = term("Smallest effect that would be seen", "metric to move")


def plays(seen: Section | Finding, campaign: Campaign, *, on: date | None) -> tuple[Play, ...]:
    """Return what to do before the start, by whether the campaign can be judged (*seen*: the detectable effect).

    It is looked at again on the day before the start; where that is past on the day *on*, two weeks later.
    """
    finding = seen.finding if isinstance(seen, Section) else seen
    review, made = _review(campaign, on), []
    over = on is not None and on > campaign.live.end
    action, expected = _next_time(finding) if over else _action(finding)
    starts = not over and finding.code not in ("no_data", "never", "too_small")
    made.append(
        Play(action=action, metric=METRIC, expected=expected, owner=campaign.owner, review=review, because="detectable",
             metric_id=campaign.metric if starts else None,
             cost=campaign.planned if starts and campaign.budget else None)
    )  # fmt: skip
    if campaign.frozen_state() != "frozen":
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
    """Return the last day on which these plays are still due before the start; None once that day is past."""
    last = campaign.live.start - timedelta(days=2)
    return last if on is not None and on <= last else None


def _review(campaign: Campaign, on: date | None) -> date:
    before = campaign.live.start - timedelta(days=1)
    return before if on is None or before > on else on + timedelta(days=14)


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
