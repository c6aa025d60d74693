"""What looking early costs: the same simulated tests stopped by six rules at up to twenty looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from fanops_utils.experiments.designs.formulas import share_units
from fanops_utils.experiments.looks.always_valid import critical
from fanops_utils.experiments.looks.spending import bounds
from fanops_utils.experiments.statistics.tails import normal_critical, t_critical
from fanops_utils.metrics.intervals import wilson

Rule = Literal["one_look", "every_look", "bayes", "always_valid", "obrien_fleming", "rho"]
RULES: tuple[Rule, ...] = ("one_look", "every_look", "bayes", "always_valid", "obrien_fleming", "rho")
NOT_VALID: tuple[Rule, ...] = ("every_look", "bayes")  # t at every look; P > 95 % or < 5 % at any look


@dataclass(frozen=True)
class Paths:
    """z of every simulation at every look, and the units in both arms then."""

    z: np.ndarray
    units: np.ndarray


def share_paths(
    base: float, effect: float, *, units: int, looks: int, simulations: int, rng: np.random.Generator
) -> Paths:
    """Return the paths of a test of two shares with *units* in both arms at the end, equally spaced looks."""
    per_look = units // (2 * looks)
    n = per_look * np.arange(1, looks + 1)
    hits = [rng.binomial(per_look, rate, (simulations, looks)).cumsum(axis=1) / n for rate in (base, base + effect)]
    spread = np.sqrt((hits[0] * (1 - hits[0]) + hits[1] * (1 - hits[1])) / n)
    gap = hits[1] - hits[0]
    return Paths(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0), 2 * n)


def revenue_paths(
    buyers: float,
    lift: float,
    *,
    units: int,
    looks: int,
    simulations: int,
    rng: np.random.Generator,
    spread: float = 1.0,
) -> Paths:
    """Return the paths of a test of revenue per unit: a share *buyers* buys, for a lognormal amount; *lift* scales it."""
    per_look = units // (2 * looks)
    n = per_look * np.arange(1, looks + 1)
    means, errors = [], []
    for factor in (1.0, 1.0 + lift):
        count = rng.binomial(per_look, buyers, (simulations, looks))
        amounts = factor * rng.lognormal(0.0, spread, int(count.sum()))
        ends = np.concatenate([[0.0], np.cumsum(amounts)]), np.concatenate([[0.0], np.cumsum(amounts**2)])
        stop = np.cumsum(count.ravel())
        sums = [np.diff(np.concatenate([[0.0], end[stop]])).reshape(simulations, looks).cumsum(axis=1) for end in ends]
        mean = sums[0] / n
        means.append(mean)
        errors.append((sums[1] - n * mean**2) / (n - 1) / n)
    gap = means[1] - means[0]
    total = np.sqrt(errors[0] + errors[1])
    return Paths(np.divide(gap, total, out=np.zeros_like(gap), where=total > 0), 2 * n)


def stops(paths: Paths, rule: Rule, *, alpha: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Return for every simulation whether *rule* declares a difference, and the look at which it ends (from 1)."""
    looks = paths.z.shape[1]
    limit = _limits(rule, paths, alpha)
    crossed = np.abs(paths.z) >= limit
    found = crossed.any(axis=1)
    return found, np.where(found, crossed.argmax(axis=1) + 1, looks)


def peeking_table(
    *, rng: np.random.Generator, looks: int = 20, units: int = 20_000, simulations: int = 2_000, base: float = 0.05
) -> pd.DataFrame:
    """Return what each rule does with tests that are looked at *looks* times.

    Columns: rule, valid, false_positive with its interval, false_positive_revenue (skewed), power (for the effect a
    single look finds four times in five), mean_look (at which it ends, with that effect). One row per rule.
    """
    effect = _effect(base, units)
    same = share_paths(base, 0.0, units=units, looks=looks, simulations=simulations, rng=rng)
    revenue = revenue_paths(base, 0.0, units=units, looks=looks, simulations=simulations, rng=rng)
    other = share_paths(base, effect, units=units, looks=looks, simulations=simulations, rng=rng)
    rows = []
    for rule in RULES:
        wrong = wilson(int(stops(same, rule)[0].sum()), simulations)
        skewed = float(stops(revenue, rule)[0].mean())
        found, ends = stops(other, rule)
        rows.append((rule, rule not in NOT_VALID, wrong.estimate, wrong.ci_lower, wrong.ci_upper, skewed,
                     float(found.mean()), float(ends.mean())))  # fmt: skip
    columns = [
        "rule",
        "valid",
        "false_positive",
        "ci_lower",
        "ci_upper",
        "false_positive_revenue",
        "power",
        "mean_look",
    ]
    return pd.DataFrame(rows, columns=columns)


def _limits(rule: Rule, paths: Paths, alpha: float) -> np.ndarray:
    looks = paths.z.shape[1]
    fractions = paths.units / paths.units[-1]
    match rule:
        case "one_look":
            return np.append(np.full(looks - 1, np.inf), normal_critical(alpha))
        case "every_look":
            return np.asarray(t_critical(alpha, paths.units - 2))
        case "always_valid":
            return np.asarray(critical(fractions, alpha=alpha))
        case "obrien_fleming":
            return np.array(bounds(fractions, alpha=alpha))
        case "rho":
            return np.array(bounds(fractions, alpha=alpha, spending="rho"))
        case "bayes":
            return np.full(looks, special.ndtri(0.95))


def _effect(base: float, units: int) -> float:
    """Return the effect that one look at *units* in both arms finds four times in five."""
    effects = base * np.linspace(0.02, 3, 3_000)
    needed = np.array([share_units(base, effect, formula="pooled") for effect in effects])
    return float(effects[np.argmin(np.abs(needed - units / 2))])
