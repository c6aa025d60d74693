"""Targets: met, not met, cannot tell yet, by the interval, in each market, on its day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from fanops_utils.metrics.intervals import Interval, wilson
from fanops_utils.playbook.targets import judge, states
from fanops_utils.workspace.registers.target import Target, Targets

ON = date(2026, 11, 2)


def target(**options: object) -> Target:
    return Target.model_validate({"id": "t", "metric": "participation", "low": 0.15} | options)


def measured(low: float, high: float) -> Interval:
    return Interval((low + high) / 2, low, high, 100)


@pytest.mark.parametrize(
    ("options", "low", "high", "said"),
    [
        ({}, 0.15, 0.20, ("met", "reached")),
        ({}, 0.14, 0.20, ("cannot_tell", "inside")),
        ({}, 0.05, 0.14, ("not_met", "below")),
        ({"high": 0.2}, 0.16, 0.30, ("met", "reached")),
        ({"high": 0.2}, 0.21, 0.30, ("met", "beyond")),
        ({"by": ON + timedelta(days=1)}, 0.05, 0.14, ("cannot_tell", "not_yet")),
        ({"by": ON}, 0.05, 0.14, ("not_met", "below")),
        ({"by": ON + timedelta(days=1)}, 0.16, 0.20, ("met", "reached")),
        ({"low": None, "high": 0.1}, 0.05, 0.10, ("met", "reached")),
        ({"low": None, "high": 0.1}, 0.05, 0.11, ("cannot_tell", "inside")),
        ({"low": None, "high": 0.1}, 0.11, 0.15, ("not_met", "above")),
        ({}, np.nan, np.nan, ("cannot_tell", "not_measured")),
    ],
)
def test_a_target_is_judged_by_the_whole_interval(
    options: dict[str, object], low: float, high: float, said: tuple[str, str]
) -> None:
    assert judge(target(**options), measured(low, high), on=ON) == said


def test_a_target_exactly_at_the_truth_is_seldom_ruled_on() -> None:
    generator = np.random.default_rng(3)
    said = [judge(target(), wilson(int(generator.binomial(400, 0.15)), 400), on=ON)[0] for _ in range(1000)]
    assert said.count("met") + said.count("not_met") < 70, "one in twenty by chance; Wilson's tails are not quite even"
    clear = [judge(target(), wilson(int(generator.binomial(400, 0.25)), 400), on=ON)[0] for _ in range(200)]
    assert clear.count("met") > 190


def test_each_market_is_judged_over_its_window_and_the_unmeasured_stays() -> None:
    asked = []

    def lookup(
        metric: str, market: str | None, platform: str | None, first: date, last: date, since: date | None = None, /
    ) -> Interval | None:
        assert since is None, "a target may be measured over days before it was set"
        asked.append((metric, market, first, last, platform))
        return measured(0.2, 0.3) if market == "US" else None

    found = states([target(markets=("US", "DE"), window=7), target(id="all", by=date(2026, 6, 30))], lookup, on=ON,
                   odds=lambda _target, _market: 0.41)  # fmt: skip
    assert [(one.market, one.judged, one.odds) for one in found] == [
        ("US", "met", None), ("DE", "cannot_tell", 0.41), (None, "cannot_tell", 0.41),
    ]  # fmt: skip
    assert asked[0][2:4] == (date(2026, 10, 26), date(2026, 11, 1))
    assert asked[2][1:4] == (None, date(2026, 6, 3), date(2026, 6, 30)), "a day that is past ends the window"


def test_a_target_in_money_asks_for_its_currency() -> None:
    asked = []

    def lookup(*question: object) -> Interval | None:
        asked.append(question[5:])
        return None

    states([target(unit="money", currency="EUR"), target(id="other")], lookup, on=ON)
    assert asked == [(None, "EUR"), ()]


@pytest.mark.parametrize(
    "wrong", [{"low": None}, {"low": 0.3, "high": 0.2}, {"id": "Not this"}, {"unit": "points"}, {"window": 0}]
)
def test_what_asks_for_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        target(**wrong)


def test_two_targets_need_two_names() -> None:
    with pytest.raises(ValidationError, match="two targets"):
        Targets.model_validate({"targets": [{"id": "a", "metric": "m", "low": 1}] * 2})
