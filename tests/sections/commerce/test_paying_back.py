"""Whether a new customer pays back what they cost: an assumption is called one, and a play needs a comparison that holds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.metrics.money.paying_back import COMPARED, EARNED
from fanops_utils.sections import commerce
from fanops_utils.sections.commerce.paying_back import EARNS, VERDICTS
from fanops_utils.text import Percent, speak

ON = date(2026, 11, 2)
COURSE = pd.DataFrame([("all", 12, 600, 150.0, 140.0, 160.0, 0.03)], columns=EARNED)


def row(channel: str, times: float, verdict: str) -> tuple[object, ...]:
    low, high = (np.nan, np.nan) if verdict == "few" else (times * 0.8, times * 1.25)
    value = 100 * times
    return (
        channel,
        100.0,
        90.0,
        110.0,
        50,
        value,
        value * 0.9,
        value * 1.1,
        600,
        times,
        low,
        high,
        7.0 if times > 1 else np.nan,
        verdict,
    )


def told(*rows: tuple[object, ...], margin: float | None = None) -> object:
    return commerce.paying_back(pd.DataFrame(rows, columns=COMPARED), COURSE, currency="USD", margin=margin)


@pytest.mark.parametrize(
    ("rows", "code", "severity", "plays"),
    [
        ([row("all", 2.0, "earns"), row("partners", 0.9, "open")], "earns", "info", []),
        ([row("all", 2.0, "earns"), row("partners", 0.2, "costs")], "earns", "watch", ["pay_by_sale"]),
        ([row("all", 0.5, "costs")], "costs", "alert", ["spend_less"]),
        ([row("all", 1.05, "open")], "open", "info", []),
        ([row("all", 2.0, "few")], "few", "info", []),
    ],
)
def test_only_a_clear_comparison_asks_for_something(
    rows: list[tuple[object, ...]], code: str, severity: str, plays: list[str]
) -> None:
    answer = told(*rows)
    found = sane(answer)  # type: ignore[arg-type]
    assert (found.code, found.severity) == (code, severity)
    assert [one.code for one in commerce.plays((answer,), owner="lead", on=ON)] == plays  # type: ignore[arg-type]


def test_revenue_above_the_cost_is_no_good_news_until_the_margin_is_known() -> None:
    assert [sane(told(row("all", 2.0, "earns"), margin=one)).severity for one in (None, 0.6)] == ["info", "good"]


def test_no_channel_is_said_to_bring_back_more_than_it_cost_on_revenue_alone() -> None:
    words = [
        {speak(one, "en") for line in answer.parts[-1].rows for one in line if one is not None}  # type: ignore[attr-defined]
        for answer in (told(row("all", 2.0, "earns"), margin=one) for one in (None, 0.6))
    ]
    assert speak(EARNS, "en") in words[0] - words[1] and speak(VERDICTS["earns"], "en") in words[1] - words[0]


def test_value_is_called_revenue_until_a_margin_is_given() -> None:
    bare, left = (sane(told(row("all", 2.0, "earns"), margin=one)) for one in (None, 0.6))  # type: ignore[arg-type]
    assert "margin" not in values(bare.text) and values(left.text)["margin"] == Percent(0.6, 0)
    assert "share" in values(bare.text), "of revenue, what part must be left for it to pay"
    heads = [told(row("all", 2.0, "earns"), margin=one).parts[-1].columns[2] for one in (None, 0.6)]  # type: ignore[attr-defined]
    assert heads[0] != heads[1], "the column says which of the two it holds"


def test_what_is_lacking_is_named() -> None:
    nothing = pd.DataFrame(columns=COMPARED)
    for course, others in ((COURSE.iloc[:0], ()), (COURSE, ("EUR", "points")), (COURSE, ())):
        assert (
            sane(commerce.paying_back(nothing, course, currency="USD", margin=None, others=others)).status == "no_data"
        )
