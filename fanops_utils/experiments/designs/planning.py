"""A plan on the workspace's own history: what its metrics looked like without treatment, and what that lets it find."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from fanops_utils.data.warehouse import Store, open_units, unit_table
from fanops_utils.data.warehouse.asking.queries import UNITS
from fanops_utils.errors import DataError, FanopsError
from fanops_utils.experiments.designs.history import PlanCheck, baseline, duration, reach, try_plan
from fanops_utils.experiments.designs.power import SOURCES, Baseline, Design, Formula, chance, size
from fanops_utils.experiments.intake.columns import columns_of
from fanops_utils.experiments.moments.measure import Measure, measures_of
from fanops_utils.workspace.experiment import Experiment, Metric
from fanops_utils.workspace.frozen import freeze
from fanops_utils.workspace.reads import note_file

LEAST_HISTORY = 50  # outcomes
FORMULAS: tuple[Formula, ...] = ("pooled", "miller", "cohen-h")  # the first also gives designs, reach and power
OWN = "its own control arm"


@dataclass(frozen=True)
class Past:
    """What history has of one metric: its baseline (None where too little, or constant), units, origins, traffic a day."""

    metric: Metric
    measure: Measure
    units: pd.DataFrame
    origins: tuple[str, ...]
    units_per_day: float
    baseline: Baseline | None

    @property
    def effect(self) -> float | None:
        """What is to be found, with its sign: the smallest improvement that matters, else the harm not tolerated.

        Upwards where a share would have to fall below zero. None without a baseline, or where neither is registered.
        """
        metric = self.metric
        size = metric.smallest_effect or metric.margin
        if self.baseline is None or size is None:
            return None
        falls = (metric.direction == "decrease") == (metric.smallest_effect is not None)
        return -size if falls and not (metric.is_share and self.baseline.mean <= size) else size


def assigned(store: Store, experiment: Experiment) -> int:
    """Return how many units of *experiment* are in already; none while the file its register names is not there."""
    file = experiment.source.file
    if file is not None and not note_file(store.workspace.path / file).is_file():
        return 0
    return int(unit_table(store, experiment).count().to_pandas())


def history(store: Store, experiment: Experiment) -> dict[str, Past]:
    """Return what the warehouse knows of each metric of *experiment*: units of the control arms that have its columns.

    The experiment's own units are left out; only where no other experiment has the metric, its own control arm stands
    in, and `origins` says so.
    """
    table = _known_units(store)
    registers = store.workspace.experiments
    found = {}
    for measure, metric in zip(measures_of(experiment), experiment.metrics, strict=True):
        plain = replace(measure, covariates=tuple(name for name in measure.covariates if name in table.columns))
        found[metric.name] = _past(table, registers, experiment, metric, plain)
    return found


def _known_units(store: Store) -> pd.DataFrame:
    """Return the units of all registered experiments, wherever their registers say they lie, in one frame."""
    parts = [store.table(UNITS).to_pandas()]
    for name, register in store.workspace.experiments.items():
        if register.source.table != UNITS:
            with suppress(FanopsError):  # what cannot be opened yet is no history
                units = open_units(store, register).rename(columns=columns_of(register))
                parts.append(units.assign(experiment=name))
    dated = [
        part.assign(assigned_at=pd.to_datetime(part["assigned_at"], utc=True) if "assigned_at" in part else pd.NaT)
        for part in parts
        if len(part)
    ]
    return pd.concat(dated, ignore_index=True) if dated else parts[0]


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
    if base is not None and not base.sd > 0:
        base = None  # what never varies says nothing of how units differ
    per_day = len(rows) / days / max(len(origins), 1) if days else 0.0
    return Past(metric, measure, units, tuple(str(name) for name in origins), per_day, base)


def design_of(experiment: Experiment) -> Design:
    """Return the test as the register plans it."""
    spending = "always-valid" if experiment.method == "always-valid" else experiment.spending
    return Design(len(experiment.allocation), experiment.alpha, experiment.power, experiment.looks or 1, spending)


def sizes(past: Mapping[str, Past], experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return the size each metric with a smallest effect (or margin) needs: metric, baseline, effect, per_arm, … , formula.

    Shares once per formula, first the one that `designs`, `reachable` and `curves` use. `days` are whole weeks at the
    traffic of history, or *units_per_day*; NaN without traffic. `source` is who computes by the same formula, `history`
    whose control arms the mean is of.
    """
    rows = []
    for one in past.values():
        if one.baseline is None or one.effect is None:
            continue
        for formula in FORMULAS if one.metric.is_share else FORMULAS[:1]:
            needed = size(one.baseline, one.effect, design=design_of(experiment), formula=formula)
            days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
            own = one.origins == (experiment.id,)
            rows.append((one.metric.label, one.metric.role, one.baseline.mean, one.baseline.sd, one.effect,
                         needed.per_arm, needed.total, days, needed.formula,
                         SOURCES[formula if one.metric.is_share else "t"], OWN if own else ", ".join(one.origins)))  # fmt: skip
    columns = ["metric", "role", "mean", "sd", "effect", "per_arm", "total", "days", "formula", "source", "history"]
    return pd.DataFrame(rows, columns=columns).astype({"days": "Float64"})


def designs(one: Past, experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return what the decision metric needs under other designs: design, per_arm, total, days, times, formula.

    Fixed, sequential and always-valid looks, more variants, clusters of 20 with the correlation 0.02, and the design
    of the register; `times` is the total over that of one look with two arms.
    """
    if one.baseline is None or one.effect is None:
        return pd.DataFrame(columns=["design", "per_arm", "total", "days", "times", "formula"])
    plan, registered = Design(2, experiment.alpha, experiment.power), design_of(experiment)
    grouped = replace(one.baseline, icc=one.baseline.icc or 0.02, cluster_size=max(one.baseline.cluster_size, 20.0))
    listed = [
        ("one look, two arms", one.baseline, plan),
        ("four looks, O'Brien-Fleming", one.baseline, replace(plan, looks=4)),
        ("four looks, Pocock", one.baseline, replace(plan, looks=4, spending="pocock")),
        ("looks at any time, always-valid", one.baseline, replace(plan, looks=4, spending="always-valid")),
        *((f"{arms - 1} treatments", one.baseline, replace(plan, arms=arms)) for arms in (3, 4, 6)),
        (f"clusters of {grouped.cluster_size:.0f}, correlation {grouped.icc:.2f}", grouped, plan),
    ]
    if (one.baseline, registered) not in [(base, design) for _, base, design in listed]:
        listed.insert(0, ("registered", one.baseline, registered))
    rows = []
    for name, base, design in listed:
        needed = size(base, one.effect, design=design)
        days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
        mark = " (registered)" if (base, design) == (one.baseline, registered) and name != "registered" else ""
        rows.append((f"{name}{mark}", needed.per_arm, needed.total, days, needed.formula))
    frame = pd.DataFrame(rows, columns=["design", "per_arm", "total", "days", "formula"]).astype({"days": "Float64"})
    return frame.assign(times=frame["total"] / max(size(one.baseline, one.effect, design=plan).total, 1))


def reachable(one: Past, experiment: Experiment, *, units_per_day: float = 0.0, weeks: int = 8) -> pd.DataFrame:
    """Return the smallest effect found after each week, as `reach`; empty without history or traffic."""
    traffic = units_per_day or one.units_per_day
    if one.baseline is None or traffic <= 0:
        return pd.DataFrame(columns=["weeks", "per_arm", "effect", "lift"])
    base = one.baseline
    if one.metric.is_share and one.effect is not None and one.effect < 0:
        base = replace(base, mean=1 - base.mean)  # a share that is to fall is found as its complement that rises
    table = reach(base, units_per_day=traffic, weeks=weeks, design=design_of(experiment))
    lift = table["effect"] / one.baseline.mean if one.baseline.mean > 0 else np.nan
    return table.assign(lift=lift)


def curves(one: Past, experiment: Experiment) -> pd.DataFrame:
    """Return the power of the decision metric by units per arm, for half, once and twice its smallest effect.

    Columns: units, power, times.
    """
    if one.baseline is None or one.effect is None:
        return pd.DataFrame(columns=["units", "power", "times"])
    design, base = design_of(experiment), one.baseline
    top = max(size(base, one.effect, design=design).per_arm, 100)
    steps = np.unique(np.linspace(0, 2 * top, 41).round().astype(int))[1:]
    low, high = (-base.mean, 1 - base.mean) if one.metric.is_share else (-np.inf, np.inf)
    effects = {times: float(np.clip(one.effect * times, low, high)) for times in (2.0, 1.0, 0.5)}
    rows = [(n, chance(base, n, effect, design=design), times) for times, effect in effects.items() for n in steps]
    return pd.DataFrame(rows, columns=["units", "power", "times"])


def tried(
    one: Past, experiment: Experiment, *, rng: np.random.Generator, most: int = 20_000, simulations: int = 2_000
) -> PlanCheck | None:
    """Return the plan of the decision metric tried on history: A/A, and its smallest effect injected.

    With the size one look needs, at most *most* units per arm. None without history or a smallest effect.
    """
    if one.baseline is None or one.effect is None or one.baseline.mean <= 0:
        return None
    plan, plain = Design(2, experiment.alpha, experiment.power), replace(one.baseline, icc=0.0, cluster_size=1.0)
    needed = size(plain, one.effect, design=plan)
    per_arm = min(needed.per_arm, most)
    if per_arm < 2:
        return None
    measure = replace(one.measure, covariates=())
    return try_plan(
        one.units, measure, effect=one.effect, per_arm=per_arm, rng=rng, alpha=experiment.alpha, simulations=simulations
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
