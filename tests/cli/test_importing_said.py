"""What an import says as it goes on: what was said before in one line, a long one that it is at work, counts as words."""

from __future__ import annotations

import pytest

from fanops_utils.cli import data, import_lines
from fanops_utils.data.warehouse import FileReport


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(import_lines.say, "print", lambda text: said.append(str(text)))
    return said


def test_files_as_before_are_one_line(lines: list[str]) -> None:
    with import_lines.watched() as watch:
        for name in ("a.csv", "b.csv", "c.csv"):
            watch.report(FileReport(name, "unchanged", rows_in=400, rows_quarantined=1))
        watch.report(FileReport("new.csv", "loaded", rows_in=1, rows_quarantined=1))
    assert len(lines) == 2
    assert "new.csv" in lines[0]
    assert "1 of 1 row " in lines[0]
    assert "3 files" in lines[1]
    assert "3 of 1,200 rows" in lines[1]


def test_nothing_in_quarantine_is_no_line(lines: list[str]) -> None:
    with import_lines.watched() as watch:
        watch.report(FileReport("a.csv", "unchanged", rows_in=400))
    assert lines == []


def test_a_long_import_says_that_it_reads_and_writes_and_a_short_one_nothing(lines: list[str]) -> None:
    for total, stages in ((import_lines.LONG_BYTES, 2), (import_lines.LONG_BYTES - 1, 0)):
        lines.clear()
        with import_lines.watched() as watch:
            for done in (1, total // 2, total):
                watch.read(done, total)
        assert len(lines) == stages


def test_one_day_is_no_days(lines: list[str]) -> None:
    row = {
        "rows": 1,
        "first": None,
        "last": None,
        "missing_days": 1,
        "stale_days": 1,
        "quarantined": 0,
        "gaps": {},
        "breaks": [],
    }
    data._show_tables([{"table": "orders", **row}])
    told = next(line for line in lines if "missing" in line)
    assert told.count("1 day") == 2
    assert "days" not in told
