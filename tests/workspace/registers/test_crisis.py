"""The register of crises: what it refuses, with the place and the nearest choice, and what it lets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import read_register
from fanops_utils.workspace.registers.crisis import Crisis

CLOCKS = "clocks: [{id: respond, what: Answer, minutes: 30}]\n"
OPEN = "{id: a, market: US, start: 2026-03-09T14:30:00, level: 2}"


def read(folder: Path, text: str) -> Crisis:
    path = folder / "crisis.yml"
    path.write_text(text, encoding="utf-8")
    return read_register(path, Crisis)


def incident(more: str = "", *, start: str = "2026-03-09T14:30:00") -> str:
    return f"{CLOCKS}incidents:\n  - {{id: a, market: US, start: {start}, level: 2{more}}}\n"


def test_two_open_incidents_of_a_day_are_let_through(tmp_path: Path) -> None:
    found = read(tmp_path, f"{CLOCKS}incidents: [{OPEN}, {OPEN.replace('id: a', 'id: b')}]")
    assert [one.end for one in found.incidents] == [None, None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (incident(start="2026-03-09T14:30:00Z"), "line 3: start: .*not a local time"),
        (incident(", end: '2026-03-10T10:00:00+01:00'"), "line 3: end: .*not a local time"),
        (incident(start="20260309"), "line 3.*2026-03-09T14:30:00"),
        (incident(", log: [{clock: respond, at: 2026-03-08T14:52:00}]"), "'a' met the clock 'respond' before"),
        (incident(", log: [{clock: respnd, at: 2026-03-09T14:52:00}]"), "Did you mean 'respond'"),
        (incident(", log: [" + ", ".join(["{clock: respond, at: 2026-03-09T14:52:00}"] * 2) + "]"), "'respond' twice"),
        (f"{CLOCKS}incidents: [{OPEN}, {OPEN}]", "two entries are called 'a'"),
        (
            "clocks: [" + ", ".join(["{id: respond, what: Answer, minutes: 30}"] * 2) + "]",
            "two entries are called 'respond'",
        ),
        (CLOCKS.replace("30", "1000000000000"), "line 1: minutes: '1000000000000'"),
        (CLOCKS.replace("30", "30, levels: []"), "line 1: levels"),
        ("stakeholders: [{name: Press, levels: [7]}]", "line 1: levels: '7'"),
        ("stakeholders: [{name: Press, minutes: 1000000000000}]", "line 1: minutes"),
    ],
)
def test_what_cannot_hold_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        read(tmp_path, text)
