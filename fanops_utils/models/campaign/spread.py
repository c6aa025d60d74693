"""How far effects scatter where nothing happened: past windows, what the controls add, and days wilder than the past.

A campaign's own past holds a handful of windows that share no day. What each control did in them against the others
counts as four more, as in a moderated t (Smyth 2004, doi:10.2202/1544-6115.1027): few markets, but alike. Where the controls
scattered more in the live days than they used to, the past is no measure of chance in those days: the width is
stretched. How wild the days were is read off a handful of markets and the treated one may be the wildest, so the
stretch exceeds the ratio seen. `models.simulation.hard_campaigns` measures what all this keeps and what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fanops_utils.models.panel.markets import Panel
from fanops_utils.workspace.register import Period

FEWEST_CONTROLS = 3
PRIOR_WINDOWS = 4.0  # windows that the controls' past counts for; with 8, markets that drift alone err in over 12 %
# Chosen for at most 12 % wrong verdicts in every cell of the grid of rough markets, at the power that the ratio itself has
# (which errs in up to 15 %): without the days some cells of wild live days err in 12 to 13 %.
STRETCH_POWER, DAYS_POWER = 1.4, 0.25
FEWEST_TO_STRAY = 5  # controls of which one may go its own way without making the days wild


def changes_in(panel: Panel, windows: Sequence[tuple[Period, Period]]) -> np.ndarray:
    """Return each control's change in each (baseline, target) of *windows*: windows x controls."""
    changes = [panel.changes(*window) for window in windows]
    return np.array(changes).reshape(len(windows), len(panel.controls))


def against_the_others(changes: np.ndarray) -> np.ndarray:
    """Return *changes* (last axis: controls) less the median of the other controls' changes in the same window."""
    others = [np.median(np.delete(changes, place, axis=-1), axis=-1) for place in range(changes.shape[-1])]
    return changes - np.stack(others, axis=-1)


def elsewhere(past: np.ndarray, *, treated: int) -> np.ndarray:
    """Return the mean square of a gap of *treated* markets, by what controls did in *past* (last axes: windows, controls).

    The middle control's, each against the others; brought to the number of markets in the gap, all taken as alike. NaN
    with fewer than three controls or without a window.
    """
    windows, controls = past.shape[-2:]
    if controls < FEWEST_CONTROLS or not windows:
        return np.full(past.shape[:-2], np.nan)
    squares = np.square(against_the_others(past)).mean(axis=-2)
    return np.asarray(np.median(squares, axis=-1) * (1 / treated + 1 / controls) / (1 + 1 / (controls - 1)))


def moderated(spread: np.ndarray | float, df: float, beside: np.ndarray | float) -> np.ndarray:
    """Return *spread* (root mean square over windows of *df* degrees of freedom) with *beside*, a mean square, counted in."""
    pooled = np.sqrt((df * np.square(spread) + PRIOR_WINDOWS * np.asarray(beside)) / (df + PRIOR_WINDOWS))
    return np.where(np.isnan(beside), spread, pooled)


def freedom(df: float, beside: np.ndarray | float) -> float:
    """Return the degrees of freedom of `moderated`: *df*, and four more where *beside* is known."""
    return df + (0.0 if np.isnan(beside).any() else PRIOR_WINDOWS)


def stretches(
    panel: Panel, past: Sequence[tuple[Period, Period]], tried: Sequence[tuple[Period, Period]]
) -> np.ndarray:
    """Return by how much days wilder than *past* widen the interval of each (baseline, target) of *tried*, 1 at least.

    By the scatter of the controls' changes and of their days against its root mean square in *past*: see `widened`. 1
    without two controls or a past.
    """
    if len(panel.controls) < 2 or not past or not tried:
        return np.ones(len(tried))
    before, now = ((scatter(changes_in(panel, one)), _restless(panel, one)) for one in (past, tried))
    return widened(now[0], root_mean_square(before[0]), now[1], root_mean_square(before[1]))


def scatter(changes: np.ndarray) -> np.ndarray:
    """Return the standard deviation of *changes* over the last axis (controls), the narrowest four fifths of them.

    One in five may go its own way and makes no wild days; with fewer than five none may, for nobody could say which.
    """
    count = changes.shape[-1]
    kept = count - (max(1, count // 5) if count >= FEWEST_TO_STRAY else 0)
    ordered = np.sort(changes, axis=-1)
    return np.min([ordered[..., low : low + kept].std(axis=-1) for low in range(count - kept + 1)], axis=0)


def restlessness(days: np.ndarray) -> np.ndarray:
    """Return how far the middle control strays from the others from day to day (last axes of *days*: days, controls)."""
    apart = days - np.median(days, axis=-1, keepdims=True)
    known = ~np.isnan(apart)
    count = np.maximum(known.sum(axis=-2), 1)
    middle = np.where(known, apart, 0.0).sum(axis=-2, keepdims=True) / count[..., None, :]
    squares = np.where(known, np.square(apart - middle), 0.0).sum(axis=-2) / count
    return np.asarray(np.median(np.sqrt(squares), axis=-1))


def widened(
    now: np.ndarray, usual: np.ndarray | float, days_now: np.ndarray, days_usual: np.ndarray | float
) -> np.ndarray:
    """Return the factor by which a scatter of *now*, where *usual* is usual, widens the interval, 1 at least.

    The days say with many numbers what the changes say with a few: calm ones take back what the changes have by chance.
    """
    return np.maximum(_ratio(now, usual) ** STRETCH_POWER * _ratio(days_now, days_usual) ** DAYS_POWER, 1.0)


def root_mean_square(values: np.ndarray, *, axis: int | None = None) -> np.ndarray:
    """Return the root mean square over *axis*."""
    return np.asarray(np.sqrt(np.mean(np.square(values), axis=axis)))


def _ratio(now: np.ndarray, usual: np.ndarray | float) -> np.ndarray:
    """Return *now* over *usual*; 1 where either is nought or not known."""
    now, usual = np.asarray(now, dtype=float), np.broadcast_to(usual, np.shape(now))
    return np.divide(now, usual, out=np.ones(now.shape), where=(usual > 0) & (now > 0))


def _restless(panel: Panel, windows: Sequence[tuple[Period, Period]]) -> np.ndarray:
    ratio = panel.choice.scale == "ratio"
    series = (panel.values if ratio else panel.scaled)[list(panel.controls)].to_numpy(float)
    found = []
    for baseline, target in windows:
        left = panel.residuals(series, baseline, target)
        if ratio:  # as parts of each control's usual day
            usual = np.nanmean(series[panel.days_in(target)] - left, axis=0)
            left = np.divide(left, usual, out=np.zeros(left.shape), where=usual > 0)
        found.append(float(restlessness(left)))
    return np.array(found)
