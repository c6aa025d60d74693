"""What the month is looked back on with: agreement of reviewers, input and output of duties, working days of a launch."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.operations import launching, outputs, rubric
from fanops_utils.workspace.operations import Calendar, Team
from fanops_utils.workspace.operations.calendar import Marks, Piece
from fanops_utils.workspace.registers.campaign import Campaign

MONDAY = date(2027, 1, 4)


def piece(place: int, *marks: dict[str, int]) -> Piece:
    given = tuple(Marks.model_validate({"by": f"reviewer {at}"} | one) for at, one in enumerate(marks))
    return Piece(series="s", date=MONDAY + timedelta(days=place), market="US", marks=given)


def judged(n: int, *, alike: float, seed: int = 3) -> list[Piece]:
    """Return pieces marked by two, who give the same mark with probability *alike* and else any."""
    draw = np.random.default_rng(seed)
    pieces = []
    for place in range(n):
        one = {name: int(draw.integers(1, 6)) for name in rubric.PRINCIPLES}
        other = {name: mark if draw.random() < alike else int(draw.integers(1, 6)) for name, mark in one.items()}
        pieces.append(piece(place, one, other))
    return pieces


@pytest.mark.parametrize(("n", "alike", "state"), [(60, 1.0, "agreed"), (60, 0.0, "apart"), (9, 1.0, "few")])
def test_reviewers_agree_as_planted(n: int, alike: float, state: str) -> None:
    assert set(rubric.agreement(judged(n, alike=alike))["state"]) == {state}


def test_reviewers_who_guess_rarely_agree() -> None:
    found = [rubric.agreement(judged(30, alike=0.0, seed=seed))["lower"] for seed in range(40)]
    assert np.mean(np.concatenate(found) > 0) < 0.06, "above chance about as often as one end of a 95% interval may be"


def test_kappa_is_that_by_hand_and_none_where_all_marks_are_the_same() -> None:
    # Marks 1 and 2 only: weighting changes nothing. Observed 0.7, by chance 0.5: (0.7 - 0.5) / 0.5.
    pairs = [(1, 1)] * 7 + [(1, 2)] * 3 + [(2, 1)] * 3 + [(2, 2)] * 7
    assert rubric.weighted_kappa(pairs)[0] == pytest.approx(0.4)
    assert all(math.isnan(one) for one in (*rubric.weighted_kappa([(3, 3)] * 20), *rubric.weighted_kappa([])))


def lines(**spent: dict[str, float | None]) -> pd.DataFrame:
    months = {"november": date(2026, 11, 1), "december": date(2026, 12, 1)}
    rows = [
        {"category": category, "period_start": months[month], "spent": amount,
         "period_end": (pd.Timestamp(months[month]) + pd.offsets.MonthEnd(0)).date()}
        for month, amounts in spent.items() for category, amount in amounts.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["category", "period_start", "period_end", "spent"])


TEAM = Team.model_validate({
    "roles": [{"id": "lead", "name": "Lead"}],
    "duties": [
        {"id": "a", "name": "A", "accountable": "lead", "responsible": ["lead"], "hours": 30, "costs": ["content"],
         "output": "views"},
        {"id": "b", "name": "B", "accountable": "lead", "responsible": ["lead"], "hours": 10},
    ],
})  # fmt: skip


def test_a_duty_costs_its_own_lines_and_its_hours_of_people() -> None:
    booked = lines(november={"content": 100.0, "people": 40.0}, december={"content": 130.0, "people": 40.0})
    month, before = outputs.booked_months(booked, on=MONDAY) or pytest.fail("two months are booked")
    assert (month[0], before[1]) == (date(2026, 12, 1), date(2026, 11, 30))
    made = {date(2026, 12, 1): 80.0, date(2026, 11, 1): 130.0}
    table = outputs.input_output(TEAM, booked, lambda _name, first, _last: made[first], month=month, before=before)
    first, second = table.to_dict("records")
    assert (first["id"], first["cost"], first["per"], first["per_before"]) == ("a", 160.0, 2.0, 1.0)
    assert second["cost"] == 10.0 and math.isnan(second["per"]), "what nothing counts costs nothing a piece"


@pytest.mark.parametrize(
    "booked",
    [
        lines(december={"content": 1.0}),
        lines(november={"content": 1.0}, december={"content": None}),
        lines(),
    ],
)
def test_a_month_that_is_not_booked_is_not_told(booked: pd.DataFrame) -> None:
    assert outputs.booked_months(booked, on=MONDAY) is None


@pytest.mark.parametrize(("holiday", "markets", "days"), [(None, [], 10), (6, [], 9), (9, [], 10), (6, ["DE"], 10)])
def test_working_days_leave_out_weekends_and_holidays_of_the_market(
    holiday: int | None, markets: list[str], days: int
) -> None:
    given: dict[str, Any] = {"steps": [{"id": "a", "name": "A", "first_week": 1, "last_week": 2}]}
    if holiday:
        given["moments"] = [
            {"id": "h", "name": "H", "date": date(2027, 1, holiday), "kind": "holiday", "markets": markets}
        ]
    calendar = Calendar.model_validate(given | {"launches": [{"market": "US", "start": MONDAY}]})
    (row,) = launching.launch_steps(calendar, calendar.launches[0], on=MONDAY).to_dict("records")
    assert row["working_days"] == days


def test_phases_of_campaigns_are_days_of_their_markets() -> None:
    live = {"start": MONDAY, "end": MONDAY + timedelta(days=13)}
    told = Campaign.model_validate({
        "id": "spring", "name": "Spring", "objective": "o", "owner": "w", "platform": "instagram", "metric": "views",
        "treated": ["US"], "live": live, "baseline": {"start": date(2026, 11, 2), "end": date(2027, 1, 3)},
    })  # fmt: skip
    assert launching.phases_in([told], market="DE") == []
    (whole,) = launching.phases_in([told], market="US")
    assert (whole.date, whole.end, whole.kind) == (live["start"], live["end"], "campaign")
