"""Looks: every scheduled read-out is one. Which were planned, and how much error each may spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from fanops_utils.experiments.looks.always_valid import always_p, critical
from fanops_utils.experiments.looks.spending import bounds, crossing, repeated_p, spent
from fanops_utils.experiments.statistics.tails import normal_critical, normal_p
from fanops_utils.workspace.registers.experiment import Experiment

LEAST_LEVEL = 1e-12


@dataclass(frozen=True)
class Look:
    """One look that was taken: day the data reached, units, share of the planned information, what it said.

    `z` is that of the first decision metric; NaN where nothing was compared.
    """

    as_of: date
    units: int
    fraction: float
    z: float = np.nan
    verdict: str = ""


@dataclass(frozen=True)
class LookState:
    """The look being taken, among those planned.

    `number` counts from 1; `fractions` are those of all looks up to this one, `information` their units as shares of those
    now. `level` is the two-sided error this
    look may be judged at by itself, `spent` what all looks up to it have used of alpha. `is_final` says that no
    further look is planned. `peeked` is the error rate the looks taken would have had, had each been judged at alpha.
    """

    method: str
    number: int
    planned: int
    fractions: tuple[float, ...]
    critical: float
    level: float
    spent: float
    is_final: bool
    peeked: float
    information: tuple[float, ...] = ()

    @property
    def unplanned(self) -> int:
        """Looks beyond those planned."""
        return max(self.number - self.planned, 0)


def plan_look(
    experiment: Experiment, looks: Sequence[Look], *, as_of: date | None, units: int, waiting: bool = False
) -> LookState:
    """Return the state of a look at *units* units with data up to *as_of*, after the *looks* taken before.

    Units are those whose window is over; *waiting* says that more are to come, though nobody is assigned any more. Looks
    recorded for the same or a later day are not before it: a read-out run twice on one day is one look.
    """
    before = sorted((one for one in looks if as_of is None or one.as_of < as_of), key=lambda one: one.as_of)
    final = (experiment.period is None or as_of is None or as_of >= experiment.period.end) and not waiting
    fraction = information(experiment, as_of=as_of, units=units, waiting=waiting)
    taken = _increasing([(one.fraction, one.units) for one in before])
    last = taken[-1] if taken else (0.0, 0)
    adds = fraction > last[0]
    fractions = tuple(one for one, _ in taken) + ((fraction,) if adds else ())
    shared = _shared([one for _, one in taken] + ([units] if adds else []), fractions)
    limit, used = _limit(experiment, fractions, shared, adds=adds)
    final = final or (experiment.method == "sequential" and fraction >= 1)
    number = len(before) + 1
    return LookState(
        method=experiment.method,
        number=number,
        planned=experiment.looks or 1,
        fractions=fractions,
        critical=limit,
        level=max(float(normal_p(limit)), LEAST_LEVEL),
        spent=used,
        is_final=final,
        peeked=sum(crossing([float(normal_critical(experiment.alpha))] * len(fractions), shared)),
        information=shared,
    )


def information(experiment: Experiment, *, as_of: date | None, units: int, waiting: bool = False) -> float:
    """Return the share of the planned information that is in: of the units planned, else of the period's days.

    Once the period is over all of it is in: what was not spent before may be spent then. Not above 1, but for the
    always-valid method, which knows no end.
    """
    over = (experiment.period is None or as_of is None or as_of >= experiment.period.end) and not waiting
    if experiment.method == "always-valid":
        return units / experiment.planned_units if experiment.planned_units else _days(experiment, as_of)
    if over and not (experiment.period is None and experiment.planned_units):
        return 1.0
    if experiment.planned_units:
        return min(units / experiment.planned_units, 1.0)
    return min(_days(experiment, as_of), 1.0 - 1e-6 if waiting else 1.0)


def sequential_p(p_value: float, state: LookState, experiment: Experiment) -> float:
    """Return *p_value* of one look as that of the whole plan of looks: below alpha where the look may stop the test."""
    if np.isnan(p_value) or state.method == "fixed":
        return p_value
    z = float(normal_critical(max(p_value, 1e-300)))
    if state.method == "always-valid":
        return float(always_p(z, state.fractions[-1], alpha=experiment.alpha))
    if np.isinf(state.critical):
        return 1.0
    return repeated_p(z, state.fractions, spending=experiment.spending, information=state.information or None)


def _days(experiment: Experiment, as_of: date | None) -> float:
    if experiment.period is None or as_of is None:
        return 1.0
    return max((as_of - experiment.period.start).days + 1, 1) / experiment.period.days


def _increasing(looks: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    kept: list[tuple[float, int]] = []
    for fraction, units in looks:
        if fraction > (kept[-1][0] if kept else 0.0):
            kept.append((fraction, units))
    return kept


def _shared(units: Sequence[int], fractions: tuple[float, ...]) -> tuple[float, ...]:
    """Return *units* as shares of the last; the planned *fractions* where units do not grow from look to look."""
    if not units or units[0] <= 0 or any(later <= one for one, later in pairwise(units)):
        return fractions
    return tuple(one / units[-1] for one in units)


def _limit(
    experiment: Experiment, fractions: tuple[float, ...], shared: tuple[float, ...], *, adds: bool
) -> tuple[float, float]:
    """Return the critical value of the last of *fractions* and the error spent with it."""
    alpha = experiment.alpha
    if experiment.method == "fixed":
        return float(normal_critical(alpha)), alpha
    if experiment.method == "always-valid":
        return float(critical(fractions[-1], alpha=alpha)), alpha
    used = spent(experiment.spending, fractions[-1], alpha=alpha)
    if not adds:
        return float("inf"), used
    return bounds(fractions, alpha=alpha, spending=experiment.spending, information=shared)[-1], used
