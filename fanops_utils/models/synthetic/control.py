"""Synthetic control and synthetic difference in differences: a weighted mix of donors stands for the treated unit.

Only with many donors and a long past (20 units, 25 periods before the start), only where the mix followed the treated
unit before the start, and only where the treated unit lies within the donors' range. Sources: Abadie, Diamond and
Hainmueller 2010 (weights on past outcomes alone); Arkhangelsky et al. 2021. The p-value is the rank among placebos:
each donor taken for treated against the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.synthetic.simplex import simplex_weights
from fanops_utils.text import say

Method = Literal["synthetic control", "synthetic difference in differences"]
FEWEST_UNITS, FEWEST_PERIODS = 20, 25
WORST_FIT = 0.25  # root mean square of the gap before the start, in standard deviations of the treated unit
OUTSIDE = 0.1  # share of the periods before the start on which the treated unit may lie beyond every donor


GateCode = Literal["few_units", "few_periods", "poor_fit", "outside"]


@dataclass(frozen=True)
class Gate:
    """A condition that is not met: what was `seen`, and what is `asked` (at least for counts, at most for fit and range)."""

    code: GateCode
    seen: float
    asked: float


@dataclass(frozen=True)
class SyntheticEffect:
    """Mean effect after the start, in the unit of the values; `interval` by inverting the placebos' rank test.

    The test's statistic is the mean effect over the misfit before the start; `p_mean` is its p-value, and the interval
    leaves zero out exactly where that is at most 1 - level (nine donors at 90 %). `demeaned`: effect and interval of
    the mix with an intercept (Ferman and Pinto 2021), None for synthetic DiD, which has one.

    `failed`: the gates that are not passed, which stand against believing it. `pre_rmse`: root mean square of the
    gap before the start (for synthetic DiD after its level is taken out), `pre_fit` the same in standard deviations
    of the treated unit. `path`: time, actual, counterfactual, gap, after (bool). `weights`: unit, weight, largest
    first. `placebos`: unit, estimate, pre_rmse, ratio (gap after over gap before). `rank`: of the treated unit among
    all, by ratio, 1 = most extreme; `p_value` the same as a share, `p_smallest` the least so many donors can give.
    """

    method: Method
    estimate: float
    interval: Interval
    failed: tuple[Gate, ...]
    pre_rmse: float
    pre_fit: float
    path: pd.DataFrame
    weights: pd.DataFrame
    placebos: pd.DataFrame
    rank: int
    p_value: float
    p_smallest: float
    p_mean: float = float("nan")
    demeaned: Interval | None = None

    @property
    def trusted(self) -> bool:
        """Whether every gate is passed."""
        return not self.failed


def synthetic_control(
    frame: pd.DataFrame, *, unit: str, time: str, value: str, treated: Sequence[str], since: Any,
    level: float = 0.9, fewest_units: int = FEWEST_UNITS, fewest_periods: int = FEWEST_PERIODS,
) -> SyntheticEffect:  # fmt: skip
    """Return the effect on the mean of the *treated* units by synthetic control, weights from past outcomes alone.

    *frame*: one row per *unit* and *time*; *since*: the first treated time. Raises DataError for an incomplete panel,
    fewer than two donors, or weights that did not converge.
    """
    wide = _wide(frame, unit=unit, time=time, value=value, treated=treated, since=since)
    return _estimate(wide, since, "synthetic control", level, fewest_units, fewest_periods)


def synthetic_did(
    frame: pd.DataFrame, *, unit: str, time: str, value: str, treated: Sequence[str], since: Any,
    level: float = 0.9, fewest_units: int = FEWEST_UNITS, fewest_periods: int = FEWEST_PERIODS,
) -> SyntheticEffect:  # fmt: skip
    """Return the effect on the *treated* units by synthetic difference in differences; see `synthetic_control`.

    The mix of donors need only run parallel to the treated unit, and the periods before the start count as far as
    they speak for those after it.
    """
    wide = _wide(frame, unit=unit, time=time, value=value, treated=treated, since=since)
    return _estimate(wide, since, "synthetic difference in differences", level, fewest_units, fewest_periods)


def _wide(frame: pd.DataFrame, *, unit: str, time: str, value: str, treated: Sequence[str], since: Any) -> pd.DataFrame:
    """Return times x units, the mean of the treated units first."""
    need(frame, unit, time, value)
    wide = frame.pivot(index=time, columns=unit, values=value).astype(float).sort_index()
    for name in treated:
        if name not in wide:
            raise DataError(say("no such unit"), column=unit, value=name, choices=[str(one) for one in wide])
    if wide.isna().any(axis=None):
        raise DataError(say("a synthetic control needs every unit at every time"), column=value)
    donors = wide.drop(columns=list(treated))
    before = int((wide.index < since).sum())
    if donors.shape[1] < 2 or before < 2 or before == len(wide):
        raise DataError(say("a synthetic control needs two donors, two periods before the start and one after it"))
    donors.insert(0, "treated", wide[list(treated)].mean(axis=1), allow_duplicates=True)
    return donors


def _estimate(
    wide: pd.DataFrame, since: Any, method: Method, level: float, fewest_units: int, fewest_periods: int
) -> SyntheticEffect:
    values, before = wide.to_numpy(float), int((wide.index < since).sum())
    gap, weights = _gap(values[:, 0], values[:, 1:], before, method)
    estimate, pre_rmse = _effect(gap, before), _rms(gap[:before])
    placebos = _placebos(wide, before, method)
    interval = _inverted(estimate, pre_rmse, placebos, level)
    demeaned = None
    if method == "synthetic control":
        level_free, own = _level_free(values, before), _placebos(wide, before, method, level_free=True)
        demeaned = _inverted(_effect(level_free, before), _rms(level_free[:before]), own, level)
    ratio = _rms(gap[before:]) / pre_rmse if pre_rmse > 0 else np.inf
    rank = 1 + int((placebos["ratio"] >= ratio).sum())
    donors = len(placebos)
    deviation = float(values[:before, 0].std(ddof=1))
    pre_fit = pre_rmse / deviation if deviation > 0 else np.inf
    path = pd.DataFrame({"time": wide.index, "actual": values[:, 0], "counterfactual": values[:, 0] - gap, "gap": gap})
    table = pd.DataFrame({"unit": wide.columns[1:], "weight": weights})
    return SyntheticEffect(
        method=method,
        estimate=estimate,
        interval=interval,
        failed=_failed(values[:before], pre_fit, donors, fewest_units, fewest_periods),
        pre_rmse=pre_rmse,
        pre_fit=pre_fit,
        path=path.assign(after=np.arange(len(wide)) >= before),
        weights=table.sort_values("weight", ascending=False, ignore_index=True),
        placebos=placebos,
        rank=rank,
        p_value=rank / (donors + 1),
        p_smallest=1 / (donors + 1),
        p_mean=(1 + int((_scaled(placebos) >= abs(estimate) / pre_rmse).sum())) / (donors + 1)
        if pre_rmse > 0
        else np.nan,
        demeaned=demeaned,
    )


def _scaled(placebos: pd.DataFrame) -> np.ndarray:
    """Return the size of each placebo's mean effect in units of its own misfit before the start."""
    past = placebos["pre_rmse"].to_numpy(float)
    size = np.abs(placebos["estimate"].to_numpy(float))
    return np.divide(size, past, out=np.full(len(placebos), np.inf), where=past > 0)


def _inverted(estimate: float, pre_rmse: float, placebos: pd.DataFrame, level: float) -> Interval:
    """Return the effects that the rank test of the scaled mean does not refuse at *level*.

    Placebos count in units of their own misfit, so a badly fitted donor widens nothing. With too few donors for the
    rank to reach the level (nine at 90 %) the scaled placebos' t interval stands in.
    """
    scaled, donors = _scaled(placebos), len(placebos)
    place = int(np.ceil(level * (donors + 1) - 1e-9))
    if place <= donors:
        limit = float(np.sort(scaled)[place - 1])
    else:
        limit = float(stats.t.ppf(0.5 + level / 2, donors)) * _rms(scaled)
    half = pre_rmse * limit
    return Interval(estimate, estimate - half, estimate + half, donors)


def _level_free(values: np.ndarray, before: int, place: int = 0) -> np.ndarray:
    """Return the gap of the unit in column *place* to its mix, both less their mean before the start."""
    less = values - values[:before].mean(axis=0)
    return _gap(less[:, place], np.delete(less, place, axis=1), before, "synthetic control")[0]


def _gap(target: np.ndarray, donors: np.ndarray, before: int, method: Method) -> tuple[np.ndarray, np.ndarray]:
    """Return the gap to the mix at every time, and the donors' weights.

    For synthetic DiD the gap is level-free: its mean before the start, by the weights of the periods, is zero.
    """
    if method == "synthetic control":
        weights = simplex_weights(target[:before], donors[:before])
        return target - donors @ weights, weights
    past, after = donors[:before], donors[before:]
    noise = float(np.diff(past, axis=0).std(ddof=1))
    ridge = (len(after) ** 0.25 * noise) ** 2  # zeta squared of the paper, for one treated unit
    weights = simplex_weights(target[:before] - target[:before].mean(), past - past.mean(axis=0), ridge=ridge)
    other = past.T - past.T.mean(axis=0)
    ahead = after.mean(axis=0) - after.mean()
    periods = simplex_weights(ahead, other, ridge=(1e-6 * noise) ** 2)
    gap = target - donors @ weights
    return gap - periods @ gap[:before], weights


def _effect(gap: np.ndarray, before: int) -> float:
    return float(gap[before:].mean())


def _placebos(wide: pd.DataFrame, before: int, method: Method, *, level_free: bool = False) -> pd.DataFrame:
    donors, rows = wide.to_numpy(float)[:, 1:], []
    if level_free:
        donors = donors - donors[:before].mean(axis=0)
    for place, name in enumerate(wide.columns[1:]):
        gap, _ = _gap(donors[:, place], np.delete(donors, place, axis=1), before, method)
        past = _rms(gap[:before])
        rows.append((name, _effect(gap, before), past, _rms(gap[before:]) / past if past > 0 else np.inf))
    return pd.DataFrame(rows, columns=["unit", "estimate", "pre_rmse", "ratio"])


def _failed(past: np.ndarray, pre_fit: float, donors: int, fewest_units: int, fewest_periods: int) -> tuple[Gate, ...]:
    target, others = past[:, 0], past[:, 1:]
    outside = float(((target > others.max(axis=1)) | (target < others.min(axis=1))).mean())
    gates = (
        (donors + 1 < fewest_units, Gate("few_units", donors + 1, fewest_units)),
        (len(past) < fewest_periods, Gate("few_periods", len(past), fewest_periods)),
        (pre_fit > WORST_FIT, Gate("poor_fit", pre_fit, WORST_FIT)),
        (outside > OUTSIDE, Gate("outside", outside, OUTSIDE)),
    )
    return tuple(gate for failed, gate in gates if failed)


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
