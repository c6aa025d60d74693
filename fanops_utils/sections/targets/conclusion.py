"""The verdict of a review of the targets, its key numbers and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from fanops_utils.playbook import KeyNumber, KeyNumbers, Play, Section, Severity, TargetState
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Count, Sayable, Sentences, say, term

ORDER = ("scorecard", "budget", "course", "rules", "signals", "tree")


def verdict(answers: Iterable[Section]) -> tuple[Sayable, Severity]:
    """Return the scorecard first, then what is most urgent of the rest."""
    found = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not found:
        return say("There is nothing to review yet."), "info"
    told = sorted(
        (found[name] for name in ORDER if name in found), key=lambda one: (one.id != "scorecard", RANK[one.severity])
    )
    severity = min((one.severity for one in found.values()), key=lambda level: RANK[level])
    first, others = told[0], [one for one in told[1:3] if one.severity in ("alert", "watch")]
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(title, first.text, *(say("{sentence}.", sentence=one.title) for one in others)), severity


def key_numbers(states: Sequence[TargetState], budget: Section, course: Section) -> KeyNumbers:
    """Return the strip: targets met, not met, open; budget at its end; milestones late."""
    if not states:
        return KeyNumbers.of(measured(budget, term("Budget at the end", "key number")))
    count = {code: sum(one.judged == code for one in states) for code in ("met", "not_met", "cannot_tell")}
    all_of = say("of {all}", all=len(states))
    return KeyNumbers.of(
        KeyNumber(id="met", label=term("Targets met", "key number"), value=Count(count["met"]), note=all_of),
        KeyNumber(
            id="not_met", label=term("Targets not met", "key number"), value=Count(count["not_met"]), note=all_of
        ),
        KeyNumber(
            id="open", label=term("Cannot tell yet", "key number"), value=Count(count["cannot_tell"]), note=all_of
        ),
        measured(budget, term("Budget at the end", "key number"), note=say("of what is planned")),
        measured(course, term("Milestones late", "key number")),
    )


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about what is missed, late, over or out of range; to be reviewed in four weeks."""
    found = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    review = on + timedelta(days=28) if on else None
    about = {
        name: (found[name].about if name in found else None) or say("what is open")
        for name in ("scorecard", "course", "budget")
    }
    words: dict[tuple[str, str], tuple[Sayable, Sayable, Sayable]] = {
        ("scorecard", "missed"): (
            say("Ask for cause and next step of what is missed: {targets}", targets=about["scorecard"]),
            say("Targets met"),
            say("one more by the next review"),
        ),
        ("scorecard", "unlikely"): (
            say("Decide on {targets}: more means, another day, or another number", targets=about["scorecard"]),
            say("Targets likely to be met"),
            say("each decided"),
        ),
        ("course", "late"): (
            say("Give a new day to, or strike: {milestones}", milestones=about["course"]),
            say("Milestones late"),
            say("down to none"),
        ),
        ("budget", "over"): (
            say("Cut or approve before the next month is booked: {parts}", parts=about["budget"]),
            say("Budget at the end against the plan"),
            say("within 5%"),
        ),
        ("signals", "signal"): (
            say("Find what happened in the weeks outside the range and write it down"),
            say("Weeks outside the range, explained"),
            say("all"),
        ),
    }
    return tuple(
        Play(because=name, action=told[0], metric=told[1], expected=told[2], owner=owner, review=review)
        for (name, code), told in words.items()
        if name in found and found[name].code == code
    )
