"""What an effect is worth: money per thousand units and over a roll-out, with the interval of the effect."""

from __future__ import annotations

from dataclasses import dataclass

from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.metrics.intervals import Interval
from fanops_utils.workspace.registers.experiment import Experiment


@dataclass(frozen=True)
class Worth:
    """Money a treatment brings: `per_thousand` units, and for `units` units; currency of the register."""

    metric: str
    treatment: str
    per_thousand: Interval
    whole: Interval | None
    units: int | None
    currency: str | None


def worth(found: Comparison, experiment: Experiment, *, units: int | None = None) -> Worth | None:
    """Return what *found* is worth at the metric's `value`; None where the register gives none or nothing can be told.

    *units* is the size of the roll-out, for a total. The interval is the effect's alone: the value is taken as given.
    """
    value = experiment.metric(found.metric).value
    if value is None or found.cannot_tell:
        return None
    thousand = _scaled(found, value * 1_000)
    whole = None if units is None else _scaled(found, value * units)
    return Worth(found.metric, found.treatment, thousand, whole, units, experiment.currency)


def _scaled(found: Comparison, factor: float) -> Interval:
    return Interval(found.estimate * factor, found.ci_lower * factor, found.ci_upper * factor, found.n)
