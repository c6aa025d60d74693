"""Originals: kept once, forgotten where refused or taken back, and enough to make the warehouse again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import BRAND

from fanops_utils.data.warehouse import Store, import_kept, import_paths, rebuild, take_back
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

DAY = date(2026, 3, 24)
MAPPING = """name: days
tables:
  account_daily:
    columns: {account_id: A, date_day: D, reach: R}
    constants: {platform: instagram}
"""


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    folder = tmp_path / "data" / "brand"
    (folder / "mappings").mkdir(parents=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings" / "days.yml").write_text(MAPPING, encoding="utf-8")
    return Workspace(folder)


def export(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join(["A,D,R", *lines, ""]), encoding="utf-8")
    return path


def reach(workspace: Workspace) -> list[tuple[str, int]]:
    frame = Store(workspace).read("account_daily").sort_values("date_day")
    return [(f"{day:%m-%d}", int(number)) for day, number in zip(frame["date_day"], frame["reach"], strict=True)]


def test_a_file_from_outside_is_kept_once_whatever_its_name(brand: Workspace, tmp_path: Path) -> None:
    path = export(tmp_path / "down", "days.csv", "a,2026-03-01,5")
    export(tmp_path / "again", "other.csv", "a,2026-03-01,5")
    for folder in ("down", "again"):
        import_kept(brand, [tmp_path / folder], on=DAY)
    kept = brand.raw / "2026-03-24" / "down" / "days.csv"
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    assert list(brand.raw.rglob("*.csv")) == [kept]


def test_what_lies_in_the_workspace_is_not_copied(brand: Workspace) -> None:
    path = export(brand.raw, "days.csv", "a,2026-03-01,5")
    import_kept(brand, [brand.raw], on=DAY)
    assert list(brand.raw.rglob("*.csv")) == [path]


def test_two_files_of_one_name_do_not_overwrite_each_other(brand: Workspace, tmp_path: Path) -> None:
    path = export(tmp_path / "down", "days.csv", "a,2026-03-01,5")
    import_kept(brand, [path], on=DAY)
    export(tmp_path / "down", "days.csv", "a,2026-03-02,6")
    import_kept(brand, [path], on=DAY)
    assert len(list(brand.raw.rglob("*.csv"))) == 2
    assert reach(brand) == [("03-01", 5), ("03-02", 6)]


def test_of_a_refused_file_nothing_is_kept(brand: Workspace, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n", encoding="utf-8")
    reports = import_kept(brand, [odd, export(tmp_path, "days.csv", "a,2026-03-01,5")], on=DAY)
    assert sorted(one.status for one in reports) == ["loaded", "refused"]
    assert [one.file in one.error for one in reports if one.file == odd.as_posix()] == [True]
    assert [one.name for one in brand.raw.rglob("*.csv")] == ["days.csv"]


def test_what_is_taken_back_is_forgotten_also_in_an_archive(brand: Workspace, tmp_path: Path) -> None:
    archive = tmp_path / "days.zip"
    with ZipFile(archive, "w") as packed:
        packed.write(export(tmp_path, "days.csv", "a,2026-03-01,5"), "days.csv")
    import_kept(brand, [archive], on=DAY)
    (kept,) = brand.raw.rglob("*.zip")
    assert take_back(brand).files == (f"{kept.relative_to(brand.path).as_posix()}/days.csv",)
    assert not kept.exists()


def test_a_file_that_an_earlier_import_had_read_stays_when_the_last_is_taken_back(
    brand: Workspace, tmp_path: Path
) -> None:
    path = export(tmp_path, "days.csv", "a,2026-03-01,5")
    import_kept(brand, [path], on=DAY)
    changed = BRAND.replace("[Rival]", "[Rival, Other]")  # the file is read anew
    (brand.path / "brand.yml").write_text(changed, encoding="utf-8")
    brand = Workspace(brand.path)
    import_kept(brand, [path, export(tmp_path, "more.csv", "a,2026-03-02,6")], on=DAY)
    assert len(take_back(brand).files) == 2
    assert [one.name for one in brand.raw.rglob("*.csv")] == ["days.csv"]
    rebuild(brand)
    assert reach(brand) == [("03-01", 5)]


def test_the_warehouse_is_made_again_in_the_order_its_files_came(brand: Workspace, tmp_path: Path) -> None:
    export(brand.raw, "by_hand.csv", "a,2026-03-01,1")
    import_kept(brand, [brand.raw], on=DAY)
    import_kept(
        brand, [export(tmp_path, "one.csv", "a,2026-03-01,5", "a,2026-03-02,6")], on=DAY, exported_on=date(2026, 3, 20)
    )
    import_kept(
        brand, [export(tmp_path, "two.csv", "a,2026-03-02,7")], on=date(2026, 3, 25), exported_on=date(2026, 3, 25)
    )
    before = reach(brand)
    (brand.warehouse / "manifest.json").write_text("{", encoding="utf-8")
    (brand.warehouse / "manifest.json").unlink()
    reports = rebuild(brand)
    assert [one.status for one in reports] == ["loaded"] * 3
    assert reach(brand) == before
    assert {path.name for path in brand.warehouse.rglob(".*")} == {".lock"}


def test_rows_that_raw_does_not_hold_are_never_lost(brand: Workspace, tmp_path: Path) -> None:
    import_paths(brand, [export(tmp_path, "days.csv", "a,2026-03-01,5")])
    with pytest.raises(WorkspaceError, match="not under raw/"):
        rebuild(brand)
    assert reach(brand) == [("03-01", 5)]


def test_an_import_that_changed_nothing_does_not_take_the_one_before_it_back(brand: Workspace, tmp_path: Path) -> None:
    import_kept(brand, [export(tmp_path, "one.csv", "a,2026-03-01,5", "a,2026-03-02,6")], on=DAY)
    before = reach(brand)
    (tmp_path / "odd.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    for nothing in (tmp_path / "one.csv", tmp_path / "odd.csv"):
        import_kept(brand, [nothing], on=DAY)
        with pytest.raises(WorkspaceError, match=r"changed nothing.* 1 file with 2 new rows"):
            take_back(brand)
        assert reach(brand) == before
    assert sum(take_back(brand).brought.values()) == 2 and reach(brand) == []


def test_an_unfinished_mapping_that_nothing_was_read_by_is_told_and_keeps_nothing(brand: Workspace) -> None:
    export(brand.raw, "days.csv", "a,2026-03-01,5")
    import_kept(brand, [brand.raw], on=DAY)
    (brand.path / "mappings" / "draft.yml").write_text("table: posts\ncolumns: {}\n", encoding="utf-8")
    reports = rebuild(brand)
    assert {one.file: one.status for one in reports} == {"raw/days.csv": "loaded", "mappings/draft.yml": "refused"}
    assert reach(brand) == [("03-01", 5)]


def test_a_file_that_is_refused_now_does_not_take_its_rows_with_it(brand: Workspace, tmp_path: Path) -> None:
    file = export(brand.raw, "by_hand.csv", "a,2026-03-01,1")
    import_kept(brand, [brand.raw], on=DAY)
    import_kept(brand, [export(tmp_path, "one.csv", "a,2026-03-02,6")], on=DAY)
    before = reach(brand)
    file.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="by_hand"):
        rebuild(brand)
    assert reach(brand) == before
    export(brand.raw, "by_hand.csv", "a,2026-03-01,1")
    rebuild(brand)
    assert reach(brand) == before


def test_a_rebuild_that_breaks_leaves_the_warehouse_as_it_was(
    brand: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(brand.raw, "days.csv", "a,2026-03-01,5")
    import_kept(brand, [brand.raw], on=DAY)

    def broken(*_args: object, **_options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("fanops_utils.data.warehouse.writing.rebuilding.import_paths", broken)
    with pytest.raises(OSError, match="no space"):
        rebuild(brand)
    assert reach(brand) == [("03-01", 5)]


def test_a_link_in_a_folder_is_kept_as_the_file_it_leads_to(brand: Workspace, tmp_path: Path) -> None:
    path = export(tmp_path / "elsewhere", "days.csv", "a,2026-03-01,5")
    (tmp_path / "down").mkdir()
    (tmp_path / "down" / "link.csv").symlink_to(path)
    import_kept(brand, [tmp_path / "down"], on=DAY)
    kept = brand.raw / "2026-03-24" / "down" / "link.csv"
    assert kept.is_file() and not kept.is_symlink()
    assert reach(brand) == [("03-01", 5)]


def test_where_the_import_breaks_nothing_is_kept(
    brand: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("fanops_utils.data.warehouse.writing.originals.import_paths", broken)
    with pytest.raises(WorkspaceError, match="no space"):
        import_kept(brand, [export(tmp_path / "down", "days.csv", "a,2026-03-01,5")], on=DAY)
    assert not list(brand.raw.rglob("*.csv"))


def test_notes_say_nothing_of_files_that_are_gone(brand: Workspace, tmp_path: Path) -> None:
    path = export(tmp_path / "down", "days.csv", "a,2026-03-01,5")
    import_kept(brand, [path], on=DAY)
    notes = brand.raw / ".originals.json"
    assert notes.stat().st_mode & 0o077 == 0
    (kept,) = brand.raw.rglob("*.csv")
    kept.rename(kept.with_name("renamed.csv"))
    import_kept(brand, [export(tmp_path / "down", "more.csv", "a,2026-03-02,5")], on=DAY)
    assert [one["path"] for one in json.loads(notes.read_text(encoding="utf-8"))] == ["raw/2026-03-24/down/more.csv"]
