from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Experiment, read_register
from fanops_utils.workspace.frozen import changed_keys, copy_of, fingerprint, freeze, frozen_copy

SAMPLES = Path(__file__).parents[3] / "data" / "sample" / "experiments"
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
        ("{table: experiment_units}", "{table: a, file: b}", "one of file, table, query or aggregates"),
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


class _Longer(Experiment):
    """The model of registers as it may be some releases later: with a key more."""

    carried_over: str = "nothing"


def test_a_key_added_to_the_model_later_leaves_frozen_registers_as_they_were(tmp_path: Path) -> None:
    path = _write(tmp_path, FULL)
    mark = freeze(path, Experiment)
    longer = read_register(path, _Longer)
    assert fingerprint(longer, without=("frozen",)) == mark
    assert (longer.is_changed, changed_keys(longer, frozen_copy(path) or {})) == (False, ())
    said = longer.model_copy(update={"carried_over": "everything"})
    assert (said.is_changed, changed_keys(said, frozen_copy(path) or {})) == (True, ("carried_over",))


def test_a_default_written_out_is_the_same_register(tmp_path: Path) -> None:
    one = read_register(_write(tmp_path, FULL), Experiment)
    other = read_register(_write(tmp_path, FULL + "power: 0.8\n"), Experiment)
    assert "power:" not in FULL
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(other.model_copy(update={"power": 0.9}))


SLOTS = """\
id: bot
title: Reply bot
hypothesis: It is faster
owner: community
unit: question
control: people
allocation: {people: 0.5, bot: 0.5}
design: switchback
cluster: slot
block: slot_day
washout: 1
metrics:
  - {name: minutes, label: Minutes, kind: mean, role: decision}
"""


def test_a_switchback_and_a_test_in_blocks_are_told_from_arms_side_by_side(tmp_path: Path) -> None:
    plan = read_register(_write(tmp_path, SLOTS), Experiment)
    assert (plan.design, plan.block, plan.washout, plan.counts_slots) == ("switchback", "slot_day", 1, True)
    posts = SLOTS.replace("design: switchback\ncluster: slot\n", "").replace("washout: 1\n", "")
    assert read_register(_write(tmp_path, posts), Experiment).counts_slots
    whole = posts.replace("block: slot_day\n", "cluster: community\n")
    assert not read_register(_write(tmp_path, whole), Experiment).counts_slots


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cluster: slot\n", "", "needs the column of its slots"),
        ("design: switchback", "design: paralel", "Did you mean 'parallel'"),
        ("design: switchback\n", "", "only the design 'switchback' has any"),
        ("block: slot_day", "block: slot", "within it there is nothing to compare"),
        ("block: slot_day", "block: minutes", "cannot be a segment, a cluster or a block"),
        ("washout: 1", "washout: -1", "washout"),
        ("washout: 1", "segments: [market]", "there are no covariates, segments or winsorised"),
        ("washout: 1", "method: always-valid", "compared once, at the end"),
        ("role: decision}", "role: decision, winsorise: 0.99}", "there are no covariates, segments or winsorised"),
    ],
)
def test_a_design_of_slots_says_what_does_not_go_with_it(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in SLOTS
    with pytest.raises(WorkspaceError) as caught:
        read_register(_write(tmp_path, SLOTS.replace(old, new)), Experiment)
    assert words in str(caught.value)
