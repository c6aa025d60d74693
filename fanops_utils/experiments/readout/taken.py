"""The look that a read-out is: told beside those before it, and told to the run where it spends error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.experiments.looks.plan import Look
from fanops_utils.experiments.looks.spending import bounds
from fanops_utils.experiments.readout.decision import ReadOut
from fanops_utils.experiments.readout.rules import improvement
from fanops_utils.workspace.registers.experiment import Experiment


def look_table(found: ReadOut | None, experiment: Experiment, looks: Sequence[Look] = ()) -> pd.DataFrame:
    """Return the looks taken with this one: look, as_of, units, fraction, bound (|z| that decides), z, spent alpha.

    A fixed method has one bound for its one look. Empty without a read-out.
    """
    if found is None or found.look is None:
        return pd.DataFrame(columns=["look", "as_of", "units", "fraction", "bound", "z"])
    now = look_of(found, experiment)
    before = sorted((one for one in looks if now.as_of is None or one.as_of < now.as_of), key=lambda one: one.as_of)
    taken = [
        *((one.as_of, one.units, one.fraction, one.z) for one in before),
        (now.as_of, now.units, now.fraction, now.z),
    ]
    rows = [(number, *one) for number, one in enumerate(taken, start=1)]
    frame = pd.DataFrame(rows, columns=["look", "as_of", "units", "fraction", "z"])
    limits: Sequence[float] = [found.look.critical] * len(frame)
    rising = frame["fraction"].is_monotonic_increasing and frame["fraction"].is_unique
    if experiment.method == "sequential" and rising:
        sizes = frame["units"]
        grows = bool(sizes.is_monotonic_increasing and sizes.is_unique and sizes.iloc[0] > 0)
        limits = bounds(
            frame["fraction"].tolist(), alpha=experiment.alpha, spending=experiment.spending,
            information=sizes.tolist() if grows else None,
        )  # fmt: skip
    return frame.assign(bound=limits)


@dataclass(frozen=True)
class Taken:
    """The look that a read-out was: as `Look`, its day None where nothing dates it."""

    as_of: date | None
    units: int
    fraction: float
    z: float
    verdict: str


def look_of(found: ReadOut, experiment: Experiment, *, as_of: date | None = None) -> Taken:
    """Return the look that *found* was: on *as_of*, its last day or, undated, the last of the period.

    Its z is that of the treatment that did best, to six decimals: the order in which a database sums shows in the last
    ones, and a look read again must be the same.
    """
    metric = experiment.first_decision
    ours = [one for one in found.comparisons if one.metric == metric.name and not one.cannot_tell]
    z = max(ours, key=lambda one: improvement(one, metric)[0]).z if ours else np.nan
    share = found.look.fractions[-1] if found.look else 1.0
    day = as_of or found.seen or found.last_day or (experiment.period.end if experiment.period else None)
    return Taken(day, found.units, share, round(float(z), 6), found.verdict)


def due_looks(found: ReadOut | None, experiment: Experiment) -> tuple[dict[str, Any], ...]:
    """Return *found* as the look that a run is to record (`record_look`); nothing where it spends nothing.

    Looks of methods with several spend, and looks at a fixed test before its end. Reading a finished test again spends
    nothing.
    """
    if found is None or found.look is None or (experiment.method == "fixed" and found.look.is_final):
        return ()
    taken = look_of(found, experiment)
    if taken.as_of is None:
        return ()
    return ({
        "experiment": experiment.id, "day": taken.as_of.isoformat(), "units": taken.units, "fraction": taken.fraction,
        "z": None if np.isnan(taken.z) else taken.z, "verdict": taken.verdict,
    },)  # fmt: skip
