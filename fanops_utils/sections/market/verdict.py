"""The verdict of a market analysis: growth first, then what is most urgent or most useful."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Sayable, Sentences, say

AFTER_GROWTH = ("tone", "formats", "hours", "voice")


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not told:
        return say("There is no data for {market} in this period.", market=market), "info"
    useful = sorted((told[name] for name in AFTER_GROWTH if name in told), key=_urgency)
    chosen = [*([told["growth"]] if "growth" in told else []), *useful][:2]
    severity = min((finding.severity for finding in told.values()), key=lambda level: RANK[level])
    first, *others = chosen
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(title, first.text, *(finding.verdict for finding in others)), severity


def _urgency(finding: Finding) -> tuple[bool, int]:
    """Return the place of a finding after growth: by severity, a steady tone last."""
    return finding.code == "steady", RANK[finding.severity]
