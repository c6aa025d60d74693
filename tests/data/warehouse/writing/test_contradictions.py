from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.data.warehouse import Store, import_paths, undo_import
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

UNITS = """name: units
time_zone: UTC
tables:
  experiment_units:
    columns: {unit_key: Fan, variant: Arm, assigned_at: When, opened: Opened}
    constants: {experiment: push}
"""
EVENTS = """name: log
time_zone: UTC
tables:
  member_events:
    columns: {member_key: Fan, event_timestamp: When, event_name: What, event_value: Worth, event_id: Event}
    constants: {platform: other}
"""


def load(workspace: Workspace, mapping: str, name: str, text: str, folder: str = "raw"):
    (workspace.path / "mappings").mkdir(exist_ok=True)
    (workspace.path / "mappings" / "one.yml").write_text(mapping, encoding="utf-8")
    path = workspace.path / folder / name
    path.write_text(text, encoding="utf-8")
    (report,) = import_paths(workspace, [path])
    assert report.rows_in == report.rows_loaded + report.rows_duplicate + report.rows_quarantined
    return report


def test_a_unit_in_two_arms_is_in_none(brand_workspace: Workspace) -> None:
    text = "Fan,Arm,When,Opened\na,one,2026-05-01,1\na,two,2026-05-01,1\nb,one,2026-05-01,0\nb,one,2026-05-01,0\n"
    report = load(brand_workspace, UNITS, "u.csv", text)
    assert (report.rows_loaded, report.rows_quarantined, report.rows_duplicate) == (1, 2, 1)
    aside = Store(brand_workspace).read("quarantine")
    assert aside["source_row"].tolist() == [1, 2]
    assert aside["reason"].str.contains("variant").all()


def test_two_acts_of_one_moment_are_two_where_their_ids_say_so(brand_workspace: Workspace) -> None:
    head = "Fan,When,What,Worth,Event\n"
    acts = "a,2026-05-01T10:00:00Z,buy,5,e1\na,2026-05-01T10:00:00Z,buy,7,e2\n"
    assert load(brand_workspace, EVENTS, "e.csv", head + acts).rows_loaded == 2
    without = load(
        brand_workspace, EVENTS, "f.csv", (head + acts).replace("e1", "").replace("e2", "").replace("a,", "b,")
    )
    assert (without.rows_loaded, without.rows_quarantined) == (0, 2)


def test_a_later_file_corrects_and_one_of_the_same_age_is_told(brand_workspace: Workspace) -> None:
    first = load(brand_workspace, UNITS, "u.csv", "Fan,Arm,When,Opened\na,one,2026-05-01,1\n")
    second = load(brand_workspace, UNITS, "v.csv", "Fan,Arm,When,Opened\na,one,2026-05-01,0\n")
    assert (first.age_from, second.rows_loaded) == ("file date", 1)
    assert any("raw/u.csv" in one and "unknown age" in one for one in second.warnings)


def test_the_last_import_is_taken_back_once(brand_workspace: Workspace) -> None:
    store = Store(brand_workspace)
    load(brand_workspace, UNITS, "u.csv", "Fan,Arm,When,Opened\na,one,2026-05-01,1\n")
    before = store.read("experiment_units")
    load(brand_workspace, UNITS, "v.csv", "Fan,Arm,When,Opened\nb,one,2026-05-01,0\n")
    assert len(store.read("experiment_units")) == 2
    assert undo_import(store).files == ("raw/v.csv",)
    assert store.read("experiment_units").equals(before)
    assert store.read("import_log")["file"].tolist() == ["raw/u.csv"]
    with pytest.raises(WorkspaceError, match="no import to take back"):
        undo_import(store)
    assert load(brand_workspace, UNITS, "v.csv", "Fan,Arm,When,Opened\nb,one,2026-05-01,0\n").rows_loaded == 1


def test_the_first_import_taken_back_leaves_nothing(brand_workspace: Workspace) -> None:
    store = Store(brand_workspace)
    load(brand_workspace, UNITS, "u.csv", "Fan,Arm,When,Opened\na,one,2026-05-01,1\n")
    undo_import(store)
    assert store.manifest() == {}
    assert not list(Path(store.folder).glob("*.parquet"))


def test_markets_and_days_that_no_report_counts_are_said(brand_workspace: Workspace) -> None:
    mapping = UNITS.replace("When, opened", "When, market: Land, opened")
    report = load(brand_workspace, mapping, "u.csv", "Fan,Arm,When,Land,Opened\na,one,2026-05-01,XX,1\n")
    assert any("'XX'" in one for one in report.warnings)


def test_the_mapping_of_a_team_wins_over_a_report_that_fits_too(brand_workspace: Workspace) -> None:
    mapping = """name: ours
tables:
  account_daily:
    columns: {date_day: Date, views: Watch time (hours)}
    constants: {platform: other, account_id: web}
"""
    report = load(brand_workspace, mapping, "x.csv", "Date,Watch time (hours)\n2026-10-01,5\n2026-10-02,6\n")
    assert (report.source, report.report_type, report.rows_loaded) == ("mapping", "ours", 2)
    assert any("read by the mapping" in one for one in report.warnings)
