"""Text made safe: what is stripped, what stays, whose paths are cut, which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.reports.page import sanitise
from fanops_utils.reports.page.text import clean, link, plain, short_paths, tongue


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=300), st.integers(1, 50))
def test_plain_text_can_be_written_is_short_and_stays_as_it_is(text: str, limit: int) -> None:
    safe = plain(text, limit)
    safe.encode("utf-8")
    assert len(safe) <= limit + len(f"… ({len(text):,} more characters)")
    assert plain(safe, 10_000) == safe
    assert not any("\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069" for letter in safe)


@pytest.mark.parametrize("text", ["👩‍👩‍👧 می‌خواهم", "é ñ 한국어 中文 ภาษาไทย", "a\tb\nc", "Ω ≈ ±½ “quoted” – —"])
def test_what_people_write_stays(text: str) -> None:
    assert plain(text) == text


def test_hidden_reordering_and_piled_characters_go() -> None:
    assert plain("pay\u200bpal\u202egnp\u2066\x00\x1b[1m\ud800\ufeff") == "paypalgnp[1m"
    assert plain("z" + "\u0301" * 50) == "z" + "\u0301" * 3
    assert clean({"a\u202e": ["b\x00", 1, None, 2.5, True]}) == {"a": ["b", 1, None, 2.5, True]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/srv/mira/fanops/notebooks/research/a.ipynb: no", "notebooks/research/a.ipynb: no"),
        (r"C:\Users\mira\fanops\fanops_utils\errors.py, line 3", "fanops_utils/errors.py, line 3"),
        ("~/brands/tea/key", "…/key"),
        ("File '/srv/app/data/sample/raw/a.csv'", "File 'data/sample/raw/a.csv'"),
        ("see https://a.org/b/page, 3/4, and/or, 1/2/3", "see https://a.org/b/page, 3/4, and/or, 1/2/3"),
        ("reports/weekly/a.html", "reports/weekly/a.html"),
    ],
)  # fmt: skip
def test_paths_are_cut_to_what_a_reader_knows(text: str, expected: str) -> None:
    assert short_paths(text) == expected


@given(st.text(max_size=80))
def test_a_link_stays_inside_the_folder_it_starts_from_and_has_no_scheme(text: str) -> None:
    safe = link(text)
    assert not safe.startswith(("/", "\\")) and ":" not in safe and '"' not in safe and "<" not in safe


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Reels reach further", "en"), ("评论里最常见的话题是 packaging", "zh"), ("パッケージが好き", "ja"), ("포장이", "ko"),
        ("مرحبا", "ar"), ("12 % – 3", ""), ("Kettle & Co 茶", "en"),
    ],
)  # fmt: skip
def test_the_script_suggests_the_language(text: str, code: str) -> None:
    assert tongue(text) == code


@pytest.mark.parametrize(
    "text",
    ["**谁来决定：**负责人，每月一次。**你会看到：**结论", "**谁：** 我。**看点**：数", "**Who:** we. **What:** it"],
)
def test_bold_that_ends_in_a_stop_is_closed_where_no_blank_follows(text: str) -> None:
    page = sanitise.markdown(text)
    assert page.count("<strong>") == 2 and "*" not in page
    assert page.striptags() == text.replace("**", "")
