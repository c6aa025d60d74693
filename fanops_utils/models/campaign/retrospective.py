"""The effect of a campaign as its register describes it, with every case in which nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.campaign.impact import campaign_effect
from fanops_utils.models.panel.scale import Outcome
from fanops_utils.models.panel.scope import Scope, scope
from fanops_utils.models.panel.weekly import is_weekly, spread_over_days, weeks_up_to, whole_weeks
from fanops_utils.models.reasons import NoWholeWeek, Weekly
from fanops_utils.workspace.registers.campaign import Campaign


def retrospective_effect(
    daily: pd.DataFrame,
    campaign: Campaign,
    *,
    breaks: pd.DataFrame | None = None,
    as_of: date | None = None,
    level: float = 0.9,
    outcome: Outcome = "total",
    covariates: pd.DataFrame | None = None,
    weekly: bool = False,
) -> CampaignEffect:
    """Return `campaign_effect` for the markets and days of *campaign* that `scope` leaves.

    A verdict is given on a finished campaign only: while it runs the estimate is shown, and the verdict is cannot
    tell. So it is where no treated market has data, or where the metric changed its meaning in the days compared.
    Weekly totals (each on its week's first day) are compared by the whole weeks that lie in the live days.
    *covariates* and *weekly* (of totals spread over days): see `structural_effect`. Raises DataError as `campaign_effect` does.
    """
    if not daily.empty and is_weekly(daily):
        return _by_week(
            daily, campaign, breaks=breaks, as_of=as_of, level=level, outcome=outcome, covariates=covariates
        )
    found = scope(
        daily,
        treated=campaign.treated,
        controls=campaign.controls,
        live=campaign.live,
        baseline=campaign.baseline,
        platform=campaign.platform,
        metric=campaign.metric,
        breaks=breaks,
        as_of=as_of,
    )
    if found.refusal is not None:
        return _nothing(found, level)
    effect = campaign_effect(
        found.daily, treated=found.treated, controls=found.controls, live=found.live, baseline=campaign.baseline,
        level=level, outcome=outcome, covariates=covariates, weekly=weekly,
    )  # fmt: skip
    effect = replace(effect, notes=(*found.notes, *effect.notes), running=found.running)
    if not found.running or not found.controls:
        return effect
    return replace(effect, verdict="cannot tell", reason=found.notes[0])


def _by_week(
    daily: pd.DataFrame, campaign: Campaign, *, level: float, outcome: Outcome, **options: Any
) -> CampaignEffect:
    """Return the effect by whole weeks, from totals that are weekly."""
    monday = pd.Timestamp(daily["date_day"].min()).date()
    live, baseline = whole_weeks(campaign.live, monday=monday), weeks_up_to(campaign.baseline, monday=monday)
    if live is None:
        refused = Scope(daily, campaign.treated, campaign.controls, campaign.live, refusal=NoWholeWeek())
        return _nothing(refused, level)
    by_week = campaign.model_copy(update={"live": live, "baseline": baseline})
    by_day = spread_over_days(daily, rate=outcome == "rate")
    effect = retrospective_effect(by_day, by_week, level=level, outcome=outcome, weekly=True, **options)
    return replace(effect, notes=(Weekly(live.days // 7, baseline.days // 7), *effect.notes))


def _nothing(found: Scope, level: float) -> CampaignEffect:
    return CampaignEffect(
        verdict="cannot tell",
        reason=found.refusal,
        log_effect=NOTHING,
        extra=NOTHING,
        before_after=float("nan"),
        level=level,
        n_controls=len(found.controls),
        n_live_days=0,
        n_dropped_days=0,
        notes=found.notes,
        running=found.running,
    )
