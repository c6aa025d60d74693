"""What to do about the answers of an audience report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.text import say, term

REVIEW_AFTER = timedelta(days=28)


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed 28 days after *on*."""
    told = list(answers)
    watched = {answer.finding.id for answer in told if answer.finding.severity == "watch"}
    codes = {answer.finding.id: answer.finding.code for answer in told}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    asked = []
    if "staying" in watched:
        asked.append(_greet_newcomers(next(one.finding for one in told if one.finding.id == "staying"), taken))
    if "lifecycle" in watched:
        asked.append(_write_to_half(taken, lapsed=codes["lifecycle"] == "mostly_lapsed"))
    if "leaving" in watched and codes.get("lifecycle") != "slipping":
        asked.append(_hold_on(taken))
    if codes.get("lifecycle") == "lapsed_buyers":
        asked.insert(0, _win_back_buyers(taken))
    return tuple(asked)


def _greet_newcomers(staying: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="staying",
        action=say(
            "Before the next round of {way}, agree what a member who stays is worth, and give who comes through it a first-week "
            "programme",
            way=staying.about or term("the weakest way of joining", "how members came"),
        ),
        metric=say("Members seen 30 days after joining or later"),
        baseline=staying.baseline,
        expected=say("up to the level of the other ways of joining"),
        **taken,
    )


def _write_to_half(taken: dict[str, Any], *, lapsed: bool) -> Play:
    if lapsed:
        return Play(
            because="lifecycle",
            code="lapsed",
            kind="test",
            action=say(
                "Write to a random half of the lapsed members, leave the other half alone, compare returns after 28 days"
            ),
            metric=say("Lapsed members seen again"),
            expected=say("measured against the half left alone"),
            **taken,
        )
    return Play(
        because="lifecycle",
        action=say(
            "Write to a random half of the members at risk, leave the other half alone, compare returns after 28 days"
        ),
        metric=say("At-risk members seen again"),
        expected=say("measured against the half left alone"),
        **taken,
    )


def _win_back_buyers(taken: dict[str, Any]) -> Play:
    return Play(
        because="lifecycle",
        code="buyers",
        kind="test",
        action=say(
            "Write to a random half of the lapsed members who have bought, leave the other half alone, compare their orders "
            "after 28 days"
        ),
        metric=say("Orders of lapsed buyers"),
        expected=say("measured against the half left alone"),
        **taken,
    )


def _hold_on(taken: dict[str, Any]) -> Play:
    return Play(
        because="leaving",
        kind="test",
        action=say(
            "Write to the half of the list of those about to fall silent that the lot names, with what they last took part in; "
            "leave the other half alone and compare who is seen in the 28 days after"
        ),
        metric=say("Listed members seen again"),
        expected=say("measured against the half left alone"),
        **taken,
    )
