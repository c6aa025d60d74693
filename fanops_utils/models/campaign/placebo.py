"""Placebos: effects measured where nothing happened, and the honest width they give.

In time, the campaign's own windows are stepped back by whole live periods: no two placebo live periods share a day,
none reaches beyond the baseline's end. Their baselines overlap, so the degrees of freedom are fewer than the windows:
Satterthwaite's, for a gap that is a random walk, the case that errs least in our favour. On simulated campaigns that
did nothing (common random walks with unequal loadings, autocorrelated noise, 120 to 650 days of history) the 90 %
interval names an effect in 7 to 11 %.

In space, each control is taken for the treated market, against the others. Where the controls scattered more in the
live days than they used to, the past is no measure of chance in those days: the width is stretched. How wild the days
were is read off a handful of markets and the treated one may be the wildest, so the stretch exceeds the ratio seen;
`models.simulation.hard_campaigns` measures what that keeps and what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from fanops_utils.models.panel.markets import Panel
from fanops_utils.workspace.register import Period

FEWEST_CONTROLS = 3
# Chosen for at most 12 % wrong verdicts in every cell of the grid of rough markets: with 4/3 five cells of wild live days
# err in 12 to 13 %, with 1 in 15 to 16 %.
STRETCH_POWER = 1.6
FEWEST_TO_STRAY = 5  # controls of which one may go its own way without making the days wild
FEWEST_RANKED = 9  # below, the rank of the treated market among the controls cannot reach one in ten


@dataclass(frozen=True)
class Placebos:
    """Effects on the log scale where nothing happened, newest first; `days` holds them day by day.

    `stretch`: how many times as wide the interval is for controls that scattered more in the target's days than in past
    windows, 1 at least.
    `names`: the controls taken for treated, for placebos in space.
    """

    effects: tuple[float, ...]
    p_value: float
    df: float
    days: np.ndarray | None = None
    stretch: float = 1.0
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
        """The effect's standard error: the spread of past windows, stretched for days wilder than the past."""
        return self.spread * self.stretch

    def critical(self, level: float) -> float:
        """Return the t quantile of a two-sided interval at *level*; NaN without placebos."""
        return float(stats.t.ppf(0.5 + level / 2, self.df)) if self.effects else np.nan

    def half_width(self, level: float) -> float:
        """Return half the width of the effect's interval, on the log scale."""
        return self.critical(level) * self.scale

    def chance(self, estimate: float) -> float:
        """Return the p-value of *estimate* (log scale): the level at which its interval would just touch zero."""
        if not self.effects or not self.scale > 0:
            return np.nan
        return float(2 * stats.t.sf(abs(estimate) / self.scale, self.df))

    def day_half_width(self, level: float) -> float:
        """Return half the width of the band for a single day, on the log scale."""
        if self.days is None or not self.effects:
            return np.nan
        return self.critical(level) * self.stretch * float(_root_mean_square(self.days.reshape(-1, 1))[0])

    def running_half_width(self, level: float) -> np.ndarray:
        """Return half the width for the mean of the first 1, 2, … days; the last is that of the whole effect."""
        assert self.days is not None
        counts = np.cumsum(~np.isnan(self.days), axis=1)
        totals = np.nancumsum(self.days, axis=1)
        means = np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
        return self.critical(level) * self.stretch * _root_mean_square(means)

    def smallest_found(self, level: float, *, power: float = 0.8) -> float:
        """Return the smallest true effect found with *power*, on the scale of comparison; NaN without placebos."""
        if not self.effects:
            return np.nan
        return float((self.critical(level) + stats.t.ppf(power, self.df)) * self.scale)

    def detectable(self, level: float, *, power: float = 0.8) -> float:
        """Return the smallest true effect found with *power*, as a fraction: 0.12 = +12 %."""
        return float(np.expm1(self.smallest_found(level, power=power)))


def placebos_in_time(panel: Panel, baseline: Period, target: Period, *, estimate: float) -> Placebos:
    """Return the effects of *target* moved back in time, against the baseline moved with it."""
    windows = panel.placebo_windows(baseline, target)
    days = np.array([panel.gap_residuals(*window) for window in windows])
    effects = [float(np.nanmean(row)) for row in days]
    stretch = stretches(panel, windows, [(baseline, target)])[0]
    return Placebos(tuple(effects), _rank_p(estimate, effects), walk_df(windows), days, float(stretch))


def placebos_in_space(panel: Panel, baseline: Period, live: Period, *, estimate: float) -> Placebos | None:
    """Return the effects of each control taken for treated, against the others; None below three controls."""
    if len(panel.controls) < FEWEST_CONTROLS:
        return None
    effects = _against_the_others(panel.changes(baseline, live)[None, :])[0]
    # Each control against the others: one of them is not free.
    return Placebos(
        tuple(float(effect) for effect in effects), _rank_p(estimate, effects), float(len(effects) - 1),
        names=panel.controls,
    )  # fmt: skip


def stretches(
    panel: Panel, past: Sequence[tuple[Period, Period]], tried: Sequence[tuple[Period, Period]]
) -> np.ndarray:
    """Return by how much wilder days than *past* widen the interval of each (baseline, target) of *tried*, 1 at least.

    The controls' scatter there over its root mean square in *past*, to the power 1.6. 1 without two controls or a past.
    """
    if len(panel.controls) < 2 or not past or not tried:
        return np.ones(len(tried))
    usual = scatter(np.array([panel.changes(*window) for window in past]))
    now = scatter(np.array([panel.changes(*window) for window in tried]))
    return widened(now, np.sqrt(np.mean(np.square(usual))))


def scatter(changes: np.ndarray) -> np.ndarray:
    """Return the standard deviation of *changes* over the last axis (controls), the narrowest four fifths of them.

    One in five may go its own way and makes no wild days; with fewer than five none may, for nobody could say which.
    """
    count = changes.shape[-1]
    kept = count - (max(1, count // 5) if count >= FEWEST_TO_STRAY else 0)
    ordered = np.sort(changes, axis=-1)
    return np.min([ordered[..., low : low + kept].std(axis=-1) for low in range(count - kept + 1)], axis=0)


def widened(now: np.ndarray, usual: np.ndarray | float) -> np.ndarray:
    """Return the factor by which a scatter of *now*, where *usual* is usual, widens the interval, 1 at least."""
    ratio = np.divide(now, usual, out=np.ones(np.shape(now)), where=np.broadcast_to(usual, np.shape(now)) > 0)
    return np.maximum(np.nan_to_num(ratio, nan=1.0), 1.0) ** STRETCH_POWER


def _against_the_others(changes: np.ndarray) -> np.ndarray:
    """Return *changes* (windows x controls) less the median of the other controls' changes in the same window."""
    others = [np.median(np.delete(changes, place, axis=1), axis=1) for place in range(changes.shape[1])]
    return changes - np.column_stack(others)


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
