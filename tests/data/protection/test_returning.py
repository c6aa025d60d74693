"""A file from outside that brings back somebody who was erased: the copy that is kept does not hold them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from people import everything, load, put

from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.returning import leave_out_returned
from fanops_utils.data.warehouse import Store, import_kept, rebuild
from fanops_utils.workspace import Workspace

ANNA, BEN = "LC-000017", "LC-000170"
T = "2026-05-01T10:00:00+00:00"


def brought_back(workspace: Workspace, folder: Path, form: str) -> list[str]:
    """Erase Anna, then import an old export of hers; return the files in which the import met her."""
    path = put(workspace, "old", "events", [[ANNA, T, "post", "1"], [BEN, T, f"hi @{ANNA}", "2"]], form=form)
    load(workspace)
    folder.mkdir()
    shutil.copy2(path, folder / path.name)
    erase(workspace, [ANNA])
    return [one.file for one in import_kept(workspace, [folder], on=date(2026, 5, 2)) if one.rows_quarantined]


@pytest.mark.parametrize("form", ["csv", "zip", "xlsx"])
def test_the_copy_is_kept_without_them(brand_workspace: Workspace, tmp_path: Path, form: str) -> None:
    met = brought_back(brand_workspace, tmp_path / "outside", form)
    assert ANNA.encode() in everything(brand_workspace.raw).replace(BEN.encode(), b"")
    told = leave_out_returned(brand_workspace, met)
    assert (len(told.mended), told.left) == (1, ())
    assert ANNA.encode() not in everything(brand_workspace.path).replace(BEN.encode(), b"")
    rebuild(brand_workspace)
    assert len(Store(brand_workspace).read("member_events")) == 1
    assert leave_out_returned(brand_workspace, met).mended == ()


def test_what_cannot_be_edited_is_named(brand_workspace: Workspace, tmp_path: Path) -> None:
    import openpyxl

    met = brought_back(brand_workspace, tmp_path / "outside", "xlsx")
    (kept,) = brand_workspace.raw.glob("2026*/*/old.xlsx")
    book = openpyxl.load_workbook(kept)
    book.active["F9"] = "=1+1"
    book.save(kept)
    told = leave_out_returned(brand_workspace, met)
    assert told.mended == () and len(told.left) == 1 and "formulas" in told.left[0]


def test_nothing_is_looked_for_where_nobody_was_erased(brand_workspace: Workspace) -> None:
    put(brand_workspace, "events", "events", [[ANNA, T, "post", "1"]])
    load(brand_workspace)
    assert leave_out_returned(brand_workspace, ["raw/events.csv"]).mended == ()
