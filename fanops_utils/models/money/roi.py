"""Return on a campaign's cost as a distribution: the gain against the counterfactual is uncertain, so its return is.

The effect is drawn from its own t distribution (placebo spread and degrees of freedom), turned into extra units, and
valued; the value of a unit may be uncertain too (log-normal between two bounds). Return = (value - cost) / cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.metrics.money.full_cost import FullCost
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.reasons import NoUnits, Reason
from fanops_utils.text import say
from fanops_utils.workspace.registers.campaign import Campaign

DRAWS = 20_000
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


@dataclass(frozen=True)
class Roi:
    """Return per unit of cost, a fraction: 0.2 = one fifth more than was spent.

    `interval`: median and central interval; `n` the placebo windows behind it. `p_positive`: share of draws above
    zero. `break_even`: value of one extra unit at which the median return is zero (NaN where the median gain is not
    positive). `quantiles`: quantile, roi, extra. `value_per_unit` and `margin` are those agreed.
    `less_drift`: the interval where the drift before the start went on by itself; None without a doubtful one.
    Where `reason` is not None nothing may be said: that is why.
    """

    reason: Reason | None
    cost: float
    interval: Interval
    p_positive: float
    break_even: float
    quantiles: pd.DataFrame
    value_per_unit: float
    margin: float = 1.0
    less_drift: Interval | None = None

    @property
    def told(self) -> bool:
        return self.reason is None


def incremental_roi(
    found: CampaignEffect,
    *,
    live_total: float,
    cost: float,
    value_per_unit: float,
    value_bounds: tuple[float, float] | None = None,
    margin: float = 1.0,
    seed: int = 0,
) -> Roi:
    """Return the distribution of the incremental return of the campaign *found*, seeded.

    *live_total*: the treated markets' units in the live days; *cost* and *value_per_unit* in one currency; *margin*
    the part of the value left after the cost of the goods; *value_bounds*: the value of a unit lies between them in
    nine cases of ten. Nothing is told where there is no counterfactual, or the verdict is cannot tell. Raises
    DataError for a cost of zero or less, a negative value, or bounds out of order.
    """
    if cost <= 0:
        raise DataError(say("a return needs a cost above zero"), value=cost)
    if value_per_unit < 0 or not 0 < margin <= 1:
        raise DataError(
            say("the value of a unit is not negative, and the margin a fraction above 0"), value=value_per_unit
        )
    placebo = found.placebo_time
    if found.verdict == "cannot tell" or placebo is None or not placebo.n or found.scale == "difference":
        reason = found.reason if found.verdict == "cannot tell" and found.reason is not None else NoUnits()
        empty = pd.DataFrame(columns=["quantile", "roi", "extra"], dtype=float)
        return Roi(reason, cost, NOTHING, np.nan, np.nan, empty, value_per_unit, margin)
    rng = np.random.default_rng(seed)
    effect = found.log_effect.estimate + placebo.scale * rng.standard_t(placebo.freedom, DRAWS)
    extra = -live_total * np.expm1(-effect)
    values = margin * _values(value_per_unit, value_bounds, rng)
    roi, bounds = extra * values / cost - 1, [0.5 - found.level / 2, 0.5, 0.5 + found.level / 2]
    low, middle, high = np.quantile(roi, bounds)
    drift, less = found.pre_trend, None
    if drift is not None and drift.doubtful:
        left = -live_total * np.expm1(drift.drift - effect) * values / cost - 1
        below, centre, above = np.quantile(left, bounds)
        less = Interval(float(centre), float(below), float(above), placebo.n)
    gain = float(-live_total * np.expm1(-found.log_effect.estimate))  # the median of the draws, without their noise
    return Roi(
        reason=None,
        cost=cost,
        interval=Interval(float(middle), float(low), float(high), placebo.n),
        p_positive=float((roi > 0).mean()),
        break_even=cost / gain / margin if gain > 0 else np.nan,
        quantiles=pd.DataFrame({
            "quantile": QUANTILES, "roi": np.quantile(roi, QUANTILES), "extra": np.quantile(extra, QUANTILES),
        }),
        value_per_unit=value_per_unit,
        margin=margin,
        less_drift=less,
    )  # fmt: skip


def campaign_roi(found: CampaignEffect | None, campaign: Campaign, cost: FullCost, *, value: float = 0.0) -> Roi | None:
    """Return `incremental_roi` of *campaign*; None where no value of a unit is agreed, or nothing was spent.

    *value* above zero stands for the register's `value_per_unit`, which is money earned, its goods paid for.
    """
    worth = value or campaign.value_per_unit or 0.0
    if found is None or not worth or not cost.amount or cost.currency != campaign.currency:
        return None
    return incremental_roi(found, live_total=live_total(found), cost=cost.amount, value_per_unit=worth)


def live_total(found: CampaignEffect) -> float:
    """Return the treated markets' units in the live days of *found*, by its daily frame; NaN without one."""
    if found.daily is None:
        return float("nan")
    return float(found.daily.loc[found.daily["phase"] == "live", "actual"].sum())


def _values(value: float, bounds: tuple[float, float] | None, rng: np.random.Generator) -> np.ndarray | float:
    if bounds is None:
        return value
    low, high = bounds
    if not 0 < low <= value <= high:
        raise DataError(
            say("the value {value} of a unit lies between its bounds, above zero", value=f"{value:g}"),
            value=f"{low:g}-{high:g}",
        )
    spread = np.log(high / low) / 2 / float(stats.norm.ppf(0.95))
    return np.exp(rng.normal(np.log(low * high) / 2, spread, DRAWS))
