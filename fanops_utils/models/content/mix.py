"""Mix or rate: a rate of the whole moves because its parts moved, or because their weights did.

The change is split exactly, with averages of before and after as weights (Marshall and Edgeworth), so that neither
period is the yardstick: rate = mean weight x change of the part's rate; mix = change of weight x (mean rate of the part
less mean rate of the whole). A rate that falls as a whole while it rises in every part is all mix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.shrinkage import shrink
from fanops_utils.metrics.social.engagement import HIDDEN_BELOW
from fanops_utils.text import say

PARTS = ("numerator_before", "denominator_before", "numerator_after", "denominator_after")


@dataclass(frozen=True)
class MixRate:
    """Change of the whole, split: `change` = `mix` + `rate`, fractions.

    `table`, one row per part: *group*, weight_before, weight_after, rate_before, rate_after, change with ci_lower and
    ci_upper (of the part's rate; counts as Poisson), shrunk (the change drawn to that of all), mix, rate
    (contributions; they add up to the whole), hidden (fewer than 10 units in a period: do not show).
    """

    before: float
    after: float
    mix: float
    rate: float
    table: pd.DataFrame

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def reversed(self) -> bool:
        """Whether the whole moved against every one of its parts (Simpson's paradox)."""
        moves = np.sign((self.table["rate_after"] - self.table["rate_before"]).dropna().to_numpy(float))
        return bool(moves.size > 1 and self.change != 0 and (moves == -np.sign(self.change)).all())


def mix_and_rate(frame: pd.DataFrame, group: str, *, level: float = 0.9) -> MixRate:
    """Return how the change of the pooled rate of *frame* splits into mix and rate by *group*.

    Columns: *group* (one row each), numerator_before, denominator_before, numerator_after, denominator_after; a part
    that is new or gone has a denominator of 0 on one side, is all mix, and its own change is NaN. Raises DataError
    for a repeated group, a negative or missing number, or a period whose denominators are all zero.
    """
    need(frame, group, *PARTS)
    if (twice := frame.loc[frame[group].duplicated(), group]).size:
        raise DataError(say("the group stands twice"), column=group, value=twice.iloc[0])
    top0, base0, top1, base1 = (numbers(frame[name]) for name in PARTS)
    for name, values in zip(PARTS, (top0, base0, top1, base1), strict=True):
        if (np.isnan(values) | (values < 0)).any():
            raise DataError(say("a count is needed for every group, and none below zero"), column=name)
    if base0.sum() <= 0 or base1.sum() <= 0:
        raise DataError(say("a period without any unit in the denominator has no rate"))
    before, after = top0.sum() / base0.sum(), top1.sum() / base1.sum()
    weight0, weight1 = base0 / base0.sum(), base1 / base1.sum()
    rate0, rate1 = _divided(top0, base0), _divided(top1, base1)
    # A part on one side only has no change of its own: its one rate stands on both sides.
    full0, full1 = np.where(base0 > 0, rate0, rate1), np.where(base1 > 0, rate1, rate0)
    full0, full1 = np.nan_to_num(full0), np.nan_to_num(full1)
    rate = (weight0 + weight1) / 2 * (full1 - full0)
    mix = (weight1 - weight0) * ((full0 + full1) / 2 - (before + after) / 2)
    change = rate1 - rate0
    variance = _divided(top0 + 0.5, base0**2) + _divided(top1 + 0.5, base1**2)
    half = float(stats.norm.ppf(0.5 + level / 2)) * np.sqrt(variance)
    table = pd.DataFrame({
        group: frame[group].to_numpy(), "weight_before": weight0, "weight_after": weight1, "rate_before": rate0,
        "rate_after": rate1, "change": change, "ci_lower": change - half, "ci_upper": change + half,
        "shrunk": shrink(change, variance), "mix": mix, "rate": rate,
        "hidden": np.minimum(base0, base1) < HIDDEN_BELOW,
    })  # fmt: skip
    return MixRate(float(before), float(after), float(mix.sum()), float(rate.sum()), table)


def _divided(top: np.ndarray, base: np.ndarray) -> np.ndarray:
    return np.divide(top, base, out=np.full(len(top), np.nan), where=base > 0)
