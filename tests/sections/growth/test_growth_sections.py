"""What a report on growth says: a bound is no number, nobody held out is no effect."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.charts.chart import Chart
from fanops_utils.metrics import Interval
from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models.audience.growth import Outlook, TimedRewards, weeks_by_lot
from fanops_utils.sections import growth
from fanops_utils.text import Number, People, Period, speak

WEEKS = pd.DataFrame({"date_day": pd.date_range("2026-08-02", periods=12, freq="W"), "joined": 5, "left": 1,
                      "members": range(100, 112)})  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "refused", "code", "estimate"),
    [(0.4, "", "odds", 0.4), (0.05, "", "odds", None), (float("nan"), "history", "history", None)],
)
def test_the_chance_is_told_where_there_is_one(
    probability: float, refused: str, code: str, estimate: float | None
) -> None:
    ahead = Outlook(120.0, 110.0, 130.0, probability, refused, 12, 13)  # type: ignore[arg-type]
    found = sane(growth.curve(WEEKS, ahead, target=130, pace=0.02))
    assert (found.code, found.estimate) == (code, estimate)


def test_nobody_held_out_is_no_effect() -> None:
    row = {"offer": "push", "n_sent": 90, "rate_sent": 0.3, "n_held": 0, "rate_held": float("nan"), "difference": float("nan"),
           "ci_lower": float("nan"), "ci_upper": float("nan"), "kept": float("nan"), "verdict": "no_holdout"}  # fmt: skip
    assert sane(growth.winning_back(pd.DataFrame([row]))).code == "none"
    assert growth.winning_back(pd.DataFrame()).finding.status == "no_data"
    assert growth.winning_back(pd.DataFrame([row | {"verdict": "unwatched"}])).finding.status == "no_data"


def test_a_step_that_few_got_to_was_measured() -> None:
    counts = pd.DataFrame({"step": ["sent", "joined", "ordered"], "members": [200, 40, 4]})
    chart = growth.steps(counts, name="ladder").parts[-1]
    assert isinstance(chart, Chart)
    drawn = chart.svg("en")
    assert speak(People(1), "en") in drawn and "not measured" not in drawn
    assert chart.data["value"].isna().tolist() == [False, False, True]


def test_what_a_member_brings_says_of_whom_wherever_it_stands() -> None:
    cohorts = pd.DataFrame({"cohort": ["2026Q1", "2026Q2"], "n": [100, 100], "inviters": 8, "brought": [20, 18],
                            "estimate": [0.2, 0.18], "ci_lower": 0.1, "ci_upper": 0.3})  # fmt: skip
    young = Interval(0.38, 0.2, 0.56, 110)
    section = growth.inviting(cohorts, (np.nan,) * 3, cycle=np.nan, cost=np.nan, currency=None, young=young)
    told, lately = parts(sane(section).text)[0], parts(sane(section).text)[-1]
    assert (values(told)["brought"], values(told)["n"]) == (People(38), People(200))
    assert (values(lately)["n"], values(lately)["k"]) == (People(110), Number(0.38, 2)), "another group than the first"
    (key,) = growth.key_numbers({}, {"inviting": section}).numbers
    assert key.note is not None, "of whom: the strip stands alone"


def test_the_largest_source_is_told_with_its_days() -> None:
    ways = pd.DataFrame({"source": ["organic", "search"], "joined": [40, 30], "before": [38, 20], "share": [0.57, 0.43], "n": 40,
                         "estimate": 0.4, "ci_lower": 0.3, "ci_upper": 0.5})  # fmt: skip
    period = Period.of(date(2026, 5, 3), date(2026, 10, 31))
    found = sane(growth.sources(ways, pd.DataFrame({"source": [], "share": []}), period=period))
    assert values(found.title)["period"] == period


def test_too_few_reasons_are_not_told() -> None:
    assert growth.leaving(pd.DataFrame(), left=30, given=4).finding.status == "no_data"


def codes(members: int, after: int, kept: int) -> pd.DataFrame:
    row = {"people": 80, "members": members, "after": after, "ripe": members, "kept": kept, "estimate": kept / max(members, 1),
           "ci_lower": 0.1, "ci_upper": 0.4, "n": members}  # fmt: skip
    return pd.DataFrame([{"code": "", **row}, {"code": "anna10", **row}])


@pytest.mark.parametrize(
    ("members", "after", "kept", "code"), [(40, 20, 12, "brings"), (20, 0, 3, "buyers_only"), (4, 2, 1, "buyers_only")]
)
def test_codes_bring_members_or_buyers_and_few_are_not_told(members: int, after: int, kept: int, code: str) -> None:
    answer = growth.by_code(codes(members, after, kept))
    found = sane(answer)
    assert found.code == code and (found.estimate is None) == (members < 10)
    assert [one.code for one in growth.plays((answer,), owner="lead", on=None)] == ["invite_buyers"] * (
        code == "buyers_only"
    )
    assert sane(growth.by_code(codes(0, 0, 0).iloc[:0])).status == "no_data"


def tried(*, on: int = 12, low: float = 0.1, runs: int = 6, needed: int | None = 40) -> TimedRewards:
    weeks = pd.DataFrame({"date_day": pd.date_range("2026-01-05", periods=24, freq="7D"), "brought": 5, "members": 400})
    effect = Interval(0.4, low, 0.8, 24) if on >= 4 else NOTHING
    return TimedRewards(
        on, 24 - on, runs, effect, 0.5, 0.3, needed, weeks.assign(on=[place < on for place in range(24)])
    )


@pytest.mark.parametrize(
    ("found", "by_lot", "code"),
    [
        (tried(), True, "raised"),
        (tried(low=-0.1), True, "no_clear"),
        (tried(), False, "trend"),
        (tried(on=0, runs=0), False, "untried"),
    ],
)
def test_only_weeks_drawn_by_lot_prove_a_reward(found: TimedRewards, by_lot: bool, code: str) -> None:
    schedule = weeks_by_lot(date(2026, 11, 2), weeks=12, rng=np.random.default_rng(1))
    answer = growth.timed(found, tried(needed=300), schedule, by_lot=by_lot)
    assert sane(answer).code == code
    assert [one.name for one in answer.handouts] == ["reward_weeks"] * (code == "untried")
    assert bool(growth.plays((answer,), owner="lead", on=None)) is (code == "untried")
    assert growth.timed(tried(on=2), tried(), schedule, by_lot=True).finding.status == "no_data"


def test_candidates_of_fewer_than_ten_are_not_listed() -> None:
    few = pd.DataFrame({"member_key": ["a"], "score": [1.0], "active_days_28": [3], "brought": [0.0], "replies": [0.0]})
    assert growth.seeds(few).finding.status == "no_data"
