"""Any sayable at all, for properties: every value and phrase, messages that nest them, lists and sentences of them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from fanops_utils.text import (
    Clock,
    Count,
    Day,
    Level,
    Listed,
    Message,
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
    Sentences,
    Signed,
    Span,
    Texts,
    Times,
    Unit,
    Written,
    term,
)  # fmt: skip

NUMBERS = st.floats(-1e9, 1e9) | st.sampled_from([0.0, float("nan"), float("inf"), 1e-9, -1e-9])
SMALL = st.floats(0, 1e6)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
FORMS = st.sampled_from(["day", "iso", "month"])
KINDS = st.sampled_from(["share", "change", "difference", "count", "number", "times", "clock", "days", "index"])
VALUES: st.SearchStrategy[Sayable] = st.one_of(
    *(st.builds(kind, NUMBERS) for kind in (Clock, Count, Number, Percent, Points, Signed, Times)),
    st.builds(PValue, st.floats(0, 1)), st.builds(People, SMALL), st.builds(Seconds, SMALL), st.builds(Level, st.floats(0, 1)),
    st.builds(Percent, NUMBERS, st.integers(0, 3)), st.builds(Number, NUMBERS, st.integers(0, 4), st.booleans()),
    st.builds(Money, NUMBERS, st.sampled_from(["USD", "EUR", "CNY"]), st.booleans()),
    st.builds(Day.of, DAYS, form=FORMS), st.builds(Period.of, st.none() | DAYS, st.none() | DAYS, form=FORMS),
    st.builds(Span.of, NUMBERS, NUMBERS, form=st.sampled_from([Percent, Signed, Points, Number])),
    st.builds(Range.of, NUMBERS, NUMBERS), st.builds(Written, WORDS, st.sampled_from(["", "en", "zh-Hans"])),
    st.builds(Texts, st.tuples(st.tuples(st.just("en"), WORDS), st.tuples(st.just("zh-Hans"), WORDS))),
    st.builds(Unit, KINDS, st.none() | st.builds(term, st.sampled_from(["per 28 days", "of members"]), st.just("unit"))),
)  # fmt: skip


def _within(inner: st.SearchStrategy[Sayable]) -> st.SearchStrategy[Sayable]:
    def nested(first: Sayable, second: Sayable, count: int | None, context: str | None) -> Message:
        values = (("first", first), ("second", second))
        if count is None:
            return Message("Of {first}, {second}.", values, context)
        many = "{n} of {first}, {second}"
        return Message("{n} of {first}", (*values, ("n", Count(float(count)))), None, many, float(count))

    return st.one_of(
        st.builds(nested, inner, inner, st.none() | st.integers(0, 3), st.none() | st.just("a test")),
        st.builds(Sentences.of, inner, st.none() | inner),
        st.builds(Listed.of, st.lists(inner, max_size=4), how=st.sampled_from(["plain", "and", "or"])),
    )


SAYABLES: st.SearchStrategy[Sayable] = st.recursive(VALUES, _within, max_leaves=8)
