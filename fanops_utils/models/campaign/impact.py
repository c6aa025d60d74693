"""Campaign effect after the event: difference in differences of logs against controls, with placebo intervals.

The gap is the mean log of the treated markets less the mean log of the controls; the estimate is the mean gap of the
live days less the baseline's mean gap on the same weekdays. `placebo` says where its interval comes from; `scale`
what is compared where logs will not do. Without controls only `structural` speaks, and never of an effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models.campaign.counterfactual import POST_DAYS, counterfactual_daily
from fanops_utils.models.campaign.placebo import Placebos, placebos_in_space, placebos_in_time
from fanops_utils.models.campaign.pretrend import PreTrend, pre_trend
from fanops_utils.models.campaign.structural import StructuralEffect, structural_effect
from fanops_utils.models.panel.markets import FEWEST_BASELINE_DAYS, Panel, market_panel
from fanops_utils.models.panel.scale import LOG, Outcome, Scale, ScaleChoice, Zeros
from fanops_utils.models.reasons import Drifted, FewDays, FewWindows, NoControl, Reason, Window
from fanops_utils.text import say
from fanops_utils.workspace.register import Period

Verdict = Literal["worked", "no clear effect", "hurt", "cannot tell"]
FEWEST_PLACEBOS = 4


@dataclass(frozen=True)
class CampaignEffect:
    """What a campaign did, and how sure that is.

    `reason`: why the verdict is cannot tell; None where the interval gave it. `log_effect` is on the scale of
    comparison (`choice`: logs, but the difference in points for a rate), its `n` the placebo windows; `effect` the same
    as a fraction of what would have happened (points for a rate); `extra` the same in the metric's unit over the live
    days (NaN for a rate); `after` the effect in the 14 days that follow, on the scale of comparison; `detectable` the
    smallest effect found four times in five, in the unit of `effect`. `before_after` is the plain change against the
    baseline: not an effect. Without controls all but that is NaN or None, and `structural` holds what the market's own
    past suggests. `leave_one_out`: control, estimate (log effect without it). `daily`: see `counterfactual_daily`.
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
) -> CampaignEffect:
    """Return the effect of a campaign in *treated* markets against *controls*, with the verdict and its reason.

    Columns: date_day, market, value (a daily total, same unit in all markets). Days on which any market is missing
    are dropped in all and counted. *outcome*: total (a zero is refused unless *zeros* is "log1p"), count (may be
    zero), or rate (0-1); see `choose_scale`. *covariates*: see `structural_effect`, which speaks where there is no
    control. Days of earlier campaigns in these markets widen the interval: leave them out. worked or hurt: the
    interval lies on one side of zero; otherwise no clear effect. cannot tell: no controls, more than a fifth of the
    live or baseline days missing, fewer than four placebo windows, or a gap that drifted before (p below 0.01, and
    far enough to change the verdict). Raises DataError for a market without data, a zero among totals, a day that
    stands twice, a baseline under 14 days, or periods without data.
    """
    if baseline.days < FEWEST_BASELINE_DAYS:
        raise DataError(
            say("a baseline needs {needed} days, not {days}", needed=FEWEST_BASELINE_DAYS, days=baseline.days)
        )
    panel = market_panel(daily, treated=treated, controls=controls, zeros=zeros, outcome=outcome)
    if not controls:
        return _own_past(panel, live, baseline, level, covariates)
    estimate = panel.effect(baseline, live)
    placebos = placebos_in_time(panel, baseline, live, estimate=estimate)
    half = placebos.half_width(level)
    log_effect = Interval(estimate, estimate - half, estimate + half, placebos.n)
    found = replace(
        _bare(panel, live, baseline, level),
        log_effect=log_effect,
        extra=_extra(panel, live, log_effect),
        placebo_time=placebos,
        placebo_space=placebos_in_space(panel, baseline, live, estimate=estimate),
        detectable=(placebos.smallest_found if panel.choice.scale == "difference" else placebos.detectable)(level),
        pre_trend=pre_trend(panel, baseline, live, log_effect=log_effect),
        leave_one_out=_leave_one_out(panel, baseline, live),
        after=_after(panel, baseline, live, level),
        daily=counterfactual_daily(panel, baseline, live, placebos=placebos, level=level),
    )
    verdict, reason = _verdict(found, panel, baseline, live)
    return replace(found, verdict=verdict, reason=reason)


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
    panel: Panel, live: Period, baseline: Period, level: float, covariates: pd.DataFrame | None
) -> CampaignEffect:
    """Return what can be said without a control: the plain change, and what the markets' own past suggests."""
    found = _bare(panel, live, baseline, level)
    total = panel.values[list(panel.treated)].sum(axis=1, skipna=False)
    if panel.choice.scale not in ("log", "log1p") or (total <= 0).any():
        return found
    return replace(found, structural=structural_effect(total, live=live, covariates=covariates, level=level))


def _verdict(found: CampaignEffect, panel: Panel, baseline: Period, live: Period) -> tuple[Verdict, Reason | None]:
    windows, trend, log = found.log_effect.n, found.pre_trend, found.log_effect
    periods: tuple[tuple[Window, Period], ...] = (("live", live), ("baseline", baseline))
    for name, period in periods:
        if not panel.covers(period):
            return "cannot tell", FewDays(name, panel.seen(period), period.days)
    if windows < FEWEST_PLACEBOS:
        return "cannot tell", FewWindows(windows, FEWEST_PLACEBOS)
    if trend and trend.failed:
        points = found.scale == "difference"
        return "cannot tell", Drifted(trend.p_value, trend.drift if points else float(np.expm1(trend.drift)), points)
    return ("worked" if log.ci_lower > 0 else "hurt" if log.ci_upper < 0 else "no clear effect"), None


def _extra(panel: Panel, live: Period, log: Interval) -> Interval:
    if panel.choice.scale == "difference":
        return NOTHING
    total = float(panel.values[list(panel.treated)].iloc[panel.days_in(live)].sum().sum())
    estimate, lower, upper = -total * np.expm1([-log.estimate, -log.ci_lower, -log.ci_upper])
    return Interval(float(estimate), float(lower), float(upper), log.n)


def _leave_one_out(panel: Panel, baseline: Period, live: Period) -> pd.DataFrame:
    rows = []
    for name in panel.controls if len(panel.controls) > 1 else ():
        others = [other for other in panel.controls if other != name]
        rows.append((name, panel.with_controls(others).effect(baseline, live)))
    return pd.DataFrame(rows, columns=["control", "estimate"]).astype({"estimate": float})


def _after(panel: Panel, baseline: Period, live: Period, level: float) -> Interval | None:
    period = Period(start=live.end + timedelta(days=1), end=live.end + timedelta(days=POST_DAYS))
    if not panel.covers(period):
        return None
    estimate = panel.effect(baseline, period)
    placebos = placebos_in_time(panel, baseline, period, estimate=estimate)
    half = placebos.half_width(level) if placebos.n >= FEWEST_PLACEBOS else np.nan
    return Interval(estimate, estimate - half, estimate + half, placebos.n)
