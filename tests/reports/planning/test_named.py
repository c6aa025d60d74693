"""Registers name metrics by id: an unknown one is told with its line and the nearest, words of one's own are left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import BRAND

from fanops_utils.reports.planning.named import unknown_metrics
from fanops_utils.workspace import Workspace

DECISION = "decisions:\n  - {kind: keep, action: Go on, owner: Ana, date: 2026-01-01, metric: %s}\n"
TARGET = "targets:\n  - {id: t, metric: %s, low: 2}\n"
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
