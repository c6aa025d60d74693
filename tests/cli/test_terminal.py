"""What files and registers say cannot act on a terminal."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.cli.terminal import UNSAFE, SafeConsole, safe, safe_json


@given(st.text(max_size=40))
def test_nothing_that_acts_on_a_terminal_is_printed(text: str) -> None:
    target = io.StringIO()
    SafeConsole(file=target, highlight=False, markup=False, soft_wrap=True).print(text)
    assert not UNSAFE.search(target.getvalue())
    if not UNSAFE.search(text):
        assert safe(text) == text


@given(st.text(max_size=40))
def test_json_holds_the_same_values(text: str) -> None:
    written = safe_json(json.dumps({"a": text}, ensure_ascii=False, indent=1))
    assert not UNSAFE.search(written)
    assert json.loads(written) == {"a": text}


def test_escape_and_direction_are_written_out() -> None:
    assert safe("\x1b]0;x\x07\u202egpj\u2066") == "\\x1b]0;x\\x07\\u202egpj\\u2066"
    assert safe("two\nlines\tand a tab") == "two\nlines\tand a tab"
