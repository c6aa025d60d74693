"""The verdict of an audience report: what is to be watched first, who stays before the others."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Sayable, Sentences, say


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = [answer.finding for answer in answers if answer.finding.ok]
    if not told:
        return say("There is no member-level data for {market}.", market=market), "info"
    ranked = sorted(told, key=lambda finding: (RANK[finding.severity], finding.id != "staying"))
    title = say("{sentence}.", sentence=ranked[0].title)
    others = (finding.verdict for finding in ranked[1:2])
    return Sentences.of(title, ranked[0].text, *others), ranked[0].severity
