"""What to do about the answers of a report on a community's health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.text import Percent, say

REVIEW_AFTER = timedelta(days=28)
MOST = 5


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, at most five, to be reviewed 28 days after *on*."""
    found = {finding.id: finding for answer in answers for finding in answer.findings if finding.ok}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    makers = {
        "staying": _welcome_or_content,
        "leak": _mend_the_leak,
        "answering": _share_out_answers,
        "streaks": _remind,
        "moderators": _read_cases,
        "participation": _invite_to_take_part,
        "groups": _prune,
    }
    watched = [(name, make) for name, make in makers.items() if name in found and found[name].severity == "watch"]
    return tuple(make(found[name], taken) for name, make in watched)[:MOST]


def _welcome_or_content(finding: Finding, taken: dict[str, Any]) -> Play:
    if finding.code == "late":
        action = say("Give members of the second week a reason to come: a series, a challenge; leave a part out by lot")
        metric, name = "retention_d30", say("Members back on day 30")
    else:
        action = say(
            "Rework the welcome: first message, first task, first answer; leave a part of newcomers with the old one by lot"
        )
        metric, name = "retention_d1", say("Members back on day 1")
    return Play(
        because="staying",
        kind="test",
        action=action,
        metric=name,
        metric_id=metric,
        baseline=finding.baseline,
        expected=say("back to the level of those who joined before"),
        **taken,
    )


def _mend_the_leak(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="leak",
        action=say("Take the step apart on a phone, with a member: write down what stops them; mend one thing"),
        metric=say("Members who take the step"),
        baseline=finding.baseline,
        expected=say("towards the other markets"),
        **taken,
    )


def _share_out_answers(finding: Finding, taken: dict[str, Any]) -> Play:
    share = Percent(0.9, 0)
    return Play(
        because="answering",
        action=say("Set a rota for the hours with most open questions, and name who takes complaints"),
        metric=say("First answers in the time agreed"),
        metric_id="answered_within_hour",
        baseline=finding.baseline,
        expected=say("{share} in time", share=share),
        reason=say("Fewer than {share} are answered in time", share=share),
        **taken,
    )


def _remind(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="streaks",
        kind="test",
        action=say("Remind half of those still in, drawn by lot, on the day before most stop"),
        metric=say("Check-ins that hold to the end"),
        baseline=finding.baseline,
        expected=say("measured against the half without a reminder"),
        **taken,
    )


def _read_cases(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="moderators",
        action=say("Read the decisions taken back together with the moderator; adjust rule or training"),
        metric=say("Decisions taken back"),
        baseline=finding.baseline,
        expected=say("down to that of the others"),
        **taken,
    )


def _invite_to_take_part(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="participation",
        action=say("Give one easy act a week: a vote, a question, a photo; thank whoever takes part"),
        metric=say("Members taking part"),
        metric_id="participation",
        baseline=finding.baseline,
        expected=say("towards 15% to 20%, as the plans ask"),
        **taken,
    )


def _prune(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="groups",
        action=say(
            "Write once to the silent members, except those a running test leaves alone by lot; take out who was written to and "
            "does not answer in two weeks, with a way back"
        ),
        metric=say("Places held by silent members"),
        baseline=finding.baseline,
        expected=say("below half"),
        **taken,
    )
