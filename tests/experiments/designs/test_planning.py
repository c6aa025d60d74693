"""A plan on history: whose units it rests on, one size in every table, directions, and what it promises."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.data.warehouse import Store
from fanops_utils.errors import WorkspaceError
from fanops_utils.experiments import controls, planning
from fanops_utils.experiments.designs.controls import Past
from fanops_utils.experiments.designs.design import Design
from fanops_utils.experiments.designs.formulas import share_units
from fanops_utils.experiments.designs.power import chance
from fanops_utils.workspace import Experiment, Workspace

RETURNED: dict[str, Any] = {
    "name": "returned", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.02,
}  # fmt: skip
SPENT: dict[str, Any] = {
    "name": "spent",
    "label": "Spent",
    "kind": "mean",
    "role": "exploratory",
    "smallest_effect": 0.1,
}
MUTED: dict[str, Any] = {
    "name": "muted", "label": "Muted", "kind": "conversion", "role": "guardrail", "direction": "decrease", "margin": 0.01,
}  # fmt: skip
REGISTER = """id: {name}
title: {name}
hypothesis: it helps
owner: CM
unit: fan
control: a
allocation: {{a: 0.5, b: 0.5}}
metrics:
  - {{name: returned, label: Returned, kind: conversion, role: decision, smallest_effect: 0.02}}
"""


def _plan(*metrics: dict[str, Any], **fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "new", "title": "New", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "metrics": metrics or (RETURNED, MUTED, SPENT),
    }  # fmt: skip
    return Experiment.model_validate(base | fields)


def _units(name: str, *, rows: int = 2_000, rate: float = 0.2, days: int = 20, **more: Any) -> pd.DataFrame:
    place = np.arange(rows)
    treated = place % 2 == 1
    returned = (place // 2 % 500 / 500 < np.where(treated, rate + 0.3, rate)).astype(float)
    return pd.DataFrame({
        "experiment": name, "unit_key": [f"{name}{number}" for number in place], "variant": np.where(treated, "b", "a"),
        "assigned_at": pd.Timestamp("2026-05-01", tz="UTC") + pd.to_timedelta(place % days, "D"), "returned": returned,
    }).assign(**more)  # fmt: skip


@pytest.fixture
def workspace(brand_workspace: Workspace) -> Workspace:
    folder = brand_workspace.path / "experiments"
    folder.mkdir()
    for name in ("old", "new"):
        (folder / f"{name}.yml").write_text(REGISTER.format(name=name), encoding="utf-8")
    return Workspace(brand_workspace.path)


def _history(workspace: Workspace, plan: Experiment, *units: pd.DataFrame) -> dict[str, Past]:
    store = Store(workspace)
    if units:
        store.commit({"experiment_units": pd.concat(units, ignore_index=True)})
    return controls.history(store, plan)


def test_a_plan_rests_on_the_control_arms_of_other_experiments(workspace: Workspace) -> None:
    one = _history(workspace, _plan(), _units("old"), _units("new", rate=0.6), _units("stranger", rate=0.9))["returned"]
    assert one.origins == ("old",)
    assert one.baseline is not None
    assert (one.baseline.mean, one.baseline.n) == (pytest.approx(0.2), 1_000), "treated units, or its own, were counted"
    assert one.units_per_day == pytest.approx(100)
    assert controls.last_day({"returned": one}) == date(2026, 5, 20)
    assert planning.sizes({"returned": one}, _plan())["history"].unique().tolist() == [("old",)]


def test_its_own_control_arm_stands_in_and_is_named(workspace: Workspace) -> None:
    spent = np.tile([1.0, 1.0, 2.0, 2.0], 500)
    past = _history(workspace, _plan(), _units("new", rate=0.6, spent=spent), _units("old"))
    assert past["returned"].origins == ("old",)
    assert past["spent"].origins == ("new",)
    table = planning.sizes(past, _plan()).groupby("metric")
    assert table["history"].first().to_dict() == {"returned": ("old",), "spent": ("new",)}
    assert table["own"].first().to_dict() == {"returned": False, "spent": True}
    alone = _history(workspace, _plan(), _units("new"))["returned"]
    assert alone.origins == ("new",)
    assert planning.sizes({"returned": alone}, _plan())["own"].all()


def test_history_lies_wherever_the_registers_say(workspace: Workspace) -> None:
    named = {"unit_key": "fan", "variant": "arm", "assigned_at": "day"}
    text = (
        REGISTER.format(name="filed")
        + "source: {file: filed.csv}\nunit_column: fan\nvariant_column: arm\nexposure_column: day\n"
    )
    path = workspace.path / "experiments" / "filed.yml"
    path.write_text(text, encoding="utf-8")
    assert _history(Workspace(workspace.path), _plan(), _units("new"))["returned"].origins == ("new",), "not there yet"
    _units("filed", rate=0.4).rename(columns=named).to_csv(workspace.path / "filed.csv", index=False)
    one = _history(Workspace(workspace.path), _plan(), _units("old"))["returned"]
    assert one.origins == ("old", "filed")
    assert one.baseline is not None
    assert (one.baseline.mean, one.baseline.n) == (pytest.approx(0.3), 2_000)
    assert one.units_per_day == pytest.approx(100)
    alone = Workspace(workspace.path)
    Store(alone).commit({"experiment_units": _units("new", rows=0)})
    assert controls.history(Store(alone), _plan())["returned"].origins == ("filed",)


def test_too_little_history_gives_no_baseline(workspace: Workspace) -> None:
    past = _history(workspace, _plan(), _units("old", rows=98))
    assert past["returned"].baseline is None
    assert past["muted"].baseline is None
    assert planning.sizes(past, _plan()).empty
    constant = _history(workspace, _plan(), _units("old", spent=1.5))["spent"]
    assert constant.baseline is None
    one = past["returned"]
    for table in (planning.designs(one, _plan()), planning.reachable(one, _plan()), planning.curves(one, _plan())):
        assert table.empty
    assert planning.tried(one, _plan(), rng=np.random.default_rng(1)) is None
    assert np.isnan(planning.promised(one, _plan(), None))
    assert _history(workspace, _plan())["returned"].origins == ("old",)


def test_one_design_has_one_size_in_every_table(workspace: Workspace) -> None:
    past, plan = _history(workspace, _plan(), _units("old")), _plan()
    one = past["returned"]
    sizes, designs = planning.sizes(past, plan), planning.designs(one, plan)
    first = sizes.iloc[0]
    assert first["per_arm"] == np.ceil(share_units(0.2, 0.02, formula="pooled"))
    assert (designs["design"].iloc[0], designs["registered"].tolist()) == ("one_look", [True] + [False] * 7)
    assert (designs["total"].iloc[0], designs["times"].iloc[0], designs["formula"].iloc[0]) == (
        first["total"], 1.0, first["formula"],
    )  # fmt: skip
    curves = planning.curves(one, plan)
    near = curves[(curves["times"] == 1) & (curves["units"] - first["per_arm"]).abs().le(1)]
    assert near["power"].item() == pytest.approx(0.8, abs=1e-3)
    weeks = first["total"] / (7 * one.units_per_day)
    reach = planning.reachable(one, plan, weeks=int(np.ceil(weeks)))
    assert reach["effect"].iloc[-1] <= 0.02 < reach["effect"].iloc[-2]
    assert reach["lift"].iloc[-1] == pytest.approx(reach["effect"].iloc[-1] / 0.2)
    assert sizes["formula"].tolist()[:3] == ["pooled", "miller", "cohen-h"]


def test_a_registered_design_that_is_no_usual_one_stands_first(workspace: Workspace) -> None:
    plan = _plan(
        allocation={"a": 0.4, "b": 0.3, "c": 0.3}, method="sequential", looks=3, planned_units=9_000, power=0.9
    )
    past = _history(workspace, plan, _units("old"))
    designs, sizes = planning.designs(past["returned"], plan), planning.sizes(past, plan)
    assert (designs["design"].iloc[0], designs["registered"].sum()) == ("registered", 1)
    assert designs["total"].iloc[0] == sizes["total"].iloc[0]
    assert designs["times"].iloc[0] > 1.5
    assert designs["times"].iloc[1] == 1
    assert planning.design_of(plan) == Design(3, 0.05, 0.9, 3, "obrien-fleming")


@pytest.mark.parametrize(
    ("changes", "rate", "effect"),
    [
        ({}, 0.2, 0.02),
        ({"direction": "decrease"}, 0.2, -0.02),
        ({"direction": "decrease"}, 0.01, 0.02),
        ({"smallest_effect": None, "margin": 0.01}, 0.2, -0.01),
        ({"smallest_effect": None, "margin": 0.01, "direction": "decrease"}, 0.2, 0.01),
        ({"smallest_effect": None}, 0.2, None),
    ],
)
def test_what_is_to_be_found_has_its_direction(
    workspace: Workspace, changes: dict[str, Any], rate: float, effect: float | None
) -> None:
    plan = _plan(RETURNED | changes)
    one = _history(workspace, plan, _units("old", rate=rate))["returned"]
    assert one.effect == effect
    if effect is None:
        assert planning.sizes({"returned": one}, plan).empty
        return
    sized = planning.sizes({"returned": one}, plan).iloc[0]
    assert sized["effect"] == effect
    assert sized["per_arm"] == np.ceil(share_units(rate, effect, formula="pooled"))
    assert planning.designs(one, plan)["total"].iloc[0] == sized["total"]
    assert planning.curves(one, plan)["power"].between(0, 1).all()


def test_a_share_that_is_to_fall_reaches_what_its_size_says(workspace: Workspace) -> None:
    plan = _plan(RETURNED | {"direction": "decrease"})
    one = _history(workspace, plan, _units("old"))["returned"]
    assert one.baseline is not None
    found = planning.reachable(one, plan, units_per_day=500, weeks=3).iloc[-1]
    assert chance(one.baseline, found["per_arm"], -found["effect"]) == pytest.approx(0.8, abs=1e-3)
    assert found["lift"] == pytest.approx(found["effect"] / 0.2)


def test_the_plan_tried_on_history_keeps_its_promises(workspace: Workspace) -> None:
    plan = _plan(RETURNED | {"smallest_effect": 0.06, "direction": "decrease"})
    one = _history(workspace, plan, _units("old"))["returned"]
    found = planning.tried(one, plan, rng=np.random.default_rng(4), simulations=1_500)
    assert found is not None
    expected = planning.promised(one, plan, found)
    assert expected == pytest.approx(0.8, abs=0.01)
    assert found.power.ci_lower - 0.02 <= expected <= found.power.ci_upper + 0.02
    assert found.false_positive.ci_lower <= 0.05 <= found.false_positive.ci_upper + 0.01
    few = planning.tried(one, plan, rng=np.random.default_rng(4), most=100, simulations=200)
    assert few is not None
    assert few.per_arm == 100
    assert planning.promised(one, plan, few) < 0.3


def test_units_that_are_in_are_counted_wherever_they_lie(workspace: Workspace) -> None:
    store = Store(workspace)
    assert controls.assigned(store, _plan()) == 0
    store.commit({"experiment_units": pd.concat([_units("new", rows=60), _units("old", rows=40)])})
    assert controls.assigned(store, _plan()) == 60
    later = _plan(RETURNED, source={"file": "units.csv"})
    assert controls.assigned(store, later) == 0, "a file that is still to come"
    _units("new", rows=50).to_csv(workspace.path / "units.csv", index=False)
    assert controls.assigned(store, later) == 50
    with pytest.raises(WorkspaceError, match="no such query"):
        controls.assigned(store, _plan(RETURNED, source={"query": "units"}))


def test_a_register_is_frozen_once(tmp_path: Path) -> None:
    path = tmp_path / "new.yml"
    path.write_text(REGISTER.format(name="new"), encoding="utf-8")
    plan = planning.frozen(path, _plan(RETURNED))
    assert plan.frozen is not None
    assert f"frozen: {plan.frozen}" in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("0.02", "0.03"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="frozen"):
        planning.frozen(path, plan)
