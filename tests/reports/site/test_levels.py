"""Levels of warning: told when they change, kept once they were told, and never lost by a watch that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fanops_utils.reports.site.levels import Change, changed, keep_levels, level_of, read_levels
from fanops_utils.reports.site.notify import LEVELS, reasons


def status(code: str, severity: str = "alert", **more: Any) -> list[dict[str, Any]]:
    return [{"id": "driver", "code": "mixed"}, {"id": "status", "code": code, "severity": severity, **more}]


def run(**found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "jobs": [{"slug": slug, "market": slug, "status": "succeeded", "findings": one} for slug, one in found.items()]
    }


@pytest.mark.parametrize(("findings", "level"), [
    (status("crisis_1"), "1"), (status("crisis_2"), "2"), (status("crisis_3", "watch"), "3"), (status("quiet", "good"), "none"),
    (status("crisis_1", "watch"), "none"), (status("dated", "watch"), "dated"),
    (status("no_data", "info", status="no_data"), "no_data"),
    (status("quiet", "good", status="failed"), None), ([], None),
])  # fmt: skip
def test_the_level_a_report_tells(findings: list[dict[str, Any]], level: str | None) -> None:
    assert level_of(findings) == level
    assert level is None or level in LEVELS


def test_only_a_change_is_told_and_the_worst_first(tmp_path: Path) -> None:
    calm, worse = (
        run(US=status("quiet", "good"), DE=status("quiet", "good")),
        run(US=status("crisis_3"), DE=status("crisis_1")),
    )
    assert changed(calm, {}) == [], "calm at first is no news"
    keep_levels(tmp_path, calm, {})
    known = read_levels(tmp_path)
    assert changed(worse, known) == [Change("DE", "DE", "none", "1"), Change("US", "US", "none", "3")]
    keep_levels(tmp_path, worse, known)
    assert changed(worse, read_levels(tmp_path)) == []
    assert [one.now for one in changed(calm, read_levels(tmp_path))] == ["none", "none"], "the all-clear is news, too"


def test_a_watch_that_failed_keeps_its_level(tmp_path: Path) -> None:
    keep_levels(tmp_path, run(US=status("crisis_1")), {})
    keep_levels(tmp_path, run(US=[], DE=status("crisis_2")), read_levels(tmp_path))
    assert read_levels(tmp_path) == {"US": "1", "DE": "2"}
    (tmp_path / "levels.json").write_text("[broken", encoding="utf-8")
    assert read_levels(tmp_path) == {}


@pytest.mark.parametrize(("levels", "expected"), [([], ()), ([{"slug": "US"}], ("level",))])
def test_a_level_is_an_occasion_of_its_own(levels: list[dict[str, str]], expected: tuple[str, ...]) -> None:
    assert reasons({**run(US=status("crisis_1")), "levels": levels}, ("level",)) == expected


def test_data_that_go_missing_are_no_calm() -> None:
    gone = run(US=status("no_data", "info", status="no_data"))
    assert changed(gone, {"US": "none"}) == [Change("US", "US", "none", "no_data")]
    assert changed(gone, {"US": "no_data"}) == []
