"""The hard grid: the read-out's own tests where data are as real data are, against what they promise.

Clusters of unequal size, few or many against few; skewed values and ratios in arms of unequal size. Every cell is a split and
a shape; each is read by the rule the read-out follows, refusals included, and all its simulations are tested at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from fanops_utils.experiments.effects.clusters import EVEN
from fanops_utils.experiments.effects.unit_draws import FEW_CARRY, LEAST_NONZERO, RULES
from fanops_utils.experiments.simulation.simulate import LEVEL, band
from fanops_utils.experiments.statistics.means import student, welch_df
from fanops_utils.experiments.statistics.randomised import allocations, features, randomised_p, studentised
from fanops_utils.experiments.statistics.skew import MOST, skew_index
from fanops_utils.experiments.statistics.tails import t_critical
from fanops_utils.workspace.registers.experiment_parts import LEAST_IN_ARM

Shape = Literal[
    "even", "varied", "uneven", "extreme", "lognormal", "buyers", "rare_buyers", "pareto", "few_large", "ratio"
]
SPREADS: dict[Shape, float] = {
    "even": 0.0,
    "varied": 0.4,
    "uneven": 0.8,
    "extreme": 1.2,
}  # sd of the log of cluster sizes
SPLITS = ((4, 4), (5, 5), (10, 10), (20, 20), (4, 8), (5, 15), (4, 36))
SHARES = (0.5, 0.2, 0.1)
SHAPES: tuple[Shape, ...] = ("lognormal", "buyers", "pareto", "ratio")
MORE_SHARES, MORE_SHAPES = (0.5, 0.2, 0.1, 0.05), (*SHAPES, "rare_buyers", "few_large")
UNITS, ICC, MEAN_SIZE = 4_000, 0.05, 60
REDRAWS, STEP = 399, 100
LONG = 5_000  # simulations, from which the grid is the long one, for once a quarter
COLUMNS = [
    "design", "shape", "treated", "control", "method", "errors", "coverage", "power", "told", "simulations", "band_lower",
    "band_upper", "within",
]  # fmt: skip


class Read(NamedTuple):
    """Simulated tests of one cell: p-values, whether the interval held the truth; NaN and False where nothing was told."""

    p_value: np.ndarray
    held: np.ndarray


def hard_grid(*, rng: np.random.Generator, simulations: int = 2_000) -> pd.DataFrame:
    """Return error rate, coverage and power of the read-out's rule in every hard cell; from 5,000 *simulations* on there are more
    splits and shapes.

    Columns: design ("clusters", "units"), shape, treated and control (clusters or units), method (the test used: "welch" or
    "drawn"), errors (of all tests, refused ones being none), coverage (of those told), power (of all), told (share),
    simulations, band_lower, band_upper, within. An error rate may be below its band where tests are refused.
    """
    rows = []
    for shape, treated, control in _cells(long=simulations >= LONG):
        null = _parts(rng, shape, treated, control, simulations, False)
        found = _parts(rng, shape, treated, control, max(simulations // 2, 1), True)
        told = np.isfinite(null.p_value)
        wrong = float(np.mean(told & (np.nan_to_num(null.p_value, nan=1.0) < 0.05)))
        seen = np.isfinite(found.p_value)
        low, high = band(0.05, simulations, level=LEVEL)
        clusters = shape in SPREADS
        method = "drawn" if (control > EVEN * treated if clusters else treated * 2 < control) else "welch"
        rows.append((
            "clusters" if clusters else "units", shape, treated, control, method, wrong,
            float(found.held[seen].mean()) if seen.any() else np.nan,
            float(np.mean(np.nan_to_num(found.p_value, nan=1.0) < 0.05)), float(told.mean()), simulations, low, high,
            low <= wrong <= high or (wrong < low and told.mean() < 1) or (wrong < low and min(treated, control) <= LEAST_IN_ARM),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _cells(*, long: bool) -> Iterator[tuple[Shape, int, int]]:
    for treated, control in (*SPLITS, (6, 24), (8, 32)) if long else SPLITS:
        yield from ((shape, treated, control) for shape in SPREADS)
    for share in MORE_SHARES if long else SHARES:
        small = round(UNITS * share)
        yield from ((shape, small, UNITS - small) for shape in (MORE_SHAPES if long else SHAPES))


def _parts(rng: np.random.Generator, shape: Shape, treated: int, control: int, simulations: int, effect: bool) -> Read:
    step = 500 if shape in SPREADS else STEP
    sizes = [min(step, simulations - start) for start in range(0, simulations, step)]
    parts = [
        _clusters(rng, SPREADS[shape], treated, control, size, effect) if shape in SPREADS
        else _units(rng, shape, treated, control, size, effect)
        for size in sizes
    ]  # fmt: skip
    return Read(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def _clusters(rng: np.random.Generator, spread: float, treated: int, control: int, size: int, effect: bool) -> Read:
    """Return tests of cluster means: normal units of correlation `ICC`, sizes lognormal; the effect is 2.8 standard errors."""
    groups = treated + control
    count = np.maximum(np.round(MEAN_SIZE * np.exp(spread * rng.normal(size=(size, groups)) - spread**2 / 2)), 2)
    own = np.sqrt(ICC + (1 - ICC) / count)
    truth = 2.8 * np.sqrt(np.mean(own**2) * (1 / treated + 1 / control)) if effect else 0.0
    mean = own * rng.normal(size=own.shape) + np.where(np.arange(groups) < treated, truth, 0.0)
    mine = np.arange(groups) < treated
    if max(treated, control) <= EVEN * min(treated, control):
        gap, error, df = _welch(mean[:, mine], mean[:, ~mine])
        return Read(student(gap, error, df), np.abs(gap - truth) <= t_critical(0.05, df) * error)
    rows, whole = allocations(groups, treated, rng=rng, draws=999)
    p_value = randomised_p(features(mean), mine, rows, whole=whole)
    true = randomised_p(features(mean - np.where(mine, truth, 0.0)), mine, rows, whole=whole) if effect else p_value
    return Read(p_value, true > 0.05)


def _units(rng: np.random.Generator, shape: Shape, treated: int, control: int, size: int, effect: bool) -> Read:
    """Return tests of units by the read-out's rule: too few non-zero, one unit that rules, Welch's t, or arms drawn again."""
    y, x = _drawn_values(rng, shape, size)
    mine = np.arange(UNITS) < treated
    lift = 0.5 if effect else 0.0
    y[:, mine] *= 1 + lift
    truth = lift * _mean(shape)
    sides = [_linearised(y[:, side], None if x is None else x[:, side]) for side in (mine, ~mine)]
    gap = sides[0][0] - sides[1][0]
    errors = [(left**2).sum(axis=1) / (left.shape[1] - 1) / left.shape[1] for _, left in sides]
    error = np.sqrt(errors[0] + errors[1])
    df = welch_df(errors[0], treated, errors[1], control)
    left = np.concatenate([sides[0][1], sides[1][1]], axis=1)
    skewness = np.mean(left**3, axis=1) / np.mean(left**2, axis=1) ** 1.5
    moves = np.max([np.abs(one).max(axis=1) / (one.shape[1] - 1) for _, one in sides], axis=0) / error
    steep = (np.abs(skew_index(skewness, treated, control)) > MOST) | _carried(sides, gap, error, moves, df)
    few = np.count_nonzero(y[:, mine], axis=1) < LEAST_NONZERO
    p_value, held = student(gap, error, df), np.abs(gap - truth) <= t_critical(0.05, df) * error
    if steep.any():
        p_drawn, low, high = _redrawn(
            rng, y[steep], None if x is None else x[steep], treated, gap[steep] / error[steep]
        )
        p_value[steep] = p_drawn
        t = (gap[steep] - truth) / error[steep]
        held[steep] = (t >= low) & (t <= high)
    refused = few | (moves >= RULES)
    return Read(np.where(refused, np.nan, p_value), held & ~refused)


def _carried(
    sides: list[tuple[np.ndarray, np.ndarray]], gap: np.ndarray, error: np.ndarray, moves: np.ndarray, df: np.ndarray
) -> np.ndarray:
    """Return where a clear difference is lost without the few units that would make all the variance, as the read-out does."""
    towards, half = np.sign(gap)[:, None], t_critical(0.05, df) * error
    found = [
        (side * one).max(axis=1) / (one.shape[1] - 1) for side, (_, one) in zip((towards, -towards), sides, strict=True)
    ]
    helps = np.max(found, axis=0) / error
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.abs(gap) - helps * error / moves**2
    return (np.abs(gap) > half) & (moves >= FEW_CARRY) & (left <= half)


def _redrawn(
    rng: np.random.Generator, y: np.ndarray, x: np.ndarray | None, treated: int, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p-values and the quantiles of t where the arms are drawn again, the same draws for these few tests."""
    places = np.argpartition(rng.random((REDRAWS, UNITS), dtype=np.float32), treated, axis=1)[:, :treated]
    rows = np.zeros((REDRAWS, UNITS))
    np.put_along_axis(rows, places, 1.0, axis=1)
    base = np.ones_like(y) if x is None else x
    centre = (y.sum(axis=1) / base.sum(axis=1))[:, None] * base
    columns = features(y - centre, None if x is None else x)
    parts = [np.full((len(y), REDRAWS), float(treated)) if x is None and place in (1, 4) else columns[..., place] @ rows.T
             for place in ((0, 1, 2, 3, 4) if x is not None else (0, 1, 2, 0, 4))]  # fmt: skip
    sums, total = np.stack(parts, axis=-1), columns.sum(axis=1)[:, None, :]
    null = np.sort(studentised(sums, treated, total - sums, UNITS - treated), axis=1)
    above, below = (null >= t[:, None]).sum(axis=1), (null <= t[:, None]).sum(axis=1)
    place = int(0.025 * (REDRAWS + 1) + 1e-9)
    return np.minimum(2 * (1 + np.minimum(above, below)) / (REDRAWS + 1), 1.0), null[:, place - 1], null[:, -place]


def _drawn_values(rng: np.random.Generator, shape: Shape, size: int) -> tuple[np.ndarray, np.ndarray | None]:
    wide = (size, UNITS)
    match shape:
        case "lognormal":
            return rng.lognormal(0, 1.5, wide), None
        case "pareto":
            return 1 + rng.pareto(2.1, wide), None
        case "few_large":  # some five units, one in eight hundred, a thousand times as large as the others
            return rng.gamma(2, 2, wide) * np.where(rng.random(wide) < 5 / UNITS, 1_000.0, 1.0), None
        case "ratio":
            views = 1.0 + rng.poisson(rng.lognormal(1, 1, wide))
            return rng.binomial(views.astype(int), 0.2).astype(float), views
        case _:
            share = 0.05 if shape == "buyers" else 0.01
            return np.where(rng.random(wide) < share, rng.lognormal(0, 1, wide), 0.0), None


def _mean(shape: Shape) -> float:
    bought = float(np.exp(0.5))
    means: dict[str, float] = {
        "lognormal": float(np.exp(1.125)), "pareto": 1 + 1 / 1.1, "ratio": 0.2, "buyers": 0.05 * bought,
        "few_large": 4 * (1 + 999 * 5 / UNITS), "rare_buyers": 0.01 * bought,
    }  # fmt: skip
    return means[shape]


def _linearised(y: np.ndarray, x: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if x is None:
        mean = y.mean(axis=1)
        return mean, y - mean[:, None]
    ratio = y.sum(axis=1) / x.sum(axis=1)
    return ratio, (y - ratio[:, None] * x) / x.mean(axis=1)[:, None]


def _welch(mine: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    errors = [arm.var(axis=1, ddof=1) / arm.shape[1] for arm in (mine, others)]
    df = welch_df(errors[0], mine.shape[1], errors[1], others.shape[1])
    return mine.mean(axis=1) - others.mean(axis=1), np.sqrt(errors[0] + errors[1]), df
