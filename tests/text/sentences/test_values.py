"""Numbers and days as each language writes them: order kept, no sign lost, nothing that is not known a zero."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.text import (
    Clock,
    Count,
    Day,
    Level,
    Money,
    Number,
    People,
    Percent,
    Period,
    Points,
    PValue,
    Range,
    Sayable,
    Seconds,
    Signed,
    Span,
    Times,
    Unit,
    markup,
    read,
    speak,
    term,
)  # fmt: skip
from fanops_utils.text.sentences.message import Message, Texts

NAN = math.nan
FRACTIONS = st.floats(-5, 5, allow_nan=False)
COUNTS = st.floats(0, 1e9, allow_nan=False)
LANGUAGES = ("en", "zh-Hans")


def number(text: str) -> float:
    """Return the number in *text*; one below what can be said is half of that."""
    bare = float(re.sub(r"[,%<×]| pp$| 个百分点$| 倍$", "", text.replace("−", "-")))
    return bare / 2 if text.startswith("<") else bare


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (Percent(0.02407), "2.41%", "2.41%"),
        (Percent(0.0049), "0.49%", "0.49%"),
        (Percent(0.3456), "34.6%", "34.6%"),
        (Percent(1.25), "125%", "125%"),
        (Percent(-0.0212), "−2.12%", "−2.12%"),
        (Signed(0.08), "+8.0%", "+8.0%"),
        (Signed(-0.123), "−12.3%", "−12.3%"),
        (Points(-0.0082), "−0.82 pp", "−0.82 个百分点"),
        (Points(0.0204), "+2.04 pp", "+2.04 个百分点"),
        (Points(0.1649), "+16.5 pp", "+16.5 个百分点"),
        (Count(12345.6), "12,346", "12,346"),
        (Count(2.04), "2.0", "2.0"),
        (Count(-1240), "−1,240", "−1,240"),
        (Number(0.12345), "0.123", "0.123"),
        (Number(-1.5, 2, True), "−1.50", "−1.50"),
        (Number(1.5, 2, True), "+1.50", "+1.50"),
        (Times(2.1), "2.1×", "2.1 倍"),
        (PValue(0.00012), "<0.001", "<0.001"),
        (PValue(0.00862), "0.0086", "0.0086"),
        (Clock(12.52), "12:30", "12:30"),
        (Clock(23.99), "00:00", "00:00"),
        (Clock(-1), "23:00", "23:00"),
        (Money(12345.6, "USD"), "USD 12,346", "12,346 美元"),
        (Money(0.1234, "USD"), "USD 0.12", "0.12 美元"),
        (Level(0.95), "95%", "95%"),
        (Level(0.995), "99.5%", "99.5%"),
        (Day("2026-03-09"), "9 March 2026", "2026年3月9日"),
        (Day("2026-03-09", "iso"), "2026-03-09", "2026-03-09"),
        (Day("2026-03-09", "month"), "March 2026", "2026年3月"),
        (Seconds(7.2), "7 s", "7 秒"),
        (Seconds(135), "2 min 15 s", "2 分 15 秒"),
        (People(0), "none", "无"),
        (People(7), "fewer than ten", "不足 10"),
        (People(1200), "1,200", "1,200"),
    ],
    ids=str,
)
def test_each_value_in_each_language(value: Sayable, english: str, chinese: str) -> None:
    assert (speak(value, "en"), speak(value, "zh-Hans")) == (english, chinese)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "value",
    [Percent(NAN), Signed(NAN), Points(NAN), Count(NAN), Number(NAN), Number(math.inf, 2, True), Times(NAN), PValue(NAN),
     Clock(NAN), People(NAN), Seconds(NAN), Level(NAN),
     Money(NAN, "USD"), Unit("index").value(NAN)],
    ids=repr,
)  # fmt: skip
def test_what_is_not_known_is_no_number_before_and_after_json(value: Sayable, language: str) -> None:
    said = speak(value, language)
    assert "—" in said and not re.search(r"\d|nan|inf|None|[+]", said, re.IGNORECASE)
    told = json.loads(json.dumps(value.to_json(), allow_nan=False))
    assert speak(read(told), language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_that_is_there_never_reads_as_none_at_all(language: str) -> None:
    assert speak(Percent(0.00004), language) == "<0.01%"
    assert speak(Percent(0.00006), language) == "0.01%"
    assert speak(Percent(0.0049, 0), language) == "<1%"
    assert speak(Percent(0.0), language) == "0.00%"
    assert speak(Unit("share").value(1e-9), language) == "<0.01%"


@given(st.floats(0, 1, exclude_min=True), st.none() | st.integers(0, 3))
def test_a_positive_share_shows_a_digit_that_is_not_zero(value: float, digits: int | None) -> None:
    assert re.search("[1-9]", speak(Percent(value, digits), "en"))


@given(st.floats(-1, 0, exclude_max=True))
def test_nothing_is_written_as_minus_nothing(value: float) -> None:
    for said in (
        speak(Signed(value), "en"),
        speak(Percent(value), "en"),
        speak(Points(value), "en"),
        speak(Count(value), "en"),
    ):
        assert "-" not in said, "a minus is U+2212"
        assert said.startswith("−") == bool(re.search("[1-9]", said))


@given(FRACTIONS, FRACTIONS)
def test_a_larger_fraction_is_never_said_to_be_smaller(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for kind in (Percent, Signed, Points):
        assert number(speak(kind(low), "en")) <= number(speak(kind(high), "en")), kind.__name__


@given(COUNTS, COUNTS)
def test_a_larger_count_is_never_said_to_be_smaller(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert number(speak(Count(low), "en")) <= number(speak(Count(high), "en"))


@given(FRACTIONS)
def test_what_is_said_is_near_what_is_meant_in_every_language(value: float) -> None:
    for language in LANGUAGES:
        assert number(speak(Percent(value), language)) == pytest.approx(100 * value, rel=0.006, abs=0.0051)
        assert number(speak(Points(value), language)) == pytest.approx(100 * value, rel=0.006, abs=0.0051)
        assert number(speak(Signed(value), language)) == pytest.approx(100 * value, abs=0.0501)


@given(FRACTIONS)
def test_changes_carry_their_sign(value: float) -> None:
    for said, parts in ((speak(Signed(value), "en"), 1000), (speak(Points(value), "en"), 10000)):
        if round(abs(value) * parts, 6) >= 0.51:
            assert said[0] == ("+" if value > 0 else "−")


@given(FRACTIONS, FRACTIONS, st.sampled_from([Percent, Signed, Points]), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_interval_names_both_ends_and_its_level(one: float, other: float, form: type[Percent], level: float) -> None:
    lower, upper = sorted((one, other))
    for language in LANGUAGES:
        said = speak(Span.of(lower, upper, form=form, level=level), language)
        assert said.index(speak(form(lower), language)) <= said.rindex(speak(form(upper), language))
        assert f"{level:.0%}" in said


def test_intervals_ranges_and_periods() -> None:
    assert speak(Span.of(0.02, 0.03), "en") == "95% CI 2.00% to 3.00%"
    assert speak(Range.of(0.02, 0.03), "en") == "2.00% – 3.00%"
    assert speak(Period.of(date(2026, 3, 1), date(2026, 3, 9)), "en") == "1 March 2026 to 9 March 2026"
    assert speak(Period.of(date(2026, 3, 1), None, form="iso"), "en") == "since 2026-03-01"
    assert speak(Period.of(None, date(2026, 3, 9), form="iso"), "en") == "until 2026-03-09"
    assert speak(Period.of(None, None), "en") == "undated"
    assert speak(Period.of(date(2026, 3, 1), date(2026, 3, 9)), "zh-Hans") == "2026年3月1日至2026年3月9日"


def test_a_day_is_a_day_whatever_holds_it() -> None:
    assert Day.of(datetime(2026, 3, 9, 23, 59)) == Day.of(date(2026, 3, 9)) == Day("2026-03-09")
    assert speak(Day.of(date(999, 1, 1)), "en") == "1 January 999"
    for unknown in (pd.NaT, np.datetime64("2026-03-09")):
        with pytest.raises(ValueError, match="is no day"):
            Day.of(unknown)  # type: ignore[arg-type]


@given(st.sampled_from([1e15, 1e22, 1e27, 1e300]), st.sampled_from([1, -1]))
def test_a_number_beyond_all_counting_is_said_by_its_size(value: float, sign: int) -> None:
    for said in (
        Percent(sign * value),
        Points(sign * value),
        Count(sign * value),
        Number(sign * value, 2),
        Money(sign * value, "USD"),
    ):
        assert "e+" in speak(said, "en"), said
        assert ("−" in speak(said, "zh-Hans")) == (sign < 0)


def test_an_unknown_or_broken_number_takes_the_plural() -> None:
    for n in (math.nan, math.inf, 1.5):
        assert speak(Message("{n} day", (("n", Number(n)),), many="{n} days", count=n), "en").endswith("days")
        assert "天" in speak(Message("{n} day", (("n", Number(n)),), many="{n} days", count=n), "zh-Hans")


def test_an_amount_next_to_nothing_is_not_said_to_be_nothing() -> None:
    assert speak(Money(0.0049, "EUR"), "en") == "EUR 0.0049" and speak(Count(0.0049), "en") == "<0.1"
    assert speak(Money(99.999, "EUR"), "en") == "EUR 100" and speak(Money(0, "EUR"), "en") == "EUR 0"


def test_a_text_of_a_register_is_said_to_all_who_read_its_script() -> None:
    assert speak(Texts((("en", "Spring"), ("zh-CN", "春季"))), "zh-Hans") == "春季"
    assert speak(Texts((("en", "Spring"), ("zh-TW", "春季活動"))), "zh-Hans") == "Spring"


@given(st.floats(-24, 48, allow_nan=False))
def test_hours_stay_on_the_clock(hour: float) -> None:
    hours, minutes = (int(part) for part in speak(Clock(hour), "en").split(":"))
    assert 0 <= hours < 24
    assert minutes in range(0, 60, 10)
    said = hours + minutes / 60
    assert abs((said - hour + 12) % 24 - 12) <= 5 / 60 + 1e-9


def test_a_unit_says_its_numbers_in_their_form() -> None:
    said = {kind: speak(Unit(kind).value(0.125), "en") for kind in ("share", "change", "difference", "times", "number")}
    assert said == {
        "share": "12.5%",
        "change": "+12.5%",
        "difference": "+12.5 pp",
        "times": "0.125×",
        "number": "0.125",
    }
    assert speak(Unit("money", currency="EUR").value(20_000), "en") == "EUR 20,000"
    assert speak(Unit("share", term("of members", "unit")), "en") == "of members"


def test_a_number_stays_in_one_line_with_its_unit() -> None:
    assert str(markup(Points(-0.0082), "en")) == '<span class="nb">−0.82 pp</span>'
    assert str(markup(Money(0.5, "USD"), "en")) == '<span class="nb">USD 0.50</span>'
