"""The verdict of a report on a community's health: what is to be looked at first."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import Section, Severity
from fanops_utils.playbook.findings import gravest_first
from fanops_utils.text import Sayable, Sentences, say, say_n

FIRST = (
    "recommending",
    "staying",
    "leak",
    "answering",
    "streaks",
    "moderators",
    "participation",
    "groups",
    "stickiness",
)


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    answers = tuple(answers)
    told = [finding for answer in answers for finding in answer.findings if finding.ok]
    if not told:
        return say("There is no data of the community in {market}.", market=market), "info"
    ranked = gravest_first(told, order=FIRST)
    worries = [one for one in ranked if one.severity in ("alert", "watch")]
    title = say("{sentence}.", sentence=ranked[0].title)
    others = [say("{sentence}.", sentence=one.title) for one in worries[1:3]]
    calm = None if worries else say("Nothing in the community asks for attention.")
    lacking = sum(not any(finding.ok for finding in answer.findings) for answer in answers)
    if calm and lacking:  # what nobody could look at is not calm
        calm = say_n(
            "Nothing of what could be looked at asks for attention; {n} question has no data.",
            "Nothing of what could be looked at asks for attention; {n} questions have no data.",
            n=lacking,
        )
    return Sentences.of(title, ranked[0].text, *others, calm), ranked[0].severity
