"""The playbooks of lifecycle, community and partners: what each section concludes, on both sides of its rule."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from fanops_utils import charts
from fanops_utils.models.operations import acting, alarm, choosing, replying, rota, rubric
from fanops_utils.playbook import Section, ended
from fanops_utils.playbook.handouts import Agenda, Listing
from fanops_utils.sections import playbooks
from fanops_utils.sections.playbooks.checklists import within
from fanops_utils.text import Count, People, Period, Sayable, speak
from fanops_utils.workspace import kinds
from fanops_utils.workspace.opening import TEMPLATE
from fanops_utils.workspace.operations import Partners, Pattern, Team
from fanops_utils.workspace.register import read_register
from fanops_utils.workspace.registers.crisis import Crisis
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.registers.segments import Action

ON = date(2026, 10, 31)
PERIOD = Period.of(date(2026, 5, 1), ON)
TEAM = Team.model_validate({"roles": [{"id": "lead", "name": "Lead", "person": "A"}, {"id": "open", "name": "Open"}]})
STAGES = ["new", "active", "won-back", "at-risk", "silent", "lapsed"]


def by_stage(*members: int) -> pd.DataFrame:
    return pd.DataFrame({"stage": STAGES, "members": members, "buyers": 12, "spend": 100.0, "spend_share": 0.1})


def actions(*given: dict[str, str], stages: pd.DataFrame, tiers: tuple[int, int] = (30, 20), **verdicts: str) -> Any:
    tier = pd.DataFrame(
        {"tier": ["loyal", "high-value"], "members": tiers, "buyers": 12, "spend": 9.0, "spend_share": 0.1}
    )
    words = {"now": "n", "do": "d", "channel": "c", "metric": "members", "role": "lead"}
    listed = [Action.model_validate(words | one) for one in given]
    sizes = acting.segment_sizes(stages, tier)
    table = acting.action_table(listed, sizes, experiments={}, verdicts=verdicts, offers={})
    return playbooks.actions(table, team=TEAM, market="US", currency="USD", defaults=True, by_stage=stages)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ("ship", "tested"),
        ("stop", "tested"),
        ("invalid", "untested"),
        ("run_on", "untested"),
        ("do_not_ship", "against"),
    ],
)
def test_an_action_is_tested_where_its_test_has_a_result(verdict: str, code: str) -> None:
    section = actions({"segment": "new", "tested_by": "a"}, stages=by_stage(40, 30, 20, 20, 20, 90), a=verdict)
    assert section.finding.code == code


def shown(section: Any) -> dict[str, str]:
    table = next(one for one in section.parts if isinstance(one, charts.Table))
    said = [[speak(cell, "en") for cell in row if isinstance(cell, Sayable)] for row in table.rows]
    return {row[0]: row[1] for row in said}


def test_a_small_segment_and_what_would_give_it_away_are_hidden() -> None:
    given = [{"segment": name} for name in (*STAGES, "loyal", "high-value")]
    told = shown(actions(*given, stages=by_stage(4, 30, 20, 25, 26, 90), tiers=(30, 3)))
    assert "4" not in told.values() and "20" not in told.values() and "30" in told.values()
    assert told["Loyal"] == told["Won back"] != told["New"] == told["Recent and high-value"]


@pytest.mark.parametrize(
    ("roles", "code"), [({}, "no_roles"), ({"koc": 4}, "below"), ({"koc": 5}, "reached"), ({"ambassador": 2}, "below")]
)
def test_the_ladder_asks_for_a_tenth_of_the_core(roles: dict[str, int], code: str) -> None:
    table = acting.ladder(members=100, core=50, candidates=12, roles=roles)
    assert playbooks.ladder(table).finding.code == code
    assert playbooks.ladder(acting.ladder(members=0, core=0, candidates=0, roles={})).finding.status == "no_data"


@pytest.mark.parametrize(("role", "code"), [("lead", "named"), ("open", "gaps"), ("nobody", "gaps"), (None, "gaps")])
def test_a_step_of_a_checklist_needs_a_role_that_somebody_fills(role: str | None, code: str) -> None:
    steps = [{"do": "x", "minutes": 60, "role": role}]
    pattern = Pattern.model_validate({"id": "c", "kind": "checklist", "name": "C", "steps": steps})
    section = playbooks.checklist(pattern, team=TEAM, name="escalation")
    assert section.finding.code == code and isinstance(section.handouts[0], Listing)
    assert bool(playbooks.plays([section], owner="o", on=ON)) == (code == "gaps")
    assert playbooks.checklist(None, team=TEAM, name="escalation").finding.status == "no_data"


@pytest.mark.parametrize(("minutes", "said"), [(0, "at once"), (60, "60 minutes"), (240, "4 hours"), (4320, "3 days")])
def test_a_time_allowed_is_said_in_the_unit_people_use(minutes: int, said: str) -> None:
    told = within(minutes)
    assert told is not None and speak(told, "en") == said and within(None) is None


def test_a_partner_paid_without_a_first_day_is_told() -> None:
    partners = [
        {"id": "a", "name": "A", "kind": "creator", "start": date(2026, 1, 1)},
        {"id": "b", "name": "B", "kind": "creator"},
    ]
    register = Partners.model_validate({"gates": [{"id": "g", "name": "G"}], "partners": partners})
    table = choosing.gate_table(register, market=None, on=ON)
    assert list(table["dated"]) == [True, False]
    plain, told = (playbooks.gates(table, paid=paid).finding.text for paid in (["A"], ["A", "B", "B", "C"]))
    (added,) = set(told.parts) - set(plain.parts)  # type: ignore[attr-defined]
    assert dict(added.values)["n"] == Count(2.0), "B and C, each once"


@pytest.mark.parametrize("name", kinds.PATTERN.defaults)
def test_what_a_new_brand_gets_is_marked_as_default_in_both_languages(name: str) -> None:
    pattern = read_register(TEMPLATE / name, Pattern)
    assert pattern.defaults
    words = [pattern.name, *(step.do for step in pattern.steps)]
    assert all({language for language, _ in getattr(one, "texts", ())} >= {"en", "zh-Hans"} for one in words)


@pytest.mark.parametrize(("topic", "code"), [("price", "own"), (None, "general"), ("other", "none")])
def test_a_topic_without_a_reply_is_told(topic: str | None, code: str) -> None:
    cases = pd.DataFrame({"kind": ["complaint"], "topic": ["price"], "first_response_at": [None]})
    reply = Pattern.model_validate({"id": "r", "kind": "reply", "name": "R", "text": "t", "topic": topic})
    assert playbooks.replies(replying.reply_table(cases, [reply]), period=PERIOD).finding.code == code


def test_few_cases_are_no_number_in_any_table_of_the_page() -> None:
    asked = pd.DataFrame({"kind": ["complaint"] * 12 + ["question"] * 3, "topic": ["price"] * 12 + ["taste"] * 3,
                          "first_response_at": [pd.Timestamp(ON)] * 15})  # fmt: skip
    grown = pd.DataFrame(
        {"kind": "violation", "topic": "spam", "date_day": [date(2026, 9, 10)] * 8 + [date(2026, 10, 10)] * 40}
    )
    review = replying.conflict_review(grown, pd.Series([], dtype=object), on=ON)
    sections = (playbooks.replies(replying.reply_table(asked, []), period=PERIOD),
                playbooks.conflicts(review, month=replying.last_month(ON)))  # fmt: skip
    topics, conflicts = (part for section in sections for part in section.parts if isinstance(part, charts.Table))
    assert topics.rows[1][2:4] == (People(3), None), "nor the share that would tell it"
    assert speak(People(3), "en") not in speak(topics.rows[0][1], "en") == "12"  # type: ignore[arg-type]
    assert conflicts.rows[0][2:4] == (People(8), People(40))
    (listed,) = sections[1].handouts
    assert isinstance(listed, Listing) and listed.rows[0][2:4] == (People(8), People(40))


@pytest.mark.parametrize(("now", "code"), [(40, "more"), (9, "even")])
def test_conflicts_that_grew_ask_for_a_play(now: int, code: str) -> None:
    days = [date(2026, 9, 10)] * 8 + [date(2026, 10, 10)] * now
    cases = pd.DataFrame({"kind": "violation", "topic": "spam", "date_day": days})
    table = replying.conflict_review(cases, pd.Series([], dtype=object), on=ON)
    section = playbooks.conflicts(table, month=replying.last_month(ON))
    assert section.finding.code == code
    assert bool(playbooks.plays([section], owner="o", on=ON)) == (code == "more")


@pytest.mark.parametrize(("hours", "code"), [(8.0, "open"), (0.0, "open"), (400.0, "covered")])
def test_the_rota_tells_open_shifts_and_goes_into_calendars(hours: float, code: str) -> None:
    load = pd.DataFrame([(day, hour, 5) for day in range(7) for hour in range(24)], columns=["weekday", "hour", "n"])
    at_hand = dict.fromkeys(("lead", "a", "b", "c", "d"), hours) if hours else {}
    laid = rota.shifts(load, at_hand)
    section = playbooks.rota(load, laid, hours=at_hand, team=TEAM, period=PERIOD, zone="Asia/Tokyo", on=ON)
    assert section.finding.code == code
    assert len(shown(section)) == len(set(laid["weekday"]))
    agendas, filled = [one for one in section.handouts if isinstance(one, Agenda)], int(laid["role"].notna().sum())
    assert sum(len(one.events) for one in agendas) == filled and len(agendas) == (filled > 0)
    for one in agendas:
        assert one.time_zone == "Asia/Tokyo" and {event.every for event in one.events} == {"week"}
        assert min(event.start.isoformat() for event in one.events) > "2026-11-01"


@pytest.mark.parametrize(("passed", "code"), [(["g"], "kept"), ([], "breach")])
def test_agreements_past_an_open_gate_are_told(passed: list[str], code: str) -> None:
    one = {"id": "p", "name": "P", "kind": "brand", "start": date(2026, 1, 1), "passed": passed, "reviewed": ON}
    register = Partners.model_validate({"gates": [{"id": "g", "name": "G"}], "partners": [one]})
    assert playbooks.gates(choosing.gate_table(register, market=None, on=ON)).finding.code == code
    assert playbooks.due(choosing.dates_ahead(register, market=None, on=ON), on=ON).finding.status == "no_data"
    assert playbooks.weighed(register, market=None, on=ON) == {}


def test_decisions_overdue_are_told_and_a_share_only_of_enough() -> None:
    def taken(**given: object) -> Decision:
        return Decision.model_validate(
            {"kind": "change", "action": "A", "owner": "B", "date": date(2026, 6, 1)} | given
        )

    late, kept = taken(review=date(2026, 7, 1)), taken(ended="kept", outcome="x")
    for decisions, code in (([late], "overdue"), ([kept], "on_time")):
        assert playbooks.decided(ended.record(decisions, on=ON)).finding.code == code
    assert playbooks.decided(ended.record([], on=ON)).finding.status == "no_data"
    tables = [playbooks.decided(ended.record([kept] * n, on=ON)).parts[-1] for n in (4, 5)]
    shares = [isinstance(one, charts.Table) and len(one.columns) == 10 for one in tables]
    assert shares == [False, True]


def test_whoever_is_told_in_a_crisis_is_told_by_somebody() -> None:
    register = Crisis.model_validate({"stakeholders": [
        "Public", {"name": "Regulator", "minutes": 120, "owner": "lead", "levels": [1]},
    ]}).stakeholders  # fmt: skip
    lead = Team.model_validate({"roles": [{"id": "lead", "name": "Lead", "person": "A"}]})
    start = alarm.at(date(2027, 3, 28), "01:00", time_zone="Europe/Berlin")  # clocks go forward at two
    asked: dict[str, Any] = {"team": lead, "alarm": start, "zone": "Europe/Berlin"}
    told = playbooks.stakeholders(register, level=1, **asked)
    assert (told.finding.code, told.finding.n, told.finding.estimate) == ("gaps", 2, 1.0)
    assert "04:00" in str(told.to_json()), "two hours later by the market's clock"
    assert playbooks.stakeholders(register[1:], level=1, **asked).finding.code == "named"
    assert playbooks.stakeholders(register[1:], level=2, **asked).finding.status == "no_data"


@pytest.mark.parametrize(("per", "code"), [((2.0, 1.0), "dearer"), ((1.1, 1.0), "even"), ((math.nan, 1.0), "blind")])
def test_input_and_output_tell_what_became_dearer(per: tuple[float, float], code: str) -> None:
    row = {"id": "a", "name": "A", "own": 1.0, "people": 0.0, "cost": 1.0, "output": "views", "made": 1.0, "per": per[0],
           "cost_before": 1.0, "made_before": 1.0, "per_before": per[1]}  # fmt: skip
    month = (date(2026, 10, 1), date(2026, 10, 31))
    assert playbooks.input_output(pd.DataFrame([row]), month=month, currency="EUR").finding.code == code
    assert playbooks.input_output(None, month=None, currency="EUR").finding.status == "no_data"


@pytest.mark.parametrize(("states", "code"), [(["agreed"] * 4, "agreed"), (["agreed", "apart", "few", "few"], "apart"),
                                              (["few"] * 4, "few"), (["agreed", "unsure", "few", "few"], "unsure")])  # fmt: skip
def test_the_rubric_tells_where_reviewers_differ(states: list[str], code: str) -> None:
    table = pd.DataFrame({"principle": rubric.PRINCIPLES, "mark": 3.0, "marked": 12, "n": 12, "kappa": 0.5, "lower": 0.4,
                          "upper": 0.6, "state": states})  # fmt: skip
    assert playbooks.rubric(table).finding.code == code
    assert playbooks.rubric(rubric.agreement([])).finding.status == "no_data"


@pytest.mark.parametrize(("ahead", "code"), [(44, "soon"), (45, "on_time"), (29, "overdue")])
def test_a_day_for_notice_is_told_two_weeks_before(ahead: int, code: str) -> None:
    end = ON + timedelta(days=ahead)  # notice is due 30 days before the end
    one = {"id": "p", "name": "P", "kind": "brand", "start": date(2026, 1, 1), "end": end, "reviewed": ON}
    register = Partners.model_validate({"gates": [{"id": "g", "name": "G"}], "partners": [one]})
    finding = playbooks.due(choosing.dates_ahead(register, market=None, on=ON), on=ON).finding
    assert (finding.code, finding.about is None) == (code, code == "on_time")
    assert len(playbooks.plays([Section.of(finding)], owner="lead", on=ON)) == (code != "on_time")
