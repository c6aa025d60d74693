"""The page of keys, and what is said of one."""

from __future__ import annotations

import pytest
from conftest import ROOT

from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.keys import DOCS, all_keys, keys_called, markdown


def test_the_page_of_keys_is_up_to_date() -> None:
    assert (ROOT / DOCS).read_text(encoding="utf-8") == markdown(), "python -m fanops_utils.reports.planning.keys"


def test_a_key_is_found_by_its_name_or_its_place_as_it_is_written() -> None:
    assert {key.place for key in keys_called("import")} == {"import"}
    assert [key.file for key in keys_called("jobs.period")] == ["plans/*.yml"]
    assert [key.takes for key in keys_called("last_week") if key.takes == "period"] == ["period"]
    assert {key.file for key in keys_called("owner")} > {"plans/*.yml", "targets.yml"}


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(WorkspaceError, match="cadence"):
        keys_called("cadense")


def test_no_key_stands_twice_in_one_file() -> None:
    keys = [(key.file, key.place) for key in all_keys()]
    assert len(keys) == len(set(keys))
