"""The runs on disk: their order, the last good report of each job, and what may be deleted."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.reuse import archive

JOB = Job("research/a", Path("a.ipynb"), {"market": "US"}, "a")


def run(folder: Path, name: str, **statuses: str) -> Path:
    """Write a run whose jobs ended so, each with its page."""
    path = folder / name
    path.mkdir(parents=True)
    jobs: list[dict[str, Any]] = []
    for slug, status in statuses.items():
        (path / f"{slug}.html").write_text(status, encoding="utf-8")
        jobs.append(
            {
                "notebook": f"research/{slug}",
                "slug": slug,
                "parameters": {"market": "US"},
                "status": status,
                "report": f"{slug}.html",
            }
        )
    (path / "manifest.json").write_text(json.dumps({"jobs": jobs}), encoding="utf-8")
    (path / archive.INDEX).touch()
    return path


def stamps(number: int) -> list[str]:
    return [f"202611{day:02}T060000Z" for day in range(1, number + 1)]


def test_runs_are_told_newest_first(tmp_path: Path) -> None:
    for name in ("20261122T060000Z", "20261122T060000Z-2", "20261122T060000Z-10", "20261121T060000Z", "latest"):
        (tmp_path / name).mkdir()
    assert [one.name for one in archive.runs_of(tmp_path)] == [
        "20261122T060000Z-10", "20261122T060000Z-2", "20261122T060000Z", "20261121T060000Z",
    ]  # fmt: skip
    assert archive.runs_of(tmp_path / "nowhere") == []


def test_run_folders_are_never_overwritten(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    folders = [archive.new_run(tmp_path / "weekly", moment) for _ in range(3)]
    assert [folder.name for folder in folders] == ["20261122T060000Z", "20261122T060000Z-2", "20261122T060000Z-3"]


def test_a_run_is_newer_than_those_of_the_same_second_also_where_one_was_deleted(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 22, 6, tzinfo=UTC)
    first, second, _ = (archive.new_run(tmp_path, moment) for _ in range(3))
    for gone in (first, second):
        shutil.rmtree(gone)
    assert archive.new_run(tmp_path, moment) == archive.runs_of(tmp_path)[0]
    assert [run.name for run in archive.runs_of(tmp_path)] == ["20261122T060000Z-4", "20261122T060000Z-3"]


def test_the_last_good_report_is_found_behind_failures(tmp_path: Path) -> None:
    for name, status in zip(stamps(4), ["succeeded", "no_data", "failed", "cancelled"], strict=True):
        run(tmp_path, name, a=status)
    found, entry = archive.last_good([JOB], tmp_path)["a"]
    assert (found.name, entry["status"]) == (stamps(2)[1], "no_data")
    (found / "a.html").unlink()
    assert archive.last_good([JOB], tmp_path)["a"][0].name == stamps(1)[0]
    other = Job("research/a", Path("a.ipynb"), {"market": "DE"}, "a")
    assert archive.last_good([other], tmp_path) == {}


def test_a_killed_run_tells_job_by_job(tmp_path: Path) -> None:
    folder = archive.new_run(tmp_path, datetime(2026, 11, 22, tzinfo=UTC))
    (folder / "jobs" / "a.json").write_text('{"slug": "a", "status": "succeeded"}', encoding="utf-8")
    (folder / "jobs" / "b.json").write_text('{"slug": "b", "sta', encoding="utf-8")
    assert archive.entries_of(folder) == [{"slug": "a", "status": "succeeded"}]
    assert archive.unfinished(tmp_path) == folder


def test_a_whole_run_is_not_resumed(tmp_path: Path) -> None:
    run(tmp_path, stamps(1)[0], a="failed")
    with pytest.raises(PlanError, match="the last run is whole"):
        archive.unfinished(tmp_path)
    run(tmp_path, stamps(2)[1], a="cancelled")
    assert archive.unfinished(tmp_path).name == stamps(2)[1]


def test_old_runs_go_but_never_the_last_good_report(tmp_path: Path) -> None:
    names = stamps(6)
    run(tmp_path, names[0], a="succeeded", b="succeeded")
    run(tmp_path, names[1], a="succeeded", b="failed")
    run(tmp_path, names[2], a="succeeded", gone="succeeded")
    run(tmp_path, names[3], a="failed", b="failed")
    run(tmp_path, names[4], a="failed", b="timed_out")
    run(tmp_path, names[5], a="failed", b="failed")
    (tmp_path / ".removing-half").mkdir()
    assert sorted(archive.prune(tmp_path, keep=2)) == [names[1], names[3]]
    assert [one.name for one in archive.runs_of(tmp_path)] == [names[5], names[4], names[2], names[0]]
    assert not list(tmp_path.glob(".removing-*"))
    run(tmp_path, "20261201T060000Z", a="cached", b="no_data")
    assert sorted(archive.prune(tmp_path, keep=1)) == [names[0], names[4], names[5]]
    assert (tmp_path / names[2] / "gone.html").is_file(), "the last good report of a job that no plan names any more"


def test_nothing_goes_where_nothing_is_too_much(tmp_path: Path) -> None:
    for name in stamps(3):
        run(tmp_path, name, a="failed")
    assert archive.prune(tmp_path, keep=3) == []


def test_the_order_of_runs_is_not_the_clock_s(tmp_path: Path) -> None:
    ahead = archive.new_run(tmp_path, datetime(2031, 1, 1, tzinfo=UTC))
    now = archive.new_run(tmp_path, datetime(2026, 11, 22, 6, tzinfo=UTC))
    assert archive.runs_of(tmp_path) == [now, ahead]
    archive.prune(tmp_path, keep=1)
    assert archive.runs_of(tmp_path) == [now]


def test_a_run_without_its_index_is_resumed(tmp_path: Path) -> None:
    only = run(tmp_path, stamps(1)[0], a="succeeded")
    (only / archive.INDEX).unlink()
    assert archive.unfinished(tmp_path) == only
