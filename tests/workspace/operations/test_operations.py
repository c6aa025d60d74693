"""Registers of the work: what each refuses, with its line and the nearest choice, and what it lets through."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import BRAND, ROOT

from fanops_utils.errors import WorkspaceError
from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace import Workspace, init_workspace, read_register
from fanops_utils.workspace.kinds import CALENDAR, KINDS, PARTNERS, PATTERN, REGULATIONS, RISKS, TEAM
from fanops_utils.workspace.operations import Calendar, Partners, Pattern, Risks, Team
from fanops_utils.workspace.registers.target import Target

OF_THE_WORK = (TEAM, CALENDAR, RISKS, PARTNERS, REGULATIONS)
TEAM_TEXT = """\
roles:
  - {id: lead, name: Lead, stand_in: maker}
  - {id: maker, name: Maker}
duties:
  - id: content
    name: Content
    accountable: lead
    responsible: [maker]
sign_offs:
  - {id: statement, name: Statement, roles: [lead], approvals: 2}
"""
PARTNER_TEXT = """\
gates: [{id: local, name: Local}]
weights: [{area: effect, weight: 0.6}, {area: service, weight: 0.4}]
partners:
  - {id: a, name: A, kind: creator, passed: [local], scores: {effect: 5}}
"""
PATTERN_TEXT = """\
id: reply
kind: reply
name: Reply
text: Sorry, it arrives on {day}
facts: [day]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "register.yml"
    path.write_text(text, encoding="utf-8")
    return path


def assert_refused(folder: Path, text: str, model: Any, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        read_register(written(folder, text), model)


def test_a_team_lets_through_what_hangs_together(tmp_path: Path) -> None:
    team = read_register(written(tmp_path, TEAM_TEXT), Team)
    assert team.duties[0].roles == ("lead", "maker")
    assert team.role("lead") is not None and team.role("nobody") is None and team.role(None) is None
    assert [role.id for role in team.of("US")] == ["lead", "maker"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    accountable: lead\n", "", r"line 5: the key 'accountable' is missing"),
        ("accountable: lead", "accountable: [lead, maker]", r"line 7: accountable"),
        ("accountable: lead", "accountable: leed", r"no entry is called 'leed'. Did you mean 'lead'"),
        ("responsible: [maker]", "responsible: []", "responsible"),
        ("responsible: [maker]", "responsible: [maker]\n    consulted: [maker]", "'maker' stands twice"),
        ("stand_in: maker", "stand_in: lead", "'lead' stands in for itself"),
        ("id: maker, name", "id: lead, name", "two entries are called 'lead'"),
        ("roles: [lead]", "roles: [leg]", "no entry is called 'leg'"),
        ("approvals: 2", "approvals: 0", "approvals"),
        ("name: Maker", "nme: Maker", r"line 3: unknown key 'nme'. Did you mean 'name'"),
    ],
)
def test_a_team_refuses(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert TEAM_TEXT.replace(old, new) != TEAM_TEXT
    assert_refused(tmp_path, TEAM_TEXT.replace(old, new), Team, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps: [{id: a, name: A, first_week: 3, last_week: 2}]", "ends in week 2, before week 3"),
        ("launches: [{market: US, start: 2027-01-04, done: [resarch]}]\n"
         "steps: [{id: research, name: R, first_week: 1, last_week: 2}]", "Did you mean 'research'"),
        ("launches: [{market: US, start: 2027-01-04}, {market: US, start: 2027-01-04}]", "two launches are in US"),
        ("meetings: [{id: a, name: A, every: weak}]", r"line 1: every: 'weak' is not a valid choice. Did you mean 'week'"),
        ("meetings: [{id: a, name: A, every: week, time: '25:00'}]", "time"),
        ("moments: [{id: a, name: A, date: 2027-01-04, end: 2027-01-03}]", "lies before start"),
        ("pieces: [{series: tea, date: 2027-01-04, market: US}]", "no entry is called 'tea'"),
        ("mix: [{source: users, from_month: 1, low: 5, high: 15}]", "mix|low"),
    ],
)  # fmt: skip
def test_a_calendar_refuses(tmp_path: Path, text: str, words: str) -> None:
    assert_refused(tmp_path, text, Calendar, words)


def test_a_moment_without_an_end_is_one_day(tmp_path: Path) -> None:
    text = "moments: [{id: a, name: A, date: 2027-01-04}, {id: b, name: B, date: 2027-01-04, end: 2027-01-05}]"
    first, second = read_register(written(tmp_path, text), Calendar).moments
    assert (first.period.days, second.period.days) == (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0.4", "0.5", "the weights make 110%"),
        ("passed: [local]", "passed: [locl]", "Did you mean 'local'"),
        ("passed: [local]", "passed: [local], failed: [local]", "both passed and failed"),
        ("{effect: 5}", "{effect: 6}", "the score 6 for effect"),
    ],
)
def test_partners_refuse(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert read_register(written(tmp_path, PARTNER_TEXT), Partners).partners[0].scores == {"effect": 5.0}
    assert_refused(tmp_path, PARTNER_TEXT.replace(old, new), Partners, words)


def test_a_risk_has_a_level_where_both_are_judged(tmp_path: Path) -> None:
    text = "risks: [{id: a, name: A, likelihood: 2, impact: 4}, {id: b, name: B, likelihood: 2}]"
    assert [risk.level for risk in read_register(written(tmp_path, text), Risks).risks] == [8, None]
    assert_refused(tmp_path, text.replace("impact: 4", "impact: 6"), Risks, "impact")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("facts: [day]", "facts: [days]", "needs the fact 'day', which is not listed. Did you mean 'days'"),
        ("facts: [day]", "facts: [day, name]", "no place for the fact 'name'"),
        ("{day}", "{day", "a brace in the text is not closed"),
        ("text: Sorry, it arrives on {day}", "text: {en: 'On {day}', de: Bald}", "no place for the fact 'day'"),
        ("kind: reply", "kind: checklist", "a checklist has steps"),
    ],
)
def test_a_pattern_is_filled_by_its_facts_alone(tmp_path: Path, old: str, new: str, words: str) -> None:
    pattern = read_register(written(tmp_path, PATTERN_TEXT), Pattern)
    assert pattern.missing(set()) == ("day",) and pattern.missing({"day", "more"}) == ()
    assert_refused(tmp_path, PATTERN_TEXT.replace(old, new), Pattern, words)


def test_an_unknown_market_in_a_register_of_the_work_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "team.yml").write_text("roles: [{id: a, name: A, markets: [UX]}]", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"team\.yml: unknown market: 'UX'. Did you mean 'US'"):
        Workspace(tmp_path).validate()


def test_what_init_writes_is_marked_as_defaults_in_both_languages_and_the_sample_is_not(tmp_path: Path) -> None:
    init_workspace(tmp_path / "mine")
    mine, sample = Workspace(tmp_path / "mine"), Workspace(ROOT / "data" / "sample")
    for kind in OF_THE_WORK:
        assert mine.register(kind).defaults and not sample.register(kind).defaults, kind.id
    assert all(one.defaults for one in mine.registers(PATTERN).values())
    assert not any(one.defaults for one in sample.registers(PATTERN).values())
    said = [role.name for role in mine.register(TEAM).roles] + [risk.name for risk in mine.register(RISKS).risks]
    assert len(said) > 12 and all(
        isinstance(name, Worded) and set(dict(name.texts)) == {"en", "zh-Hans"} for name in said
    )
    roles = {role.id for role in mine.register(TEAM).roles}
    for named in (mine.register(CALENDAR).roles, mine.register(REGULATIONS).roles,
                  *(one.roles for one in mine.registers(PATTERN).values())):  # fmt: skip
        assert set(named) <= roles


def test_every_number_of_the_plans_stands_in_the_targets_and_those_that_are_measured_are_valid(tmp_path: Path) -> None:
    init_workspace(tmp_path / "mine")
    text = (tmp_path / "mine" / "targets.yml").read_text(encoding="utf-8")
    rows = re.findall(r"^# - (\{id.*\})  # (\d+):", text, re.M)
    told = [int(number) for _, number in rows] + [int(number) for number in re.findall(r"^#   (\d+)\. ", text, re.M)]
    assert sorted(told) == list(range(1, 57))
    assert len(rows) >= 9
    for row, _ in rows:
        assert Target.model_validate(yaml.safe_load(row)).metric in METRICS
    assert Workspace(tmp_path / "mine").targets == ()


def test_a_workspace_from_before_opens_without_them(tmp_path: Path) -> None:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    workspace = Workspace(tmp_path)
    workspace.validate()
    assert workspace.register(TEAM).roles == () and not workspace.register(TEAM).defaults
    assert workspace.register(CALENDAR).launch("US") is None
    assert len({kind.id for kind in KINDS}) == len(KINDS)
