"""The figures at the head of the reports on experiments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.playbook import KeyNumber, KeyNumbers, Section
from fanops_utils.sections.experiments.amounts import amount, level, moves, towards
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Count, Range, Sayable, Signed, in_words, say, term
from fanops_utils.workspace import Experiment, Metric


def of_readout(found: ReadOut | None, experiment: Experiment, *, effect: Section) -> KeyNumbers:
    """Return the strip: the effect in its unit and relative, both arms, the units, the smallest effect that matters."""
    if found is None:
        return KeyNumbers.of()
    metric = experiment.first_decision
    units = (
        KeyNumber(id="units", label=term("In the test", "key number"), value=Count(found.units))
        if found.units
        else None
    )
    read = next(
        (one for one in found.comparisons if one.metric == metric.name and found.winner in (None, one.treatment)), None
    )
    if read is None:
        return KeyNumbers.of(units)
    return KeyNumbers.of(
        measured(effect, term("Effect", "key number"), metric=moves(metric), target=_smallest(experiment)),
        _relative(read, metric),
        KeyNumber(
            id="treatment",
            metric=moves(metric),
            label=_mean_of(read.treatment),
            value=level(read.treatment_mean, metric),
        ),
        KeyNumber(
            id="control", metric=moves(metric), label=_mean_of(read.control), value=level(read.control_mean, metric)
        ),
        _compared(units, found, read),
    )


def _compared(units: KeyNumber | None, found: ReadOut, read: Comparison) -> KeyNumber | None:
    """Return the figure *units* with how many of them are compared, where that is not all."""
    compared = read.treatment_n + read.control_n
    if units is None or len({one.treatment for one in found.comparisons}) > 1 or not 0 < compared < found.units:
        return units
    return replace(units, note=say("{n} of them compared", n=compared))


def of_plan(sizes: pd.DataFrame, size: Section, experiment: Experiment) -> KeyNumbers:
    """Return the strip: the units and days a test needs, and the smallest effect it is to find (*sizes* of the plan)."""
    metric = experiment.first_decision
    ours = sizes[sizes["metric"] == metric.name]
    days = ours["days"].iloc[0] if len(ours) else np.nan
    least = metric.smallest_effect
    length, seen = (
        term("Days at the traffic there is", "key number"),
        term("Smallest effect that matters", "key number"),
    )
    return KeyNumbers.of(
        measured(size, term("Units needed", "key number")),
        KeyNumber(id="days", label=length, value=Count(float(days))) if pd.notna(days) else None,
        KeyNumber(id="smallest", metric=moves(metric), label=seen, value=amount(least, metric)) if least else None,
    )


def of_portfolio(sound: Section, luck: Section, *, tests: int) -> KeyNumbers:
    """Return the strip: how many experiments, how many were sound, how many won, what the winners may be worth."""
    return KeyNumbers.of(
        KeyNumber(id="experiments", label=term("Experiments", "key number"), value=Count(tests)) if tests else None,
        measured(sound, term("Valid experiments", "key number"), name="validity"),
        measured(sound, term("Finished ones that won", "key number"), name="wins"),
        measured(luck, term("Lift to expect of the winners", "key number"), name="luck"),
    )


def _smallest(experiment: Experiment) -> Sayable | None:
    least = experiment.first_decision.smallest_effect
    metric = experiment.first_decision
    return say("what matters: {size}", size=amount(towards(metric) * least, metric)) if least else None


def _relative(read: Comparison, metric: Metric) -> KeyNumber | None:
    if read.lift is None or not np.isfinite(read.lift.estimate):
        return None
    note = Range(Signed(read.lift.ci_lower), Signed(read.lift.ci_upper))
    label = term("Relative to the control", "key number")
    return KeyNumber(id="lift", metric=moves(metric), label=label, value=Signed(read.lift.estimate), note=note)


def _mean_of(arm: str) -> Sayable:
    return term("With “{arm}”", "key number", arm=in_words(arm))
