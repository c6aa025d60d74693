"""History: what a plan's reports said over time, and what changed from one to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import history
from fanops_utils.reports.reuse.history import changes, job_key, undated

GROWTH = {
    "id": "growth", "title": "The audience grows", "severity": "good", "status": "ok", "estimate": 0.02, "ci_lower": 0.01,
    "ci_upper": 0.03, "unit": "share per 28 days",
}  # fmt: skip


def said(*findings: dict[str, Any]) -> dict[str, Any]:
    return {"findings": list(findings)}


def test_nothing_changed_from_nothing() -> None:
    assert changes(said(GROWTH), None) == []


def test_a_metric_moves_only_when_it_leaves_its_own_uncertainty() -> None:
    for now, direction in ((0.02, "same"), (0.025, "same"), (0.05, "up"), (-0.01, "down")):
        one = GROWTH | {"estimate": now, "ci_lower": now - 0.01, "ci_upper": now + 0.01}
        assert changes(said(one), said(GROWTH)) == [
            {
                "kind": "metric", "id": "growth", "label": "The audience grows", "was": 0.02, "now": now,
                "unit": "share per 28 days", "ci_lower": now - 0.01, "ci_upper": now + 0.01, "direction": direction,
                "severity": "good",
            }
        ]  # fmt: skip


def test_without_an_interval_any_difference_counts() -> None:
    one = GROWTH | {"estimate": 0.021, "ci_lower": None, "ci_upper": None}
    assert changes(said(one), said(GROWTH))[0]["direction"] == "up"


def test_what_to_decide_on_now_and_no_longer() -> None:
    alarm = GROWTH | {"id": "tone", "severity": "alert", "estimate": None, "ci_lower": None, "ci_upper": None}
    calm = alarm | {"severity": "info"}
    assert [(one["kind"], one["id"], one["severity"]) for one in changes(said(alarm), said(calm))] == [
        ("new", "tone", "alert")
    ]
    assert [(one["kind"], one["id"], one["severity"]) for one in changes(said(calm), said(alarm))] == [
        ("resolved", "tone", "alert")
    ]
    assert [one["kind"] for one in changes(said(alarm), said())] == ["new"]
    assert changes(said(alarm), said(alarm)) == []


def test_a_finding_without_data_is_neither_resolved_nor_compared() -> None:
    alarm = GROWTH | {"severity": "alert"}
    assert changes(said(alarm | {"status": "no_data", "severity": "info", "estimate": None}), said(alarm)) == []


def test_findings_to_decide_on_stand_first_worst_before_others() -> None:
    before = said(GROWTH | {"id": "a"}, GROWTH | {"id": "b"}, GROWTH | {"id": "c", "severity": "watch"})
    now = said(
        GROWTH | {"id": "a", "severity": "watch"}, GROWTH | {"id": "b", "severity": "alert", "estimate": 9.0, "ci_lower": 8.0},
        GROWTH | {"id": "c"},
    )  # fmt: skip
    told = [(one["kind"], one["id"]) for one in changes(now, before)]
    assert told == [("new", "b"), ("new", "a"), ("resolved", "c"), ("metric", "b"), ("metric", "a"), ("metric", "c")]


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
findings = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from("abc"), "title": st.text(max_size=5), "status": st.sampled_from(["ok", "no_data"]),
            "severity": st.sampled_from(["alert", "watch", "good", "info"]), "estimate": numbers, "ci_lower": numbers,
            "ci_upper": numbers, "unit": st.just("x"),
        }
    ),
    max_size=4,
)  # fmt: skip


@given(findings, findings)
def test_any_two_conclusions_compare(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> None:
    found = changes(said(*now), said(*before))
    keys = {"kind", "id", "label", "was", "now", "unit", "ci_lower", "ci_upper", "direction", "severity"}
    assert all(set(one) == keys for one in found)
    assert len({(one["kind"], one["id"]) for one in found}) == len(found)
    assert not [one for one in changes(said(*now), said(*now)) if one["kind"] != "metric" or one["direction"] != "same"]


def outcome(**changed: Any) -> Outcome:
    job = Job("research/a", Path("a.ipynb"), {"market": "US", "start": date(2026, 1, 1)}, "a-US")
    told = Outcome(job, "succeeded", conclusion={"verdict": "Well.", "findings": [GROWTH], "metrics": {"growth": 0.02}})
    return replace(told, started=datetime(2026, 11, 22, tzinfo=UTC), **changed)


def test_good_reports_of_this_run_are_appended_and_found_again(tmp_path: Path) -> None:
    history.append(tmp_path, [outcome()], "first")
    history.append(tmp_path, [outcome(status="failed"), outcome(status="cached")], "second")
    later = replace(outcome().job, parameters={"market": "US", "start": date(2026, 2, 1)})
    history.append(tmp_path, [outcome(job=later)], "third")
    lines = history.read(tmp_path)
    assert [one["run_id"] for one in lines] == ["first", "third"]
    newest = history.newest(tmp_path)
    found = newest[job_key("research/a", "a-US", {"market": "US", "start": date(2026, 3, 1)})]
    assert found["run_id"] == "third" and len(newest) == 1
    assert changes(said(GROWTH), found)[0]["direction"] == "same"
    assert job_key("research/a", "a-US", {"market": "DE"}) not in newest
    assert job_key("research/a", "a-DE", {"market": "US"}) not in newest


def test_a_line_cut_short_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    history.append(tmp_path, [outcome()], "first")
    with (tmp_path / history.FILE).open("a", encoding="utf-8") as file:
        file.write('{"run_id": "sec')
    assert [one["run_id"] for one in history.read(tmp_path)] == ["first"]


def test_a_history_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / history.FILE).mkdir()
    with pytest.raises(PlanError, match="the history cannot be read"):
        history.read(tmp_path)


def test_days_do_not_make_another_job() -> None:
    assert undated({"start": date(2026, 1, 2), "end": "2026-01-03", "days": 28, "tags": ["a"]}) == {
        "days": 28,
        "tags": ["a"],
    }


def test_a_run_that_goes_on_writes_each_report_once(tmp_path: Path) -> None:
    other = outcome(job=Job("research/a", Path("a.ipynb"), {"market": "DE"}, "b"))
    history.append(tmp_path, [outcome()], "first")
    with (tmp_path / history.FILE).open("a", encoding="utf-8") as file:
        file.write('{"run_id": "first", "cut sh')
    history.append(tmp_path, [outcome(), other], "first")
    assert [one["slug"] for one in history.read(tmp_path)] == [outcome().job.slug, "b"]
