"""What an auditor is told first: verdict, key numbers and plays of the privacy audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from fanops_utils.playbook import KeyNumbers, Play, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Count, Message, Sayable, Sentences, Written, say, say_n, term


def verdict(answers: Iterable[Section], *, brand: str) -> tuple[Sayable, Severity]:
    """Return how many points are open, the gravest first."""
    found = [answer.finding for answer in answers if answer.finding.ok]
    if not found:
        return say("There is nothing to audit yet."), "info"
    bad = sorted((one for one in found if one.severity in ("alert", "watch")), key=lambda one: RANK[one.severity])
    if not bad:
        return Sentences.of(
            say("{brand}: all points of the audit are in order.", brand=Written(brand)),
            say("{n} points were looked at.", n=Count(len(found))),
        ), "good"
    title = say_n(
        "{brand}: {n} area of the audit has open points.",
        "{brand}: {n} areas of the audit have open points.",
        n=len(bad),
        brand=Written(brand),
    )
    return Sentences.of(title, *(say("{sentence}.", sentence=one.title) for one in bad[:4])), bad[0].severity


def key_numbers(audit: Section, over: Section, asked: Section, partners: Section, law: Section) -> KeyNumbers:
    """Return the strip: traces, rows over age, requests overdue, processors and laws open."""
    return KeyNumbers.of(
        measured(audit, term("Places that look personal", "key number")),
        measured(over, term("Rows over age", "key number")),
        measured(asked, term("Requests overdue", "key number")),
        measured(partners, term("Processors not in order", "key number")),
        measured(law, term("Markets without a law", "key number")),
    )


# What a play asks for, what tells whether it helped, days to the review.
ASKED: dict[str, tuple[Sayable, Sayable, int]] = {
    "inventory": (
        say("Give each column without a purpose one, or stop importing it"),
        say("Columns without purpose"),
        14,
    ),
    "audit": (
        say("Remove what looks personal at its source, or allow it with its purpose in privacy.yml"),
        say("Places that look personal"),
        7,
    ),
    "over_age": (
        say("Remove what is over age: {command}", command=Written("fanops privacy retention --erase")),
        say("Rows over age"),
        7,
    ),
    "pseudonyms": (
        say("Move the key out of the project and limit who can read it"),
        say("Key outside the project"),
        1,
    ),
    "consents": (
        say("Give each consent a way to take it back, and try that way once a year"),
        say("Consents not in order"),
        14,
    ),
    "plans": (
        say("Write down the plans that are missing, and name an owner for every step"),
        say("Plans not ready"),
        28,
    ),
    "obligations": (
        say("Do what is open, or write down when it was done"),
        say("Obligations open"),
        28,
    ),
    "requests": (
        say("Answer the overdue requests today and find out where they waited"),
        say("Requests overdue"),
        1,
    ),
    "processors": (
        say("Get contract, certificate or review of each processor that is not in order"),
        say("Processors not in order"),
        28,
    ),
    "laws": (
        say("Have counsel name or confirm the law of each open market"),
        say("Markets without a law on record"),
        28,
    ),
}


# The same, by the name of what is open, where the finding tells it.
NAMED: dict[str, Callable[[Sayable], Message]] = {
    "consents": lambda names: say(
        "Give a way to take it back, tried once a year, to the consent for {purposes}", purposes=names
    ),
    "plans": lambda names: say("Write down, with an owner for every step: {plans}", plans=names),
    "requests": lambda names: say("Answer today and find out where they waited: {requests}", requests=names),
    "processors": lambda names: say("Get contract, certificate or review: {processors}", processors=names),
    "laws": lambda names: say("Have counsel name or confirm the law of {markets}", markets=names),
    "obligations": lambda names: say("Do, or write down when it was done: {obligations}", obligations=names),
}


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what closes the open points."""
    found = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    return tuple(
        Play(
            because=name,
            action=NAMED[name](about) if name in NAMED and (about := found[name].about) else told[0],
            metric=told[1],
            expected=say("none open"),
            owner=owner,
            review=on + timedelta(days=told[2]) if on else None,
        )
        for name, told in sorted(ASKED.items(), key=lambda one: RANK[found[one[0]].severity] if one[0] in found else 0)
        if name in found and found[name].severity in ("alert", "watch")
    )
