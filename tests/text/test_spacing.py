"""Blanks in Chinese: one between Han and Latin or digits, none elsewhere, and what somebody wrote left alone."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text.sayables import SAYABLES

from fanops_utils.text import Number, Percent, Sayable, Written, say, speak
from fanops_utils.text.sentences.sayable import Piece
from fanops_utils.text.spacing import set_apart, spaced

MIXED = st.text(st.sampled_from("增长互动 aZ39%，。：（）“” "), max_size=30)
HAN, LATIN = "[\u4e00-\u9fff]", "[A-Za-z0-9]"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Instagram粉丝", "Instagram 粉丝"),
        ("增长8.0%，高于上月", "增长 8.0%，高于上月"),
        ("2026 年 3 月 9 日 ，星期一", "2026年3月9日，星期一"),
        ("28天内", "28 天内"),
        ("粉丝 增长", "粉丝增长"),
        ("约+8%", "约 +8%"),
        ("增长（95%置信区间）", "增长（95% 置信区间）"),
    ],
)
def test_blanks_are_set_as_the_trade_does(given_text: str, expected: str) -> None:
    assert spaced(given_text) == expected


@given(MIXED)
def test_spacing_is_done_once_and_loses_nothing(text: str) -> None:
    once = spaced(text)
    assert spaced(once) == once
    assert once.replace(" ", "") == text.replace(" ", "")


@given(MIXED)
def test_han_and_latin_stand_apart_and_han_and_han_do_not(text: str) -> None:
    once = spaced(text)
    assert not re.search(f"{HAN}{LATIN}|{LATIN}{HAN}", once)
    assert not re.search(f"{HAN} +{HAN}", once)
    assert not re.search(" [，。：]|[，。：] ", once)


@given(st.lists(st.builds(Piece, MIXED, st.sampled_from(["prose", "number", "written"])), max_size=5))
def test_where_pieces_meet_it_is_the_same_and_what_somebody_wrote_stays(pieces: list[Piece]) -> None:
    done = set_apart(pieces)
    assert "".join(piece.text for piece in done).replace(" ", "") == "".join(piece.text for piece in pieces).replace(
        " ", ""
    )
    whole = [piece.text.strip(" ") for piece in done if piece.kind == "written"]
    assert whole == [piece.text.strip(" ") for piece in pieces if piece.kind == "written" and piece.text.strip(" ")]
    for before, after in itertools.pairwise(done):
        meeting = before.text[-1] + after.text[0]
        assert not re.search(f"{HAN}{LATIN}|{LATIN}{HAN}", meeting)


@given(SAYABLES)
def test_no_two_blanks_begin_or_end_a_chinese_text(what: Sayable) -> None:
    said = speak(what, "zh-Hans")
    assert said == said.strip(" ")


def test_values_in_a_chinese_sentence() -> None:
    told = say("{who}增长{share}，共{n}条", who=Written("Instagram"), share=Percent(0.08), n=Number(12))
    assert speak(told, "zh-Hans") == "Instagram 增长 8.00%，共 12 条"
    assert speak(told, "en") == "Instagram增长8.00%，共12条", "English texts are not touched"
