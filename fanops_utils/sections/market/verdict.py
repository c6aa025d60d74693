"""The verdict of a market analysis: growth of the platform asked about first, then what is most urgent or most useful."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Sayable, Sentences, say

AFTER_GROWTH = ("tone", "rivals", "demand", "local", "changed", "formats", "hours", "voice")
QUIET = ("unclear", "even", "registered", "as_elsewhere")
FROM_OUTSIDE = {"law", "scale", "penetration", "ahead", "cases", "entry", "platform_choice", "platforms"}


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = {answer.finding.id: answer.finding for answer in answers if answer.finding.ok}
    if not told.keys() - FROM_OUTSIDE:
        return say("There is no data for {market} in this period.", market=market), "info"
    useful = sorted((told[name] for name in AFTER_GROWTH if name in told), key=_urgency)
    growth = [told["growth"]] if "growth" in told else []
    elsewhere = bool(growth and growth[0].weight == "row")  # told of another platform than the one asked about
    chosen = [*useful[:2], *growth, *useful[2:]][:3] if elsewhere else [*growth, *useful][:2]
    if not chosen:
        return say("Nothing in {market} could be judged with what was imported.", market=market), "info"
    severity = min((finding.severity for finding in told.values()), key=lambda level: RANK[level])
    first, *others = chosen
    law = told.get("law")
    barred = law.verdict if law is not None and law.code == "missing" else None  # no new activity, whatever earns most
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(
        barred, title, first.text, *(finding.verdict for finding in others if finding.verdict is not None)
    ), severity


def _urgency(finding: Finding) -> tuple[bool, bool, int]:
    """Return the place of a finding after growth: by severity, a steady tone last."""
    return finding.code == "steady", finding.code in QUIET, RANK[finding.severity]
