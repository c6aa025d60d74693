"""Placebos: effects measured where nothing happened, and the honest width they give.

In time, the campaign's own windows are stepped back by whole live periods: no two placebo live periods share a day,
none reaches beyond the baseline's end. Their baselines overlap, so the degrees of freedom are fewer than the windows:
Satterthwaite's, for a gap that is a random walk, the case that errs least in our favour. On simulated campaigns that
did nothing (common random walks with unequal loadings, autocorrelated noise, 120 to 650 days of history) the 90 %
interval names an effect in 7 to 11 %.

In space, each control is taken for the treated market, against the others. `spread` says what their past adds to the
treated market's own few windows, and by how much live days wilder than the past widen the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from fanops_utils.models.campaign.spread import (
    FEWEST_CONTROLS,
    against_the_others,
    changes_in,
    elsewhere,
    freedom,
    moderated,
    stretches,
)
from fanops_utils.models.panel.markets import Panel
from fanops_utils.workspace.register import Period

FEWEST_RANKED = 9  # below, the rank of the treated market among the controls cannot reach one in ten


@dataclass(frozen=True)
class Placebos:
    """Effects on the log scale where nothing happened, newest first; `days` holds them day by day.

    `stretch`: how many times as wide the interval is for controls that scattered more in the target's days than in past
    windows, 1 at least. `beside`: the mean square of such effects by what the controls did in past windows; NaN where
    that is not known. `names`: the controls taken for treated, for placebos in space.
    """

    effects: tuple[float, ...]
    p_value: float
    df: float
    days: np.ndarray | None = None
    stretch: float = 1.0
    beside: float = float("nan")
    names: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        return len(self.effects)

    @property
    def length(self) -> int | None:
        """Days of one window; None for placebos in space."""
        return None if self.days is None else int(self.days.shape[1])

    @property
    def p_smallest(self) -> float:
        """The least p-value that so many placebos can give."""
        return 1 / (self.n + 1)

    @property
    def spread(self) -> float:
        """Root mean square of the effects: nothing happened, so they scatter around zero."""
        return float(np.sqrt(np.mean(np.square(self.effects)))) if self.effects else np.nan

    @property
    def scale(self) -> float:
        """The effect's standard error: the spread of past windows and controls, stretched for days wilder than the past."""
        return self.moderated * self.stretch

    @property
    def moderated(self) -> float:
        """The spread of past windows, with what the controls did in them counted in."""
        return float(moderated(self.spread, self.df, self.beside))

    @property
    def freedom(self) -> float:
        """The degrees of freedom of the scale: those of the past windows, and what the controls add."""
        return freedom(self.df, self.beside)

    def critical(self, level: float) -> float:
        """Return the t quantile of a two-sided interval at *level*; NaN without placebos."""
        return float(stats.t.ppf(0.5 + level / 2, self.freedom)) if self.effects else np.nan

    def half_width(self, level: float) -> float:
        """Return half the width of the effect's interval, on the log scale."""
        return self.critical(level) * self.scale

    def chance(self, estimate: float) -> float:
        """Return the p-value of *estimate* (log scale): the level at which its interval would just touch zero."""
        if not self.effects or not self.scale > 0:
            return np.nan
        return float(2 * stats.t.sf(abs(estimate) / self.scale, self.freedom))

    def day_half_width(self, level: float) -> float:
        """Return half the width of the band for a single day, on the log scale."""
        if self.days is None or not self.effects:
            return np.nan
        return self.critical(level) * self._widening * float(_root_mean_square(self.days.reshape(-1, 1))[0])

    def running_half_width(self, level: float) -> np.ndarray:
        """Return half the width for the mean of the first 1, 2, … days; the last is that of the whole effect."""
        assert self.days is not None
        counts = np.cumsum(~np.isnan(self.days), axis=1)
        totals = np.nancumsum(self.days, axis=1)
        means = np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
        return self.critical(level) * self._widening * _root_mean_square(means)

    @property
    def _widening(self) -> float:
        """How many times as wide as the past windows' own spread the scale is, for single days as for their mean."""
        return self.scale / self.spread if self.spread > 0 else self.stretch

    def smallest_found(self, level: float, *, power: float = 0.8) -> float:
        """Return the smallest true effect found with *power*, on the scale of comparison; NaN without placebos."""
        if not self.effects:
            return np.nan
        return float((self.critical(level) + stats.t.ppf(power, self.freedom)) * self.scale)

    def detectable(self, level: float, *, power: float = 0.8) -> float:
        """Return the smallest true effect found with *power*, as a fraction: 0.12 = +12 %."""
        return float(np.expm1(self.smallest_found(level, power=power)))


def placebos_in_time(panel: Panel, baseline: Period, target: Period, *, estimate: float) -> Placebos:
    """Return the effects of *target* moved back in time, against the baseline moved with it."""
    windows = panel.placebo_windows(baseline, target)
    days = np.array([panel.gap_residuals(*window) for window in windows])
    effects = [float(np.nanmean(row)) for row in days]
    stretch = stretches(panel, windows, [(baseline, target)])[0]
    beside = float(elsewhere(changes_in(panel, windows), treated=len(panel.treated)))
    return Placebos(tuple(effects), _rank_p(estimate, effects), walk_df(windows), days, float(stretch), beside)


def placebos_in_space(panel: Panel, baseline: Period, live: Period, *, estimate: float) -> Placebos | None:
    """Return the effects of each control taken for treated, against the others; None below three controls."""
    if len(panel.controls) < FEWEST_CONTROLS:
        return None
    effects = against_the_others(panel.changes(baseline, live))
    # Each control against the others: one of them is not free.
    return Placebos(
        tuple(float(effect) for effect in effects), _rank_p(estimate, effects), float(len(effects) - 1),
        names=panel.controls,
    )  # fmt: skip


def _root_mean_square(rows: np.ndarray) -> np.ndarray:
    """Return the root mean square of each column, NaN left out."""
    known = ~np.isnan(rows)
    total, count = np.where(known, rows, 0.0), known.sum(axis=0)
    return np.sqrt(np.divide((total**2).sum(axis=0), count, out=np.full(count.shape, np.nan), where=count > 0))


def _rank_p(estimate: float, effects: Sequence[float] | np.ndarray) -> float:
    return (1 + sum(abs(effect) >= abs(estimate) for effect in effects)) / (len(effects) + 1)


def walk_df(windows: Sequence[tuple[Period, Period]]) -> float:
    """Return the degrees of freedom of the spread of *windows*, by Satterthwaite for a gap that is a random walk."""
    if not windows:
        return 0.0
    first = min(base.start for base, _ in windows).toordinal()
    last = max(target.end for _, target in windows).toordinal()
    weights = np.zeros((len(windows), last - first + 1))
    for row, (base, target) in zip(weights, windows, strict=True):
        row[target.start.toordinal() - first : target.end.toordinal() - first + 1] += 1 / target.days
        row[base.start.toordinal() - first : base.end.toordinal() - first + 1] -= 1 / base.days
    steps = np.cumsum(weights, axis=1)  # what each step of a random walk contributes to each window
    covariance = steps @ steps.T
    scale = np.sqrt(np.diag(covariance))
    return float(len(windows) ** 2 / np.sum((covariance / np.outer(scale, scale)) ** 2))
