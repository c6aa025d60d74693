"""Looks: every scheduled read-out is one. Which were planned, which were taken, and how much error each may spend."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from filelock import FileLock

from fanops_utils.errors import DataError
from fanops_utils.experiments.always_valid import always_p, critical
from fanops_utils.experiments.rules import improvement
from fanops_utils.experiments.spending import bounds, crossing, repeated_p, spent
from fanops_utils.experiments.tails import normal_critical, normal_p
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.experiment import Experiment
from fanops_utils.workspace.reads import note_file

if TYPE_CHECKING:
    from fanops_utils.experiments.decision import ReadOut  # which reads the looks taken before it

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

    `number` counts from 1; `fractions` are those of all looks up to this one. `level` is the two-sided error this
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

    @property
    def unplanned(self) -> int:
        """Looks beyond those planned."""
        return max(self.number - self.planned, 0)


def plan_look(experiment: Experiment, looks: Sequence[Look], *, as_of: date | None, units: int) -> LookState:
    """Return the state of a look at *units* units with data up to *as_of*, after the *looks* taken before.

    Looks recorded for the same or a later day are not before it: a read-out run twice on one day is one look.
    """
    before = sorted((one for one in looks if as_of is None or one.as_of < as_of), key=lambda one: one.as_of)
    final = experiment.period is None or as_of is None or as_of >= experiment.period.end
    fraction = information(experiment, as_of=as_of, units=units)
    taken = _increasing([one.fraction for one in before])
    fractions = (*taken, fraction) if not taken or fraction > taken[-1] else tuple(taken)
    adds = len(fractions) > len(taken)
    limit, used = _limit(experiment, fractions, adds=adds)
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
        peeked=sum(crossing([float(normal_critical(experiment.alpha))] * len(fractions), fractions)),
    )


def information(experiment: Experiment, *, as_of: date | None, units: int) -> float:
    """Return the share of the planned information that is in: of the units planned, else of the period's days.

    Once the period is over all of it is in: what was not spent before may be spent then. Not above 1, but for the
    always-valid method, which knows no end.
    """
    over = experiment.period is None or as_of is None or as_of >= experiment.period.end
    if experiment.method == "always-valid":
        return units / experiment.planned_units if experiment.planned_units else _days(experiment, as_of)
    if over and not (experiment.period is None and experiment.planned_units):
        return 1.0
    if experiment.planned_units:
        return min(units / experiment.planned_units, 1.0)
    return min(_days(experiment, as_of), 1.0)


def sequential_p(p_value: float, state: LookState, experiment: Experiment) -> float:
    """Return *p_value* of one look as that of the whole plan of looks: below alpha where the look may stop the test."""
    if np.isnan(p_value) or state.method == "fixed":
        return p_value
    z = float(normal_critical(max(p_value, 1e-300)))
    if state.method == "always-valid":
        return float(always_p(z, state.fractions[-1], alpha=experiment.alpha))
    if np.isinf(state.critical):
        return 1.0
    return repeated_p(z, state.fractions, spending=experiment.spending)


def looks_path(folder: Path, experiment: str) -> Path:
    """Return where the looks of *experiment* are kept in the workspace at *folder*."""
    return folder / "experiments" / f"{experiment}.looks.csv"


def read_looks(path: Path) -> tuple[Look, ...]:
    """Return the looks recorded at *path*, oldest first; none where there is no file. Raises DataError with its row."""
    if not note_file(path).is_file():
        return ()
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                day, size, share = date.fromisoformat(row["as_of"]), int(row["units"]), float(row["fraction"])
                found.append(Look(day, size, share, float(row.get("z") or "nan"), row.get("verdict") or ""))
            except (KeyError, TypeError, ValueError) as error:
                hint = "Each row is a day, units and a share between 0 and 1"
                raise DataError(f"not a look ({error})", file=path, row=number, hint=hint) from None
    return tuple(sorted(found, key=lambda look: look.as_of))


def record_look(path: Path, look: Look) -> tuple[Look, ...]:
    """Write *look* to the file at *path*, in place of one of the same day, and return all looks; in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        kept = [one for one in read_looks(path) if one.as_of != look.as_of]
        listed = tuple(sorted([*kept, look], key=lambda one: one.as_of))
        part = path.with_name(f".{path.name}.part")
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [one.name for one in fields(Look)], lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(one) for one in listed)
        part.replace(path)
        note_file(path)  # with this look: read again it would be the same
    return listed


def look_table(found: ReadOut | None, experiment: Experiment, looks: Sequence[Look] = ()) -> pd.DataFrame:
    """Return the looks taken with this one: look, as_of, units, fraction, bound (|z| that decides), z, spent alpha.

    A fixed method has one bound for its one look. Empty without a read-out.
    """
    if found is None or found.look is None:
        return pd.DataFrame(columns=["look", "as_of", "units", "fraction", "bound", "z"])
    now = look_of(found, experiment)
    taken = [*sorted((one for one in looks if one.as_of < now.as_of), key=lambda one: one.as_of), now]
    rows = [(number, one.as_of, one.units, one.fraction, one.z) for number, one in enumerate(taken, start=1)]
    frame = pd.DataFrame(rows, columns=["look", "as_of", "units", "fraction", "z"])
    limits: Sequence[float] = [found.look.critical] * len(frame)
    rising = frame["fraction"].is_monotonic_increasing and frame["fraction"].is_unique
    if experiment.method == "sequential" and rising:
        limits = bounds(frame["fraction"].tolist(), alpha=experiment.alpha, spending=experiment.spending)
    return frame.assign(bound=limits)


def look_of(found: ReadOut, experiment: Experiment, *, as_of: date | None = None) -> Look:
    """Return the look that *found* was, as it is recorded: on *as_of*, its last day or, undated, the day it is read.

    Its z is that of the treatment that did best, to six decimals: the order in which a database sums shows in the last
    ones, and a look read again must be the same.
    """
    metric = experiment.first_decision
    ours = [one for one in found.comparisons if one.metric == metric.name and not one.cannot_tell]
    z = max(ours, key=lambda one: improvement(one, metric)[0]).z if ours else np.nan
    share = found.look.fractions[-1] if found.look else 1.0
    day = as_of or found.last_day or (experiment.period.end if experiment.period else date.today())
    return Look(day, found.units, share, round(float(z), 6), found.verdict)


def past_looks(workspace: Workspace, experiment: Experiment) -> tuple[Look, ...]:
    """Return the looks recorded for *experiment* in *workspace*."""
    return read_looks(looks_path(workspace.path, experiment.id))


def count_look(workspace: Workspace, experiment: Experiment, found: ReadOut | None) -> bool:
    """Record *found* as a look that spends alpha; return whether it was.

    Recorded are looks of methods with several, and looks at a fixed test before its end. Reading a finished test again
    spends nothing.
    """
    if found is None or found.look is None or not (found.last_day or experiment.period):
        return False
    if experiment.method == "fixed" and found.look.is_final:
        return False
    record_look(looks_path(workspace.path, experiment.id), look_of(found, experiment))
    return True


def _days(experiment: Experiment, as_of: date | None) -> float:
    if experiment.period is None or as_of is None:
        return 1.0
    return max((as_of - experiment.period.start).days + 1, 1) / experiment.period.days


def _increasing(fractions: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for fraction in fractions:
        if fraction > (kept[-1] if kept else 0.0):
            kept.append(fraction)
    return kept


def _limit(experiment: Experiment, fractions: tuple[float, ...], *, adds: bool) -> tuple[float, float]:
    """Return the critical value of the last of *fractions* and the error spent with it."""
    alpha = experiment.alpha
    if experiment.method == "fixed":
        return float(normal_critical(alpha)), alpha
    if experiment.method == "always-valid":
        return float(critical(fractions[-1], alpha=alpha)), alpha
    used = spent(experiment.spending, fractions[-1], alpha=alpha)
    if not adds:
        return float("inf"), used
    return bounds(fractions, alpha=alpha, spending=experiment.spending)[-1], used
