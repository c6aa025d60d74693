"""What a review of the targets says by what was measured, and nothing where there is nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.metrics import Interval, reconciled
from fanops_utils.models import Chance, control_limits
from fanops_utils.playbook.course import months_of_plan
from fanops_utils.playbook.targets import states
from fanops_utils.sections import targets
from fanops_utils.sections.targets.ruling import MOVED, Rule, against
from fanops_utils.text import Count, Written
from fanops_utils.workspace.registers.target import Course, Milestone, Target

US = Written("United States")

ON = date(2026, 11, 2)
LATER = Target(id="later", metric="participation", low=0.15, by=date(2027, 3, 1), markets=("US",))
NOW = Target(id="now", metric="negative_share", high=0.10)


def judged(lower: float, upper: float, *, target: Target = NOW, odds: float | None = None):  # type: ignore[no-untyped-def]
    seen = Interval((lower + upper) / 2, lower, upper, 99)
    return states((target,), lambda *_: seen, on=ON, odds=lambda *_: odds)


@pytest.mark.parametrize(
    ("lower", "upper", "code"), [(0.05, 0.10, "good"), (0.05, 0.11, "open"), (0.11, 0.2, "missed")]
)
def test_a_missed_target_alerts(lower: float, upper: float, code: str) -> None:
    assert sane(targets.scorecard(judged(lower, upper), [])).code == code


@pytest.mark.parametrize(("odds", "code"), [(0.3, "unlikely"), (0.31, "open")])
def test_an_unlikely_target_is_watched(odds: float, code: str) -> None:
    told = judged(0.1, 0.2, target=LATER, odds=odds)
    assert sane(targets.scorecard(told, [Chance(LATER, "US", odds)])).code == code


def test_without_targets_nothing_is_said() -> None:
    assert sane(targets.scorecard([], [])).status == "no_data"
    assert sane(targets.outlook([])).status == "no_data"
    assert sane(targets.outlook([Chance(LATER, "US", reason="short")])).status == "no_data"
    assert sane(targets.course(months_of_plan(Course(), on=ON), on=ON)).status == "no_data"
    assert sane(targets.tree(reconciled({}, {}), market=US)).status == "no_data"
    assert sane(targets.signals({"revenue": control_limits(pd.Series(dtype=float))}, market=US)).status == "no_data"
    assert sane(targets.budget(pd.DataFrame(), currency="", elastic=None)).status == "no_data"


def test_a_late_milestone_is_watched() -> None:
    plan = Course(start=date(2026, 1, 5), milestones=(Milestone(name="report", week=4),))
    assert sane(targets.course(months_of_plan(plan, on=ON), on=ON)).code == "late"


def test_few_are_not_told_apart() -> None:
    def told(size: float) -> str:
        now = {name: Interval(one, one, one, 1) for name, one in {"revenue": size * 1.4, "orders": size}.items()}
        before = {name: Interval(one, one, one, 1) for name, one in {"revenue": size, "orders": size}.items()}
        return sane(targets.tree(reconciled(now, before), market=US)).code

    assert told(29) == "few" and told(30) == "rate"


def test_the_rule_on_content_needs_both_intervals() -> None:
    def code(engagement: float, conversion: float) -> str:
        names = ("engagement_rate_reach", "site_conversion_rate")
        old = {name: Interval(0.05, 0.04, 0.06, 99) for name in names}
        new = {
            name: Interval(one, one - 0.01, one + 0.01, 99)
            for name, one in zip(names, (engagement, conversion), strict=True)
        }
        return sane(targets.rules(new, old, 0, market=US)).code

    assert code(0.0642, 0.0358) == "fires", "the intervals overlap, the difference is clear"
    assert code(0.0641, 0.0358) == code(0.0642, 0.0359) == code(0.0299, 0.0701) == "rests"
    assert [sane(targets.rules({}, {}, over, market=US)).code for over in (1, 0)] == ["fires", "rests"]


@pytest.mark.parametrize("rule", MOVED, ids=lambda rule: rule.metric)
def test_a_rule_on_what_moved_fires_beyond_chance_and_one_way_only(rule: Rule) -> None:
    old, sign = Interval(0.50, 0.45, 0.55, 99), 1 if rule.way == "up" else -1

    def code(change: float) -> str:
        at = 0.50 + sign * change
        return sane(
            targets.rules({rule.metric: Interval(at, at - 0.05, at + 0.05, 99)}, {rule.metric: old}, 0, market=US)
        ).code

    assert [code(change) for change in (0.08, 0.06, -0.08)] == [
        "fires",
        "rests",
        "rests",
    ]  # the difference's half width: .071
    assert sane(targets.rules({rule.metric: old}, {}, 0, market=US)).code == "rests"


def test_rules_none_of_which_can_be_told_do_not_rest() -> None:
    bare = sane(targets.rules({}, {}, None, market=US))
    assert (bare.code, bare.estimate) == ("unknown", None), "nothing measured is no all-clear"
    some = sane(targets.rules({}, {}, 0, market=US))
    assert (some.code, values(some.title)["n"], values(some.title)["all"]) == ("rests", Count(9), Count(10))


def test_a_budget_of_too_few_months_is_not_said_to_keep_to_its_plan() -> None:
    row = {"category": "content", "planned": 100.0, "approved": 100.0, "booked_plan": 40.0, "spent": 40.0, "pace": 1.0,
           "forecast": np.nan, "lower": np.nan, "upper": np.nan, "low": np.nan, "high": np.nan, "planned_reading": "no_band",
           "actual_reading": "no_band", "actual_share": 1.0, "code": "cannot_tell"}  # fmt: skip
    known = row | {"forecast": 100.0, "lower": 98.0, "upper": 102.0, "code": "on_plan", "actual_reading": "inside"}
    told = [sane(targets.budget(pd.DataFrame(rows), currency="EUR", elastic=None)) for rows in
            ([row, row], [row, known], [known, known])]  # fmt: skip
    assert [(one.code, one.severity) for one in told] == [
        ("cannot_tell", "info"),
        ("on_plan", "info"),
        ("on_plan", "good"),
    ]
    assert values(told[1].title)["n"] == Count(1)
    assert [len(parts(one.text)) for one in told[:1]] == [0], "without a band, nothing keeps to it"


def test_a_metric_outside_its_range_fires_a_rule() -> None:
    assert [sane(targets.rules({}, {}, 0, market=US, outside=n)).code for n in (1, 0)] == ["fires", "rests"]


def test_followers_are_asked_to_grow_by_thirty_percent() -> None:
    old = {"followers": Interval(1000.0, 1000.0, 1000.0, 1)}
    for size, code in ((1299.0, "fires"), (1300.0, "rests")):
        assert sane(targets.rules({"followers": Interval(size, size, size, 1)}, old, 0, market=US)).code == code


def test_a_rule_is_told_by_the_difference_and_not_by_intervals_that_touch() -> None:
    one = Interval(0.5, 0.4, 0.6, 9)
    assert against(one, Interval(0.3, 0.2, 0.5, 9)) == "even" and against(one, Interval(0.3, 0.2, 0.4, 9)) == "up"
    assert against(one, None) == against(one, Interval(np.nan, np.nan, np.nan, 0)) == "unknown"


def test_a_play_names_the_targets_it_is_about() -> None:
    answer = targets.scorecard(judged(0.11, 0.2), [])
    (play,) = targets.plays([answer], owner="lead", on=ON)
    assert answer.finding.about in dict(play.action.values).values()  # type: ignore[attr-defined]
