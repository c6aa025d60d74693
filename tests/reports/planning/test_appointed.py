"""Registers name roles and sign-offs of team.yml by id: an unknown one is told with its line and the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BRAND

from fanops_utils.reports.planning.appointed import unknown_roles
from fanops_utils.workspace import Workspace

TEAM = "roles: [{id: legal, name: Legal}]\nsign_offs: [{id: statement, name: S, roles: [legal]}]\n"
SERIES = "series:\n  - {id: s, name: S, kind: product, platform: instagram, weekdays: [monday], %s}\n"
STEPS = "id: x\nkind: checklist\nname: X\nsteps:\n  - {do: A, role: %s}\n"
PLACES = [
    ("calendar.yml", "steps:\n  - {id: a, name: A, first_week: 1, last_week: 1, owner: %s}\n", 2),
    ("calendar.yml", "meetings:\n  - {id: a, name: A, every: week, roles: [%s]}\n", 2),
    ("calendar.yml", SERIES % "owner: %s", 2), ("calendar.yml", SERIES % "reviewer: %s", 2),
    ("risks.yml", "risks:\n  - {id: r, name: R, owner: %s}\n", 2),
    ("regulations.yml", "regulations:\n  - {id: r, name: R, owner: %s}\n", 2),
    ("crisis.yml", "stakeholders:\n  - {name: R, owner: %s}\n", 2), ("templates/x.yml", STEPS, 5),
]  # fmt: skip


def workspace(folder: Path, file: str, text: str, team: str = TEAM) -> Workspace:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "team.yml").write_text(team, encoding="utf-8")
    (folder / file).write_text(text, encoding="utf-8")
    return Workspace(folder)


@pytest.mark.parametrize(("file", "text", "line"), PLACES)
def test_a_role_nobody_has_is_told_with_its_line(tmp_path: Path, file: str, text: str, line: int) -> None:
    assert unknown_roles(workspace(tmp_path, file, text % "legal")) == []
    (found,) = unknown_roles(workspace(tmp_path, file, text % "legl"))
    assert found["place"].endswith(f"/{file}") and f"line {line}" in found["problem"]
    assert "'legl'" in found["problem"] and "'legal'" in found["problem"]
    assert unknown_roles(workspace(tmp_path, file, text % "legl", team="roles: []\n")) == []


def test_a_sign_off_nobody_can_give_is_told(tmp_path: Path) -> None:
    text = "id: x\nkind: statement\nname: X\ntext: T\nsign_off: %s\n"
    assert unknown_roles(workspace(tmp_path, "templates/x.yml", text % "statement")) == []
    (found,) = unknown_roles(workspace(tmp_path, "templates/x.yml", text % "statment"))
    assert "line 5" in found["problem"] and "'statement'" in found["problem"]


def test_a_role_is_told_once_a_file(tmp_path: Path) -> None:
    twice = STEPS % "chief" + "  - {do: B, role: chief}\n"
    assert len(unknown_roles(workspace(tmp_path, "templates/x.yml", twice))) == 1


def test_the_sample_names_what_there_is(demo: Workspace) -> None:
    assert unknown_roles(demo) == []
