"""Pre-trend: did the gap between treated and controls drift before the campaign already?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.panel.markets import Panel
from fanops_utils.workspace.register import Period

PRETREND_P, FAR, FEWEST = 0.01, 2.0, 4


@dataclass(frozen=True)
class PreTrend:
    """Slope of the gap in the baseline (log per day; HAC p-value), and how far it leads by the campaign's middle.

    Points per day for a rate. `unusual`: the second half of the baseline less its first, in units of what the same was
    in past windows (root mean square; NaN with fewer than four). `material`: the drift alone would look like an effect
    (further than half the interval), and without it the interval would lie elsewhere relative to zero. `share`: how
    much of the effect is there already if the drift went on (fraction of the log effect).
    """

    slope: float
    p_value: float
    drift: float
    material: bool
    unusual: float = float("nan")
    share: float = float("nan")

    @property
    def failed(self) -> bool:
        """Whether the drift forbids a verdict: as it seldom was before, and far enough to change it."""
        return self.material and (self.unusual >= FAR if np.isfinite(self.unusual) else self.p_value < PRETREND_P)

    @property
    def doubtful(self) -> bool:
        """Whether the drift has to be named beside the effect: unlike the past, or no chance."""
        return self.p_value < PRETREND_P or self.unusual >= FAR


def pre_trend(panel: Panel, baseline: Period, live: Period, *, log_effect: Interval) -> PreTrend:
    """Return the slope of the gap over the baseline's days, with a Newey-West p-value.

    *log_effect* is the campaign's effect on the log scale, by whose interval the drift is judged.
    """
    from statsmodels.regression.linear_model import OLS

    left = panel.gap_residuals(baseline, baseline)
    known = ~np.isnan(left)
    time = np.arange(left.size, dtype=float)[known]
    design = np.column_stack([np.ones(time.size), time])
    lags = min(7, max(1, time.size // 4))
    fitted = OLS(left[known], design).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    slope, p_value = float(fitted.params[1]), float(fitted.pvalues[1])
    ahead = (live.start - baseline.start).days + (live.days - 1) / 2 - (baseline.days - 1) / 2
    drift = slope * ahead
    alone = abs(drift) > log_effect.estimate - log_effect.ci_lower
    material = bool(alone and _side(log_effect, drift) != _side(log_effect, 0.0))
    past = [_rise(panel.gap_residuals(before, before)) for before, _ in panel.placebo_windows(baseline, live)]
    usual = float(np.sqrt(np.nanmean(np.square(past)))) if len(past) >= FEWEST else np.nan
    unusual = abs(_rise(left)) / usual if usual > 0 else np.nan
    share = drift / log_effect.estimate if log_effect.estimate else np.nan
    return PreTrend(slope, p_value, drift, material, float(unusual), float(share))


def _rise(left: np.ndarray) -> float:
    """Return the mean of the second half less that of the first."""
    half = left.size // 2
    first, second = left[:half], left[half:]
    if np.isnan(first).all() or np.isnan(second).all():
        return float("nan")
    return float(np.nanmean(second) - np.nanmean(first))


def _side(log_effect: Interval, drift: float) -> int:
    """Return 1 or -1 where the interval less *drift* lies above or below zero, else 0."""
    return int(log_effect.ci_lower > drift) - int(log_effect.ci_upper < drift)
