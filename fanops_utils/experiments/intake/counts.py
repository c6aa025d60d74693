"""What the gates need to know of the units, as numbers: whether a frame or a table was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

DATED = timedelta(days=1)  # assignment may be logged in another time zone than the period is meant in


@dataclass(frozen=True)
class Outcomes:
    """One metric: units without an outcome, with one, by arm; values it cannot have; smallest and largest value.

    Of a metric with a window, `early` outcomes are there though their window is not over, and `late` ones are missing
    though it is, by more than the day that a time zone may shift; None where that cannot be told. `immature` are the units of
    each arm whose window is not over: they are neither known nor missing.
    """

    missing: dict[str, int]
    known: dict[str, int]
    odd: int
    low: float
    high: float
    early: int | None = None
    late: int | None = None
    immature: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Intake:
    """The units as counted. `nested` are columns whose values repeat, each within one arm: values, rows to each.
    `cells` are units per (market or day, its value, variant); None is not known.
    Assignment ends on `last_day`, the outcomes cover the days up to `covered`.
    """

    rows: int
    arms: dict[str, int]
    unidentified: int
    repeated: int
    crossed: int
    outcomes: dict[str, Outcomes]
    cells: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    outside: int | None = None
    last_day: date | None = None
    covered: date | None = None
    first_day: date | None = None
    nested: dict[str, tuple[int, float]] = field(default_factory=dict)
    split_clusters: int | None = None
    clusters: dict[str, int] | None = None
    covariates_missing: dict[str, int] = field(default_factory=dict)


def matured(intake: Intake, metrics: Iterable[str]) -> int:
    """Return the units whose windows are over in all of *metrics*: what a look is taken at."""
    waiting = max((sum(intake.outcomes[name].immature.values()) for name in metrics), default=0)
    return intake.rows - waiting


def families(columns: Iterable[str]) -> dict[str, str]:
    """Return which columns the units are cut by for the gates, by what they are: market, day."""
    return {name: column for name, column in (("market", "market"), ("day", "assigned_at")) if column in columns}
