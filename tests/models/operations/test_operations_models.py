"""What follows from the registers of the work: steps, loads, approvals, meetings, slots, clocks, what is due."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models.operations import alarm, duties, launching, meeting, signing, slotting, staffing
from fanops_utils.workspace.operations import Calendar, Partners, Pattern, Team
from fanops_utils.workspace.operations.calendar import Approval
from fanops_utils.workspace.operations.regulations import Regulation
from fanops_utils.workspace.operations.risks import Risk

MONDAY = date(2027, 1, 4)
TEAM = Team.model_validate({
    "roles": [
        {"id": "lead", "name": "Lead", "person": "A", "hours": 40, "languages": ["en"], "stand_in": "maker"},
        {"id": "maker", "name": "Maker", "person": "B", "hours": 20, "languages": ["de-AT"], "markets": ["DE"]},
        {"id": "law", "name": "Law", "hours": 4, "outside": True},
    ],
    "duties": [
        {"id": "plan", "name": "Plan", "accountable": "lead", "responsible": ["lead"], "hours": 40},
        {"id": "make", "name": "Make", "accountable": "lead", "responsible": ["maker", "law"], "hours": 42},
    ],
    "sign_offs": [{"id": "two", "name": "Two", "roles": ["law", "lead"], "approvals": 2}],
})  # fmt: skip
STEPS = [
    {"id": "a", "name": "A", "first_week": 1, "last_week": 1, "gate": True},
    {"id": "b", "name": "B", "first_week": 2, "last_week": 3},
    {"id": "c", "name": "C", "first_week": 4, "last_week": 5},
]


def calendar(**more: Any) -> Calendar:
    return Calendar.model_validate({"steps": STEPS, **more})


def states(done: list[str], on: date) -> dict[str, tuple[str, str | None]]:
    told = calendar(launches=[{"market": "US", "start": MONDAY, "done": done}])
    frame = launching.launch_steps(told, told.launches[0], on=on)
    return {row["id"]: (row["state"], row["waits_for"]) for row in frame.to_dict("records")}


def test_a_step_lies_in_its_weeks() -> None:
    told = calendar(launches=[{"market": "US", "start": MONDAY}])
    frame = launching.launch_steps(told, told.launches[0], on=MONDAY)
    assert list(zip(frame["start"], frame["end"], strict=True))[1] == (date(2027, 1, 11), date(2027, 1, 24))


def test_a_gate_holds_what_comes_after_it_and_nothing_once_it_is_passed() -> None:
    week_2 = MONDAY + timedelta(days=7)
    assert states([], week_2) == {"a": ("late", None), "b": ("held", "a"), "c": ("ahead", None)}
    assert states(["a"], week_2) == {"a": ("done", None), "b": ("running", None), "c": ("ahead", None)}
    assert states(["a"], MONDAY + timedelta(days=20))["b"][0] == "running"  # its last day
    assert states(["a"], MONDAY + timedelta(days=21))["b"][0] == "late"
    assert states(["a", "b"], MONDAY)["b"][0] == "done"


def test_loads_are_shared_and_held_against_the_hours() -> None:
    rows = staffing.capacity(TEAM).set_index("id")
    assert rows["load"].to_dict() == {"lead": 40.0, "maker": 21.0, "law": 21.0}
    assert rows["over"].to_dict() == {"lead": False, "maker": True, "law": True}  # just full is not over
    assert staffing.size(TEAM) == (1.5, 1.5)
    assert [role.id for role in staffing.unfilled(TEAM)] == ["law"]
    assert [role.id for role in staffing.without_stand_in(TEAM)] == ["maker"]


def test_gaps_are_those_of_the_markets_roles_where_a_market_is_asked_for() -> None:
    assert [role.id for role in staffing.without_stand_in(TEAM, market="DE")] == ["maker"]
    assert staffing.without_stand_in(TEAM, market="US") == ()  # the maker works for another market
    assert [role.id for role in staffing.unfilled(TEAM, market="US")] == ["law"], (
        "a role of every market counts in each"
    )


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_no_hour_of_a_duty_is_lost_among_the_roles(hours: list[float]) -> None:
    told = [{"id": f"d{n}", "name": "D", "accountable": "lead", "responsible": ["lead", "maker"][: n % 2 + 1],
             "hours": value} for n, value in enumerate(hours)]  # fmt: skip
    team = Team.model_validate({"roles": [role.model_dump() for role in TEAM.roles], "duties": told})
    assert staffing.capacity(team)["load"].sum() == pytest.approx(sum(hours))


def test_every_duty_has_exactly_one_that_answers_for_it() -> None:
    assert staffing.raci(TEAM)["accountable"].map(type).eq(str).all()


def test_a_language_is_spoken_where_somebody_speaks_it() -> None:
    assert [role.id for role in staffing.speaks(TEAM, "DE", "de")] == ["maker"]
    assert staffing.speaks(TEAM, "US", "de") == ()  # works for another market
    assert staffing.speaks(TEAM, "US", "ja") == ()


def approvals(*given: tuple[str, str]) -> list[Approval]:
    return [Approval(role=role, by=by, date=MONDAY) for role, by in given]


@pytest.mark.parametrize(
    ("given", "blocked"),
    [
        ([], True),
        ([("law", "Ana")], True),
        ([("law", "Ana"), ("law", "ana ")], True),  # the same person twice
        ([("law", "Ana"), ("maker", "Ben")], True),  # not one of the roles
        ([("law", "Ana"), ("lead", "Ben")], False),
        ([("law", "Ana"), ("law", "Ben"), ("maker", "Cem")], False),
    ],
)
def test_a_sign_off_asks_for_different_persons_of_its_roles(given: list[tuple[str, str]], blocked: bool) -> None:
    assert signing.signed(TEAM.sign_offs[0], approvals(*given)).blocked is blocked


def kept(every: str, held: list[date], on: date, **more: Any) -> dict[str, Any]:
    told = calendar(meetings=[{"id": "m", "name": "M", "every": every, "first": MONDAY, "held": held, **more}])
    return meeting.meetings_kept(told.meetings, on=on).iloc[0].to_dict()


def test_a_meeting_counts_once_a_period_and_only_in_whole_ones() -> None:
    days = [date(2027, 1, 8), date(2027, 1, 9), date(2027, 1, 22), date(2027, 1, 29)]
    told = kept("week", days, date(2027, 1, 27), weekday="friday")
    assert (told["due"], told["held"], told["next"]) == (
        3,
        2,
        date(2027, 1, 29),
    )  # two in the first, none in the second
    assert kept("two weeks", days, date(2027, 2, 1), weekday="tuesday")["due"] == 2
    assert kept("two weeks", [], date(2027, 1, 6), weekday="tuesday")["next"] == date(2027, 1, 19)
    assert (kept("month", days, date(2027, 2, 1))["due"], kept("month", days, date(2027, 1, 31))["due"]) == (1, 0)
    assert kept("quarter", days, date(2027, 12, 31))["next"] == date(2027, 12, 31)


@pytest.mark.parametrize(("every", "due"), [("week", date(2027, 1, 11)), ("two weeks", date(2027, 1, 18))])
def test_no_meeting_is_announced_before_its_first_day(every: str, due: date) -> None:
    told = calendar(meetings=[{"id": "m", "name": "M", "every": every, "first": date(2027, 1, 6), "weekday": "monday"}])
    assert meeting.meetings_kept(told.meetings, on=date(2026, 12, 1)).iloc[0]["next"] == due


def test_a_meeting_without_a_first_day_is_not_counted() -> None:
    told = calendar(meetings=[{"id": "m", "name": "M", "every": "week"}])
    row = meeting.meetings_kept(told.meetings, on=MONDAY).iloc[0]
    assert pd.isna(row["due"]) and pd.isna(row["held"]) and row["next"] is None


SERIES = [
    {"id": "s", "name": "S", "kind": "education", "platform": "instagram", "weekdays": ["monday"], "format": "video",
     "reviewer": "law"},
    {"id": "t", "name": "T", "kind": "emotion", "platform": "tiktok", "weekdays": ["monday"], "markets": ["DE"]},
]  # fmt: skip


def test_a_slot_is_blocked_until_it_is_signed() -> None:
    two = [{"role": "law", "by": name, "date": MONDAY} for name in ("Ana", "Ben")]
    pieces = [{"series": "s", "date": date(2027, 1, 11), "market": "US", "approvals": two}]
    told = calendar(series=SERIES, pieces=pieces, moments=[{"id": "x", "name": "X", "date": MONDAY, "markets": ["US"]}])
    frame = slotting.slots(told, market="US", start=MONDAY, weeks=3, rule=TEAM.sign_offs[0])
    assert list(frame["state"]) == ["blocked", "signed", "open"]
    assert list(frame["moments"].map(len)) == [1, 0, 0]
    german = slotting.slots(told, market="DE", start=MONDAY, weeks=1, rule=TEAM.sign_offs[0])
    assert list(german["state"]) == ["blocked", "free"]


def test_a_piece_on_no_day_of_its_series_is_named_and_not_lost() -> None:
    tuesday, monday = date(2027, 1, 12), date(2027, 1, 11)
    pieces = [
        {"series": "s", "date": tuesday, "market": "US"}, {"series": "s", "date": monday, "market": "US"},
        {"series": "t", "date": monday, "market": "US"}, {"series": "t", "date": tuesday, "market": "DE"},
        {"series": "s", "date": MONDAY - timedelta(days=6), "market": "US"},
    ]  # fmt: skip
    off = slotting.off_series(calendar(series=SERIES, pieces=pieces), market="US", start=MONDAY)
    assert off.to_dict("list") == {"date": [monday, tuesday], "name": ["T", "S"], "why": ["market", "weekday"]}
    assert slotting.off_series(calendar(series=SERIES), market="US", start=MONDAY).empty


def test_a_slot_is_kept_by_a_post_of_its_day_format_and_platform_and_by_one_only() -> None:
    told = calendar(series=SERIES)
    posts = pd.DataFrame({
        "platform": ["instagram", "instagram", "tiktok"], "post_type": ["video", "image", "video"],
        "created_local": pd.to_datetime(["2027-01-04 09:00", "2027-01-11 09:00", "2027-01-11 23:30"]),
    })  # fmt: skip
    frame = slotting.kept_slots(told.series, posts, end=date(2027, 1, 18), weeks=2)
    assert list(frame["planned"]) == [2, 2] and list(frame["kept"]) == [1, 1]
    twice = slotting.kept_slots((told.series[0], told.series[0]), posts, end=date(2027, 1, 18), weeks=2)
    assert list(twice["kept"]) == [1, 0]  # one post keeps one slot
    assert slotting.share_of(frame).estimate == 0.5
    nothing = slotting.kept_slots(told.series, posts.iloc[:0], end=date(2027, 1, 18), weeks=2)
    assert nothing["kept"].isna().all() and not slotting.share_of(nothing).n, "posts not exported are not slots missed"


def test_the_band_of_user_content_moves_with_the_months_since_the_launch() -> None:
    mix = [
        {"source": "users", "from_month": 1, "low": 0.05, "high": 0.15},
        {"source": "users", "from_month": 4, "low": 0.15, "high": 0.3},
    ]
    told = calendar(launches=[{"market": "US", "start": MONDAY}], mix=mix)
    bands = [
        slotting.user_band(told, market="US", on=day)
        for day in (date(2027, 3, 31), date(2027, 4, 1), date(2026, 12, 31))
    ]
    assert bands == [(0.05, 0.15), (0.15, 0.3), None]
    assert slotting.user_band(told, market="DE", on=MONDAY) is None


def test_a_crisis_runs_by_the_local_clock_in_elapsed_time() -> None:
    steps = [{"do": "late", "minutes": 240, "role": "lead"}, {"do": "first", "minutes": 30, "role": "nobody"},
             {"do": "worst", "minutes": 60, "levels": [1]}]  # fmt: skip
    pattern = Pattern.model_validate({"id": "c", "kind": "checklist", "name": "C", "steps": steps})
    before_the_change = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in Berlin, which is there again an hour later
    frame = alarm.timed(pattern, TEAM, level=2, alarm=before_the_change, time_zone="Europe/Berlin")
    assert list(frame["do"]) == ["first", "late"]
    assert [due.strftime("%H:%M") for due in frame["due"]] == ["02:00", "05:30"]
    assert (frame["role"][0], frame["person"][0], frame["person"][1], frame["stand_in_person"][1]) == (
        "nobody",
        None,
        "A",
        "B",
    )
    assert len(alarm.timed(pattern, TEAM, level=1, alarm=before_the_change, time_zone="UTC")) == 3


def test_obligations_are_due_by_the_day_they_were_last_done() -> None:
    told = [
        Regulation(id="never", name="N"), Regulation(id="once", name="O", done=MONDAY),
        Regulation(id="over", name="P", done=MONDAY, every_days=10), Regulation(id="soon", name="S", done=MONDAY, every_days=40),
        Regulation(id="else", name="E", markets=("DE",)),
    ]  # fmt: skip
    frame = duties.obligations(told, market="US", on=date(2027, 1, 15))
    assert frame.set_index("id")["state"].to_dict() == {
        "never": "never",
        "once": "done",
        "over": "overdue",
        "soon": "soon",
    }
    assert (
        duties.obligations(told[2:3], market=None, on=date(2027, 1, 14))["state"][0] == "soon"
    )  # its own day is in time


@pytest.mark.parametrize(
    ("low", "high", "above", "below", "said"),
    [
        (0.16, 0.2, 0.15, None, "ringing"), (0.1, 0.14, 0.15, None, "clear"), (0.1, 0.2, 0.15, None, "unsure"),
        (0.1, 0.2, None, 0.3, "ringing"), (0.3, 0.4, None, 0.3, "clear"), (math.nan, math.nan, 0.1, None, "unknown"),
        (0.1, 0.2, None, None, "none"),
    ],
)  # fmt: skip
def test_an_alarm_rings_only_by_the_whole_interval(
    low: float, high: float, above: float | None, below: float | None, said: str
) -> None:
    risk = Risk(id="r", name="R", metric="negative_share", above=above, below=below)
    assert duties.alarm_of(risk, Interval((low + high) / 2, low, high, 50)) == said
    assert duties.alarm_of(risk, None) in ("unknown", "none")


def test_an_alarm_names_the_markets_it_rings_in_and_only_those_the_risk_is_about() -> None:
    measured = {
        "US": (Interval(0.2, 0.16, 0.24, 50), Interval(0.1, 0.05, 0.2, 9)),
        "DE": (Interval(0.1, 0.05, 0.2, 50),),
    }
    risk = Risk(id="r", name="R", metric="negative_share", above=0.15)
    assert duties.ringing_in(risk, measured) == ["US"]
    assert duties.ringing_in(risk.model_copy(update={"markets": ("DE",)}), measured) == []
    assert duties.alarm_anywhere(risk, measured["DE"]) == "unsure" and duties.alarm_anywhere(risk, ()) == "unknown"


def test_shares_are_pooled_by_what_they_count() -> None:
    both = duties.pooled([Interval(0.5, 0.2, 0.8, 10), Interval(0.1, 0.05, 0.2, 90)])
    assert both is not None and (both.estimate, both.n) == (0.14, 100)
    assert duties.pooled([]) is None


def test_partners_stand_by_their_gates_and_their_days() -> None:
    told = Partners.model_validate({
        "gates": [{"id": "g", "name": "G"}, {"id": "h", "name": "H"}],
        "weights": [{"area": "effect", "weight": 0.5}, {"area": "service", "weight": 0.5}],
        "partners": [
            {"id": "in", "name": "I", "kind": "agency", "passed": ["g", "h"], "scores": {"effect": 4, "service": 2},
                "reviewed": MONDAY},
            {"id": "out", "name": "O", "kind": "agency", "passed": ["g"], "failed": ["h"], "scores": {"effect": 4}},
            {"id": "checking", "name": "C", "kind": "agency", "passed": ["g"]},
            {"id": "ended", "name": "E", "kind": "agency", "passed": ["g", "h"], "end": "2027-01-03"},
            {"id": "ends_soon", "name": "S", "kind": "agency", "passed": ["g", "h"], "end": "2027-01-04", "markets": ["DE"]},
        ],
    })  # fmt: skip
    frame = duties.partner_states(told, market="DE", on=MONDAY).set_index("id")
    assert list(frame["state"]) == list(frame.index)
    assert frame["score"]["in"] == 3 and math.isnan(frame["score"]["out"])
    assert "ends_soon" not in duties.partner_states(told, market="US", on=MONDAY)["id"].tolist()
    assert [
        duties.stale(day, on=MONDAY + timedelta(days=92)) for day in (MONDAY, MONDAY - timedelta(days=1), None)
    ] == [False, True, True]


def test_notice_is_counted_to_the_start_of_a_promotion() -> None:
    moments = [{"id": "a", "name": "A", "date": "2027-03-01", "kind": "promotion", "told_on": "2027-01-30"},
               {"id": "b", "name": "B", "date": "2027-03-01", "kind": "promotion"}]  # fmt: skip
    assert [launching.notice_days(one) for one in calendar(moments=moments).moments] == [30, None]
