"""Faults: an error of ours said in every language, in English as the error itself reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fanops_utils.errors import DataError, FanopsError
from fanops_utils.text import markup, read, say, speak
from fanops_utils.text.faults import fault, shown
from fanops_utils.text.showing import mime

MANY = [f"column_{number}" for number in range(12)]
SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"file": Path("data/brand/brand.yml")},
    {"file": "brand.yml", "line": 1204},
    {"file": "a.csv", "row": 12045, "column": "reach"},
    {"column": "reach"},
    {"value": "UX"},
    {"value": "UX", "choices": ["US", "BR"]},
    {"value": "zzz", "choices": ["US", "BR"]},
    {"value": "zzz", "choices": MANY},
    {"value": "x" * 200, "choices": MANY, "hint": "Not said: there are choices"},
    {"file": "a.csv", "line": 4, "value": 0.1234567, "hint": "Write it as 0.12"},
    {"hint": say("Hold at least one market back")},
    {"value": "a\nb {braces}"},
)


@pytest.mark.parametrize(
    "message", ["unknown market", say("unknown market"), say("history has {n} outcomes: two are needed", n=1)]
)
@pytest.mark.parametrize("shape", SHAPES)
def test_in_english_a_fault_reads_as_the_error(message: Any, shape: dict[str, Any]) -> None:
    error = FanopsError(message, **shape)
    assert speak(fault(error), "en") == str(error)
    assert read(json.loads(json.dumps(fault(error).to_json()))) == fault(error)


def test_in_chinese_it_is_a_chinese_sentence() -> None:
    error = DataError(say("unknown market"), file="brand.yml", line=4, value="UX", choices=["US", "BR"])
    assert speak(fault(error), "zh-Hans") == "brand.yml，第 4 行：未知的市场：'UX'。是否想写“US”？"


def test_what_is_english_only_is_marked() -> None:
    error = DataError("no such thing", value=3, hint=say("Hold at least one market back"))
    told = markup(fault(error), "zh-Hans")
    assert '<span lang="en">no such thing</span>' in told
    assert told.count("lang=") == 1


def test_only_a_fault_is_read_from_what_a_cell_shows() -> None:
    told = fault(DataError(say("unknown market"), value="UX"))
    other = {"output_type": "stream", "name": "stdout", "text": "a"}
    assert shown([other, {"output_type": "display_data", "data": {mime("fault"): told.to_json()}}]) == told
    assert shown([other]) is None
    assert shown([{"data": {mime("fault"): {"no such tag": []}}}]) is None
    assert shown([{"data": {mime("fault"): 3}}]) is None
