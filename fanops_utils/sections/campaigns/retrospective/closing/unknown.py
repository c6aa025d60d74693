"""What this report cannot tell: what lacks data, what was left out, what no method here can see."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.retrospective.reasons import scale, told
from fanops_utils.sections.campaigns.words import form_of
from fanops_utils.text import Sayable, Sentences, Unit, say, say_n, term
from fanops_utils.workspace import Campaign


def unknown(found: CampaignEffect | None, campaign: Campaign, answers: Iterable[Section | Finding]) -> Section:
    """Return what lacks data among *answers*, what was left out, and what no method here can see."""
    findings = [one for part in answers for one in ((part,) if isinstance(part, Finding) else part.findings)]
    lacking = [one.title for one in findings if one.status == "no_data"]
    title = say("Every question had data")
    if lacking:
        title = say_n("{n} question has no data", "{n} questions have no data", n=len(lacking))
    finding = Finding(
        id="unknown",
        title=title,
        text=Sentences.of(*_of(found), *_always(campaign)),
        severity="watch" if lacking else "info",
        weight="row",
        estimate=float(len(lacking)),
        unit=Unit("count", term("questions", "unit")),
        code="lacking" if lacking else "complete",
    )
    return Section.of(finding)


def _of(found: CampaignEffect | None) -> list[Sayable | None]:
    if found is None:
        return []
    said: list[Sayable | None] = [*(told(note) for note in found.notes), scale(found)]
    if found.detectable and np.isfinite(found.detectable):
        said.append(say("Effects under {size} would often go unseen.", size=form_of(found)(found.detectable)))
    return said


def _always(campaign: Campaign) -> list[Sayable]:
    together = say("Whether it was the creative, the partners or the offer: they ran together.")
    if len(campaign.treated) > 1:
        return [say("The effect is that of the treated markets together; a market alone is less certain."), together]
    return [together]
