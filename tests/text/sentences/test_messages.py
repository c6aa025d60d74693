"""Messages: looked up by language, their values nested, listed and joined; as JSON the same for every language."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from text.sayables import SAYABLES

from fanops_utils.errors import ParameterError
from fanops_utils.reports.page import chrome
from fanops_utils.text import (
    Count,
    Day,
    Listed,
    Message,
    Number,
    Percent,
    Sayable,
    Sentences,
    Texts,
    Written,
    markup,
    read,
    said,
    say,
    say_n,
    speak,
    term,
)  # fmt: skip
from fanops_utils.text.sentences.message import Worded, valued

LANGUAGES = ("en", "zh-Hans")
KNOWN = term("Market", "fact")  # a message of the catalogue, for what is looked up inside others


def test_a_value_that_is_a_message_is_said_in_the_reader_s_language() -> None:
    told = say("{where}: {share} [{inner}]", where=KNOWN, share=Percent(0.031), inner=say("{word}!", word=KNOWN))
    assert speak(told, "en") == "Market: 3.10% [Market!]"
    assert speak(told, "zh-Hans") == "市场: 3.10% [市场!]"


def test_one_and_many() -> None:
    assert [speak(say_n("{n} check passed", "{n} checks passed", n=n), "en") for n in (0, 1, 2, 1200)] == [
        "0 checks passed", "1 check passed", "2 checks passed", "1,200 checks passed",
    ]  # fmt: skip
    assert [speak(say_n("{n} check passed", "{n} checks passed", n=n), "zh-Hans") for n in (1, 2)] == [
        "1 项核查通过",
        "2 项核查通过",
    ]


@pytest.mark.parametrize(
    ("how", "english", "chinese"),
    [("plain", "a, b, c", "a、b、c"), ("and", "a, b and c", "a、b 和 c"), ("or", "a, b or c", "a、b 或 c")],
)
def test_lists(how: str, english: str, chinese: str) -> None:
    listed = Listed.of(["a", "b", "c"], how=how)
    assert (speak(listed, "en"), speak(listed, "zh-Hans")) == (english, chinese)
    assert speak(Listed.of(["a"], how=how), "en") == "a"
    assert speak(Listed.of([], how=how), "en") == ""


def test_sentences_stand_apart_as_the_language_does() -> None:
    told = Sentences.of(say("It grows."), None, say("It is loud."))
    assert speak(told, "en") == "It grows. It is loud."
    assert speak(Sentences.of(Written("增长明显。"), Written("互动偏低。")), "zh-Hans") == "增长明显。互动偏低。"
    assert speak(Sentences.of(None), "en") == ""


def test_the_same_word_in_two_senses_is_two_messages() -> None:
    assert {speak(term("Period", context), "zh-Hans") for context in ("fact", "no such context")} == {"期间", "Period"}


def test_values_whose_form_is_not_known_are_refused() -> None:
    assert valued(3) == valued(np.int64(3)) == Count(3.0)
    assert valued(date(2026, 3, 9)) == Day("2026-03-09")
    assert valued("a name") == Written("a name")
    for wrong in (0.5, True, None, ["a"]):
        with pytest.raises(TypeError):
            say("{x}", x=wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs best"):
        say("{best} is best")
    with pytest.raises(TypeError, match="say"):
        _ = f"{say('a')}"


def test_braces_in_what_somebody_wrote_are_text() -> None:
    assert speak(say("{name} won", name="{n} {name!r} {}"), "en") == "{n} {name!r} {} won"


def test_a_text_of_a_register_is_said_in_the_language_it_has() -> None:
    worded = Worded({"en": "Spring launch", "zh-Hans": "春季上新"})
    assert worded == "Spring launch" and {worded: 1}["Spring launch"] == 1
    for copied in (copy.copy(worded), copy.deepcopy(worded), pickle.loads(pickle.dumps(worded))):
        assert copied == worded and copied.texts == worded.texts
    told = say("{campaign} works", campaign=worded)
    assert (speak(told, "en"), speak(told, "zh-Hans")) == ("Spring launch works", "春季上新 works")
    assert speak(read(json.loads(json.dumps(told.to_json()))), "zh-Hans") == "春季上新 works"
    german = Texts((("de", "Frühling"), ("fr", "Printemps")))
    assert str(markup(german, "en")) == '<span lang="de">Frühling</span>'


def test_what_somebody_wrote_is_escaped_and_marked_with_its_language() -> None:
    assert str(markup(say("{name} & co", name="<b>"), "en")) == "&lt;b&gt; &amp; co"
    assert str(markup(Written("你好", "zh-Hans"), "en")) == '<span lang="zh-Hans">你好</span>'
    assert str(markup(Written("你好", "zh-Hans"), "zh-Hans")) == "你好"


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ParameterError, match="zh-Hans"):
        speak(say("a"), "zh")


@given(SAYABLES)
def test_every_sayable_is_the_same_after_json_in_every_language(what: Sayable) -> None:
    told = json.loads(json.dumps(what.to_json(), allow_nan=False))
    back = read(told)
    assert type(back) is type(what)
    assert back.to_json() == what.to_json() == told
    for language in LANGUAGES:
        assert speak(back, language) == speak(what, language)
        assert markup(back, language) == markup(what, language)


def test_every_kind_of_sayable_is_among_them() -> None:
    seen: set[str] = set()

    @given(SAYABLES)
    def collect(what: Sayable) -> None:
        seen.update(json.dumps(what.to_json()).split('{"')[1:])

    collect()
    assert {text.partition('"')[0] for text in seen} >= Sayable.known.keys()


def test_nothing_and_plain_text_as_json() -> None:
    assert said(None) is said("") is None
    assert read("a text") == Written("a text")
    for wrong in (5, [], {}, {"say": "no list"}, {"nosuch": []}, {"say": ["a"], "day": []}, {"count": [1, 2, 3]}):
        with pytest.raises(ValueError, match="no message or value"):
            read(wrong)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["{a}", "{a!r}", "{", "{0}"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(sorted(Sayable.known)) | st.text(max_size=4), inner, max_size=2)
        | st.builds(
            lambda tag, fields: {tag: fields}, st.sampled_from(sorted(Sayable.known)), st.lists(inner, max_size=5)
        )
    ),
    max_leaves=12,
)
HOSTILE = [
    {"say": ["{a}", [["a", 5]]]}, {"say": ["{a", []]}, {"say": ["{a}"]}, {"say": [None]}, {"say": ["{a}", {"count": [1]}]},
    {"clock": [1e308]}, {"number": [1.5, 10**9]}, {"number": [1.5, "x"]}, {"percent": [{"count": [1]}]}, {"day": ["tomorrow"]},
    {"day": [None, "iso"]}, {"money": [1, "no currency"]}, {"money": [1, None]}, {"listed": ["abc"]}, {"written": [5]},
    {"written": ["a", 5]}, {"texts": [[]]}, {"texts": [["a"]]}, {"unit": ["bogus", 3]}, {"range": [1, 2]}, {"seconds": ["x"]},
    {"people": ["x"]}, {"level": [None]}, {"period": [1, 2]}, {"sentences": [None]}, {"say": ["a", [], None, "b", "c"]},
]  # fmt: skip


@pytest.mark.parametrize("told", HOSTILE, ids=repr)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_message_is_shown_as_it_is(told: object, language: str) -> None:
    assert isinstance(chrome.spoken(told, language), str)
    assert len(chrome.said(told, language)) < 1000


@given(JSON)
def test_no_json_at_all_breaks_a_page(told: object) -> None:
    for language in LANGUAGES:
        shown = chrome.said(told, language)
        assert "<" not in shown.replace("<span", "").replace("</span", "")
        assert isinstance(chrome.spoken(told, language), str)


def test_a_nesting_deeper_than_any_message_is_not_followed() -> None:
    told: object = "x"
    for _ in range(5000):
        told = {"sentences": [[told]]}
    assert chrome.said(told, "en") == "…"


def test_a_message_has_no_text_before_it_is_said() -> None:
    assert isinstance(say("{n} posts", n=3), Message)
    assert str(say("{n} posts", n=Number(3))) == "3 posts"
