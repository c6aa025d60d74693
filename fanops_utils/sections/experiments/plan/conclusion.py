"""What a plan's report concludes: its one sentence, and what to do before the first unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import Finding, Play, Section, Severity
from fanops_utils.text import Sayable, Sentences, Written, say
from fanops_utils.workspace import Experiment

REVIEW_AFTER = timedelta(days=14)


def plays(
    untestable: Finding, freezing: Section, experiment: Experiment, *, workspace: str, on: date | None
) -> tuple[Play, ...]:
    """Return what to do before the first unit: enlarge or drop what cannot be tested, then freeze.

    *workspace* is what the command names it by; without the day *on* no review is set.
    """
    told: dict[str, Any] = {
        "metric": Written(experiment.first_decision.label), "owner": experiment.owner, "review": on + REVIEW_AFTER if on else None,
    }  # fmt: skip
    listed = []
    late = freezing.finding.code == "late"
    if untestable.code == "untestable":
        action = (
            say("Read this one for what it can show; the next one needs larger effects, more weeks, or fewer metrics")
            if late
            else say("Be content to find larger effects, give it more weeks, or leave out what cannot be tested")
        )
        listed.append(Play(action=action, expected=say("a test that can answer"), because="untestable", **told))
    if late:
        action = say("It was never frozen: freeze the next one before its first unit is assigned")
        listed.append(
            Play(action=action, expected=say("a plan that nobody can bend to the results"), because="frozen", **told)
        )
    if freezing.finding.code == "open":
        command = Written(f"fanops freeze {experiment.id} -w {workspace}", "en")
        action = say("Freeze the plan before the first unit is assigned: {command}", command=command)
        listed.append(
            Play(action=action, expected=say("a plan that nobody can bend to the results"), because="frozen", **told)
        )
    return tuple(listed)


def verdict(size: Section, untestable: Finding, experiment: Experiment) -> tuple[Sayable, Severity]:
    """Return the report's one sentence and its severity."""
    if not size.finding.ok:
        return say("There is no data to plan the experiment “{title}” on.", title=experiment.title), "info"
    said = (say("{answer}.", answer=found.title) for found in (untestable, size.finding))
    return Sentences.of(*said), "watch" if untestable.code == "untestable" else "good"
