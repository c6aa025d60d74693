"""The figures at the head of a report on a community's health."""

from __future__ import annotations

from collections.abc import Mapping

from fanops_utils.metrics import Change
from fanops_utils.playbook import KeyNumbers, Section
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import People, term


def key_numbers(changes: Mapping[str, Change], answers: Mapping[str, Section]) -> KeyNumbers:
    """Return the strip: active members (`metrics.member_changes`) and what the sections in *answers* (by name) measured."""
    staying = answers.get("staying")
    days = {  # the day its figure is of
        "early": term("Joined in 180 days, back on day 1", "key number"),
        "late": term("Joined in 180 days, there on day 30", "key number"),
    }
    return KeyNumbers.of(
        moved("active", term("Seen in 28 days", "key number"), changes, People, metric="mau"),
        measured(
            answers.get("pulse"),
            term("Of 28 days, those on which they come", "key number"),
            name="stickiness",
            metric="stickiness",
        ),
        measured(staying, days["late" if staying and staying.finding.code == "late" else "early"]),
        measured(
            answers.get("participation"),
            term("Taking part in 28 days, of all ever", "key number"),
            metric="participation",
        ),
        measured(answers.get("answering"), term("Answered in time, whole period", "key number")),
        measured(answers.get("recommending"), term("Net promoter score, last wave", "key number"), metric="nps"),
    )
