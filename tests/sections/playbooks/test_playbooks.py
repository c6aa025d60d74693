"""Playbooks: what each section concludes from its registers, on both sides of its rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from saying import values

from fanops_utils import charts
from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.operations import alarm, launching, meeting, slotting
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Listing
from fanops_utils.sections import playbooks
from fanops_utils.sections.playbooks.plays import ABOUT, ACTIONS
from fanops_utils.text import Period, Written, say, speak
from fanops_utils.workspace.operations import Calendar, Pattern, Risks, Team
from fanops_utils.workspace.registers.crisis import Stakeholder

MONDAY = date(2027, 1, 4)
ROLES: list[dict[str, Any]] = [
    {"id": "lead", "name": "Lead", "person": "A", "languages": ["de"], "stand_in": "maker"},
    {"id": "maker", "name": "Maker", "person": "B", "stand_in": "lead"},
]
DUTY = {"id": "d", "name": "D", "accountable": "lead", "responsible": ["maker"], "hours": 40}


def team(roles: list[dict[str, Any]] = ROLES, *, hours: float = 40, approvals: int = 2) -> Team:
    rule = {"id": "two", "name": "Two", "roles": ["lead", "maker"], "approvals": approvals}
    return Team.model_validate({"roles": roles, "duties": [DUTY | {"hours": hours}], "sign_offs": [rule]})


VACANT = [{name: value for name, value in role.items() if name != "person"} for role in ROLES]


@pytest.mark.parametrize(
    ("done", "weeks", "code"), [([], 0, "on_schedule"), ([], 1, "late"), (["a"], 1, "on_schedule"), (["a"], 3, "late")]
)
def test_a_launch_is_late_once_the_last_day_of_a_step_is_past(done: list[str], weeks: int, code: str) -> None:
    steps = [
        {"id": "a", "name": "A", "first_week": 1, "last_week": 1},
        {"id": "b", "name": "B", "first_week": 2, "last_week": 3},
    ]
    told = Calendar.model_validate({"steps": steps, "launches": [{"market": "US", "start": MONDAY, "done": done}]})
    day = MONDAY + timedelta(weeks=weeks)
    table = launching.launch_steps(told, told.launches[0], on=day)
    assert playbooks.steps(table, team=team(), on=day).finding.code == code


def test_without_a_launch_or_a_team_nothing_is_concluded() -> None:
    empty = Team()
    for section in (playbooks.steps(None, team=empty, on=MONDAY), playbooks.duties(empty), playbooks.capacity(empty),
                    playbooks.cover(empty), playbooks.budget(None, currency="USD")):  # fmt: skip
        assert section.finding.status == "no_data"


def test_a_launch_without_steps_is_not_told_as_no_launch() -> None:
    told = Calendar.model_validate({"launches": [{"market": "US", "start": MONDAY}]})
    table = launching.launch_steps(told, told.launches[0], on=MONDAY)
    without, none = (playbooks.steps(one, team=team(), on=MONDAY).finding for one in (table, None))
    assert without.status == none.status == "no_data" and speak(without.title, "en") != speak(none.title, "en")


def test_a_team_without_duties_is_not_said_to_suffice() -> None:
    alone = Team.model_validate({"roles": [ROLES[0] | {"stand_in": None}]})
    for section in (playbooks.capacity(alone), playbooks.cover(alone)):
        assert section.finding.status == "no_data"
    vacant = Team.model_validate({"roles": [{"id": "a", "name": "A"}]})
    assert playbooks.cover(vacant).finding.code == "gaps"


def test_a_market_nobody_works_for_is_a_gap() -> None:
    there = team([ROLES[0] | {"markets": ["US"]}, ROLES[1] | {"markets": ["US"]}])
    assert playbooks.cover(there, market="US").finding.code == "covered"
    assert playbooks.cover(there, market="BR").finding.estimate == 1


def test_the_sections_of_a_team_tell_gaps_from_none() -> None:
    assert playbooks.duties(team()).finding.code == "covered"
    assert playbooks.duties(team(VACANT)).finding.code == "orphans"
    assert playbooks.capacity(team()).finding.code == "enough"
    assert playbooks.capacity(team(hours=41)).finding.code == "over"
    assert playbooks.cover(team()).finding.code == "covered"
    assert playbooks.cover(team(), market="US", language="de").finding.code == "covered"
    assert playbooks.cover(team(), market="US", language="ja").finding.code == "gaps"


@pytest.mark.parametrize(("market", "gaps"), [("US", 1.0), ("BR", 0.0), (None, 1.0)])
def test_a_gap_counts_once_and_where_its_role_works(market: str | None, gaps: float) -> None:
    vacant = {**VACANT[0], "stand_in": None, "markets": ["US"]}  # neither there nor stood in for
    spare = {"id": "spare", "name": "Spare", "person": "C"}
    covered = {**ROLES[1], "stand_in": "spare"}
    assert playbooks.cover(team([vacant, covered, spare]), market=market).finding.estimate == gaps


def test_who_signs_is_no_column_where_nothing_is_signed() -> None:
    texts = [{"id": "s", "kind": "reply", "name": "S", "text": "It is {where_it_is}.", "facts": ["where_it_is"]},
             {"id": "t", "kind": "statement", "name": "T", "text": "T", "sign_off": "two"}]  # fmt: skip
    patterns = [Pattern.model_validate(one) for one in texts]

    def heads(some: list[Pattern]) -> int:
        (listed,) = (part for part in playbooks.statements(some, team=team()).parts if isinstance(part, charts.Table))
        return len(listed.columns)

    assert (heads(patterns[:1]), heads(patterns)) == (3, 4)


def test_doubled_braces_in_a_text_stand_for_themselves() -> None:
    told = {"id": "s", "kind": "reply", "name": "S", "text": "Code {{day}} on {day}.", "facts": ["day"]}
    (listed,) = (one for one in playbooks.statements([Pattern.model_validate(told)], team=team()).parts
                 if isinstance(one, charts.Table))  # fmt: skip
    words = listed.rows[0][1]
    assert words is not None and speak(words, "en") == "Code {day} on [day]."


def test_a_statement_can_be_signed_where_there_are_persons_enough() -> None:
    pattern = Pattern.model_validate({"id": "s", "kind": "statement", "name": "S", "text": "T", "sign_off": "two"})
    assert playbooks.statements([pattern], team=team()).finding.code == "ready"
    assert playbooks.statements([pattern], team=team(approvals=3)).finding.code == "unsigned"
    assert playbooks.statements([pattern], team=Team()).finding.code == "unsigned"


@pytest.mark.parametrize(("minutes", "due"), [(30, "23:30"), (90, "2027-01-05 00:30"), (1440, "2027-01-05 23:00")])
def test_a_step_due_on_another_day_names_it(minutes: int, due: str) -> None:
    told = {"id": "c", "kind": "checklist", "name": "C", "steps": [{"do": "X", "minutes": minutes, "role": "lead"}]}
    start = alarm.at(MONDAY, "23:00", time_zone="Europe/Berlin")
    table = alarm.timed(Pattern.model_validate(told), team(), level=2, alarm=start, time_zone="Europe/Berlin")
    section = playbooks.clock(table, level=2, alarm=start, zone="Europe/Berlin")
    (listed,) = (part for part in section.parts if isinstance(part, charts.Table))
    assert listed.rows[0][0] == Written(due) and section.finding.text is not None
    assert speak(section.finding.text, "en").endswith(f" {due}.")


def test_whoever_is_told_on_another_day_is_told_which() -> None:
    start = alarm.at(MONDAY, "23:00", time_zone="Europe/Berlin")
    register = [Stakeholder.model_validate({"name": "Press", "minutes": minutes}) for minutes in (30, 90)]
    section = playbooks.stakeholders(register, team=team(), level=2, alarm=start, zone="Europe/Berlin")
    (listed,) = (part for part in section.parts if isinstance(part, charts.Table))
    assert [row[2] for row in listed.rows] == [Written("23:30"), Written("2027-01-05 00:30")]


def test_a_crisis_step_without_a_person_is_an_alert() -> None:
    steps = [{"do": "X", "minutes": 30, "role": "lead"}]
    pattern = Pattern.model_validate({"id": "c", "kind": "checklist", "name": "C", "steps": steps})
    start = alarm.at(MONDAY, "09:00", time_zone="Europe/Berlin")
    codes = []
    for crew in (team(), team(VACANT)):
        table = alarm.timed(pattern, crew, level=2, alarm=start, time_zone="Europe/Berlin")
        finding = playbooks.clock(table, level=2, alarm=start, zone="Europe/Berlin").finding
        codes.append((finding.code, finding.severity))
    assert codes == [("named", "good"), ("gaps", "alert")]


def test_meetings_are_few_below_three_in_four() -> None:
    days = [MONDAY + timedelta(weeks=week) for week in range(4)]
    codes = []
    for held in (days, days[:3], days[:2]):
        told = Calendar.model_validate(
            {"meetings": [{"id": "m", "name": "M", "every": "week", "first": MONDAY, "held": held}]}
        )
        codes.append(
            playbooks.meetings(meeting.meetings_kept(told.meetings, on=MONDAY + timedelta(weeks=4))).finding.code
        )
    assert codes == ["held", "held", "few"]


def test_risks_ring_before_they_lack_an_owner() -> None:
    told = Risks.model_validate({"risks": [
        {"id": "a", "name": "A", "metric": "negative_share", "above": 0.15, "owner": "lead", "reviewed": MONDAY},
    ]}).risks  # fmt: skip
    loud, quiet = {"US": (Interval(0.2, 0.16, 0.24, 90),)}, {"US": (Interval(0.1, 0.06, 0.14, 90),)}
    codes = [playbooks.risks(told, {"a": one}, team=team(), on=MONDAY).finding.code for one in (loud, quiet)]
    assert codes == ["ringing", "calm"]
    ownerless = tuple(risk.model_copy(update={"owner": None}) for risk in told)
    assert playbooks.risks(ownerless, {}, team=team(), on=MONDAY).finding.code == "ownerless"


def test_the_share_made_by_users_is_below_only_by_its_whole_interval() -> None:
    band = (0.15, 0.3)
    told = [playbooks.by_users(one, band).finding.code for one in (
        Interval(0.1, 0.05, 0.14, 90), Interval(0.14, 0.1, 0.2, 90), Interval(0.5, 0.4, 0.6, 90), None,
    )]  # fmt: skip
    assert told == ["below", "near", "above", "no_data"]


def test_slots_that_nobody_signed_are_an_alert_and_ask_for_a_play() -> None:
    series = [
        {
            "id": "s",
            "name": "S",
            "kind": "education",
            "platform": "instagram",
            "weekdays": ["monday"],
            "reviewer": "lead",
        }
    ]
    told = Calendar.model_validate({"series": series})
    table = slotting.slots(told, market="US", start=MONDAY, weeks=1, rule=team().sign_offs[0])
    section = playbooks.slots(table, team=team(), weeks=1)
    assert (section.finding.code, section.finding.severity) == ("blocked", "alert")
    off = pd.DataFrame({"date": [MONDAY], "name": ["Tea at five"], "why": ["weekday"]})
    named = playbooks.slots(table, team=team(), weeks=1, off=off)
    assert "Tea at five" in speak(named.finding.text, "en") and "Tea at five" not in speak(section.finding.text, "en")
    (play,) = playbooks.plays([section], owner="market lead", on=MONDAY)
    assert (play.because, play.review) == ("slots", MONDAY + timedelta(days=14))
    for due, seen in ((MONDAY + timedelta(days=1), MONDAY + timedelta(days=1)), (MONDAY - timedelta(days=1), MONDAY)):
        (play,) = playbooks.plays([section], owner="market lead", on=MONDAY, due={"slots": due})
        assert play.review == seen, "on the slot's day, today where that is past"


def test_slots_of_a_platform_without_posts_in_the_data_are_not_said_to_be_missed() -> None:
    bare = {
        "series": "s",
        "name": "S",
        "planned": 8,
        "kept": np.nan,
        "estimate": np.nan,
        "ci_lower": np.nan,
        "ci_upper": np.nan,
    }
    seen = bare | {"name": "T", "kept": 8, "estimate": 1.0, "ci_lower": 0.68, "ci_upper": 1.0}
    period = Period.of(MONDAY - timedelta(days=56), MONDAY - timedelta(days=1))
    assert playbooks.kept(pd.DataFrame([bare]), period=period, posts=5).finding.status == "no_data"
    both = playbooks.kept(pd.DataFrame([bare, seen]), period=period, posts=5).finding
    assert (both.code, both.n) == ("kept", 8) and Written("S") in values(both.text)["series"].items


def test_defaults_alone_conclude_nothing() -> None:
    late = playbooks.duties(team(VACANT))
    assert playbooks.verdict([late], nothing=say("all"), own=False)[1] == "info"
    assert playbooks.verdict([late], nothing=say("all"))[1] == "watch"
    assert playbooks.filled({"team.yml": True}).status == "REVIEW"
    assert playbooks.filled({"team.yml": False}, empty=["risks.yml"]).status == "REVIEW"
    assert playbooks.filled({"team.yml": False}).status == "PASS"


def test_what_must_be_known_is_said_in_words_in_each_language() -> None:
    text = {"en": "We know of {what_happened} by {lot_number}.", "zh-Hans": "{what_happened}，{lot_number}"}
    pattern = Pattern.model_validate(
        {"id": "s", "kind": "statement", "name": "S", "text": text, "facts": ["what_happened", "lot_number"]}
    )
    (table,) = (part for part in playbooks.statements([pattern], team=team()).parts if isinstance(part, charts.Table))
    filled, facts = table.rows[0][1:3]
    assert filled is not None and facts is not None
    assert speak(filled, "en") == "We know of [what happened] by [lot number]."
    assert "{" not in speak(filled, "zh-Hans") and "_" not in speak(filled, "zh-Hans") + speak(facts, "en")


def launch(done: list[str]) -> Section:
    steps = [{"id": "a", "name": "A", "first_week": 1, "last_week": 1, "owner": "lead", "gate": True},
             {"id": "b", "name": "B", "first_week": 2, "last_week": 3, "deliverable": "A thing"}]  # fmt: skip
    told = Calendar.model_validate({"steps": steps, "launches": [{"market": "US", "start": MONDAY, "done": done}]})
    table = launching.launch_steps(told, told.launches[0], on=MONDAY)
    return playbooks.steps(table, team=team(), on=MONDAY)


def handed(section: Section) -> dict[str, Any]:
    return {f"{one.name}.{one.kind}": one.to_json() for one in section.handouts}


def test_a_launch_hands_over_its_milestones_and_its_steps() -> None:
    files = handed(launch([]))
    assert [(one["key"], one["start"]) for one in files["milestones.ics"]["events"]] == [
        ("a", "2027-01-10"),
        ("b", "2027-01-24"),
    ]
    assert [row[4] for row in files["steps.csv"]["rows"]] == [
        {"day": ["2027-01-10", "iso"]},
        {"day": ["2027-01-24", "iso"]},
    ]
    assert [row[6] for row in files["steps.csv"]["rows"]] == ["gate", "step"]
    assert [one["key"] for one in handed(launch(["a"]))["milestones.ics"]["events"]] == ["b"]
    assert list(handed(launch(["a", "b"]))) == ["steps.csv"]


def test_duties_are_handed_over_with_one_who_is_accountable() -> None:
    (row,) = handed(playbooks.duties(team()))["raci.csv"]["rows"]
    assert (row[2], row[5]) == (Written("Lead").to_json(), 40.0)


def test_a_crisis_checklist_has_clock_times_of_the_market() -> None:
    steps = [{"do": "X", "minutes": 30, "role": "lead"}, {"do": "Y", "role": "lead"}]
    pattern = Pattern.model_validate({"id": "c", "kind": "checklist", "name": "C", "steps": steps})
    start = alarm.at(date(2027, 3, 28), "01:45", time_zone="Europe/Berlin")  # clocks go forward at two
    table = alarm.timed(pattern, team(), level=2, alarm=start, time_zone="Europe/Berlin")
    told = handed(playbooks.clock(table, level=2, alarm=start, zone="Europe/Berlin"))["checklist.csv"]
    assert [row[1] for row in told["rows"]] == [Written("2027-03-28 03:15").to_json(), None]


def test_meetings_come_with_their_time_and_weekly_ones_come_back() -> None:
    given = [{"id": "w", "name": "W", "every": "week", "weekday": "friday", "time": "15:00", "minutes": 45, "first": MONDAY},
             {"id": "q", "name": "Q", "every": "quarter", "first": MONDAY}]  # fmt: skip
    meetings = Calendar.model_validate({"meetings": given}).meetings
    kept = meeting.meetings_kept(meetings, on=MONDAY)
    told = handed(playbooks.meetings(kept, zone="Europe/Berlin"))["meetings.ics"]
    assert told["time_zone"] == "Europe/Berlin"
    assert [(one["key"], one["start"], one["end"], one["every"]) for one in told["events"]] == [
        ("w", "2027-01-08T15:00:00", "2027-01-08T15:45:00", "week"), ("q", "2027-03-31", None, None),
    ]  # fmt: skip
    whole = handed(playbooks.meetings(kept))["meetings.ics"]  # a clock time without a zone is nobody's
    assert whole["time_zone"] is None
    assert [(one["key"], one["start"], one["end"], one["every"]) for one in whole["events"]] == [
        ("w", "2027-01-08", None, "week"), ("q", "2027-03-31", None, None),
    ]  # fmt: skip
    assert "15:00" in str(whole["events"][0]["note"])


def test_defaults_that_are_handed_over_say_that_they_are() -> None:
    section = playbooks.duties(team())
    (plain,), (told,) = (playbooks.marked(section, defaults=one).handouts for one in (False, True))
    assert isinstance(plain, Listing) and isinstance(told, Listing)
    assert plain == section.handouts[0], "what was agreed is handed over as it is"
    assert told.title != plain.title and len(told.columns) == len(plain.columns) + 1
    assert [row[:-1] for row in told.rows] == list(plain.rows)
    assert {speak(row[-1], "en") for row in told.rows} == {"default, nobody has agreed on it"}  # type: ignore[arg-type]
    meetings = [{"id": "m", "name": "M", "every": "week", "first": MONDAY}]
    held = meeting.meetings_kept(Calendar.model_validate({"meetings": meetings}).meetings, on=MONDAY)
    (agenda,) = playbooks.marked(playbooks.meetings(held), defaults=True).handouts
    assert isinstance(agenda, Agenda) and all(
        "nobody has agreed" in speak(one.note, "en") for one in agenda.events if one.note
    )


@pytest.mark.parametrize(("name", "code"), sorted(ABOUT))
def test_a_play_names_whom_it_is_about(name: str, code: str) -> None:
    assert (name, code) in ACTIONS, "what is named is asked for without a name too"
    one = Written("the one")
    finding = Finding(id=name, title=Written("."), text=Written("."), code=code, severity="watch", about=one)
    (play,) = playbooks.plays([Section.of(finding)], owner="lead", on=MONDAY)
    assert one in dict(play.action.values).values()  # type: ignore[attr-defined]
