"""What a plan says of itself: whose history it rests on, what it needs, what it cannot do, whether it is frozen."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.experiments import planning
from fanops_utils.experiments.designs.history import PlanCheck
from fanops_utils.experiments.designs.planning import Past
from fanops_utils.experiments.designs.power import Baseline
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import experiment_plan as readings
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint

RETURNED: dict[str, Any] = {
    "name": "returned", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.02,
}  # fmt: skip
SPENT: dict[str, Any] = {"name": "spent", "label": "Spent", "kind": "mean", "role": "guardrail"}


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False)
    return one


def plan(*metrics: dict[str, Any], **fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "new", "title": "New", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "metrics": metrics or (RETURNED,),
    }  # fmt: skip
    return Experiment.model_validate(base | fields)


def past(
    of: Experiment, *, mean: float | None = 0.2, per_day: float = 500, origins: tuple[str, ...] = ("old",)
) -> dict[str, Past]:
    found = {}
    for metric, measure in zip(of.metrics, measures_of(of), strict=True):
        sd = np.sqrt(mean * (1 - mean)) if mean is not None and metric.is_share else 1.5
        base = Baseline(metric.kind, mean, float(sd), 4_000) if mean is not None else None
        found[metric.name] = Past(metric, measure, pd.DataFrame(), origins, per_day, base)
    return found


def needed(of: Experiment, **more: Any) -> Finding:
    return sane(readings.needed(planning.sizes(past(of, **more), of), of))


def test_the_size_is_said_with_its_formula_and_the_others() -> None:
    said = needed(plan())
    assert said.title == "13,020 units in all, 28 days at the traffic there is"
    assert said.estimate == 13_020
    assert "Returned stands at 20.0% in history (old). To find +2.00 pp with 80% power at alpha 0.05" in said.text
    assert "2 arms need 6,510 units each, 28 days" in said.text
    assert "Other formulas ask for" in said.text
    assert "R's power.prop.test" in said.method
    assert "-2.00 pp" in needed(plan(RETURNED | {"direction": "decrease"})).text


def test_a_plan_on_its_own_data_says_so() -> None:
    said = needed(plan(), origins=("new",))
    assert "in its own control arm, after the fact" in said.text
    (row, late) = readings.checks(past(plan(), origins=("new",)), plan(), units=12)
    assert (row.status, row.finding) == (
        "REVIEW", "4,000 outcomes of the experiment's own control arm: no other one has it",
    )  # fmt: skip
    assert (late.status, late.finding) == ("REVIEW", "12 units are in already")
    assert [one.status for one in readings.checks(past(plan()), plan(), units=0)] == ["PASS", "PASS"]


def test_a_plan_of_blocks_says_what_its_formula_does_not_know() -> None:
    assert readings.BLOCKED in needed(plan(block="pair")).text
    assert readings.BLOCKED not in needed(plan()).text


def test_without_traffic_there_are_no_days_and_without_history_no_size() -> None:
    assert needed(plan(), per_day=0).title == "13,020 units in all"
    none = needed(plan(), mean=None)
    assert (none.status, none.title) == ("no_data", f"No data: {readings.NO_HISTORY}")
    unnamed = needed(plan(RETURNED | {"smallest_effect": None}))
    assert "names no smallest effect" in unnamed.title
    (row, _) = readings.checks(past(plan(), mean=None), plan(), units=0)
    assert row.status == "REVIEW"
    assert row.action


def test_an_effect_beyond_what_a_share_can_be_has_no_size() -> None:
    said = needed(plan(RETURNED | {"smallest_effect": 0.3}), mean=0.8)
    assert (said.title, said.severity) == ("No size would find this effect", "watch")


def test_the_dearest_design_is_named_and_the_numbers_are_those_of_the_sizes() -> None:
    of = plan()
    history = past(of)
    said = sane(readings.costs(planning.designs(history["returned"], of)))
    assert said.title.startswith("The dearest design, 5 treatments, takes 4.")
    assert "one look, two arms (registered): 13,020 units (1.00 times)." in said.text
    assert "R's power.prop.test" in said.method
    nothing = past(of, mean=None)["returned"]
    assert readings.costs(planning.designs(nothing, of)).status == "no_data"


@pytest.mark.parametrize(
    ("per_day", "severity", "title"),
    [
        (500, "good", "+2.00 pp can be found after 4 weeks"),
        (5_000, "good", "+2.00 pp can be found after 1 week"),
        (50, "watch", "+2.00 pp cannot be found within 8 weeks"),
    ],
)
def test_what_the_traffic_finds_is_held_against_what_matters(per_day: float, severity: str, title: str) -> None:
    of = plan()
    said = sane(readings.weekly(planning.reachable(past(of, per_day=per_day)["returned"], of), of))
    assert (said.severity, said.title) == (severity, title)
    assert said.text.startswith("After 8 weeks, ")
    assert said.text.endswith("of the baseline.")


def test_a_fall_is_said_as_one_and_no_traffic_is_no_data() -> None:
    of = plan(RETURNED | {"direction": "decrease"})
    said = sane(readings.weekly(planning.reachable(past(of)["returned"], of), of))
    assert said.title == "-2.00 pp can be found after 4 weeks"
    assert " find -1." in said.text
    assert readings.weekly(planning.reachable(past(of, per_day=0)["returned"], of), of).status == "no_data"
    free = plan(RETURNED | {"smallest_effect": None})
    assert sane(readings.weekly(planning.reachable(past(free)["returned"], free), free)).title.startswith(
        "8 weeks find +1."
    )


def tried(wrong: tuple[float, float, float], power: tuple[float, float, float]) -> PlanCheck:
    return PlanCheck(Interval(*wrong, 2_000), Interval(*power, 2_000), 0.02, 6_500, 2_000, "two-proportion z")


@pytest.mark.parametrize(
    ("wrong", "power", "severity"),
    [
        ((0.05, 0.041, 0.06), (0.79, 0.77, 0.81), "good"),
        ((0.04, 0.032, 0.049), (0.79, 0.77, 0.81), "good"),  # fewer false alarms than promised
        ((0.08, 0.07, 0.09), (0.79, 0.77, 0.81), "watch"),
        ((0.05, 0.041, 0.06), (0.6, 0.58, 0.62), "watch"),
    ],
)
def test_promises_are_kept_or_not(wrong: Any, power: Any, severity: str) -> None:
    found = tried(wrong, power)
    said = sane(readings.simulated(found, plan(), expected=0.8))
    assert said.severity == severity
    assert ("keeps its promises" in said.title) == (severity == "good")
    assert "80.0% promised for that size" in said.text
    rows = readings.check_rows(found, plan(), expected=0.8)
    assert rows["estimate"].tolist() == [wrong[0], power[0]]
    assert rows["label"].tolist() == ["no effect (promised 5%)", "effect injected (promised 80%)"]


def test_without_history_nothing_was_tried() -> None:
    assert readings.simulated(None, plan(), expected=float("nan")).status == "no_data"
    assert readings.check_rows(None, plan(), expected=float("nan")).empty


def test_what_cannot_be_tested_is_listed_in_its_own_unit() -> None:
    of = plan(RETURNED, SPENT | {"smallest_effect": 0.02})
    history = past(of, per_day=200) | {}
    said = sane(readings.untestable(planning.sizes(history, of), history, of, weeks=8))
    assert said.title == "2 things cannot be tested as planned"
    assert "Returned: needs 10 weeks for +2.00 pp; 8 were given." in said.text
    assert re.search(r"Spent: needs \d+ weeks for \+0\.02; 8 were given\.", said.text)
    unnamed = plan(RETURNED, SPENT)
    history = past(unnamed, per_day=5_000)
    said = sane(readings.untestable(planning.sizes(history, unnamed), history, unnamed, weeks=8))
    assert said.text == "Spent: no smallest effect or margin is named, so 'no change' will never be shown."
    history = past(plan(), mean=None)
    assert (
        "nothing can be promised" in readings.untestable(planning.sizes(history, plan()), history, plan(), weeks=8).text
    )
    history = past(plan(), per_day=0)
    assert "no traffic is known" in readings.untestable(planning.sizes(history, plan()), history, plan(), weeks=8).text
    history = past(plan(), per_day=5_000)
    assert readings.untestable(planning.sizes(history, plan()), history, plan(), weeks=8).severity == "good"


def test_the_register_is_shown_with_the_line_that_freezes_it(tmp_path: Path) -> None:
    path, of = tmp_path / "new.yml", plan()
    path.write_text("id: new\ntitle: <New>\nfrozen: 0000000000000000\n", encoding="utf-8")
    block = readings.block(of, path)
    mark = fingerprint(of, without=("frozen",))
    assert block.text == f"id: new\ntitle: <New>\nfrozen: {mark}"
    assert "&lt;New&gt;" in block._repr_html_()
    assert readings.block(of, tmp_path / "none.yml").text.strip() == f"frozen: {mark}"


def test_a_register_is_not_yet_frozen_frozen_or_changed() -> None:
    of = plan()
    mark = fingerprint(of, without=("frozen",))
    early, late = (sane(readings.freezing(of, units=units)) for units in (0, 3))
    assert early.severity == late.severity == "watch"
    assert "would not be before the data" not in early.text
    assert "would not be before the data" in late.text
    assert readings.freezing(plan(frozen=mark), units=0).severity == "good"
    changed = readings.freezing(plan(frozen="0" * 16), units=0)
    assert changed.title == "The register was changed after it was frozen"


def test_plays_and_verdict_follow_the_findings() -> None:
    of, today = plan(), date(2026, 7, 1)
    for per_day, actions, severity in ((50, 2, "watch"), (5_000, 1, "good")):
        history = past(of, per_day=per_day)
        table = planning.sizes(history, of)
        findings = (
            readings.needed(table, of), readings.untestable(table, history, of, weeks=8), readings.freezing(of, units=0),
        )  # fmt: skip
        plays = readings.plays(findings, of, on=today)
        assert len(plays) == actions
        assert {one.review for one in plays} == {date(2026, 7, 15)}
        assert readings.verdict(findings, of)[1] == severity
    nothing = (readings.needed(planning.sizes(past(of, mean=None), of), of), *findings[1:])
    assert readings.verdict(nothing, of) == ("There is no data to plan the experiment 'New' on.", "info")
