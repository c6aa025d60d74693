"""A plan on the workspace's own history: what its metrics looked like without treatment, and what that lets it find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.experiments.designs.controls import Past
from fanops_utils.experiments.designs.design import Baseline, Design
from fanops_utils.experiments.designs.formulas import Formula
from fanops_utils.experiments.designs.history import PlanCheck, duration, reach, try_plan
from fanops_utils.experiments.designs.power import chance, size
from fanops_utils.workspace.frozen import freeze
from fanops_utils.workspace.registers.experiment import Experiment

FORMULAS: tuple[Formula, ...] = ("pooled", "miller", "cohen-h")  # the first also gives designs, reach and power
TREATMENTS = (3, 4, 6)  # arms
MEMBERS, ALIKE = 20.0, 0.02  # size and correlation of clusters where history knows none
DesignCode = Literal["registered", "one_look", "obrien_fleming", "pocock", "always_valid", "treatments", "clusters"]


def design_of(experiment: Experiment) -> Design:
    """Return the test as the register plans it."""
    spending = "always-valid" if experiment.method == "always-valid" else experiment.spending
    return Design(len(experiment.allocation), experiment.alpha, experiment.power, experiment.looks or 1, spending)


def sizes(past: Mapping[str, Past], experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return the size each metric with a smallest effect (or margin) needs, by each formula.

    Columns: metric (its name), role, mean, sd, effect, per_arm, total, days, formula (a code), cluster_size,
    design_effect, history (the experiments whose control arms the mean is of), own (whether that is the experiment
    itself). Shares once per formula, first the one that `designs`, `reachable` and `curves` use. `days` are whole weeks
    at the traffic of history, or *units_per_day*; NaN without traffic.
    """
    rows = []
    for one in past.values():
        if one.baseline is None or one.effect is None:
            continue
        base = one.baseline
        for formula in FORMULAS if one.metric.is_share else FORMULAS[:1]:
            needed = size(base, one.effect, design=design_of(experiment), formula=formula)
            days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
            rows.append((one.metric.name, one.metric.role, base.mean, base.sd, one.effect, needed.per_arm, needed.total,
                         days, needed.formula, base.cluster_size, base.design_effect, one.origins,
                         one.origins == (experiment.id,)))  # fmt: skip
    columns = ["metric", "role", "mean", "sd", "effect", "per_arm", "total", "days", "formula", "cluster_size",
               "design_effect", "history", "own"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"days": "Float64"})


def designs(one: Past, experiment: Experiment, *, units_per_day: float = 0.0) -> pd.DataFrame:
    """Return what the decision metric needs under other designs.

    Fixed, sequential and always-valid looks, more variants, clusters (of 20 with the correlation 0.02 where history
    knows none), and the design of the register. Columns: design (a code), arms, cluster_size and icc (of its clusters),
    registered (whether it is the register's), per_arm, total, days, times (the total over that of one look with two
    arms), formula.
    """
    columns = ["design", "arms", "cluster_size", "icc", "registered", "per_arm", "total", "days", "formula", "times"]
    if one.baseline is None or one.effect is None:
        return pd.DataFrame(columns=columns)
    plan, registered = Design(2, experiment.alpha, experiment.power), design_of(experiment)
    listed = _usual(one.baseline, plan)
    if (one.baseline, registered) not in [(base, design) for _, base, design in listed]:
        listed.insert(0, ("registered", one.baseline, registered))
    rows = []
    for code, base, design in listed:
        needed = size(base, one.effect, design=design)
        days = duration(needed.total, units_per_day=units_per_day or one.units_per_day).days
        ours = (base, design) == (one.baseline, registered)
        rows.append(
            (code, design.arms, base.cluster_size, base.icc, ours, needed.per_arm, needed.total, days, needed.formula)
        )
    frame = pd.DataFrame(rows, columns=columns[:-1]).astype({"days": "Float64"})
    return frame.assign(times=frame["total"] / max(size(one.baseline, one.effect, design=plan).total, 1))


def _usual(base: Baseline, plan: Design) -> list[tuple[DesignCode, Baseline, Design]]:
    """Return the designs that are usual, beside the one-look, two-arm *plan*."""
    grouped = replace(base, icc=base.icc or ALIKE, cluster_size=max(base.cluster_size, MEMBERS))
    return [
        ("one_look", base, plan),
        ("obrien_fleming", base, replace(plan, looks=4)),
        ("pocock", base, replace(plan, looks=4, spending="pocock")),
        ("always_valid", base, replace(plan, looks=4, spending="always-valid")),
        *(("treatments", base, replace(plan, arms=arms)) for arms in TREATMENTS),
        ("clusters", grouped, plan),
    ]  # fmt: skip


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


def frozen(path: Path, experiment: Experiment, *, on: date | None = None) -> Experiment:
    """Freeze the register at *path* on the day *on* and return *experiment* as frozen.

    Raises WorkspaceError where it was frozen before with other content.
    """
    day = {"frozen_on": on} if experiment.frozen is None else {}
    return experiment.model_copy(update={"frozen": freeze(path, Experiment, on=on), **day})
