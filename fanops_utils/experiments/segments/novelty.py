"""Novelty: is the effect of the first days still there at the end, and is it the same on every day of the week?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.experiments.moments.frames import UNKNOWN
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.segments.effects import by_segment, heterogeneity
from fanops_utils.experiments.statistics.tails import normal_critical, normal_p

LEAST_DAYS = 4


@dataclass(frozen=True)
class Novelty:
    """The change of the effect per day of exposure, with its test; `late` is the effect of the second half of days.

    `weekday_p` tests that all weekdays share one effect. Numbers are NaN where `cannot_tell` is why.
    """

    per_day: float
    ci_lower: float
    ci_upper: float
    p_value: float
    early: float
    late: float
    weekday_p: float
    days: int
    cannot_tell: Reason | None = None


def daily_effects(moments: pd.DataFrame, metric: str, *, day: str, control: str, alpha: float = 0.05) -> pd.DataFrame:
    """Return the effect by day of exposure from moments grouped by *day*: as `by_segment`, with day as a date.

    Units are grouped by the day they came in, so each day is a comparison of its own and its days are independent.
    """
    found = by_segment(moments[moments[day] != UNKNOWN], metric, segment=day, control=control, alpha=alpha)
    return found.assign(day=pd.to_datetime(found["segment"])).sort_values(["treatment", "day"], ignore_index=True)


def novelty(daily: pd.DataFrame, *, alpha: float = 0.05) -> Novelty:
    """Return the trend of one treatment's *daily* effects (of `daily_effects`), each day weighed by its precision.

    A slope of the daily effects against the day, weights 1/se²: a wearing-off novelty is a slope against the effect.
    """
    ours = daily[daily["standard_error"] > 0].dropna(subset=["estimate"])
    if len(ours) < LEAST_DAYS:
        nothing = float("nan")
        why = Reason("few_days", n=len(ours), least=LEAST_DAYS)
        return Novelty(nothing, nothing, nothing, nothing, nothing, nothing, nothing, len(ours), why)
    days = (ours["day"] - ours["day"].min()).dt.days.to_numpy(dtype=float)
    effect, error = ours["estimate"].to_numpy(dtype=float), ours["standard_error"].to_numpy(dtype=float)
    weight = 1 / error**2
    centred = days - np.average(days, weights=weight)
    slope = float(np.sum(weight * centred * effect) / np.sum(weight * centred**2))
    spread = float(np.sqrt(1 / np.sum(weight * centred**2)))
    half = float(normal_critical(alpha)) * spread
    half_way = days < (days.min() + days.max() + 1) / 2
    early, late = (float(np.average(effect[part], weights=weight[part])) for part in (half_way, ~half_way))
    return Novelty(
        slope, slope - half, slope + half, float(normal_p(slope / spread)), early, late, _weekdays(ours), len(ours)
    )


def _weekdays(daily: pd.DataFrame) -> float:
    if len(daily) < 14:
        return float("nan")
    weight = 1 / daily["standard_error"] ** 2
    summed = pd.DataFrame(
        {"weekday": daily["day"].dt.day_of_week, "weight": weight, "total": weight * daily["estimate"]}
    )
    means = summed.groupby("weekday")[["weight", "total"]].sum()
    return heterogeneity((means["total"] / means["weight"]).to_numpy(), np.sqrt(1 / means["weight"]).to_numpy()).p_value
