"""Parameters: read without running, typed, checked, injected as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from reports.tiny import repository, source, write

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.planning.parameters import (
    check_parameters,
    injected_source,
    parse_parameters,
    read_parameters,
)
from fanops_utils.workspace import Workspace

DECLARED = """from datetime import date
from typing import Literal

code: str = "007"  # a code, zeros and all
format: Literal["reel", "image"] = "reel"  # which format
months: Literal[3, 6] = 3
start: date | None = None  # first day
end: date = date(2026, 1, 31)
weighted: bool = False
days: int = 28
level: float = 0.9
tags: list[str] = []
sizes: list[int] | None = None
note: str | None = None
"""


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    return repository(tmp_path)


def read(name: str, value: object) -> Any:
    return parse_parameters(DECLARED)[name].read(value, notebook="research/a")


def run(source_text: str) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    exec(source_text, scope)  # what the kernel does with the injected cell
    return scope


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("code", "007", "007"),
        ("code", "NO", "NO"),
        ("code", "2026-01-02", "2026-01-02"),
        ("format", "image", "image"),
        ("months", "6", 6),
        ("start", "2026-01-02", date(2026, 1, 2)),
        ("weighted", "true", True),
        ("weighted", "no", False),
        ("days", "14", 14),
        ("level", "0.8", 0.8),
        ("level", "1", 1.0),
        ("tags", "tea, 中国 ,NO", ["tea", "中国", "NO"]),
        ("tags", "", []),
        ("tags", ["007", "on"], ["007", "on"]),
        ("sizes", "1,2", [1, 2]),
        ("note", "a, b", "a, b"),
    ],
)
def test_text_becomes_the_declared_type(name: str, text: object, expected: object) -> None:
    value = read(name, text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("name", ["start", "sizes", "note"])
def test_none_is_a_value_where_declared(name: str) -> None:
    assert read(name, None) is None


@pytest.mark.parametrize("name", ["code", "format", "end", "weighted", "days", "level", "tags"])
def test_none_is_refused_elsewhere(name: str) -> None:
    with pytest.raises(ParameterError, match=f"'{name}' needs a value"):
        read(name, None)


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("format", "reels", "Did you mean 'reel'"),
        ("months", "4", "3, 6"),
        ("start", "02/01/2026", "Write dates as 2026-11-22"),
        ("end", "2026-02-31", "Write dates as"),
        ("weighted", "perhaps", "is bool, and 'perhaps' is not"),
        ("days", "14.5", "is int, and '14.5' is not"),
        ("days", "many", "is int"),
        ("level", "nan", "is float, and 'nan' is not"),
        ("level", "inf", "is float"),
        ("sizes", "1,x", "is list[int] | None"),
    ],
)
def test_what_is_not_of_the_type_is_refused_with_advice(name: str, text: str, advice: str) -> None:
    with pytest.raises(ParameterError) as refused:
        read(name, text)
    assert advice in str(refused.value)
    assert "research/a" in str(refused.value)


def test_comments_are_the_help() -> None:
    declared = parse_parameters(DECLARED)
    assert declared["code"].help == "a code, zeros and all"
    assert declared["start"].help == "first day"
    assert declared["months"].help == ""
    assert declared["start"].annotation == "date | None"


def test_defaults_are_read_without_running_anything() -> None:
    defaults = {name: one.default for name, one in parse_parameters(DECLARED).items()}
    assert defaults["code"] == "007"
    assert defaults["end"] == date(2026, 1, 31)
    assert defaults["start"] is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("market = 'US'", "name: type = default"),
        ("market: str", "name: type = default"),
        ("print('hello')", "name: type = default"),
        ("import os", "name: type = default"),
        ("market: str = open('/etc/passwd').read()", "literal"),
        ("day: date = date.today()", "literal"),
        ("day: date = date(2026, 2, 31)", "literal"),
        ("format: Literal[reel] = 'reel'", "literal"),
        ("many: dict = {}", "not a parameter type"),
        ("days: int = 'many'", "is not int"),
        ("days: int = None", "is not int"),
        ("format: Literal['a', 'b'] = 'c'", "is not Literal"),
        ("market: str = ", "not valid Python"),
    ],
)
def test_a_cell_that_holds_more_than_annotated_literals_is_refused(line: str, problem: str) -> None:
    with pytest.raises(PlanError) as refused:
        parse_parameters(f"good: int = 1\n{line}", file="notebooks/a.ipynb")
    assert problem in str(refused.value)
    assert "notebooks/a.ipynb, line 2" in str(refused.value)


@pytest.mark.parametrize("tags", [[], ["parameters", "parameters"]])
def test_a_notebook_has_one_parameters_cell(tmp_path: Path, tags: list[str]) -> None:
    notebook = source("1", parameters=None)
    notebook.cells += [new_code_cell("a: int = 1", metadata={"tags": [tag]}) for tag in tags]
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    with pytest.raises(PlanError, match=f"one code cell tagged 'parameters', this one has {len(tags)}"):
        read_parameters(path)


def test_a_tagged_text_cell_does_not_count(tmp_path: Path) -> None:
    notebook = source("1", parameters=None)
    notebook.cells.append(new_markdown_cell("", metadata={"tags": ["parameters"]}))
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    with pytest.raises(PlanError, match="this one has 0"):
        read_parameters(path)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"cells": 3}'])
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"a\.ipynb"):
        read_parameters(path)


def test_read_parameters_of_a_file(brand: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "research/a", source("1", parameters=DECLARED))
    assert list(read_parameters(path)) == [
        "code", "format", "months", "start", "end", "weighted", "days", "level", "tags", "sizes", "note",
    ]  # fmt: skip


def test_an_unknown_name_brings_the_nearest(brand: Workspace) -> None:
    declared = parse_parameters(DECLARED)
    with pytest.raises(ParameterError, match=r"research/a has no such parameter: 'weigthed'. Did you mean 'weighted'"):
        check_parameters(declared, {"weigthed": "yes"}, workspace=brand, notebook="research/a")


@pytest.mark.parametrize(
    ("name", "wrong", "near"),
    [("market", "UX", "US"), ("campaign", "sprng", "spring"), ("experiment", "bagde", "badge")],
)
def test_what_the_workspace_lacks_brings_the_nearest(brand: Workspace, name: str, wrong: str, near: str) -> None:
    declared = parse_parameters(f"{name}: str = '{near}'")
    for given_value in ({name: wrong}, {}):
        default = parse_parameters(f"{name}: str = '{wrong}'") if not given_value else declared
        with pytest.raises(ParameterError, match=f"unknown {name}: '{wrong}'. Did you mean '{near}'"):
            check_parameters(default, given_value, workspace=brand, notebook="research/a")
    assert check_parameters(declared, {name: near}, workspace=brand, notebook="research/a") == {name: near}


def test_only_what_was_given_is_returned(brand: Workspace) -> None:
    declared = parse_parameters(DECLARED)
    assert check_parameters(declared, {"days": "7"}, workspace=brand, notebook="a") == {"days": 7}


def test_injected_values_are_typed_and_readable() -> None:
    values = {
        "market": "中国", "quote": "it's \"so\"\n", "start": date(2026, 1, 2), "none": None, "on": True, "level": 0.1,
        "tags": ["a", "日本"], "days": [date(2026, 1, 2)],
    }  # fmt: skip
    text = injected_source(values)
    assert "中国" in text and "日本" in text
    assert {name: run(text)[name] for name in values} == values


def test_nothing_is_imported_where_no_date_is_injected() -> None:
    assert injected_source({"market": "US"}) == "market = 'US'"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PLAIN = (
    TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.dates() | st.none()
)


@given(
    st.dictionaries(st.from_regex(r"p_[a-z]{1,8}", fullmatch=True), PLAIN | st.lists(TEXTS | st.dates(), max_size=4))
)
def test_injected_values_come_back_as_they_were(values: dict[str, Any]) -> None:
    scope = run(injected_source(values))
    for name, value in values.items():
        assert scope[name] == value
        assert type(scope[name]) is type(value)


@given(TEXTS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.booleans())
def test_values_written_as_text_are_read_back(text: str, days: int, level: float, day: date, weighted: bool) -> None:
    for name, value in (("code", text), ("days", days), ("level", level), ("end", day), ("weighted", weighted)):
        assert read(name, str(value)) == value


@given(TEXTS)
def test_any_text_is_read_or_refused_in_plain_words(text: str) -> None:
    for declared in parse_parameters(DECLARED).values():
        try:
            value = declared.read(text, notebook="research/a")
        except ParameterError:
            continue
        assert run(injected_source({"value": value}))["value"] == value


BOUNDED = """from datetime import date
from typing import Annotated

level: Annotated[float, "0.5..0.99"] = 0.9  # confidence
days: Annotated[int, "1.."] = 28
most: Annotated[int, "..10"] | None = None
first: Annotated[date, "2020-01-01.."] = date(2026, 1, 1)
"""


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("level", "0.5", 0.5), ("level", "0.99", 0.99), ("days", "1", 1), ("most", "10", 10), ("most", None, None),
        ("first", "2020-01-01", date(2020, 1, 1)),
    ],
)  # fmt: skip
def test_bounds_include_their_ends(name: str, text: object, value: object) -> None:
    assert parse_parameters(BOUNDED)[name].read(text, notebook="research/a") == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("level", "0.49"), ("level", "1"), ("level", "nan"), ("days", "0"), ("most", "11"), ("first", "2019-12-31")],
)
def test_a_value_outside_its_bounds_is_refused_with_them(name: str, text: str) -> None:
    declared = parse_parameters(BOUNDED)[name]
    with pytest.raises(ParameterError) as refused:
        declared.read(text, notebook="research/a")
    assert declared.annotation in str(refused.value)


def test_bounds_are_said_as_a_reader_says_them() -> None:
    declared = parse_parameters(BOUNDED)
    assert [declared[name].annotation for name in ("level", "days", "most", "first")] == [
        "float (0.5..0.99)", "int (1..)", "int (..10) | None", "date (2020-01-01..)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        'a: Annotated[float, "0-1"] = 0.5',
        'a: Annotated[float, ".."] = 0.5',
        'a: Annotated[float, "low..high"] = 0.5',
        'a: Annotated[str, "a..b"] = "a"',
        "a: Annotated[float, 1] = 0.5",
        'a: Annotated[int, "1..5"] = 9',
    ],
)
def test_bounds_that_are_none_are_refused(line: str) -> None:
    with pytest.raises(PlanError):
        parse_parameters(line)


def test_every_name_of_a_list_is_one_of_the_workspace(brand: Workspace) -> None:
    declared = parse_parameters("markets: list[str] = []")
    assert check_parameters(declared, {"markets": "US,DE"}, workspace=brand, notebook="a") == {"markets": ["US", "DE"]}
    with pytest.raises(ParameterError, match=r"unknown market: 'UX'\. Did you mean 'US'"):
        check_parameters(declared, {"markets": "DE,UX"}, workspace=brand, notebook="a")
