"""Sample ratio: units per arm against the planned shares, as a whole and in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments.intake.rows import Units, units_by_arm
from fanops_utils.experiments.statistics.multiple import adjusted_p
from fanops_utils.text import say
from fanops_utils.workspace.registers.experiment import Experiment

SEVERE = 0.001
NOTABLE = 0.001  # a share this far from its plan; a smaller mismatch, however sure, is not called severe
ROUNDED = 0.01  # a share of two digits, the last of which makes them add up to one
LEAST_EXPECTED = 5  # chi-square needs as many units expected in every arm of a cell


@dataclass(frozen=True)
class SampleRatio:
    """Units per arm against the planned shares: chi-square without correction, `df` arms - 1.

    `deviation` is the largest distance of an arm's share from its planned share.
    """

    chi2: float
    p_value: float
    df: int
    observed: dict[str, int]
    expected: dict[str, float]

    @property
    def deviation(self) -> float:
        """Largest distance of an arm's share of units from the planned share."""
        total = sum(self.observed.values())
        return max(abs(self.observed[name] - self.expected[name]) / total for name in self.observed)

    @property
    def is_severe(self) -> bool:
        """Whether chance is out of the question: p below 0.001 and a share at least 0.1 points off."""
        return self.p_value < SEVERE and self.deviation >= NOTABLE


def sample_ratio(counts: Mapping[str, int], allocation: Mapping[str, float]) -> SampleRatio:
    """Return the sample-ratio check of *counts* per arm against the shares of *allocation*.

    An arm without units counts as 0. Raises DataError for an arm that was not planned, or no units at all.

    >>> round(sample_ratio({"a": 600, "b": 400}, {"a": 0.5, "b": 0.5}).p_value, 12)
    2.54e-10
    """
    for name in counts:
        if name not in allocation:
            raise DataError(say("this arm was not planned"), value=name, choices=allocation)
    observed = {name: int(counts.get(name, 0)) for name in allocation}
    total = sum(observed.values())
    if total == 0:
        raise DataError(say("no units in any arm"))
    expected = {name: total * share for name, share in allocation.items()}
    chi2 = sum((observed[name] - expected[name]) ** 2 / expected[name] for name in allocation)
    df = len(allocation) - 1
    return SampleRatio(chi2, float(stats.chi2.sf(chi2, df)), df, observed, expected)


def rounded_equal(allocation: Mapping[str, float]) -> dict[str, float] | None:
    """Return equal shares where those of *allocation* are such shares rounded (thirds as 0.33, 0.33, 0.34), else None.

    >>> rounded_equal({"a": 0.5, "b": 0.5}) is None, rounded_equal({"a": 0.33, "b": 0.33, "c": 0.34}) is None
    (True, False)
    """
    even = 1 / len(allocation)
    apart = max(abs(share - even) for share in allocation.values())
    return dict.fromkeys(allocation, even) if 1e-9 < apart <= ROUNDED else None


def sample_ratio_by(cells: Mapping[str, Mapping[str, int]], allocation: Mapping[str, float]) -> pd.DataFrame:
    """Return the sample-ratio check of every cell (a market, a day): cell, units, chi2, p_value, p_adjusted (Holm).

    Cells where an arm would expect fewer than five units are left out: chi-square says nothing of them.
    """
    rows = []
    for cell, counts in cells.items():
        planned = {name: int(counts.get(name, 0)) for name in allocation}
        total = sum(planned.values())
        if total * min(allocation.values()) >= LEAST_EXPECTED:
            found = sample_ratio(planned, allocation)
            rows.append((cell, total, found.chi2, found.p_value))
    frame = pd.DataFrame(rows, columns=["cell", "units", "chi2", "p_value"])
    return frame.assign(p_adjusted=adjusted_p(frame["p_value"].to_numpy(dtype=float), method="holm"))


def arm_counts(units: Units, experiment: Experiment) -> pd.DataFrame:
    """Return units per planned arm against the plan: variant, planned (share), units, expected, share."""
    frame = pd.DataFrame({"variant": list(experiment.allocation), "planned": list(experiment.allocation.values())})
    frame["units"] = list(units_by_arm(units, experiment).values())
    total = frame["units"].sum()
    return frame.assign(expected=frame["planned"] * total, share=frame["units"] / total if total else float("nan"))
