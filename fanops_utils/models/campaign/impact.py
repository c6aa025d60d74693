"""Campaign effect after the event: difference in differences of logs against controls, with placebo intervals.

Every market's change is its mean log of the live days less that of the baseline on the same weekdays; the estimate is
the treated markets' mean change less the median of the controls' changes. `placebo` says where its interval comes
from, `verdicts` what it may be called; `scale` what is compared where logs will not do. Without controls only
`structural` speaks, and never of an effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models.campaign.counterfactual import POST_DAYS, counterfactual_daily
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.campaign.own_past import own_past
from fanops_utils.models.campaign.placebo import placebos_in_space, placebos_in_time
from fanops_utils.models.campaign.pretrend import pre_trend
from fanops_utils.models.campaign.verdicts import FEWEST_PLACEBOS, SHORTEST_BASELINE, judged, leave_one_out
from fanops_utils.models.panel.markets import FEWEST_BASELINE_DAYS, Panel, market_panel
from fanops_utils.models.panel.scale import Outcome, Zeros
from fanops_utils.models.reasons import BaselineCut, FewWindows, NoControl, Reason
from fanops_utils.text import say
from fanops_utils.workspace.register import Period


def campaign_effect(
    daily: pd.DataFrame,
    *,
    treated: Sequence[str],
    controls: Sequence[str],
    live: Period,
    baseline: Period,
    level: float = 0.9,
    zeros: Zeros = "refuse",
    outcome: Outcome = "total",
    covariates: pd.DataFrame | None = None,
    weekly: bool = False,
) -> CampaignEffect:
    """Return the effect of a campaign in *treated* markets against *controls*, with the verdict and its reason.

    Columns: date_day, market, value (a daily total, same unit in all markets). Days on which any market is missing
    are dropped in all and counted. *outcome*: total (a zero is refused unless *zeros* is "log1p"), count (may be
    zero), or rate (0-1); see `choose_scale`. *covariates* and *weekly*: see `structural_effect`, which speaks where
    there is no control, or history for fewer than two placebo windows (then it follows the controls). Days of earlier
    campaigns in these markets widen the interval: leave them out. worked or hurt: the interval lies on one side of
    zero; otherwise no clear effect. cannot tell: fewer than three controls, more than a fifth of the live or baseline
    days missing, fewer than four placebo windows, a baseline under 28 days, a gap that drifted before as it seldom does
    (and far enough to change the verdict), or an effect that stands or falls with one control; `hint` holds what the
    interval points at then. A baseline over 28 days is cut to its last 28 where only so
    the history holds four windows. Raises DataError for a market without data, a zero among totals, a day that
    stands twice, a baseline under 14 days, or periods without data.
    """
    _long_enough(baseline)
    panel = market_panel(daily, treated=treated, controls=controls, zeros=zeros, outcome=outcome)
    asked: dict[str, Any] = {"level": level, "covariates": covariates, "weekly": weekly}
    if not controls:
        return replace(_bare(panel, live, baseline, level), structural=own_past(panel, live, **asked))
    baseline, notes = _baseline(panel, baseline, live)
    estimate = panel.effect(baseline, live)
    placebos = placebos_in_time(panel, baseline, live, estimate=estimate)
    half = placebos.half_width(level)
    log_effect = Interval(estimate, estimate - half, estimate + half, placebos.n)
    trend = pre_trend(panel, baseline, live, log_effect=log_effect)
    without = leave_one_out(panel, baseline, live, half=half)
    verdict, reason = judged(log_effect, panel, baseline, live, trend=trend, without=without)
    found = replace(
        _bare(panel, live, baseline, level),
        verdict=verdict,
        reason=reason,
        log_effect=log_effect,
        extra=_extra(panel, live, log_effect),
        placebo_time=placebos,
        placebo_space=placebos_in_space(panel, baseline, live, estimate=estimate),
        detectable=(placebos.smallest_found if panel.choice.scale == "difference" else placebos.detectable)(level),
        pre_trend=trend,
        leave_one_out=without,
        after=_after(panel, baseline, live, level),
        daily=counterfactual_daily(panel, baseline, live, placebos=placebos, level=level),
        notes=notes,
    )
    if isinstance(reason, FewWindows) and found.hint is None:
        return replace(found, structural=own_past(panel, live, **asked))
    return found


def _long_enough(baseline: Period) -> None:
    if baseline.days < FEWEST_BASELINE_DAYS:
        raise DataError(
            say("a baseline needs {needed} days, not {days}", needed=FEWEST_BASELINE_DAYS, days=baseline.days)
        )


def _baseline(panel: Panel, baseline: Period, live: Period) -> tuple[Period, tuple[Reason, ...]]:
    """Return *baseline*, or its last 28 days where only so the history holds windows enough for a verdict."""
    if baseline.days <= SHORTEST_BASELINE or len(panel.placebo_windows(baseline, live)) >= FEWEST_PLACEBOS:
        return baseline, ()
    last = Period(start=baseline.end - timedelta(days=SHORTEST_BASELINE - 1), end=baseline.end)
    if len(panel.placebo_windows(last, live)) < FEWEST_PLACEBOS or not panel.covers(last):
        return baseline, ()
    return last, (BaselineCut(last.days, baseline.days),)


def difference_in_differences(
    frame: pd.DataFrame, *, unit: str, time: str, value: str, treated: Sequence[str], since: float | pd.Timestamp
) -> float:
    """Return the plain difference in differences of means, in the unit of *value*: no logs, no interval.

    Every unit counts the same; *since* is the first treated *time*. Raises DataError for an incomplete panel.
    """
    need(frame, unit, time, value)
    wide = frame.pivot(index=time, columns=unit, values=value)
    if wide.isna().any(axis=None):
        raise DataError(say("a plain difference needs every unit at every time"), column=value)
    gap = wide[list(treated)].mean(axis=1) - wide.drop(columns=list(treated)).mean(axis=1)
    after = wide.index >= since
    return float(gap[after].mean() - gap[~after].mean())


def _bare(panel: Panel, live: Period, baseline: Period, level: float) -> CampaignEffect:
    return CampaignEffect(
        verdict="cannot tell",
        reason=NoControl(),
        log_effect=NOTHING,
        extra=NOTHING,
        before_after=panel.before_after(baseline, live),
        level=level,
        n_controls=len(panel.controls),
        n_live_days=panel.seen(live),
        n_dropped_days=panel.n_dropped,
        choice=panel.choice,
    )


def _extra(panel: Panel, live: Period, log: Interval) -> Interval:
    if panel.choice.scale == "difference":
        return NOTHING
    total = float(panel.values[list(panel.treated)].iloc[panel.days_in(live)].sum().sum())
    estimate, lower, upper = -total * np.expm1([-log.estimate, -log.ci_lower, -log.ci_upper])
    return Interval(float(estimate), float(lower), float(upper), log.n)


def _after(panel: Panel, baseline: Period, live: Period, level: float) -> Interval | None:
    period = Period(start=live.end + timedelta(days=1), end=live.end + timedelta(days=POST_DAYS))
    if not panel.covers(period):
        return None
    estimate = panel.effect(baseline, period)
    placebos = placebos_in_time(panel, baseline, period, estimate=estimate)
    half = placebos.half_width(level) if placebos.n >= FEWEST_PLACEBOS else np.nan
    return Interval(estimate, estimate - half, estimate + half, placebos.n)
