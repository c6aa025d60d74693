from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.data.columns import text
from fanops_utils.data.privacy.inventory import FILE, column_inventory, gaps, read_inventory
from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.table import define
from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning import catalogue
from fanops_utils.workspace import Workspace


def test_every_column_has_purpose_basis_and_retention() -> None:
    assert gaps() == []
    frame = column_inventory()
    assert len(frame) == sum(len(table.columns) for table in (*TABLES.values(), *SYSTEM_TABLES.values()))
    assert frame.notna().all().all()


def test_pseudonyms_are_personal_and_nothing_else_is_called_one() -> None:
    frame = column_inventory()
    is_key = frame["column"].str.endswith("_key")
    assert (frame["class"] == "pseudonym").eq(is_key).all()
    assert frame.loc[is_key, "personal"].all()


def test_a_column_or_table_without_purpose_is_named() -> None:
    fans = TABLES["fans"]
    more = define("fans", "as before", "platform member_key", {**fans.columns, "shoe_size": text("size")})
    new = define("visits", "new", "door", {"door": text("which")})
    tables = {**TABLES, **SYSTEM_TABLES, "fans": more, "visits": new}
    assert gaps(tables=tables) == [
        "table visits has no entry: nobody has said how long its rows are kept",
        "table fans, column 'shoe_size': nobody has said what it is for",
        "table visits, column 'door': nobody has said what it is for",
    ]


def test_an_entry_for_what_is_no_more_is_named() -> None:
    tables = {name: table for name, table in {**TABLES, **SYSTEM_TABLES}.items() if name != "mentions"}
    assert gaps(tables=tables) == ["there is no table mentions"]


def test_check_fails_for_a_column_without_purpose(
    monkeypatch: pytest.MonkeyPatch, brand_workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "notebooks" / "plans").mkdir(parents=True)
    assert catalogue.check_all(tmp_path, brand_workspace) == []
    columns = {**TABLES["fans"].columns, "shoe_size": text("size")}
    monkeypatch.setitem(TABLES, "fans", define("fans", "as before", "platform member_key", columns))
    (problem,) = catalogue.check_all(tmp_path, brand_workspace)
    assert problem["problem"] == "table fans, column 'shoe_size': nobody has said what it is for"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    kept: as long as the membership\n", "", "say how long the rows are kept"),
        (
            "      pseudonym: [unit_key]",
            "      pseudonim: [unit_key]",
            "no class 'pseudonim'. Did you mean 'pseudonym'",
        ),
        ("      pseudonym: [unit_key]", "      pseudonym: [unit_key, experiment]", "stands in two classes"),
    ],
)
def test_a_wrong_inventory_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    written = FILE.read_text(encoding="utf-8")
    assert old in written
    (tmp_path / "inventory.yml").write_text(written.replace(old, new), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=words):
        read_inventory(tmp_path / "inventory.yml")
