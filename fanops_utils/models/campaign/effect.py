"""What a campaign did: its effect, how sure that is, and what the verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.campaign.placebo import Placebos
from fanops_utils.models.campaign.pretrend import PreTrend
from fanops_utils.models.campaign.structural import StructuralEffect
from fanops_utils.models.campaign.verdicts import Hint, Verdict, hint_of
from fanops_utils.models.panel.scale import LOG, Scale, ScaleChoice
from fanops_utils.models.reasons import Reason


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
