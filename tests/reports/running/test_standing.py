"""What a run says of the registers: decisions planted on the sample come out as planted, targets as they were measured."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import BRAND

from fanops_utils import experiments, models
from fanops_utils.data import reference, warehouse
from fanops_utils.metrics.intervals import Interval
from fanops_utils.reports.running.standing import standing_of
from fanops_utils.sections.campaigns import retrospective
from fanops_utils.sections.experiments import readout
from fanops_utils.workspace import Workspace

ON = date(2026, 11, 2)
PLANTED = {"push_hour": "kept", "autumn_push_de": "change", "summer_giveaway_mx": "stop"}
HEAD = """decisions:
  - {kind: change, action: Move it, owner: Lead, date: 2026-06-01, review: 2026-10-01, metric: reach, markets: [US]"""


def campaign_entry(store: warehouse.Store, name: str) -> dict[str, Any]:
    brief = store.workspace.campaign(name)
    quiet = [one.live for one in store.workspace.earlier_campaigns(brief)]
    daily = warehouse.daily_by_market(store, platform=brief.platform, metric=brief.metric, without=quiet)
    found = models.retrospective_effect(daily, brief, breaks=reference.metric_breaks())
    effect = retrospective.effect(found, brief, level=0.9).finding
    return {"slug": f"retrospective-{name}", "parameters": {"campaign": name}, "findings": [effect.to_json()]}


def experiment_entry(store: warehouse.Store, name: str) -> dict[str, Any]:
    design = store.workspace.experiment(name)
    found = experiments.read_out(experiments.open_rows(store, design), design)
    finding = readout.effect(found, design).finding
    return {"slug": f"readout-{name}", "parameters": {"experiment": name}, "findings": [finding.to_json()]}


def test_decisions_planted_on_the_sample_are_kept_changed_and_stopped(demo: Workspace) -> None:
    store = warehouse.Store(demo)
    entries = [experiment_entry(store, "push_hour"), *(campaign_entry(store, name) for name in list(PLANTED)[1:])]
    told = standing_of(entries, demo, on=ON)["decisions"]
    tested = {one.called: one.tested_by for one in demo.decisions}
    ruled = {tested[one["id"]]: one["ruling"] for one in told if one["standing"] == "overdue"}
    assert ruled == PLANTED
    assert {one["strength"] for one in told if "strength" in one} == {"experiment", "campaign"}
    nothing = standing_of([], demo, on=ON)["decisions"]
    assert {one["ruling"] for one in nothing if "ruling" in one} == {"cannot_tell"}
    early = standing_of(entries, demo, on=date(2026, 9, 1))["decisions"]
    assert not any("ruling" in one for one in early if one["review"] and one["review"] > "2026-09-01"), (
        "not before its day"
    )


def test_what_ran_under_another_plan_counts(demo: Workspace) -> None:
    entry = campaign_entry(warehouse.Store(demo), "autumn_push_de")
    told = standing_of([], demo, on=ON, others=[entry])["decisions"]
    assert [one["ruling"] for one in told if one.get("source") == entry["slug"]] == ["change"]


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Workspace(tmp_path)


@pytest.mark.parametrize(("now", "ruling"), [((130, 120, 140), "kept"), ((101, 96, 106), "change"), ((80, 75, 85), "stop"),
                                             ((112, 90, 134), "cannot_tell")])  # fmt: skip
def test_without_a_test_the_plain_trend_rules_and_is_called_so(
    brand: Workspace, now: tuple[int, ...], ruling: str
) -> None:
    given = ", baseline: {value: 100, low: 98, high: 102}, band: {low: 0.1, high: 0.3}}\n"
    (brand.path / "decisions.yml").write_text(HEAD + given, encoding="utf-8")
    asked = []

    def lookup(*question: Any) -> Interval:
        asked.append(question)
        return Interval(*map(float, now), n=10)  # type: ignore[misc]

    (one,) = standing_of([], brand, on=ON, lookup=lookup)["decisions"]
    assert (one["ruling"], one["strength"]) == (ruling, "trend")
    assert asked == [("reach", "US", None, date(2026, 10, 5), date(2026, 11, 1), date(2026, 6, 1))], (
        "not before the decision"
    )


@pytest.mark.parametrize(("metric", "now", "ruling"), [
    ("negative_share", 0.1, "kept"), ("negative_share", 0.3, "stop"), ("participation", 0.3, "kept"),
    ("participation", 0.1, "stop"), ("ad_spend", 0.3, "kept"), ("a metric of our own", 0.3, "kept"),
])  # fmt: skip
def test_without_a_band_less_of_what_is_bad_is_better(brand: Workspace, metric: str, now: float, ruling: str) -> None:
    given = HEAD.replace("metric: reach", f"metric: {metric}") + ", baseline: {value: 0.2, low: 0.19, high: 0.21}}\n"
    (brand.path / "decisions.yml").write_text(given, encoding="utf-8")
    seen = Interval(now, now - 0.01, now + 0.01, 900)
    (one,) = standing_of([], brand, on=ON, lookup=lambda *_: seen)["decisions"]
    assert one["ruling"] == ruling


def test_targets_are_told_with_what_was_measured(brand: Workspace) -> None:
    text = "targets:\n  - {id: t, metric: reach, low: 0.2, markets: [US], platform: instagram, owner: Lead}\n"
    (brand.path / "targets.yml").write_text(text, encoding="utf-8")
    (one,) = standing_of([], brand, on=ON, lookup=lambda *_: Interval(0.1, 0.08, 0.12, 9))["targets"]
    assert (one["judged"], one["where"], one["estimate"], one["market"]) == ("not_met", "below", 0.1, "US")
    (one,) = standing_of([], brand, on=ON)["targets"]
    assert (one["judged"], one["where"], one["estimate"]) == ("cannot_tell", "not_measured", None)


def test_how_far_it_is_with_measuring_is_told_before_each_number(brand: Workspace) -> None:
    text = "targets:\n  - {id: t, metric: reach, low: 0.2, markets: [US, DE]}\n  - {id: u, metric: mau, low: 9}\n"
    (brand.path / "targets.yml").write_text(text, encoding="utf-8")
    given = ", baseline: {value: 100, low: 98, high: 102}}\n"
    (brand.path / "decisions.yml").write_text(HEAD + given, encoding="utf-8")
    told: list[Any] = []
    standing_of(
        [], brand, on=ON, told=lambda place, of: told.append((place, of)),
        lookup=lambda metric, *_: told.append(metric) or Interval(0.1, 0.08, 0.12, 9),
    )  # fmt: skip
    assert told == [(1, 4), "reach", (2, 4), "reach", (3, 4), "mau", (4, 4), "reach"]
