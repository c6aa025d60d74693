"""Estimates: what the runs before took."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fanops_utils.reports.planning.estimate import seconds_of, spoken
from fanops_utils.reports.planning.plan import Job


def ran(folder: Path, run: str, *jobs: tuple[str, dict[str, Any], str, float]) -> None:
    path = folder / "weekly" / run / "manifest.json"
    path.parent.mkdir(parents=True)
    names = ("notebook", "parameters", "status", "seconds")
    path.write_text(json.dumps({"jobs": [dict(zip(names, job, strict=True)) for job in jobs]}), encoding="utf-8")


def job(notebook: str, **parameters: Any) -> Job:
    return Job(notebook, Path(notebook), {"workspace": "brand", **parameters}, notebook)


def test_a_job_takes_what_it_took_and_a_new_one_what_its_like_took(tmp_path: Path) -> None:
    for number, seconds in enumerate([10.0, 12.0, 30.0]):
        start = f"2026-01-0{number + 1}"
        ran(tmp_path, f"2026010{number}", ("a", {"market": "US", "start": start}, "succeeded", seconds),
            ("a", {"market": "DE"}, "cached", 0.1), ("b", {}, "failed", 500.0))  # fmt: skip
    jobs = [job("a", market="US", start="2026-02-01"), job("a", market="DE"), job("b")]
    assert seconds_of(jobs, tmp_path) == [12.0, 12.0, None]


def test_a_damaged_manifest_is_passed_over(tmp_path: Path) -> None:
    ran(tmp_path, "1", ("a", {}, "succeeded", 3.0))
    for number, content in enumerate(["", "{}", '{"jobs": [{}]}', '{"jobs": 3}']):
        (tmp_path / "weekly" / f"bad{number}").mkdir()
        (tmp_path / "weekly" / f"bad{number}" / "manifest.json").write_text(content, encoding="utf-8")
    assert seconds_of([job("a")], tmp_path) == [3.0]
    assert seconds_of([job("a")], tmp_path / "nowhere") == [None]


def test_the_estimate_in_words() -> None:
    assert spoken([10.0, 10.0], workers=2) == "about 10 s"
    assert spoken([10.0, 300.0], workers=4) == "about 5 min"  # no run is shorter than its longest job
    assert spoken([None], workers=2).startswith("how long is not known yet")
