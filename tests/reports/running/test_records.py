"""What a run records after its reports: looks of fresh ones, once, and nothing of those taken over or failed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from fanops_utils.experiments import looks_path, read_looks
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.running.records import recorded
from fanops_utils.workspace.reads import ABSENT, digest_file

LOOK: dict[str, Any] = {
    "experiment": "welcome", "day": "2026-08-16", "units": 4_000, "fraction": 0.5, "z": 1.5, "verdict": "run_on",
}  # fmt: skip
REGISTER: dict[str, Any] = {
    "id": "welcome", "title": "Welcome", "hypothesis": "It helps", "owner": "CRM", "unit": "fan", "control": "a",
    "allocation": {"a": 0.5, "b": 0.5}, "method": "sequential", "looks": 4,
    "period": {"start": "2026-08-03", "end": "2026-08-30"},
    "metrics": [{"name": "y", "label": "Y", "kind": "conversion", "role": "decision"}],
}  # fmt: skip


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "welcome.yml").write_text(yaml.safe_dump(REGISTER), encoding="utf-8")
    return tmp_path


def outcome(brand: Path, *looks: dict[str, Any], **more: Any) -> Outcome:
    reads = {
        "tables": {},
        "files": {str(looks_path(brand, "welcome").resolve()): ABSENT},
        "folders": {},
        "undeclared": [],
    }
    job = Job(notebook="experiments/experiment_readout", path=brand / "none.ipynb", parameters={}, slug="welcome")
    return Outcome(job, "succeeded", conclusion={"looks": list(looks)}, reads=reads, **more)


def test_the_look_of_a_fresh_report_is_recorded_once_and_counts_as_read(brand: Path) -> None:
    path = looks_path(brand, "welcome")
    told = recorded(outcome(brand, LOOK), brand)
    assert [(look.as_of.isoformat(), look.units, look.z) for look in read_looks(path)] == [("2026-08-16", 4_000, 1.5)]
    assert told.reads is not None
    assert told.reads["files"] == {str(path.resolve()): digest_file(path)}, "with its look the report would be the same"
    first = path.read_bytes()
    recorded(outcome(brand, LOOK), brand)
    assert path.read_bytes() == first


@pytest.mark.parametrize("status", ["cached", "failed", "truncated", "cancelled"])
def test_of_other_reports_nothing_is_recorded(brand: Path, status: Any) -> None:
    told = replace(outcome(brand, LOOK), status=status)
    assert recorded(told, brand) == told
    assert not looks_path(brand, "welcome").exists()


def test_a_report_without_looks_is_left_alone(brand: Path) -> None:
    for told in (outcome(brand), replace(outcome(brand), conclusion=None)):
        assert recorded(told, brand) is told
    assert recorded(outcome(brand, LOOK), None).note == ""


def test_a_look_that_cannot_be_recorded_is_told_and_spoils_no_report(brand: Path) -> None:
    told = recorded(outcome(brand, LOOK | {"day": "soon"}), brand)
    assert told.good
    assert "A look could not be recorded" in told.note
    assert recorded(outcome(brand, LOOK | {"experiment": "gone"}), brand).note == "", (
        "its register was deleted meanwhile"
    )
