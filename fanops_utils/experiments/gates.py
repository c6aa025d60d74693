"""Gates: what must hold before any comparison is read. A gate that stops makes the experiment invalid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import p_text
from fanops_utils.workspace.experiment import Experiment, Metric

SEVERE = 0.001


@dataclass(frozen=True)
class SampleRatio:
    """Units per arm against the planned shares: chi-square without correction, `df` arms - 1."""

    chi2: float
    p_value: float
    df: int
    observed: dict[str, int]
    expected: dict[str, float]


@dataclass(frozen=True)
class Gate:
    """One gate: FAIL stops the read-out, REVIEW must be read with it, PASS needs nothing."""

    name: str
    status: Literal["PASS", "REVIEW", "FAIL"]
    finding: str
    action: str = ""
    p_value: float | None = None

    @property
    def stops(self) -> bool:
        """Whether the experiment is invalid because of this gate."""
        return self.status == "FAIL"


def sample_ratio(counts: Mapping[str, int], allocation: Mapping[str, float]) -> SampleRatio:
    """Return the sample-ratio check of *counts* per arm against the shares of *allocation*.

    An arm without units counts as 0. Raises DataError for an arm that was not planned, or no units at all.

    >>> round(sample_ratio({"a": 600, "b": 400}, {"a": 0.5, "b": 0.5}).p_value, 12)
    2.54e-10
    """
    for name in counts:
        if name not in allocation:
            raise DataError("this arm was not planned", value=name, choices=allocation)
    observed = {name: int(counts.get(name, 0)) for name in allocation}
    total = sum(observed.values())
    if total == 0:
        raise DataError("no units in any arm")
    expected = {name: total * share for name, share in allocation.items()}
    chi2 = sum((observed[name] - expected[name]) ** 2 / expected[name] for name in allocation)
    df = len(allocation) - 1
    return SampleRatio(chi2, float(stats.chi2.sf(chi2, df)), df, observed, expected)


def arm_counts(units: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return units per planned arm against the plan: variant, planned (share), units, expected, share."""
    found = units["variant"].value_counts() if len(units) else pd.Series(dtype="int64")
    frame = pd.DataFrame({"variant": list(experiment.allocation), "planned": list(experiment.allocation.values())})
    frame["units"] = [int(found.get(name, 0)) for name in frame["variant"]]
    total = frame["units"].sum()
    return frame.assign(expected=frame["planned"] * total, share=frame["units"] / total if total else float("nan"))


def validity(units: pd.DataFrame, experiment: Experiment) -> tuple[Gate, ...]:
    """Return the gates of *experiment* on its *units* (columns unit_key, variant and one per metric), in fixed order.

    FAIL: a unit without key or variant, twice, in two arms or in an arm not planned; a sample ratio beyond the
    register's `srm_gate`; missing outcomes of a metric that refuses them, or more of them in one arm; a value that is
    infinite, or a conversion that is not 0 or 1; an arm with fewer than two
    outcomes; a decision metric that never varies. Raises DataError for an absent
    column or an empty frame.
    """
    need(units, "unit_key", "variant", *(metric.name for metric in experiment.metrics))
    if units.empty:
        raise DataError("no units of the experiment", value=experiment.id)
    gates = [_identified(units), _unknown_arms(units, experiment), _repeated(units), _crossed(units)]
    gates.append(_ratio_gate(units, experiment))
    for metric in experiment.metrics:
        gates.extend(_metric_gates(units, metric, experiment))
    return tuple(gates)


def _identified(units: pd.DataFrame) -> Gate:
    count = int(units[["unit_key", "variant"]].isna().any(axis=1).sum())
    return _gate("Units identified", count, "units without key or variant", "Repair the assignment log")


def _unknown_arms(units: pd.DataFrame, experiment: Experiment) -> Gate:
    strange = units.loc[~units["variant"].isin(list(experiment.allocation)) & units["variant"].notna(), "variant"]
    named = ", ".join(sorted(str(name) for name in strange.unique())[:3])
    text = f"units in arms that were not planned ({named})" if named else "units in arms that were not planned"
    return _gate("Arms as planned", len(strange), text, "Correct the register or the export")


def _repeated(units: pd.DataFrame) -> Gate:
    count = int(units.duplicated(["unit_key", "variant"]).sum())
    return _gate("Units once", count, "rows repeat a unit of the same arm", "Export one row per unit")


def _crossed(units: pd.DataFrame) -> Gate:
    pairs = units[["unit_key", "variant"]].dropna().drop_duplicates()
    count = int(pairs.loc[pairs["unit_key"].duplicated(), "unit_key"].nunique())
    return _gate("One arm per unit", count, "units were in two arms", "Find why the assignment was not kept")


def _ratio_gate(units: pd.DataFrame, experiment: Experiment) -> Gate:
    counts = units["variant"].value_counts()
    if not counts.index.isin(list(experiment.allocation)).any():
        return Gate("Sample ratio", "FAIL", "no unit is in a planned arm", "Correct the register or the export")
    found = sample_ratio({name: int(counts.get(name, 0)) for name in experiment.allocation}, experiment.allocation)
    shown = ", ".join(f"{name} {n:,}" for name, n in found.observed.items())
    text = f"{shown}: chi2 {found.chi2:.3f}, {p_text(found.p_value)}"
    if found.p_value >= experiment.srm_gate:
        return Gate("Sample ratio", "PASS", f"{text}; the gate is {experiment.srm_gate:g}", p_value=found.p_value)
    how = "a severe mismatch" if found.p_value < SEVERE else "a mismatch"
    action = "Find which units were lost or added before reading any difference"
    return Gate("Sample ratio", "FAIL", f"{text}: {how}, below the gate {experiment.srm_gate:g}", action, found.p_value)


def _metric_gates(units: pd.DataFrame, metric: Metric, experiment: Experiment) -> Iterator[Gate]:
    values = numbers(units[metric.name])
    yield _missing(units, metric, values, experiment.srm_gate)
    strange = np.isinf(values)
    if metric.kind == "conversion":
        strange |= ~np.isnan(values) & ~np.isin(values, [0, 1])
    text = "conversions are neither 0 nor 1" if metric.kind == "conversion" else "values are infinite"
    yield _gate(f"{metric.label}: values", int(strange.sum()), text, "Correct the export")
    known = units.loc[~np.isnan(values), "variant"].value_counts()
    if known.reindex(list(experiment.allocation), fill_value=0).min() < 2:
        yield Gate(f"{metric.label}: units", "FAIL", "an arm has fewer than two outcomes", "Wait for more units")
    if np.unique(values[~np.isnan(values)]).size <= 1:
        status: Literal["REVIEW", "FAIL"] = "FAIL" if metric.role == "decision" else "REVIEW"
        yield Gate(f"{metric.label}: variation", status, "every unit has the same value", "Check the measurement")


def _missing(units: pd.DataFrame, metric: Metric, values: np.ndarray, gate: float) -> Gate:
    name, gone = f"{metric.label}: missing", np.isnan(values)
    count = int(gone.sum())
    if count == 0 or metric.missing == "refuse":
        return _gate(name, count, "outcomes are missing", "Complete them, or declare in the register how to treat them")
    table = pd.crosstab(units["variant"].to_numpy(), gone)
    p_value = float(stats.chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0
    text = f"{count:,} of {len(units):,} outcomes are missing and left out; equal between arms: {p_text(p_value)}"
    if p_value < gate:
        return Gate(name, "FAIL", text, "One arm loses more outcomes: the arms no longer compare", p_value)
    return Gate(name, "REVIEW", text, "Read the result as that of the units with an outcome", p_value)


def _gate(name: str, count: int, text: str, action: str) -> Gate:
    if count == 0:
        return Gate(name, "PASS", f"no {text}")
    return Gate(name, "FAIL", f"{count:,} {text}", action)
