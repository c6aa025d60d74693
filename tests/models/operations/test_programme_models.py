"""What stands behind the playbooks of lifecycle, community and partners: tests, replies, conflicts, shifts, gates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.models.operations import acting, choosing, replying, rota
from fanops_utils.workspace.operations import Partners, Pattern, Team
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.registers.segments import Action

ON = date(2026, 10, 31)
SIZES = pd.DataFrame(
    {"segment": ["new", "silent"], "members": [40, 12], "spend": [10.0, 90.0], "spend_share": [0.1, 0.9]}
)


def action(**given: Any) -> Action:
    return Action.model_validate({"segment": "new", "now": "n", "do": "d", "channel": "c", "metric": "members"} | given)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({}, "untested"),
        ({"tested_by": "a"}, "ship"),
        ({"tested_by": "lost"}, "no_result"),
        ({"offer": "o"}, "drives_away"),
    ],
)
def test_an_action_has_the_verdict_of_what_it_names(given: dict[str, str], verdict: str) -> None:
    asked: dict[str, Any] = {"experiments": {}, "verdicts": {"a": "ship"}, "offers": {"o": "drives_away"}}
    table = acting.action_table([action(**given)], SIZES, **asked)
    assert list(table["verdict"]) == [verdict] and list(table["members"]) == [40]


def test_a_segment_nobody_counted_is_not_known_and_not_zero() -> None:
    table = acting.action_table([action(segment="loyal")], SIZES, experiments={}, verdicts={}, offers={})
    assert table["members"].isna().all()


def test_what_fewer_than_ten_bought_is_not_told() -> None:
    row = {"members": [40, 60], "spend": [10.0, 90.0], "spend_share": [0.1, 0.9], "buyers": [9, 10]}
    stages = pd.DataFrame({"stage": ["new", "silent"], **row})
    tiers = pd.DataFrame({"tier": ["loyal", "ordinary"], **row})
    table = acting.segment_sizes(stages, tiers).set_index("segment")
    assert list(table.index) == ["new", "silent", "loyal"]
    assert list(table["spend"].isna()) == [True, False, True]
    nobody = acting.segment_sizes(stages.assign(members=0), tiers.assign(members=0))
    table = acting.action_table([action(segment="silent")], nobody, experiments={}, verdicts={}, offers={})
    assert table["members"].isna().all(), "without a list of members, their number is not known: not under ten"


def test_the_last_decision_on_the_same_test_is_told() -> None:
    days = [date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 1)]
    names = [{"tested_by": "a"}, {"play": "experiment_readout.a.effect"}, {"tested_by": "b"}]
    ledger = [Decision.model_validate({"kind": "keep", "action": "x", "owner": "o", "date": day} | name)
              for day, name in zip(days, names, strict=True)]  # fmt: skip
    told = acting.last_decision(ledger, "a")
    assert told is not None and told.date == days[1]
    assert acting.last_decision(ledger, None) is None


def test_a_ladder_without_roles_is_not_known() -> None:
    bare = acting.ladder(members=100, core=50, candidates=3, roles={"member": 100}).set_index("step")
    assert bare.loc[["koc", "ambassador"], "people"].isna().all() and bare.loc["koc", "asked"] == 5
    assert acting.ladder(members=100, core=50, candidates=3, roles={"koc": 4})["people"].iloc[-1] == 0


def test_a_topic_takes_its_own_reply_before_the_general_one() -> None:
    cases = pd.DataFrame({"kind": ["complaint", "question", "violation"], "topic": ["price", "taste", "spam"],
                          "first_response_at": [pd.Timestamp(ON), None, None]})  # fmt: skip
    own, general = (
        Pattern.model_validate({"id": name, "kind": "reply", "name": name, "text": "t", "topic": topic})
        for name, topic in (("own", "price"), ("general", None))
    )
    assert list(replying.reply_table(cases, [own, general])["state"]) == ["own", "general"]
    assert list(replying.reply_table(cases, [own])["state"]) == ["own", "none"]
    assert replying.reply_table(cases[:0], [own]).empty


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [(ON, date(2026, 10, 1), ON), (date(2026, 10, 30), date(2026, 9, 1), date(2026, 9, 30)),
     (date(2026, 1, 5), date(2025, 12, 1), date(2025, 12, 31))],
)  # fmt: skip
def test_the_last_month_is_a_whole_one(day: date, first: date, last: date) -> None:
    assert replying.last_month(day) == (first, last)


def logged(before: int, now: int, *, topic: str = "price") -> pd.DataFrame:
    days = [date(2026, 9, 10)] * before + [date(2026, 10, 10)] * now
    return pd.DataFrame({"kind": "complaint", "topic": topic, "date_day": days})


def written(before: int, now: int) -> pd.Series:
    return pd.Series([date(2026, 9, 2)] * before + [date(2026, 10, 2)] * now, dtype=object)


@pytest.mark.parametrize(
    ("before", "now", "messages", "state"),
    [(8, 40, (1000, 1000), "more"), (40, 8, (1000, 1000), "fewer"), (20, 24, (1000, 1000), "alike"),
     (2, 7, (1000, 1000), "few"), (10, 40, (1000, 4000), "alike"), (10, 40, (0, 0), "more")],
)  # fmt: skip
def test_conflicts_are_told_for_the_messages_written(
    before: int, now: int, messages: tuple[int, int], state: str
) -> None:
    days = written(*messages)
    for given in (days, ibis.memtable(pd.DataFrame({"date_day": days}), schema={"date_day": "date"})):
        assert list(replying.conflict_review(logged(before, now), given, on=ON)["state"]) == [state]


def test_months_without_a_change_are_seldom_called_one() -> None:
    rng, wrong = np.random.default_rng(7), 0
    for _ in range(25):
        cases = pd.concat([logged(*rng.poisson(15, 2), topic=str(topic)) for topic in range(4)])
        wrong += int(replying.conflict_review(cases, written(500, 500), on=ON)["state"].isin(["more", "fewer"]).any())
    assert wrong <= 4  # 5 in 100 of 25 is 1


def flat(n: int = 1, **peaks: int) -> pd.DataFrame:
    grid = pd.DataFrame([(day, hour, n) for day in range(7) for hour in range(24)], columns=["weekday", "hour", "n"])
    for hour, amount in peaks.items():
        grid.loc[grid["hour"] == int(hour[1:]), "n"] = amount
    return grid


def test_shifts_lie_where_most_is_written_within_hours_and_days() -> None:
    laid = rota.shifts(flat(h19=50, h3=500), {"a": 40, "b": 8}, cover=0.0)
    assert set(laid["role"]) == {"a", "b"} and len(laid) == 7  # five of the one, two of the other
    assert all(row["start"] <= 19 < row["end"] for row in laid.to_dict("records"))
    assert laid["start"].min() >= rota.EARLIEST and laid["end"].max() <= rota.LATEST
    assert not laid.duplicated(["weekday", "role"]).any() and (laid["role"] == "a").sum() == rota.MOST_DAYS


def test_shifts_stay_open_where_hours_lack_until_half_is_covered() -> None:
    laid = rota.shifts(flat(), {"a": 3.9})
    assert laid["role"].isna().all()
    assert rota.COVER <= laid["load"].sum() < rota.COVER + 4 / 168 + 1e-9
    assert rota.shifts(flat(0), {"a": 40}).empty


def test_the_hours_of_a_duty_are_shared_by_roles_and_markets() -> None:
    team = Team.model_validate({
        "roles": [{"id": "a", "name": "A", "person": "x"}, {"id": "b", "name": "B", "person": "y", "markets": ["BR"]},
                  {"id": "c", "name": "C"}],
        "duties": [{"id": "community", "name": "D", "accountable": "a", "responsible": ["a", "b", "c"], "hours": 60}],
    })  # fmt: skip
    assert rota.hours_at_hand(team, market="BR", markets=["BR", "DE"]) == {"a": 10, "b": 20}
    assert rota.hours_at_hand(team, market="DE", markets=["BR", "DE"]) == {"a": 10}
    assert rota.hours_at_hand(Team(), market="DE", markets=["DE"]) == {}


def partners(**given: Any) -> Partners:
    one = {"id": "p", "name": "P", "kind": "agency", "start": date(2026, 1, 1), "passed": ["g"]} | given
    weights = [{"area": "effect", "weight": 0.6}, {"area": "service", "weight": 0.4}]
    return Partners.model_validate({"gates": [{"id": "g", "name": "G"}], "weights": weights, "partners": [one]})


@pytest.mark.parametrize(
    ("given", "breach"),
    [({}, False), ({"passed": []}, True), ({"passed": [], "failed": ["g"]}, True), ({"passed": [], "start": None}, False),
     ({"passed": [], "end": ON - timedelta(days=1)}, False)],
)  # fmt: skip
def test_who_works_past_an_open_gate_is_a_breach(given: dict[str, Any], breach: bool) -> None:
    assert list(choosing.gate_table(partners(**given), market=None, on=ON)["breach"]) == [breach]


def test_scores_become_a_choice_with_the_weights_of_the_register() -> None:
    names: dict[Any, str] = {"effect": "E", "service": "S", "innovation": "I"}
    asked: dict[str, Any] = {"market": None, "on": ON, "question": "?", "names": names}
    told = choosing.as_choice(partners(scores={"effect": 4, "innovation": 1}), **asked)
    assert told is not None and [one.weight for one in told.criteria] == [0.6, 0.4]
    assert told.candidates[0].measures == {"effect": 4}
    failed = choosing.as_choice(partners(scores={"effect": 4}, passed=[], failed=["g"]), **asked)
    assert failed is not None and failed.candidates[0].fails == ("g",)
    assert choosing.as_choice(partners(), **asked) is None


@pytest.mark.parametrize(
    ("given", "kinds", "overdue"),
    [({"reviewed": ON - timedelta(days=1)}, [], 0), ({"reviewed": ON - timedelta(days=93)}, ["review"], 1), ({}, ["review"], 1),
     ({"reviewed": ON - timedelta(days=1), "end": ON + timedelta(days=60)}, ["notice", "end"], 0),
     ({"reviewed": ON - timedelta(days=1), "end": ON + timedelta(days=10)}, ["notice", "end"], 1),
     ({"start": None}, [], 0)],
)  # fmt: skip
def test_reviews_notices_and_ends_fall_due(given: dict[str, Any], kinds: list[str], overdue: int) -> None:
    table = choosing.dates_ahead(partners(**given), market=None, on=ON)
    assert list(table["kind"]) == kinds and int(table["overdue"].astype(bool).sum()) == overdue
