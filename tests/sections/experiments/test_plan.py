"""What a plan says of itself: whose history it rests on, what it needs, what it cannot do, whether it is frozen."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.charts import Chart, Table
from fanops_utils.experiments import planning
from fanops_utils.experiments.designs.controls import Past
from fanops_utils.experiments.designs.design import Baseline
from fanops_utils.experiments.designs.history import PlanCheck
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments import plan
from fanops_utils.sections.experiments.plan.sizes import FORMULAS
from fanops_utils.text import Level, Listed, Percent, Points, Written, say_n
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint

RETURNED: dict[str, Any] = {
    "name": "returned", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.02,
}  # fmt: skip
SPENT: dict[str, Any] = {"name": "spent", "label": "Spent", "kind": "mean", "role": "guardrail"}


def design(*metrics: dict[str, Any], **fields: Any) -> Experiment:
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


def size(of: Experiment, **more: Any) -> Section:
    section = plan.size(planning.sizes(past(of, **more), of), of)
    sane(section.finding)
    return section


def reading(of: Experiment, **more: Any) -> list[Any]:
    """Return the sentences of the size's text."""
    return list(size(of, **more).finding.text.parts)  # type: ignore[attr-defined]


def test_the_size_is_said_with_its_formula_and_the_others() -> None:
    section = size(design())
    finding = section.finding
    assert (finding.code, finding.estimate) == ("sized", 13_020)
    assert values(finding.title)["days"] == say_n("{n} day", "{n} days", n=28)
    stands, needs, others = reading(design())
    assert values(stands) == {
        "metric": Written("Returned"), "level": Percent(0.2), "experiments": Listed.of(["old"], how="and"),
    }  # fmt: skip
    assert values(needs)["effect"] == Points(0.02)
    assert values(needs)["power"] == Level(0.8)
    assert values(needs)["units"] == say_n("{n} unit", "{n} units", n=6_510)
    assert {"low", "high"} == set(values(others))
    assert FORMULAS["pooled"] in finding.method.parts  # type: ignore[union-attr]
    assert values(reading(design(RETURNED | {"direction": "decrease"}))[1])["effect"] == Points(-0.02)
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert len(table.rows) == 3


def test_a_plan_on_its_own_data_says_so() -> None:
    stands, *_ = reading(design(), origins=("new",))
    assert "after the fact" in str(stands)
    row, late = plan.checks(past(design(), origins=("new",)), design(), units=12)
    assert (row.code, row.status) == ("history_returned", "REVIEW")
    assert "4,000 outcomes of the experiment's own control arm" in str(row.finding)
    assert (late.code, late.status) == ("before_data", "REVIEW")
    assert "12 units" in str(late.finding)
    assert [check.status for check in plan.checks(past(design()), design(), units=0)] == ["PASS", "PASS"]


def test_a_plan_of_blocks_says_what_its_formula_does_not_know() -> None:
    assert len(reading(design(block="pair"))) == len(reading(design())) + 1


def test_looks_and_treatments_are_named_beside_the_formula() -> None:
    of = design(allocation={"a": 0.4, "b": 0.3, "c": 0.3}, method="sequential", looks=3, planned_units=9_000)
    method = str(size(of).finding.method)
    assert "3 planned looks" in method
    assert "2 treatments" in method


def test_without_traffic_there_are_no_days_and_without_history_no_size() -> None:
    assert "days" not in values(size(design(), per_day=0).finding.title)
    none = size(design(), mean=None)
    assert (none.finding.status, len(none.parts)) == ("no_data", 1)
    unnamed = size(design(RETURNED | {"smallest_effect": None})).finding
    assert unnamed.status == "no_data"
    assert unnamed.title != none.finding.title
    row, _ = plan.checks(past(design(), mean=None), design(), units=0)
    assert row.status == "REVIEW"
    assert row.action


def test_an_effect_beyond_what_a_share_can_be_has_no_size() -> None:
    finding = size(design(RETURNED | {"smallest_effect": 0.3}), mean=0.8).finding
    assert (finding.code, finding.severity, finding.estimate) == ("impossible", "watch", None)


def test_the_dearest_design_is_named_and_the_numbers_are_those_of_the_sizes() -> None:
    of = design()
    history = past(of)
    section = plan.costs(planning.designs(history["returned"], of), of)
    finding = sane(section.finding)
    assert str(values(finding.title)["design"]) == "5 treatments"
    assert str(values(finding.title)["times"]).startswith("4.")
    first = finding.text.parts[0]  # type: ignore[attr-defined]
    assert str(first) == "one look, two arms (registered): 13,020 units (1.00×)."
    assert FORMULAS["pooled"] in finding.method.parts  # type: ignore[union-attr]
    assert [type(part) for part in section.parts] == [Finding, Chart, Table]
    nothing = past(of, mean=None)["returned"]
    assert plan.costs(planning.designs(nothing, of), of).finding.status == "no_data"


@pytest.mark.parametrize(
    ("per_day", "severity", "code", "weeks"),
    [(500, "good", "in_reach", 4), (5_000, "good", "in_reach", 1), (50, "watch", "out_of_reach", 8)],
)
def test_what_the_traffic_finds_is_held_against_what_matters(
    per_day: float, severity: str, code: str, weeks: int
) -> None:
    of = design()
    section = plan.reach(planning.reachable(past(of, per_day=per_day)["returned"], of), of)
    finding = sane(section.finding)
    assert (finding.severity, finding.code) == (severity, code)
    told = values(finding.title)
    assert (told["effect"], told["weeks"]) == (Points(0.02), say_n("{n} week", "{n} weeks", n=weeks))
    assert values(finding.text)["weeks"] == say_n("{n} week", "{n} weeks", n=8)
    assert "share" in values(finding.text)
    assert any(isinstance(part, Chart) for part in section.parts)


def test_a_fall_is_said_as_one_and_no_traffic_is_no_data() -> None:
    of = design(RETURNED | {"direction": "decrease"})
    finding = sane(plan.reach(planning.reachable(past(of)["returned"], of), of).finding)
    assert values(finding.title)["effect"] == Points(-0.02)
    assert str(values(finding.text)["effect"]).startswith("−1.")
    assert plan.reach(planning.reachable(past(of, per_day=0)["returned"], of), of).finding.status == "no_data"
    free = design(RETURNED | {"smallest_effect": None})
    finding = sane(plan.reach(planning.reachable(past(free)["returned"], free), free).finding)
    assert finding.code == "no_target"
    assert str(finding.title).startswith("It takes 8 weeks to find +1.")


def tried(wrong: tuple[float, float, float], power: tuple[float, float, float]) -> PlanCheck:
    return PlanCheck(Interval(*wrong, 2_000), Interval(*power, 2_000), 0.02, 6_500, 2_000, "two_proportions")


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
    section = plan.promises(tried(wrong, power), design(), expected=0.8)
    finding = sane(section.finding)
    assert (finding.severity, finding.code) == (severity, "kept" if severity == "good" else "broken")
    assert values(finding.text.parts[2])["promised"] == Percent(0.8)  # type: ignore[attr-defined]
    (chart,) = (part for part in section.parts if isinstance(part, Chart))
    assert chart.data["estimate"].tolist() == [wrong[0], power[0]]
    assert [str(values(label)["level"]) for label in chart.data["label"]] == ["5%", "80.0%"]


def test_without_history_nothing_was_tried() -> None:
    section = plan.promises(None, design(), expected=float("nan"))
    assert (section.finding.status, len(section.parts)) == ("no_data", 1)


def untestable(of: Experiment, *, weeks: int = 8, **more: Any) -> Finding:
    history = past(of, **more)
    return sane(plan.untestable(planning.sizes(history, of), history, of, weeks=weeks))


def test_what_cannot_be_tested_is_listed_in_its_own_unit() -> None:
    both = untestable(design(RETURNED, SPENT | {"smallest_effect": 0.02}), per_day=200)
    returned, spent = both.text.parts  # type: ignore[attr-defined]
    assert (both.code, both.title) == ("untestable", say_n(
        "{n} thing cannot be tested as planned", "{n} things cannot be tested as planned", n=2
    ))  # fmt: skip
    assert values(returned)["needed"] == say_n("{n} week", "{n} weeks", n=10)
    assert values(returned)["effect"] == Points(0.02)
    assert str(values(spent)["effect"]) == "+0.02"
    unnamed = untestable(design(RETURNED, SPENT), per_day=5_000)
    assert [values(why) for why in unnamed.text.parts] == [{"metric": Written("Spent")}]  # type: ignore[attr-defined]
    assert untestable(design(), mean=None).code == "untestable"
    assert untestable(design(), per_day=0).code == "untestable"
    reachable = untestable(design(), per_day=5_000)
    assert (reachable.code, reachable.severity) == ("testable", "good")


def test_a_register_is_not_yet_frozen_frozen_or_changed() -> None:
    mark = fingerprint(design(), without=("frozen",))
    cases = ((design(), 0, "open", "watch"), (design(), 3, "late", "watch"), (design(frozen=mark), 0, "frozen", "good"),
             (design(frozen="0" * 16), 0, "changed", "watch"))  # fmt: skip
    for of, units, code, severity in cases:
        finding = sane(plan.freezing(of, units=units).finding)
        assert (finding.code, finding.severity) == (code, severity)
        assert mark in f"{finding.title!s} {finding.text!s}"


def test_what_is_to_be_frozen_is_listed() -> None:
    (table,) = (part for part in plan.freezing(design(), units=0).parts if isinstance(part, Table))
    told = {str(item): str(value) for item, value in table.rows}
    assert told["Decision metric"] == "Returned: +2.00 pp matters"
    assert told["Arms"] == "a 50.0%, b 50.0%; control: a"
    assert "Hypothesis" not in told, "an empty line is none"


def test_plays_and_verdict_follow_the_findings() -> None:
    of, on = design(), date(2026, 7, 1)
    freezing = plan.freezing(of, units=0)
    for per_day, because, severity in ((50, ["untestable", "frozen"], "watch"), (5_000, ["frozen"], "good")):
        open_, sized = untestable(of, per_day=per_day), size(of, per_day=per_day)
        plays = plan.plays(open_, freezing, of, workspace="mine", on=on)
        assert [play.because for play in plays] == because
        assert {play.review for play in plays} == {date(2026, 7, 15)}
        assert values(plays[-1].action)["command"] == Written("fanops freeze new -w mine", "en")
        assert plan.verdict(sized, open_, of)[1] == severity
    assert {play.review for play in plan.plays(open_, freezing, of, workspace="mine", on=None)} == {None}
    said, severity = plan.verdict(size(of, mean=None), untestable(of, mean=None), of)
    assert (severity, values(said)) == ("info", {"title": Written("New")})
