"""Words that several topics share: ids in words, languages by name, reference tables in the languages they are given in."""

from __future__ import annotations

import pytest

from fanops_utils.sections import words
from fanops_utils.sections.targets.naming import metric_name
from fanops_utils.text import in_words, speak
from fanops_utils.text.sentences.message import Worded


def test_an_id_is_said_in_words_and_a_name_as_it_is() -> None:
    assert speak(in_words("five_minute_tea"), "en") == "five minute tea"
    assert speak(in_words(Worded({"en": "a_b", "zh-Hans": "甲"})), "zh-Hans") == "甲"
    assert (
        speak(metric_name("engagements"), "en") == "Interactions" and speak(metric_name("odd_one"), "en") == "odd one"
    )


@pytest.mark.parametrize(
    ("code", "en", "zh"),
    [("de", "German", "德语"), ("zh-Hans", "Chinese", "中文"), ("klingon!", "klingon!", "klingon!")],
)
def test_a_language_is_called_by_its_name(code: str, en: str, zh: str) -> None:
    assert speak(words.language(code), "en").startswith(en) and zh in speak(words.language(code), "zh-Hans")


def test_a_reference_is_told_in_the_languages_it_has() -> None:
    row = {"note": "gone", "note:zh-Hans": "已取消", "note:de": None}
    assert (speak(words.told_in(row, "note"), "zh-Hans"), speak(words.told_in(row, "note"), "en")) == ("已取消", "gone")
    assert speak(words.told_in({"note": "gone"}, "note"), "zh-Hans") == "gone"


@pytest.mark.parametrize(
    ("share", "said", "number"),
    [(1.0, "over 99%", None), (0.999, "over 99%", None), (0.99, "99%", 0.99), (0.5, "50%", 0.5),
     (0.01, "1%", 0.01), (0.0049, "under 1%", None), (0.0, "under 1%", None)],
)  # fmt: skip
def test_a_chance_from_draws_is_never_whole(share: float, said: str, number: float | None) -> None:
    assert speak(words.chance_of(share), "en") == said
    assert words.number_of_chance(share) == number
