"""Validation: every method on data whose truth is known. Type-I error, coverage and power against what is promised.

All simulations of a cell are drawn and tested at once; the functions tested are those the read-out uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.experiments.simulation.peeking import Rule, revenue_paths, share_paths, stops
from fanops_utils.experiments.statistics.means import student, welch
from fanops_utils.experiments.statistics.proportions import newcombe, pooled_z
from fanops_utils.experiments.statistics.relative import fieller
from fanops_utils.experiments.statistics.tails import normal_critical, t_critical

COLUMNS = [
    "design", "method", "measure", "nominal", "rate", "band_lower", "band_upper", "within", "simulations", "valid",
]  # fmt: skip
NOT_VALID = ("views_as_units", "units_as_units", "every_look")  # shown as warnings
LEVEL = 0.001  # a band is left by chance once in a thousand cells


@dataclass(frozen=True)
class Trial:
    """Estimates of many simulated tests: p-values and intervals, one each; NaN where a test says nothing."""

    p_value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


Draw = Callable[[np.random.Generator, int, float], dict[str, Trial]]


def shares(
    rng: np.random.Generator, size: int, effect: float, *, n: int = 2_000, base: float = 0.06
) -> dict[str, Trial]:
    """Return pooled z with Newcombe's interval on *n* units per arm and a share *base*."""
    control, treated = rng.binomial(n, base, size), rng.binomial(n, base + effect, size)
    low, high = newcombe(treated, n, control, n)
    return {"newcombe": Trial(pooled_z(treated, n, control, n)[1], low, high)}


def revenue(
    rng: np.random.Generator, size: int, effect: float, *, n: int = 1_000, spread: float = 1.0
) -> dict[str, Trial]:
    """Return Welch's t, CUPED and Fieller's lift on lognormal revenue with a covariate; *effect* is relative."""
    noise = rng.normal(0.0, spread, (2, size, n))
    before = np.exp(0.8 * noise + 0.6 * rng.normal(0.0, spread, noise.shape))
    values = np.exp(noise)
    values[1] *= 1 + effect
    mean, error = values.mean(axis=2), values.var(axis=2, ddof=1) / n
    gap, truth = mean[1] - mean[0], effect * np.exp(spread**2 / 2)
    p_value, df, low, high = welch(gap, error[1], n, error[0], n)
    lift = fieller(mean[1], error[1], mean[0], error[0], critical=t_critical(0.05, df))
    centred, known = values - mean[:, :, None], before - before.mean(axis=2, keepdims=True)
    theta = (centred * known).sum(axis=(0, 2)) / (known**2).sum(axis=(0, 2))
    left = centred - theta[None, :, None] * known
    adjusted = gap - theta * (before[1].mean(axis=1) - before[0].mean(axis=1))
    spare = (left**2).sum(axis=2) / (n - 1) / n
    cuped = welch(adjusted, spare[1], n, spare[0], n)
    return {
        "welch": Trial(p_value, low - truth, high - truth),
        "cuped": Trial(cuped[0], cuped[2] - truth, cuped[3] - truth),
        "fieller": Trial(p_value, lift[1] - effect, lift[2] - effect),
    }


def ratio(rng: np.random.Generator, size: int, effect: float, *, n: int = 1_000, base: float = 0.2) -> dict[str, Trial]:
    """Return the delta method, and the naive test of views, on clicks over views; units differ in their rates."""
    found = []
    for rate in (base, base + effect):
        views = 1 + rng.negative_binomial(1, 0.1, (size, n))
        own = rng.beta(rate * 8, (1 - rate) * 8, (size, n))
        clicks = rng.binomial(views, own)
        total = views.sum(axis=1)
        share = clicks.sum(axis=1) / total
        left = clicks - share[:, None] * views
        found.append((share, (left**2).sum(axis=1) / (n - 1) / n / (total / n) ** 2, clicks.sum(axis=1), total))
    control, treated = found
    gap = treated[0] - control[0]
    p_value, _, low, high = welch(gap, treated[1], n, control[1], n)
    naive = pooled_z(treated[2], treated[3], control[2], control[3])[1]
    wide = newcombe(treated[2], treated[3], control[2], control[3])
    return {
        "delta": Trial(p_value, low - effect, high - effect),
        "views_as_units": Trial(naive, wide[0] - effect, wide[1] - effect),
    }


def clusters(
    rng: np.random.Generator, size: int, effect: float, *, groups: int = 10, n: int = 60, between: float = 0.3
) -> dict[str, Trial]:
    """Return Welch's t of cluster means and the naive test, with *groups* communities per arm of about *n* units."""
    found = []
    for shift in (0.0, effect):
        own = shift + rng.normal(0.0, between, (size, groups))
        count = 5 + rng.poisson(n - 5, (size, groups))
        mean = own + rng.normal(0.0, 1.0, own.shape) / np.sqrt(count)
        within = rng.chisquare(np.maximum(count - 1, 1)) / np.maximum(count - 1, 1)
        units = count.sum(axis=1)
        arm = (mean * count).sum(axis=1) / units
        spread = (within * (count - 1)).sum(axis=1) + (count * (mean - arm[:, None]) ** 2).sum(axis=1)
        found.append((mean.mean(axis=1), mean.var(axis=1, ddof=1) / groups, arm, spread / (units - 1) / units))
    base, other = found
    gap = other[0] - base[0]
    p_value, _, low, high = welch(gap, other[1], groups, base[1], groups)
    naive, total = other[2] - base[2], np.sqrt(other[3] + base[3])
    half = normal_critical(0.05) * total
    return {
        "cluster_means": Trial(p_value, low - effect, high - effect),
        "units_as_units": Trial(student(naive, total, np.inf), naive - half - effect, naive + half - effect),
    }


def switchback(
    rng: np.random.Generator, size: int, effect: float, *, days: int = 28, slots: int = 6, n: int = 30
) -> dict[str, Trial]:
    """Return t of the differences within days, and the naive test of units, where half of each day has either arm.

    Slots in a row resemble each other, hours of the day differ, and an arm acts half into the slot after it: the first
    slot of either half is left out.
    """
    first = rng.random((size, days, 1)) < 0.5
    on = np.where(np.arange(slots) < slots // 2, first, ~first).reshape(size, -1).astype(float)
    before = np.concatenate([on[:, :1], on[:, :-1]], axis=1)
    own = _chain(0.15 * rng.normal(size=on.shape), 0.7) + 0.3 * np.tile(np.sin(np.arange(slots)), days)
    mean = own + effect * (on + before) / 2 + rng.normal(size=on.shape) / np.sqrt(n)
    settled = np.tile(np.arange(slots) % (slots // 2) > 0, (size, days, 1))
    line, arm = mean.reshape(size, days, slots), on.reshape(size, days, slots)
    sides = [(line * keep).sum(axis=2) / keep.sum(axis=2) for keep in (settled & (arm > 0), settled & (arm == 0))]
    gaps = sides[0] - sides[1]
    gap, spread = gaps.mean(axis=1), gaps.std(axis=1, ddof=1) / np.sqrt(days)
    half = t_critical(0.05, days - 1.0) * spread
    plain = [np.where(settled.reshape(size, -1) & (on == side), mean, np.nan) for side in (1, 0)]
    naive = np.nanmean(plain[0], axis=1) - np.nanmean(plain[1], axis=1)
    counted = [n * np.isfinite(side).sum(axis=1) for side in plain]
    error = np.sqrt(sum((1 + np.nanvar(side, axis=1)) / many for side, many in zip(plain, counted, strict=True)))
    wide = normal_critical(0.05) * error
    tests = {
        "within_days": (student(gap, spread, days - 1.0), gap - half, gap + half),
        "units_as_units": (student(naive, error, np.inf), naive - wide, naive + wide),
    }
    return {name: Trial(p, low - effect, high - effect) for name, (p, low, high) in tests.items()}


def sequential(
    rng: np.random.Generator, size: int, *, power: bool, looks: int = 10, revenue: bool = False
) -> dict[str, float]:
    """Return how often each rule of stopping finds a difference; with an effect where *power* is asked."""
    if revenue:
        paths = revenue_paths(0.05, 0.33 * power, units=20_000, looks=looks, simulations=size, rng=rng)
    else:
        paths = share_paths(0.05, 0.009 * power, units=20_000, looks=looks, simulations=size, rng=rng)
    rules: tuple[Rule, ...] = ("one_look", "obrien_fleming", "rho", "always_valid", "every_look")
    return {rule: float(stops(paths, rule)[0].mean()) for rule in rules}


DESIGNS: dict[str, tuple[Draw, float]] = {
    "conversion": (shares, 0.024), "revenue": (revenue, 0.19), "ratio": (ratio, 0.028), "clusters": (clusters, 0.42),
    "switchback": (switchback, 0.32),
}  # fmt: skip


def validate(*, rng: np.random.Generator, simulations: int = 2_000, alpha: float = 0.05) -> pd.DataFrame:
    """Return type-I error, coverage and power of every method on every design, against nominal.

    Columns: design, method, measure ("errors": type-I, "coverage", "power"), nominal (NaN for power, which has none), rate,
    band_lower and band_upper (where a method that keeps its promise ends up 999 times in 1,000), within (NaN for
    power), simulations, valid (False for the methods shown as warnings). Coverage is measured with an effect present.
    """
    rows: list[tuple] = []
    for design, (draw, effect) in DESIGNS.items():
        null, found = (_in_parts(draw, rng, simulations, one) for one in (0.0, effect))
        truth = effect if design == "conversion" else 0.0  # the others give intervals around the truth already
        for method in null:
            wrong = float(np.mean(null[method].p_value < alpha))
            held = float(np.mean((found[method].lower <= truth) & (truth <= found[method].upper)))
            valid = method not in NOT_VALID
            rows.append(_row(design, method, "errors", alpha, wrong, simulations, valid))
            rows.append(_row(design, method, "coverage", 1 - alpha, held, simulations, valid))
            rows.append(
                _row(design, method, "power", np.nan, float(np.mean(found[method].p_value < alpha)), simulations, valid)
            )
    for design, skewed in (("sequential", False), ("sequential_revenue", True)):
        same, other = (sequential(rng, simulations, power=one, revenue=skewed) for one in (False, True))
        for rule in same:
            valid = rule not in NOT_VALID
            rows.append(_row(design, rule, "errors", alpha, same[rule], simulations, valid))
            rows.append(_row(design, rule, "power", np.nan, other[rule], simulations, valid))
    return pd.DataFrame(rows, columns=COLUMNS)


def band(rate: float, simulations: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the rates between which *simulations* of a true *rate* end up with probability 1 - *level*."""
    low, high = stats.binom.ppf([level / 2, 1 - level / 2], simulations, rate) / simulations
    return float(low), float(high)


def _row(design: str, method: str, measure: str, nominal: float, rate: float, simulations: int, valid: bool) -> tuple:
    if np.isnan(nominal):
        return design, method, measure, nominal, rate, np.nan, np.nan, None, simulations, valid
    low, high = band(nominal, simulations)
    # An always-valid method promises an upper limit, not a rate.
    kept = rate <= high if method == "always_valid" else low <= rate <= high
    return design, method, measure, nominal, rate, low, high, bool(kept), simulations, valid


def _in_parts(
    draw: Draw, rng: np.random.Generator, simulations: int, effect: float, *, step: int = 500
) -> dict[str, Trial]:
    parts = [draw(rng, min(step, simulations - start), effect) for start in range(0, simulations, step)]
    return {
        name: Trial(
            *(np.concatenate([getattr(part[name], field) for part in parts]) for field in ("p_value", "lower", "upper"))
        )
        for name in parts[0]
    }


def _chain(shocks: np.ndarray, persistence: float) -> np.ndarray:
    """Return the AR(1) series, one a row, that *shocks* drive."""
    found = shocks.copy()
    for place in range(1, shocks.shape[1]):
        found[:, place] += persistence * found[:, place - 1]
    return found
