"""Measures: what the moments are taken of, named once for frames, tables and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.experiment_metric import Kind

SHARES = ("conversion", "retention")


@dataclass(frozen=True)
class Measure:
    """A metric as columns: its outcome, for a ratio its denominator, the covariates that go with it, its caps.

    `column` is the outcome or, for a ratio, the numerator. `winsorise` is the quantile of all units beyond which, at
    either end, a value is set to it.
    """

    name: str
    kind: Kind
    column: str
    denominator: str | None = None
    covariates: tuple[str, ...] = ()
    winsorise: float | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        pair = (self.column,) if self.denominator is None else (self.column, self.denominator)
        return (*pair, *self.covariates)


def measures_of(experiment: Experiment, *, winsorised: bool = True) -> tuple[Measure, ...]:
    """Return the metrics of *experiment* as measures, in the register's order; its covariates go with each."""
    covariates = tuple(one.column for one in experiment.covariates)
    return tuple(
        Measure(
            name=metric.name,
            kind=metric.kind,
            column=metric.columns[0],
            denominator=metric.columns[1] if metric.kind == "ratio" else None,
            covariates=covariates,
            winsorise=metric.winsorise if winsorised else None,
        )
        for metric in experiment.metrics
    )


def as_measures(metrics: Mapping[str, Kind] | Iterable[Measure]) -> tuple[Measure, ...]:
    """Return *metrics* as measures; a mapping gives the kind of each column.

    >>> as_measures({"opened": "conversion"})[0].columns
    ('opened',)
    """
    if isinstance(metrics, Mapping):
        return tuple(Measure(name, kind, name) for name, kind in metrics.items())
    return tuple(metrics)
