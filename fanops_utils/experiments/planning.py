"""A plan on the workspace's own history: what its metrics looked like without treatment, and what that lets it find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse import Store
from fanops_utils.errors import DataError
from fanops_utils.experiments.history import PlanCheck, baseline, duration, reach, try_plan
from fanops_utils.experiments.intake import columns_of
from fanops_utils.experiments.measure import Measure, measures_of
from fanops_utils.experiments.power import Baseline, Design, Formula, chance, size
from fanops_utils.workspace.experiment import Experiment, Metric
from fanops_utils.workspace.frozen import freeze

LEAST_HISTORY = 50  # outcomes


@dataclass(frozen=True)
class Past:
    """What history has of one metric: its baseline (None where too little), units, origins and traffic a day."""

    metric: Metric
    measure: Measure
    units: pd.DataFrame
    origins: tuple[str, ...]
    units_per_day: float
    baseline: Baseline | None


def history(store: Store, experiment: Experiment) -> dict[str, Past]:
    """Return what the warehouse knows of each metric of *experiment*: units of the control arms that have its columns.

    Past experiments come first; only where none has the metric, the experiment's own control arm.
    """
    table = store.table("experiment_units").to_pandas()
    registers = store.workspace.experiments
    found = {}
    for measure, metric in zip(measures_of(experiment), experiment.metrics, strict=True):
        plain = replace(measure, covariates=tuple(name for name in measure.covariates if name in table.columns))
        found[metric.name] = _past(table, registers, experiment, metric, plain)
    return found


def _past(
    table: pd.DataFrame, registers: Mapping[str, Experiment], experiment: Experiment, metric: Metric, measure: Measure
) -> Past:
    known = set(metric.columns) <= set(table.columns)
    rows = table.dropna(subset=list(metric.columns)) if known else table.head(0)
    others = [name for name in rows["experiment"].unique() if name != experiment.id and name in registers]
    origins = others or [name for name in rows["experiment"].unique() if name in registers]
    rows = rows[rows["experiment"].isin(origins)]
    days = (rows["assigned_at"].max() - rows["assigned_at"].min()).days + 1 if rows["assigned_at"].notna().any() else 0
    control = rows["experiment"].map({name: one.control for name, one in registers.items()})
    units = rows[rows["variant"] == control].rename(columns=columns_of(experiment))
    enough = len(units) >= LEAST_HISTORY
    cluster = experiment.cluster if experiment.cluster in units.columns and enough else None
    if cluster is not None and units[cluster].isna().any():
        cluster = None
    try:
        base = baseline(units, measure, cluster=cluster) if enough else None
    except DataError:
        base = None
    per_day = len(rows) / days / max(len(origins), 1) if days else 0.0
    return Past(metric, measure, units, tuple(str(name) for name in origins), per_day, base)


def design_of(experiment: Experiment) -> Design:
    """Return the test as the register plans it."""
    spending = "always-valid" if experiment.method == "always-valid" else experiment.spending
    return Design(len(experiment.allocation), experiment.alpha, experiment.power, experiment.looks or 1, spending)


def sizes(past: Mapping[str, Past], experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return the size each metric with a smallest effect (or margin) needs: metric, baseline, effect, per_arm, … , formula.

    Shares once per formula. `days` are whole weeks at the traffic of history, or *units_per_day*; NaN without traffic.
    """
    rows = []
    for one in past.values():
        effect = one.metric.smallest_effect or one.metric.margin
        if one.baseline is None or effect is None:
            continue
        formulas: tuple[Formula, ...] = ("miller", "pooled", "cohen-h") if one.metric.is_share else ("miller",)
        for formula in formulas:
            toward = effect if one.metric.direction == "increase" or one.baseline.mean - effect <= 0 else -effect
            needed = size(one.baseline, toward, design=design_of(experiment), formula=formula)
            days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
            rows.append((one.metric.label, one.metric.role, one.baseline.mean, one.baseline.sd, effect, needed.per_arm,
                         needed.total, days, needed.formula))  # fmt: skip
    columns = ["metric", "role", "mean", "sd", "effect", "per_arm", "total", "days", "formula"]
    return pd.DataFrame(rows, columns=columns).astype({"days": "Float64"})


def designs(one: Past, experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return what the decision metric needs under other designs: design, per_arm, total, days, times, formula.

    Fixed, sequential and always-valid looks, more variants, and clusters of 20 with the correlation 0.02.
    """
    effect = one.metric.smallest_effect
    if one.baseline is None or effect is None:
        return pd.DataFrame(columns=["design", "per_arm", "total", "days", "times", "formula"])
    plan = Design(2, experiment.alpha, experiment.power)
    grouped = replace(one.baseline, icc=one.baseline.icc or 0.02, cluster_size=max(one.baseline.cluster_size, 20.0))
    listed = [
        ("one look, two arms", one.baseline, plan),
        ("four looks, O'Brien-Fleming", one.baseline, replace(plan, looks=4)),
        ("four looks, Pocock", one.baseline, replace(plan, looks=4, spending="pocock")),
        ("looks at any time, always-valid", one.baseline, replace(plan, looks=4, spending="always-valid")),
        *((f"{arms - 1} treatments", one.baseline, replace(plan, arms=arms)) for arms in (3, 4, 6)),
        (f"clusters of {grouped.cluster_size:.0f}, correlation {grouped.icc:.2f}", grouped, plan),
    ]
    rows = []
    for name, base, design in listed:
        needed = size(base, effect, design=design)
        days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
        rows.append((name, needed.per_arm, needed.total, days, needed.formula))
    frame = pd.DataFrame(rows, columns=["design", "per_arm", "total", "days", "formula"]).astype({"days": "Float64"})
    return frame.assign(times=frame["total"] / max(int(frame["total"].iloc[0]), 1))


def reachable(one: Past, experiment: Experiment, *, units_per_day: float = 0.0, weeks: int = 8) -> pd.DataFrame:
    """Return the smallest effect found after each week, as `reach`; empty without history or traffic."""
    traffic = units_per_day or one.units_per_day
    if one.baseline is None or traffic <= 0:
        return pd.DataFrame(columns=["weeks", "per_arm", "effect", "lift"])
    return reach(one.baseline, units_per_day=traffic, weeks=weeks, design=design_of(experiment))


def curves(one: Past, experiment: Experiment) -> pd.DataFrame:
    """Return the power of the decision metric by units per arm, for half, once and twice its smallest effect.

    Columns: units, power, effect (as text in the metric's unit), times.
    """
    effect = one.metric.smallest_effect
    if one.baseline is None or effect is None:
        return pd.DataFrame(columns=["units", "power", "effect", "times"])
    design = design_of(experiment)
    top = max(size(one.baseline, effect, design=design).per_arm, 100)
    steps = np.unique(np.linspace(0, 2 * top, 41).round().astype(int))[1:]
    rows = [
        (n, chance(one.baseline, n, effect * times, design=design), times) for times in (2.0, 1.0, 0.5) for n in steps
    ]
    return pd.DataFrame(rows, columns=["units", "power", "times"])


def tried(
    one: Past, experiment: Experiment, *, rng: np.random.Generator, most: int = 20_000, simulations: int = 2_000
) -> PlanCheck | None:
    """Return the plan of the decision metric tried on history: A/A, and its smallest effect injected.

    With the size one look needs, at most *most* units per arm. None without history or a smallest effect.
    """
    effect = one.metric.smallest_effect
    if one.baseline is None or effect is None or one.baseline.mean <= 0:
        return None
    needed = size(
        replace(one.baseline, icc=0.0, cluster_size=1.0), effect, design=Design(2, experiment.alpha, experiment.power)
    )
    per_arm = min(needed.per_arm, most)
    if per_arm < 2:
        return None
    plain = replace(one.measure, covariates=())
    return try_plan(
        one.units, plain, effect=effect, per_arm=per_arm, rng=rng, alpha=experiment.alpha, simulations=simulations
    )


def promised(one: Past, experiment: Experiment, found: PlanCheck | None) -> float:
    """Return the power that the size of *found* promises by the formula; NaN without a check."""
    if found is None or one.baseline is None:
        return float("nan")
    plain = replace(one.baseline, icc=0.0, cluster_size=1.0)
    return chance(plain, found.per_arm, found.effect, design=Design(2, experiment.alpha, experiment.power))


def frozen(path: Path, experiment: Experiment) -> Experiment:
    """Freeze the register at *path* and return *experiment* as frozen.

    Raises WorkspaceError where it was frozen before with other content.
    """
    return experiment.model_copy(update={"frozen": freeze(path, Experiment)})
