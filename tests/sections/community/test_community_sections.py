"""What a report on a community's health says: codes and numbers of each answer, and why there is none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.charts import Table
from fanops_utils.metrics import metric
from fanops_utils.metrics.catalogue.series import MetricSeries
from fanops_utils.metrics.members.community import new_against_old, silent_places
from fanops_utils.models.audience.community import Concentration, leaks, retention_moved
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import community
from fanops_utils.text import Count, Message, Percent, Period, say, speak

PERIOD = Period.of(date(2026, 5, 1), date(2026, 10, 31))


def test_nothing_imported_is_said_and_nothing_concluded() -> None:
    empty = pd.DataFrame()
    waits = pd.DataFrame({"kind": ["all"], "n": [0]})
    told = (
        community.pulse(empty, empty, empty, as_of=None),
        community.answering(waits, empty, agreed=60, period=PERIOD),
        community.talking(None, empty, period=PERIOD),
        community.expected(empty),
        community.rules(empty, messages=0, period=PERIOD),
    )
    assert [one.finding.status for one in told] == ["no_data"] * len(told)
    assert community.plays(told, owner="community manager", on=date(2026, 11, 1)) == ()


def test_a_slow_answer_is_watched_and_asks_for_a_play() -> None:
    row = {
        "kind": "all",
        "n": 400,
        "median": 150.0,
        "p90": 900.0,
        "in_time": 0.3,
        "lower": 0.25,
        "upper": 0.35,
        "open": 9,
    }
    curves = pd.DataFrame({"kind": ["question", "question"], "hours": [1.0, 2.0], "waiting": [0.7, 0.4]})
    answer = community.answering(pd.DataFrame([row, {**row, "kind": "question"}]), curves, agreed=60, period=PERIOD)
    found = sane(answer)
    assert (found.code, found.severity, found.estimate) == ("late", "watch", 0.3)
    (play,) = community.plays([answer], owner="community manager", on=date(2026, 11, 1))
    assert (play.because, play.review) == ("answering", date(2026, 11, 29))


def test_a_title_names_the_days_it_counts() -> None:
    row = {
        "kind": "all",
        "n": 400,
        "median": 20.0,
        "p90": 90.0,
        "in_time": 0.95,
        "lower": 0.92,
        "upper": 0.97,
        "open": 2,
    }
    curves = pd.DataFrame({"kind": ["question"], "hours": [1.0], "waiting": [0.4]})
    broken = pd.DataFrame({"rule": ["all", "spam"], "violations": 12, "per_thousand": 4.0, "ci_lower": 2.0, "ci_upper": 7.0,
                           "repeat_share": 0.2})  # fmt: skip
    heard = pd.DataFrame({"kind": "complaint", "topic": ["taste", "price"], "n": [40, 12], "share": [0.6, 0.2], "ci_lower": 0.1,
                          "ci_upper": 0.7, "answered": 10, "adopted": 0})  # fmt: skip
    decided = pd.DataFrame({"number": [1, 2], "decisions": [40, 60], "reversed": [3, 5], "answers": 9, "estimate": 0.08,
                            "rest": 0.08, "ci_lower": 0.0, "ci_upper": 0.2, "more": False})  # fmt: skip
    told = (
        community.answering(pd.DataFrame([row, {**row, "kind": "question"}]), curves, agreed=60, period=PERIOD),
        community.rules(broken, messages=3000, period=PERIOD),
        community.voices(heard, period=PERIOD),
        community.moderators(decided, period=PERIOD),
        community.talking(Concentration(0.4, 0.2, 30, 200, 900), pd.DataFrame(), period=PERIOD),
    )
    assert [values(sane(one).title)["period"] for one in told] == [PERIOD] * len(told)


def test_few_who_carry_the_talk_are_fragile() -> None:
    few = Concentration(gini=0.9, top_share=0.7, half_by=3, writers=200, messages=5000)
    many = Concentration(gini=0.5, top_share=0.1, half_by=40, writers=200, messages=5000)
    assert sane(community.talking(few, pd.DataFrame(), period=PERIOD)).code == "fragile"
    assert sane(community.talking(many, pd.DataFrame(), period=PERIOD)).code == "carried"


def test_what_has_no_data_is_not_said_to_be_calm() -> None:
    calm = Section.of(Finding(id="hours", title=say("It stands"), text=say("So it is.")))
    bare = Section.of(Finding.nothing("pulse", say("nothing")))
    whole, part = (community.verdict(told, market="DE")[0] for told in ([calm, calm], [calm, bare, bare]))
    assert "n" not in values(whole) and values(part)["n"] == Count(2)


def test_silent_places_are_listed_where_ten_or_more_of_a_group_are() -> None:
    groups = pd.DataFrame({"group_id": ["g1", "g2", "shut"], "name": ["brewing", None, "old"]})
    groups["closed_at"] = [None, None, "2026-01-01"]
    keys = [f"m{number}" for number in range(16)]
    held = pd.DataFrame(
        {"group_id": ["g1"] * 12 + ["g2"] * 3 + ["shut"], "member_key": keys,
         "role": ["member"] * 11 + ["moderator"] + ["member"] * 4, "date_day": pd.Timestamp("2026-01-01"), "left_at": pd.NaT}
    )  # fmt: skip
    seen = pd.DataFrame({"member_key": keys[1:], "last_active": pd.Timestamp("2026-08-01")})
    places = silent_places(groups, held, seen, end=date(2026, 10, 31))
    assert len(places) == 14 and places["days_away"].isna().sum() == 1
    assert silent_places(groups, held, seen, end=date(2026, 8, 31)).empty is False
    sizes = pd.DataFrame(
        {"group_id": ["g1", "g2"], "name": ["brewing", None], "kind": ["theme", "theme"], "layer": ["active", "new"],
         "capacity": [None, None], "members": [12, 30], "inactive": [11, 3], "messages": [5, 9], "active": [1, 27],
         "each": [5.0, 0.3], "shrunk": [1.0, 0.5], "silent_share": [0.9, 0.1]}
    )  # fmt: skip
    answer = community.groups(sizes, places)
    (listed,) = answer.handouts
    assert len(listed.rows) == 11, "three of the other group would each be told"  # type: ignore[attr-defined]
    assert not community.groups(sizes, places.tail(4)).handouts
    alike = community.groups(sizes.assign(shrunk=[1.02, 1.01]), places)
    assert ["brewing" in speak(one.finding.text) for one in (answer, alike)] == [True, False]


def cohorts(*retained: tuple[int, int, int, int, int]) -> pd.DataFrame:
    """Return newcomers against those before, from (day, kept, recent, kept before, before)."""
    rows = [
        (day, name, kept, n)
        for day, now, size, then, many in retained
        for name, kept, n in (("recent", now, size), ("before", then, many))
    ]
    frame = pd.DataFrame(rows, columns=["day", "cohort", "retained", "n"])
    return retention_moved(frame.assign(estimate=frame["retained"] / frame["n"].where(frame["n"] > 0)))


@pytest.mark.parametrize(
    ("one", "thirty", "code", "said"),
    [
        ((80, 400), (60, 400), "early", "d1_before"),
        ((160, 400), (20, 400), "late", "d30_before"),
        ((80, 400), (20, 400), "both", "d30"),
        ((160, 400), (60, 400), "holds", "d30"),
        ((160, 400), (0, 0), "holds", "d1"),
        ((80, 400), (0, 0), "early", "d1_before"),
    ],
)
def test_the_rule_of_newcomers_says_where_they_are_lost(
    one: tuple[int, int], thirty: tuple[int, int], code: str, said: str
) -> None:
    moved = cohorts((1, *one, 400, 1000), (30, *thirty, 150, 1000))
    table = pd.DataFrame({"estimate": [0.4], "ci_lower": [0.3], "ci_upper": [0.5], "n": [400]})
    defined = [MetricSeries(metric=metric("retention_d1"), table=table, grain="period", breaks=pd.DataFrame())]
    triangle = pd.DataFrame({"cohort": pd.to_datetime(["2026-10-05"]), "age": [1], "n": [40], "active": [20]})
    found = sane(community.staying(defined, moved, triangle, as_of=date(2026, 10, 31)))
    assert found.code == code and isinstance(values(found.title)[said], Percent)


def test_one_member_of_one_day_is_no_comparison() -> None:
    fans = pd.DataFrame({"member_key": ["a"], "joined_on": pd.to_datetime(["2026-10-01"])})
    seen = pd.DataFrame({"member_key": ["a"], "date_day": pd.to_datetime(["2026-10-01"])})
    for people in (fans, fans.head(0)):
        moved = retention_moved(new_against_old(people, seen, as_of=date(2026, 10, 1)))
        assert not moved["falls"].any()
        table = pd.DataFrame({"estimate": [0.4], "ci_lower": [0.3], "ci_upper": [0.5], "n": [4]})
        defined = [MetricSeries(metric=metric("retention_d1"), table=table, grain="period", breaks=pd.DataFrame())]
        triangle = pd.DataFrame({"cohort": pd.to_datetime(["2026-10-05"]), "age": [1], "n": [4], "active": [2]})
        assert sane(community.staying(defined, moved, triangle, as_of=date(2026, 10, 1))).status == "no_data"


def test_a_step_that_fewer_than_ten_reach_tells_no_share_of_them() -> None:
    own = pd.DataFrame({"name": ["visit", "like", "buy"], "members": [217, 146, 5]})
    steps = pd.DataFrame({
        "name": ["like", "buy"], "rate": [146 / 217, 5 / 146], "base_rate": [0.66, 0.2], "before": [217, 146],
        "difference": [0.01, -0.166], "ci_lower": [-0.1, -0.2], "ci_upper": [0.1, -0.1], "leaks": [False, True],
    })  # fmt: skip
    section = community.leak(own, steps, period=PERIOD, against="markets")
    assert section.finding.code == "buy" and section.finding.estimate is None
    assert isinstance(section.finding.title, Message) and not {"rate", "base"} & values(section.finding.title).keys()
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert [row[1] is None for row in table.rows] == [False, True] and table.rows[1][3] is None


def test_steps_without_anything_to_compare_them_with_are_not_judged() -> None:
    own = pd.DataFrame({"name": ["visit", "like", "buy"], "members": [217, 146, 5]})
    for steps in (own.iloc[:0], leaks(own, own.assign(members=0))):
        assert sane(community.leak(own, steps, period=PERIOD, against="before")).status == "no_data"
    assert community.leak(own, leaks(own, own), period=PERIOD, against="before").finding.code == "none"
