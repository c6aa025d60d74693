"""What a report on all experiments concludes: its verdict, and what to change in how experiments are run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from fanops_utils.playbook import Finding, Play, Section, Severity
from fanops_utils.sections.experiments.portfolio.power import STRONG
from fanops_utils.text import Level, Message, Sayable, Sentences, say

REVIEW_AFTER = timedelta(days=30)


def by_id(answers: Iterable[Section | Finding]) -> dict[str, Finding]:
    """Return the findings of *answers* by their id."""
    found = (answer.findings if isinstance(answer, Section) else (answer,) for answer in answers)
    return {finding.id: finding for several in found for finding in several}


def plays(answers: Iterable[Section | Finding], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to change in how experiments are run."""
    review, findings = on + REVIEW_AFTER if on else None, by_id(answers)
    return tuple(
        Play(action=action, metric=metric, expected=expected, owner=owner, review=review, because=name)
        for name, (action, metric, expected) in _answers().items()
        if name in findings and findings[name].severity in ("alert", "watch")
    )


def _answers() -> dict[str, tuple[Message, Message, Sayable]]:
    return {
        "faults": (
            say("Find what was broken in that period before reading any of its tests"),
            say("share of valid experiments"), say("up to 99%"),
        ),
        "power": (
            say("Plan sizes with the plan notebook; stop planning tests that cannot answer"),
            say("chance of a test to find what matters"), Level(STRONG),
        ),
        "luck": (
            say("Promise the effect with luck taken out, not the measured one"),
            say("effect that came, over the one promised"), say("near 1"),
        ),
        "follow_up": (
            say("Read the follow-ups that are due, and plan those that are missing"),
            say("effect at follow-up"), say("as first measured, or less"),
        ),
    }  # fmt: skip


def verdict(answers: Iterable[Section | Finding]) -> tuple[Sayable, Severity]:
    """Return the report's verdict and its severity."""
    findings = by_id(answers)
    validity, wins, faults = findings["validity"], findings.get("wins"), findings.get("faults")
    if not validity.ok:
        return say("There is no data: no experiment of this workspace has units."), "info"
    broken = faults is not None and faults.severity == "alert"
    last = faults if broken else findings["luck"]
    read = wins.verdict if wins is not None and wins.ok else say("None could be read.")
    small = findings["power"].verdict if "power" in findings else None
    severity: Severity = "alert" if broken else validity.severity
    return Sentences.of(small, validity.verdict, read, last.verdict if last else None), severity


def holds_until(tests: pd.DataFrame, *, on: date | None) -> date | None:
    """Return the last day before the next follow-up falls due; None where no later day changes the report."""
    if on is None:
        return None
    shipped = tests.loc[tests["verdict"] == "ship", "follow_up"].dropna()
    coming = [day for day in (pd.Timestamp(str(one)).date() for one in shipped) if day > on]
    return min(coming) - timedelta(days=1) if coming else None
