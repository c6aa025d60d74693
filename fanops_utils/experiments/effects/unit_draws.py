"""Values of single units under their mean: are they too skewed for Welch's t in these arms, and does one of them decide?

Where the arms are unequal and few units carry the mean, Welch's t says "worse" several times too often; where four or five
carry it in equal arms, it says something whenever they all fell into one. Then the arms are drawn again; from totals alone
Hall's transformation reaches a little further, and beyond it nothing is said. One unit that makes the answer is named,
whatever the test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.experiments.effects.comparison import Comparison, TestCode, drawn_again
from fanops_utils.experiments.moments.shapes import Values
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.statistics.means import welch_df
from fanops_utils.experiments.statistics.randomised import (
    drawn_interval,
    features,
    ratio_error,
    shuffled_units,
)
from fanops_utils.experiments.statistics.skew import MOST, MOST_HALL, hall, skew_index
from fanops_utils.experiments.statistics.tails import t_critical

LEAST_NONZERO = 10  # units with a value other than 0, in the smaller arm
EXPECTED = 20  # so many expected and fewer than ten seen is itself a finding, and not a small sample
HANGS, RULES = 0.5, 0.9  # standard errors that one unit moves the estimate
# Of k units that make all the variance each moves the estimate by 1 / sqrt(k): eight lie 7 to 1 in one test of 14, five in one
# arm once in 16. Arms are drawn again from eight down; from totals, where that cannot be, only five and fewer are a doubt.
FEW_CARRY, FEW_IN_TOTALS = 0.34, 0.43
SEED = 20261130


@dataclass(frozen=True)
class Pair:
    """The shapes of treatment and control of one metric."""

    treated: Mapping[str, float]
    control: Mapping[str, float]

    @property
    def skewness(self) -> float:
        """Skewness of all units about the mean of their own arm; 0 where nothing varies."""
        sizes = np.array([self.treated["n"], self.control["n"]])
        second, third = (
            float(np.average([self.treated[name], self.control[name]], weights=sizes)) for name in ("second", "third")
        )
        return third / second**1.5 if second > 0 else 0.0

    @property
    def few(self) -> int | None:
        """The units with a value other than 0 in the smaller arm, where they are too few for a mean; None where not."""
        small, large = sorted((self.treated, self.control), key=lambda arm: arm["n"])
        if small["nonzero"] != small["nonzero"]:
            return None
        nonzero = int(small["nonzero"])
        expected = (nonzero + large["nonzero"]) * small["n"] / (small["n"] + large["n"])
        return nonzero if nonzero < LEAST_NONZERO and expected < EXPECTED else None


def harden(
    comparisons: Sequence[Comparison],
    shapes: pd.DataFrame,
    redraw: Mapping[str, Values],
    theta: Mapping[str, np.ndarray],
) -> tuple[Comparison, ...]:
    """Return *comparisons* of means, counts and ratios of units as their *shapes* allow (module doc); others as they are.

    *redraw* are the units by metric where they may be seen, *theta* the coefficients of their covariates.
    """
    kept: dict[tuple[str, str], dict[Any, Any]] = {
        (row["metric"], row["variant"]): row for row in shapes.to_dict("records")
    }
    found = []
    for one in comparisons:
        treated, control = (kept.get((one.metric, arm)) for arm in (one.treatment, one.control))
        tested = one.test in ("welch_t", "delta_t") and one.standard_error > 0
        if one.cannot_tell or not tested or treated is None or control is None:
            found.append(one)
        else:
            units = redraw.get(one.metric)
            found.append(_hardened(one, Pair(treated, control), units, theta.get(one.metric, np.zeros(0))))
    return tuple(found)


def _hardened(one: Comparison, pair: Pair, units: Values | None, theta: np.ndarray) -> Comparison:
    skewness = pair.skewness
    index = float(skew_index(skewness, pair.treated["n"], pair.control["n"]))
    if skewness != skewness:  # totals that do not say: at nearly equal arms no skewness could do harm
        small, large = sorted((pair.treated["n"], pair.control["n"]))
        if large - small > MOST * np.sqrt(small * large):
            return _untold(one, Reason("skewed_totals", n=one.treatment_n, other=one.control_n))
        return one
    gap = pair.treated["gap"]
    one = replace(one, skewness=skewness, skew_index=index, gap=gap if gap == gap else None)
    if (few := pair.few) is not None:
        one = replace(one, nonzero=(int(pair.treated["nonzero"]), int(pair.control["nonzero"])))
        return _untold(one, Reason("few_nonzero", n=few, least=LEAST_NONZERO))
    carried = _carried(one, _moves(one, pair), least=FEW_IN_TOTALS if units is None else FEW_CARRY)
    if units is not None and (carried or abs(index) > MOST):
        one = _drawn(one, units, theta)
    elif abs(index) > MOST:
        if abs(index) <= MOST_HALL:
            one = _by_hall(one, index)
        else:
            return _untold(one, Reason("skewed_totals", n=one.treatment_n, other=one.control_n))
    moves = _moves(one, pair)
    if any(move != move for move, *_ in moves):
        return one
    one = replace(one, influence=max(abs(move) for move, *_ in moves))
    if one.influence is not None and one.influence >= RULES:
        return _untold(one, Reason("one_unit_rules"))
    if _hangs(one, pair, moves, units, theta):
        return replace(one, doubt=Reason("one_unit"))
    return replace(one, doubt=Reason("few_carry")) if carried and units is None else one


def _carried(one: Comparison, moves: list[tuple[float, str, str]], *, least: float) -> bool:
    """Return whether a clear interval is lost without the few units of the furthest's size that would make all the variance.

    Were all of one size, there were one over the square of the errors that one of them moves.
    """
    if not (one.ci_lower > 0 or one.ci_upper < 0):
        return False
    largest = max((abs(move) for move, *_ in moves), default=0.0)
    helps = max((-move * np.sign(one.estimate) for move, *_ in moves), default=0.0)
    if largest < least:
        return False
    left = abs(one.estimate) / one.standard_error - helps / largest**2
    return bool(left * one.standard_error <= (one.ci_upper - one.ci_lower) / 2)


def _moves(one: Comparison, pair: Pair) -> list[tuple[float, str, str]]:
    """Return by how many standard errors the estimate moves without each arm's furthest units: move, arm, side."""
    found = []
    for arm, sign in (("treated", -1), ("control", 1)):
        shape = getattr(pair, arm)
        for side in ("low", "high"):
            found.append((float(sign * shape[side] / (shape["n"] - 1) / one.standard_error), arm, side))
    return found


def _hangs(
    one: Comparison, pair: Pair, moves: list[tuple[float, str, str]], units: Values | None, theta: np.ndarray
) -> bool:
    """Return whether a clear interval is lost without the unit that helps it most."""
    if not (one.ci_lower > 0 or one.ci_upper < 0) or one.influence is None or one.influence < HANGS:
        return False
    towards = -np.sign(one.estimate)
    move, arm, side = max(moves, key=lambda found: found[0] * towards)
    if move * towards <= 0:
        return False
    if one.draws and units is not None:
        less = _drawn(one, _without(units, one, arm, side), theta)
    else:
        less = _welch_without(one, pair, arm, side)
    return not (less.ci_lower > 0 or less.ci_upper < 0)


def _without(units: Values, one: Comparison, arm: str, side: str) -> Values:
    name = one.treatment if arm == "treated" else one.control
    places = np.flatnonzero(units.arm == name)
    left = units.linearised(units.arm == name)
    gone = places[int(left.argmax() if side == "high" else left.argmin())]
    kept = np.arange(units.arm.size) != gone
    base = None if units.base is None else units.base[kept]
    return Values(units.outcome[kept], base, units.known[kept], units.arm[kept])


def _welch_without(one: Comparison, pair: Pair, arm: str, side: str) -> Comparison:
    """Return *one* by Welch's t from the shapes without one unit."""
    gap, errors, sizes = one.estimate, [], []
    plain = sum(shape["second"] / (shape["n"] - 1) for shape in (pair.treated, pair.control))
    scale = one.standard_error**2 / plain if plain > 0 else 1.0  # what covariates take away
    for name, sign in (("treated", 1), ("control", -1)):
        shape = getattr(pair, name)
        n, total = shape["n"], shape["second"] * shape["n"]
        if name == arm:
            gap -= sign * shape[side] / (n - 1)
            total, n = max(total - shape[side] ** 2 * n / (n - 1), 0.0), n - 1
        errors.append(scale * total / (n - 1) / n)
        sizes.append(n)
    df = float(welch_df(errors[0], sizes[0], errors[1], sizes[1]))
    half = float(t_critical(one.alpha, df)) * float(np.sqrt(sum(errors))) if df == df else 0.0
    return replace(one, ci_lower=gap - half, ci_upper=gap + half)


def _drawn(one: Comparison, units: Values, theta: np.ndarray) -> Comparison:
    ours = np.isin(units.arm, [one.treatment, one.control])
    treated, outcome = units.arm[ours] == one.treatment, units.outcome[ours]
    base = None if units.base is None else units.base[ours]
    if theta.size:
        away = (units.known[ours] - units.known.mean(axis=0)) @ theta
        outcome = outcome - away * (1.0 if base is None else base.mean())
    null = shuffled_units(outcome, treated, rng=np.random.default_rng(SEED), base=base)
    sums = [features(outcome[side], None if base is None else base[side]).sum(axis=0) for side in (treated, ~treated)]
    if base is None:  # around the mean, so that large values keep their digits
        means = [float(outcome[side].mean()) for side in (treated, ~treated)]
        errors = tuple(float(outcome[side].var(ddof=1) / side.sum()) for side in (treated, ~treated))
    else:
        both = [ratio_error(total, int(side.sum())) for total, side in zip(sums, (treated, ~treated), strict=True)]
        means, errors = [float(mean) for mean, _ in both], tuple(float(error) for _, error in both)
    drawn = drawn_interval(means[0] - means[1], float(np.sqrt(sum(errors))), null, alpha=one.alpha)
    test: TestCode = "units_drawn" if base is None else "ratio_drawn"
    return drawn_again(
        replace(one, treatment_mean=means[0], control_mean=means[1]), drawn, test=test, errors=(errors[0], errors[1]),
        variance=one.variance,
    )  # fmt: skip


def _by_hall(one: Comparison, index: float) -> Comparison:
    p_value, lower, upper = hall(one.estimate, one.standard_error, index, one.df, alpha=one.alpha)
    return replace(one, p_value=p_value, ci_lower=float(lower), ci_upper=float(upper), test="hall_t")


def _untold(one: Comparison, why: Reason) -> Comparison:
    return replace(
        one, ci_lower=np.nan, ci_upper=np.nan, p_value=np.nan, lift=None, lift_why=why, detectable=np.nan, test="none",
        cannot_tell=why, standard_error=np.nan,
    )  # fmt: skip
