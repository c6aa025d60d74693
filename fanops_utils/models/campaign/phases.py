"""Phases of a campaign: what each did, and whether the weeks after gave some of it back.

Every phase is measured as the campaign is, against the same baseline, with placebo windows of its own length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics.multiple import told_apart
from fanops_utils.metrics.wording import worded_frame
from fanops_utils.models.campaign.counterfactual import POST_DAYS
from fanops_utils.models.campaign.placebo import placebos_in_time
from fanops_utils.models.campaign.verdicts import FEWEST_PLACEBOS
from fanops_utils.models.panel.markets import Panel, market_panel
from fanops_utils.models.panel.scale import Outcome
from fanops_utils.workspace.register import Period
from fanops_utils.workspace.registers.campaign import Campaign

PHASE_COLUMNS = [
    "phase", "kind", "goal", "start", "end", "days", "days_seen", "estimate", "ci_lower", "ci_upper", "n", "extra",
    "reading",
]  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """One stretch of days to be measured."""

    name: str
    kind: str
    period: Period
    goal: str = ""


def phase_effects(
    daily: pd.DataFrame,
    campaign: Campaign,
    *,
    treated: Sequence[str] | None = None,
    controls: Sequence[str] | None = None,
    level: float = 0.9,
    outcome: Outcome = "total",
) -> pd.DataFrame:
    """Return the effect of each phase of *campaign* and of the 14 days after its last, in order of time.

    Columns of *daily*: date_day, market, value. Returned: phase; kind (pre-heat, live, follow-up, afterwards); goal;
    start; end; days; days_seen; estimate, ci_lower, ci_upper (fraction of the counterfactual, points for a rate); n
    (placebo windows); extra (units, point estimate; NaN for a rate); reading: above, below, no clear effect, dip (below,
    after the end) or cannot tell (days missing, fewer than four windows). Without controls the frame is empty. A
    register without phases gives the live period alone. Phases are read together: what is above, below or a dip stands
    out among all of them (Holm). *treated* and *controls*: those of the campaign by default.
    """
    treated = campaign.treated if treated is None else treated
    controls = campaign.controls if controls is None else controls
    if not controls or not treated:
        return pd.DataFrame(columns=PHASE_COLUMNS)
    panel = market_panel(daily, treated=treated, controls=controls, outcome=outcome)
    measured = [_row(panel, campaign.baseline, one, level) for one in stretches(campaign)]
    clear = told_apart([chance for _, chance in measured], level=level)
    rows = [
        (*row, _reading(one.kind, row[7], row[8], sure=bool(sure)))
        for one, (row, _), sure in zip(stretches(campaign), measured, clear, strict=True)
    ]
    return worded_frame(rows, columns=PHASE_COLUMNS, texts=["phase", "goal"])


def stretches(campaign: Campaign) -> list[Stretch]:
    """Return the phases of *campaign*, its live period where no phase says so, and the 14 days after the last day."""
    found = [Stretch(phase.name, phase.kind, phase.period, phase.goal) for phase in campaign.phases]
    if not any(one.kind == "live" for one in found):
        found.append(Stretch("live", "live", campaign.live))
    last = max(one.period.end for one in found)
    after = Period(start=last + timedelta(days=1), end=last + timedelta(days=POST_DAYS))
    return [*sorted(found, key=lambda one: one.period.start), Stretch("afterwards", "afterwards", after)]


def _row(panel: Panel, baseline: Period, one: Stretch, level: float) -> tuple[tuple[Any, ...], float]:
    """Return the columns of *one* but for its reading, and the p-value of its estimate."""
    period, seen = one.period, panel.seen(one.period)
    head = (one.name, one.kind, one.goal, period.start, period.end, period.days, seen)
    if not panel.covers(period) or not panel.covers(baseline):
        return (*head, np.nan, np.nan, np.nan, 0, np.nan), np.nan
    estimate = panel.effect(baseline, period)
    placebos = placebos_in_time(panel, baseline, period, estimate=estimate)
    enough = placebos.n >= FEWEST_PLACEBOS
    half, chance = (placebos.half_width(level), placebos.chance(estimate)) if enough else (np.nan, np.nan)
    low, high, extra = estimate - half, estimate + half, np.nan
    if panel.choice.scale != "difference":
        total = float(np.nansum(panel.values[list(panel.treated)].iloc[panel.days_in(period)].to_numpy(float)))
        extra = -total * float(np.expm1(-estimate))
        estimate, low, high = (float(np.expm1(value)) for value in (estimate, low, high))
    return (*head, estimate, low, high, placebos.n, extra), chance


def _reading(kind: str, low: float, high: float, *, sure: bool) -> str:
    if np.isnan(low):
        return "cannot tell"
    if not sure:
        return "no clear effect"
    if low > 0:
        return "above"
    if high < 0:
        return "dip" if kind in ("follow-up", "afterwards") else "below"
    return "no clear effect"
