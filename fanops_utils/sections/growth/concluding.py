"""Key numbers, verdict and plays of a report on growth and referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fanops_utils.metrics import Change
from fanops_utils.playbook import KeyNumbers, Play, Section, Severity
from fanops_utils.playbook.findings import gravest_first
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import People, Sayable, Sentences, say, term

REVIEW_AFTER = timedelta(days=28)
FIRST = ("curve", "inviting", "sources", "winning_back", "chains")


def key_numbers(changes: Mapping[str, Change], answers: Mapping[str, Section]) -> KeyNumbers:
    """Return the strip: members who joined (`metrics.member_changes`) and what the sections in *answers* (by name) measured."""
    return KeyNumbers.of(
        moved("joined", term("Joined in 28 days", "key number"), changes, People, metric="members_joined"),
        measured(answers.get("curve"), term("Chance to reach the target", "key number")),
        measured(
            answers.get("inviting"),
            term("People a member brings in the first 60 days", "key number"),
            note=say("all who joined 60 days ago or earlier"),
        ),
        measured(answers.get("quality"), term("Of all members, seen in 28 days", "key number")),
        measured(answers.get("ladder"), term("Of the invitations old enough, ended in an order", "key number")),
        measured(answers.get("winning_back"), term("Brought back by a message within 30 days", "key number")),
    )


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = [answer.finding for answer in answers if answer.finding.ok]
    if not told:
        return say("There is no data on growth in {market}.", market=market), "info"
    ranked = gravest_first(told, order=FIRST)
    others = [say("{sentence}.", sentence=one.title) for one in ranked[1:3]]
    return Sentences.of(say("{sentence}.", sentence=ranked[0].title), ranked[0].text, *others), ranked[0].severity


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed 28 days after *on*."""
    found = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    codes = {name: finding.code for name, finding in found.items()}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    asked = []
    if codes.get("winning_back") == "brings_back":
        asked.append(
            Play(
                because="winning_back",
                kind="test",
                action=say(
                    "Send “{message}” to the members now silent; hold out a fifth by lot again",
                    message=found["winning_back"].about or term("the message that worked", "what to send"),
                ),
                metric=say("Silent members seen within 30 days"),
                expected=say("as much as last time, measured again"),
                **taken,
            )
        )
    if codes.get("winning_back") == "none":
        asked.append(
            Play(
                because="winning_back",
                kind="test",
                code="hold_out",
                action=say("Hold out half by lot in the next message to silent members, in several markets at once"),
                metric=say("Silent members seen within 30 days"),
                expected=say("enough people to tell an effect"),
                **taken,
            )
        )
    if codes.get("sources") == "weak":
        asked.append(
            Play(
                because="sources",
                action=say(
                    "Pay for {members} by who stays, not by sign-ups",
                    members=found["sources"].about or term("the way of joining that keeps fewest", "what is paid for"),
                ),
                metric=say("Members seen from day 30 on"),
                expected=say("towards the other ways of joining"),
                reason=say("Fewest of them stay"),
                **taken,
            )
        )
    if codes.get("inviting") == "down":
        asked.append(
            Play(
                because="inviting",
                kind="test",
                metric_id="k_factor",
                baseline=found["inviting"].baseline,
                action=say("Test the reward for both sides against none, by inviter drawn by lot"),
                metric=say("People a member brings in the first 60 days"),
                expected=say("back to the quarters before"),
                **taken,
            )
        )
    return (*asked, *_to_try(codes, taken))


def _to_try(codes: Mapping[str, str | None], taken: Mapping[str, Any]) -> tuple[Play, ...]:
    """Return the tests that what is not known yet asks for."""
    asked = []
    if codes.get("timed") == "untried":
        asked.append(
            Play(
                because="timed",
                kind="test",
                code="weeks_by_lot",  # measured per week: the catalogue's K-factor counts 60 days, and would be no baseline
                action=say(
                    "Switch a reward for inviters on and off by week as the list draws it, in all markets at once"
                ),
                metric=say("People brought per member and week"),
                expected=say("not known before it is measured"),
                **taken,
            )
        )
    if codes.get("by_code") == "buyers_only":
        asked.append(
            Play(
                because="by_code",
                kind="test",
                code="invite_buyers",
                action=say(
                    "Invite half of those who use a partner's code, drawn by lot, into the community with the parcel"
                ),
                metric=say("Of them members seen 30 days on"),
                expected=say("measured against the half not invited"),
                **taken,
            )
        )
    return tuple(asked)
