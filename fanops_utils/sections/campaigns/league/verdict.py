"""The league's sentence or two."""

from __future__ import annotations

from fanops_utils.playbook import Section, Severity
from fanops_utils.text import Sayable, Sentences, say


def verdict(ranking: Section, tally: Section) -> tuple[Sayable, Severity]:
    """Return how many campaigns worked and which did most, with the severity of the ranking."""
    if not tally.finding.ok:
        return say("There is no data: no campaign can be compared yet."), "info"
    said = (say("{sentence}.", sentence=section.finding.title) for section in (tally, ranking))
    return Sentences.of(*said), ranking.finding.severity
