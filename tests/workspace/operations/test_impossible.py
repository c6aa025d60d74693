"""Registers of the work and of the plan: what could never hold, or would be lost without a word, is refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import read_register
from fanops_utils.workspace.operations import Calendar, Partners, Pattern, Regulations, Risks, Team
from fanops_utils.workspace.registers.choice import Choice
from fanops_utils.workspace.registers.target import Targets

SERIES = "series: [{id: s, name: S, kind: product, platform: instagram, weekdays: [monday]}]\n"
PIECE = "{series: s, date: 2026-01-05, market: US}"
DUTY = "roles: [{id: a, name: A}]\nduties: [{id: d, name: D, accountable: a, responsible: [%s]}]"
REPLY = "id: x\nname: X\nkind: reply\ntext: '%s'\nfacts: [day]"
STEPS = "id: x\nname: X\nkind: checklist\nsteps: [{do: A, %s}]"
CRITERIA = "criteria: [{id: p, name: P, weight: 1, worst: 0, best: 1}, {id: q, name: Q, weight: 1, worst: 0, best: 1}]"
CHOICE = f"id: x\nabout: tools\nquestion: Q\n{CRITERIA}\ncandidates: [{{id: a, name: A, error: {{p: %s}}}}]"
CASES: list[tuple[Any, str, str]] = [
    (Team, DUTY % "a, a", "line 2: 'a' stands there twice"),
    (Team, "roles: [{id: a, name: A, markets: [US, US]}]", "'US' stands there twice"),
    (Calendar, f"{SERIES}pieces: [{PIECE}, {PIECE}]", "'s, 2026-01-05, US' stands there twice"),
    (Calendar, "mix: [{source: users, from_month: 1, low: 0.9, high: 0.1}]", "line 1: .*users ends at 0.1"),
    (
        Calendar,
        "mix: [" + ", ".join(["{source: users, from_month: 1, low: 0, high: 1}"] * 2) + "]",
        "'users, 1' stands",
    ),
    (Calendar, "steps: [{id: a, name: A, first_week: 1, last_week: 1000000}]", "line 1: last_week: '1000000'"),
    (Calendar, "launches: [{market: US, start: 9999-12-31}]", "line 1: start: '9999-12-31'"),
    (Calendar, "launches: [{market: US, start: 2027-02-29}]", "line 1: start: '2027-02-29' is not a date"),
    (Regulations, "regulations: [{id: a, name: A, every_days: 100000000000, done: 2026-01-01}]", "line 1: every_days"),
    (Partners, "partners: [{id: a, name: A, kind: agency, start: 2026-05-01, end: 2025-01-01}]", "before start"),
    (Partners, "partners: [{id: a, name: A, kind: creator, code: X}, {id: b, name: B, kind: creator, code: X}]", "'X'"),
    (Partners, "weights: [{area: effect, weight: 0.5}, {area: effect, weight: 0.5}]", "'effect' stands there twice"),
    (Risks, "risks: [{id: a, name: A, above: 3}]", "line 1: the risk 'a' has a trigger, but no metric"),
    (Risks, "risks: [{id: a, name: A, metric: reach, above: 0.1, below: 0.9}]", "'a' rings above 0.1 and below 0.9"),
    (Pattern, REPLY % "On {day.year}", "nothing else: 'day.year'"),
    (Pattern, REPLY % "On {day:>{width}}", "nothing else: 'day:>{width}'"),
    (Pattern, REPLY % "On {day!r}", "nothing else: 'day!r'"),
    (Pattern, REPLY % "On {} {day}", "nothing else: ''"),
    (Pattern, REPLY.replace("[day]", "[day, day]") % "On {day}", "'day' stands there twice"),
    (Pattern, STEPS % "minutes: 1000000000000", "line 4: minutes"),
    (Pattern, STEPS % "minutes: -1", "line 4: minutes: '-1'"),
    (Pattern, STEPS % "levels: [9]", "line 4: levels: '9'"),
    (Pattern, f"{STEPS % 'levels: [1]'}\nfacts: [day]", "a checklist has no places"),
    (Targets, "course: {budget: {media: {low: 0.5, high: 0.2}}}", "line 1: .*ends at 20.*50"),
    (Targets, "course: {budget: {media: {low: 0.6, high: 1}, tools: {low: 0.6, high: 1}}}", "120"),
    (Targets, "course: {start: 2026-01-01, milestones: [{name: A, month: 1000000}]}", "line 1: month: '1000000'"),
    (Targets, "targets: [{id: a, metric: reach, low: 2, window: 100000000000}]", "line 1: window"),
    (Targets, "targets: [{id: a, metric: reach, low: 2, markets: [US, US]}]", "'US' stands there twice"),
    (Choice, CHOICE % "-1", "p: '-1'"),
]


@pytest.mark.parametrize(("model", "text", "words"), CASES)
def test_what_can_never_hold_is_refused_with_its_place(tmp_path: Path, model: Any, text: str, words: str) -> None:
    path = tmp_path / "register.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=words):
        read_register(path, model)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Team, "roles: [{id: a, name: مدير, person: สมชาย, markets: [US, BR]}, {id: b, name: 👩‍🚀, person: 李雷}]"),
        (
            Calendar,
            "launches: [{market: US, start: 2028-02-29}]\nsteps: [{id: a, name: A, first_week: 1, last_week: 1}]",
        ),
        (Risks, "risks: [{id: a, name: A, metric: reach, above: 0.9, below: 0.1}]"),
        (Pattern, REPLY % "On {day}, {{as it is}}"),
        (Targets, "course: {budget: {media: {low: 0.1, high: 0.2}}}"),
        (Choice, CHOICE % "0"),
    ],
)
def test_what_is_unusual_but_can_hold_is_let_through(tmp_path: Path, model: Any, text: str) -> None:
    path = tmp_path / "register.yml"
    path.write_text(text, encoding="utf-8")
    assert isinstance(read_register(path, model), model)
