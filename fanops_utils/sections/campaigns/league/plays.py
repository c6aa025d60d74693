"""What to do about past decisions, and who owns that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from fanops_utils.playbook import Play
from fanops_utils.playbook.plays import REVIEW
from fanops_utils.sections.campaigns.retrospective.closing.decided import state_of
from fanops_utils.sections.targets.naming import metric_name
from fanops_utils.text import Written, say, term
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.decision import Decision


def plays(decisions: Iterable[Decision], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return one play per decision overdue on the day *on*; without any decision, to write the first one down.

    Without a day, nothing is due.
    """
    taken = list(decisions)
    if on is None:
        return ()
    if not taken:
        return (
            Play(
                action=say("Write down what the last campaign's report led to: keep, change, stop or test next"),
                metric=term("Decisions with an outcome", "metric to move"),
                expected=term("a first line in the ledger", "expected size"),
                owner=owner,
                review=on + timedelta(days=14),
                because="learnt",
            ),
        )
    return tuple(_review(one, on) for one in taken if state_of(one, on=on) == "overdue")


def _review(one: Decision, on: date) -> Play:
    return Play(
        action=say("Review “{decision}” and write its outcome down", decision=one.action),
        metric=metric_name(one.metric) if one.metric else term("Decision reviewed", "metric to move"),
        expected=Written(one.expected) if one.expected else term("an outcome", "expected size"),
        owner=one.owner,
        review=on + timedelta(days=7),
        because="learnt",
        code=f"{REVIEW}-{one.campaign or one.date.isoformat()}",
    )


def owner(campaigns: Mapping[str, Campaign]) -> str:
    """Return who owns the newest campaign; the workspace's owner where there is none."""
    newest = max(campaigns.values(), key=lambda one: one.live.start, default=None)
    return newest.owner if newest is not None else "owner of the workspace"
