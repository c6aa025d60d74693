"""The verdict of a market analysis: an alert first, then growth, then what is most useful."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Sayable, Sentences, say

AFTER_GROWTH = ("tone", "rivals", "demand", "changed", "formats", "hours", "voice", "law")
FROM_OUTSIDE = {"law", "scale", "ahead", "entry", "platform_choice", "platforms"}


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not told.keys() - FROM_OUTSIDE:
        return say("There is no data for {market} in this period.", market=market), "info"
    useful = sorted((told[name] for name in AFTER_GROWTH if name in told), key=_urgency)
    urgent = [one for one in useful if one.severity == "alert"]
    rest = [one for one in useful if one.severity != "alert"]
    chosen = [*urgent, *([told["growth"]] if "growth" in told else []), *rest][:3]
    if not chosen:
        return say("Nothing in {market} could be judged with what was imported.", market=market), "info"
    severity = min((finding.severity for finding in told.values()), key=lambda level: RANK[level])
    first, *others = chosen
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(title, first.text, *(finding.verdict for finding in others if finding.verdict is not None)), severity


def _urgency(finding: Finding) -> tuple[bool, int]:
    """Return the place of a finding after growth: by severity, a steady tone last."""
    return finding.code in ("steady", "unclear", "even", "registered"), RANK[finding.severity]
