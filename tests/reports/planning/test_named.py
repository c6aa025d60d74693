"""Registers name metrics by id: an unknown one is told with its line and the nearest, words of one's own are left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import BRAND

from fanops_utils.reports.planning.named import unfit_units, unknown_metrics
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.opening import TEMPLATE

DECISION = "decisions:\n  - {kind: keep, action: Go on, owner: Ana, date: 2026-01-01, metric: %s}\n"
TARGET = "targets:\n  - {id: t, metric: %s, low: 2, unit: number}\n"
RISK = "risks:\n  - {id: r, name: R, likelihood: 1, impact: 1, metric: %s, above: 2}\n"
OUTPUT = "roles: [{id: a, name: A}]\nduties: [{id: d, name: D, accountable: a, responsible: [a], output: %s}]\n"
PLAIN = "risks:\n  - {id: r, name: R, metric: %s, above: 2}\n"


@pytest.mark.parametrize(
    ("file", "text", "good", "wrong", "meant"),
    [
        ("targets.yml", TARGET, "followers", "folowers", "followers"),
        ("targets.yml", TARGET, "site_sessions", "Site traffic", "site_sessions"),
        ("decisions.yml", DECISION, "negative_share", "negativ_share", "negative_share"),
        ("decisions.yml", DECISION, "How it feels", "reachh", "reach"),
        ("crisis.yml", RISK, "mentions", "mention", "mentions"),
        ("team.yml", OUTPUT, "reach", "reachh", "reach"),
        ("risks.yml", PLAIN, "negative_share", "negative_shares", "negative_share"),
    ],
)  # fmt: skip
def test_a_slip_in_an_id_is_found(tmp_path: Path, file: str, text: str, good: str, wrong: str, meant: str) -> None:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    (tmp_path / file).write_text(text % good, encoding="utf-8")
    assert unknown_metrics(Workspace(tmp_path)) == []
    (tmp_path / file).write_text(text % wrong, encoding="utf-8")
    (found,) = unknown_metrics(Workspace(tmp_path))
    assert found["place"].endswith(f"/{file}") and "line 2" in found["problem"]
    assert repr(wrong) in found["problem"] and meant in found["problem"].split(repr(wrong))[1]


@pytest.mark.parametrize(
    ("metric", "unit", "fits"),
    [
        ("orders", "share, low: 0.15", False), ("orders", "count, low: 15", True), ("orders", "change, low: 0.15", True),
        ("revenue", "share, low: 0.15", False), ("participation", "share, low: 0.15", True),
        ("participation", "share, low: 15", False), ("negative_share", "share, high: 1.5", False),
        ("participation", "money, currency: EUR, low: 15", False), ("participation", "difference, low: 0.02", True),
    ],
)  # fmt: skip
def test_a_target_is_told_in_a_unit_of_its_metric(tmp_path: Path, metric: str, unit: str, fits: bool) -> None:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    text = "targets:\n  - {id: a, metric: reach, unit: count, low: 1}\n  - {id: t, metric: %s, unit: %s}\n"
    (tmp_path / "targets.yml").write_text(text % (metric, unit), encoding="utf-8")
    found = unfit_units(Workspace(tmp_path))
    assert ["line 3" in one["problem"] for one in found] == [True] * (not fits)


def test_the_units_of_the_sample_and_of_the_template_fit(demo: Workspace, tmp_path: Path) -> None:
    assert unfit_units(demo) == []
    written = (TEMPLATE / "targets.yml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in written.splitlines() if line.startswith("# - {id: ")]
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "targets.yml").write_text("\n".join(["targets:", *lines]), encoding="utf-8")
    assert len(Workspace(tmp_path).targets) > 5
    assert unfit_units(Workspace(tmp_path)) == []


def test_the_metric_an_experiment_moves_is_looked_up_too(demo: Workspace, tmp_path: Path) -> None:
    assert unknown_metrics(demo) == [], "the sample names what there is"
    (tmp_path / "experiments").mkdir()
    shutil.copy(demo.path / "brand.yml", tmp_path)
    source = (demo.path / "experiments" / "push_hour.yml").read_text(encoding="utf-8")
    assert "{name: " in source
    written = source.replace("{name: ", "{metric_id: ordres, name: ", 1)
    (tmp_path / "experiments" / "push_hour.yml").write_text(written, encoding="utf-8")
    (found,) = unknown_metrics(Workspace(tmp_path))
    assert "'orders'" in found["problem"]
    decided = DECISION % Workspace(tmp_path).experiment("push_hour").metrics[0].name
    (tmp_path / "decisions.yml").write_text(decided, encoding="utf-8")
    assert len(unknown_metrics(Workspace(tmp_path))) == 1, "a decision may name the metric of an experiment"
