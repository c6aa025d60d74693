"""The plan's one sentence: can this campaign be judged?"""

from __future__ import annotations

from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.text import Sayable, Sentences, say
from fanops_utils.workspace import Campaign


def verdict(seen: Section | Finding, campaign: Campaign) -> tuple[Sayable, Severity]:
    """Return whether the campaign can be judged, by its detectable effect, and the severity."""
    finding = seen.finding if isinstance(seen, Section) else seen
    if finding.ok:
        return Sentences.of(say("{sentence}.", sentence=finding.title), finding.text), finding.severity
    if not campaign.controls:
        return say(
            "Whether “{campaign}” can be judged is not known: no market is held back.", campaign=campaign.name
        ), "alert"
    return (
        say(
            "Whether “{campaign}” can be judged is not known: there are no daily totals of this metric before the start.",
            campaign=campaign.name,
        ),
        "alert",
    )
