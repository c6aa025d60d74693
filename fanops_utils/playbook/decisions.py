"""The review of decisions: what the strongest evidence says of one on its day: kept, change, stop, or too early."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from fanops_utils.workspace.registers.decision import Band, Baseline, Decision

if TYPE_CHECKING:
    from fanops_utils.metrics.intervals import Interval

Strength = Literal["experiment", "campaign", "trend"]
Ruling = Literal["kept", "change", "stop", "cannot_tell"]
Why = Literal["helped", "hurt", "short", "unclear", "no_interval", "no_evidence"]
Standing = Literal["open", "due", "overdue", "reviewed"]
STRENGTH: tuple[Strength, ...] = ("experiment", "campaign", "trend")  # strongest first
DUE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a decision's effect: the `change` of its metric with its interval, and how that is known.

    experiment: against a random half left alone. campaign: against what would have come anyway. trend: against before,
    with everything else that changed in it. `relative`: the change is a part of the baseline, else in the metric's unit.
    `source` is the report that measured it, `unit` the kind of unit its change is told in (that of `text.Unit`).
    """

    strength: Strength
    change: Interval
    relative: bool = True
    source: str = ""
    unit: str = ""

    @property
    def told(self) -> bool:
        """Whether its interval is known: without one it says nothing."""
        return all(math.isfinite(end) for end in (self.change.ci_lower, self.change.ci_upper))


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the evidence says of a decision; `sized` is whether its size could be held against the expected band."""

    ruling: Ruling
    why: Why
    evidence: Evidence | None = None
    sized: bool = False


def standing(decision: Decision, *, on: date) -> Standing:
    """Return where a decision stands on the day *on*; due from two weeks before its review to that day, then overdue."""
    state = decision.state(on)
    if state == "open" and decision.review is not None and on >= decision.review - DUE_WITHIN:
        return "due"
    return state


def to_review(decision: Decision, *, on: date) -> bool:
    """Return whether the day of its review has come and nobody has closed it."""
    return not decision.closed and decision.review is not None and decision.review <= on


def strongest(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the strongest of *evidence* that has an interval; among equals the narrowest. Without any, the strongest."""
    given = list(evidence)
    told = [one for one in given if one.told]
    return min(told or given, key=_place, default=None)


def _place(one: Evidence) -> tuple[int, float]:
    return STRENGTH.index(one.strength), one.change.ci_upper - one.change.ci_lower


def review(decision: Decision, evidence: Iterable[Evidence], *, better: Literal["up", "down"] | None = None) -> Review:
    """Return what the strongest *evidence* says of *decision*.

    stop: the whole interval lies on the wrong side of zero. change: it lies wholly short of the expected band. kept: it
    lies on the right side. Otherwise it cannot be told. *better* is where the metric is to move: by default the way the
    expected band points, up where there is none.
    """
    seen = strongest(evidence)
    if seen is None or not seen.told:
        return Review(ruling="cannot_tell", why="no_interval" if seen else "no_evidence", evidence=seen)
    band = decision.band if decision.band and decision.band.relative == seen.relative else None
    way = -1.0 if (better or _points(decision.band)) == "down" else 1.0
    low, high = sorted((way * seen.change.ci_lower, way * seen.change.ci_upper))
    asked = min(way * band.low, way * band.high) if band else None
    sized = band is not None
    if high < min(0.0, asked if asked is not None else 0.0):
        return Review(ruling="stop", why="hurt", evidence=seen, sized=sized)
    if asked is not None and high < asked:
        return Review(ruling="change", why="short", evidence=seen, sized=sized)
    if low > 0 or (asked is not None and low >= asked):
        return Review(ruling="kept", why="helped", evidence=seen, sized=sized)
    return Review(ruling="cannot_tell", why="unclear", evidence=seen, sized=sized)


def _points(band: Band | None) -> Literal["up", "down"]:
    return "down" if band is not None and band.low + band.high < 0 else "up"


def trend(baseline: Baseline, now: Interval, *, relative: bool = True) -> Evidence:
    """Return the plain change from *baseline* to *now*: the weakest evidence, as nothing stands against it.

    Relative: the ratio less one, its interval from both, on the log scale; without a positive value at both ends it is
    not known. Absolute: the difference. Without an interval on both sides there is none (NaN); a complete count has none,
    as it goes up and down by itself.
    """
    from fanops_utils.metrics.intervals import Interval  # here: pages are made without the libraries that measure

    ends = (baseline.low, baseline.high)
    before = [math.nan if end is None else end for end in ends]
    if relative:
        points = (baseline.value, now.estimate, *before, now.ci_lower, now.ci_upper)
        if not all(point > 0 for point in points):
            ratio = now.estimate / baseline.value - 1 if baseline.value > 0 else math.nan
            return Evidence(strength="trend", change=Interval(ratio, math.nan, math.nan, now.n))
        middle = math.log(now.estimate / baseline.value)
        spread = math.hypot(
            _half(math.log(before[0]), math.log(before[1])), _half(math.log(now.ci_lower), math.log(now.ci_upper))
        )
        change = Interval(math.expm1(middle), math.expm1(middle - spread), math.expm1(middle + spread), now.n)
        return Evidence(strength="trend", change=change)
    moved, spread = now.estimate - baseline.value, math.hypot(_half(*before), _half(now.ci_lower, now.ci_upper))
    return Evidence(strength="trend", change=Interval(moved, moved - spread, moved + spread, now.n), relative=False)


def _half(low: float, high: float) -> float:
    return (high - low) / 2 if high > low else math.nan
