"""The look that a read-out is: told beside those before it, and counted where it spends error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.experiments.looks.plan import Look
from fanops_utils.experiments.looks.record import looks_path, record_look
from fanops_utils.experiments.looks.spending import bounds
from fanops_utils.experiments.readout.decision import ReadOut
from fanops_utils.experiments.readout.rules import improvement
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.experiment import Experiment


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
