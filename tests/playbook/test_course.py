"""The course of a plan: phases and milestones on both sides of their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fanops_utils.errors import FanopsError
from fanops_utils.playbook.course import months_of_plan
from fanops_utils.workspace.registers.target import Course, Milestone, PlanPhase

START = date(2026, 1, 5)


def states(on: date, **changed: object) -> list[str]:
    course = Course(start=START, phases=(PlanPhase(name="a", first_month=1, last_month=3),),
                    milestones=(Milestone(name="b", week=2, **changed),))  # type: ignore[arg-type]  # fmt: skip
    return list(months_of_plan(course, on=on)["state"])


def test_phases_and_milestones_turn_on_their_days() -> None:
    due, end = START + timedelta(days=13), date(2026, 4, 4)
    assert states(START - timedelta(days=1)) == ["ahead", "ahead"]
    assert states(due) == ["now", "ahead"] and states(due + timedelta(days=1)) == ["now", "late"]
    assert states(end, done=due) == ["now", "done"] and states(end + timedelta(days=1), done=due) == ["past", "done"]
    assert states(end, done=due + timedelta(days=1)) == ["now", "done_late"]
    assert states(due, done=due + timedelta(days=1)) == ["now", "ahead"]  # not done yet on that day


def test_a_plan_without_a_start_has_no_course() -> None:
    assert months_of_plan(Course(), on=START).empty


@pytest.mark.parametrize("given", [{}, {"week": 1, "month": 1}])
def test_a_milestone_is_due_in_a_week_or_a_month(given: dict[str, int]) -> None:
    with pytest.raises((FanopsError, ValueError)):
        Milestone(name="a", **given)  # type: ignore[arg-type]
