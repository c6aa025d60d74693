"""Files beside a page: written by the run in every language, named on the page and in the manifest, and nowhere twice."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output
from reports.beside.test_workbook import chart, notebook_of

from fanops_utils.playbook import Result
from fanops_utils.playbook.handouts import Agenda, Draft, Event, Listing
from fanops_utils.reports.beside.handed import handouts_of
from fanops_utils.reports.beside.writing import Report, write_beside
from fanops_utils.text import say
from fanops_utils.text.showing import mime

LIST = Listing("watch_list", say("Members"), (say("Name"),), (("0e4f03aa",),), private=True)
DAYS = Agenda("days", say("Days"), (Event("a", say("A"), datetime(2026, 3, 9, 9)),))


def report(folder: Path) -> Report:
    return Report(folder, "brand", "a-US", say("Is it so?"), ("en", "zh-Hans"), datetime(2026, 11, 30, tzinfo=UTC))


def test_each_file_in_each_language_and_people_for_their_owner_only(tmp_path: Path) -> None:
    told = write_beside(notebook_of(chart()), [LIST.to_json(), DAYS.to_json()], report(tmp_path))
    names = ["a-US.watch_list", "a-US.days", "a-US"]
    kinds = ["csv", "ics", "xlsx"]
    expected = [f"{name}.{kind}" for name, kind in zip(names, kinds, strict=True)]
    expected += [f"{name}.zh-Hans.{kind}" for name, kind in zip(names, kinds, strict=True)]
    assert [one["file"] for one in told] == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(expected)
    modes = {one["file"]: stat.S_IMODE((tmp_path / one["file"]).stat().st_mode) for one in told}
    assert {mode for name, mode in modes.items() if "watch_list" in name} == {0o600}
    assert all(mode & 0o044 for name, mode in modes.items() if "watch_list" not in name)
    assert [(one["rows"], one["private"]) for one in told[:3]] == [(1, True), (1, False), (1, False)]


@pytest.mark.parametrize("told", [{"name": "../a", "kind": "csv"}, {"name": "a", "kind": "exe"}, {"kind": "csv"}])
def test_what_is_no_handout_is_refused(tmp_path: Path, told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="handout"):
        write_beside(new_notebook(), [told], report(tmp_path))
    with pytest.raises(ValueError, match="twice"):
        write_beside(new_notebook(), [LIST.to_json()] * 2, report(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_report_with_nothing_to_hand_over_has_nothing_beside_it(tmp_path: Path) -> None:
    assert write_beside(new_notebook(), [], report(tmp_path)) == ()


def test_handouts_are_taken_out_of_the_notebook() -> None:
    data = {mime("result"): Result(say("So."), handouts=(LIST,)).to_json(), "text/plain": "So."}
    notebook = new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", data=data)])])
    assert handouts_of(notebook) == [LIST.to_json()]
    assert "0e4f03aa" not in str(notebook)
    assert handouts_of(notebook) == []


def test_a_draft_of_a_register_is_written_in_each_language_with_its_keys_in_order(tmp_path: Path) -> None:
    fields = {"id": "hour", "owner": say("Members"), "allocation": {"a": 0.5, "b": 0.5}, "metrics": [{"name": "rate"}]}
    told = write_beside(notebook_of(), [Draft("hour_test", say("Members"), fields).to_json()], report(tmp_path))
    files = {
        one["language"]: (tmp_path / one["file"]).read_text(encoding="utf-8") for one in told if one["kind"] == "yml"
    }
    assert set(files) == {"en", "zh-Hans"}
    read = yaml.safe_load(files["en"])
    assert list(read) == ["id", "owner", "allocation", "metrics"] and read["allocation"] == {"a": 0.5, "b": 0.5}
    assert read["owner"] == "Members"
