from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Experiment, read_register
from fanops_utils.workspace.frozen import changed_keys, copy_of, fingerprint, freeze, frozen_copy

SAMPLES = Path(__file__).parents[2] / "data" / "sample" / "experiments"
FULL = """id: rewards
title: Points for the second order
hypothesis: Points bring members back
owner: Ana
unit: community
control: none
allocation: {none: 0.5, points: 0.5}
area: loyalty
period: {start: 2026-08-03, end: 2026-08-30}
source: {table: experiment_units}
cluster: community
segments: [market, tier]
covariates:
  - {column: revenue_before, measured_until: 2026-08-02}
method: sequential
looks: 4
planned_units: 8000
correction: bonferroni
currency: EUR
follow_up: 2026-11-30
metrics:
  - {name: revenue, label: Revenue, kind: mean, role: decision, winsorise: 0.99, smallest_effect: 0.5, value: 0.3}
  - {name: ctr, label: Click rate, kind: ratio, role: exploratory, numerator: clicks, denominator: views}
  - {name: back, label: Back in 30 days, kind: retention, role: guardrail, margin: 0.01, window_days: 30, missing: drop}
  - {name: posts, label: Posts, kind: count, role: exploratory, column: posts_14d}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "rewards.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_full_register_is_read(tmp_path: Path) -> None:
    plan = read_register(_write(tmp_path, FULL), Experiment)
    assert plan.treatments == ("points",)
    assert [metric.columns for metric in plan.metrics] == [("revenue",), ("clicks", "views"), ("back",), ("posts_14d",)]
    assert [metric.is_share for metric in plan.metrics] == [False, False, True, False]
    assert plan.first_decision.name == "revenue"
    assert plan.unit_columns == (
        "unit_key", "variant", "revenue", "clicks", "views", "back", "posts_14d", "market", "tier", "revenue_before", "community",
    )  # fmt: skip
    assert (plan.is_changed, plan.frozen) == (False, None)
    with pytest.raises(ValueError, match="Did you mean 'revenue'"):
        plan.metric("revenu")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yml")), ids=lambda path: path.stem)
def test_registers_written_before_stay_valid(path: Path) -> None:
    plan = read_register(path, Experiment)
    assert plan.looks in (None, plan.looks) and plan.least_clusters >= 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("numerator: clicks, denominator: views", "numerator: clicks", "from 'numerator' and 'denominator'"),
        (
            "kind: count, role: exploratory, column",
            "kind: count, role: exploratory, numerator",
            "only a ratio has numerator",
        ),
        ("winsorise: 0.99", "winsorise: 0.3", "winsorise"),
        ("kind: mean, role", "kind: conversion, role", "can be winsorised"),
        ("window_days: 30", "window_days: 0", "window_days"),
        ("measured_until: 2026-08-02", "measured_until: 2026-08-09", "the treatment may have changed it"),
        ("column: revenue_before,", "column: revenue,", "not known before the assignment"),
        ("looks: 4", "looks: 1", "two or more"),
        ("method: sequential", "method: fixed", "one look, not 4"),
        ("segments: [market, tier]", "segments: [revenue]", "cannot be a segment"),
        ("name: ctr", "name: revenue", "stands twice"),
        ("{table: experiment_units}", "{table: a, file: b}", "one of file, table or query"),
        ("correction: bonferroni", "correction: bonferoni", "Did you mean 'bonferroni'"),
        ("role: guardrail", "role: guardrial", "Did you mean 'guardrail'"),
    ],
)
def test_a_wrong_register_says_what_is_wrong(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in FULL
    with pytest.raises(WorkspaceError) as caught:
        read_register(_write(tmp_path, FULL.replace(old, new)), Experiment)
    assert words in str(caught.value)
    assert "rewards.yml" in str(caught.value)


def test_twenty_arms_and_no_more(tmp_path: Path) -> None:
    def arms(count: int) -> str:
        listed = ", ".join(f"arm{number}: {1 / count:.10f}" for number in range(count))
        return FULL.replace("control: none", "control: arm0").replace("{none: 0.5, points: 0.5}", f"{{{listed}}}")

    assert len(read_register(_write(tmp_path, arms(20)), Experiment).allocation) == 20
    with pytest.raises(WorkspaceError, match="allocation"):
        read_register(_write(tmp_path, arms(21)), Experiment)


def test_freezing_marks_the_register_and_shows_a_later_change(tmp_path: Path) -> None:
    path = _write(tmp_path, FULL)
    mark = freeze(path, Experiment)
    frozen = read_register(path, Experiment)
    assert (frozen.frozen, frozen.is_changed, len(mark)) == (mark, False, 16)
    assert path.read_text(encoding="utf-8").startswith("id: rewards\ntitle")
    assert freeze(path, Experiment) == mark
    path.write_text(
        path.read_text(encoding="utf-8").replace("smallest_effect: 0.5", "smallest_effect: 0.1"), encoding="utf-8"
    )
    changed = read_register(path, Experiment)
    assert changed.is_changed
    assert changed_keys(changed, frozen_copy(path) or {}) == ("metrics",)
    with pytest.raises(WorkspaceError, match="frozen with other content"):
        freeze(path, Experiment)
    copy_of(path).unlink()
    assert frozen_copy(path) is None


def test_the_fingerprint_is_of_the_content_not_the_layout(tmp_path: Path) -> None:
    one = read_register(_write(tmp_path, FULL), Experiment)
    lines = FULL.splitlines()
    moved = "\n".join(["# a comment", *lines[1:5], lines[0], *lines[5:]]) + "\n"
    other = read_register(_write(tmp_path, moved), Experiment)
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(other.model_copy(update={"alpha": 0.1}))
    assert (
        fingerprint(one) == fingerprint(one.model_copy(update={"frozen": "x"}), without=("frozen",))
        or one.frozen is None
    )
