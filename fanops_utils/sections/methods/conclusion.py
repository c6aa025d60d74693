"""What the validation concludes: its verdict, and what to do about methods that leave their promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from fanops_utils.playbook import Finding, Play, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Listed, Message, Sayable, Sentences, say

BESIDE = frozenset({"campaign_mixes"})  # findings on what stands beside the verdict and is never in it
REVIEW_TESTS, REVIEW_CAMPAIGNS = timedelta(days=92), timedelta(days=14)
Review = tuple[Message, Message, timedelta]


def plays(
    of_tests: Iterable[Section], of_campaigns: Iterable[Section], *, owner: str, on: date | None
) -> tuple[Play, ...]:
    """Return a play for tests and one for campaigns, where a method broke its word; no review without the day *on*."""
    tests: Review = (
        say("rate against what is promised"), say("within the band"), REVIEW_TESTS,
    )  # fmt: skip
    campaigns: Review = (
        say("share against what is promised"), say("back to what is promised"), REVIEW_CAMPAIGNS,
    )  # fmt: skip
    return (*_plays(of_tests, tests, owner, on), *_plays(of_campaigns, campaigns, owner, on))


def _plays(answers: Iterable[Section], told: Review, owner: str, on: date | None) -> Iterable[Play]:
    metric, expected, later = told
    broken = _broken(answers)
    for finding in broken[:1]:  # one play for all that broke it, named together
        yield Play(action=_look_into(broken), metric=metric, expected=expected, owner=owner, review=on + later if on else None,
                   because=finding.id)  # fmt: skip


def _look_into(broken: Iterable[Finding]) -> Message:
    """Return that nobody leans on the methods that *broken* findings are about."""
    about = (finding.about for finding in broken)
    every = [name for one in about if one for name in (one.items if isinstance(one, Listed) else (one,))]
    names = list(dict.fromkeys(every))
    if len(names) == 1:
        return say("Do not lean on {method} until it is looked into", method=names[0])
    return say("Do not lean on {methods} until they are looked into", methods=Listed.of(names, how="and"))


def verdict(of_tests: Sequence[Section], of_campaigns: Sequence[Section]) -> tuple[Sayable, Severity]:
    """Return the report's verdict on the methods of both kinds, and the severity of the worse."""
    both = (_tests(of_tests), _campaigns(of_campaigns))
    title = Sentences.of(*(first for first, _, _ in both))
    severity = min((severity for _, _, severity in both), key=RANK.__getitem__)
    return Sentences.of(title, *(rest for _, rest, _ in both)), severity


def _tests(answers: Sequence[Section]) -> tuple[Sayable, Sayable | None, Severity]:
    broken, peeking = _broken(answers), _finding(answers, "experiment_peeking")
    if broken:
        return (
            say("At least one method for experiments missed the accuracy it states."),
            Sentences.of(broken[0].verdict, peeking.verdict),
            "watch",
        )
    tried = next((answer.finding.n for answer in answers if answer.finding.id == "experiment_covered"), None)
    kept = (
        say("The methods for experiments keep what they promise in the shapes tried.") if tried is None
        else say("The methods for experiments keep what they promise in the easy and in {n} hard shapes tried.", n=tried)
    )  # fmt: skip
    return kept, peeking.verdict, "good"


def _campaigns(answers: Sequence[Section]) -> tuple[Sayable, Sayable | None, Severity]:
    broken = _broken(answers)
    alerts = [finding for finding in broken if finding.severity == "alert"]
    if alerts:
        return say("The campaign method missed the accuracy it states."), alerts[0].verdict, "alert"
    if broken and {finding.id for finding in broken} <= BESIDE:
        return (
            say(
                "The campaign method reached the accuracy it states in the cases tried; a mix shown beside it did not surely."
            ),
            broken[0].verdict,
            "watch",
        )
    if broken:
        return say("Whether the campaign method reaches the accuracy it states is open."), broken[0].verdict, "watch"
    return (
        say("The campaign method reached the accuracy it states in the cases tried."),
        answers[0].finding.verdict,
        "good",
    )


def _broken(answers: Iterable[Section]) -> list[Finding]:
    return [answer.finding for answer in answers if answer.finding.severity in ("watch", "alert")]


def _finding(answers: Iterable[Section], name: str) -> Finding:
    return next(answer.finding for answer in answers if answer.finding.id == name)


def simulated(tests: int, campaigns: int) -> Message:
    """Return how much was simulated, as a fact of the report's head."""
    return say("{tests} tests a cell, {campaigns} campaigns per effect", tests=tests, campaigns=campaigns)
