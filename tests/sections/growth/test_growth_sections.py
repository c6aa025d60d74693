"""What a report on growth says: a bound is no number, nobody held out is no effect."""

from __future__ import annotations

import pandas as pd
import pytest
from saying import sane

from fanops_utils.charts.chart import Chart
from fanops_utils.models.audience.growth import Outlook
from fanops_utils.sections import growth
from fanops_utils.text import People, speak

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


def test_a_step_that_few_got_to_was_measured() -> None:
    counts = pd.DataFrame({"step": ["sent", "joined", "ordered"], "members": [200, 40, 4]})
    chart = growth.steps(counts, name="ladder").parts[-1]
    assert isinstance(chart, Chart)
    drawn = chart.svg("en")
    assert speak(People(1), "en") in drawn and "not measured" not in drawn
    assert chart.data["value"].isna().tolist() == [False, False, True]


def test_too_few_reasons_are_not_told() -> None:
    assert growth.leaving(pd.DataFrame(), left=30, given=4).finding.status == "no_data"
