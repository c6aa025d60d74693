"""Imports that die, meet one another or run out of disk: the warehouse is in the old state or in the new one."""

from __future__ import annotations

import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from import_process import load, load_short_of_disk, start

from fanops_utils.data.warehouse import Store, Watch, import_paths
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What}
    constants: {platform: discord}
"""
FANS = "name: fans\ntables:\n  fans:\n    columns: {member_key: Id, joined_at: Joined}\n    constants: {platform: discord}\n"
OLD, NEW = (100, 100, 1), (1100, 1100, 4)  # events, events counted in fan days, files in the log
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed")


def log(first: int, rows: int) -> str:
    start = datetime(2026, 5, 1)
    lines = [f"m{number % 50},{start + timedelta(seconds=number)}Z,like" for number in range(first, first + rows)]
    return "\n".join(["Who,When,What", *lines]) + "\n"


def fans(first: int, rows: int) -> str:
    return "\n".join(["Id,Joined", *(f"m{number},2026-05-01" for number in range(first, first + rows))]) + "\n"


@pytest.fixture
def workspace(brand_workspace: Workspace) -> Workspace:
    """A workspace in its OLD state, with files beside it that bring it to the NEW one."""
    (brand_workspace.path / "mappings").mkdir()
    (brand_workspace.path / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    (brand_workspace.path / "mappings" / "fans.yml").write_text(FANS, encoding="utf-8")
    first = brand_workspace.raw / "first.csv"
    first.write_text(log(0, 100), encoding="utf-8")
    import_paths(brand_workspace, [first])
    (brand_workspace.raw / "fans.csv").write_text(fans(0, 150), encoding="utf-8")
    for number in (1, 2):
        (brand_workspace.raw / f"more-{number}.csv").write_text(log(500 * number, 500), encoding="utf-8")
    return brand_workspace


def state(workspace: Workspace) -> tuple[int, int, int]:
    """Return events, events counted in fan days, files in the log: always of one and the same state."""
    store = Store(workspace)
    return (len(store.read("member_events")), int(store.read("fan_day")["events"].sum()), len(store.read("import_log")))


def listing(workspace: Workspace) -> frozenset[tuple[str, int]]:
    """Return the files under the warehouse and their sizes at this moment."""
    found = set()
    for path in workspace.warehouse.rglob("*"):
        try:
            found.add((str(path), path.stat().st_size))
        except OSError:
            continue
    return frozenset(found)


@pytest.mark.parametrize("moment", [1, 3, 5, 7, 9, 12])
def test_an_import_killed_at_any_moment_leaves_the_old_state_or_the_new(workspace: Workspace, moment: int) -> None:
    said = workspace.path / "said"
    process = start(load, workspace.path, [workspace.raw], said)
    seen, changes = listing(workspace), 0
    while changes < moment and process.is_alive():
        now = listing(workspace)
        changes, seen = changes + (now != seen), now
    process.kill()
    process.join()
    assert state(workspace) in (OLD, NEW)
    import_paths(workspace, [workspace.raw])
    assert state(workspace) == NEW
    left = {path.name for path in workspace.warehouse.iterdir() if path.name.startswith(".")}
    assert left == {".lock"}, "what the dead import left is cleared"


def test_two_imports_at_once_both_arrive(workspace: Workspace) -> None:
    said = [workspace.path / "one", workspace.path / "two"]
    both = [start(load, workspace.path, [workspace.raw / f"more-{number}.csv"], said[number - 1]) for number in (1, 2)]
    states = set()
    while any(process.is_alive() for process in both):
        states.add(state_of_each_table(workspace))
    for process in both:
        process.join()
    assert not any(path.exists() for path in said)
    assert state(workspace) == (1100, 1100, 3)
    assert states <= {100, 600, 1100}, "a reader never sees half an import"


def state_of_each_table(workspace: Workspace) -> int:
    return len(Store(workspace).read("member_events"))


def test_a_second_import_waits_or_is_refused(workspace: Workspace) -> None:
    waited = []
    with Store(workspace).locked():
        outcome: list[object] = []

        def other() -> None:
            try:
                watch = Watch(waiting=lambda: waited.append("told"))
                outcome.append(import_paths(workspace, [workspace.raw], watch=watch, wait=0.05))
            except WorkspaceError as error:
                outcome.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert waited == ["told"]
    assert "another import is writing this warehouse" in str(outcome[0])
    assert state(workspace) == OLD
    assert {one.status for one in import_paths(workspace, [workspace.raw], wait=0.05)} == {"loaded", "unchanged"}


@pytest.mark.parametrize("most", [300, 6_000, 10_000, 40_000])
def test_a_full_disk_leaves_the_old_state_and_a_plain_message(workspace: Workspace, most: int) -> None:
    said = workspace.path / "said"
    process = start(load_short_of_disk, workspace.path, [workspace.raw], said, most)
    process.join()
    if said.exists():
        assert "Nothing was changed" in said.read_text(encoding="utf-8") or most < 500
    assert state(workspace) in ((OLD,) if said.exists() or most < 1_000 else (NEW,))
    import_paths(workspace, [workspace.raw])
    assert state(workspace) == NEW


def test_a_reader_of_the_old_state_finishes_while_an_import_commits(workspace: Workspace, tmp_path: Path) -> None:
    opened = Store(workspace).table("member_events").count()
    import_paths(workspace, [workspace.raw])
    assert opened.execute() == 100
    assert Store(workspace).table("member_events").count().execute() == 1100
