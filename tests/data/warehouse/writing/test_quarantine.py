"""What lies in quarantine goes out to be corrected and comes back, each record counted once."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.warehouse import Store, import_paths, write_quarantine
from fanops_utils.data.warehouse.writing.quarantine import OURS, guard, unguard
from fanops_utils.workspace import Workspace

MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What, event_value: Worth}
    constants: {platform: discord}
"""
LOG = '''Exported by the tool
Who,When,What,Worth,Note
ann,2026-05-01,like,1,fine

ben,soon,like,2,=SUM(A1)
@cleo,2026-05-03,buy,much,"a, ""b"""
dora,2026-05-04,buy,-4
'''


@pytest.fixture
def workspace(brand_workspace: Workspace) -> Workspace:
    (brand_workspace.path / "mappings").mkdir()
    (brand_workspace.path / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    (brand_workspace.raw / "log.csv").write_text(LOG, encoding="utf-8")
    import_paths(brand_workspace, [brand_workspace.raw / "log.csv"])
    return brand_workspace


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def edit(path: Path, changes: dict[str, dict[str, str]]) -> None:
    """Correct the records of the CSV at *path*: by number, the new cell per column."""
    header, *rows = lines(path)
    for row in rows:
        for column, cell in changes.get(row[2], {}).items():
            row[header.index(column)] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def counts(workspace: Workspace) -> tuple[int, int, int, int]:
    log = Store(workspace).read("import_log")[["rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate"]]
    return tuple(int(value) for value in log.sum())  # type: ignore[return-value]


def test_records_go_out_whole_with_their_reason_and_no_formula(workspace: Workspace, tmp_path: Path) -> None:
    (written,) = write_quarantine(Store(workspace), tmp_path / "out" / "fix.csv")
    header, *rows = lines(written.path)
    assert (written.source, written.rows) == ("raw/log.csv", 3)
    assert header == [*OURS, "Who", "When", "What", "Worth", "Note"]
    assert [row[2] for row in rows] == ["2", "3", "4"]
    assert rows[0][4:] == ["ben", "soon", "like", "2", "'=SUM(A1)"]
    assert rows[1][4:] == ["'@cleo", "2026-05-03", "buy", "much", 'a, "b"']
    assert rows[0][3].startswith("When: not a date")
    assert rows[2][3].startswith("Note: cells are missing")


def test_corrected_records_leave_quarantine_and_count_once(workspace: Workspace, tmp_path: Path) -> None:
    assert counts(workspace) == (4, 1, 3, 0)
    (written,) = write_quarantine(Store(workspace), tmp_path / "fix.csv")
    edit(written.path, {"2": {"When": "2026-05-02"}, "4": {"Note": "whole"}})
    (report,) = import_paths(workspace, [written.path])
    assert (report.status, report.rows_in, report.rows_loaded, report.rows_quarantined, report.rows_duplicate) == (
        "loaded", 4, 2, 1, 1,
    )  # fmt: skip
    store = Store(workspace)
    assert counts(workspace) == (4, 3, 1, 0)
    assert store.read("quarantine")["source_row"].tolist() == [3]
    events = store.read("member_events").sort_values("event_timestamp")
    assert events["source_row"].tolist() == [1, 2, 4]
    assert events["event_value"].tolist() == [1, 2, -4]
    assert set(events["source_file"]) == {"raw/log.csv"}
    assert store.read("fan_day")["events"].sum() == 3


def test_again_is_nothing_new(workspace: Workspace, tmp_path: Path) -> None:
    (written,) = write_quarantine(Store(workspace), tmp_path / "fix.csv")
    edit(written.path, {"2": {"When": "2026-05-02"}})
    import_paths(workspace, [written.path])
    before = Store(workspace).manifest()
    assert [one.status for one in import_paths(workspace, [workspace.raw, written.path])] == ["unchanged", "unchanged"]
    assert Store(workspace).manifest() == before


def test_a_record_in_an_archive_is_corrected_too(workspace: Workspace, tmp_path: Path) -> None:
    with zipfile.ZipFile(workspace.raw / "all.zip", "w") as archive:
        archive.writestr("deep/other.csv", LOG.replace("2026-05-01", "2026-06-01"))
    import_paths(workspace, [workspace.raw])
    first, second = sorted(write_quarantine(Store(workspace), tmp_path / "fix.csv"), key=lambda one: one.source)
    assert (first.source, second.source) == ("raw/all.zip/deep/other.csv", "raw/log.csv")
    assert first.path != second.path
    edit(first.path, {"3": {"Worth": "3"}})
    (report,) = import_paths(workspace, [first.path])
    assert report.rows_loaded == 1


def test_corrections_of_a_file_that_changed_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    (written,) = write_quarantine(Store(workspace), tmp_path / "fix.csv")
    path = workspace.raw / "log.csv"
    path.write_text(LOG.replace("ann", "anna"), encoding="utf-8")
    (report,) = import_paths(workspace, [written.path])
    assert (report.status, "has changed since" in report.error) == ("refused", True)
    path.unlink()
    (report,) = import_paths(workspace, [written.path])
    assert (report.status, "not there any more" in report.error) == ("refused", True)
    assert write_quarantine(Store(workspace), tmp_path / "again.csv") == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("fanops record", "record", "first columns"),
        (",2,When", ",two,When", "not the number"),
        (",2,When", ",99,When", "no such record"),
    ],
)
def test_damaged_corrections_are_refused(workspace: Workspace, tmp_path: Path, old: str, new: str, words: str) -> None:
    (written,) = write_quarantine(Store(workspace), tmp_path / "fix.csv")
    text = written.path.read_text(encoding="utf-8-sig")
    assert old in text
    written.path.write_text(text.replace(old, new), encoding="utf-8")
    before = Store(workspace).manifest()
    (report,) = import_paths(workspace, [written.path])
    assert (report.status, words in report.error) == ("refused", True)
    assert Store(workspace).manifest() == before


@given(st.text(st.sampled_from("'=+-@\tab1"), max_size=6))
def test_guarding_a_cell_can_be_undone(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t"))
