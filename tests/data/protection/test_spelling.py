from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.protection.decoding import decoded
from fanops_utils.data.protection.spelling import byte_pattern, holds_any, plain, whole_pattern

MAIL = "anna_b@example.org"
SPELT = [MAIL, "ANNA_B@Example.ORG", "anna_b%40example.org", "anna%5Fb%2540example.org", r"anna_b\u0040example.org",
         r"anna_b\\u0040example.org", "anna_b&#64;example.org", "anna_b&#x40;example.org", "anna_b&amp;#64;example.org",
         "ａｎｎａ＿ｂ＠ｅｘａｍｐｌｅ．ｏｒｇ", "anna_b@exam\u200bple.org", "%61nna_b@example.org"]  # fmt: skip
AROUND = [
    "{}",
    "联系{}谢谢",
    "연락처{}님",
    "от{}",
    "<{}>",
    "q=%22{}%22",
    r"a\n{}",
    "mailto:{}?subject=x",
    "{}. And",
    "é{}é",
]
OTHERS = [
    "xanna_b@example.org",
    "anna_b@example.org.cn",
    "x+anna_b@example.org",
    "anna_b@example.org2",
    "x.anna_b@example.org",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("spelt", SPELT)
def test_an_id_is_met_in_every_spelling_and_beside_every_script(spelt: str, around: str) -> None:
    text = around.format(spelt)
    assert re.search(whole_pattern(MAIL), text, re.IGNORECASE)
    assert MAIL in decoded(text)
    for codec in ("utf-8", "utf-16", "utf-16-be"):
        assert holds_any(text.encode(codec), byte_pattern(MAIL))


@pytest.mark.parametrize("text", OTHERS)
def test_a_longer_id_is_somebody_elses(text: str) -> None:
    assert not re.search(whole_pattern(MAIL), text, re.IGNORECASE)
    assert not re.search(whole_pattern(MAIL), f"联系{text}谢谢", re.IGNORECASE)


IDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"), exclude_characters="%\\&=+"),
    min_size=5,
    max_size=12,
).filter(lambda one: plain(one) == one)


@given(IDS)
def test_no_script_is_assumed_of_an_id(one: str) -> None:
    for spelt in (one, quote(one), "".join(f"&#{ord(char)};" for char in one)):
        assert re.search(whole_pattern(one), f" {spelt} ", re.IGNORECASE)
        assert holds_any(spelt.encode(), byte_pattern(one))
        assert holds_any(spelt.encode("utf-16-le"), byte_pattern(one))
