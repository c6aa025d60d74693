"""How a campaign's report ends: how sure it is, what cannot be told, what was decided, what the words mean."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.models import CampaignEffect
from fanops_utils.playbook.checks import TrustPanel
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.readings.campaign import counted
from fanops_utils.playbook.wording import plural, signed
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.decision import Decision

FULL_HISTORY = 8


def confidence(found: CampaignEffect | None, trust: TrustPanel) -> str:
    """Return how far the verdict may be leant on: high, moderate or low, and the rule that says so."""
    if found is None or found.verdict == "cannot tell" or trust.status == "FAIL":
        return "low: a check failed, or nothing could be told"
    windows = found.placebo_time.n if found.placebo_time else 0
    review = [check.name for check in trust.checks if check.status == "REVIEW"]
    if not review and windows >= FULL_HISTORY:
        return f"high: every check passed, {windows} placebo windows"
    reasons = f"{plural(len(review), 'check', 'checks')} to review" if review else f"only {windows} placebo windows"
    return f"moderate: {reasons}"


def unknown(found: CampaignEffect | None, campaign: Campaign, findings: Iterable[Finding]) -> Finding:
    """Return what this report cannot tell: what lacks data, what was left out, what no method here can see."""
    lacking = [one.title.removeprefix("No data: ") for one in findings if one.status == "no_data"]
    said = [f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(lacking)]
    if found is not None:
        said += list(found.notes)
        if found.scale_rule and found.scale != "log":
            said.append(found.scale_rule)
        if found.detectable and np.isfinite(found.detectable):
            said.append(f"Effects under {signed(found.detectable)} would often go unseen.")
    if len(campaign.treated) > 1:
        said.append("The effect is that of the treated markets together; a market alone is less certain.")
    said.append("Whether it was the creative, the partners or the offer: they ran together.")
    title = (
        f"{plural(len(lacking), 'question has', 'questions have')} no data" if lacking else "Every question had data"
    )
    return Finding(
        "unknown", title, " ".join(said), "watch" if lacking else "info", float(len(lacking)), unit="questions"
    )


def decided(decisions: Iterable[Decision], *, on: date | None = None) -> Finding:
    """Return the decisions taken on a campaign, those overdue for review first."""
    listed, today = list(decisions), on or date.today()
    if not listed:
        text = "Keep, change, stop or test next: write it into the register, with an owner and the day it is looked at again."
        return Finding("decided", "Nothing was decided yet", text, "watch")
    states = [one.state(today) for one in listed]
    late = states.count("overdue")
    text = " ".join(_decision(one, state) for one, state in zip(listed, states, strict=True))
    title = f"{plural(len(listed), 'decision', 'decisions')} taken, {late} overdue for review" if late else (
        f"{plural(len(listed), 'decision', 'decisions')} taken, {states.count('reviewed')} reviewed"
    )  # fmt: skip
    return Finding("decided", title, text, "watch" if late else "info", float(len(listed)), unit="decisions")


def _decision(one: Decision, state: str) -> str:
    outcome = f" Outcome: {one.outcome}." if one.outcome else ""
    return f"{one.kind.capitalize()}: {one.action} ({one.owner}, {state}).{outcome}"


def ledger(decisions: Iterable[Decision], *, on: date | None = None) -> pd.DataFrame:
    """Return decisions as a table to be shown: campaign, kind, action, owner, date, review, state, outcome."""
    today = on or date.today()
    rows = [(one.campaign or "", one.kind, one.action, one.owner, str(one.date), str(one.review or ""), one.state(today),
             one.outcome or "") for one in decisions]  # fmt: skip
    columns = ["campaign", "kind", "action", "owner", "date", "review", "state", "outcome"]
    return pd.DataFrame(rows, columns=columns)


def definitions(campaign: Campaign, *, level: float) -> pd.DataFrame:
    """Return the terms of the report: term, meaning."""
    terms = {
        counted(campaign): campaign.definition or "As the platform counts them.",
        "Effect": "Total of the live days against what the control markets say would have come anyway, as a fraction of that.",
        "Interval": f"{level:.0%}: of a hundred such reports on ordinary data, it holds the truth in about {level * 100:.0f}.",
        "Placebo window": "Past days as many as the campaign's, treated as if it had run then; they show what chance does.",
        "Baseline": f"{campaign.baseline.start} to {campaign.baseline.end}: what the live days are held against, same weekdays.",
        "Detectable": "Smallest true effect that such data would show four times in five.",
        "Worked, hurt": "The whole interval lies above, or below, zero.",
        "No clear effect": "The interval holds zero. Nothing was shown, in either direction; it is no proof of nothing.",
        "Cannot tell": "A condition of the method is not met; the rule that said so stands beside it.",
        "Weighted mix": "Controls that count unequally (synthetic control, synthetic DiD); shown beside the verdict, never in it.",
        "Suggestive": "No control market: the market's own past only; whatever else changed is in it.",
        "Tracked": "Sales that passed by a code, link or answer of the campaign, with or without it.",
        "Return": "(Value of the gain - cost) / cost; 0 % = its cost came back.",
    }
    return pd.DataFrame({"term": list(terms), "meaning": list(terms.values())})
