"""What names a person in a text is found and struck out; numbers, days, ids and the brand's own names are not."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.privacy.personal import Personal, is_card, withheld

OURS = Personal(frozenset({"lumentea.us"}), ("US", "FR", "BR", "JP", "CN", "DE"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("anna.b@example.org", "e-mail"), ("/thanks?to=anna%40example.org", "e-mail"), ("anna%2540example.org", "e-mail"),
        ("联系anna@example.org谢谢", "e-mail"), ("anna＠example.org", "e-mail"), ("王小明@例子.cn", "e-mail"),
        ("an %C3%A9lodie%40ex%C3%A4mple.fr", "e-mail"),
        ("à élodie@exämple.fr.", "e-mail"), ("จาก สมชาย.ใจดี9@example.th", "e-mail"), ("ahmad@مثال.إختبار", "e-mail"),
        ("with @anna.b today", "handle"),
        ("+49 301 234567", "phone"), ("t=%2B49301234567", "phone"), ("(11) 98765-4321", "phone"), ("06 12 34 56 78", "phone"),
        ("13812345678", "phone"), ("微信号：anna_1988", "messenger id"), ("LINE ID: anna88", "messenger id"),
        ("line.me/ti/p/~anna88", "messenger id"), ("VX: anna1988", "messenger id"), ("4111 1111 1111 1111", "payment number"),
        ("6222021234567890128", "payment number"), ("203.0.113.7", "ip address"), ("2001:db8:0:0:0:0:0:1", "ip address"),
    ],
)  # fmt: skip
def test_each_kind_is_struck_out(text: str, kind: str) -> None:
    assert {found for found, _, _ in OURS.spans(text)} >= {kind}
    assert f"[{kind}]" in OURS.struck(text)
    assert not list(OURS.spans(OURS.struck(text)))


@pytest.mark.parametrize(
    "text",
    [
        "1,234,567 views, +12.5 %", "2026-05-01T10:20:30+00:00", "17841400000000001", "7301234567890123456", "@lumentea.us",
        "1.2.3", "10:20:30", "20-30 %", "spring_sale_2026", "5123456789012", "a@b", "4111 1111 1111 1112",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(text: str) -> None:
    assert OURS.struck(text) == text


@pytest.mark.skipif(find_spec("phonenumbers") is None, reason="phonenumbers is not installed")
@pytest.mark.parametrize("text", ["call 0151 23456789", "090 1234 5678", "06.12.34.56.78", "11 98765-4321"])
def test_phones_as_people_of_the_markets_write_them(text: str) -> None:
    assert "[phone]" in OURS.struck(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0571887889251156", '{"estimate": 0.0571887889251156, "n": 1234567890.0}', "2026-08-10,8889,0.27778125,4.310632,run_on",
        "[-0.0571887889251156, 1380000000.0]", "12 0.571887889 0.251234567", "4.2123456789e-05", "约0.0571887889",
        "0.4111111111111111",
    ],
)  # fmt: skip
def test_a_number_with_a_point_is_no_phone(text: str) -> None:
    assert OURS.struck(text) == text


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(("{}", "[{}, 1]", "x,{},y", '"at": {}', "{} to 1")),
)
def test_no_float_as_json_writes_it_is_a_phone(number: float, around: str) -> None:
    if "." in json.dumps(number):
        assert not [kind for kind, _, _ in OURS.spans(around.format(json.dumps(number))) if kind != "ip address"]


@pytest.mark.skipif(find_spec("phonenumbers") is None, reason="phonenumbers is not installed")
@pytest.mark.parametrize(
    "phone",
    [
        "030.1234567", "0151.23456789", "+49.301234567", "+1 415.5552671", "(11) 98765.4321", "11 98765.4321", "415.555.2671",
        "415.555 2671", "030 123.4567", "06.12.34.56.78", "13812345678",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["{}", "call {} now", '"phone": "{}", "share": 0.0571887889251156', "0.25, {}, 0.0571887889"]
)
def test_a_phone_with_a_point_is_still_found(phone: str, around: str) -> None:
    assert OURS.struck(around.format(phone)).replace("[phone]", "{}") == around


@given(st.lists(st.integers(0, 9), min_size=14, max_size=18))
def test_one_digit_in_ten_ends_a_payment_number(digits: list[int]) -> None:
    start = "".join(map(str, digits))
    assert sum(is_card(f"{start}{last}") for last in range(10)) == 1


def test_a_column_is_struck_out_as_its_texts_are() -> None:
    texts = pd.Series(["anna@example.org", None, "tea", "anna@example.org"], dtype="string")
    assert OURS.without(texts).fillna("-").tolist() == ["[e-mail]", "-", "tea", "[e-mail]"]


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        ("soon", "created_timestamp", "soon"), ("31/31/2026", "date_day", "31/31/2026"), ("Anna Berg", "likes", "A***g"),
        ("王小明", "likes", "王***明"), ("anna", "member_key", "***"), ("Main St 5", "street", "***"), ("", "likes", ""),
    ],
)  # fmt: skip
def test_a_cell_set_aside_shows_what_is_wrong_and_nobody(value: str, column: str, shown: str) -> None:
    assert withheld(value, column) == shown
