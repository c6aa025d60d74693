"""Campaign effect after the event: difference in differences of logs against controls, with placebo intervals.

Every market's change is its mean log of the live days less that of the baseline on the same weekdays; the estimate is
the treated markets' mean change less the median of the controls' changes. `placebo` says where its interval comes
from, `verdicts` what it may be called; `scale` what is compared where logs will not do. Without controls only
`structural` speaks, and never of an effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models.campaign.counterfactual import POST_DAYS, counterfactual_daily
from fanops_utils.models.campaign.placebo import Placebos, placebos_in_space, placebos_in_time
from fanops_utils.models.campaign.pretrend import PreTrend, pre_trend
from fanops_utils.models.campaign.structural import StructuralEffect, structural_effect
from fanops_utils.models.campaign.verdicts import (
    FEWEST_CONTROLS,
    FEWEST_PLACEBOS,
    SHORTEST_BASELINE,
    Hint,
    Verdict,
    hint_of,
    judged,
    leave_one_out,
)
from fanops_utils.models.panel.markets import FEWEST_BASELINE_DAYS, Panel, market_panel
from fanops_utils.models.panel.scale import LOG, Outcome, Scale, ScaleChoice, Zeros
from fanops_utils.models.reasons import BaselineCut, FewWindows, NoControl, Reason
from fanops_utils.text import say
from fanops_utils.workspace.register import Period

__all__ = ["FEWEST_PLACEBOS", "CampaignEffect", "Verdict", "campaign_effect", "difference_in_differences"]


@dataclass(frozen=True)
class CampaignEffect:
    """What a campaign did, and how sure that is.

    `reason`: why the verdict is cannot tell; None where the interval gave it. `log_effect` is on the scale of
    comparison (`choice`: logs, but the difference in points for a rate), its `n` the placebo windows; `effect` the same
    as a fraction of what would have happened (points for a rate); `extra` the same in the metric's unit over the live
    days (NaN for a rate); `after` the effect in the 14 days that follow, on the scale of comparison; `detectable` the
    smallest effect found four times in five, in the unit of `effect`. `before_after` is the plain change against the
    baseline: not an effect. Without controls all but that is NaN or None; then, and where the history holds fewer than
    two placebo windows, `structural` holds what the market's own past suggests. `leave_one_out`: control, estimate,
    ci_lower, ci_upper (log effect without it). `daily`: see `counterfactual_daily`.
    `notes`: what a reader must know of the markets and days used; `running`: the last days were still to come.
    """

    verdict: Verdict
    reason: Reason | None
    log_effect: Interval
    extra: Interval
    before_after: float
    level: float
    n_controls: int
    n_live_days: int
    n_dropped_days: int
    placebo_time: Placebos | None = None
    placebo_space: Placebos | None = None
    detectable: float | None = None
    pre_trend: PreTrend | None = None
    leave_one_out: pd.DataFrame | None = None
    after: Interval | None = None
    daily: pd.DataFrame | None = None
    choice: ScaleChoice = LOG
    structural: StructuralEffect | None = None
    notes: tuple[Reason, ...] = ()
    running: bool = False

    @property
    def scale(self) -> Scale:
        """The scale of comparison."""
        return self.choice.scale

    @property
    def hint(self) -> Hint | None:
        """What the interval points at where no verdict may rest on it; None with a verdict, or without an interval."""
        return hint_of(self.log_effect, self.reason)

    @property
    def effect(self) -> Interval:
        """The effect as a fraction of the counterfactual, 0.1 = +10 %; for a rate in points, 0.01 = +1 point."""
        log = self.log_effect
        if self.scale == "difference":
            return log
        estimate, lower, upper = np.expm1([log.estimate, log.ci_lower, log.ci_upper])
        return Interval(float(estimate), float(lower), float(upper), log.n)


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
    if baseline.days < FEWEST_BASELINE_DAYS:
        raise DataError(
            say("a baseline needs {needed} days, not {days}", needed=FEWEST_BASELINE_DAYS, days=baseline.days)
        )
    panel = market_panel(daily, treated=treated, controls=controls, zeros=zeros, outcome=outcome)
    if not controls:
        return _own_past(_bare(panel, live, baseline, level), panel, live, covariates=covariates, weekly=weekly)
    baseline, notes = _baseline(panel, baseline, live)
    estimate = panel.effect(baseline, live)
    placebos = placebos_in_time(panel, baseline, live, estimate=estimate)
    half = placebos.half_width(level)
    log_effect = Interval(estimate, estimate - half, estimate + half, placebos.n)
    trend = pre_trend(panel, baseline, live, log_effect=log_effect)
    without = leave_one_out(panel, baseline, live, level=level, stretch=placebos.stretch)
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
        return _own_past(found, panel, live, covariates=covariates, weekly=weekly)
    return found


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


def _own_past(
    found: CampaignEffect, panel: Panel, live: Period, *, covariates: pd.DataFrame | None, weekly: bool
) -> CampaignEffect:
    """Return *found* with what the markets' own past suggests, beside the controls where there are any.

    Days without a single unit are added up to weeks.
    """
    total = panel.values[list(panel.treated)].sum(axis=1, skipna=False)
    beside = _beside(panel, live, covariates)
    if panel.choice.scale == "difference":
        return found
    if not weekly and (total <= 0).any():
        live, weekly = Period(start=live.start, end=live.start + timedelta(days=max(live.days // 7, 1) * 7 - 1)), True
    weeks = total.groupby((pd.DatetimeIndex(total.index) - pd.Timestamp(live.start)).days // 7).sum(min_count=7)
    if live.end > total.index[-1].date() or (weekly and (weeks <= 0).any()):
        return found
    own = structural_effect(total, live=live, covariates=beside, level=found.level, weekly=weekly)
    return replace(found, structural=replace(own, n_beside=len(panel.controls)))


def _beside(panel: Panel, live: Period, covariates: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the controls' course beside *covariates*; on days that a market lacks, which are known of none, as before.

    Of three or more the median of their weeks, each about its own mean before *live*: one with a shock of its own then
    moves next to nothing (of single days the median would move by their noise). One or two are followed day by day.
    """
    if not panel.controls:
        return covariates
    logs = panel.values[list(panel.controls)].apply(np.log1p).ffill().bfill()
    if len(panel.controls) < FEWEST_CONTROLS:
        return logs if covariates is None else logs.join(covariates)
    weeks = logs.rolling(7, center=True, min_periods=1).mean()
    before = weeks[weeks.index < pd.Timestamp(live.start)].mean()
    course = (weeks - before).median(axis=1).rename("controls").to_frame()
    return course if covariates is None else course.join(covariates)


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
