"""Words that the campaign reports share: what was counted, verdicts, phases, decisions, an estimate with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fanops_utils.models import CampaignEffect
from fanops_utils.sections import words
from fanops_utils.text import Form, Message, Money, Points, Sayable, Signed, Span, Unit, Written, say, term
from fanops_utils.workspace import Campaign

VERDICTS: dict[str, Message] = {
    "worked": term("worked", "verdict"),
    "no clear effect": term("no clear effect", "verdict"),
    "hurt": term("hurt", "verdict"),
    "cannot tell": term("cannot tell", "verdict"),
}
REACHED: dict[str, Message] = {
    "hit": term("hit", "verdict on a target"),
    "miss": term("miss", "verdict on a target"),
    "cannot tell": term("cannot tell", "verdict on a target"),
}
PHASES: dict[str, Message] = {
    "pre-heat": term("Pre-heat", "phase"),
    "live": term("Live", "phase"),
    "follow-up": term("Follow-up", "phase"),
    "afterwards": term("Afterwards", "phase"),
    "campaign": term("Campaign", "phase"),
}
DECISIONS: dict[str, Message] = {
    "keep": term("Keep", "decision"),
    "change": term("Change", "decision"),
    "stop": term("Stop", "decision"),
    "test": term("Test", "decision"),
}
STATES: dict[str, Message] = {
    "open": term("open", "state of a decision"),
    "overdue": term("overdue", "state of a decision"),
    "reviewed": term("reviewed", "state of a decision"),
}
OF_COUNTERFACTUAL = Unit("change", term("of what would have happened anyway", "unit"))
# One rule for levels: what is held against a counterfactual has the level of the report (its parameter), what is counted this
# one; every interval says its own.
COUNTED = 0.95
IN_POINTS = Unit("difference", term("against what would have happened anyway", "unit"))


def counted(campaign: Campaign) -> Sayable:
    """Return what the campaign was measured by: "Interactions on Instagram"."""
    units, platform = words.unit(campaign.metric, first=True), words.platform(campaign.platform)
    return term("{units} on {platform}", "what a campaign is measured by", units=units, platform=platform)


def form_of(found: CampaignEffect) -> Form:
    """Return how the effect is said: a change, or points where rates are compared."""
    return Points if found.scale == "difference" else Signed


def unit_of(found: CampaignEffect) -> Unit:
    """Return the unit of the effect."""
    return IN_POINTS if found.scale == "difference" else OF_COUNTERFACTUAL


def between(row: Mapping[Any, Any], *, level: float, form: Form = Signed) -> Sayable:
    """Return the estimate of *row* with its interval in brackets and the *level* of that, where it has one."""
    estimate, low, high = (float(row[name]) for name in ("estimate", "ci_lower", "ci_upper"))
    if not np.isfinite(low):
        return form(estimate)
    return say("{estimate} ({interval})", estimate=form(estimate), interval=Span.of(low, high, form=form, level=level))


def in_money(lower: float, upper: float, currency: str, *, level: float) -> Span:
    """Return an interval of amounts, with its level."""
    return Span(Money(float(lower), currency), Money(float(upper), currency), level)


def phase(name: str) -> Sayable:
    """Return the name of a phase; one of the register's own as written there."""
    return PHASES.get(name) or Written(name)
