"""How numbers are said: order kept, both ends of an interval named, no sign lost."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.playbook import wording

FRACTIONS = st.floats(-5, 5, allow_nan=False)
COUNTS = st.floats(0, 1e9, allow_nan=False)


def number(text: str) -> float:
    return float(re.sub(r"[,%]| pp$", "", text))


@given(FRACTIONS, FRACTIONS)
def test_a_larger_fraction_is_never_said_to_be_smaller(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for say in (wording.percent, wording.signed, wording.points):
        assert number(say(low)) <= number(say(high)), say.__name__


@given(COUNTS, COUNTS)
def test_a_larger_count_is_never_said_to_be_smaller(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert number(wording.count(low)) <= number(wording.count(high))


@given(FRACTIONS)
def test_what_is_said_is_near_what_is_meant(value: float) -> None:
    assert number(wording.percent(value)) == pytest.approx(100 * value, rel=0.006, abs=0.0051)
    assert number(wording.points(value)) == pytest.approx(100 * value, abs=0.0051)
    assert number(wording.signed(value)) == pytest.approx(100 * value, abs=0.0501)


@given(FRACTIONS)
def test_changes_carry_their_sign(value: float) -> None:
    for say in (wording.signed, wording.points):
        assert say(value)[0] in "+-"
        assert (say(value)[0] == "+") == (math.copysign(1, value) > 0)


@given(FRACTIONS, FRACTIONS, st.sampled_from(["percent", "signed", "points"]), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_interval_names_both_ends_and_its_level(one: float, other: float, form: str, level: float) -> None:
    lower, upper = sorted((one, other))
    say = {"percent": wording.percent, "signed": wording.signed, "points": wording.points}[form]
    found = wording.span(lower, upper, form=form, level=level)
    assert found.index(say(lower)) <= found.rindex(say(upper))
    assert found.startswith(f"{level:.0%}")


@given(st.floats(-24, 48, allow_nan=False))
def test_hours_stay_on_the_clock(hour: float) -> None:
    hours, minutes = (int(part) for part in wording.clock(hour).split(":"))
    assert 0 <= hours < 24
    assert minutes in range(0, 60, 10)
    said = hours + minutes / 60
    assert abs((said - hour + 12) % 24 - 12) <= 5 / 60 + 1e-9


@pytest.mark.parametrize(("number_", "said"), [(0, "0 posts"), (1, "1 post"), (2, "2 posts"), (1200, "1,200 posts")])
def test_words_agree_with_their_number(number_: int, said: str) -> None:
    assert wording.plural(number_, "post", "posts") == said


def test_a_count_that_is_not_known_is_not_zero() -> None:
    assert not re.search(r"\d", wording.count(float("nan")))


@pytest.mark.parametrize(("amount", "said"), [(1.534, "EUR 1.53"), (20_000, "EUR 20,000"), (0.0, "EUR 0.00")])
def test_money_names_its_currency(amount: float, said: str) -> None:
    assert wording.money(amount, "EUR") == said
