"""`fanops status` fits a terminal of 80 columns: names and days stand whole, figures on a line of their own."""

from __future__ import annotations

import pytest

from fanops_utils.cli import data
from fanops_utils.data.schema import TABLES

FULL = {
    "rows": 123_456_789, "first": "2024-01-01", "last": "2026-11-30", "missing_days": 1_234, "stale_days": 1_234,
    "quarantined": 12_345, "gaps": {}, "breaks": [],
}  # fmt: skip


def test_no_name_is_cut_and_no_line_is_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(data.say, "print", lambda text: lines.append(str(text)))
    data._show_tables([{"table": name, **FULL} for name in TABLES])
    assert max(map(len, lines)) <= 80
    assert all(any(line.split()[:1] == [name] for line in lines) for name in TABLES)
    assert all(f"{word}" in line for line in lines if "missing" in line for word in ("1,234 days", "12,345 in"))
